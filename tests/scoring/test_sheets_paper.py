"""Paper score sheets: one person types them in, a second person verifies them."""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from record.models import Revision
from scoring.actions.paper_sheets import enter_paper_sheets, verify_paper_sheets
from scoring.actions.sheet_rules import MarksRefused, SheetConflict
from scoring.actions.sheets import submit_sheets
from scoring.models import Sheet
from scoring.queries.panels import load_marking_round
from tests.scoring.stage import ARENA, NOW, PERSON, REVIEW, build_stage, recuse

pytestmark = pytest.mark.django_db
OTHER = {**ARENA, "a-results": "35.5"}


def enter(stage, sheets, by, revisions=None, op=None, round_key="arena", judge=None):
    return enter_paper_sheets(
        competition=stage.competition,
        round_key=round_key,
        judge=judge or stage.judges[0],
        sheets=sheets,
        op=op or uuid.uuid4(),
        revisions=revisions or {},
        by=by.person,
        now=NOW,
    )


def verify(stage, by, revisions=None, sheets=None, confirmed=(), op=None, round_key="arena"):
    return verify_paper_sheets(
        competition=stage.competition,
        round_key=round_key,
        judge=stage.judges[0],
        op=op or uuid.uuid4(),
        revisions=stored() if revisions is None else revisions,
        by=by.person,
        now=NOW,
        sheets=sheets,
        confirmed=confirmed,
    )


def stored():
    """The revisions as a page made now would carry them."""
    return {
        (row.entry.key, row.site): row.revision.hex for row in Sheet.objects.select_related("entry")
    }


def sheet(key="e01"):
    return Sheet.objects.get(entry__key=key)


def test_enter_waits_for_a_second_person_and_does_not_count(stage, clerk):
    revision = enter(stage, stage.speech(), clerk)
    assert (sheet().state, sheet().source, sheet().entered_by) == ("entered", "paper", clerk.person)
    assert not Sheet.objects.counted().exists()
    assert revision.facts["sheets"][0] == {
        "round": "arena",
        "entry": "e01",
        "site": "",
        "marks": ARENA,
        "replaces": None,
    }


def test_enter_takes_single_entries_of_a_tour(stage, clerk):
    enter(stage, {"e02": {"": REVIEW}}, clerk, round_key="review1")
    assert sheet("e02").marks == REVIEW


def test_enter_refuses_an_incomplete_entry_and_a_recused_one(stage, clerk):
    recuse(stage, stage.judges[0], "e02")
    sheets = {"e01": {"": {**REVIEW, "r1-green": ""}}, "e02": {"": REVIEW}}
    with pytest.raises(MarksRefused) as caught:
        enter(stage, sheets, clerk, round_key="review1")
    assert caught.value.messages == [
        "狼山镇「生态保护和绿色发展」没有打分，请填写后再提交。",
        "评委1对新华镇回避，不能打分，请刷新页面。",
    ]


def test_enter_twice_with_the_same_operation_saves_once(stage, clerk):
    op = uuid.uuid4()
    first = enter(stage, stage.speech(), clerk, op=op)
    assert enter(stage, stage.speech(), clerk, op=op) == first
    assert Revision.objects.count() == 1


def test_enter_again_unchanged_records_nothing(stage, clerk):
    enter(stage, stage.speech(), clerk)
    assert enter(stage, stage.speech(), clerk, revisions=stored()) is None


def test_enter_again_by_the_same_person_replaces_the_earlier_reading(stage, clerk):
    first = enter(stage, stage.speech(), clerk)
    second = enter(stage, {"e01": {"": OTHER}}, clerk, revisions=stored())
    assert sheet().marks == OTHER
    assert second.facts["sheets"][0]["replaces"] == first.op_id.hex


def test_enter_from_an_older_version_is_told_and_changes_nothing(stage, clerk):
    enter(stage, stage.speech(), clerk)
    old = stored()
    enter(stage, {"e01": {"": OTHER}}, clerk, revisions=old)
    with pytest.raises(SheetConflict, match="狼山镇已有另一份评分表") as caught:
        enter(stage, {"e01": {"": {**ARENA, "a-pledges": "1"}}}, clerk, revisions=old)
    assert [row.marks for row in caught.value.existing] == [OTHER]
    assert sheet().marks == OTHER


def test_enter_over_somebody_elses_reading_is_told(stage, clerk, organiser):
    enter(stage, stage.speech(), clerk)
    with pytest.raises(SheetConflict):
        enter(stage, stage.speech(**{"a-results": "1"}), organiser, revisions=stored())
    assert sheet().marks == ARENA


def test_enter_over_marks_from_the_pad_is_told_and_the_pad_stands(stage, clerk):
    judge = stage.judges[0]
    submit_sheets(
        judge=judge,
        round_key="arena",
        sheets=stage.speech(),
        op=uuid.uuid4(),
        by=judge.person,
        now=NOW,
    )
    with pytest.raises(SheetConflict):
        enter(stage, stage.speech(**{"a-results": "1"}), clerk, revisions=stored())
    assert (sheet().source, sheet().marks) == ("pad", ARENA)


def test_submit_over_a_paper_sheet_is_told_and_the_paper_stands(stage, clerk):
    judge = stage.judges[0]
    enter(stage, stage.speech(), clerk)
    with pytest.raises(SheetConflict):
        submit_sheets(
            judge=judge,
            round_key="arena",
            sheets=stage.speech(**{"a-results": "1"}),
            op=uuid.uuid4(),
            by=judge.person,
            now=NOW,
        )
    assert (sheet().source, sheet().marks) == ("paper", ARENA)


def test_verify_by_entering_the_same_again_makes_it_count(stage, clerk, organiser):
    entered = enter(stage, stage.speech(), clerk)
    reading = verify(stage, organiser, sheets=stage.speech())
    assert [row.entry.key for row in reading.verified] == ["e01", "s01"]
    assert (sheet().state, sheet().verified_by) == ("verified", organiser.person)
    assert Sheet.objects.counted().count() == 2
    assert reading.revision.facts["sheets"][1] == {
        "round": "sec-arena",
        "entry": "s01",
        "site": "",
        "marks": PERSON,
        "how": "again",
        "verified": True,
        "replaces": entered.op_id.hex,
    }


def test_verify_by_confirming_against_the_paper_makes_it_count(stage, clerk, organiser):
    enter(stage, stage.speech(), clerk)
    verify(stage, organiser, confirmed=[("e01", "")])
    assert (sheet("e01").state, sheet("s01").state) == ("verified", "entered")


def test_verify_own_entry_is_refused(stage, clerk):
    enter(stage, stage.speech(), clerk)
    with pytest.raises(ValidationError, match="录入和核对必须是两个人"):
        verify(stage, clerk, sheets=stage.speech())
    with pytest.raises(ValidationError, match="录入和核对必须是两个人"):
        verify(stage, clerk, confirmed=[("e01", "")])
    assert sheet().state == "entered"


def test_verify_own_marks_as_a_judge_is_refused(stage, clerk):
    enter(stage, stage.speech(), clerk)
    with pytest.raises(ValidationError, match="不能核对自己作为评委的评分表"):
        verify(stage, stage.judges[0].user, sheets=stage.speech())


def test_verify_with_another_reading_keeps_both_until_one_takes_over(stage, clerk, organiser):
    enter(stage, stage.speech(), clerk)
    reading = verify(stage, organiser, sheets={"e01": {"": OTHER}})
    assert [row.entry.key for row in reading.differing] == ["e01"]
    row = sheet()
    assert (row.state, row.marks, row.second_marks) == ("entered", ARENA, OTHER)
    assert row.second_by == organiser.person
    with pytest.raises(ValidationError, match="录入和核对必须是两个人"):
        verify(stage, clerk, confirmed=[("e01", "")])
    # The first reader looks at the paper again and finds that the second was right.
    verify(stage, clerk, sheets={"e01": {"": OTHER}})
    row = sheet()
    assert (row.state, row.marks, row.second_marks) == ("verified", OTHER, None)
    assert (row.entered_by, row.verified_by) == (organiser.person, clerk.person)


def test_verify_differing_second_reader_may_come_round(stage, clerk, organiser):
    enter(stage, stage.speech(), clerk)
    verify(stage, organiser, sheets={"e01": {"": OTHER}})
    verify(stage, organiser, sheets={"e01": {"": ARENA}})
    row = sheet()
    assert (row.state, row.marks, row.verified_by) == ("verified", ARENA, organiser.person)


def test_verify_differing_third_reader_decides_with_one_of_the_two(
    stage, clerk, organiser, colleague
):
    enter(stage, stage.speech(), clerk)
    verify(stage, organiser, sheets={"e01": {"": OTHER}})
    with pytest.raises(ValidationError, match="两次录入不一致"):
        verify(stage, colleague, confirmed=[("e01", "")])
    with pytest.raises(ValidationError, match="狼山镇已有两次不一致的录入，您录入的与两次都不一样"):
        verify(stage, colleague, sheets={"e01": {"": {**ARENA, "a-pledges": "1"}}})
    assert (sheet().marks, sheet().second_marks) == (ARENA, OTHER)
    verify(stage, colleague, sheets={"e01": {"": OTHER}})
    row = sheet()
    assert (row.state, row.marks) == ("verified", OTHER)
    assert (row.entered_by, row.verified_by) == (organiser.person, colleague.person)


def test_verify_a_version_that_has_changed_is_told(stage, clerk, organiser):
    enter(stage, stage.speech(), clerk)
    old = stored()
    enter(stage, {"e01": {"": OTHER}}, clerk, revisions=old)
    with pytest.raises(SheetConflict, match="核对期间已被别人改动"):
        verify(stage, organiser, sheets={"e01": {"": ARENA}}, revisions=old)


def test_verify_a_sheet_that_was_never_entered_is_refused(stage, organiser):
    with pytest.raises(ValidationError, match="狼山镇还没有录入"):
        verify(stage, organiser, sheets=stage.speech())


def test_verify_twice_with_the_same_operation_verifies_once(stage, clerk, organiser):
    enter(stage, stage.speech(), clerk)
    op = uuid.uuid4()
    first = verify(stage, organiser, sheets=stage.speech(), op=op)
    assert verify(stage, organiser, sheets=stage.speech(), op=op).revision == first.revision
    assert Revision.objects.count() == 2


def test_enter_and_verify_take_few_queries_whatever_the_number_of_entries(
    competition, clerk, organiser
):
    stage = build_stage(competition, units=[f"第{n}乡" for n in range(1, 12)])
    load_marking_round(competition, "review1")  # the rules are read once per process
    tour = stage.tour()
    with CaptureQueriesContext(connection) as entering:
        enter(stage, tour, clerk, round_key="review1")
    changed = stage.tour(**{"r1-green": "1"})
    first = stored()
    with CaptureQueriesContext(connection) as changing:
        enter(stage, changed, clerk, round_key="review1", revisions=first)
    second = stored()
    with CaptureQueriesContext(connection) as verifying:
        verify(stage, organiser, sheets=changed, round_key="review1", revisions=second)
    assert Sheet.objects.counted().count() == 11
    assert max(len(entering), len(changing), len(verifying)) <= 20
