"""Printed score sheets with serial numbers, one for each judge and contestant."""

from django.db import models
from django.db.models import Q

from arena.models.stage import Event
from arena.stage.serials import show_serial
from competitions.models import Entry, Judge, Person


class PaperSheet(models.Model):
    """One printed score sheet (编号评分表): its serial says whose marks of whom stand on it.

    What was typed from it are the judge's rows of scoring.models.Sheet; here stands only the paper.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="papers")
    serial = models.CharField("编号", max_length=12)
    judge = models.ForeignKey(Judge, on_delete=models.PROTECT, related_name="papers")
    # Who comes on stage: the secretary's marks stand on the sheet of his unit.
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="papers")
    copies = models.PositiveIntegerField("打印份数", default=0)
    # The spoiled sheet in whose place this one was issued.
    instead_of = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replacement"
    )
    voided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    voided_at = models.DateTimeField("作废时间", null=True)
    void_reason = models.CharField("作废原因", max_length=200, blank=True)
    # The operation that holds this state in the record.
    revision = models.UUIDField()

    class Meta:
        verbose_name = "编号评分表"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "serial"], name="a_serial_is_used_once"),
            models.UniqueConstraint(
                fields=["event", "judge", "entry"],
                condition=Q(voided_at__isnull=True),
                name="a_judge_has_one_paper_a_contestant",
                violation_error_message="这位评委给这个单位的评分表已经编号。",
            ),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True, voided_by__isnull=True, void_reason="")
                | Q(voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason=""),
                name="a_voided_paper_says_why_and_by_whom",
            ),
        ]

    def __str__(self):
        return self.shown

    @property
    def shown(self):
        """The serial as it is printed."""
        return show_serial(self.serial)

    @property
    def voided(self):
        return self.voided_at is not None
