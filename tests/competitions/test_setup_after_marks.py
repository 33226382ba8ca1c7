"""After the marks: what one organiser alone may still change about judges, recusals and terms."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from competitions import actions
from competitions.models import Involvement, Seat
from record.actions import append
from tests import factories


@pytest.fixture
def marked(ready, now):
    """The competition after j01 has marked the first unit in the first review."""
    sheets = [{"round": "review1", "entry": "e01", "site": "", "marks": {}}]
    body = {"judge": "j01", "sheets": sheets}
    append(chain=ready.chain, kind="sheets.submitted", body=body, by="1", now=now)
    return ready


def test_seat_of_a_judge_who_has_marked_is_not_taken(marked, organiser, now):
    judges = list(marked.judges.in_seniority_order())
    common = {"competition": marked, "by": organiser.person, "now": now}
    with pytest.raises(ValidationError, match=r"1 号评委.*已在「.*」打过分，不能取消评委席.*裁定"):
        actions.seat_judges(**common, seats={"review1": judges[1:3]})
    actions.seat_judges(**common, seats={"review1": judges[:2], "review2": judges[1:3]})
    assert Seat.objects.filter(round_key="review1").count() == 2
    actions.appoint_judge(
        **common, person=factories.PersonFactory(), group_key="review", rounds=["review1"]
    )
    assert Seat.objects.filter(round_key="review1").count() == 3


def test_recusal_from_a_unit_that_the_judge_has_marked_is_refused(marked, entries, organiser, now):
    judge = marked.judges.get(key="j01")
    common = {"competition": marked, "by": organiser.person, "now": now}
    with pytest.raises(ValidationError, match=r"已给狼山镇打过分，不能再改他的回避.*裁定"):
        actions.record_recusal(**common, judge=judge, entry=entries[0], reason="亲属")
    with pytest.raises(ValidationError, match="不能再改他的回避"):
        actions.record_involvement(
            **common, person=judge.person, unit=entries[0].unit, kind="in_charge"
        )
    assert not judge.recusals.exists() and not Involvement.objects.exists()
    actions.record_recusal(**common, judge=judge, entry=entries[1], reason="亲属")
    assert set(judge.recusals.values_list("entry__unit__name", flat=True)) == {"新华镇"}


def test_recusal_made_before_the_marks_is_not_lifted(ready, entries, organiser, now):
    judge = ready.judges.get(key="j01")
    common = {"competition": ready, "by": organiser.person, "now": now}
    recusal = actions.record_recusal(**common, judge=judge, entry=entries[0], reason="亲属")
    tie = actions.record_involvement(
        **common, person=judge.person, unit=entries[1].unit, kind="in_charge"
    )
    sheets = [{"round": "review1", "entry": key, "site": "", "marks": {}} for key in ("e01", "e02")]
    body = {"judge": "j01", "sheets": sheets}
    append(chain=ready.chain, kind="sheet.entered", body=body, by="1", now=now)
    with pytest.raises(ValidationError, match="不能再改他的回避"):
        actions.lift_recusal(**common, recusal=recusal)
    with pytest.raises(ValidationError, match="不能再改他的回避"):
        actions.remove_involvement(**common, involvement=tie)
    assert judge.recusals.filter(entry__key__in=["e01", "e02"]).count() == 2


def test_term_recorded_after_the_marks_leaves_the_marked_unit_to_a_ruling(
    marked, entries, organiser, now
):
    judge = marked.judges.get(key="j01")
    actions.record_term(
        competition=marked,
        unit=entries[0].unit,
        person=judge.person,
        since=datetime.date(2022, 9, 1),
        ends_former=True,
        by=organiser.person,
        now=now,
    )
    # The marks that he gave stand; of his own entry he is recused.
    assert not judge.recusals.filter(entry__key="e01").exists()
    assert judge.recusals.filter(entry__term__person=judge.person).exists()


def test_change_of_secretary_after_evidence_enters_the_new_one_and_keeps_the_former(
    marked, entries, organiser, now
):
    actions.record_term(
        competition=marked,
        unit=entries[0].unit,
        person=factories.PersonFactory(),
        since=datetime.date(2022, 9, 1),
        ends_former=True,
        by=organiser.person,
        now=now,
    )
    own = marked.entries.filter(subject="secretary", unit=entries[0].unit)
    assert own.active().count() == 2


@pytest.mark.parametrize(
    "since, until",
    [
        (datetime.date(2022, 3, 1), None),
        (datetime.date(2021, 1, 1), datetime.date(2021, 12, 31)),
        (datetime.date(2023, 1, 1), None),
    ],
)
def test_term_after_evidence_is_not_corrected(marked, entries, organiser, now, since, until):
    term = marked.entries.get(subject="secretary", unit=entries[0].unit).term
    with pytest.raises(ValidationError, match=r"2022年的任期不能再更正.*裁定"):
        actions.record_term(
            competition=marked,
            unit=entries[0].unit,
            person=term.person,
            since=since,
            until=until,
            term=term,
            by=organiser.person,
            now=now,
        )
    term.refresh_from_db()
    assert (term.since, term.until) == (datetime.date(2021, 1, 1), None)
    assert marked.entries.filter(subject="secretary").active().count() == 3


def test_ended_term_after_evidence_is_not_reopened_or_moved(marked, entries, organiser, now):
    term = marked.entries.get(subject="secretary", unit=entries[0].unit).term
    common = {
        "competition": marked,
        "unit": entries[0].unit,
        "person": term.person,
        "since": term.since,
        "term": term,
        "by": organiser.person,
        "now": now,
    }
    actions.record_term(**common, until=datetime.date(2022, 9, 30))
    for until in (None, datetime.date(2022, 2, 1)):
        with pytest.raises(ValidationError, match="不能再更正"):
            actions.record_term(**common, until=until)


def test_import_after_evidence_that_adds_months_to_a_secretary_is_refused(
    marked, entries, organiser, now
):
    term = marked.entries.get(subject="secretary", unit=entries[0].unit).term
    row = {"row": 2, "cells": {}, "unit": "狼山镇", "name": term.person.name, "post": None}
    row |= {"since": "2022-03-01", "until": "2022-05-31", "acting": "是"}
    with pytest.raises(ValidationError, match="不能再更正"):
        actions.import_terms(competition=marked, rows=[row], by=organiser.person, now=now)
