"""Numbered sheets as they are printed: which were meant by a printing, and what stands on each."""

from dataclasses import dataclass

from arena.kinds import PAPER_PRINTED
from arena.models import PaperSheet, Turn
from arena.queries.paper import find_papers, lines_of
from arena.queries.scores import name_judge
from arena.stage.serials import draw_bars
from record.models import Revision


@dataclass(frozen=True)
class PrintedSheet:
    """One page: the sheet, its contestant's Turn (None without one), which copy it is, its lines,
    and its bars."""

    paper: PaperSheet
    turn: Turn | None
    judge: str
    copy: int
    lines: list
    bars: list
    width: int


def find_printing(event, op):
    """This function will return {serial: which copy} of a recorded printing, or None."""
    revision = (
        Revision.objects.of_chain(event.competition.chain)
        .of_kind(PAPER_PRINTED)
        .filter(op_id=op)
        .first()
    )
    if revision is None or revision.facts["round"] != event.round_key:
        return None
    return revision.facts["copies"]


def lay_out(live, copies, *, by_turn=False):
    """This function will return the PrintedSheets of {serial: copy}: each judge's in the order of
    appearance, or, with `by_turn`, each contestant's in the order of judges."""
    papers = find_papers(live.event).filter(serial__in=list(copies))
    turns = {row.entry_id: row for row in live.rows}
    judges = {judge.id: place for place, judge in enumerate(live.panel.judges)}
    found = [
        PrintedSheet(
            paper,
            turns.get(paper.entry_id),
            _name(paper.judge, live.panel.scheme.disclosure.judges),
            copies[paper.serial],
            lines_of(live.panel, paper),
            *draw_bars(paper.serial),
        )
        for paper in papers
    ]

    def place(sheet):
        appears = sheet.turn.position if sheet.turn else 0
        order = [judges.get(sheet.paper.judge_id, len(judges)), appears]
        return order[::-1] if by_turn else order

    return sorted(found, key=place)


def _name(judge, how):
    """By number always: the clerk sorts by it; by name where the scheme discloses names."""
    name = name_judge(judge, how)
    number = f"{judge.number} 号"
    return number if name == number else f"{number}　{name}"
