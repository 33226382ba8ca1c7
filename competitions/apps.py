from django.apps import AppConfig


class CompetitionsConfig(AppConfig):
    name = "competitions"
    verbose_name = "比武"

    def ready(self):
        from competitions import checks, kinds  # noqa: F401 - registers itself
        from competitions.queries.year import find_setup_steps, find_setup_todos
        from competitions.roadmap import register

        register(steps=find_setup_steps, todos=find_setup_todos)
