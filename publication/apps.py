from django.apps import AppConfig


class PublicationConfig(AppConfig):
    name = "publication"
    verbose_name = "公布"

    def ready(self):
        from competitions import roadmap
        from publication import kinds, queries  # noqa: F401 - kinds register themselves

        roadmap.register(steps=queries.find_publication_steps, todos=queries.find_publication_todos)
