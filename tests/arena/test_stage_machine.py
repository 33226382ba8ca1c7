"""The stage as a machine: what may follow what, the clock, and when a score may be shown."""

import datetime
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arena.stage import machine
from arena.stage.machine import Refused, Segment, Stage, State, Turn

START = datetime.datetime(2022, 8, 20, 9, 0, 0, 400000, tzinfo=datetime.UTC)
PARTS = (Segment("展示片", 90, 10), Segment("演讲", 360, 60), Segment("答辩"))


def after(seconds):
    return START + datetime.timedelta(seconds=seconds)


def stage_of(count=3, **more):
    turns = tuple(Turn(f"e{n}", f"第{n}镇") for n in range(1, count + 1))
    return Stage(turns, segments=PARTS, **more)


def run(stage, *moves, seconds=0):
    """This function will make moves one after another; a move is a name or (name, arguments)."""
    for move in moves:
        name, *rest = move if isinstance(move, tuple) else (move,)
        stage = getattr(machine, name)(stage, after(seconds), *rest)
    return stage


ONE = ("begin", "open_marking", "close")


def states(stage):
    return [turn.state.value for turn in stage.turns]


def test_turn_goes_from_waiting_to_revealed():
    stage = run(stage_of(2), *ONE)
    assert states(stage) == ["closed", "waiting"]
    assert [turn.key for turn in stage.due] == ["e1"]
    assert states(run(stage, "reveal", "begin")) == ["revealed", "speaking"]


@pytest.mark.parametrize(
    ("moves", "words"),
    [
        (("begin", "begin"), "「第1镇」还在台上，请先关闭打分。"),
        ((*ONE, "begin"), "请先亮「第1镇」的分，再请下一位。"),
        (("begin", "close"), "现在没有开放的打分，不能关闭。"),
        (("reveal",), "按本环节的亮分方式，现在没有可以亮的分。"),
        (("begin", "resume"), "计时正在进行，不需要继续。"),
        (("begin", "pause", "pause"), "计时已经暂停，请按「继续计时」。"),
        (("open_marking",), "现在没有单位在汇报。"),
        (("repeat",), "台上没有单位，不能重讲。"),
        (
            ("begin", ("swap", "e1", "e2")),
            "「第1镇」已经登台或登记缺席，只有候场的单位可以对调。",
        ),
        ((("recall", "e1"),), "「第1镇」没有登记缺席，不能补排。"),
        (
            (*ONE, "reveal", "step_back"),
            "「第1镇」已经亮分，不能退回；打分确有差错的，按更正手续办理。",
        ),
        (
            ("begin", "open_marking", ("repeat", 2)),
            "已有 2 名评委交了「第1镇」的打分，不能重讲；交了的打分只能按更正手续改动。",
        ),
        (
            ("begin", "open_marking", ("close", ("3 号评委", "7 号评委"))),
            "「第1镇」还缺 3 号评委、7 号评委的打分，不能关闭。请等其提交；"
            "确实不再等的，先登记“评委不计”的裁定并由另一人核对。",
        ),
    ],
)
def test_move_that_does_not_fit_is_refused_in_a_sentence(moves, words):
    with pytest.raises(Refused) as caught:
        run(stage_of(), *moves)
    assert str(caught.value) == words


def test_last_step_is_taken_back_until_the_score_is_shown():
    stage = run(stage_of(), *ONE)
    back = [states(stage := run(stage, "step_back", seconds=9))[0] for _ in range(3)]
    assert back == ["marking", "speaking", "waiting"]


def test_clock_of_a_speech_taken_back_stands_where_it_stood():
    stage = run(run(stage_of(), "begin"), "open_marking", seconds=70)
    back = run(stage, "step_back", seconds=100)
    assert machine.read_clock(back, back.on_stage, after(500)).used == 70


def test_clock_counts_whole_seconds_without_its_pauses():
    stage = run(stage_of(), "begin")
    stage = run(stage, "pause", seconds=30.9)
    stage = run(stage, "resume", seconds=600)
    clock = machine.read_clock(stage, stage.on_stage, after(655))
    assert (clock.used, clock.left, clock.over, clock.warns) == (86, 4, 0, True)
    late = machine.read_clock(stage, stage.on_stage, after(670))
    assert (late.left, late.over) == (0, 11)


def test_overtime_is_counted_in_parts_with_a_limit_only():
    stage = run(stage_of(), "begin")
    stage = run(stage, "next_segment", seconds=100)
    stage = run(stage, "next_segment", seconds=400)
    stage = run(stage, "open_marking", seconds=4000)
    assert stage.current.used == (100, 300, 3600)
    assert machine.overtime(stage, stage.current) == 10


def test_absent_turn_is_called_again_as_the_last():
    stage = run(stage_of(), "miss", ("recall", "e1"))
    assert [turn.key for turn in stage.turns] == ["e2", "e3", "e1"]
    assert states(stage) == ["waiting"] * 3


def test_waiting_turns_change_places():
    assert [t.key for t in run(stage_of(), ("swap", "e1", "e3")).turns] == ["e3", "e2", "e1"]


def test_score_is_shown_one_contestant_later():
    stage = run(stage_of(reveal="one_later"), *ONE, *ONE)
    assert [turn.key for turn in stage.due] == ["e1"]
    stage = run(stage, "reveal", *ONE)
    assert [turn.key for turn in stage.due] == ["e2", "e3"]


def test_first_scores_are_held_back_until_enough_have_been_seen():
    stage = run(stage_of(4, reveal="held", held=2), *ONE)
    assert stage.due == ()
    stage = run(stage, *ONE)
    assert [turn.key for turn in stage.due] == ["e1", "e2"]
    stage = run(stage, "reveal", "reveal", *ONE)
    assert [turn.key for turn in stage.due] == ["e3"]


def test_scores_at_the_end_are_due_when_the_last_is_closed():
    stage = run(stage_of(2, reveal="at_end"), *ONE, "miss")
    assert [turn.key for turn in stage.due] == ["e1"]
    stage = run(stage, "reveal")
    with pytest.raises(Refused, match="已经开始亮分"):
        run(stage, ("recall", "e2"))


# --- whatever is pressed -------------------------------------------------------------------------

KEYS = st.sampled_from(["e1", "e2", "e3", "e4"])
MOVE = st.one_of(
    st.sampled_from(
        [
            *(("begin",), ("next_segment",), ("open_marking",), ("close",), ("reveal",)) * 3,
            ("pause",),
            ("resume",),
            ("miss",),
            ("repeat",),
            ("repeat", 1),
            ("step_back",),
            ("step_back", 1),
            ("close", ("1 号评委",)),
        ]
    ),
    st.tuples(st.just("recall"), KEYS),
    st.tuples(st.just("swap"), KEYS, KEYS),
)
STAGES = st.builds(
    stage_of,
    count=st.just(4),
    reveal=st.sampled_from(["at_once", "one_later", "held", "at_end"]),
    held=st.integers(1, 5),
)
ORDER = {State.WAITING: 2, State.SPEAKING: 1, State.MARKING: 1}


def check_stage(stage, seconds):
    assert sorted(turn.key for turn in stage.turns) == ["e1", "e2", "e3", "e4"]
    places = [ORDER.get(turn.state, 0) for turn in stage.turns]
    assert places == sorted(places), "Those who wait stand after those who have been."
    assert places.count(1) <= 1, "One turn at a time."
    for turn in stage.turns:
        running = seconds if turn.state == State.SPEAKING else 0
        assert sum(turn.used) + turn.spent <= seconds
        assert 0 <= machine.seconds_used(turn, after(seconds)) <= max(turn.spent, running)
        assert turn.began is None or turn.state == State.SPEAKING
    marked = [t for t in stage.turns if t.state in (State.CLOSED, State.REVEALED)]
    shown = [t for t in marked if t.state == State.REVEALED]
    if shown and not stage.finished:
        if stage.reveal == "at_end":
            raise AssertionError("A score was shown before the end.")
        if stage.reveal == "held":
            assert len(marked) >= stage.held
    for turn in stage.due:
        assert turn.state == State.CLOSED and stage.on_stage is None


@settings(max_examples=150)
@given(STAGES, st.lists(st.tuples(MOVE, st.integers(0, 400)), max_size=40))
def test_no_sequence_of_moves_breaks_the_stage(stage, moves):
    seconds = 0
    for move, passing in moves:
        seconds += passing
        shown = {turn.key for turn in stage.turns if turn.state == State.REVEALED}
        try:
            stage = run(stage, move, seconds=seconds)
        except Refused as refused:
            assert str(refused).endswith("。")
        check_stage(stage, seconds)
        assert shown <= {turn.key for turn in stage.turns if turn.state == State.REVEALED}
    # Whatever happened, the event can be brought to its end.
    for _ in range(40):
        if stage.finished and not stage.due:
            break
        turn = stage.on_stage
        if stage.due:
            stage = run(stage, "reveal", seconds=seconds)
        elif turn is None:
            stage = run(stage, "begin", seconds=seconds)
        else:
            marking = turn.state == State.MARKING
            stage = run(stage, "close" if marking else "open_marking", seconds=seconds)
    assert {turn.state for turn in stage.turns} <= {State.REVEALED, State.ABSENT}


@given(st.integers(0, 10**6), st.integers(0, 999999))
def test_fractions_of_a_second_never_add_up(seconds, fraction):
    stage = run(stage_of(), "begin")
    moment = after(seconds).replace(microsecond=fraction)
    turn = stage.on_stage
    assert machine.seconds_used(turn, moment) == seconds
    assert machine.seconds_used(replace(turn, began=None), moment) == 0
