"""Overtime where the scheme takes points for it: what the clock of the stage has counted, and what
it costs as it stands."""

from dataclasses import dataclass
from fractions import Fraction

from arena.models import Turn
from arena.stage import machine
from competitions.models import Entry
from scoring.queries.panels import marked_rounds
from scoring.rules.exact import plain_number
from scoring.rules.overtime import count_overtime

# Who did not appear spoke no second too long.
OVER = (Turn.State.CLOSED, Turn.State.REVEALED, Turn.State.ABSENT)


def find_overtime(competition, scheme):
    """This function will return {(round key, entry key): whole seconds over the limits} of the
    turns that are over, in rounds where the scheme takes points for it.

    The person who is marked beside a unit has its turn, and its clock where his own round has the
    same parts. No query where no round asks; else two, or one.
    """
    found, asked = {}, _asked_rounds(scheme)
    if not asked:
        return found
    turns = Turn.objects.filter(
        event__competition=competition,
        event__called_off=False,
        event__round_key__in=asked,
        state__in=OVER,
        entry__withdrawn=False,
    ).select_related("event", "entry")
    beside = _find_beside(competition) if any(pair[2] for pair in asked.values()) else {}
    for turn in turns.order_by("id"):
        track, own, companion = asked[turn.event.round_key]
        if _charges(own) and turn.entry.competes_in(track):
            found[own.key, turn.entry.key] = own.event.seconds_over(turn.used)
        if companion is None:
            continue
        beside_track, other = companion
        for entry in beside.get(turn.entry_id, ()):
            if entry.competes_in(beside_track):
                found[other.key, entry.key] = other.event.seconds_over(turn.used)
    return found


def _asked_rounds(scheme):
    """{key of the round that is held: (its track, itself, (track, round) of who is marked beside
    it and charged, or None)}."""
    found = {}
    for track, own, other in marked_rounds(scheme):
        companion = None
        if other is not None and _charges(other) and _same_parts(own, other):
            companion = (scheme.find_round(other.key)[0], other)
        if _charges(own) or companion:
            found[own.key] = (track, own, companion)
    return found


def _charges(item):
    return item.event is not None and item.event.overtime is not None


def _same_parts(own, other):
    """One clock runs for both: its seconds mean the same to both, or nothing to the other."""
    parts = [
        [(part.title, part.seconds) for part in item.event.segments] if item.event else []
        for item in (own, other)
    ]
    return parts[0] == parts[1]


def _find_beside(competition):
    """{id of a unit's entry: entries of its secretaries}."""
    found = {}
    entries = Entry.objects.filter(competition=competition, of__isnull=False)
    for entry in entries.active().order_by("id"):
        if entry.is_secretary:
            found.setdefault(entry.of_id, []).append(entry)
    return found


@dataclass(frozen=True)
class Charge:
    """What overtime costs as the clock stands: whole `seconds` over, of which `base` in parts that
    have ended; `counts`: whether the running part counts; `points` is exact.

    For the page that lets the clock run on, `unit` and `cap` are whole numbers of the smallest
    step, 10 ** −places points; `every` is 0 where it is taken once.
    """

    rule: object
    seconds: int
    base: int
    counts: bool
    points: Fraction

    @property
    def places(self):
        return max(_places(value) for value in (self.rule.points, self.rule.cap or 0))

    @property
    def unit(self):
        return int(self.rule.points * 10**self.places)

    @property
    def cap(self):
        return self.unit if self.rule.how == "once" else int(self.rule.cap * 10**self.places)

    @property
    def every(self):
        return self.rule.every or 0

    @property
    def text(self):
        """What is said: nothing, that it is within the allowance, or what will be taken."""
        if not self.seconds:
            return ""
        over = f"已超时 {machine.write_seconds(self.seconds)}，"
        if not self.points:
            return f"{over}宽限以内不扣分"
        return f"{over}将扣 {plain_number(self.points)} 分"


def find_charge(live, turn, now):
    """This function will return the Charge of a turn of the stage (machine.Turn) at the server's
    moment `now`, or None where overtime costs nothing. A ruling on it is not looked at."""
    item = live.panel.round
    if not _charges(item):
        return None
    event = item.event
    base = event.seconds_over(turn.used)
    running, counts = 0, False
    if turn.state == machine.State.SPEAKING:
        counts = event.segments[turn.segment].title in event.overtime.segments
        running = machine.read_clock(live.stage, turn, now).over if counts else 0
    points = count_overtime(event.overtime, base + running)[1]
    return Charge(event.overtime, base + running, base, counts, points)


def is_free(panel, title):
    """This function will say whether overtime of the part of that title costs nobody who is marked
    in this MarkingRound anything, while overtime of another part does."""
    rules = [item.event.overtime for item in panel.rounds if _charges(item)]
    return bool(rules) and all(title not in rule.segments for rule in rules)


def _places(value):
    return max(0, -value.as_tuple().exponent) if value else 0
