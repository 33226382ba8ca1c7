"""What each audience's page shows of a live event now. Nothing that is not revealed is in it."""

from dataclasses import dataclass, field

from arena.models import Cover, Turn
from arena.queries.overtime import Charge, find_charge, is_free
from arena.queries.scores import Scores, name_judge
from arena.queries.stage import find_ticks
from arena.stage import machine

LONGEST_STANDING = 11


@dataclass
class View:
    """One moment of the stage.

    face: `title` (nobody has been yet), `speaking`, `marking`, `closed` (marked, not shown),
    `revealed`; turn: the Turn row that it is about; charge: what its overtime costs as the clock
    stands, before its score is revealed; is_free: that of the running part costs nothing, while
    that of another does; `scores` and `standing` of revealed turns only.
    """

    face: str
    turn: Turn | None = None
    following: Turn | None = None
    clock: machine.Clock | None = None
    segment: machine.Segment | None = None
    overtime: int = 0
    charge: Charge | None = None
    is_free: bool = False
    ticks: list = field(default_factory=list)
    scores: list = field(default_factory=list)
    standing: list = field(default_factory=list)
    finished: bool = False

    @property
    def ticked(self):
        return count_ticks(self.ticks)["ticked"]

    @property
    def asked(self):
        return count_ticks(self.ticks)["asked"]


def look(live, now, *, scores=True):
    """This function will return the View of a live event at the server's moment `now`.

    With `scores` false no score is computed: for pages that show none.
    """
    stage = live.stage
    turn = _turn_shown(live)
    view = View("title", turn, live.row(stage.following.key) if stage.following else None)
    view.finished = bool(live.rows) and stage.finished and not stage.due
    if turn is None:
        return view
    view.face = {"absent": "title"}.get(turn.state, turn.state)
    of_machine = stage.turn(turn.entry.key)
    view.overtime = machine.overtime(stage, of_machine)
    if view.face in ("speaking", "marking", "closed"):
        view.charge = find_charge(live, of_machine, now)
    if view.face == "speaking":
        view.clock = machine.read_clock(stage, of_machine, now)
        view.segment = stage.segments[of_machine.segment]
        view.is_free = is_free(live.panel, view.segment.title)
    elif view.face in ("marking", "closed"):
        view.ticks = find_ticks(live.panel, turn.entry.key)
    revealed = [row for row in live.rows if row.state == Turn.State.REVEALED]
    if scores and revealed and view.face == "revealed":
        found = Scores(live)
        view.scores = found.of_turn(turn.entry.key)
        standing = found.standing([row.entry.key for row in revealed])
        own = [row for row in standing[LONGEST_STANDING:] if row.key == turn.entry.key]
        view.standing = standing[: LONGEST_STANDING - len(own)] + own
    return view


def find_cover(event):
    """This function will return what the large screen shows instead of the stage (Cover.Kind), or
    an empty text."""
    return Cover.objects.filter(event=event).values_list("kind", flat=True).first() or ""


def count_ticks(ticks):
    """This function will return how many of the Ticks are `ticked`, and how many are `asked`."""
    return {
        "ticked": sum(tick.state == "in" for tick in ticks),
        "asked": sum(tick.owed for tick in ticks),
    }


def name_ticks(panel, ticks):
    """This function will return (name of the judge, his tick) as the scheme discloses judges;
    empty where it does not disclose them at all."""
    how = panel.scheme.disclosure.judges
    if how == "none":
        return []
    return [(name_judge(tick.judge, how), tick.state == "in") for tick in ticks if tick.owed]


def _turn_shown(live):
    """Who is on stage; else whose turn changed last: closed, or just revealed."""
    on_stage = live.stage.on_stage
    if on_stage is not None:
        return live.row(on_stage.key)
    been = [row for row in live.rows if row.state in (Turn.State.CLOSED, Turn.State.REVEALED)]
    return max(been, key=lambda row: row.moved_step, default=None)
