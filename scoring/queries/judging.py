"""What one judge has before him: his rounds, his entrants, and what he has handed in."""

from dataclasses import dataclass, field

from competitions.models import Entry
from scoring.doors import Stand
from scoring.models import Checked, LateSheet, Ruling, Sheet
from scoring.queries.evidence import ruling_fact
from scoring.queries.marks import show_total
from scoring.queries.panels import MarkingRound, load_marking_round, load_marking_rounds
from scoring.queries.sheet_history import History, find_corrected
from scoring.queries.sheet_steps import write_moment


@dataclass(frozen=True)
class Entrant:
    """One entrant on a judge's desk: what is marked together on one page. `number` counts the
    list; of a live event it is the drawn number, None as long as there is none."""

    number: int | None
    entry: Entry
    lines: list
    sheets: list
    recused: bool = False
    late: LateSheet | None = None
    # Of a live event: whether it waits, speaks, is marked, or is over.
    stage_word: str = ""
    # The entry under which it comes on stage.
    bundle: str = ""

    @property
    def state(self):
        """`late`, `recused`, `submitted` or `todo`; a draft is known to the judge's device only."""
        if self.late is not None:
            return "late"
        if self.recused:
            return "recused"
        return "submitted" if len(self.sheets) == len(self.lines) else "todo"

    @property
    def totals(self):
        """The totals as text, in the order of the lines; a dash for a line not yet handed in."""
        totals = {(row.entry.key, row.site): show_total(row.marks) for row in self.sheets}
        return [totals.get(line.key, "—") for line in self.lines] if totals else []

    @property
    def receipt(self):
        return next((sheet.receipt for sheet in self.sheets if sheet.receipt), "")


@dataclass(frozen=True)
class Receipt:
    """A sheet as handed in: the line, the stored row, its total as text, and where it is from; of
    one that has been corrected since, what it was and how it was changed."""

    line: object
    sheet: Sheet
    total: str
    origin: str
    history: History | None = None

    @property
    def changes(self):
        """[(when it came into force, rows (criterion, old, new))] of the approved corrections."""
        return [
            (change.settled.revision.at, self._rows(change))
            for change in (self.history.approved if self.history else ())
        ]

    def _rows(self, change):
        return [
            (one.title, change.before.get(one.key), change.after.get(one.key))
            for one in self.line.criteria
            if change.before.get(one.key) != change.after.get(one.key)
        ]

    @property
    def handed_at(self):
        """When the judge or the typist brought it, whoever has corrected it since."""
        if self.history and self.history.handed:
            return self.history.handed[0].revision.at
        return self.sheet.entered_at


@dataclass
class Desk:
    """One judge's work in one round. `sheets` maps line keys to what has been handed in, `late` to
    what came late and does not count (yet)."""

    panel: MarkingRound
    judge: object
    lines: list = field(default_factory=list)
    sheets: dict = field(default_factory=dict)
    late: dict = field(default_factory=dict)
    stand: Stand | None = None

    @property
    def key(self):
        return self.panel.round.key

    def arrange(self, arrangement):
        """This function will put the entrants in the order of an Arrangement."""
        self.panel.arrange(arrangement)
        self.lines = self.panel.lines_of(self.judge)

    @property
    def entrants(self):
        """All entrants in official order, or as arranged, or in the order of the stage; recused
        ones included.

        On the pad of a tour every entry has a page, so a unit's secretaries are told apart there.
        """
        found = []
        lines = self.panel.seated_lines_of(self.judge)
        pages = {}
        for line in lines:
            page = line.entry.key if self.panel.whole_tour else line.bundle
            pages.setdefault(page, []).append(line)
        for together in self._in_order_of_stage(pages):
            own = [line for line in together if line in self.lines]
            sheets = [self.sheets[line.key] for line in own if line.key in self.sheets]
            first = together[0].entry
            late = self.find_late(together)
            bundle = together[0].bundle
            word = self.stand.words.get(bundle, "未排定顺序") if self.stand else ""
            number = self.stand.numbers.get(bundle) if self.stand else len(found) + 1
            found.append(Entrant(number, first, own, sheets, not own, late, word, bundle))
        return found

    def _in_order_of_stage(self, pages):
        if self.stand is None:
            return pages.values()
        places = {key: place for place, key in enumerate(self.stand.numbers)}
        return sorted(pages.values(), key=lambda lines: places.get(lines[0].bundle, len(places)))

    def find_entrant(self, key):
        """This function will return whom the judge may mark or was late with, or None."""
        found = [one for one in self.entrants if key in (one.entry.key, one.bundle)]
        return next((one for one in found if one.lines or one.late), None)

    def find_spared(self, key):
        """This function will return whom the judge sits for and need not mark, recused or left out
        by a ruling, as (Entrant, RulingFacts that leave the judge out); None for others."""
        named = [one for one in self.entrants if key in (one.entry.key, one.bundle)]
        found = next(iter(named), None)
        if found is None or found.lines or found.late:
            return None
        together = [
            line for line in self.panel.seated_lines_of(self.judge) if line.bundle == found.bundle
        ]
        rulings = Ruling.objects.filter(competition=self.panel.competition, kind="exclude_judge")
        facts = [ruling_fact(row) for row in rulings.counted().order_by("id")]
        return found, [
            fact
            for fact in facts
            if fact.judge == self.judge.key
            and any(
                fact.round == line.round.key and fact.entry in ("", line.entry.key)
                for line in together
            )
        ]

    def find_late(self, lines):
        """This function will return the late marks that stand in place of sheets, or None."""
        if any(line.key in self.sheets for line in lines):
            return None
        return next((self.late[line.key] for line in lines if line.key in self.late), None)

    def late_receipts(self, late):
        """This function will return what was handed in late, like `receipts`."""
        sheets = [
            Sheet(marks=item["marks"], receipt=late.receipt, entered_at=late.received_at)
            for item in late.lines
        ]
        return [
            Receipt(line, sheet, show_total(sheet.marks), late.get_outcome_display())
            for item, sheet in zip(late.lines, sheets, strict=True)
            if (line := self.panel.find_line(item["entry"], item["site"])) is not None
        ]

    def receipts(self, lines):
        """This function will return the sheets handed in on these lines, with where from."""
        found = [(line, self.sheets[line.key]) for line in lines if line.key in self.sheets]
        corrected = find_corrected(self.judge, [sheet for _line, sheet in found])
        return [
            Receipt(
                line,
                sheet,
                show_total(sheet.marks),
                describe_source(sheet),
                corrected.get(sheet.id),
            )
            for line, sheet in found
        ]

    def find_following(self, entrant):
        """This function will return the next entrant still to be marked after this one, or None;
        of a live event it is whoever takes marks now."""
        if entrant is None:
            return None
        if self.stand:
            now = self.find_entrant(self.stand.open)
            return now if now and now.state == "todo" and now.bundle != entrant.bundle else None
        later = [one for one in self.entrants if one.number > entrant.number]
        return next((one for one in later if one.state == "todo"), None)

    @property
    def done(self):
        return sum(one.state == "submitted" for one in self.entrants)

    @property
    def owed(self):
        return sum(one.state not in ("recused", "late") for one in self.entrants)

    @property
    def state(self):
        """`submitted`, `open` or `todo`; where no mark is asked of the judge, `late` if some came
        late, else `spared`."""
        if not self.owed:
            return "late" if any(one.late for one in self.entrants) else "spared"
        if self.done == self.owed:
            return "submitted"
        return "open" if self.done else "todo"


def find_desks(judge):
    """This function will return the judge's desks in the rules' order. Few queries."""
    panels = [
        panel
        for panel in load_marking_rounds(judge.competition)
        if any(judge_id == judge.id for judge_id, _round_key in panel.seats)
    ]
    rows = (
        Sheet.objects.filter(judge=judge)
        .select_related("entry__unit", "entry__term__person", "entry__person", "entry__of")
        .in_order()
    )
    sheets = {(row.round_key, row.entry.key, row.site): row for row in rows}
    late = [
        late
        for late in LateSheet.objects.filter(judge=judge).order_by("id")
        if late.outcome != LateSheet.Outcome.ADMITTED
    ]
    return [_desk(panel, judge, sheets, late) for panel in panels]


def find_desk(judge, round_key):
    """This function will return one of the judge's desks, or None."""
    return next((desk for desk in find_desks(judge) if desk.key == round_key), None)


def _desk(panel, judge, sheets, late):
    desk = Desk(panel, judge, panel.lines_of(judge))
    for one in late:
        if one.round_key == desk.key:
            desk.late |= {(item["entry"], item["site"]): one for item in one.lines}
    for line in desk.lines:
        row = sheets.get((line.round.key, *line.key))
        if row is not None:
            desk.sheets[line.key] = row
    return desk


def describe_source(sheet):
    """This function will say where a sheet comes from and whether it counts."""
    if sheet.source == Sheet.Source.PAD:
        return "评委打分页提交"
    if sheet.state == Checked.State.VERIFIED:
        return "纸质评分表，已核对" if not sheet.receipt else "按更正手续更正"
    return "纸质评分表，待核对"


def describe_sheets(sheets):
    """This function will describe stored sheets in plain data, to be shown beside a draft."""
    return [
        {
            "entry": sheet.entry.key,
            "site": sheet.site,
            "name": sheet.entry.name,
            "source": describe_source(sheet),
            "at": write_moment(sheet.entered_at),
            "receipt": sheet.receipt,
            "marks": sheet.marks,
            "total": show_total(sheet.marks),
        }
        for sheet in sheets
    ]


def describe_late(late):
    """This function will return the round's title, [(name, [(criterion, mark)])] of late marks,
    and the names of those for whom a ruling leaves the judge out; what the rules no longer have is
    called by its key."""
    panel = load_marking_round(late.competition, late.round_key)
    lines, left_out = [], []
    for item in late.lines:
        line = panel.find_line(item["entry"], item["site"]) if panel else None
        if line and panel.is_excluded(late.judge, line):
            left_out.append(line.name)
        titles = {one.key: one.title for one in line.criteria} if line else {}
        marks = [(titles.get(key, key), value) for key, value in item["marks"].items()]
        lines.append((line.name if line else item["entry"], marks))
    return panel.title if panel else late.round_key, lines, left_out
