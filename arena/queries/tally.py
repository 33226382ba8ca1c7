"""What the tally supervisor compares with the slips: every judge's marks of the closed turns, which
of them were dropped, and the score that the rules make of them."""

from dataclasses import dataclass

from arena.models import Turn
from arena.queries.scores import Score, Scores
from scoring.models import Sheet
from scoring.queries.marks import show_total

CLOSED = (Turn.State.CLOSED, Turn.State.REVEALED)


@dataclass(frozen=True)
class TallyRow:
    """One judge: `cells` are (text, dropped) by criterion, `total` (text, dropped) or None without
    marks; `source` says from where they came; `notes` why something of his was left out."""

    judge: object
    cells: list
    total: tuple | None
    source: str
    notes: list


@dataclass(frozen=True)
class Tally:
    """One line of a closed turn: its criteria, its judges, its score."""

    line: object
    rows: list
    score: Score

    @property
    def criteria(self):
        return self.line.criteria


def closed_keys(live):
    """This function will return the entry keys of the turns whose marks are closed, in order."""
    return [row.entry.key for row in live.rows if row.state in CLOSED]


def find_tallies(live, keys, register):
    """This function will return [(Turn, [Tally])] of those of these turns that are closed; of an
    open turn nothing. `register` names the sheets of paper beside the marks."""
    closed = set(closed_keys(live))
    wanted = [row for row in live.rows if row.entry.key in closed and row.entry.key in keys]
    if not wanted:
        return []
    scores, sheets = Scores(live), _counted(live)
    papers = {(row.paper.judge_id, row.paper.entry.key): row.paper for row in register.valid}
    return [
        (
            row,
            [
                _tally(live, scores, sheets, papers, *pair)
                for pair in zip(
                    live.lines_of(row.entry.key), scores.of_turn(row.entry.key), strict=True
                )
            ],
        )
        for row in wanted
    ]


def _counted(live):
    found = Sheet.objects.filter(
        competition=live.event.competition, round_key__in=live.panel.round_keys
    ).counted()
    return {(sheet.judge_id, sheet.round_key, sheet.entry_id, sheet.site): sheet for sheet in found}


def _tally(live, scores, sheets, papers, line, score):
    dropped, notes = _left_out(scores.node_of(line))
    rows = []
    for judge in live.panel.judges:
        if (judge.id, line.round.key) not in live.panel.seats:
            continue
        sheet = sheets.get((judge.id, line.round.key, line.entry.id, line.site_key))
        gone = [(judge.key, item.key) in dropped for item in line.criteria]
        said = list(dict.fromkeys(notes.get(judge.key, [])))
        # What is dropped with the total is said once: the mark's own note says less.
        said = [one for one in said if f"按总分{one}" not in said]
        if sheet is None:
            rows.append(TallyRow(judge, [("—", False)] * len(gone), None, "", said))
            continue
        cells = [
            (sheet.marks.get(item.key, "—"), out)
            for item, out in zip(line.criteria, gone, strict=True)
        ]
        total = (show_total(sheet.marks), all(gone) or (judge.key, "") in dropped)
        paper = papers.get((judge.id, line.bundle))
        source = "手机" if sheet.source == Sheet.Source.PAD else "纸质"
        if paper and sheet.source == Sheet.Source.PAPER:
            source = f"纸质 {paper.shown}"
        rows.append(TallyRow(judge, cells, total, source, said))
    return Tally(line, rows, score)


def _left_out(node):
    """({(judge key, criterion key or "" for the total)} that were dropped, {judge key: why})."""
    dropped, notes = set(), {}
    for child in node.children if node else []:
        marks = [(child.key, mark) for mark in child.children if mark.kind == "mark"]
        for key, mark in [("", child)] if child.kind == "judge" else marks:
            if mark.dropped:
                dropped.add((mark.key, key))
                notes.setdefault(mark.key, []).extend(mark.notes)
    return dropped, notes
