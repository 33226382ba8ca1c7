from django.apps import AppConfig


class ScoringConfig(AppConfig):
    name = "scoring"
    verbose_name = "打分与统分"

    def ready(self):
        from competitions import roadmap
        from scoring import kinds  # noqa: F401 - registers itself
        from scoring.queries import sheet_steps

        roadmap.register(steps=sheet_steps.find_steps, todos=sheet_steps.find_todos)
