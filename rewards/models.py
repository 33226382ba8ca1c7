"""What a meeting decided about flags and awards, beside what the rules computed."""

from django.db import models
from django.db.models import F, Q

from competitions.models import Competition, Person
from scoring.models import TWO_PERSONS, Tabulation


class MeetingDecision(models.Model):
    """A meeting's decision on the outcome of one tabulation. It changes awards, never a score.

    `changes` is a list of rewards.rules.outcome.Change documents: which award is given to, or taken
    from, which entry, and why. A row is never edited: a corrected decision is the next number.
    """

    class State(models.TextChoices):
        ENTERED = "entered", "待核对"
        VERIFIED = "verified", "已核对"
        RETURNED = "returned", "已退回"

    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="decisions")
    number = models.PositiveIntegerField("次数")
    tabulation = models.ForeignKey(Tabulation, on_delete=models.PROTECT, related_name="decisions")
    meeting = models.CharField("会议或决定人", max_length=120)
    decided_on = models.DateField("决定日期")
    document_number = models.CharField("文号", max_length=80)
    scan = models.FileField("扫描件", upload_to="decisions/", blank=True)
    scan_name = models.CharField(max_length=160, blank=True)
    scan_digest = models.CharField(max_length=64, blank=True)
    note = models.TextField("说明", max_length=2000, blank=True)
    changes = models.JSONField("调整", default=list)
    state = models.CharField("状态", max_length=20, choices=State.choices, default=State.ENTERED)
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    verified_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    verified_at = models.DateTimeField(null=True)
    returned_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    returned_at = models.DateTimeField(null=True)
    return_reason = models.CharField("退回原因", max_length=200, blank=True)
    # The operation that holds this state in the record; the next change replaces it.
    revision = models.UUIDField()

    class Meta:
        verbose_name = "会议决定"
        constraints = [
            models.UniqueConstraint(
                fields=["competition", "number"], name="a_decision_has_its_number"
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("entered_by")),
                name="a_decision_is_verified_by_a_second_person",
                violation_error_message=TWO_PERSONS,
            ),
            models.CheckConstraint(
                condition=~Q(state="verified")
                | Q(verified_by__isnull=False, verified_at__isnull=False),
                name="a_verified_decision_says_by_whom",
            ),
            models.UniqueConstraint(
                fields=["tabulation"],
                condition=Q(state="entered"),
                name="a_tabulation_has_one_decision_waiting",
                violation_error_message="已有一项会议决定等待核对，请先核对或退回。",
            ),
        ]

    def __str__(self):
        return f"{self.meeting} {self.document_number}"
