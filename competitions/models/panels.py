"""Who judges: judges, their seats on the panels of the rounds, and recusals."""

from django.db import models

from competitions.models.competition import Competition
from competitions.models.entries import Entry
from competitions.models.people import Person


class JudgeQuerySet(models.QuerySet):
    def of_round(self, round_key):
        return self.filter(seats__round_key=round_key)

    def in_seniority_order(self):
        return self.order_by("seniority", "number", "id")


class Judge(models.Model):
    """A person on this competition's panel. `number` is what the public may see of him."""

    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="judges")
    key = models.SlugField("编号", max_length=20)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="judgeships")
    number = models.PositiveIntegerField("评委号")
    group_key = models.SlugField("评委组", max_length=40, blank=True)
    seniority = models.PositiveIntegerField("排序", default=0)
    hand_order = models.PositiveIntegerField("自定义顺序", default=0)
    objects = JudgeQuerySet.as_manager()

    class Meta:
        verbose_name = "评委"
        constraints = [
            models.UniqueConstraint(fields=["competition", "key"], name="a_judge_has_his_key"),
            models.UniqueConstraint(
                fields=["competition", "number"],
                name="a_judge_number_is_given_once",
                violation_error_message="这个评委号已经有人，请换一个号。",
            ),
            models.UniqueConstraint(
                fields=["competition", "person"],
                name="a_person_judges_once_in_a_competition",
                violation_error_message="这位人员已在评委名单中。",
            ),
        ]

    def __str__(self):
        return f"{self.number} 号评委 {self.person}"


class Seat(models.Model):
    """A judge's place on the panel of one round."""

    judge = models.ForeignKey(Judge, on_delete=models.CASCADE, related_name="seats")
    round_key = models.SlugField("环节", max_length=60)

    class Meta:
        verbose_name = "评委席"
        constraints = [
            models.UniqueConstraint(
                fields=["judge", "round_key"],
                name="a_judge_sits_once_on_a_panel",
                violation_error_message="这位评委已在该环节的评委名单中。",
            )
        ]

    def __str__(self):
        return f"{self.judge} {self.round_key}"


class Recusal(models.Model):
    """A judge who must not mark an entry (回避), and why.

    All kinds but `manual` follow from terms of office and involvements.
    """

    class Kind(models.TextChoices):
        SECRETARY = "secretary", "党委书记本人"
        HELD_OFFICE = "held_office", "曾任职"
        IN_CHARGE = "in_charge", "分管联系"
        MANUAL = "manual", "另行登记"

    judge = models.ForeignKey(Judge, on_delete=models.CASCADE, related_name="recusals")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="recusals")
    kind = models.CharField("类别", max_length=20, choices=Kind.choices, default=Kind.MANUAL)
    reason = models.CharField("原因", max_length=160)
    revision = models.UUIDField(null=True)

    class Meta:
        verbose_name = "回避"
        constraints = [
            models.UniqueConstraint(
                fields=["judge", "entry"],
                name="a_recusal_is_recorded_once",
                violation_error_message="这位评委对该单位已经回避。",
            )
        ]

    def __str__(self):
        return f"{self.judge} 回避 {self.entry}"
