"""How far the marking of each round has come: never a total, only who has handed in what."""

from collections import namedtuple
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.db.models import Exists, OuterRef

from competitions.frontdoor import find_marking_over
from competitions.models import Competition, Judge
from competitions.roadmap import Known
from record.prepared import Prepared
from scoring import doors
from scoring.models import Checked, Correction, Sheet
from scoring.queries.panels import MarkingRound, load_marking_round, load_marking_rounds

# Worst first: what a cell of several sheets is called.
STATES = {
    "differs": "两次录入不一致",
    "missing": "未交",
    "entered": "纸质待核对",
    "correcting": "更正待核对",
    "pad": "已提交",
    "verified": "已核对",
    "excluded": "裁定不计",
    "recused": "回避",
    "unseated": "—",
}
DONE = {"pad", "verified", "correcting"}
WAITING = {"entered", "differs", "correcting"}
OWED = DONE | WAITING | {"missing"}
NOT_AWAITED = (
    "有评委不再打分的，请在「裁定」中办理评委不计，由另一人核对，就不必再等；纸质表请先核对。"
)
_RANKS = {name: rank for rank, name in enumerate(STATES)}
# What the state of a sheet follows from, and where it belongs.
SheetState = namedtuple(
    "SheetState", "round_key judge_id entry_id site source state second_marks correcting"
)
SHEET_STATES = Prepared(
    lambda competition: _sheets(competition).order_by().values_list(*SheetState._fields)
)


@dataclass
class Progress:
    """One marked round: the state of every judge's sheet on every line.

    `states` maps (judge id, line key) to a key of STATES, `sheets` to the stored row.
    """

    panel: MarkingRound
    states: dict = field(default_factory=dict)
    sheets: dict = field(default_factory=dict)
    known: Known = field(default_factory=Known)

    def count(self, *names):
        """This function will count the judges' entrants in any of these states.

        What is marked together on one page (an entrant's sites, his secretary) counts once, in its
        worst state.
        """
        return sum(state in names for state in self.bundles.values())

    @cached_property
    def bundles(self):
        """The worst state of each (judge id, entrant's key)."""
        worst, lines = {}, [(line.key, line.bundle) for line in self.panel.lines]
        for judge in self.panel.judges:
            for key, bundle in lines:
                place, state = (judge.id, bundle), self.states[judge.id, key]
                if place not in worst or _RANKS[state] < _RANKS[worst[place]]:
                    worst[place] = state
        return worst

    @property
    def owed(self):
        return self.count(*OWED)

    @property
    def done(self):
        return self.count(*DONE)

    @property
    def missing(self):
        return self.count("missing")

    @property
    def waiting(self):
        return self.count(*WAITING)

    @property
    def unchecked(self):
        """Paper sheets that nobody has verified; a sheet under correction counts as received."""
        return self.count("entered", "differs")

    def part_of(self, round_):
        """This function will return the progress of the lines of one of the sheet's rounds."""
        lines = [line for line in self.panel.lines if line.round.key == round_.key]
        keys = {line.key for line in lines}
        panel = replace(self.panel, round=round_, companion=None, lines=lines)
        part = Progress(
            panel,
            {place: state for place, state in self.states.items() if place[1] in keys},
            {place: row for place, row in self.sheets.items() if place[1] in keys},
            self.known,
        )
        # A live event is that of the sheet's first round.
        part.is_live = self.is_live
        return part

    @property
    def complete(self):
        """Whether every mark that is asked for is there and checked."""
        return self.owed > 0 and self.count("missing", *WAITING) == 0

    @property
    def collected(self):
        """Whether every mark that is asked for is there, though a correction of one may wait."""
        return self.owed > 0 and self.done == self.owed

    @cached_property
    def stand(self):
        """How the live event of the round stands (scoring.doors.Stand), None without one; asked
        once, for the answer is a whole picture of the stage."""
        return doors.stage_of(self.panel)

    def shows(self, sheet, person):
        """This function will say whether staff may read a stored sheet's marks.

        Until the round is collected nobody of them does (评委打分收齐以前只看谁交了), but who typed
        or verified a paper sheet reads that one. In a live event a turn is collected when its marks
        are closed: a slip is put right before the next one is on stage, not after the last.
        """
        hands = {sheet.entered_by_id, sheet.verified_by_id, sheet.second_by_id}
        if self.collected or (sheet.source == Sheet.Source.PAPER and person.id in hands):
            return True
        of_sheet = (sheet.round_key, sheet.entry_id, sheet.site)
        return self.stand is not None and any(
            line.bundle in self.stand.closed
            for line in self.panel.lines
            if (line.round.key, line.entry.id, line.site_key) == of_sheet
        )

    @property
    def begun(self):
        return bool(self.sheets)

    @property
    def is_any_begun(self):
        """Whether there is an entrant of whom some marks are in and others are owed."""
        found = {}
        for (_judge, key), state in self.bundles.items():
            found.setdefault(key, set()).add(state)
        return any(
            states & (DONE | WAITING) and states & (OWED - DONE) for states in found.values()
        )

    @cached_property
    def is_live(self):
        """Whether the stage opens and closes marking, whatever the schedule says; asked where it
        matters, which costs a page with the road map nothing."""
        panel = self.panel
        if panel.whole_tour:
            return False
        return panel.round.key in doors.find_live_rounds(panel.competition, self.known)

    @property
    def due_at(self):
        """Until when the marks are due, or None; with a live event no time is."""
        due = self.panel.plan.due_at if self.panel.plan else None
        return None if due is None or self.is_live else due

    def is_late(self, now):
        """This function will say whether marks are missing after the due time."""
        return bool(self.due_at and self.due_at < now and self.missing)

    def lines_in(self, judge, *names):
        """This function will return the judge's lines in any of these states."""
        return [line for line in self.panel.lines if self.states.get((judge.id, line.key)) in names]

    def judges_with(self, *names):
        """This function will return the judges who have a line in any of these states."""
        return [judge for judge in self.panel.judges if self.lines_in(judge, *names)]

    def is_owed_by(self, person):
        """This function will say whether the person, as judge, has a sheet to hand in."""
        return any(
            judge.person_id == person.id and self.lines_in(judge, "missing")
            for judge in self.panel.judges
        )

    def sheet_of(self, judge, line):
        """This function will return the stored sheet, or None."""
        return self.sheets.get((judge.id, line.key))


@dataclass(frozen=True)
class PartSheet:
    """A paper sheet of which only some lines were handed in: those given, and those lacking."""

    given: list
    lacking: list


def find_handed_in(progress, judge, keys, *lacking):
    """This function will count the whole sheets among these lines, and list the others.

    An entrant's sites and secretaries are one sheet; it is whole when none of the judge's lines on
    it is in one of the states `lacking`. Returns (count, [PartSheet]).
    """
    whole, parts = 0, []
    lines = [line for line in progress.panel.lines if line.key in keys]
    for bundle in dict.fromkeys(line.bundle for line in lines):
        absent = [line for line in progress.lines_in(judge, *lacking) if line.bundle == bundle]
        if absent:
            parts.append(PartSheet([line for line in lines if line.bundle == bundle], absent))
        else:
            whole += 1
    return whole, parts


def load_progress(competition, known=None):
    """This function will load the states of every marked round. Constant number of queries.

    Every work page asks for them, so the stored rows come without marks and people.
    """
    known = known or Known()
    panels = known.once(load_marking_rounds, competition, known)
    if not panels:
        return []
    entry_keys = {line.entry.id: line.entry.key for panel in panels for line in panel.lines}
    rows = {
        (row.round_key, row.judge_id, entry_keys.get(row.entry_id), row.site): row
        for row in map(SheetState._make, SHEET_STATES.all(competition=competition.pk))
    }
    return [_progress(panel, rows, known) for panel in panels]


def owes_marks(competition, person, known=None):
    """This function will say whether the person, as a judge of the competition, has a sheet of any
    round to hand in: until then she must not read the others' marks, whatever her role."""
    if not Judge.objects.filter(competition=competition, person=person).exists():
        return False
    known = known or Known()
    found = known.once(load_progress, competition, known)
    return any(progress.is_owed_by(person) for progress in found)


def find_being_marked(competition, known=None):
    """This function will say in sentences what is being marked: the turn on the stage that takes
    marks, and rounds without a live event of which marks are in, but not all. Until then they are
    nobody's to know, so that no page may show them or what follows from them; last comes how not
    to wait for a judge. Empty in the archive, and where nothing is being marked.

    Of a round whose live event was called off halfway, after the hall had seen scores, only those
    count of whom some marks are in: nobody may ever mark the others.
    """
    if competition.stage == Competition.Stage.CLOSED:
        return []
    turns = [turn for turn in doors.find_open_turns(competition) if turn.is_marked]
    known = known or Known()
    begun = [
        progress
        for progress in known.once(load_progress, competition, known)
        if progress.begun and progress.done < progress.owed
    ]
    halted = {key for key, _unit in find_marking_over(competition)} if begun else set()
    rounds = [
        progress.panel
        for progress in begun
        if doors.stage_of(progress.panel) is None
        and (progress.panel.round.key not in halted or progress.is_any_begun)
    ]
    if not turns and not rounds:
        return []
    return [
        *(f"「{turn.name}」正在打分。" for turn in turns),
        *(f"「{panel.title}」的评分表还没有收齐。" for panel in rounds),
        NOT_AWAITED,
    ]


def load_round_progress(competition, round_key, known=None):
    """This function will load the progress of one marked round, or return None."""
    panel = load_marking_round(competition, round_key, known)
    return None if panel is None else find_progress(panel, known)


def find_progress(panel, known=None):
    """This function will load the progress of a MarkingRound, in one query."""
    found = _sheets(panel.competition).filter(round_key__in=panel.round_keys)
    rows = {
        (row.round_key, row.judge_id, row.entry.key, row.site): row
        for row in found.select_related("entry", "entered_by", "second_by")
    }
    return _progress(panel, rows, known or Known())


def _sheets(competition):
    """The competition's stored sheets, each with whether a correction of it waits."""
    waiting = Correction.objects.filter(sheet=OuterRef("pk"), state=Checked.State.ENTERED)
    return Sheet.objects.filter(competition=competition).annotate(correcting=Exists(waiting))


def _progress(panel, rows, known):
    progress = Progress(panel, known=known)
    for judge in panel.judges:
        for line in panel.lines:
            row = rows.get((line.round.key, judge.id, *line.key))
            progress.states[judge.id, line.key] = _state(panel, judge, line, row)
            if row is not None:
                progress.sheets[judge.id, line.key] = row
    return progress


def _state(panel, judge, line, row):
    if (judge.id, line.round.key) not in panel.seats:
        return "unseated"
    if panel.is_recused(judge, line):
        return "recused"
    if panel.is_excluded(judge, line):
        return "excluded"
    if row is None:
        return "missing"
    if row.correcting:
        return "correcting"
    if row.source == Sheet.Source.PAD:
        return "pad"
    if row.state == Checked.State.VERIFIED:
        return "verified"
    return "differs" if row.second_marks is not None else "entered"
