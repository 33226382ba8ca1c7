from django.apps import AppConfig


class CompetitionsConfig(AppConfig):
    name = "competitions"
    verbose_name = "比武"

    def ready(self):
        from competitions import checks, kinds  # noqa: F401 - registers itself
        from competitions.private import blank_text
        from competitions.queries.year import find_setup_steps, find_setup_todos
        from competitions.roadmap import register
        from record.private import register_blanker

        register_blanker(blank_text)
        register(steps=find_setup_steps, todos=find_setup_todos)
