"""The correction road: a sheet that counts changes only by two persons, with a reason."""

import uuid

import pytest
from django.core.exceptions import ValidationError

from record.actions import OperationReused
from record.models import Revision
from record.private import reveal
from scoring.actions.corrections import propose_correction, return_correction, verify_correction
from scoring.actions.paper_sheets import enter_paper_sheets
from scoring.actions.sheet_rules import MarksRefused, SheetConflict
from scoring.actions.sheets import submit_sheets
from scoring.models import Correction, Sheet
from tests.scoring.stage import ARENA, NOW

pytestmark = pytest.mark.django_db
RIGHT = {**ARENA, "a-results": "35.5"}
REASON = "纸质原件为 35.5，评委点错。"


@pytest.fixture
def sheet(stage):
    judge = stage.judges[0]
    submit_sheets(
        judge=judge,
        round_key="arena",
        sheets=stage.speech(),
        op=uuid.uuid4(),
        by=judge.person,
        now=NOW,
    )
    return Sheet.objects.get(entry__key="e01")


def propose(sheet, by, marks=RIGHT, reason=REASON, revision=None, op=None):
    return propose_correction(
        sheet=sheet,
        marks=marks,
        reason=reason,
        revision=revision or sheet.revision.hex,
        op=op or uuid.uuid4(),
        by=by.person,
        now=NOW,
    )


def verify(correction, by, op=None):
    return verify_correction(correction=correction, op=op or uuid.uuid4(), by=by.person, now=NOW)


def test_correction_stands_beside_the_sheet_until_a_second_person_verifies(sheet, clerk, organiser):
    correction = propose(sheet, clerk)
    sheet.refresh_from_db()
    assert sheet.marks == ARENA
    verify(correction, organiser)
    sheet.refresh_from_db()
    correction.refresh_from_db()
    assert (sheet.marks, sheet.source, sheet.state) == (RIGHT, "paper", "verified")
    assert (sheet.entered_by, sheet.verified_by) == (clerk.person, organiser.person)
    assert correction.state == "verified"
    assert list(Sheet.objects.counted().filter(id=sheet.id)) == [sheet]


def test_correction_keeps_the_history_in_the_record(sheet, clerk, organiser):
    first = sheet.revision
    verify(propose(sheet, clerk), organiser)
    _submitted, proposed, verified = Revision.objects.order_by("seq")
    assert (proposed.kind, proposed.facts["corrects"]) == ("correction.entered", first.hex)
    assert (proposed.facts["marks"], reveal(proposed.facts["reason"])) == (RIGHT, REASON)
    assert (verified.kind, verified.replaces) == ("correction.verified", proposed.op_id)


def test_correction_by_one_person_alone_is_refused(sheet, clerk):
    with pytest.raises(ValidationError, match="必须是两个人"):
        verify(propose(sheet, clerk), clerk)


def test_correction_of_own_marks_by_the_judge_is_refused(sheet, clerk, stage):
    with pytest.raises(ValidationError, match="自己作为评委"):
        verify(propose(sheet, clerk), stage.judges[0].user)


def test_correction_without_a_reason_is_refused(sheet, clerk):
    with pytest.raises(ValidationError, match="请写明更正原因"):
        propose(sheet, clerk, reason="  ")


def test_correction_against_the_rules_is_refused(sheet, clerk):
    with pytest.raises(MarksRefused, match="应在 0 到 40 之间"):
        propose(sheet, clerk, marks={**ARENA, "a-results": "41"})


def test_correction_to_the_same_marks_is_refused(sheet, clerk):
    with pytest.raises(ValidationError, match="与原来相同"):
        propose(sheet, clerk, marks=ARENA)


def test_correction_while_another_waits_is_refused(sheet, clerk, organiser):
    propose(sheet, clerk)
    with pytest.raises(ValidationError, match="已有一项更正等待核对"):
        propose(sheet, organiser)


def test_correction_from_an_older_version_is_told(sheet, clerk, organiser, colleague):
    old = sheet.revision.hex
    verify(propose(sheet, clerk), organiser)
    with pytest.raises(SheetConflict, match="已被别人改动"):
        propose(sheet, colleague, marks=ARENA, revision=old)


def test_correction_of_an_unverified_paper_sheet_is_refused(stage, clerk):
    enter_paper_sheets(
        competition=stage.competition,
        round_key="arena",
        judge=stage.judges[0],
        sheets=stage.speech(),
        op=uuid.uuid4(),
        revisions={},
        by=clerk.person,
        now=NOW,
    )
    with pytest.raises(ValidationError, match="请直接修改录入"):
        propose(Sheet.objects.get(entry__key="e01"), clerk)


def test_correction_proposed_or_verified_twice_by_a_double_click_counts_once(
    sheet, clerk, organiser
):
    op, other = uuid.uuid4(), uuid.uuid4()
    correction = propose(sheet, clerk, op=op)
    assert propose(sheet, clerk, op=op) == correction
    verify(correction, organiser, op=other)
    verify(correction, organiser, op=other)
    assert (Correction.objects.count(), Revision.objects.count()) == (1, 3)


def test_correction_returned_leaves_the_sheet_and_allows_another(sheet, clerk, organiser):
    correction = propose(sheet, clerk)
    return_correction(
        correction=correction,
        reason="原件看不清",
        op=uuid.uuid4(),
        by=organiser.person,
        now=NOW,
    )
    sheet.refresh_from_db()
    correction.refresh_from_db()
    assert (sheet.marks, correction.state) == (ARENA, "returned")
    with pytest.raises(ValidationError, match="已被别人处理"):
        verify(correction, organiser)
    propose(sheet, clerk)


def test_correction_proposed_again_after_it_was_settled_is_the_same(sheet, clerk, organiser):
    op, first = uuid.uuid4(), sheet.revision.hex
    correction = propose(sheet, clerk, op=op)
    verify(correction, organiser)
    assert propose(sheet, clerk, op=op, revision=first) == correction
    assert Correction.objects.count() == 1


def test_correction_operation_used_for_something_else_is_refused(sheet, clerk, organiser):
    op, other = uuid.uuid4(), uuid.uuid4()
    correction = propose(sheet, clerk, op=op)
    with pytest.raises(OperationReused):
        propose(sheet, organiser, op=op)
    with pytest.raises(OperationReused):
        propose(sheet, clerk, op=op, marks={**ARENA, "a-results": "30"})
    with pytest.raises(OperationReused):
        verify(correction, organiser, op=op)
    verify(correction, organiser, op=other)
    with pytest.raises(OperationReused):
        return_correction(
            correction=correction, reason="不对", op=other, by=organiser.person, now=NOW
        )
