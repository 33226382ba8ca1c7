"""A ceremony: made from what a meeting decided, put in order, and revealed step by step."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from arena import kinds
from arena.actions.events import refuse_other
from arena.ceremony import machine
from arena.models import Ceremony
from arena.queries.ceremony import find_basis, find_ceremony, find_fault, load_show, read_script
from arena.telling_ceremony import tell_ceremony
from competitions.actions import basis
from scoring.actions.evidence import find_recorded

# Each move by the name of the machine's function, with the words on its button.
MOVES = {
    "start": "开始仪式",
    "advance": "下一步",
    "back": "退回一步",
    "black": "暂停：黑屏",
    "emblem": "暂停：会标",
    "resume": "继续",
    "end": "结束仪式",
    "let_ahead": "让主持人提前看一步",
    "keep_back": "主持人只看当前",
}
# What may be done although the ceremony cannot go on: nobody more is shown by it.
ALWAYS = {"back", "black", "emblem", "end", "keep_back"}
STALE = "仪式已由别人推进，您的这一步没有执行；请看清现在的状态再操作。"


@transaction.atomic
def make_ceremony(*, competition, op: UUID, by, now: datetime) -> Ceremony:
    """This function will make the ceremony of the latest tabulation with its verified decision, all
    groups in their usual order, in place of one that has not begun, has ended or cannot go on.

    Raises ValidationError when there is no such decision, or while a ceremony is under way.
    """
    competition = basis.lock_open(competition, rehearsed=True)
    earlier = find_recorded(op, kind=kinds.CEREMONY_MADE, by=by, competition=competition)
    if earlier is not None:
        return Ceremony.objects.get(competition=competition, number=earlier.facts["number"])
    former = find_ceremony(competition)
    if (
        former is not None
        and former.state == Ceremony.State.RUNNING
        and not find_fault(load_show(former))
    ):
        raise ValidationError("仪式正在进行，不能重新制作；确需重做的，请先结束仪式。")
    tabulation, outcome, wanting = find_basis(competition)
    if wanting:
        raise ValidationError(wanting)
    _scheme, script, digest = read_script(tabulation, outcome.decision)
    if not any(not group.is_standing for group in script):
        raise ValidationError("按办法和会议决定没有可以公开颁发的旗帜和奖项，不能制作颁奖仪式。")
    last = Ceremony.objects.filter(competition=competition).order_by("-number").first()
    if former is not None:
        former.state = Ceremony.State.REPLACED
        former.save(update_fields=["state"])
    ceremony = Ceremony(
        competition=competition,
        number=last.number + 1 if last else 1,
        tabulation=tabulation,
        decision=outcome.decision,
        script_digest=digest,
        groups=[group.key for group in script],
        made_by=by,
        made_at=now,
    )
    body = {
        "number": ceremony.number,
        "tabulation": tabulation.number,
        "decision": outcome.decision.number,
        "script": digest,
        "groups": ceremony.groups,
    }
    revision = basis.append(competition, kinds.CEREMONY_MADE, body, by=by, now=now, op_id=op)
    ceremony.revision = revision.op_id
    ceremony.save()
    tell_ceremony(ceremony, now=now)
    return ceremony


@transaction.atomic
def arrange_ceremony(*, ceremony, step, groups, op: UUID, by, now: datetime) -> Ceremony:
    """This function will award the groups named (keys of the script), in that order; the others are
    left out. Only before the beginning. Raises ValidationError."""
    ceremony = _lock(ceremony)
    groups = list(groups)
    said = {"number": ceremony.number, "groups": groups}
    earlier = find_recorded(
        op, kind=kinds.CEREMONY_ARRANGED, by=by, competition=ceremony.competition
    )
    if earlier is not None:
        refuse_other(earlier, said)
        return ceremony
    _refuse_stale(ceremony, step)
    if ceremony.state != Ceremony.State.PREPARED:
        raise ValidationError("仪式已经开始，不能再改颁发顺序；退回到开始以前才可以改。")
    show = load_show(ceremony)
    _refuse_fault(show)
    known = {group.key: group for group in show.script}
    if len(set(groups)) < len(groups) or not set(groups) <= known.keys():
        raise ValidationError("颁发顺序里有重复或不认识的组，请刷新页面。")
    standing = [known[key].is_standing for key in groups]
    if all(standing):
        raise ValidationError("请至少保留一组旗帜或奖项。")
    if standing != sorted(standing):
        raise ValidationError("排名要排在全部旗帜和奖项之后，否则会提前露出名次。")
    ceremony.groups = groups
    _settle(ceremony, kinds.CEREMONY_ARRANGED, said, op=op, by=by, now=now)
    return ceremony


@transaction.atomic
def move_ceremony(*, ceremony, move, step, op: UUID, by, now: datetime) -> Ceremony:
    """This function will make one move (a key of MOVES) and return the ceremony.

    `step` is the ceremony's as the operator saw it: whoever comes second is refused. A repeated
    `op` moves once. Nothing more is revealed once results or decision have changed, or what was
    tabulated has. Raises ValidationError with the machine's sentence.
    """
    ceremony = _lock(ceremony)
    said = {"number": ceremony.number, "move": move}
    earlier = find_recorded(op, kind=kinds.CEREMONY_MOVED, by=by, competition=ceremony.competition)
    if earlier is not None:
        refuse_other(earlier, said)
        return ceremony
    if move not in MOVES:
        raise ValidationError("没有这一步，请刷新页面。")
    _refuse_stale(ceremony, step)
    show = load_show(ceremony)
    if move not in ALWAYS:
        _refuse_fault(show)
    stage = show.stage if not show.fault else _without_script(ceremony)
    try:
        moved = getattr(machine, move)(stage)
    except machine.Refused as refused:
        raise ValidationError(str(refused)) from None
    changed = {
        "state": moved.state.value,
        "position": moved.position,
        "cover": moved.cover,
        "ahead": moved.ahead,
    }
    for name, value in changed.items():
        setattr(ceremony, name, value)
    body = said | changed
    _settle(ceremony, kinds.CEREMONY_MOVED, body, op=op, by=by, now=now)
    return ceremony


def _lock(ceremony):
    competition = basis.lock_open(ceremony.competition, rehearsed=True)
    locked = (
        Ceremony.objects.select_for_update(of=("self",), no_key=True)
        .select_related("tabulation__scheme_version", "decision")
        .defer("tabulation__evidence", "tabulation__result", "tabulation__scheme_version__document")
        .get(id=ceremony.id)
    )
    locked.competition = competition
    return locked


def _refuse_stale(ceremony, step):
    if ceremony.state == Ceremony.State.REPLACED:
        raise ValidationError("这场仪式的脚本已由新的替代，请刷新页面。", code="stale")
    if ceremony.step != step:
        raise ValidationError(STALE, code="stale")


def _refuse_fault(show):
    if fault := find_fault(show):
        raise ValidationError(fault)


def _without_script(ceremony):
    """What the row itself says, for the moves that need no script."""
    return machine.Ceremony(
        (),
        machine.State(ceremony.state),
        ceremony.position,
        ceremony.cover,
        ceremony.ahead,
    )


def _settle(ceremony, kind, body, *, op, by, now):
    ceremony.step += 1
    body = {**body, "step": ceremony.step}
    basis.settle(ceremony, ceremony.competition, kind, body, by=by, now=now, op_id=op)
    tell_ceremony(ceremony, now=now)
