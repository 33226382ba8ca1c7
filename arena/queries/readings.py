"""The two readings of a sheet of paper, side by side for the two who typed it, and nobody else."""

from dataclasses import dataclass

from arena.models import PaperSheet
from arena.queries.paper import lines_of
from scoring.models import Sheet
from scoring.queries.sheet_views import side_by_side


@dataclass(frozen=True)
class Difference:
    """The cells of one line in which two readings differ: `mine` and `other` as {criterion key:
    text}, `rows` for the component of differences."""

    paper: PaperSheet
    line: object
    other: object  # the Person who typed the other reading
    mine: dict
    rows: list


def find_differences(live, register, person):
    """This function will return the Differences of the sheets that this person typed in, one of
    two; what others typed is not in it."""
    papers = {
        (row.paper.judge_id, row.paper.entry.key): row.paper
        for row in register.valid
        if row.state == "differs"
    }
    if not papers:
        return []
    rows = {
        (sheet.judge_id, sheet.round_key, sheet.entry_id, sheet.site): sheet
        for sheet in Sheet.objects.filter(
            competition=live.event.competition,
            round_key__in=live.panel.round_keys,
            second_marks__isnull=False,
        ).select_related("entered_by", "second_by")
    }
    found = []
    for (judge_id, key), paper in papers.items():
        for line in live.lines_of(key):
            sheet = rows.get((judge_id, line.round.key, line.entry.id, line.site_key))
            if sheet is not None and person.id in (sheet.entered_by_id, sheet.second_by_id):
                found.append(_difference(paper, line, sheet, person))
    return found


def find_own_marks(panel, paper, person):
    """This function will return {line key: marks} of what this person has typed from the sheet and
    that waits or differs: nobody else's values."""
    found = {}
    for line, sheet in find_waiting(panel, paper):
        if sheet is not None and sheet.entered_by_id == person.id:
            found[line.key] = sheet.marks
        elif sheet is not None and sheet.second_by_id == person.id:
            found[line.key] = sheet.second_marks
    return found


def find_waiting(panel, paper):
    """This function will return (line, its Sheet or None) of the lines on the sheet of paper that
    two persons have not yet agreed on."""
    rows = {
        (row.round_key, row.entry_id, row.site): row
        for row in Sheet.objects.filter(judge=paper.judge, round_key__in=panel.round_keys)
    }
    pairs = [
        (line, rows.get((line.round.key, line.entry.id, line.site_key)))
        for line in lines_of(panel, paper)
    ]
    return [(line, row) for line, row in pairs if row is None or is_waiting(row)]


def is_waiting(sheet):
    """This function will say whether a stored sheet is paper that two have not yet agreed on."""
    return sheet.source == Sheet.Source.PAPER and sheet.state == "entered"


def _difference(paper, line, sheet, person):
    first = sheet.entered_by_id == person.id
    mine, others = sheet.marks, sheet.second_marks
    if not first:
        mine, others = others, mine
    rows = [row for row in side_by_side(line, mine, others) if row["left"] != row["right"]]
    return Difference(paper, line, sheet.second_by if first else sheet.entered_by, mine, rows)
