"""A change to a term of office that one person proposes and another confirms."""

from django.db import models
from django.db.models import Q

from competitions.models.checked import Checked
from competitions.models.competition import Competition
from competitions.models.people import Person
from competitions.models.units import PartySecretary, Unit


class TermChangeQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(state=Checked.State.ENTERED)

    def with_names(self):
        return self.select_related("competition", "unit", "person", "term", "entered_by")


class TermChange(Checked):
    """A term of office as it should stand (任期变更), proposed once a competition has evidence.

    It takes effect when a second person confirms it; until then the terms stand as they are.
    `term` is the term to be corrected, or the new one once it has been made; `was` holds the dates
    of a corrected term at the time of the proposal.
    """

    competition = models.ForeignKey(
        Competition, on_delete=models.CASCADE, related_name="term_changes"
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="term_changes")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    term = models.ForeignKey(
        PartySecretary, on_delete=models.PROTECT, null=True, related_name="changes"
    )
    since = models.DateField("任职日期")
    until = models.DateField("免职日期", null=True, blank=True)
    acting = models.BooleanField("主持工作（代理）", default=False)
    ends_former = models.BooleanField("同时结束前任的任期", default=False)
    was = models.JSONField("原任期", null=True)
    reason = models.CharField("变更依据", max_length=300)
    objects = TermChangeQuerySet.as_manager()

    class Meta(Checked.Meta):
        verbose_name = "任期变更"
        constraints = [
            *Checked.Meta.constraints,
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(state="entered"),
                name="a_unit_has_one_open_change_of_terms",
                violation_error_message="这个单位已有一项任期变更等待确认，请先确认或退回。",
            ),
            models.CheckConstraint(
                condition=~Q(state="verified") | Q(verified_by__isnull=False, term__isnull=False),
                name="a_confirmed_change_of_terms_says_by_whom",
            ),
        ]

    def __str__(self):
        return f"{self.unit} {self.person} {self.get_state_display()}"
