"""What a live event forbids to change in the published rules, and on the panels."""

from arena.models import Event, Turn
from scoring.queries.panels import load_marking_round


def find_live_obstacles(competition, old, new):
    """This function will return a sentence for each round with a live event that the new rules no
    longer have, or hold in another way."""
    sentences = []
    events = Event.objects.filter(competition=competition, called_off=False).order_by("id")
    for round_key in events.values_list("round_key", flat=True):
        before, after = _held(old, round_key), _held(new, round_key)
        if before is not None and before != after:
            sentences.append(
                f"「{old.find_round(round_key)[1].title}」已经开设擂台现场，"
                "不能再改它的类别和现场约定；确需修改的，请先取消现场。"
            )
    return sentences


def _held(scheme, round_key):
    try:
        item = scheme.find_round(round_key)[1]
    except KeyError:
        return None
    return item.kind, item.event


def find_marking_over(competition):
    """This function will return {(round key, unit's id)} of the turns whose marks are closed, for
    every round that is marked in them. One query where there are none."""
    over = (Turn.State.CLOSED, Turn.State.REVEALED)
    turns = Turn.objects.filter(
        event__competition=competition, event__called_off=False, state__in=over
    ).order_by("id")
    units = {}
    for round_key, unit in turns.values_list("event__round_key", "entry__unit"):
        units.setdefault(round_key, set()).add(unit)
    found = set()
    for round_key, own in units.items():
        panel = load_marking_round(competition, round_key)
        keys = panel.round_keys if panel is not None else [round_key]
        found |= {(key, unit) for key in keys for unit in own}
    return found
