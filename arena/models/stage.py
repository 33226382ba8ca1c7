"""A live event of one round, and the turns of those who come on stage."""

from django.db import models
from django.db.models import Q

from competitions.models import Competition, Entry, Person


class Event(models.Model):
    """The live event (擂台现场) of one arena round: how the order was drawn, and how far it is.

    `step` counts every move: who moves must have seen the last one. An event that was called off
    has no say any more; the round is then marked without one.
    """

    class Method(models.TextChoices):
        SEED = "seed", "按公开种子计算"
        SLIPS = "slips", "现场摸签后录入"

    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="events")
    round_key = models.SlugField("环节", max_length=60)
    method = models.CharField("抽签方式", max_length=10, choices=Method.choices)
    # Announced before the draw: where the seed will come from, or how the slips will be drawn.
    source = models.CharField("抽签办法", max_length=300)
    announced_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    announced_at = models.DateTimeField()
    seed = models.CharField("种子", max_length=200, blank=True)
    drawn_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    drawn_at = models.DateTimeField(null=True)
    step = models.PositiveIntegerField("步数", default=0)
    called_off = models.BooleanField("取消现场", default=False)
    # The operation that holds this state in the record; the next change replaces it.
    revision = models.UUIDField(unique=True)

    class Meta:
        verbose_name = "擂台现场"
        constraints = [
            models.UniqueConstraint(
                fields=["competition", "round_key"],
                condition=Q(called_off=False),
                name="a_round_has_one_live_event",
                violation_error_message="本环节已经公布抽签办法，不能再公布一次。",
            ),
            models.CheckConstraint(
                condition=Q(drawn_at__isnull=True) | Q(drawn_by__isnull=False),
                name="a_draw_says_by_whom",
            ),
        ]

    def __str__(self):
        return f"{self.competition_id} {self.round_key} 第 {self.step} 步"


class Turn(models.Model):
    """One entry's turn on the stage; the columns are those of arena.stage.machine.Turn.

    `position` is the order of appearance, which recalling and swapping change and no page prints.
    The rows of an event are made in the order that was drawn, and anew only when it is drawn again:
    their ids count the drawn numbers (出场序号), which nothing changes.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "候场"
        SPEAKING = "speaking", "汇报中"
        MARKING = "marking", "打分中"
        CLOSED = "closed", "打分已关闭"
        REVEALED = "revealed", "已亮分"
        ABSENT = "absent", "缺席"

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="turns")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="turns")
    position = models.PositiveIntegerField("顺序")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    segment = models.PositiveIntegerField("时段", default=0)
    used = models.JSONField("已用秒数", default=list)
    spent = models.PositiveIntegerField("本段已用秒数", default=0)
    began_at = models.DateTimeField("计时开始", null=True)
    # The event's step at which its state last changed: what the screens show is the latest.
    moved_step = models.PositiveIntegerField("最近变动的步数", default=0)
    # Who speaks in place of the secretary (代表).
    speaker = models.CharField("代表发言人", max_length=40, blank=True)

    class Meta:
        verbose_name = "登台"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["event", "entry"], name="an_entry_has_one_turn"),
            models.UniqueConstraint(
                fields=["event"],
                condition=Q(state__in=["speaking", "marking"]),
                name="one_turn_at_a_time_is_on_stage",
                violation_error_message="台上已有单位，请刷新页面。",
            ),
            models.CheckConstraint(
                condition=Q(began_at__isnull=True) | Q(state="speaking"),
                name="a_clock_runs_for_a_speech_only",
            ),
        ]

    def __str__(self):
        return f"{self.position} {self.entry_id} {self.get_state_display()}"


class Cover(models.Model):
    """What the hall's large screen shows instead of the stage, while slides are shown in between.

    It is the picture of a moment and no fact of the year: not in the record, not in a bundle.
    """

    class Kind(models.TextChoices):
        BLACK = "black", "黑屏"
        EMBLEM = "emblem", "会标"

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="cover")
    kind = models.CharField("画面", max_length=10, choices=Kind.choices)

    class Meta:
        verbose_name = "大屏画面"

    def __str__(self):
        return f"{self.event_id} {self.get_kind_display()}"


class AudiencePage(models.Model):
    """The audience's page of an event without an audience jury: open while this row is there.

    Who opened and closed it stands in the chain `audit`; it is no fact of the year, like a cover.
    """

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="page")

    class Meta:
        verbose_name = "观众页"

    def __str__(self):
        return f"{self.event_id} 观众页"
