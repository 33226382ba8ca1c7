"""Storing a tabulation: what went in, what came out, and their digests in the record."""

import uuid
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from record.chain.digests import EVIDENCE_TAG, RESULT_TAG, document_digest
from record.models import Revision
from record.queries import verify_chain
from scoring.actions.tabulation import tabulate_competition
from scoring.models import Tabulation
from tests.scoring.evidence_case import add_judge, add_units, fill, publish


@pytest.fixture
def case(competition, organiser):
    publish(competition, organiser.person)
    return competition


def tabulate(competition, user, op=None):
    return tabulate_competition(
        competition=competition, by=user.person, now=timezone.now(), op=op or uuid.uuid4()
    )


def test_a_tabulation_keeps_evidence_and_result_with_their_digests(case, organiser, colleague):
    fill(case, organiser, colleague, judges=[add_judge(case, 1, "arena")])
    stored = tabulate(case, organiser)
    assert (stored.number, stored.complete) == (1, True)
    order = stored.result["tracks"]["township"]["order"]
    entries = stored.result["tracks"]["township"]["entries"]
    # 狼山镇: (90 + 40 + 40 + 15) × 50 % = 92.5; 新华镇: (80 + 24 + 40 + 15) × 50 % = 79.5.
    assert [(key, Decimal(entries[key]["total"])) for key in order] == [
        ("e01", Decimal("92.5")),
        ("e02", Decimal("79.5")),
    ]
    assert stored.evidence_digest == document_digest(stored.evidence, EVIDENCE_TAG)
    assert stored.result_digest == document_digest(stored.result, RESULT_TAG)
    revision = Revision.objects.get(op_id=stored.revision)
    assert revision.kind == "tabulation.stored"
    assert revision.facts == {
        "number": 1,
        "scheme": stored.scheme_version.digest,
        "evidence": stored.evidence_digest,
        "result": stored.result_digest,
        "complete": True,
    }
    stored.refresh_from_db()
    assert stored.result_digest == document_digest(stored.result, RESULT_TAG)
    assert verify_chain(case.chain).ok


def test_a_judge_who_has_no_seat_in_the_round_is_not_waited_for(case, organiser, colleague):
    add_judge(case, 2, "another-round")
    fill(case, organiser, colleague, judges=[add_judge(case, 1, "arena")])
    assert tabulate(case, organiser).complete


def test_a_seated_judge_is_waited_for(case, organiser, colleague):
    add_judge(case, 2, "arena")
    fill(case, organiser, colleague, judges=[add_judge(case, 1, "arena")])
    stored = tabulate(case, organiser)
    assert not stored.complete
    assert {item["judge"] for item in stored.result["missing"]} == {"j02"}


def test_marks_of_a_judge_without_a_seat_are_warned_of(case, organiser, colleague):
    one, two = add_judge(case, 1, "arena"), add_judge(case, 2, "another-round")
    fill(case, organiser, colleague, judges=[one, two])
    assert tabulate(case, organiser).result["warnings"] == [
        "评委「j02」不在环节「arena」的评委席上，其打分未计入。"
    ]


def test_an_incomplete_tabulation_is_stored_as_incomplete(case, organiser):
    add_units(case, "狼山镇")
    stored = tabulate(case, organiser)
    assert not stored.complete and stored.result["missing"]


def test_a_double_click_tabulates_once_and_the_next_has_the_next_number(case, organiser):
    add_units(case, "狼山镇")
    op = uuid.uuid4()
    first = tabulate(case, organiser, op)
    assert tabulate(case, organiser, op) == first
    assert tabulate(case, organiser).number == 2
    assert Tabulation.objects.count() == 2


def test_without_published_rules_nothing_is_tabulated(competition, organiser):
    with pytest.raises(ValidationError, match="规则还没有公布"):
        tabulate(competition, organiser)
