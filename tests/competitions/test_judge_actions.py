"""Judges, their seats and their recusals: what the actions write, refuse and record."""

import datetime
import uuid

import pytest
from django.core.exceptions import ValidationError

from competitions import actions
from competitions.models import Involvement, Recusal, Seat
from record import queries as record
from record.actions import OperationReused, erase_private
from record.models import PrivateValue
from record.private import ERASED
from tests import factories
from tests.linhe import facts


def test_office_taken_after_the_year_recuses_nobody(linhe, entries, organiser, now):
    judge = actions.appoint_judge(
        competition=linhe,
        person=factories.PersonFactory(),
        group_key="review",
        by=organiser.person,
        now=now,
    )
    actions.record_term(
        competition=linhe,
        unit=entries[0].unit,
        person=judge.person,
        since=datetime.date(2023, 1, 1),
        by=organiser.person,
        now=now,
    )
    assert not judge.recusals.exists()


def test_appoint_judge_tied_to_an_entrant_recuses_him(linhe, entries, organiser, now):
    person = factories.PersonFactory()
    common = {"competition": linhe, "by": organiser.person, "now": now}
    actions.record_term(
        **common,
        unit=entries[0].unit,
        person=person,
        since=datetime.date(2018, 1, 1),
        until=datetime.date(2020, 1, 1),
    )
    judge = actions.appoint_judge(**common, person=person, group_key="review")
    actions.record_involvement(
        **common, person=person, unit=entries[1].unit, kind=Involvement.Kind.IN_CHARGE
    )
    actions.record_recusal(**common, judge=judge, entry=entries[2], reason="配偶在该场任职")
    found = Recusal.objects.filter(judge=judge).order_by("entry__key")
    assert [(row.entry.key, row.kind) for row in found] == [
        ("e01", "secretary"),
        ("e02", "in_charge"),
        ("e03", "manual"),
    ]
    assert all(row.revision for row in found)
    body = facts(linhe, "recusal.recorded")
    assert [row["entry"] for row in body["recusals"]] == ["e01", "e02", "e03"]
    assert "配偶" not in str(body)


def test_lift_recusal_that_follows_from_an_office_is_refused(linhe, entries, organiser, now):
    person = factories.PersonFactory()
    common = {"competition": linhe, "by": organiser.person, "now": now}
    actions.record_involvement(
        **common, person=person, unit=entries[0].unit, kind=Involvement.Kind.HELD_OFFICE
    )
    judge = actions.appoint_judge(**common, person=person, group_key="review")
    with pytest.raises(ValidationError, match="请先更正任职经历或关联关系"):
        actions.lift_recusal(**common, recusal=judge.recusals.get())


def test_refresh_recusals_without_change_records_nothing(ready, organiser, now):
    before = record.head(ready.chain).seq
    actions.refresh_recusals(competition=ready, by=organiser.person, now=now)
    actions.refresh_secretary_entries(competition=ready, by=organiser.person, now=now)
    assert record.head(ready.chain).seq == before


def test_seat_judges_replaces_the_panels_named(ready, organiser, now):
    judges = list(ready.judges.in_seniority_order())
    actions.seat_judges(
        competition=ready, seats={"review1": judges[:2]}, by=organiser.person, now=now
    )
    assert Seat.objects.filter(round_key="review1").count() == 2
    assert Seat.objects.filter(round_key="review2").count() == 3


def test_seat_judges_in_a_round_without_a_panel_is_refused(ready, organiser, now):
    with pytest.raises(ValidationError, match="没有需要评委打分的环节「routine」"):
        actions.seat_judges(
            competition=ready,
            seats={"routine": list(ready.judges.all())},
            by=organiser.person,
            now=now,
        )


def test_appointing_one_of_two_namesakes_again_finds_the_same_judge(ready, organiser, now):
    common = {"competition": ready, "group_key": "review", "by": organiser.person, "now": now}
    first, second = uuid.uuid4(), uuid.uuid4()

    def appoint(op, person=None):
        person = person or factories.PersonFactory.build(name="王伟")
        return actions.appoint_judge(**common, person=person, op_id=op)

    one, other = appoint(first), appoint(second)
    assert one.pk != other.pk
    assert (appoint(first).pk, appoint(second).pk) == (one.pk, other.pk)
    assert appoint(first, one.person) == one
    with pytest.raises(OperationReused):
        appoint(first, other.person)


def test_appoint_judge_with_a_taken_number_is_refused(ready, organiser, now):
    with pytest.raises(ValidationError, match="这个评委号已经有人"):
        actions.appoint_judge(
            competition=ready,
            person=factories.PersonFactory(),
            number=1,
            group_key="review",
            by=organiser.person,
            now=now,
        )


def test_note_on_a_tie_is_private_and_can_be_erased(ready, organiser, now):
    judge, entry = ready.judges.first(), ready.entries.filter(subject="unit").last()
    actions.record_involvement(
        competition=ready,
        person=judge.person,
        unit=entry.unit,
        kind=Involvement.Kind.IN_CHARGE,
        note="同张三一起联系",
        by=organiser.person,
        now=now,
    )
    assert "张三" not in str(facts(ready, "recusal.recorded"))
    value = PrivateValue.objects.get(value="同张三一起联系")
    erase_private(digest=value.digest, by=str(organiser.person.id), now=now)
    assert Involvement.objects.get().note == ERASED
