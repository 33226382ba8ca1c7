"""Paper score sheets: one person types them in, a second person verifies them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from record import actions as record
from record.models import Revision
from scoring import doors, kinds
from scoring.actions.sheet_rules import (
    RoundClosed,
    SheetConflict,
    check_sheets,
    find_existing,
    find_operation,
    load_panel,
    lock_judge,
    new_sheet,
    sheet_fact,
)
from scoring.models import TWO_PERSONS, Checked, Sheet

CHANGED = [
    "marks",
    "state",
    "entered_by",
    "entered_at",
    "verified_by",
    "verified_at",
    "second_marks",
    "second_by",
    "revision",
]


@dataclass(frozen=True)
class Reading:
    """What came of a second person's reading: the sheets that agree, and those that differ."""

    revision: Revision | None
    verified: list
    differing: list


@transaction.atomic
def enter_paper_sheets(
    *, competition, round_key, judge, sheets, op: UUID, revisions, by, now: datetime, serial=""
):
    """This function will keep paper sheets as typed by one person, waiting for a second.

    `sheets` is as in submit_sheets, each entry complete; `revisions` maps (entry key, site key) to
    the revision (hex) of the stored sheet from which the page was made; `serial` is the number
    printed on the sheet, where it has one. Returns the Revision, or None when nothing differs from
    what is stored. Raises MarksRefused, RoundClosed, or SheetConflict when a sheet from the pad, a
    verified one, somebody else's, or a newer version is already there: nothing is overwritten.
    """
    judge = _judge_of(competition, judge)
    earlier = find_operation(
        op, chain=competition.chain, kind=kinds.SHEET_ENTERED, by=by, sheets=sheets, judge=judge
    )
    if earlier is not None:
        return earlier
    panel = load_panel(judge, round_key)
    _refuse_late(panel, sheets)
    rows = check_sheets(panel, judge, sheets)
    existing = find_existing(panel, judge)
    _refuse_conflicts(rows, existing, revisions, by)
    new, changed, facts = [], [], []
    for line, marks in rows:
        row = existing.get(_place(line))
        if row is None:
            facts.append(sheet_fact(line, marks, replaces=None))
            new.append((line, marks))
        elif row.marks != marks or row.second_marks is not None:
            facts.append(sheet_fact(line, marks, replaces=row.revision.hex))
            row.marks, row.entered_by, row.entered_at, row.revision = marks, by, now, op
            row.second_marks = row.second_by = None
            changed.append(row)
    if not facts:
        return None
    revision = record.append(
        chain=competition.chain,
        kind=kinds.SHEET_ENTERED,
        body=_body(judge, facts, serial),
        by=str(by.id),
        now=now,
        op_id=op,
    )
    Sheet.objects.bulk_create(
        new_sheet(panel, judge, line, marks, source=Sheet.Source.PAPER, by=by, now=now, revision=op)
        for line, marks in new
    )
    if changed:
        Sheet.objects.bulk_update(changed, CHANGED)
    _tell(panel, sheets, now)
    return revision


@transaction.atomic
def verify_paper_sheets(
    *,
    competition,
    round_key,
    judge,
    op: UUID,
    revisions,
    by,
    now: datetime,
    sheets=None,
    confirmed=(),
    serial="",
) -> Reading:
    """This function will take a second person's reading of paper sheets.

    Either `sheets` (typed in again, blind; as in submit_sheets) or `confirmed`, the (entry key,
    site key) pairs that were compared with the paper. An equal reading verifies the sheet. A
    different one is kept beside the first, and the sheet waits until one of the two readers takes
    over the other's reading, here, or enters it anew; or until a third reads the same as one of
    them. `revisions` and `serial` as in enter_paper_sheets. Raises ValidationError for one's own
    entry, one's own marks, or a third reading that is like neither of two, SheetConflict for a
    newer version.
    """
    judge = _judge_of(competition, judge)
    sheets = sheets or {}
    earlier = find_operation(
        op,
        chain=competition.chain,
        kind=kinds.SHEET_VERIFIED,
        by=by,
        sheets=sheets,
        confirmed=confirmed,
    )
    if earlier is not None:
        return _same_reading(earlier, judge)
    if judge.person_id == by.id:
        raise ValidationError("不能核对自己作为评委的评分表，请由另一位工作人员核对。")
    panel = load_panel(judge, round_key)
    is_live = _refuse_late(panel, {*sheets, *(entry for entry, _site in confirmed)})
    if is_live and confirmed:
        raise ValidationError("擂台现场的纸质评分表由两个人各录一次，请照原件再录，不能对照打勾。")
    readings = dict.fromkeys(confirmed)
    if sheets:
        readings.update({line.key: marks for line, marks in check_sheets(panel, judge, sheets)})
    if not readings:
        raise ValidationError("没有选择要核对的评分表，请勾选或再次录入后提交。")
    existing = find_existing(panel, judge)
    lines = [line for line in panel.lines if line.key in readings]
    if len(lines) < len(readings):
        raise ValidationError("所选的评分表里有的不在参评名单或点位中，请刷新页面后再核对。")
    _refuse_unverifiable(lines, existing, revisions)
    verified, differing, facts = [], [], []
    for line in lines:
        row, marks = existing[_place(line)], readings[line.key]
        replaces = row.revision.hex
        agrees = _read_again(row, marks, by, now)
        row.revision = op
        (verified if agrees else differing).append(row)
        how = "paper" if marks is None else "again"
        facts.append(sheet_fact(line, marks, how=how, verified=agrees, replaces=replaces))
    revision = record.append(
        chain=competition.chain,
        kind=kinds.SHEET_VERIFIED,
        body=_body(judge, facts, serial),
        by=str(by.id),
        now=now,
        op_id=op,
    )
    Sheet.objects.bulk_update(verified + differing, CHANGED)
    _tell(panel, {entry for entry, _site in readings}, now)
    return Reading(revision, verified, differing)


def _body(judge, facts, serial):
    return {"judge": judge.key, "sheets": facts} | ({"serial": serial} if serial else {})


def _same_reading(earlier, judge):
    """What a repeated operation is told: what came of it when it was new."""
    rows = {
        (row.round_key, row.entry.key, row.site): row
        for row in Sheet.objects.filter(judge=judge).select_related("entry__unit")
    }
    verified, differing = [], []
    for item in earlier.facts["sheets"]:
        row = rows.get((item["round"], item["entry"], item["site"]))
        if row is not None:
            (verified if item["verified"] else differing).append(row)
    return Reading(earlier, verified, differing)


def _read_again(row, marks, by, now):
    """Compare a reading with the other person's; return whether two persons now agree."""
    if by.id == row.entered_by_id:
        if row.second_marks is None or marks is None:
            raise ValidationError(TWO_PERSONS)
        if marks != row.second_marks:
            row.marks, row.entered_at = marks, now
            return False
        # The first reader takes over the second's: he is now the one who verifies it.
        row.marks, row.entered_by = row.second_marks, row.second_by
    elif marks is not None and marks == row.second_marks and by.id != row.second_by_id:
        row.marks, row.entered_by = row.second_marks, row.second_by
    elif marks is not None and marks != row.marks:
        if row.second_marks is not None and by.id != row.second_by_id:
            # Neither of the two readings may vanish under a third.
            raise ValidationError(
                f"{row.entry.name}已有两次不一致的录入，您录入的与两次都不一样，没有保存；"
                "请由录入人之一对照纸质原件改成一致。"
            )
        row.second_marks, row.second_by = marks, by
        return False
    elif marks is None and row.second_marks is not None and row.second_by_id != by.id:
        raise ValidationError(
            f"{row.entry.name}的两次录入不一致，请先由录入人之一对照纸质原件改成一致。"
        )
    row.second_marks = row.second_by = None
    row.state, row.verified_by, row.verified_at = Checked.State.VERIFIED, by, now
    return True


def _judge_of(competition, judge):
    judge = lock_judge(judge.id)
    if judge.competition_id != competition.id:
        raise ValidationError("这位评委不在本次比武的评委名单中。")
    return judge


def _tell(panel, entries, now):
    if not panel.whole_tour:
        doors.tell(panel, entries, now=now)


def _refuse_late(panel, entries):
    """Paper does not get lost when it is late: the original stays, and is not typed in. Says
    whether the round has a live event."""
    why = None if panel.whole_tour else doors.ask(panel, entries)
    if why:
        raise RoundClosed(
            f"{why}请保留纸质原件；确需计入的，在亮分以前退回打分一步，亮分以后按更正手续办理。"
        )
    return why is not None


def _refuse_conflicts(rows, existing, revisions, by):
    conflicts = []
    for line, marks in rows:
        row = existing.get(_place(line))
        same = row and row.marks == marks and row.source == Sheet.Source.PAPER
        # A second reading that differs is somebody's work too: nobody else may drop it.
        if row is None or (same and row.second_marks is None):
            continue
        ours = row.entered_by_id == by.id or row.second_by_id == by.id
        waiting = row.source == Sheet.Source.PAPER and row.state == Checked.State.ENTERED
        if not (waiting and ours and revisions.get(line.key) == row.revision.hex):
            conflicts.append(row)
    if conflicts:
        names = "、".join(dict.fromkeys(row.entry.name for row in conflicts))
        raise SheetConflict(
            f"{names}已有另一份评分表，您录入的没有保存，原来的也没有改动，请对照两份后处理。",
            conflicts,
        )


def _refuse_unverifiable(lines, existing, revisions):
    newer = []
    for line in lines:
        row = existing.get(_place(line))
        if row is None:
            raise ValidationError(f"{line.name}还没有录入纸质评分表，不能核对，请先录入。")
        waiting = row.source == Sheet.Source.PAPER and row.state == Checked.State.ENTERED
        if not waiting or revisions.get(line.key) != row.revision.hex:
            newer.append(row)
    if newer:
        names = "、".join(dict.fromkeys(row.entry.name for row in newer))
        raise SheetConflict(
            f"{names}的评分表在您核对期间已被别人改动，这次核对没有保存，请对照新的内容再核对。",
            newer,
        )


def _place(line):
    return (line.round.key, line.entry.key, line.site_key)
