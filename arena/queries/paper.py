"""The printed score sheets of an event: which there are, and how far each has been typed in.

States and names only; the values of a sheet are in `arena.queries.readings`, for who typed it.
"""

from dataclasses import dataclass, replace
from functools import cached_property

from django.core.exceptions import ValidationError

from arena.models import Event, PaperSheet, Turn
from arena.queries.stage import load_live
from arena.stage.serials import is_rehearsed, read_serial, show_serial
from scoring.models import Sheet
from scoring.queries.progress import STATES, find_progress

# What a sheet of paper may be, in the words of the lists.
WORDS = {
    "voided": "作废",
    "missing": "未录入",
    "once": "已录一次，待另一人录入",
    "differs": "两次录入不一致",
    "counted": "两次一致，已计入",
    "phone": "未用，评委已在手机上打分",
    "excluded": "未用，裁定不计",
    "recused": "未用，评委回避",
}
OPEN = (Turn.State.WAITING, Turn.State.SPEAKING, Turn.State.MARKING)


@dataclass(frozen=True)
class PaperRow:
    """One sheet of paper with its contestant's turn and its state (a key of WORDS).

    `first_by` is the id of the person who typed it in first, None before.
    """

    paper: PaperSheet
    turn: Turn
    state: str
    first_by: object = None

    @property
    def words(self):
        return WORDS[self.state]

    @property
    def used(self):
        """What the list of originals says of it."""
        if self.paper.voided:
            return "作废"
        return "已用" if self.state in ("once", "differs", "counted") else "未用"


@dataclass
class Register:
    """All sheets of an event in the order of appearance, then of the judges."""

    rows: list

    @cached_property
    def valid(self):
        return [row for row in self.rows if not row.paper.voided]

    def of_turn(self, key):
        """This function will return the valid sheets of one contestant."""
        return [row for row in self.valid if row.paper.entry.key == key]

    @property
    def count(self):
        return PaperCount.of(self.valid)


@dataclass(frozen=True)
class PaperCount:
    """How many sheets there are, and how many are in which state."""

    total: int
    once: int
    counted: int
    differs: int
    missing: int

    @classmethod
    def of(cls, rows):
        """This function will count rows of a register."""
        states = [row.state for row in rows]
        return cls(
            len(rows), *(states.count(name) for name in ("once", "counted", "differs", "missing"))
        )


def find_papers(event):
    """This function will return the event's sheets with those whom they are about."""
    return PaperSheet.objects.filter(event=event).select_related(
        "judge__person", "entry__unit", "entry__person", "voided_by", "instead_of", "replacement"
    )


def has_papers(event):
    """This function will say whether sheets have been issued for the event."""
    return PaperSheet.objects.filter(event=event).exists()


def load_register(live):
    """This function will return the Register of a Live event; a constant number of queries."""
    papers = list(find_papers(live.event))
    if not papers:
        return Register([])
    progress = find_progress(live.panel)
    turns = {row.entry_id: row for row in live.rows}
    places = {judge.id: place for place, judge in enumerate(live.panel.judges)}
    last = len(places)
    rows = [
        PaperRow(paper, turns.get(paper.entry_id), *_state(progress, paper)) for paper in papers
    ]
    rows.sort(
        key=lambda row: (
            row.turn.position if row.turn else len(turns) + 1,
            places.get(row.paper.judge_id, last),
            row.paper.id,
        )
    )
    return Register(rows)


def load_originals(panel):
    """This function will return the PaperRows of all events of a round, those called off too: the
    archive gets every sheet. What was typed counts for the sheet that holds now."""
    events = Event.objects.filter(competition=panel.competition, round_key=panel.round.key)
    found = [
        load_register(load_live(event, panel))
        for event in events.select_related("competition").order_by("id")
    ]
    later, rows = set(), []
    for register in reversed(found):
        rows[:0] = [
            replace(row, state="missing") if not row.paper.voided and _pair(row) in later else row
            for row in register.rows
        ]
        later |= {_pair(row) for row in register.valid}
    return rows


def _pair(row):
    return row.paper.judge_id, row.paper.entry_id


def find_paper(event, text):
    """This function will return the event's sheet with a typed or scanned serial; ValidationError
    says why there is none."""
    try:
        serial = read_serial(text)
    except ValueError as error:
        raise ValidationError(str(error)) from None
    paper = find_papers(event).filter(serial=serial).first()
    if paper is None:
        if is_rehearsed(serial) != event.competition.is_rehearsal:
            where = "演练" if is_rehearsed(serial) else "正式比武"
            raise ValidationError(f"编号 {show_serial(serial)} 是{where}的评分表，本场不能录入。")
        raise ValidationError("本场没有这个编号的评分表，请看清是不是别的环节或往年的表。")
    return paper


def why_void(paper):
    """This function will say that a sheet is void and which one holds, or return an empty text."""
    if not paper.voided:
        return ""
    renewed = getattr(paper, "replacement", None)
    instead = f"换发的是 {renewed.shown}，请找那一张。" if renewed else "没有换发。"
    return f"编号 {paper.shown} 已经作废（{paper.void_reason}），{instead}"


def lines_of(panel, paper):
    """This function will return the lines that stand on a sheet: those that its judge owes."""
    return [
        line
        for line in panel.lines
        if line.bundle == paper.entry.key and panel.owes(paper.judge, line)
    ]


def find_unissued(live):
    """This function will return (judge, contestant's entry) without a valid sheet, in order of
    appearance: of whoever owes marks on turns that are not over, and has given none."""
    there = set(
        PaperSheet.objects.filter(event=live.event, voided_at__isnull=True).values_list(
            "judge_id", "entry_id"
        )
    )
    given = set(
        Sheet.objects.filter(
            competition=live.event.competition, round_key__in=live.panel.round_keys
        ).values_list("judge_id", "entry__key")
    )
    found = []
    for row in live.rows:
        if row.state not in OPEN:
            continue
        lines = live.lines_of(row.entry.key)
        for judge in live.panel.judges:
            owed = [line for line in lines if live.panel.owes(judge, line)]
            marked = any((judge.id, line.entry.key) in given for line in lines)
            if owed and not marked and (judge.id, row.entry_id) not in there:
                found.append((judge, row.entry))
    return found


def _state(progress, paper):
    """(state, id of the first reader) of a sheet."""
    if paper.voided:
        return "voided", None
    lines = [line for line in progress.panel.lines if line.bundle == paper.entry.key]
    sheets = [progress.sheets.get((paper.judge_id, line.key)) for line in lines]
    found = [sheet for sheet in sheets if sheet is not None]
    state = progress.bundles.get((paper.judge_id, paper.entry.key), "unseated")
    if any(sheet.source == Sheet.Source.PAD for sheet in found):
        return "phone", None
    first = found[0].entered_by_id if found else None
    if state == "unseated" or state not in STATES:
        return "missing", first
    return {"entered": "once", "verified": "counted", "correcting": "counted"}.get(
        state, state
    ), first
