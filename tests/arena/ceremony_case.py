"""A ceremony over the small competition of tests/rewards/case.py: four units, four secretaries."""

import datetime
import uuid
from dataclasses import dataclass

from arena.actions.ceremony import make_ceremony, move_ceremony
from arena.models import Ceremony
from rewards.actions import record_decision, verify_decision
from tests.kept import keep
from tests.rewards import case
from tests.scoring.stage import NOW


@dataclass
class CeremonyCase:
    """A competition with a complete tabulation and a verified decision; who operates."""

    competition: object
    organiser: object
    colleague: object

    def act(self, user=None):
        """This function will return the `op`, `by` and `now` of an action."""
        return {"op": uuid.uuid4(), "by": (user or self.organiser).person, "now": NOW}

    def decide(self, changes=()):
        """This function will record a meeting's decision and let another person verify it."""
        decision = record_decision(
            competition=self.competition,
            tabulation=self.competition.tabulations.order_by("-number").first(),
            meeting="县委常委会第 12 次会议",
            decided_on=datetime.date(2022, 8, 19),
            document_number="临常纪〔2022〕12 号",
            note="",
            changes=list(changes),
            **self.act(),
        )
        verify_decision(decision=decision, **self.act(self.colleague))
        return decision

    def make(self):
        """This function will make the ceremony."""
        return make_ceremony(competition=self.competition, **self.act())

    def fresh(self):
        """This function will return the ceremony in force as it stands."""
        return Ceremony.objects.exclude(state="replaced").get(competition=self.competition)

    def move(self, *moves):
        """This function will make moves one after another, each with the step as it stands."""
        for move in moves:
            ceremony = self.fresh()
            move_ceremony(ceremony=ceremony, move=move, step=ceremony.step, **self.act())
        return self.fresh()


def build_case(competition, organiser, colleague, decided=True, name="ceremony"):
    """This function will return a CeremonyCase, its rows kept between tests."""

    def build():
        case.build(competition, organiser, colleague)
        case.tabulate(competition, organiser)
        made = CeremonyCase(competition, organiser, colleague)
        if decided:
            made.decide()

    keep(f"{name}-{decided}", build)
    competition.refresh_from_db()
    return CeremonyCase(competition, organiser, colleague)
