from django.apps import AppConfig
from django.core import checks
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class RecordConfig(AppConfig):
    name = "record"
    verbose_name = "记录"

    def ready(self):
        from record import guards, prepared

        connection_created.connect(prepared.keep_plans, dispatch_uid="record.prepared")
        post_migrate.connect(
            guards.install_after_migrate, sender=self, dispatch_uid="record.guards"
        )
        checks.register(guards.check_guards, checks.Tags.database)
