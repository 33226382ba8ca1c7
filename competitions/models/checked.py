"""What one person enters and another verifies. “Two persons” is a constraint of the database."""

from django.db import models
from django.db.models import F, Q

from competitions.models.people import Person

TWO_PERSONS = "录入和核对必须是两个人，请由另一位工作人员核对。"


class Checked(models.Model):
    """What one person enters and another verifies; only verified evidence counts."""

    class State(models.TextChoices):
        ENTERED = "entered", "待核对"
        RETURNED = "returned", "已退回"
        VERIFIED = "verified", "已核对"

    state = models.CharField("状态", max_length=20, choices=State.choices, default=State.ENTERED)
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    verified_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    verified_at = models.DateTimeField(null=True)
    return_reason = models.CharField("退回原因", max_length=200, blank=True)
    # The operation that holds this state in the record; the next change replaces it.
    revision = models.UUIDField()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("entered_by")),
                name="%(class)s_is_verified_by_a_second_person",
                violation_error_message=TWO_PERSONS,
            )
        ]
