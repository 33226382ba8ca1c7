"""The measured values and votes of a round as pages show them: rows, states, what is missing."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from competitions.models import Entry, RoundPlan, SchemeVersion
from competitions.queries import current_scheme_version, scheme_of
from competitions.tracks import name_rounds
from scoring.models import Checked, Measurement
from scoring.queries.inputs import find_asked, missing_inputs
from scoring.queries.left_out import find_left_out

STATE_WORDS = {
    "missing": ("missing", "缺"),
    "partial": ("missing", "不全"),
    "entered": ("waiting", "待核对"),
    "returned": ("returned", "已退回"),
    "verified": ("verified", "已核对"),
}


@dataclass(frozen=True)
class Line:
    """One entry's values of one criterion: what is there, in which state, and what is missing."""

    entry: Entry
    asked: object
    row: Measurement | None

    @property
    def place(self):
        return (self.entry.key, self.asked.key)

    @property
    def values(self):
        return self.row.values if self.row else {}

    @property
    def in_force(self):
        """The verified values that go on counting while a change of them is not verified."""
        if self.row is None or self.row.state == Checked.State.VERIFIED:
            return {}
        return self.row.verified_values

    @property
    def in_force_words(self):
        """What goes on counting, in words: 基期 10、本期 20."""
        known = [(item.title, self.in_force.get(item.key)) for item in self.asked.inputs]
        return "、".join(f"{title} {value}" for title, value in known if value)

    @property
    def revision(self):
        return self.row.revision.hex if self.row else ""

    @property
    def missing(self):
        return missing_inputs(self.asked, self.values or self.in_force)

    @property
    def state(self):
        if not self.values and not self.in_force:
            return "missing"
        if self.row.state == Checked.State.VERIFIED and self.missing:
            return "partial"
        return self.row.state

    @property
    def sign(self):
        return STATE_WORDS[self.state][0]

    @property
    def word(self):
        return STATE_WORDS[self.state][1]

    @property
    def waits(self):
        """Whether a second person is asked to look at it."""
        told = self.values or self.in_force
        return bool(told) and self.row.state == Checked.State.ENTERED

    @property
    def doubt(self):
        """A hint where baseline, value or target differ tenfold: often 万元 against 元."""
        known = {key: Decimal(text) for key, text in self.values.items() if text}
        for key, title in (("baseline", "基期"), ("target", "目标")):
            pair = sorted(abs(known.get(name, Decimal(0))) for name in ("value", key))
            if pair[0] and pair[1] >= 10 * pair[0]:
                return f"本期与{title}相差 10 倍以上，请核对单位。"
        return ""

    @property
    def cells(self):
        """(Input, decimal text or "") in the order of the criterion's inputs."""
        return [(item, self.values.get(item.key, "")) for item in self.asked.inputs]

    @property
    def compared(self):
        """(Input, text, verified text where that is another one and still counts)."""
        known = self.in_force
        return [
            (item, value, "" if known.get(item.key) == value else known.get(item.key, ""))
            for item, value in self.cells
        ]


@dataclass
class MeasuredRound:
    """A round of the published rules with the entries of its track and their values."""

    competition: object
    version: SchemeVersion
    scheme: object
    track: object
    round: object
    asked: list
    entries: list
    rows: dict
    plan: RoundPlan | None = None
    lines: list = field(default_factory=list)

    @property
    def title(self):
        """What the round is called, with its track where others are called the same."""
        return name_rounds(self.scheme)[self.round.key]

    def of_criterion(self, key):
        """This function will return the lines of one criterion, in the order of the entries."""
        return [line for line in self.lines if line.asked.key == key]

    def of_entry(self, key):
        """This function will return the lines of one entry, in the order of the rules."""
        return [line for line in self.lines if line.entry.key == key]

    @property
    def waiting(self):
        return [line for line in self.lines if line.waits]

    @property
    def missing_count(self):
        return sum(len(line.missing) for line in self.lines)

    @property
    def cell_count(self):
        return sum(len(line.asked.inputs) for line in self.lines)


@dataclass(frozen=True)
class Progress:
    """How far a criterion, or an entry, has come: counts of lines by state and missing inputs."""

    key: str
    title: str
    note: str
    lines: int
    states: Counter
    missing: int

    @property
    def verified(self):
        return self.states["verified"]

    @property
    def waiting(self):
        return self.states["entered"]

    @property
    def returned(self):
        return self.states["returned"]


def is_measured(round_):
    """This function will say whether staff fill in measured values or votes for the round."""
    return bool(find_asked(round_))


def measured_rounds(scheme):
    """This function will return (track, round) of every round with measured values or votes."""
    return [
        (track, round_) for track in scheme.tracks for round_ in track.rounds if is_measured(round_)
    ]


def load_measured_round(competition, round_key, arrangement=None):
    """This function will load a measured round of the published rules, or return None.

    The entries stand as the Arrangement says, in official order without one; those that take no
    part in the standing are left out. Constant number of queries.
    """
    version = current_scheme_version(competition)
    if version is None or version.state != SchemeVersion.State.PUBLISHED:
        return None
    scheme = scheme_of(version)
    found = [pair for pair in measured_rounds(scheme) if pair[1].key == round_key]
    if not found:
        return None
    track, round_ = found[0]
    rows = Entry.objects.filter(competition=competition, subject=track.subject).active()
    entries = [
        entry for entry in rows.with_subjects().in_official_order() if entry.competes_in(track)
    ]
    left_out = find_left_out(competition, scheme, entries)
    entries = [entry for entry in entries if (track.key, entry.key) not in left_out]
    if arrangement is not None:
        entries = arrangement.sort(entries)
    rows = {
        (row.entry_id, row.criterion_key): row
        for row in Measurement.objects.filter(competition=competition, round_key=round_key)
        .select_related("entered_by", "verified_by")
        .order_by("id")
    }
    plan = RoundPlan.objects.filter(competition=competition, round_key=round_key).first()
    asked = find_asked(round_)
    lines = [
        Line(entry, item, rows.get((entry.id, item.key))) for item in asked for entry in entries
    ]
    return MeasuredRound(
        competition, version, scheme, track, round_, asked, entries, rows, plan, lines
    )


def progress_by_criterion(measured):
    """This function will return a Progress for each criterion, in the order of the rules."""
    scheme = measured.scheme
    return [
        _progress(
            item.key,
            item.title,
            scheme.dimension_title(item.criterion.dimension),
            measured.of_criterion(item.key),
        )
        for item in measured.asked
    ]


def progress_by_entry(measured):
    """This function will return a Progress for each entry, in the order of the page."""
    return [
        _progress(entry.key, entry.name, "", measured.of_entry(entry.key))
        for entry in measured.entries
    ]


def _progress(key, title, note, lines):
    return Progress(
        key=key,
        title=title,
        note=note,
        lines=len(lines),
        states=Counter(line.state for line in lines),
        missing=sum(len(line.missing) for line in lines),
    )


def neighbours(items, key):
    """This function will return the items before and after the one of that key (None at an end)."""
    keys = [item.key for item in items]
    here = keys.index(key)
    before = items[here - 1] if here else None
    after = items[here + 1] if here + 1 < len(items) else None
    return before, after
