"""Numbered score sheets: issued, printed, voided, and typed in twice while the event runs."""

import json
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from arena.actions.draw import call_off
from arena.actions.paper import issue_paper, void_paper
from arena.actions.paper_entry import enter_paper
from arena.models import PaperSheet
from arena.queries.originals import note_of
from arena.queries.paper import load_register
from arena.queries.paper_replay import find_unlike_papers
from arena.queries.readings import find_differences
from arena.queries.stage import load_live
from competitions.actions import replace_judge
from competitions.models import Seat
from publication.carried import RowReader, write_row
from record.actions import OperationReused, erase_private
from record.models import PrivateValue, Revision
from record.private import ERASED
from record.queries import verify_chain
from scoring.actions.sheet_rules import MarksRefused, RoundClosed, SheetConflict
from scoring.models import Sheet
from scoring.queries.replay import find_unlike_record
from tests.arena.live_case import exclude
from tests.arena.paper_case import issue, once, paper_of, print_all, type_in, void
from tests.factories import PersonFactory
from tests.people import identities
from tests.scoring.stage import ARENA, NOW, add_judge, recuse

pytestmark = pytest.mark.django_db
OTHER = {"a-results": "35.5"}


@pytest.fixture
def open_turn(live):
    issue(live)
    live.move("begin", "open_marking")
    return live


def states(live):
    return {
        (row.paper.judge.key, row.paper.entry.key): row.state
        for row in load_register(load_live(live.fresh())).valid
    }


def first_states(live):
    key = live.order()[0]
    return [states(live)[judge.key, key] for judge in live.hall.judges]


# --- issued, printed, voided ---------------------------------------------------------------------


def test_every_judge_gets_a_number_for_every_contestant_in_order(live):
    recuse(live.hall, live.hall.judges[1], "e02")
    papers = issue(live)
    assert len(papers) == 8 and len({paper.serial for paper in papers}) == 8
    assert list(dict.fromkeys(paper.entry.key for paper in papers)) == live.order()
    facts = Revision.objects.get(kind="paper.issued").facts
    assert facts["sheets"][0] == {
        "serial": papers[0].serial,
        "judge": "j01",
        "entry": live.order()[0],
    }
    with pytest.raises(ValidationError, match="没有要新编的"):
        issue(live)


def test_judge_who_joins_later_gets_his_for_turns_that_are_not_over(live):
    issue(live)
    live.move("begin", "open_marking")
    live.everybody()
    live.move("close", "reveal")
    add_judge(live.hall, 4)
    papers = issue(live)
    assert [(paper.judge.key, paper.entry.key) for paper in papers] == [
        ("j04", key) for key in live.order()[1:]
    ]


def test_printing_again_is_a_copy_on_record(live, clerk):
    papers = issue(live)
    serials = [paper.serial for paper in papers]
    print_all(live, serials, clerk.person)
    print_all(live, serials[:1], clerk.person)
    assert list(PaperSheet.objects.values_list("copies", flat=True)) == [2] + [1] * 8
    last = Revision.objects.filter(kind="paper.printed").last()
    assert last.facts["copies"] == {serials[0]: 2}
    with pytest.raises(ValidationError, match="不在本场"):
        print_all(live, ["1234567", serials[0]], clerk.person)


def test_spoiled_sheet_is_voided_with_a_reason_and_gets_a_new_number(open_turn, clerk):
    paper = paper_of(open_turn)
    with pytest.raises(ValidationError, match="请写明作废原因"):
        void(open_turn, paper, clerk.person, reason=" ")
    old, new = void(open_turn, paper, clerk.person, reason="张三写错")
    assert old.voided and new.instead_of == old and new.serial != old.serial
    with pytest.raises(ValidationError, match=f"已经作废.*换发的是 {new.shown}"):
        void(open_turn, old, clerk.person)
    with pytest.raises(ValidationError, match="已经作废"):
        print_all(open_turn, [old.serial], clerk.person)
    said = Revision.objects.get(kind="paper.voided")
    assert "张三" not in str(said.body)
    value = PrivateValue.objects.get(op_id=said.op_id)
    erase_private(digest=value.digest, by=str(clerk.person.id), now=NOW)
    assert PaperSheet.objects.get(pk=old.pk).void_reason == ERASED
    assert verify_chain(open_turn.hall.competition.chain).ok


def test_sheets_of_a_judge_who_is_replaced_are_void_and_say_who_took_over(live, clerk, organiser):
    issue(live)
    judge, competition = live.hall.judges[0], live.hall.competition
    Seat.objects.filter(round_key__startswith="review").delete()
    said = {"judge": judge, "person": PersonFactory(), "by": organiser.person, "now": NOW}
    new = replace_judge(competition=competition, op_id=uuid.uuid4(), **said)
    voided = PaperSheet.objects.filter(voided_at__isnull=False)
    assert {paper.judge for paper in voided} == {judge} and len(voided) == len(live.order())
    reason = f"评委席已由 {new.number} 号评委接替"
    assert {note_of(paper) for paper in voided} == {reason}
    assert {paper.judge for paper in issue(live)} == {new}
    assert find_unlike_papers(competition, identities(competition)) == []


def test_sheet_from_which_something_was_typed_is_evidence_and_stays(open_turn, clerk):
    type_in(open_turn, clerk)
    with pytest.raises(ValidationError, match="原件是依据，不能作废"):
        void(open_turn, paper_of(open_turn), clerk.person)


def test_repeated_operation_acts_once(live, clerk):
    act = once(clerk.person)
    first = issue_paper(event=live.fresh(), **act)
    assert [one.pk for one in issue_paper(event=live.fresh(), **act)] == [one.pk for one in first]
    act = {**once(clerk.person), "serial": first[0].serial, "reason": "污损", "renew": True}
    _old, new = void_paper(event=live.fresh(), **act)
    assert void_paper(event=live.fresh(), **act)[1] == new
    with pytest.raises(OperationReused):
        void_paper(event=live.fresh(), **{**act, "reason": "别的"})


# --- typed in twice ------------------------------------------------------------------------------


def test_two_persons_who_agree_make_the_marks_count(open_turn, clerk, organiser):
    assert type_in(open_turn, clerk).outcome == "first"
    assert not Sheet.objects.counted().exists() and first_states(open_turn)[0] == "once"
    assert type_in(open_turn, organiser).outcome == "agreed"
    assert Sheet.objects.counted().count() == 2 and first_states(open_turn)[0] == "counted"
    serial = paper_of(open_turn).serial
    for kind in ("sheet.entered", "sheet.verified"):
        assert Revision.objects.get(kind=kind).facts["serial"] == serial
    with pytest.raises(ValidationError, match="不用再录"):
        type_in(open_turn, clerk)
    with pytest.raises(ValidationError, match="已由两人录入一致并计入，您这次录入的不同"):
        type_in(open_turn, clerk, **OTHER)


def test_one_person_twice_is_still_one_reading(open_turn, clerk):
    type_in(open_turn, clerk)
    assert type_in(open_turn, clerk, **OTHER).outcome == "first"
    assert Sheet.objects.get(entry__key=open_turn.order()[0]).marks == {**ARENA, **OTHER}
    assert not Sheet.objects.counted().exists()


def test_difference_is_shown_to_the_two_and_settled_by_either(open_turn, clerk, organiser, auditor):
    type_in(open_turn, clerk)
    assert type_in(open_turn, organiser, **OTHER).outcome == "differs"
    assert first_states(open_turn)[0] == "differs"
    live = load_live(open_turn.fresh())
    register = load_register(live)
    (mine,) = find_differences(live, register, clerk.person)
    assert len(mine.rows) == 1
    assert (mine.rows[0]["left"], mine.rows[0]["right"], mine.other) == (
        "38.5",
        "35.5",
        organiser.person,
    )
    (theirs,) = find_differences(live, register, organiser.person)
    assert (theirs.rows[0]["left"], theirs.rows[0]["right"]) == ("35.5", "38.5")
    assert find_differences(live, register, auditor.person) == []
    # The unit's marks differ, the secretary's are agreed on already: only the rest is typed again.
    assert type_in(open_turn, clerk, **OTHER).outcome == "agreed"
    assert Sheet.objects.counted().get(entry__key=open_turn.order()[0]).marks == {**ARENA, **OTHER}


def test_repeated_reading_is_told_what_came_of_it(open_turn, clerk, organiser):
    type_in(open_turn, clerk)
    op = uuid.uuid4()
    assert type_in(open_turn, organiser, op=op).outcome == "agreed"
    assert type_in(open_turn, organiser, op=op).outcome == "agreed"
    with pytest.raises(OperationReused):
        type_in(open_turn, organiser, op=op, **OTHER)
    assert Revision.objects.filter(kind="sheet.verified").count() == 1


def test_nobody_types_his_own_sheet(open_turn):
    with pytest.raises(ValidationError, match="不能录入自己作为评委"):
        type_in(open_turn, open_turn.hall.judges[0].user)


def test_range_and_step_are_enforced_and_nothing_is_left_out(open_turn, clerk):
    with pytest.raises(MarksRefused, match="应在 0 到 40 之间"):
        type_in(open_turn, clerk, **{"a-results": "41"})
    with pytest.raises(MarksRefused, match="间隔"):
        type_in(open_turn, clerk, **{"a-results": "38.3"})
    paper = paper_of(open_turn)
    sheets = open_turn.hall.speech(paper.entry.key)
    sheets.pop(paper.entry.key.replace("e", "s"))
    with pytest.raises(MarksRefused, match="还没有录入，请照原件一并录入"):
        enter_paper(
            event=open_turn.fresh(), serial=paper.serial, sheets=sheets, **once(clerk.person)
        )
    other = open_turn.hall.speech(open_turn.order()[1])
    with pytest.raises(ValidationError, match="不是同一张评分表"):
        enter_paper(
            event=open_turn.fresh(), serial=paper.serial, sheets=other, **once(clerk.person)
        )
    assert not Sheet.objects.exists()


def test_paper_before_and_after_its_turn_is_not_taken(live, clerk):
    issue(live)
    with pytest.raises(RoundClosed, match="还没有开放打分"):
        type_in(live, clerk)
    exclude(live, "j01", [clerk, live.hall.judges[2].user])
    live.move("begin", "open_marking")
    live.hand_in(1)
    live.hand_in(2)
    live.move("close")
    with pytest.raises(ValidationError, match="裁定不计"):
        type_in(live, clerk)


def test_phone_and_paper_of_one_judge_are_told_and_neither_is_overwritten(open_turn, clerk):
    open_turn.hand_in(0)
    with pytest.raises(ValidationError, match=r"已在手机上.*没有录入.*请报告主持人裁定"):
        type_in(open_turn, clerk, **OTHER)
    assert set(Sheet.objects.values_list("source", flat=True)) == {"pad"}
    assert first_states(open_turn)[0] == "phone"
    old, new = void(open_turn, paper_of(open_turn), clerk.person, renew=False)
    assert old.voided and new is None
    # The other way round: the phone is told, and the paper stays.
    type_in(open_turn, clerk, judge=1)
    with pytest.raises(SheetConflict):
        open_turn.hand_in(1)


def test_mixed_panel_closes_when_every_paper_is_settled(open_turn, clerk, organiser):
    open_turn.hand_in(0)
    with pytest.raises(ValidationError, match="2 号评委、3 号评委"):
        open_turn.move("close")
    for judge in (1, 2):
        type_in(open_turn, clerk, judge=judge)
    type_in(open_turn, organiser, judge=1)
    type_in(open_turn, organiser, judge=2, **OTHER)
    with pytest.raises(ValidationError, match="还缺 3 号评委（纸质表两次录入不一致）的打分"):
        open_turn.move("close")
    type_in(open_turn, organiser, judge=2)
    assert first_states(open_turn) == ["phone", "counted", "counted"]
    open_turn.move("close", "reveal")


def test_ruling_for_a_judge_whose_paper_is_unsettled_lets_the_turn_close(
    open_turn, clerk, organiser
):
    open_turn.hand_in(0)
    open_turn.hand_in(1)
    type_in(open_turn, clerk, judge=2)
    with pytest.raises(ValidationError, match="纸质表待核对"):
        open_turn.move("close")
    exclude(open_turn, "j03", [clerk, organiser])
    open_turn.move("close")
    assert not Sheet.objects.counted().filter(judge=open_turn.hall.judges[2]).exists()


# --- beside the record ---------------------------------------------------------------------------


def test_numbered_sheets_are_replayed_from_the_record(open_turn, clerk, organiser):
    competition = open_turn.hall.competition

    def told():
        ids = identities(competition)
        return find_unlike_papers(competition, ids) + find_unlike_record(competition, ids)

    print_all(open_turn, [paper_of(open_turn).serial], clerk.person)
    void(open_turn, paper_of(open_turn), clerk.person)
    type_in(open_turn, clerk)
    type_in(open_turn, organiser, **OTHER)
    assert told() == []
    type_in(open_turn, clerk, **OTHER)
    assert told() == []
    for change in ({"copies": 3}, {"void_reason": "别的"}, {"judge": open_turn.hall.judges[1]}):
        with transaction.atomic():
            PaperSheet.objects.filter(voided_at__isnull=False).update(**change)
            assert told() == ["编号评分表"]
            transaction.set_rollback(True)
    assert told() == []


def test_numbered_sheets_travel_in_a_bundle(open_turn, clerk):
    for paper in void(open_turn, paper_of(open_turn), clerk.person):
        row = json.loads(json.dumps(write_row(paper, lambda _model, pk: str(pk))))
        read = RowReader(lambda _model, name: name).read(PaperSheet, row, "第 1 行")
        assert read.keys() == {
            field.attname for field in PaperSheet._meta.concrete_fields if not field.primary_key
        }
        assert {name: str(value) for name, value in read.items()} == {
            name: str(getattr(paper, name)) for name in read
        }


def test_sheet_of_an_event_just_called_off_is_not_taken(live):
    """Without the event no door would stand before it: a turn that never was open would count."""
    issue(live)
    paper, seen = paper_of(live), live.fresh()
    call_off(event=live.fresh(), step=seen.step, reason="改期", **once(live.operator))
    sheets = live.hall.speech(paper.entry.key)
    with pytest.raises(ValidationError, match="已经取消"):
        enter_paper(event=seen, serial=paper.serial, sheets=sheets, **once(live.operator))
    assert not Sheet.objects.exists()
