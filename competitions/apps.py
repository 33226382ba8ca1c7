from django.apps import AppConfig


class CompetitionsConfig(AppConfig):
    name = "competitions"
    verbose_name = "比武"

    def ready(self):
        from competitions import checks, kinds  # noqa: F401 - registers itself
