"""Marks from a judge's own pad."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from record import actions as record
from record.models import Revision
from record.prepared import Inserted
from scoring import doors, kinds
from scoring.actions.sheet_rules import (
    MarksRefused,
    RoundClosed,
    SheetConflict,
    check_sheets,
    find_existing,
    find_operation,
    load_panel,
    lock_judge,
    new_sheet,
    receipt_of,
    sheet_fact,
)
from scoring.models import LateSheet, Sheet
from scoring.queries.marks import Problem

NEW = Inserted(Sheet)


@dataclass(frozen=True)
class Submission:
    """What the server answers for sheets handed in: receipt code, revision, and whether the same
    operation had been received before. `at` is the server's time of the first receipt. `late`
    says why the marks wait for a ruling and do not count (yet); empty when they came in time."""

    receipt: str
    revision: Revision
    repeated: bool
    late: str = ""

    @property
    def at(self) -> datetime:
        return self.revision.at


@transaction.atomic
def submit_sheets(*, judge, round_key, sheets, op: UUID, by, now: datetime) -> Submission:
    """This function will hand in a judge's own marks and return the receipt.

    `sheets` is {entry key: {site key or "": {criterion key: decimal text}}}; in an arena the keys
    of a unit and of its secretary come together; a joint review is handed in whole. The same `op`
    with the same marks returns the first receipt and changes nothing. Marks that a door
    (scoring.doors) says are late become a LateSheet. Raises MarksRefused, RoundClosed,
    SheetConflict (a sheet of this judge and entry is already there: after handing in only the
    correction road changes it), record.actions.OperationReused, or PermissionDenied when `by` is
    not the judge. One revision `sheets.submitted` or `sheets.late`; a constant number of queries.
    """
    if judge.person_id != by.id:
        raise PermissionDenied("只能提交自己的打分。")
    judge = lock_judge(judge.id)
    chain = judge.competition.chain
    handed_in = (kinds.SHEETS_SUBMITTED, kinds.SHEETS_LATE)
    earlier = find_operation(op, chain=chain, kind=handed_in, by=by, sheets=sheets)
    if earlier is not None:
        late = earlier.kind == kinds.SHEETS_LATE
        why = LateSheet.objects.filter(revision=op).first().why if late else ""
        return Submission(receipt_of(earlier.digest), earlier, repeated=True, late=why)
    panel = load_panel(judge, round_key, sheets)
    why = doors.ask(panel, sheets) if not panel.whole_tour else None
    # What comes late is kept even of a judge for whom nobody waited any longer.
    may = panel.may_mark if why else panel.owes
    rows = check_sheets(panel, judge, sheets, may)
    existing = find_existing(panel, judge)
    _refuse_second_version(panel, judge, rows, existing)
    _refuse_part(panel, judge, rows, existing, may)
    if why:
        _refuse_second_late(judge, rows)
        return _keep_late(panel, judge, rows, why, op=op, by=by, now=now)
    body = {"judge": judge.key, "sheets": [sheet_fact(line, marks) for line, marks in rows]}
    revision = record.append(
        chain=chain, kind=kinds.SHEETS_SUBMITTED, body=body, by=str(by.id), now=now, op_id=op
    )
    receipt = receipt_of(revision.digest)
    NEW.put(
        new_sheet(
            panel,
            judge,
            line,
            marks,
            source=Sheet.Source.PAD,
            by=by,
            now=now,
            revision=op,
            receipt=receipt,
        )
        for line, marks in rows
    )
    if why is not None:
        doors.tell(panel, sheets, now=now)
    return Submission(receipt, revision, repeated=False)


def _keep_late(panel, judge, rows, why, *, op, by, now):
    lines = [sheet_fact(line, marks) for line, marks in rows]
    revision = record.append(
        chain=panel.competition.chain,
        kind=kinds.SHEETS_LATE,
        body={"judge": judge.key, "sheets": lines},
        by=str(by.id),
        now=now,
        op_id=op,
    )
    late = LateSheet.objects.create(
        competition=panel.competition,
        round_key=panel.round.key,
        judge=judge,
        lines=lines,
        why=why,
        receipt=receipt_of(revision.digest),
        received_at=now,
        revision=op,
    )
    doors.tell(panel, {line.entry.key for line, _marks in rows}, now=now)
    return Submission(late.receipt, revision, repeated=False, late=why)


def _refuse_second_late(judge, rows):
    """One late version: of several, chosen among after the closing, none would be what he gave."""
    given = {line.entry.key for line, _marks in rows}
    for late in LateSheet.objects.filter(judge=judge).order_by("id"):
        if given & {item["entry"] for item in late.lines}:
            raise RoundClosed(
                f"您已有一份迟到的打分（回执号 {late.receipt}，{late.get_outcome_display()}），"
                "这一份没有收下，填好的留在本机；请与工作人员联系。"
            )


def _refuse_second_version(panel, judge, rows, existing):
    lines = [line for line, _marks in rows]
    there = [existing[_place(line)] for line in lines if _place(line) in existing]
    if there:
        names = "、".join(dict.fromkeys(row.entry.name for row in there))
        raise SheetConflict(
            f"服务器上已有您给{names}的评分表，这一份没有保存，也没有覆盖原来的。"
            "请对照两份；确需更正的，请告诉工作人员按更正手续办理。",
            there,
        )


def _refuse_part(panel, judge, rows, existing, may):
    """A page is handed in whole: all sites of an entry, its secretary, and a tour's every entry."""
    given = {line.key for line, _marks in rows}
    bundles = {line.bundle for line, _marks in rows}
    missing = [
        line
        for line in panel.lines
        if may(judge, line)
        and line.key not in given
        and _place(line) not in existing
        and (panel.whole_tour or line.bundle in bundles)
    ]
    if missing:
        raise MarksRefused(
            Problem(line.entry.key, line.site_key, "", f"{line.name}还没有打分，请填写后一并提交。")
            for line in missing
        )


def _place(line):
    return (line.round.key, line.entry.key, line.site_key)
