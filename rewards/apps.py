from django.apps import AppConfig


class RewardsConfig(AppConfig):
    name = "rewards"
    verbose_name = "授旗与奖励"

    def ready(self):
        from rewards import kinds  # noqa: F401 - registers itself
