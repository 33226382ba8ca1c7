"""What the operator sees of the judges: connected or not, what waits on a device, who asks."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from arena.models import Card, Device, Presence

# Three beats of static/js/pad-beat.js: a device that was not heard of for so long is gone.
GONE = timedelta(seconds=45)
# So long a code waits for somebody to look at it.
WAITS = timedelta(minutes=5)


@dataclass(frozen=True)
class Line:
    """One judge: whether he has marked the turn (`tick`, or None), his bound device, his card, and
    what was last heard of his pages."""

    judge: object
    tick: object
    device: Device | None
    card: Card | None
    presence: Presence | None
    connected: bool


@dataclass(frozen=True)
class Request:
    """A device that waits for approval; `others`: how many more wait for the same judge, `replaces`
    the device that would be signed out."""

    device: Device
    others: int
    replaces: Device | None


@dataclass(frozen=True)
class Hands:
    """By whose hands a judge came in: the `devices` that have entered by a card of his, first to
    last. `uncarded`: his pages were heard of, and none has."""

    judge: object
    devices: list
    uncarded: bool

    @property
    def alone(self):
        """Whether one person made the card and approved a device that entered by it."""
        return any(device.is_alone for device in self.devices)


def find_hands(judges):
    """This function will return the Hands of each of the judges, in their order: two queries."""
    entered, ids = {}, [judge.id for judge in judges]
    devices = Device.objects.filter(judge__in=ids, entered_at__isnull=False)
    for device in devices.select_related("card_by", "decided_by").order_by("entered_at", "id"):
        entered.setdefault(device.judge_id, []).append(device)
    heard = set(Presence.objects.filter(judge__in=ids).values_list("judge", flat=True))
    return [
        Hands(judge, entered.get(judge.id, []), judge.id in heard and judge.id not in entered)
        for judge in judges
    ]


def find_lines(judges, now, ticks=()):
    """This function will return a Line for each of the judges, in their order: three queries."""
    ids = [judge.id for judge in judges]
    bound = Device.objects.filter(judge__in=ids, state=Device.State.BOUND)
    bound = _by_judge(bound.select_related("decided_by"))
    cards = _by_judge(Card.objects.filter(judge__in=ids))
    heard = _by_judge(Presence.objects.filter(judge__in=ids))
    marked = {tick.judge.id: tick for tick in ticks}
    return [
        Line(
            judge=judge,
            tick=marked.get(judge.id),
            device=bound.get(judge.id),
            card=cards.get(judge.id),
            presence=heard.get(judge.id),
            connected=judge.id in heard and heard[judge.id].seen_at > now - GONE,
        )
        for judge in judges
    ]


def find_requests(competition, now):
    """This function will return a Request for each device of the competition that waits, oldest
    first: a new one never moves those that somebody is about to press."""
    waiting = list(
        Device.objects.filter(
            judge__competition=competition, state=Device.State.WAITING, asked_at__gt=now - WAITS
        ).select_related("judge__person")
    )
    if not waiting:
        return []
    asked = Counter(device.judge_id for device in waiting)
    bound = _by_judge(Device.objects.filter(judge__in=asked, state=Device.State.BOUND))
    return [
        Request(device, asked[device.judge_id] - 1, bound.get(device.judge_id))
        for device in waiting
    ]


def _by_judge(rows):
    return {row.judge_id: row for row in rows}
