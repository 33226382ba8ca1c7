"""The correction road (评分更正): changing a sheet that counts, by two persons, with a reason."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from competitions.frontdoor import hold_pages
from record import actions as record
from record.actions import OperationReused
from record.models import Revision
from record.private import Private, reveal
from scoring import doors, kinds
from scoring.actions import proposals
from scoring.actions.evidence import find_recorded
from scoring.actions.sheet_rules import (
    SheetConflict,
    check_marks,
    has_open_correction,
    load_panel,
    lock_judge,
    tidy_marks,
)
from scoring.models import Checked, Correction, Sheet

SETTLED = "这项更正已被别人处理，请刷新页面查看结果。"


@transaction.atomic
def propose_correction(
    *, sheet, marks, reason, revision, op: UUID, by, now: datetime
) -> Correction:
    """This function will keep the marks that a sheet should have, and why, for a second person.

    `marks` maps criterion key to decimal text, complete; `revision` (hex) is the sheet's own, from
    which the page was made. The sheet stands unchanged until verify_correction. Raises
    MarksRefused, SheetConflict, RoundClosed, OperationReused or ValidationError.
    """
    sheet = _lock(sheet)
    repeated = _proposed_before(sheet, marks, reason, op, by)
    if repeated is not None:
        return repeated
    if sheet.revision.hex != revision:
        raise SheetConflict(
            f"{sheet.entry.name}的评分表已被别人改动，更正没有保存，请对照新的内容。", [sheet]
        )
    if sheet.state != Checked.State.VERIFIED:
        raise ValidationError("这张纸质评分表还没有核对，请直接修改录入，不必办理更正。")
    if has_open_correction(sheet):
        raise ValidationError("这张评分表已有一项更正等待核对，请先核对或退回。")
    reason = (reason or "").strip()
    if not reason:
        raise ValidationError("请写明更正原因，例如「纸质原件为 18.5，录成 15.8」。")
    line = _line_of(sheet)
    marks = check_marks(line, marks)
    if marks == sheet.marks:
        raise ValidationError("更正后的打分与原来相同，不需要更正。")
    record.append(
        chain=sheet.competition.chain,
        kind=kinds.CORRECTION_ENTERED,
        body={
            **_place(sheet),
            "marks": marks,
            "reason": Private(reason),
            "corrects": sheet.revision.hex,
        },
        by=str(by.id),
        now=now,
        op_id=op,
    )
    return Correction.objects.create(
        sheet=sheet, marks=marks, reason=reason, entered_by=by, entered_at=now, revision=op
    )


@transaction.atomic
def verify_correction(*, correction, op: UUID, by, now: datetime) -> Sheet:
    """This function will let a correction, verified by a second person, replace the sheet's marks.

    The record keeps every earlier version. Raises ValidationError for one's own proposal or marks,
    or when somebody else has settled it.
    """
    sheet, correction, repeated = _take(correction, kinds.CORRECTION_VERIFIED, op, by)
    if repeated:
        return sheet
    hold_pages(sheet.competition)
    body = {**_place(sheet), "marks": correction.marks}
    act = {"op": op, "by": by, "now": now}
    proposals.carry_out(correction, sheet.judge, kinds.CORRECTION_VERIFIED, body, **act)
    sheet.marks = correction.marks
    sheet.source = Sheet.Source.PAPER
    sheet.state = Checked.State.VERIFIED
    sheet.entered_by, sheet.entered_at = correction.entered_by, correction.entered_at
    sheet.verified_by, sheet.verified_at = by, now
    sheet.revision = op
    sheet.save()
    doors.tell_changed(sheet.competition, sheet.round_key, now=now)
    return sheet


@transaction.atomic
def return_correction(*, correction, reason, op: UUID, by, now: datetime) -> Correction:
    """This function will turn a proposed correction down, with a reason; the sheet stays."""
    sheet, correction, repeated = _take(correction, kinds.CORRECTION_RETURNED, op, by)
    if not repeated:
        body = {**_place(sheet), "marks": correction.marks}
        act = {"reason": reason, "op": op, "by": by, "now": now}
        proposals.send_back(correction, sheet.judge, kinds.CORRECTION_RETURNED, body, **act)
    return correction


def _proposed_before(sheet, marks, reason, op, by):
    """The correction that the operation proposed, however far it has come since; None if new."""
    earlier = find_recorded(op, kind=kinds.CORRECTION_ENTERED, by=by, competition=sheet.competition)
    if earlier is None:
        return None
    facts = reveal(earlier.facts)
    said = {**_place(sheet), "marks": tidy_marks(marks), "reason": (reason or "").strip()}
    if any(facts[name] != value for name, value in said.items()):
        raise OperationReused(earlier)
    # What settled it took the correction's revision over and names the proposal it replaced.
    settled = Revision.objects.filter(replaces=op).values_list("op_id", flat=True)
    return Correction.objects.get(sheet=sheet, revision__in=[op, *settled])


def _take(correction, kind, op, by):
    sheet = _lock(correction.sheet)
    took = proposals.take(correction, sheet.competition, kind, settled=SETTLED, op=op, by=by)
    return sheet, *took


def _lock(sheet):
    """The judge's row first, as everywhere, then the sheet as it stands now."""
    judge = lock_judge(sheet.judge_id)
    sheet = Sheet.objects.select_related("entry__unit", "entry__term__person", "entry__person").get(
        id=sheet.id
    )
    sheet.judge, sheet.competition = judge, judge.competition
    return sheet


def _line_of(sheet):
    line = load_panel(sheet.judge, sheet.round_key).find_line(sheet.entry.key, sheet.site)
    if line is None:
        raise ValidationError(f"{sheet.entry.name}已不在参评名单中，不能更正。")
    return line


def _place(sheet):
    return {
        "judge": sheet.judge.key,
        "round": sheet.round_key,
        "entry": sheet.entry.key,
        "site": sheet.site,
    }
