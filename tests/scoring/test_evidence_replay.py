"""Random work on evidence: the record alone tells what the rows say, whatever was done."""

import datetime
import random
import uuid

import pytest
from django.core.exceptions import ValidationError

from record.models import Revision
from record.private import reveal
from record.queries import verify_chain
from scoring.actions import ledger, measurements, rulings
from scoring.models import LedgerEvent, Measurement, Ruling
from scoring.queries.replay import find_unlike_record
from tests.people import identities
from tests.scoring.evidence_case import add_units, publish

NOW = datetime.datetime(2022, 9, 1, 8, 0, tzinfo=datetime.UTC)
STEPS = 60
CELLS = [
    ("income", "baseline"),
    ("income", "value"),
    ("visitors", "value"),
    ("visitors", "target"),
    ("pass-rate", "value"),
]


class Office:
    """Three people who do what comes to mind, often on pages that are out of date."""

    def __init__(self, competition, people, seed):
        self.competition = competition
        self.people = people
        self.random = random.Random(seed)
        self.pages = [{}]

    def work(self):
        """One step; what is refused changes nothing, which the replay then shows."""
        step = self.random.choice(
            [self.save, self.save, self.check, self.enter, self.settle, self.rule, self.look]
        )
        try:
            step()
        except ValidationError:
            return False
        return True

    def call(self):
        return {
            "competition": self.competition,
            "op": uuid.uuid4(),
            "by": self.random.choice(self.people),
            "now": NOW,
        }

    def look(self):
        rows = Measurement.objects.select_related("entry")
        self.pages.append({(row.entry.key, row.criterion_key): row.revision.hex for row in rows})

    def save(self):
        values = {}
        for _ in range(self.random.randint(1, 4)):
            criterion, key = self.random.choice(CELLS)
            place = (self.random.choice(["e01", "e02"]), criterion)
            values.setdefault(place, {})[key] = self.random.choice(["1", "2", "/", "３", "x"])
        measurements.enter_measurements(
            round_key="routine",
            values=values,
            revisions=self.random.choice(self.pages[-2:]),
            **self.call(),
        )

    def check(self):
        page = self.pages[-1]
        chosen = self.random.sample(sorted(page), min(2, len(page)))
        call = {"round_key": "routine", "revisions": {place: page[place] for place in chosen}}
        if self.random.random() < 0.7:
            measurements.verify_measurements(**call, **self.call())
        else:
            measurements.return_measurements(**call, reason="不对", **self.call())

    def enter(self):
        draft = ledger.LedgerDraft(
            entry_key=self.random.choice(["e01", "e02", "e99"]),
            criterion_key="points",
            item_key=self.random.choice(["honour", "notice"]),
            happened_on=datetime.date(2022, 5, 4),
            points=self.random.choice(["", "1", "0.3"]),
            reason="事由",
        )
        old = LedgerEvent.objects.order_by("?").first()
        if old is not None and self.random.random() < 0.3:
            ledger.correct_ledger_event(
                key=old.key, revision=old.revision, draft=draft, **self.call()
            )
        else:
            ledger.enter_ledger_event(draft=draft, **self.call())

    def settle(self):
        rows = [*LedgerEvent.objects.order_by("id"), *Ruling.objects.order_by("id")]
        if not rows:
            return
        row = self.random.choice(rows)
        actions = (
            (
                ledger.verify_ledger_event,
                ledger.return_ledger_event,
                ledger.withdraw_ledger_event,
            )
            if isinstance(row, LedgerEvent)
            else (rulings.verify_ruling, rulings.return_ruling, rulings.withdraw_ruling)
        )
        number = self.random.choice([0, 0, 1, 2])
        extra = {"reason": "原因"} if number else {}
        revision = row.revision if self.random.random() < 0.8 else uuid.uuid4()
        actions[number](key=row.key, revision=revision, **extra, **self.call())

    def rule(self):
        draft = rulings.RulingDraft(
            kind=self.random.choice(["exclude_entry", "veto"]),
            subject={"entry": self.random.choice(["e01", "e99"]), "of": "accident"},
            reason="理由",
            decided_by="会议",
            decided_on=datetime.date(2022, 8, 20),
        )
        rulings.enter_ruling(draft=draft, **self.call())


def replay(chain):
    """What the record says: {place or key: (facts, state, withdrawn, entered by, verified by)}.

    In the place of `withdrawn` values have what was verified and goes on counting.
    """
    rows = {}
    for revision in Revision.objects.of_chain(chain):
        family, _, what = revision.kind.partition(".")
        if family == "scheme":
            continue
        facts, by = reveal(revision.facts), int(revision.by)
        if family == "measurements":
            for row in facts["rows"]:
                place = (facts["round"], row["entry"], row["criterion"])
                if what == "entered":
                    was, state, kept, *_ = rows.get(place, ({}, "", {}))
                    kept = was if state == "verified" else kept
                    rows[place] = (row["values"], "entered", kept, by, None)
                else:
                    values, _state, kept, entered, _verified = rows[place]
                    assert values == row["values"]
                    verified = by if what == "verified" else None
                    rows[place] = (values, what, {} if verified else kept, entered, verified)
            continue
        key = facts["key"]
        if what == "entered":
            rows[key] = (_told(family, facts), "entered", False, by, None)
        else:
            told, state, _withdrawn, entered, verified = rows[key]
            if "withdrawn" in facts:
                rows[key] = (told, state, facts["withdrawn"], entered, verified)
            elif what == "verified":
                rows[key] = (told, "verified", False, entered, by)
            else:
                rows[key] = (told, "returned", False, entered, None)
    return rows


def _told(family, facts):
    if family == "ruling":
        return facts["kind"], facts["subject"], facts["reason"]
    return facts["entry"], facts["item"], facts["points"], facts["reason"]


def stored():
    """The rows in the same shape."""
    rows = {}
    for row in Measurement.objects.select_related("entry"):
        place = (row.round_key, row.entry.key, row.criterion_key)
        kept, hands = row.verified_values, (row.entered_by_id, row.verified_by_id)
        rows[place] = (row.values, row.state, kept, *hands)
    for row in LedgerEvent.objects.select_related("entry"):
        told = (row.entry.key, row.item_key, row.points, row.reason)
        rows[row.key] = (told, row.state, row.withdrawn, row.entered_by_id, row.verified_by_id)
    for row in Ruling.objects.all():
        told = (row.kind, row.subject, row.reason)
        rows[row.key] = (told, row.state, row.withdrawn, row.entered_by_id, row.verified_by_id)
    return rows


@pytest.mark.parametrize("seed", range(6))
def test_rows_are_what_the_record_says_after_random_work(
    competition, organiser, colleague, clerk, seed
):
    publish(competition, organiser.person)
    add_units(competition, "狼山镇", "新华镇")
    office = Office(competition, [organiser.person, colleague.person, clerk.person], seed)
    done = sum(office.work() for _ in range(STEPS))
    assert 10 < done < STEPS
    assert stored() == replay(competition.chain)
    assert find_unlike_record(competition, identities(competition)) == []
    assert verify_chain(competition.chain).ok
