"""Late marks (迟到的打分): two persons decide whether they are admitted; nothing is dropped."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from competitions.actions import basis
from competitions.frontdoor import hold_pages
from record.actions import OperationReused
from record.models import Revision
from record.private import Private, reveal
from scoring import doors, kinds
from scoring.actions import proposals
from scoring.actions.evidence import find_recorded
from scoring.actions.sheet_rules import find_existing, load_panel, lock_judge, new_sheet
from scoring.models import Checked, LateDecision, LateSheet, Sheet

SETTLED = "这份迟到的打分已被别人处理，请刷新页面查看结果。"


@transaction.atomic
def propose_late(*, late, admit, reason, decided_by, op: UUID, by, now: datetime) -> LateDecision:
    """This function will keep a proposal to admit (`admit`) or dismiss late marks, with the reason
    and who decided, for a second person. A repeated `op` returns the first proposal; a late sheet
    that is settled, or has an open proposal, raises ValidationError."""
    late = _lock(late)
    facts = {
        "late": late.revision.hex,
        "admit": bool(admit),
        "reason": " ".join((reason or "").split()),
        "decided_by": " ".join((decided_by or "").split()),
    }
    earlier = find_recorded(op, kind=kinds.LATE_PROPOSED, by=by, competition=late.competition)
    if earlier is not None:
        if {name: reveal(earlier.facts)[name] for name in facts} != facts:
            raise OperationReused(earlier)
        settled = Revision.objects.filter(replaces=op).values_list("op_id", flat=True)
        return LateDecision.objects.get(late=late, revision__in=[op, *settled])
    if late.outcome != LateSheet.Outcome.WAITING:
        raise ValidationError(SETTLED)
    if LateDecision.objects.filter(late=late, state=Checked.State.ENTERED).exists():
        raise ValidationError("这份迟到的打分已有一项处理意见等待核对，请先核对或退回。")
    if not facts["reason"]:
        raise ValidationError({"reason": "请写明理由，例如「打分时间内已交，网络中断」。"})
    if not facts["decided_by"]:
        raise ValidationError({"decided_by": "请写明由谁或哪次会议决定。"})
    private = {name: Private(facts[name]) for name in ("reason", "decided_by")}
    basis.append(
        late.competition, kinds.LATE_PROPOSED, {**facts, **private}, by=by, now=now, op_id=op
    )
    return LateDecision.objects.create(
        late=late,
        admit=facts["admit"],
        reason=facts["reason"],
        decided_by=facts["decided_by"],
        entered_by=by,
        entered_at=now,
        revision=op,
    )


@transaction.atomic
def verify_late(*, late_decision, op: UUID, by, now: datetime) -> LateSheet:
    """This function will carry out a proposal that a second person has verified. Admitted marks
    become the judge's sheets, as received. Raises ValidationError for one's own proposal or marks,
    and while a sheet or a ruling stands against admitting them."""
    late, decision, repeated = _take(late_decision, kinds.LATE_VERIFIED, op, by)
    if repeated:
        return late
    proposals.refuse_own(decision, late.judge, by)
    panel = load_panel(late.judge, late.round_key) if decision.admit else None
    if panel is not None:
        hold_pages(late.competition)
        doors.hold(panel)
    sheets = _admitted(panel, late, op) if decision.admit else []
    body = _body(late, decision)
    if decision.admit:
        body |= {"judge": late.judge.key, "sheets": late.lines}
    proposals.carry_out(decision, late.judge, kinds.LATE_VERIFIED, body, op=op, by=by, now=now)
    Sheet.objects.bulk_create(sheets)
    outcomes = LateSheet.Outcome
    late.outcome = outcomes.ADMITTED if decision.admit else outcomes.DISMISSED
    late.save(update_fields=["outcome"])
    if panel is not None:
        doors.tell_changed(late.competition, late.round_key, now=now)
    return late


@transaction.atomic
def return_late(*, late_decision, reason, op: UUID, by, now: datetime) -> LateDecision:
    """This function will send a proposal back with a reason; the marks go on waiting."""
    late, decision, repeated = _take(late_decision, kinds.LATE_RETURNED, op, by)
    if not repeated:
        act = {"reason": reason, "op": op, "by": by, "now": now}
        proposals.send_back(decision, late.judge, kinds.LATE_RETURNED, _body(late, decision), **act)
    return decision


def _admitted(panel, late, op):
    existing, sheets = find_existing(panel, late.judge), []
    for item in late.lines:
        line = panel.find_line(item["entry"], item["site"])
        if line is None:
            raise ValidationError("打分的参评对象已不在名单中，不能计入。")
        if not panel.may_mark(late.judge, line):
            raise ValidationError(f"这位评委对{line.name}回避或已不在评委席上，不能计入。")
        if panel.is_excluded(late.judge, line):
            raise ValidationError(
                f"这位评委对{line.name}有“评委不计”的裁定，请先撤回那项裁定，再准予计入。"
            )
        if (item["round"], *line.key) in existing:
            raise ValidationError(f"这位评委给{line.name}的评分表已在，不能再计入一份。")
        sheets.append(
            new_sheet(
                panel,
                late.judge,
                line,
                item["marks"],
                source=Sheet.Source.PAD,
                by=late.judge.person,
                now=late.received_at,
                revision=op,
                receipt=late.receipt,
            )
        )
    return sheets


def _body(late, decision):
    return {"late": late.revision.hex, "admit": decision.admit}


def _take(decision, kind, op, by):
    late = _lock(decision.late)
    took = proposals.take(decision, late.competition, kind, settled=SETTLED, op=op, by=by)
    return late, *took


def _lock(late):
    """The judge's row first, as everywhere, then the late marks as they stand now."""
    judge = lock_judge(late.judge_id)
    late = LateSheet.objects.get(id=late.id)
    late.judge, late.competition = judge, judge.competition
    return late
