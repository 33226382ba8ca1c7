"""A ceremony: the script of one decided outcome, and how far it has been revealed."""

from django.db import models
from django.db.models import Q

from arena.models.stage import Cover
from competitions.models import Competition, Person
from rewards.models import MeetingDecision
from scoring.models import Tabulation


class Ceremony(models.Model):
    """The ceremony (颁奖仪式) of one tabulation with its verified decision.

    The script is not stored: it follows from tabulation and decision, and `script_digest` says what
    it was when the ceremony was made. `groups` are the keys of its groups that are awarded, in
    their order; `position` counts the beats from the opening on. `step` counts every change: who
    moves must have seen the last one.
    """

    class State(models.TextChoices):
        PREPARED = "prepared", "待开始"
        RUNNING = "running", "进行中"
        ENDED = "ended", "已结束"
        REPLACED = "replaced", "已由新的脚本替代"

    competition = models.ForeignKey(
        Competition, on_delete=models.CASCADE, related_name="ceremonies"
    )
    number = models.PositiveIntegerField("次数")
    tabulation = models.ForeignKey(Tabulation, on_delete=models.PROTECT, related_name="ceremonies")
    decision = models.ForeignKey(
        MeetingDecision, on_delete=models.PROTECT, related_name="ceremonies"
    )
    script_digest = models.CharField("脚本摘要", max_length=64)
    groups = models.JSONField("颁发顺序", default=list)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.PREPARED)
    position = models.PositiveIntegerField("进度", default=0)
    cover = models.CharField("暂停画面", max_length=10, choices=Cover.Kind.choices, blank=True)
    ahead = models.BooleanField("主持人提前看一步", default=False)
    step = models.PositiveIntegerField("步数", default=0)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    # The operation that holds this state in the record; the next change replaces it.
    revision = models.UUIDField(unique=True)

    class Meta:
        verbose_name = "颁奖仪式"
        constraints = [
            models.UniqueConstraint(
                fields=["competition", "number"], name="a_ceremony_has_its_number"
            ),
            models.UniqueConstraint(
                fields=["competition"],
                condition=~Q(state="replaced"),
                name="one_ceremony_is_in_force",
                violation_error_message="已经有一场颁奖仪式，请刷新页面。",
            ),
            models.CheckConstraint(
                condition=~Q(state="prepared") | Q(position=0, cover=""),
                name="a_ceremony_begins_at_its_opening",
            ),
        ]

    def __str__(self):
        return f"{self.competition_id} 第 {self.number} 场颁奖仪式"
