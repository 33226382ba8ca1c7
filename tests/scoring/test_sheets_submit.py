"""Marks from a judge's own pad."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from competitions.models import Competition, Seat
from record.actions import OperationReused
from record.models import Revision
from scoring.actions.sheet_rules import MarksRefused, RoundClosed, SheetConflict
from scoring.actions.sheets import submit_sheets
from scoring.models import Ruling, Sheet
from scoring.queries.panels import load_marking_round
from tests.scoring.stage import (
    ARENA,
    NOW,
    PERSON,
    REVIEW,
    add_judge,
    add_site,
    build_stage,
    recuse,
)

pytestmark = pytest.mark.django_db


def submit(judge, sheets, round_key="arena", op=None, by=None):
    return submit_sheets(
        judge=judge,
        round_key=round_key,
        sheets=sheets,
        op=op or uuid.uuid4(),
        by=by or judge.person,
        now=NOW,
    )


def test_submit_keeps_one_sheet_each_for_unit_and_secretary_and_gives_a_receipt(stage):
    judge = stage.judges[0]
    done = submit(judge, stage.speech())
    unit, person = Sheet.objects.order_by("id")
    assert (unit.round_key, unit.entry.key, unit.marks) == ("arena", "e01", ARENA)
    assert (person.round_key, person.entry.key, person.marks) == ("sec-arena", "s01", PERSON)
    assert unit.receipt == person.receipt == done.receipt
    assert len(done.receipt) == 6
    assert unit.revision == person.revision == done.revision.op_id
    assert done.revision.facts == {
        "judge": "j01",
        "sheets": [
            {"round": "arena", "entry": "e01", "site": "", "marks": ARENA},
            {"round": "sec-arena", "entry": "s01", "site": "", "marks": PERSON},
        ],
    }
    assert set(Sheet.objects.counted()) == {unit, person}


def test_submit_again_with_the_same_operation_counts_once_and_repeats_the_receipt(stage):
    op = uuid.uuid4()
    first = submit(stage.judges[0], stage.speech(), op=op)
    again = submit(stage.judges[0], stage.speech(), op=op)
    assert (again.receipt, again.repeated, again.at) == (first.receipt, True, NOW)
    assert (Sheet.objects.count(), Revision.objects.count()) == (2, 1)


def test_submit_again_is_acknowledged_even_when_the_judge_was_recused_since(stage):
    op = uuid.uuid4()
    first = submit(stage.judges[0], stage.speech(), op=op)
    recuse(stage, stage.judges[0], "e01")
    assert submit(stage.judges[0], stage.speech(), op=op).receipt == first.receipt


def test_submit_other_marks_with_a_used_operation_is_refused(stage):
    op = uuid.uuid4()
    submit(stage.judges[0], stage.speech(), op=op)
    with pytest.raises(OperationReused):
        submit(stage.judges[0], stage.speech(**{"a-results": "40"}), op=op)


def test_submit_a_second_version_is_a_conflict_and_changes_nothing(stage):
    submit(stage.judges[0], stage.speech())
    with pytest.raises(SheetConflict, match="没有覆盖原来的") as caught:
        submit(stage.judges[0], stage.speech(**{"a-results": "40"}))
    assert [row.marks for row in caught.value.existing] == [ARENA, PERSON]
    assert Sheet.objects.get(round_key="arena").marks == ARENA


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"a-results": ""}, "狼山镇「成效展示」没有打分，请填写后再提交。"),
        ({"a-results": "40.5"}, "狼山镇「成效展示」应在 0 到 40 之间，现在是 40.5，请修改。"),
        ({"a-results": "-1"}, "狼山镇「成效展示」应在 0 到 40 之间，现在是 -1，请修改。"),
        ({"a-results": "38.3"}, "狼山镇「成效展示」应以 0.5 为间隔，现在是 38.3，请修改。"),
        ({"a-results": "很好"}, "狼山镇「成效展示」填写的「很好」不是数字，请填写数字。"),
        ({"a-results": "1e2"}, "狼山镇「成效展示」填写的「1e2」不是数字，请填写数字。"),
    ],
)
def test_submit_a_mark_against_the_rules_is_refused_with_the_place(stage, changes, sentence):
    with pytest.raises(MarksRefused) as caught:
        submit(stage.judges[0], stage.speech(**changes))
    assert caught.value.messages == [sentence]
    problem = caught.value.problems[0]
    assert (problem.entry, problem.site, problem.criterion) == ("e01", "", "a-results")
    assert not Sheet.objects.exists()


def test_submit_reads_full_width_digits_and_keeps_canonical_text(stage):
    submit(stage.judges[0], stage.speech(**{"a-results": " ３８．５０ "}))
    assert Sheet.objects.get(round_key="arena").marks["a-results"] == "38.5"


def test_submit_without_the_secretary_is_refused(stage):
    sheets = {"e01": stage.speech()["e01"]}
    with pytest.raises(MarksRefused, match="书记1（狼山镇）还没有打分"):
        submit(stage.judges[0], sheets)


def test_submit_for_a_recused_entry_is_refused_for_its_secretary_too(stage):
    recuse(stage, stage.judges[0], "e01")
    with pytest.raises(MarksRefused) as caught:
        submit(stage.judges[0], stage.speech())
    assert caught.value.messages == [
        "评委1对狼山镇回避，不能打分，请刷新页面。",
        "评委1对书记1（狼山镇）回避，不能打分，请刷新页面。",
    ]


def test_submit_by_a_judge_of_the_units_only_asks_for_no_secretary(stage):
    judge = add_judge(stage, 9, rounds=["arena"])
    submit(judge, {"e01": {"": ARENA}})
    assert [sheet.round_key for sheet in Sheet.objects.all()] == ["arena"]


def test_submit_a_joint_review_takes_the_whole_tour_only(stage):
    tour = stage.tour()
    part = {key: tour[key] for key in ("e01", "e02")}
    with pytest.raises(MarksRefused, match="干召庙镇还没有打分"):
        submit(stage.judges[0], part, round_key="review1")
    submit(stage.judges[0], tour, round_key="review1")
    assert Sheet.objects.filter(round_key="review1", marks=REVIEW).count() == 3


def test_submit_a_joint_review_leaves_out_recused_and_excluded_entries(stage, organiser, clerk):
    judge = stage.judges[0]
    recuse(stage, judge, "e01")
    Ruling.objects.create(
        competition=stage.competition,
        key="r01",
        kind="exclude_judge",
        subject={"round": "review1", "judge": "j01", "entry": "e02"},
        reason="因病未到现场",
        decided_by="领导小组",
        decided_on=NOW.date(),
        state="verified",
        entered_by=organiser.person,
        entered_at=NOW,
        verified_by=clerk.person,
        verified_at=NOW,
        revision=uuid.uuid4(),
    )
    submit(judge, {"e03": {"": REVIEW}}, round_key="review1")
    assert [sheet.entry.key for sheet in Sheet.objects.all()] == ["e03"]


def test_submit_a_joint_review_wants_every_site(stage):
    add_site(stage, "e01", "p1", "富强村")
    add_site(stage, "e01", "p2", "光明村")
    tour = stage.tour()
    tour["e01"] = {"p1": REVIEW}
    with pytest.raises(MarksRefused, match="狼山镇（光明村）还没有打分"):
        submit(stage.judges[0], tour, round_key="review1")
    tour["e01"] = {"p1": REVIEW, "p2": REVIEW}
    submit(stage.judges[0], tour, round_key="review1")
    assert Sheet.objects.filter(entry__key="e01").count() == 2


def test_submit_for_another_judge_is_refused(stage):
    with pytest.raises(PermissionDenied):
        submit(stage.judges[0], stage.speech(), by=stage.judges[1].person)


def test_submit_by_a_judge_without_a_seat_is_refused(stage):
    Seat.objects.filter(judge=stage.judges[0]).delete()
    with pytest.raises(RoundClosed, match="不在「擂台比武」的评委名单中"):
        submit(stage.judges[0], stage.speech())


@pytest.mark.parametrize("closed", [Competition.Stage.DRAFT, Competition.Stage.CLOSED])
def test_submit_outside_the_running_year_is_refused(stage, closed):
    stage.competition.stage = closed
    stage.competition.save()
    with pytest.raises(RoundClosed, match="不接收打分"):
        submit(stage.judges[0], stage.speech())


def test_submit_to_a_round_that_is_not_marked_is_refused(stage):
    with pytest.raises(RoundClosed, match="没有这个需要评委打分的环节"):
        submit(stage.judges[0], stage.speech(), round_key="routine")


def test_submit_takes_few_queries_whatever_the_number_of_entries(competition):
    stage = build_stage(competition, units=[f"第{n}乡" for n in range(1, 12)])
    load_marking_round(competition, "arena")  # the rules are read once per process
    with CaptureQueriesContext(connection) as whole_tour:
        submit(stage.judges[0], stage.tour(), round_key="review1")
    with CaptureQueriesContext(connection) as one_speech:
        submit(stage.judges[0], stage.speech())
    assert Sheet.objects.count() == 13
    # In an arena it is looked for a live event and for turns closed in one that was called off, and
    # not for plans and sites. A lock and what it guards are asked for together.
    assert len(whole_tour) == len(one_speech) <= 14
