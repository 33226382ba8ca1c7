"""What the staff pages of a marked round show."""

from dataclasses import dataclass, field

from scoring.models import Checked, Sheet
from scoring.queries.progress import STATES, WAITING
from scoring.queries.sheet_steps import remind

# state of a cell: (sign of the state component, word)
SIGNS = {
    "differs": "late",
    "missing": "todo",
    "entered": "waiting",
    "correcting": "waiting",
    "pad": "submitted",
    "verified": "verified",
    "excluded": "withheld",
    "recused": "recused",
}


@dataclass(frozen=True)
class MatrixCell:
    """The state of one judge's sheets for one entrant, and where it leads.

    `title` names whose it is: the unit, and of a part the unit's own line or a secretary. `parts`
    tells each line by its own where the unit had several secretaries in the year: the worst state
    alone would not say whose sheet is meant, and the link would lead to one of them.
    """

    name: str
    sign: str
    word: str
    sheet: Sheet | None
    title: str
    parts: tuple = ()


@dataclass(frozen=True)
class MatrixRow:
    """One judge's row: his cells, what waits for a second person, and his reminder."""

    judge: object
    cells: list
    missing: int
    waiting: int
    reminder: str


@dataclass
class GridLines:
    """A judge's lines as one member of staff may treat them.

    `mine` may be typed or changed by her; `others` are kept by somebody else or settled, with the
    word why; `verifiable` wait for her second reading; `confirmable` are those that do not differ;
    `own_entered` wait for somebody else.
    """

    mine: list = field(default_factory=list)
    others: list = field(default_factory=list)
    verifiable: list = field(default_factory=list)
    confirmable: list = field(default_factory=list)
    own_entered: list = field(default_factory=list)


@dataclass(frozen=True)
class Versions:
    """Two versions of one line side by side; `rows` for the component of differences."""

    name: str
    left: str
    right: str
    rows: list


def find_matrix(progress, now):
    """This function will lay out judges × entrants: {"entries": […], "rows": […], "late": bool},
    with the reminder for all and a note on the corrections that wait."""
    correcting = progress.count("correcting")
    panel, late = progress.panel, progress.is_late(now)
    entries = {}
    for line in panel.lines:
        entries.setdefault(line.bundle, line.entry)
    rows = []
    for judge in panel.judges:
        cells = [
            _cell(progress, judge, bundle, entry.heading, late) for bundle, entry in entries.items()
        ]
        missing = sum(cell.name == "missing" for cell in cells)
        waiting = sum(cell.name in WAITING for cell in cells)
        reminder = remind(progress, [judge]) if missing else ""
        rows.append(MatrixRow(judge, cells, missing, waiting, reminder))
    return {
        "entries": list(entries.values()),
        "rows": rows,
        "late": late,
        "reminder": remind(progress),
        "correcting_note": f"另有 {correcting} 份更正待核对" if correcting else "",
    }


def _cell(progress, judge, bundle, unit, late):
    name = progress.bundles[judge.id, bundle]
    lines = [line for line in progress.panel.lines if line.bundle == bundle]
    sheets = [progress.sheet_of(judge, line) for line in lines]
    sheet = next((row for row in sheets if row is not None), None)
    secretaries = {line.entry.id for line in lines if line.entry.is_secretary}
    parts = ()
    if len(secretaries) > 1:
        parts = tuple(_part(progress, judge, line, late) for line in lines)
    return MatrixCell(name, _sign(name, late), STATES[name], sheet, unit, parts)


def _part(progress, judge, line, late):
    name = progress.states[judge.id, line.key]
    title = line.entry.person_name or "单位"
    title += f"（{line.site.name}）" if line.site else ""
    return MatrixCell(name, _sign(name, late), STATES[name], progress.sheet_of(judge, line), title)


def _sign(name, late):
    return "late" if late and name == "missing" else SIGNS.get(name, "")


def find_grid_lines(progress, judge, person):
    """This function will sort the judge's lines by what this person may do with them."""
    found = GridLines()
    for line in progress.panel.lines_of(judge):
        row = progress.sheet_of(judge, line)
        state = progress.states[judge.id, line.key]
        if row is None:
            found.mine.append(line)
            continue
        if row.source != Sheet.Source.PAPER or row.state != Checked.State.ENTERED:
            found.others.append((line, STATES[state], row))
            continue
        own = row.entered_by_id == person.id
        if own:
            found.mine.append(line)
        else:
            found.others.append((line, STATES[state], row))
        if state == "differs" or not own:
            found.verifiable.append(line)
        else:
            found.own_entered.append(line)
        if state == "entered" and not own:
            found.confirmable.append(line)
    return found


def marks_of(progress, judge, lines):
    """This function will return {line key: marks} of the stored sheets on these lines."""
    return {
        line.key: row.marks for line in lines if (row := progress.sheet_of(judge, line)) is not None
    }


def revisions_of(progress, judge):
    """This function will return {line key: revision hex} of the judge's stored sheets."""
    return {
        line.key: row.revision.hex
        for line in progress.panel.lines
        if (row := progress.sheet_of(judge, line)) is not None
    }


def find_differences(progress, judge, reader=None):
    """This function will set the two readings of each differing paper sheet side by side; of those
    only that the person `reader` typed, if he is named."""
    found = []
    for line in progress.lines_in(judge, "differs"):
        row = progress.sheet_of(judge, line)
        if reader is not None and reader.id not in (row.entered_by_id, row.second_by_id):
            continue
        found.append(
            Versions(
                line.name,
                f"{row.entered_by} 录入",
                f"{row.second_by} 录入",
                side_by_side(line, row.marks, row.second_marks),
            )
        )
    return found


def compare(form, existing):
    """This function will set what was typed in a form beside the stored sheets."""
    found = []
    typed = form.cleaned_data.get("sheets", {})
    for row in existing:
        line = next(
            line
            for line in form.panel.lines
            if line.key == (row.entry.key, row.site) and line.round.key == row.round_key
        )
        mine = typed.get(row.entry.key, {}).get(row.site, {})
        origin = f"已有的（{row.entered_by}，{row.get_source_display()}）"
        found.append(Versions(line.name, "您填的", origin, side_by_side(line, mine, row.marks)))
    return found


def side_by_side(line, left, right):
    """This function will return rows (label, left, right) for the component of differences."""
    return [
        {
            "label": criterion.title,
            "left": left.get(criterion.key),
            "right": right.get(criterion.key),
        }
        for criterion in line.criteria
    ]
