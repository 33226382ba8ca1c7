"""Printed score sheets: issued with serial numbers, printed and printed again, voided."""

from datetime import datetime
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction

from arena import kinds
from arena.actions.events import lock_event, refuse_other
from arena.models import Event, PaperSheet
from arena.queries.paper import find_papers, find_unissued, lines_of, why_void
from arena.queries.stage import load_live
from arena.stage.serials import make_serial
from arena.telling import tell_papers
from competitions.actions import basis
from record.private import Private
from scoring.actions.evidence import find_recorded
from scoring.models import Sheet

CALLED_OFF = "这个现场已经取消，请刷新页面。"


@transaction.atomic
def issue_paper(*, event, op: UUID, by, now: datetime) -> list:
    """This function will give every judge a numbered sheet for every contestant who has not been,
    where there is none yet, and return the new PaperSheets in the order of appearance.

    A judge who joins later gets his by the same action. Raises ValidationError before the draw, and
    when nothing is missing.
    """
    event = lock_event(event)
    earlier = find_recorded(op, kind=kinds.PAPER_ISSUED, by=by, competition=event.competition)
    if earlier is not None:
        refuse_other(earlier, {"round": event.round_key})
        serials = [sheet["serial"] for sheet in earlier.facts["sheets"]]
        return list(PaperSheet.objects.filter(event=event, serial__in=serials))
    live = load_live(event)
    if event.called_off or live is None:
        raise ValidationError(CALLED_OFF)
    if not live.drawn:
        raise ValidationError("还没有抽签，请先抽签，再按登台顺序编号。")
    wanted = find_unissued(live)
    if not wanted:
        raise ValidationError("每位评委、每个单位的评分表都已编号，没有要新编的。")
    first = _next_number(event)
    papers = [
        _new_paper(event, number, judge, entry, op)
        for number, (judge, entry) in enumerate(wanted, first)
    ]
    body = {"round": event.round_key, "sheets": [_fact(paper) for paper in papers]}
    basis.append(event.competition, kinds.PAPER_ISSUED, body, by=by, now=now, op_id=op)
    PaperSheet.objects.bulk_create(papers)
    tell_papers(event, now=now)
    return papers


@transaction.atomic
def print_paper(*, event, serials, op: UUID, by, now: datetime) -> list:
    """This function will record that the sheets with these serials are printed once more, and
    return them as they stand: `copies` tells whether it was the first time."""
    event = lock_event(event)
    said = {"round": event.round_key, "serials": sorted(serials)}
    earlier = find_recorded(op, kind=kinds.PAPER_PRINTED, by=by, competition=event.competition)
    papers = list(find_papers(event).filter(serial__in=serials))
    if earlier is not None:
        refuse_other(earlier, said)
        return papers
    if event.called_off:
        raise ValidationError(CALLED_OFF)
    if not papers:
        raise ValidationError("没有要打印的评分表：都已打印过的，请逐位评委或逐张补印。")
    if len(papers) < len(set(serials)):
        raise ValidationError("其中有的编号不在本场，请刷新页面后再打印。")
    for paper in papers:
        if paper.voided:
            raise ValidationError(why_void(paper))
        paper.copies, paper.revision = paper.copies + 1, op
    body = said | {"copies": {paper.serial: paper.copies for paper in papers}}
    basis.append(event.competition, kinds.PAPER_PRINTED, body, by=by, now=now, op_id=op)
    PaperSheet.objects.bulk_update(papers, ["copies", "revision"])
    return papers


@transaction.atomic
def void_paper(*, event, serial, reason, renew, op: UUID, by, now: datetime):
    """This function will void a sheet that is spoiled, or that does not hold because its judge
    marked on the phone, with a reason. With `renew` a sheet with a new serial takes its place.

    Returns (the voided PaperSheet, the new one or None). Raises ValidationError for a sheet from
    which something has been typed in: the paper is then evidence.
    """
    event = lock_event(event)
    reason = " ".join(reason.split())
    said = {"round": event.round_key, "serial": serial, "renew": renew, "reason": reason}
    earlier = find_recorded(op, kind=kinds.PAPER_VOIDED, by=by, competition=event.competition)
    paper = find_papers(event).filter(serial=serial).first()
    if earlier is not None:
        refuse_other(earlier, said)
        return paper, PaperSheet.objects.filter(instead_of=paper).first()
    if event.called_off:
        raise ValidationError(CALLED_OFF)
    if paper is None:
        raise ValidationError("本场没有这个编号的评分表，请刷新页面。")
    if paper.voided:
        raise ValidationError(why_void(paper))
    if not reason:
        raise ValidationError({"reason": "请写明作废原因。"})
    if _is_typed(load_live(event), paper):
        raise ValidationError(
            f"编号 {paper.shown} 已经录入，原件是依据，不能作废；录错的重新录入，"
            "已经计入的按更正手续办理。"
        )
    renewed = None
    if renew:
        renewed = _new_paper(event, _next_number(event), paper.judge, paper.entry, op)
        renewed.instead_of = paper
    _void(event, paper, reason, renewed, op=op, by=by, now=now)
    tell_papers(event, now=now)
    return paper, renewed


@transaction.atomic
def void_replaced(*, judge, successor, by, now: datetime) -> list:
    """This function will void the numbered sheets of a judge whose seats somebody took over, in all
    live events of his competition, and return them: all from which nothing was typed and on which
    he owes nothing any more. The reason is recorded on each."""
    reason = f"评委席已由 {successor.number} 号评委接替"
    voided, competition = [], basis.lock_open(judge.competition, rehearsed=True)
    for event in Event.objects.filter(competition=competition, called_off=False):
        event = lock_event(event)
        live = load_live(event)
        papers = find_papers(event).filter(judge=judge, voided_at__isnull=True)
        if live is None or not papers:
            continue
        for paper in papers:
            if not lines_of(live.panel, paper) and not _is_typed(live, paper):
                _void(event, paper, reason, None, op=uuid4(), by=by, now=now)
                voided.append(paper)
        tell_papers(event, now=now)
    return voided


def _void(event, paper, reason, renewed, *, op, by, now):
    """Record one sheet as void, and the new one (or None) that takes its place."""
    body = {
        "round": event.round_key,
        "serial": paper.serial,
        "renew": renewed is not None,
        "reason": Private(reason),
        "instead": renewed.serial if renewed else "",
    }
    basis.append(event.competition, kinds.PAPER_VOIDED, body, by=by, now=now, op_id=op)
    paper.voided_by, paper.voided_at, paper.void_reason, paper.revision = by, now, reason, op
    paper.save()
    if renewed is not None:
        renewed.save()


def _is_typed(live, paper):
    """Whether something was typed from it: read after the lock that typing takes, too."""
    lines = live.lines_of(paper.entry.key) if live else []
    return Sheet.objects.filter(
        judge=paper.judge,
        source=Sheet.Source.PAPER,
        round_key__in=[line.round.key for line in lines],
        entry__in=[line.entry for line in lines],
    ).exists()


def _next_number(event):
    """Numbers run through all events of the competition: one that was called off keeps its own."""
    return PaperSheet.objects.filter(event__competition=event.competition).count() + 1


def _new_paper(event, number, judge, entry, op):
    competition = event.competition
    serial = make_serial(
        competition.chain, event.round_key, number, rehearsal=competition.is_rehearsal
    )
    return PaperSheet(event=event, serial=serial, judge=judge, entry=entry, revision=op)


def _fact(paper):
    return {"serial": paper.serial, "judge": paper.judge.key, "entry": paper.entry.key}
