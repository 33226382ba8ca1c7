"""Typing in a numbered sheet while the event runs: twice, by two persons, each from the paper."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from arena.actions.door import name_stage
from arena.actions.paper import CALLED_OFF
from arena.models import Event, PaperSheet
from arena.queries.paper import find_paper, lines_of, why_void
from arena.queries.readings import is_waiting
from competitions.actions import basis
from competitions.models import Competition
from record.turns import take_turn
from scoring import kinds
from scoring.actions.paper_sheets import enter_paper_sheets, verify_paper_sheets
from scoring.actions.sheet_rules import (
    MarksRefused,
    find_existing,
    find_operation,
    load_panel,
    lock_judge,
    tidy_marks,
)
from scoring.models import Sheet
from scoring.queries.marks import Problem

FIRST, DIFFERS, AGREED = "first", "differs", "agreed"


@dataclass(frozen=True)
class PaperReading:
    """What came of typing in a sheet: `first` (waits for another person), `differs` (both readings
    are kept, none counts) or `agreed` (two persons agree, the marks count)."""

    paper: PaperSheet
    outcome: str


@transaction.atomic
def enter_paper(*, event, serial, sheets, op: UUID, by, now: datetime) -> PaperReading:
    """This function will take one person's reading of the sheet with this serial, first or second.

    `sheets` is {entry key: {site key or "": {criterion key: decimal text}}}: all lines on the paper
    on which two persons have not yet agreed. Whose marks they are the serial says. The turn must be
    open (arena.actions.door). Nothing is overwritten: marks that the judge gave on his phone stay,
    and the clerk is told. Raises ValidationError.
    """
    competition = Competition.objects.get(pk=event.competition_id)
    basis.refuse_when_closed(competition, rehearsed=True)
    paper = find_paper(event, serial)
    # The judge, then the stage: as everywhere where marks are taken. Those who type wait for each
    # other at the event.
    judge = lock_judge(paper.judge_id)
    take_turn(name_stage(competition, event.round_key), shared=True)
    event = Event.objects.select_for_update(no_key=True).get(pk=event.pk)
    paper = find_paper(event, serial)
    earlier = find_operation(
        op,
        chain=judge.competition.chain,
        kind=(kinds.SHEET_ENTERED, kinds.SHEET_VERIFIED),
        by=by,
        sheets=sheets,
        judge=judge,
    )
    panel = load_panel(judge, event.round_key)
    lines = lines_of(panel, paper)
    if earlier is not None:
        return PaperReading(paper, _outcome(panel, judge, lines))
    if event.called_off:
        raise ValidationError(CALLED_OFF)
    if paper.voided:
        raise ValidationError(why_void(paper))
    if judge.person_id == by.id:
        raise ValidationError("不能录入自己作为评委的评分表，请由另一位工作人员录入。")
    existing = {line.key: row for line, row in _pairs(panel, judge, lines)}
    _refuse_phone(paper, existing)
    given = _read(paper, lines, existing, sheets)
    enter, verify = {}, {}
    for line, marks in given:
        row = existing[line.key]
        first = row is None or (row.entered_by_id == by.id and row.second_marks is None)
        (enter if first else verify).setdefault(line.entry.key, {})[line.site_key] = marks
    said = {
        "competition": judge.competition,
        "round_key": event.round_key,
        "judge": judge,
        "revisions": {key: row.revision.hex for key, row in existing.items() if row},
        "serial": paper.serial,
        "by": by,
        "now": now,
    }
    if enter:
        enter_paper_sheets(sheets=enter, op=op, **said)
    if verify:
        # Of a sheet of which a part was typed already, two things happen.
        own = uuid.uuid5(op, "again") if enter else op
        verify_paper_sheets(sheets=verify, op=own, **said)
    return PaperReading(paper, _outcome(panel, judge, lines))


def _pairs(panel, judge, lines):
    rows = find_existing(panel, judge)
    return [(line, rows.get((line.round.key, *line.key))) for line in lines]


def _refuse_phone(paper, existing):
    if any(row is not None and row.source == Sheet.Source.PAD for row in existing.values()):
        name = paper.entry.heading
        raise ValidationError(
            f"{paper.judge.number} 号评委已在手机上给「{name}」提交打分：纸质这一张没有录入，"
            "手机上的也没有改动。请报告主持人裁定：以手机为准的，写明裁定，把这一张作废；"
            "以纸质为准的，这个单位关闭打分以后照原件办理更正。",
            code="phone",
        )


def _read(paper, lines, existing, sheets):
    """[(line, marks as given)] of the lines that wait; refuse what is not on this paper."""
    if not lines:
        raise ValidationError(
            f"{paper.judge.number} 号评委对「{paper.entry.heading}」已经回避或裁定不计，不用录入。"
        )
    given = {(entry, site): marks for entry, by in sheets.items() for site, marks in by.items()}
    if given.keys() - {line.key for line in lines}:
        raise ValidationError("录入的内容和编号不是同一张评分表，请重新输入编号。")
    settled = [line for line in lines if existing[line.key] and not is_waiting(existing[line.key])]
    for line in settled:
        if line.key in given and tidy_marks(given[line.key]) != existing[line.key].marks:
            raise ValidationError(
                f"{line.name}刚才已由两人录入一致并计入，您这次录入的不同，没有保存；"
                "请对照原件，确有错误的办理更正。"
            )
    waiting = [line for line in lines if line not in settled]
    if not waiting:
        raise ValidationError(f"编号 {paper.shown} 已由两人录入一致并计入，不用再录。")
    problems = [
        Problem(*line.key, "", f"{line.name}还没有录入，请照原件一并录入。")
        for line in waiting
        if line.key not in given
    ]
    if problems:
        raise MarksRefused(problems)
    return [(line, given[line.key]) for line in waiting]


def _outcome(panel, judge, lines):
    rows = [row for _line, row in _pairs(panel, judge, lines)]
    if any(row is not None and row.second_marks is not None for row in rows):
        return DIFFERS
    return FIRST if any(row is None or is_waiting(row) for row in rows) else AGREED
