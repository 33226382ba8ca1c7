"""A small stage for tests of marks: the Linhe rules published, three units, three judges."""

import datetime
from dataclasses import dataclass, field

from django.utils import timezone

from competitions.models import Competition, Entry, Recusal, SchemeVersion, Seat, Site
from competitions.scheme.shipped import read_shipped
from competitions.scheme.write import to_document
from record.chain.digests import document_digest
from tests import factories
from tests.kept import keep

NOW = datetime.datetime(2022, 8, 20, 7, 20, 31, tzinfo=datetime.UTC)
UNITS = ["狼山镇", "新华镇", "干召庙镇"]
MARKED_ROUNDS = ["review1", "review2", "arena", "sec-arena"]
# Full marks of each criterion less a half: every value is on the step.
ARENA = {
    "a-results": "38.5",
    "a-pledges": "19",
    "a-challenge": "14",
    "a-shortcomings": "12.5",
    "a-delivery": "8.5",
}  # 92.50 in all
PERSON = {"s-drive": "36", "s-ability": "27.5", "s-answers": "26"}  # 89.50 in all
REVIEW = {
    "r1-projects": "11",
    "r1-growth": "9",
    "r1-linkage": "7.5",
    "r1-returnees": "7",
    "r1-skills": "6",
    "r1-manners": "7",
    "r1-venues": "6.5",
    "r1-habitat": "9",
    "r1-green": "9",
    "r1-branches": "8.5",
    "r1-governance": "9",
}  # 89.50 in all


@dataclass
class Stage:
    """The pieces of one competition under published rules."""

    competition: Competition
    entries: dict = field(default_factory=dict)
    judges: list = field(default_factory=list)

    def tour(self, **changes):
        """This function will return marks of the first joint review for every unit."""
        return {
            entry.key: {"": {**REVIEW, **changes}}
            for entry in self.entries.values()
            if entry.subject == Entry.Subject.UNIT
        }

    def speech(self, key="e01", **changes):
        """This function will return marks of the arena for a unit and its secretary."""
        return {
            key: {"": {**ARENA, **changes}},
            key.replace("e", "s"): {"": dict(PERSON)},
        }


def keep_stage(competition, name="stage", **more):
    """This function will return what build_stage returns, built once for each worker; `name`
    stands for what else it is told."""
    made = keep(name, lambda: build_stage(competition, **more))
    competition.refresh_from_db()
    made.competition = competition
    return made


def build_stage(competition, judges=3, units=UNITS):
    """This function will publish the Linhe rules and seat `judges` judges before `units`."""
    competition.stage = Competition.Stage.RUNNING
    competition.save()
    publish(competition)
    stage = Stage(competition)
    for number, name in enumerate(units, 1):
        unit = factories.UnitFactory(name=name, official_order=number)
        entry = factories.EntryFactory(
            competition=competition, unit=unit, key=f"e{number:02d}", official_order=number
        )
        term = factories.PartySecretaryFactory(unit=unit, person__name=f"书记{number}")
        secretary = factories.EntryFactory(
            competition=competition,
            unit=unit,
            key=f"s{number:02d}",
            subject=Entry.Subject.SECRETARY,
            term=term,
            of=entry,
            official_order=number,
        )
        stage.entries |= {entry.key: entry, secretary.key: secretary}
    for number in range(1, judges + 1):
        add_judge(stage, number)
    return stage


def add_judge(stage, number, rounds=MARKED_ROUNDS):
    """This function will seat one more judge, with an account, on the panels of the rounds."""
    user = factories.UserFactory(person__name=f"评委{number}")
    judge = factories.JudgeFactory(
        competition=stage.competition,
        person=user.person,
        key=f"j{number:02d}",
        number=number,
        group_key="arena",
    )
    judge.user = user
    for round_key in rounds:
        Seat.objects.create(judge=judge, round_key=round_key)
    stage.judges.append(judge)
    return judge


def publish(competition):
    """This function will publish the Linhe rules for the competition."""
    document = to_document(read_shipped("linhe-2022"))
    author = factories.PersonFactory(name="规则起草人")
    return SchemeVersion.objects.create(
        competition=competition,
        number=1,
        state=SchemeVersion.State.PUBLISHED,
        document=document,
        digest=document_digest(document),
        written_by=author,
        approved_by=factories.PersonFactory(name="规则审定人"),
        approved_at=timezone.now(),
        published_by=author,
        published_at=timezone.now(),
    )


def add_site(stage, entry_key, key, name, round_key="review1"):
    """This function will add a place to visit in an entry."""
    return Site.objects.create(
        competition=stage.competition,
        round_key=round_key,
        entry=stage.entries[entry_key],
        key=key,
        name=name,
        position=int(key[1:]),
    )


def recuse(stage, judge, entry_key):
    """This function will recuse a judge from an entry."""
    return Recusal.objects.create(judge=judge, entry=stage.entries[entry_key], reason="曾任职")
