"""The draw: announced first, then recorded with its order; and calling an event off."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from arena import kinds
from arena.actions.door import name_stage
from arena.actions.events import advance, lock_event, refuse_other, refuse_stale
from arena.models import Event, Turn
from arena.queries.draws import find_announced
from arena.queries.stage import find_entrants, find_event, find_unplaced, load_live
from arena.stage.draw import draw_lots, tidy_seed
from arena.telling import tell_called_off, tell_moved
from competitions.actions import basis
from record.private import Private
from record.turns import take_turn
from scoring.actions.evidence import find_recorded
from scoring.models import Sheet
from scoring.queries.panels import load_marking_round


@transaction.atomic
def announce_draw(*, competition, round_key, method, source, op: UUID, by, now: datetime) -> Event:
    """This function will open a live event for an arena round and record, before the draw, how the
    order will be drawn: `method` as in Event, `source` where the seed will come from, or how the
    slips will be drawn. From now on marks are taken for the turn that is open only. Raises
    ValidationError when the round is no arena, has an event, or has been marked already."""
    competition = basis.lock_open(competition, rehearsed=True)
    take_turn(name_stage(competition, round_key))
    source = " ".join(source.split())
    earlier = find_recorded(op, kind=kinds.ANNOUNCED, by=by, competition=competition)
    if earlier is not None:
        refuse_other(earlier, {"round": round_key, "method": method, "source": source})
        return Event.objects.filter(competition=competition, round_key=round_key).latest("id")
    panel = load_marking_round(competition, round_key)
    if panel is None or panel.whole_tour or panel.round.key != round_key:
        raise ValidationError("已公布的规则里没有这个由评委打分的擂台环节，不能开设现场。")
    if find_event(competition, round_key) is not None:
        raise ValidationError("本环节已经公布抽签办法，不能再公布一次。")
    if Sheet.objects.filter(competition=competition, round_key__in=panel.round_keys).exists():
        raise ValidationError("本环节已经有打分，不能再开设现场。")
    if not source:
        raise ValidationError({"source": "请写明抽签办法，例如种子取自哪一期公开的开奖号码。"})
    if method not in Event.Method.values:
        raise ValidationError({"method": "请选择抽签方式。"})
    body = {
        "round": round_key,
        "method": method,
        # How lots are drawn is told in words, and may say who draws them.
        "source": Private(source),
        "entries": list(find_entrants(panel)),
    }
    revision = basis.append(competition, kinds.ANNOUNCED, body, by=by, now=now, op_id=op)
    return Event.objects.create(
        competition=competition,
        round_key=round_key,
        method=method,
        source=source,
        announced_by=by,
        announced_at=now,
        revision=revision.op_id,
    )


@transaction.atomic
def draw_order(*, event, step, seed="", order=(), reason="", op: UUID, by, now: datetime) -> Event:
    """This function will record the drawn order: computed from `seed` (arena.stage.draw), or
    `order`, the entry keys as the slips said. A second draw needs a reason, and nobody may have
    come on stage. `step` is the event's as the page showed it.

    A seed draws those whom the announcement named, less who has withdrawn since, which moves
    nobody; who came on the list since goes behind all, as his key was not fixed before the seed.
    """
    event = lock_event(event)
    given = {
        "round": event.round_key,
        "typed": seed.strip(),
        "given": list(order),
        "reason": " ".join(reason.split()),
    }
    earlier = find_recorded(op, kind=kinds.DRAWN, by=by, competition=event.competition)
    if earlier is not None:
        refuse_other(earlier, given)
        return event
    refuse_stale(event, step)
    turns = list(event.turns.all())
    if any(turn.state != Turn.State.WAITING for turn in turns):
        raise ValidationError("已经有单位登台，不能重新抽签；需要调整的，请在现场控制台对调。")
    if turns and not given["reason"]:
        raise ValidationError({"reason": "已经抽过签，重新抽签请写明理由。"})
    panel = load_marking_round(event.competition, event.round_key)
    if panel is None:
        raise ValidationError("已公布的规则里没有这个环节，不能抽签。")
    entries = find_entrants(panel)
    keys = list(entries)
    if event.method == Event.Method.SEED:
        try:
            event.seed = tidy_seed(seed)
        except ValueError as error:
            raise ValidationError({"seed": str(error)}) from None
        announced = set(find_announced(event))
        drawn = [lot.key for lot in draw_lots(event.seed, announced.intersection(keys))]
        drawn += [key for key in keys if key not in announced]
    else:
        drawn = list(order)
        if sorted(drawn) != sorted(keys):
            raise ValidationError("每个参评单位的签号要各填一次，从 1 起连续，不能重复或空缺。")
    body = given | {"order": drawn, "seed": event.seed, "reason": Private(given["reason"])}
    event.drawn_by, event.drawn_at = by, now
    advance(event, kinds.DRAWN, body, op=op, by=by, now=now)
    event.turns.all().delete()
    Turn.objects.bulk_create(
        Turn(event=event, entry=entries[key], position=place) for place, key in enumerate(drawn, 1)
    )
    tell_moved(event, now=now)
    return event


@transaction.atomic
def append_turns(*, event, step, op: UUID, by, now: datetime) -> Event:
    """This function will put those who came on the list after the draw at the end of the order.
    Before anybody has been on stage slips are to be drawn again instead; a seed would put them last
    as well. Raises ValidationError, also when there is nobody to put."""
    event = lock_event(event)
    earlier = find_recorded(op, kind=kinds.APPENDED, by=by, competition=event.competition)
    if earlier is not None:
        refuse_other(earlier, {"round": event.round_key})
        return event
    refuse_stale(event, step)
    live = load_live(event)
    unplaced = find_unplaced(live) if live is not None else []
    if not unplaced:
        raise ValidationError("没有需要补入的单位，请刷新页面。")
    begun = any(row.state != Turn.State.WAITING for row in live.rows)
    if event.method == Event.Method.SLIPS and not begun:
        raise ValidationError("还没有单位登台，请重新抽签，让新加入的单位一起抽。")
    body = {"round": event.round_key, "entries": [entry.key for entry in unplaced]}
    advance(event, kinds.APPENDED, body, op=op, by=by, now=now)
    last = max(row.position for row in live.rows)
    Turn.objects.bulk_create(
        Turn(event=event, entry=entry, position=place)
        for place, entry in enumerate(unplaced, last + 1)
    )
    tell_moved(event, now=now)
    return event


@transaction.atomic
def call_off(*, event, step, reason, op: UUID, by, now: datetime) -> Event:
    """This function will call a live event off: from now on the round takes marks without one.
    Everything that was recorded stays. It needs a reason."""
    event = lock_event(event)
    reason = " ".join(reason.split())
    earlier = find_recorded(op, kind=kinds.CALLED_OFF, by=by, competition=event.competition)
    if earlier is not None:
        refuse_other(earlier, {"round": event.round_key, "reason": reason})
        return event
    refuse_stale(event, step)
    if not reason:
        raise ValidationError({"reason": "请写明取消现场的理由。"})
    event.called_off = True
    body = {"round": event.round_key, "reason": Private(reason)}
    advance(event, kinds.CALLED_OFF, body, op=op, by=by, now=now)
    tell_called_off(event, now=now)
    return event
