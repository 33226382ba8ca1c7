from django.apps import AppConfig


class RewardsConfig(AppConfig):
    name = "rewards"
    verbose_name = "授旗与奖励"

    def ready(self):
        from competitions import roadmap
        from record.private import register_blanker
        from rewards import kinds  # noqa: F401 - registers itself
        from rewards.private import blank_text
        from rewards.queries import steps

        register_blanker(blank_text)
        roadmap.register(steps=steps.find_award_steps, todos=steps.find_award_todos)
