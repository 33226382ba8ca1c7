"""The audience jury: seat codes, one ballot a seat and contestant, counted at the closing."""

import uuid
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from arena.actions.jury import AlreadyVoted, CodeVoid, take_seat
from arena.models import Ballot, JurySeat
from arena.queries.jury import find_counts, find_turnout
from arena.queries.jury_replay import find_unlike_jury
from arena.queries.rules_change import find_live_obstacles
from arena.queries.scores import Scores
from arena.queries.stage import load_live
from arena.stage.seats import digest_sorted, make_code, read_code
from competitions.models import SchemeVersion
from competitions.queries import scheme_of
from record.actions import OperationReused
from record.models import Revision
from scoring.actions.measurements import enter_measurements, verify_measurements
from scoring.models import Measurement
from scoring.queries.replay import find_unlike_record
from scoring.queries.rules_change import find_unfit_evidence
from scoring.queries.vote_history import find_vote_changes
from tests import factories
from tests.arena.jury_case import (
    VOTED,
    build_jury,
    cast,
    issue,
    let_audience_vote,
    rename_grade,
)
from tests.arena.live_case import build_case
from tests.people import identities
from tests.scoring.stage import NOW

WHY = "第 3 席的手机由工作人员误投，评委会决定更正"


@pytest.fixture
def jury(competition):
    return build_jury(competition)


def counted(live):
    """The revisions by which ballots were counted."""
    chain = Revision.objects.of_chain(live.hall.competition.chain)
    return list(chain.of_kind("measurements.counted"))


def unlike(live):
    """What is not as the record says, with the people of this installation."""
    competition = live.hall.competition
    return find_unlike_jury(competition, identities(competition))


def test_short_code_finds_every_wrong_digit():
    code = make_code(123456789)
    assert len(code) == 10 and read_code(f" {code[:3]} {code[3:6]}-{code[6:]} ") == code
    for place in range(10):
        wrong = code[:place] + str((int(code[place]) + 1) % 10) + code[place + 1 :]
        with pytest.raises(ValueError, match="有一位不对"):
            read_code(wrong)


def test_ballots_are_counted_once_into_the_score(jury):
    live, seats = jury
    live.move("begin")
    with pytest.raises(ValidationError, match="还没有开放投票"):
        cast(live, seats[0])
    live.move("open_marking")
    live.everybody()
    op = uuid.uuid4()
    first = cast(live, seats[0], op=op)
    assert cast(live, seats[0], op=op) == first
    with pytest.raises(ValidationError, match="编号已经用过"):
        cast(live, seats[0], "poor", op=op)
    with pytest.raises(AlreadyVoted, match="只计第一次"):
        cast(live, seats[0], "poor")
    with pytest.raises(ValidationError, match="没有这个单位或这个选项"):
        cast(live, seats[1], "best")
    cast(live, seats[1], "fair")
    assert find_counts(load_live(live.fresh())) == {}
    assert not Measurement.objects.exists()
    live.move("close")
    late = cast(live, seats[2])
    assert late.late and not first.late
    row = Measurement.objects.get(criterion_key=VOTED)
    assert row.counted_values == {"good": "1", "fair": "1", "poor": "0"}
    (revision,) = counted(live)
    hashes = [ballot.hash for ballot in Ballot.objects.filter(late=False)]
    assert revision.facts["digest"] == digest_sorted(hashes)
    assert (revision.facts["ballots"], revision.facts["seats"]) == (2, 4)
    count = find_counts(load_live(live.fresh()))[live.order()[0]]
    assert count.options == [("优秀", "1"), ("良好", "1"), ("一般", "0")]
    assert (count.seats, count.voted, count.late) == (4, 2, 1)
    # 92.50 of the judges and 10 × (1 × 1 + 1 × 0.5) ÷ 2, of 110: 100 × 100 ÷ 110.
    live.move("reveal")
    scores = Scores(load_live(live.fresh()))
    assert scores.of_turn(live.order()[0])[0].points == "90.91"


def test_turn_opened_again_is_counted_again(jury):
    live, seats = jury
    live.move("begin", "open_marking")
    live.everybody()
    cast(live, seats[0])
    with pytest.raises(ValidationError, match="大众评委已投 1 票"):
        live.move("step_back")
    live.move("close")
    cast(live, seats[1])
    live.move("step_back")
    cast(live, seats[1], "poor")
    with pytest.raises(AlreadyVoted):
        cast(live, seats[0], "poor")
    live.move("close")
    row = Measurement.objects.get(criterion_key=VOTED)
    assert row.values == {"good": "1", "fair": "0", "poor": "1"}
    assert [revision.facts["ballots"] for revision in counted(live)] == [1, 2]
    assert find_turnout(live.event, live.event.turns.first()).late == 1


def test_grades_stay_as_they_are_while_the_vote_is_open(jury):
    live, seats = jury
    competition = live.hall.competition
    old = scheme_of(SchemeVersion.objects.get(competition=competition))
    new = rename_grade(old, "fair", "middling")
    live.move("begin")
    assert find_live_obstacles(competition, old, new) == []
    live.move("open_marking")
    cast(live, seats[0], "fair")
    assert find_live_obstacles(competition, old, old) == []
    (said,) = find_live_obstacles(competition, old, new)
    assert "投票还没有关闭" in said and "请先关闭打分" in said
    live.everybody()
    live.move("close")
    # From here on the counted votes stand against it.
    assert find_live_obstacles(competition, old, new) == []
    (said,) = find_unfit_evidence(competition, old, new)
    assert "「大众评委」已有 1 项数据" in said


def test_counted_votes_change_by_two_persons_only(jury):
    live, seats = jury
    live.move("begin", "open_marking")
    live.everybody()
    cast(live, seats[0])
    live.move("close")
    row, key = Measurement.objects.get(), live.order()[0]
    clerk, other = factories.PersonFactory(), factories.PersonFactory()
    common = {"competition": live.hall.competition, "round_key": "arena", "now": NOW}
    enter = partial(
        enter_measurements,
        values={(key, VOTED): {"poor": "3"}},
        revisions={(key, VOTED): row.revision.hex},
        op=uuid.uuid4(),
        by=clerk,
        **common,
    )
    with pytest.raises(ValidationError, match="更正它要写明原因"):
        enter(reason=" ")
    revision = enter(reason=WHY)
    assert enter(reason=WHY) == revision and WHY not in revision.body
    with pytest.raises(OperationReused):
        enter(reason="另一个原因")
    row.refresh_from_db()
    assert row.counted_values == {"good": "1", "fair": "0", "poor": "0"}
    verify_measurements(
        revisions={(key, VOTED): row.revision.hex}, op=uuid.uuid4(), by=other, **common
    )
    row.refresh_from_db()
    assert row.counted_values["poor"] == "3"
    ((change,),) = find_vote_changes(live.hall.competition, "arena").values()
    assert (change.before["poor"], change.after["poor"]) == ("0", "3") and change.approved
    assert (change.proposed.reason, change.proposed.name) == (WHY, clerk.name)
    assert change.settled.name == other.name
    assert find_unlike_record(live.hall.competition, identities(live.hall.competition)) == []


def test_seat_belongs_to_the_first_phone_until_issued_again(jury):
    live, seats = jury
    with pytest.raises(ValidationError, match="另一部手机"):
        take_seat(seat=seats[0], token="other", now=NOW)
    with pytest.raises(ValidationError, match="已经是 2 号席位"):
        take_seat(seat=issue(live, [9])[0][0], token="phone-2", now=NOW)
    live.move("begin", "open_marking")
    live.everybody()
    cast(live, seats[0])
    ((renewed, secret, code),) = issue(live, [1])
    assert len(secret) == 16 and len(code) == 10
    assert secret not in str(JurySeat.objects.values()) and code not in str(
        JurySeat.objects.values()
    )
    with pytest.raises(CodeVoid):
        take_seat(seat=seats[0], token="phone-1", now=NOW)
    with pytest.raises(ValidationError, match="重新印制"):
        cast(live, seats[0], key=live.order()[1])
    take_seat(seat=renewed, token="phone-1", now=NOW)
    with pytest.raises(AlreadyVoted):
        cast(live, renewed)
    live.move("close")
    assert unlike(live) == []


def test_issuing_is_recorded_without_codes_and_not_repeated(competition):
    live = build_case(competition)
    with pytest.raises(ValidationError, match="不设大众评委"):
        issue(live, [1])
    let_audience_vote(competition)
    op = uuid.uuid4()
    made = issue(live, range(1, 4), op=op)
    with pytest.raises(ValidationError, match="不能再打印第二次"):
        issue(live, range(1, 4), op=op)
    with pytest.raises(ValidationError, match="从 1 到 2000"):
        issue(live, [2001])
    (revision,) = Revision.objects.of_chain(competition.chain).of_kind("jury.issued")
    assert revision.facts["seats"] == [1, 2, 3]
    assert not any(text in str(revision.facts) for _seat, *codes in made for text in codes)


def test_changed_ballot_or_seat_is_found(jury):
    live, seats = jury
    live.move("begin", "open_marking")
    live.everybody()
    cast(live, seats[0])
    live.move("close")
    assert unlike(live) == []
    Ballot.objects.update(choice="poor")
    assert unlike(live) == ["大众评委选票"]
    JurySeat.objects.filter(number=4).update(digest="0" * 64)
    assert unlike(live) == ["大众评委席位", "大众评委选票"]


def test_without_seats_votes_are_typed_in(jury):
    live, _seats = jury
    JurySeat.objects.all().delete()
    live.move("begin", "open_marking")
    live.everybody()
    live.move("close", "reveal")
    assert not Measurement.objects.exists()
    # Seats that come later do not make the votes that were typed in for this turn into none.
    issue(live, [1])
    assert find_counts(load_live(live.fresh())) == {}


def test_counts_stay_as_they_were_at_the_closing_and_ask_as_often_for_more_turns(jury):
    live, seats = jury

    def close(key):
        live.move("begin", "open_marking")
        live.everybody(key)
        cast(live, seats[0], key=key)
        live.move("close", "reveal")
        event = live.fresh()
        with CaptureQueriesContext(connection) as asked:
            found = find_counts(load_live(event))
        return [(item.seats, item.voted) for item in found.values()], len(asked)

    first, second, _third = live.order()
    said, queries = close(first)
    assert said == [(4, 1)]
    issue(live, range(5, 9))
    assert close(second) == ([(4, 1), (8, 1)], queries)
