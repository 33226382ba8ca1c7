"""What crosses from the database to the rules: everything that counts, and nothing else."""

import datetime
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from competitions.models import PartySecretary, Recusal, Site
from scoring.models import LedgerEvent, Measurement, Ruling, Sheet
from scoring.queries.evidence import load_evidence
from scoring.queries.terms import months_in_office
from scoring.rules.evidence import (
    EntryFacts,
    JudgeFacts,
    LedgerFact,
    MarkFact,
    RulingFact,
    from_document,
    to_document,
)
from tests.scoring.evidence_case import SCHEME, add_judge, add_secretary, add_units, publish

D = datetime.date


@pytest.mark.parametrize(
    ("spans", "months"),
    [
        ([(D(2021, 3, 1), None)], 12),
        ([(D(2022, 3, 15), None)], 9),
        ([(D(2022, 7, 1), None)], 6),
        ([(D(2022, 7, 2), None)], 5),
        ([(D(2020, 1, 1), D(2022, 6, 30))], 6),
        ([(D(2020, 1, 1), D(2022, 6, 29))], 5),
        ([(D(2022, 1, 31), D(2022, 2, 28))], 1),
        ([(D(2022, 3, 31), D(2022, 4, 29))], 0),
        ([(D(2023, 1, 1), None)], 0),
        ([(D(2020, 1, 1), D(2021, 12, 31))], 0),
        # Acting until 14 May, in full office from 15 May: one stretch of ten months.
        ([(D(2022, 5, 15), None), (D(2022, 2, 20), D(2022, 5, 14))], 10),
        ([(D(2022, 1, 1), D(2022, 2, 10)), (D(2022, 11, 20), None)], 2),
    ],
)
def test_months_in_office_counts_completed_months_of_the_year(spans, months):
    assert months_in_office(spans, 2022) == months


def sheet(judge, entry, *, source="pad", state="entered", verified_by=None, site=""):
    return Sheet.objects.create(
        competition=entry.competition,
        round_key="arena",
        judge=judge,
        entry=entry,
        site=site,
        source=source,
        marks={"speech": "90.5"},
        state=state,
        entered_by=judge.person,
        entered_at=timezone.now(),
        verified_by=verified_by,
        revision=uuid.uuid4(),
    )


def checked(model, by, second, **fields):
    return model.objects.create(
        entered_by=by,
        entered_at=timezone.now(),
        state="verified" if second else "entered",
        verified_by=second,
        revision=uuid.uuid4(),
        **fields,
    )


def measure(entry, criterion, by, second, **values):
    return checked(
        Measurement,
        by,
        second,
        competition=entry.competition,
        entry=entry,
        round_key="routine",
        criterion_key=criterion,
        values=values,
    )


@pytest.fixture
def case(competition, organiser):
    publish(competition, organiser.person)
    return competition


def test_only_what_counts_reaches_the_rules(case, organiser, colleague):
    first, second, gone = add_units(case, "狼山镇", "新华镇", "干召庙镇")
    secretary = add_secretary(first, "书记", since=D(2022, 3, 15))
    gone.withdrawn = True
    gone.save()
    one, two = add_judge(case, 1, "arena"), add_judge(case, 2, "arena")
    add_judge(case, 3)
    Recusal.objects.create(judge=two, entry=first, reason="曾任职")
    Site.objects.create(competition=case, round_key="arena", entry=first, key="p1", name="礼堂")
    by, checker = organiser.person, colleague.person
    sheet(one, first, site="p1")
    sheet(one, second, source="paper")
    sheet(two, second, source="paper", state="verified", verified_by=checker)
    sheet(one, gone)
    measure(first, "income", by, checker, baseline="10", value="12")
    measure(second, "income", by, None, baseline="10", value="12")
    measure(gone, "income", by, checker, value="1")
    measure(first, "visitors", by, checker)
    measure(secretary, "poll", by, checker, good="8", fair="2")
    measure(first, "retired-criterion", by, checker, value="1")
    event = {
        "competition": case,
        "entry": first,
        "round_key": "routine",
        "criterion_key": "points",
        "item_key": "honour",
        "happened_on": D(2022, 5, 4),
        "points": "0.5",
        "reason": "市级表彰",
        "matter": "人居环境",
        "matter_key": "m001",
    }
    gone_by_two = {"withdrawn": True, "withdrawal_by": by, "withdrawal_checked_by": checker}
    asked = {"withdrawal_by": by, "withdrawal_at": timezone.now()}
    checked(LedgerEvent, by, checker, key="l001", **asked, **event)
    checked(LedgerEvent, by, None, key="l002", **event)
    checked(LedgerEvent, by, checker, key="l003", **gone_by_two, **event)
    ruling = {
        "competition": case,
        "kind": "exclude_judge",
        "subject": {"round": "arena", "judge": "j01", "entry": ""},
        "reason": "因病缺席",
        "decided_by": "领导小组",
        "decided_on": D(2022, 8, 20),
        "document_number": "临组发〔2022〕8号",
    }
    checked(Ruling, by, checker, key="r01", **ruling)
    checked(Ruling, by, None, key="r02", **ruling)

    evidence = load_evidence(case, SCHEME)

    assert evidence.entries == [
        EntryFacts("e01", 1),
        EntryFacts("s01", 1, subject="secretary", of="e01", months_in_office=9),
        EntryFacts("e02", 2),
    ]
    assert evidence.judges == [
        JudgeFacts("j01", 1, "panel"),
        JudgeFacts("j02", 2, "panel"),
        JudgeFacts("j03", 3, "panel"),
    ]
    assert evidence.seats == {"arena": ("j01", "j02")}
    assert evidence.recusals == {("j02", "e01")}
    assert evidence.sites == {("arena", "e01"): ("p1",)}
    assert evidence.marks == [
        MarkFact("arena", "e01", "j01", "speech", "90.5", "p1"),
        MarkFact("arena", "e02", "j02", "speech", "90.5"),
    ]
    assert evidence.measurements == {("e01", "income"): {"baseline": "10", "value": "12"}}
    assert evidence.votes == {("s01", "poll"): {"good": "8", "fair": "2"}}
    assert evidence.ledger == [
        LedgerFact("l001", "e01", "points", "honour", "2022-05-04", "0.5", matter="l001")
    ]
    assert evidence.rulings == [
        RulingFact(
            "r01",
            "exclude_judge",
            round="arena",
            judge="j01",
            document="临组发〔2022〕8号",
        )
    ]
    document = to_document(evidence)
    assert to_document(from_document(document)) == document


def test_acting_and_full_terms_of_one_person_are_one_stretch(case):
    (unit,) = add_units(case, "狼山镇")
    entry = add_secretary(unit, "书记", since=D(2022, 4, 1))
    PartySecretary.objects.create(
        person=entry.term.person,
        unit=unit.unit,
        since=D(2021, 10, 1),
        until=D(2022, 3, 31),
        acting=True,
    )
    facts = {item.key: item for item in load_evidence(case, SCHEME).entries}
    assert facts["s01"].months_in_office == 12


def test_loading_takes_the_same_number_of_queries_at_1_and_11_entrants(case, organiser, colleague):
    def fill(entries):
        for entry in entries:
            add_secretary(entry, f"{entry.unit.name}书记")
            measure(entry, "income", organiser.person, colleague.person, value="1")
            for judge in case.judges.all():
                sheet(judge, entry)

    def count():
        with CaptureQueriesContext(connection) as queries:
            load_evidence(case, SCHEME)
        return len(queries)

    add_judge(case, 1, "arena")
    fill(add_units(case, "一镇"))
    at_one = count()
    fill(add_units(case, *(f"第{number}乡" for number in range(10))))
    assert count() == at_one <= 12
