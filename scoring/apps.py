from django.apps import AppConfig


class ScoringConfig(AppConfig):
    name = "scoring"
    verbose_name = "打分与统分"

    def ready(self):
        from scoring import kinds  # noqa: F401 - registers itself
