"""Whether marks come in time, and who is on stage: an app above (the live event) registers a door
here when it starts.

A door is asked inside the transaction that takes the marks, after the judge has been locked, and
takes its own locks, so that a hand-in and a closing at one instant are decided either way.
"""

from dataclasses import dataclass

_doors: list = []
_followers: list = []
_desks: list = []
_holders: list = []
_stages: list = []
_lives: list = []
_clocks: list = []
_turns: list = []
_watchers: list = []
_seconds: list = []


@dataclass(frozen=True)
class Stand:
    """How the live event of a round stands, as far as its judges may know it.

    `numbers` has {entry key: its drawn number} of those who come on stage, in the order in which
    they do, `words` the state of each, `closed` has those whose marks would be late, `open` is who
    takes marks now (or ""); `fragment` says so on every page of the round, and `feed` is where it
    goes on after item number `after`.
    """

    numbers: dict[str, int]
    words: dict[str, str]
    closed: tuple[str, ...]
    open: str
    fragment: str
    feed: str
    after: int


@dataclass(frozen=True)
class OpenTurn:
    """A turn of a live event that is not over: its marks are being taken (`is_marked`), or they are
    closed and the hall has not seen the score yet. `url` is where it goes on."""

    name: str
    is_marked: bool
    url: str


def register(door, follow, hold):
    """This function will have `door(panel, entry_keys)` asked before marks of an arena are taken,
    and `follow(panel, entry_keys, now=…)` called in the same transaction when they have been.

    `panel` is the MarkingRound, `entry_keys` the entries named in the hand-in. It returns "" when
    they come in time, None when it has no say (then nobody follows either), a sentence when they
    come late and are to be kept as late, and raises scoring.actions.sheet_rules.RoundClosed when
    they cannot be taken yet.
    `hold(panel)` takes the door's lock and asks nothing: for marks that come by another road.
    """
    if door not in _doors:
        _doors.append(door)
        _followers.append(follow)
        _holders.append(hold)


def ask(panel, entry_keys):
    """This function will return why the marks are late, in a sentence, "" when they are not, or
    None when no door has a say."""
    said = [why for door in _doors if (why := door(panel, entry_keys)) is not None]
    return max(said, key=bool, default=None)


def hold(panel):
    """This function will keep every door as it is until the transaction ends: no step is made while
    marks that were decided upon are put among the others."""
    for lock in _holders:
        lock(panel)


def tell(panel, entry_keys, *, now):
    """This function will call everybody who follows what was taken, last in its transaction."""
    for follow in _followers:
        follow(panel, entry_keys, now=now)


def register_watcher(watch):
    """This function will have `watch(competition, round_key, now=…)` called where what counts
    changes otherwise than by a hand-in: see `tell_changed`."""
    if watch not in _watchers:
        _watchers.append(watch)


def tell_changed(competition, round_key="", *, now):
    """This function will call everybody who shows scores, last in the transaction that put a
    correction, a ruling, late marks or votes into force: in one round, or in any of them. It has
    begun with competitions.frontdoor.hold_pages."""
    for watch in _watchers:
        watch(competition, round_key, now=now)


def register_second(follow):
    """This function will have `follow(competition, round_keys, now=…)` called where a ruling begins
    or ceases to wait for its second person: see `tell_waiting`."""
    if follow not in _seconds:
        _seconds.append(follow)


def tell_waiting(competition, round_keys, *, now):
    """This function will call everybody who shows which rulings on these rounds wait for a second
    person, last in the transaction that enters, returns or takes back one. Nothing counts
    otherwise for it: no page is held."""
    for follow in _seconds:
        follow(competition, round_keys, now=now)


def register_desk(find):
    """This function will have `find(panel)` asked where the paper of a round is typed in: an
    address, or "" for the pages of the round itself."""
    if find not in _desks:
        _desks.append(find)


def register_stage(find, find_rounds):
    """This function will have `find(panel)` asked for the Stand of a round's live event, or None
    when the round has none, and `find_rounds(competition, known)` for the keys of the rounds that
    have one; `known` as in `find_live_rounds`."""
    if find not in _stages:
        _stages.append(find)
        _lives.append(find_rounds)


def stage_of(panel):
    """This function will return the Stand of the round's live event, or None."""
    return next((stand for find in _stages if (stand := find(panel)) is not None), None)


def find_live_rounds(competition, known=None):
    """This function will return the keys of the rounds that have a live event: marking opens and
    closes from the stage there, whatever the schedule says. `known` is what the page has looked up
    already (competitions.roadmap.Known), or None."""
    return {key for find in _lives for key in find(competition, known)}


def register_clock(find):
    """This function will have `find(competition, scheme)` asked for the overtime that the clock of
    the stage has counted: {(round key, entry key): whole seconds}."""
    if find not in _clocks:
        _clocks.append(find)


def find_overtime(competition, scheme):
    """This function will return {(round key, entry key): whole seconds over the limits} of those
    whose turn is over, in rounds where the scheme takes points for it."""
    found = {}
    for find in _clocks:
        found |= find(competition, scheme)
    return found


def desk_of(panel):
    """This function will return the address where the round's paper is typed in, or ""."""
    return next((address for find in _desks if (address := find(panel))), "")


def register_turns(find):
    """This function will have `find(competition)` asked for the OpenTurns of its live events."""
    if find not in _turns:
        _turns.append(find)


def find_open_turns(competition):
    """This function will return the OpenTurns of a competition's live events, in their order."""
    return [turn for find in _turns for turn in find(competition)]
