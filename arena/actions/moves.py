"""Moving the stage: one step at a time, each seen by one operator and written into the record."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from arena import kinds
from arena.actions.events import advance, lock_event, refuse_other, refuse_stale
from arena.actions.jury import count_ballots, refuse_voted
from arena.models import Event, Turn
from arena.queries.stage import find_ticks, load_live, name_missing
from arena.stage import machine
from arena.telling import tell_moved
from record.private import Private
from scoring.actions.evidence import find_recorded

CHANGED = ["position", "state", "segment", "used", "spent", "began_at"]


@dataclass(frozen=True)
class Move:
    """One kind of move: its name on a button, the entries it names, and when it needs a reason."""

    title: str
    entries: int = 0
    reason: bool = False


MOVES = {
    "begin": Move("请下一位登台"),
    "next_segment": Move("进入下一时段"),
    "pause": Move("暂停计时"),
    "resume": Move("继续计时"),
    "open_marking": Move("开放打分"),
    "close": Move("关闭打分"),
    "reveal": Move("亮分"),
    "miss": Move("登记缺席", reason=True),
    "recall": Move("补排到最后", entries=1),
    "swap": Move("对调", entries=2, reason=True),
    "repeat": Move("重讲", reason=True),
    "step_back": Move("退回一步", reason=True),
}


@transaction.atomic
def move_stage(*, event, move, step, entries=(), reason="", op: UUID, by, now: datetime) -> Event:
    """This function will make one move (a key of MOVES) and return the event.

    `step` is the event's as the operator saw it: whoever comes second is refused. `entries` are
    the entry keys that `recall` (one) and `swap` (two) name. A repeated `op` moves once. Closing
    takes the lock that a hand-in takes, so that every mark is either counted or kept as late.
    Raises ValidationError with the machine's sentence.
    """
    event = lock_event(event)
    kind = MOVES.get(move)
    said = {
        "round": event.round_key,
        "move": move,
        "named": list(entries),
        "reason": " ".join(reason.split()),
    }
    earlier = find_recorded(op, kind=kinds.MOVED, by=by, competition=event.competition)
    if earlier is not None:
        refuse_other(earlier, said)
        return event
    if kind is None or len(said["named"]) != kind.entries:
        raise ValidationError("没有这一步，请刷新页面。")
    refuse_stale(event, step)
    if kind.reason and not said["reason"]:
        raise ValidationError({"reason": f"「{kind.title}」请写明理由。"})
    live = load_live(event)
    if live is None or not live.drawn:
        raise ValidationError("还没有抽签，不能开始。")
    try:
        stage = _apply(live, move, now, said["named"])
    except machine.Refused as refused:
        raise ValidationError(str(refused)) from None
    states = {row.entry.key: row.state for row in live.rows}
    changed = _put_back(live, stage)
    body = said | {
        "turns": [_turn_fact(row) for row in changed],
        "reason": Private(said["reason"]),
    }
    advance(event, kinds.MOVED, body, op=op, by=by, now=now)
    # Whoever leaves the stage goes before whoever enters it: one turn at a time is a constraint.
    for row in changed:
        if row.state != states[row.entry.key]:
            row.moved_step = event.step
    for row in sorted(changed, key=lambda row: row.state in machine.ON_STAGE):
        row.save(update_fields=[*CHANGED, "moved_step"])
    if move == "close":
        for row in changed:
            count_ballots(live, row.entry.key, op, by, now)
    tell_moved(event, now=now)
    return event


@transaction.atomic
def name_speaker(*, event, step, entry_key, speaker, op: UUID, by, now: datetime) -> Event:
    """This function will record who speaks in place of the secretary; an empty name takes it back.
    A turn whose marks are closed keeps what it has."""
    event = lock_event(event)
    speaker = " ".join(speaker.split())
    said = {"round": event.round_key, "entry": entry_key, "speaker": speaker}
    earlier = find_recorded(op, kind=kinds.SPEAKER, by=by, competition=event.competition)
    if earlier is not None:
        refuse_other(earlier, said)
        return event
    refuse_stale(event, step)
    turn = event.turns.filter(entry__key=entry_key).first()
    if turn is None:
        raise ValidationError("顺序表里没有这个单位，请刷新页面。")
    if turn.state in (Turn.State.CLOSED, Turn.State.REVEALED):
        raise ValidationError("这个单位的打分已经关闭，不能再改发言人。")
    if turn.speaker == speaker:
        raise ValidationError("发言人没有变化。")
    advance(event, kinds.SPEAKER, said | {"speaker": Private(speaker)}, op=op, by=by, now=now)
    turn.speaker = speaker
    turn.save(update_fields=["speaker"])
    tell_moved(event, now=now)
    return event


def _apply(live, move, now, named):
    act = getattr(machine, move)
    current = live.stage.on_stage
    if move == "begin":
        _refuse_withdrawn(live)
    if move == "close" and current is not None:
        return act(live.stage, now, name_missing(find_ticks(live.panel, current.key)))
    if move in ("repeat", "step_back"):
        ticks = find_ticks(live.panel, current.key) if current is not None else []
        if current is not None:
            refuse_voted(live, current.key)
        return act(live.stage, now, sum(tick.begun for tick in ticks))
    return act(live.stage, now, *named)


def _refuse_withdrawn(live):
    """Who has withdrawn since the draw is marked by nobody: no turn, but an absence on record."""
    waiting = [row for row in live.rows if row.state == Turn.State.WAITING]
    if waiting and waiting[0].entry.withdrawn:
        name = waiting[0].entry.heading
        raise ValidationError(f"「{name}」已经退出参评，没有人给它打分。请先登记缺席，再请下一位。")


def _put_back(live, stage):
    """Write the machine's turns into the rows; return those that changed."""
    rows, changed = {row.entry.key: row for row in live.rows}, []
    for position, turn in enumerate(stage.turns, 1):
        row = rows[turn.key]
        before = [getattr(row, name) for name in CHANGED]
        row.position, row.state, row.segment = position, turn.state.value, turn.segment
        row.used, row.spent, row.began_at = list(turn.used), turn.spent, turn.began
        if before != [getattr(row, name) for name in CHANGED]:
            changed.append(row)
    return changed


def _turn_fact(row):
    return {
        "entry": row.entry.key,
        "position": row.position,
        "state": row.state,
        "segment": row.segment,
        "used": row.used,
        "spent": row.spent,
    }
