from django.apps import AppConfig


class PublicationConfig(AppConfig):
    name = "publication"
    verbose_name = "公布"

    def ready(self):
        from competitions import frontdoor, roadmap
        from publication import actions, kinds, queries  # noqa: F401 - kinds register themselves
        from publication.earlier import find_published_results
        from publication.private import blank_text
        from record.private import register_blanker
        from scoring.queries import earlier

        register_blanker(blank_text)
        frontdoor.register_published(queries.find_published)
        frontdoor.before_rules_change(queries.find_released_results)
        frontdoor.before_earlier_change(queries.find_results_from_earlier)
        frontdoor.when_rules_published(actions.publish_rules)
        earlier.register(find_published_results)
        roadmap.register(todos=queries.find_closing_todos)
        roadmap.register(steps=queries.find_publication_steps, todos=queries.find_publication_todos)
