"""A live event as it stands: its rules, its stage, and who has marked."""

from dataclasses import dataclass, field

from arena.models import AudiencePage, Event, Turn
from arena.stage import machine
from competitions.scheme.check_event import is_standardised
from competitions.scheme.event_types import REVEALS
from record.prepared import Prepared
from scoring.models import Checked, LateSheet, Sheet
from scoring.queries.panels import MarkingRound, load_marking_round

HANDED_IN = Prepared(
    lambda rounds, entries: Sheet.objects.filter(
        round_key__in=rounds, entry__id__in=entries
    ).values_list("judge_id", "round_key", "entry_id", "site", "source", "state", "second_marks")
)
LATE = Prepared(
    lambda competition, round_key: LateSheet.objects.filter(
        competition=competition, round_key=round_key
    ).values_list("judge_id", "lines")
)


# The event, once for each of its turns; before the draw it has none.
MOMENT = Prepared(
    lambda competition, round_key: Event.objects.filter(
        competition=competition, round_key=round_key, called_off=False
    ).values_list("step", "page__id", "cover__kind", "turns__entry__key", "turns__state")
)


@dataclass(frozen=True)
class Moment:
    """What a hand-in asks of a live event: its step, whether the audience's page is open, what
    covers the large screen (Cover.Kind or None), and {entry key: Turn.State}."""

    step: int
    is_open: bool
    cover: str | None
    states: dict

    @property
    def on_stage(self):
        """The key of the entry on stage, or None."""
        return next((key for key, state in self.states.items() if state in machine.ON_STAGE), None)


@dataclass
class Live:
    """An event with everything that its pages and moves need.

    `rows` are the Turn rows in their order of appearance, each with its drawn `number` (出场序号,
    from 1); `stage` the same as the machine reads it.
    """

    event: Event
    panel: MarkingRound
    rows: list = field(default_factory=list)
    stage: machine.Stage = None

    @property
    def drawn(self):
        return self.event.drawn_at is not None

    @property
    def drawn_rows(self):
        """The Turn rows by their drawn numbers, whoever speaks first now."""
        return sorted(self.rows, key=lambda row: row.number)

    @property
    def reordered(self):
        """Whether they appear in another order than they were drawn in."""
        return self.rows != self.drawn_rows

    def row(self, key):
        """This function will return the Turn row of an entry key, or None."""
        return next((row for row in self.rows if row.entry.key == key), None)

    def lines_of(self, key):
        """This function will return the lines that are marked in the turn of an entry."""
        return [line for line in self.panel.lines if line.bundle == key]

    @property
    def reveal_title(self):
        title = REVEALS[self.stage.reveal]
        return title.replace("前几位", f"前 {self.stage.held} 位") if self.stage.held else title


@dataclass(frozen=True)
class Tick:
    """Whether one judge has marked the turn: `state` is `in`, `paper` (typed in, not verified),
    `differs` (typed in twice, not alike), `late`, `missing`, or why nothing is asked of him:
    `recused`, `excluded`. `owed`: a mark is asked of him; `begun`: something of his has been taken,
    whether it counts or not."""

    judge: object
    state: str
    owed: bool
    begun: bool

    @property
    def missing(self):
        return self.owed and self.state != "in"


def find_event(competition, round_key):
    """This function will return the round's live event, or None."""
    return (
        Event.objects.filter(competition=competition, round_key=round_key, called_off=False)
        .select_related("competition", "announced_by", "drawn_by")
        .first()
    )


def find_moment(panel, lock=None):
    """This function will return the Moment of the panel's round, or None when it has no live event.

    With `lock`, what holds the stage (arena.actions.door), it is asked in that, and the panel
    remembers it: nothing of it changes until the transaction ends. Without, what is remembered is
    taken.
    """
    if lock is not None or panel.moment is None:
        panel.moment = _read_moment(panel, lock)
    return panel.moment


def _read_moment(panel, lock):
    rows = MOMENT.all(lock, competition=panel.competition.pk, round_key=panel.round.key)
    if not rows:
        return None
    step, page, cover = rows[0][:3]
    states = {key: state for *_event, key, state in rows if key is not None}
    return Moment(step, page is not None, cover, states)


def is_page_open(event):
    """This function will say whether the audience's page of an event without a jury is open."""
    return AudiencePage.objects.filter(event=event).exists()


def load_live(event, panel=None):
    """This function will return the event as Live, or None when the rules have no such round."""
    panel = panel or load_marking_round(event.competition, event.round_key)
    if panel is None:
        return None
    live = Live(event, panel)
    live.rows = list(
        Turn.objects.filter(event=event)
        .select_related("entry__unit", "entry__person")
        .order_by("position")
    )
    for number, row in enumerate(sorted(live.rows, key=lambda row: row.pk), 1):
        row.number = number
    live.stage = build_stage(panel, live.rows)
    return live


def find_entrants(panel):
    """This function will return {entry key: unit Entry} of those who come on stage, in order: what
    is marked together is one turn, and stands under the unit."""
    return {
        line.bundle: line.entry.of if line.entry.is_secretary else line.entry
        for line in panel.lines
    }


def find_unplaced(live):
    """This function will return the entrants, in order, who take part but have no turn: they came
    on the list after the draw. Empty before it."""
    placed = {row.entry.key for row in live.rows}
    entrants = find_entrants(live.panel) if live.drawn else {}
    return [entry for key, entry in entrants.items() if key not in placed]


def build_stage(panel, rows):
    """This function will return the machine's Stage of a MarkingRound and its Turn rows.

    Where a score depends on everybody's marks, the unit's or that of the person marked beside it,
    all are shown at the end.
    """
    event = panel.round.event
    reveal = event.reveal if event else "at_once"
    segments = tuple(
        machine.Segment(item.title, item.seconds, item.warning)
        for item in (event.segments if event else ())
    )
    return machine.Stage(
        turns=tuple(
            machine.Turn(
                key=row.entry.key,
                name=row.entry.heading,
                state=machine.State(row.state),
                segment=row.segment,
                used=tuple(row.used),
                spent=row.spent,
                began=row.began_at,
            )
            for row in rows
        ),
        reveal="at_end" if any(map(is_standardised, panel.rounds)) else reveal,
        held=(event.held or 0) if event else 0,
        segments=segments or machine.Stage.segments,
    )


def find_ticks(panel, key, *, late=True):
    """This function will return a Tick for every judge of the panel, in order, for one turn; with
    `late` false who was late counts as missing."""
    lines = [line for line in panel.lines if line.bundle == key]
    entries = list({line.entry.id for line in lines})
    rows = HANDED_IN.all(rounds=panel.round_keys, entries=entries)
    sheets = {row[:4]: _state(*row[4:]) for row in rows}
    after = _find_late(panel, key) if late else ()
    return [_tick(panel, judge, lines, sheets, after) for judge in panel.judges]


def _find_late(panel, key):
    rows = LATE.all(competition=panel.competition.pk, round_key=panel.round.key)
    return {judge for judge, given in rows if any(item["entry"] == key for item in given)}


def _state(source, state, second_marks):
    if source == Sheet.Source.PAD or state == Checked.State.VERIFIED:
        return "in"
    return "paper" if second_marks is None else "differs"


def _tick(panel, judge, lines, sheets, late):
    seated = [line for line in lines if (judge.id, line.round.key) in panel.seats]
    owed = [
        line
        for line in seated
        if not panel.is_recused(judge, line) and not panel.is_excluded(judge, line)
    ]
    given = [sheets.get((judge.id, line.round.key, line.entry.id, line.site_key)) for line in owed]
    begun = any(mark is not None for mark in given)
    if owed and None not in given:
        state = next((word for word in ("differs", "paper") if word in given), "in")
    elif judge.id in late:
        state = "late"
    elif owed:
        state = "missing"
    else:
        recused = any(panel.is_recused(judge, line) for line in seated)
        state = "recused" if recused else "excluded"
    return Tick(judge, state, bool(owed), begun)


def name_missing(ticks):
    """This function will name the judges whose marks are still expected (评委号)."""
    words = {
        "paper": "（纸质表待核对）",
        "differs": "（纸质表两次录入不一致）",
        "late": "（迟到，待裁定）",
    }
    return tuple(
        f"{tick.judge.number} 号评委{words.get(tick.state, '')}" for tick in ticks if tick.missing
    )
