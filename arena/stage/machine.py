"""The stage as a state machine: whose turn it is, what may happen next, and what may be shown.

    waiting → speaking (segments with a clock) → marking → closed → revealed

Every move is a function (stage, now, …) → stage, or it raises Refused with a full sentence. A stage
is plain frozen data; times come from the server, in whole seconds. The turns stand in the order of
appearance: those that have been, then the one on stage, then those that wait.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """Where a turn stands."""

    WAITING = "waiting"
    SPEAKING = "speaking"
    MARKING = "marking"
    CLOSED = "closed"
    REVEALED = "revealed"
    ABSENT = "absent"


ON_STAGE = (State.SPEAKING, State.MARKING)


class Refused(Exception):
    """A move that the stage does not allow now; `str()` is a full sentence with the remedy."""


@dataclass(frozen=True)
class Segment:
    """One part of a turn: `seconds` is its limit (None: the clock only counts up), `warning` the
    seconds left at which the clock warns."""

    title: str
    seconds: int | None = None
    warning: int = 0


@dataclass(frozen=True)
class Turn:
    """One entrant's turn.

    segment: the part that runs, from 0; used: seconds of the parts that are over; spent: seconds of
    the running part before its clock was last started, `began` when that was (None: it stands).
    """

    key: str
    name: str
    state: State = State.WAITING
    segment: int = 0
    used: tuple[int, ...] = ()
    spent: int = 0
    began: datetime | None = None


@dataclass(frozen=True)
class Stage:
    """A whole event: how scores are shown (`reveal`, `held` as in the scheme), the parts of every
    turn, and the turns in their order."""

    turns: tuple[Turn, ...]
    reveal: str = "at_once"
    held: int = 0
    segments: tuple[Segment, ...] = (Segment("汇报"),)

    def turn(self, key: str) -> Turn:
        """This function will return the turn of that key, or raise Refused."""
        for turn in self.turns:
            if turn.key == key:
                return turn
        raise Refused("顺序表里没有这个单位，请刷新页面。")

    @property
    def on_stage(self) -> Turn | None:
        """The turn that speaks or is marked."""
        return next((turn for turn in self.turns if turn.state in ON_STAGE), None)

    @property
    def current(self) -> Turn | None:
        """The turn on stage, else the last one that has been there; None before the first."""
        been = [turn for turn in self.turns if turn.state != State.WAITING]
        return self.on_stage or (been[-1] if been else None)

    @property
    def following(self) -> Turn | None:
        """The turn that comes next (候场)."""
        return next((turn for turn in self.turns if turn.state == State.WAITING), None)

    @property
    def finished(self) -> bool:
        """Whether nobody waits and nobody is on stage; scores may still have to be shown."""
        return self.following is None and self.on_stage is None

    @property
    def due(self) -> tuple[Turn, ...]:
        """The turns whose scores the scheme lets be shown now, in their order."""
        if self.on_stage is not None:
            return ()
        closed = [turn for turn in self.turns if turn.state == State.CLOSED]
        if self.reveal == "at_once" or self.finished:
            return tuple(closed)
        marked = [turn for turn in self.turns if turn.state in (State.CLOSED, State.REVEALED)]
        if self.reveal == "one_later":
            return tuple(turn for turn in closed if turn is not marked[-1])
        if self.reveal == "held" and len(marked) >= self.held:
            return tuple(closed)
        return ()


# --- moves ---------------------------------------------------------------------------------------


def begin(stage: Stage, now: datetime) -> Stage:
    """This function will bring the next turn on stage and start its clock."""
    turn = _next(stage)
    return _put(stage, replace(turn, state=State.SPEAKING, began=whole(now)))


def next_segment(stage: Stage, now: datetime) -> Stage:
    """This function will end the running part of the turn and start the clock of the next."""
    turn = _speaking(stage)
    if turn.segment + 1 >= len(stage.segments):
        raise Refused(f"「{turn.name}」已是最后一个时段，请开放打分。")
    ended = _end_segment(turn, now)
    return _put(stage, replace(ended, segment=turn.segment + 1, began=whole(now)))


def pause(stage: Stage, now: datetime) -> Stage:
    """This function will stop the clock."""
    turn = _speaking(stage)
    if turn.began is None:
        raise Refused("计时已经暂停，请按「继续计时」。")
    return _put(stage, replace(turn, spent=seconds_used(turn, now), began=None))


def resume(stage: Stage, now: datetime) -> Stage:
    """This function will let a stopped clock run on."""
    turn = _speaking(stage)
    if turn.began is not None:
        raise Refused("计时正在进行，不需要继续。")
    return _put(stage, replace(turn, began=whole(now)))


def open_marking(stage: Stage, now: datetime) -> Stage:
    """This function will end the speech and open the marking of the turn."""
    turn = _speaking(stage)
    return _put(stage, replace(_end_segment(turn, now), state=State.MARKING))


def close(stage: Stage, now: datetime, missing: tuple[str, ...] = ()) -> Stage:
    """This function will close the marking of the turn. `missing` names the judges of whom a mark
    is still expected; while there are any it is refused."""
    turn = stage.on_stage
    if turn is None or turn.state != State.MARKING:
        raise Refused("现在没有开放的打分，不能关闭。")
    if missing:
        raise Refused(
            f"「{turn.name}」还缺 {'、'.join(missing)}的打分，不能关闭。请等其提交；"
            "确实不再等的，先登记“评委不计”的裁定并由另一人核对。"
        )
    return _put(stage, replace(turn, state=State.CLOSED))


def reveal(stage: Stage, now: datetime) -> Stage:
    """This function will show the first score that is due."""
    if not stage.due:
        raise Refused("按本环节的亮分方式，现在没有可以亮的分。")
    return _put(stage, replace(stage.due[0], state=State.REVEALED))


def miss(stage: Stage, now: datetime) -> Stage:
    """This function will note that the next turn does not appear (缺席)."""
    return _put(stage, replace(_next(stage), state=State.ABSENT))


def recall(stage: Stage, now: datetime, key: str) -> Stage:
    """This function will let an absent turn wait again, as the last."""
    turn = stage.turn(key)
    if turn.state != State.ABSENT:
        raise Refused(f"「{turn.name}」没有登记缺席，不能补排。")
    if stage.reveal == "at_end" and any(t.state == State.REVEALED for t in stage.turns):
        raise Refused(f"已经开始亮分，「{turn.name}」不能再补排。")
    others = tuple(other for other in stage.turns if other.key != key)
    return replace(stage, turns=(*others, Turn(turn.key, turn.name)))


def swap(stage: Stage, now: datetime, key: str, other: str) -> Stage:
    """This function will exchange the places of two turns that both still wait."""
    pair = stage.turn(key), stage.turn(other)
    if key == other:
        raise Refused("请选择两个不同的单位对调。")
    for turn in pair:
        if turn.state != State.WAITING:
            raise Refused(f"「{turn.name}」已经登台或登记缺席，只有候场的单位可以对调。")
    exchanged = {key: pair[1], other: pair[0]}
    return replace(stage, turns=tuple(exchanged.get(turn.key, turn) for turn in stage.turns))


def repeat(stage: Stage, now: datetime, handed_in: int = 0) -> Stage:
    """This function will let the turn on stage start again from its first second. `handed_in` is
    the number of judges who have handed in marks of it; with any it is refused."""
    turn = stage.on_stage
    if turn is None:
        raise Refused("台上没有单位，不能重讲。")
    _refuse_with_marks(turn, handed_in, "重讲")
    again = Turn(turn.key, turn.name, State.SPEAKING, began=whole(now))
    return _put(stage, again)


def step_back(stage: Stage, now: datetime, handed_in: int = 0) -> Stage:
    """This function will take back the last step of the current turn: closed → marking → speaking
    (with its clock stopped) → waiting. A score that has been shown is not taken back."""
    turn = stage.current
    if turn is None or turn.state == State.ABSENT:
        raise Refused("没有可以退回的步骤；登记缺席的单位请用「补排」。")
    if turn.state == State.REVEALED:
        raise Refused(f"「{turn.name}」已经亮分，不能退回；打分确有差错的，按更正手续办理。")
    if turn.state == State.CLOSED:
        return _put(stage, replace(turn, state=State.MARKING))
    if turn.state == State.MARKING:
        _refuse_with_marks(turn, handed_in, "退回计时")
        spent = turn.used[-1]
        back = replace(turn, state=State.SPEAKING, used=turn.used[:-1], spent=spent, began=None)
        return _put(stage, back)
    return _put(stage, Turn(turn.key, turn.name))


# --- the clock -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Clock:
    """The clock of the running part: seconds used, left and over (None without a limit), whether it
    runs and whether it warns. `spent` and `began` are the turn's own, for a page that counts on."""

    used: int
    limit: int | None
    left: int | None
    over: int
    running: bool
    warns: bool
    spent: int = 0
    began: datetime | None = None

    @property
    def text(self) -> str:
        """What the clock shows: the time left, `+` and the time over, or the time used."""
        if self.left is None:
            return write_seconds(self.used)
        return f"+{write_seconds(self.over)}" if self.over else write_seconds(self.left)

    @property
    def limit_text(self) -> str:
        """The limit as minutes and seconds."""
        return "" if self.limit is None else write_seconds(self.limit)


def write_seconds(seconds: int) -> str:
    """This function will write whole seconds as minutes and seconds: 6:05."""
    return f"{seconds // 60}:{seconds % 60:02d}"


def whole(now: datetime) -> datetime:
    """This function will cut a moment to its whole second."""
    return now.replace(microsecond=0)


def seconds_used(turn: Turn, now: datetime) -> int:
    """This function will return the whole seconds used in the running part; a server's clock that
    was set back counts nothing."""
    if turn.began is None:
        return turn.spent
    return turn.spent + max(0, int((whole(now) - turn.began).total_seconds()))


def read_clock(stage: Stage, turn: Turn, now: datetime) -> Clock:
    """This function will return the Clock of a turn that speaks."""
    segment, used = stage.segments[turn.segment], seconds_used(turn, now)
    if segment.seconds is None:
        return Clock(used, None, None, 0, turn.began is not None, False, turn.spent, turn.began)
    left = max(0, segment.seconds - used)
    return Clock(
        used=used,
        limit=segment.seconds,
        left=left,
        over=max(0, used - segment.seconds),
        running=turn.began is not None,
        warns=left <= segment.warning,
        spent=turn.spent,
        began=turn.began,
    )


def overtime(stage: Stage, turn: Turn) -> int:
    """This function will return the seconds over the limits in the parts that have ended."""
    return sum(
        max(0, used - segment.seconds)
        for used, segment in zip(turn.used, stage.segments, strict=False)
        if segment.seconds is not None
    )


# --- shared --------------------------------------------------------------------------------------


def _next(stage):
    on_stage = stage.on_stage
    if on_stage is not None:
        raise Refused(f"「{on_stage.name}」还在台上，请先关闭打分。")
    if stage.due:
        raise Refused(f"请先亮「{stage.due[0].name}」的分，再请下一位。")
    if stage.following is None:
        raise Refused("全部单位都已登台。")
    return stage.following


def _speaking(stage):
    turn = stage.on_stage
    if turn is None or turn.state != State.SPEAKING:
        raise Refused("现在没有单位在汇报。")
    return turn


def _end_segment(turn, now):
    return replace(turn, used=(*turn.used, seconds_used(turn, now)), spent=0, began=None)


def _refuse_with_marks(turn, handed_in, what):
    if handed_in:
        raise Refused(
            f"已有 {handed_in} 名评委交了「{turn.name}」的打分，不能{what}；"
            "交了的打分只能按更正手续改动。"
        )


def _put(stage, turn):
    return replace(stage, turns=tuple(turn if t.key == turn.key else t for t in stage.turns))
