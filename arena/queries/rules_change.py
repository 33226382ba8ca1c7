"""What a live event forbids to change in the published rules, and on the panels."""

from django.db.models import Q

from arena.jury_rules import jury_criterion
from arena.models import Event, Turn
from scoring.queries.panels import load_marking_round


def find_live_obstacles(competition, old, new):
    """This function will return a sentence for each round with a live event that the new rules no
    longer have, or hold in another way, and for each open vote on which they have other grades:
    the ballots that have been cast would not be among them."""
    sentences = []
    events = Event.objects.filter(competition=competition, called_off=False).order_by("id")
    for event_id, round_key in events.values_list("id", "round_key"):
        before, after = _held(old, round_key), _held(new, round_key)
        if before is not None and before != after:
            sentences.append(
                f"「{old.find_round(round_key)[1].title}」已经开设擂台现场，"
                "不能再改它的类别和现场约定；确需修改的，请先取消现场。"
            )
        elif before is not None and _grades(old, round_key) != _grades(new, round_key):
            sentences += _name_vote(event_id, jury_criterion(old.find_round(round_key)[1]))
    return sentences


def _grades(scheme, round_key):
    voted = jury_criterion(scheme.find_round(round_key)[1])
    return voted.inputs if voted else ()


def _name_vote(event_id, voted):
    """A sentence while the turn on which the audience votes is open. The rules are published under
    the lock that a ballot takes: one cast at that instant comes before or after."""
    open_turn = Turn.objects.filter(event=event_id, state=Turn.State.MARKING)
    for turn in open_turn.select_related("entry__unit", "entry__person"):
        yield (
            f"「{turn.entry.heading}」的大众评委投票还没有关闭，"
            f"现在改「{voted.title}」的选项，已经投的票就计不进去。"
            "请先关闭打分；不再用这次投票的，请先取消现场。"
        )


def _held(scheme, round_key):
    try:
        item = scheme.find_round(round_key)[1]
    except KeyError:
        return None
    return item.kind, item.event


def find_marking_over(competition):
    """This function will return {(round key, unit's id)} of the turns whose marks are closed, for
    every round that is marked in them. One query where there are none. What was closed stays so
    when the event is called off: nobody takes a score back by that."""
    return _find_units(competition, Q(state__in=(Turn.State.CLOSED, Turn.State.REVEALED)))


def find_marking_now(competition):
    """This function will return the same of the turns that take marks on a stage now."""
    return _find_units(competition, Q(state=Turn.State.MARKING, event__called_off=False))


def _find_units(competition, which):
    turns = Turn.objects.filter(which, event__competition=competition).order_by("id")
    units = {}
    for round_key, unit in turns.values_list("event__round_key", "entry__unit"):
        units.setdefault(round_key, set()).add(unit)
    found = set()
    for round_key, own in units.items():
        panel = load_marking_round(competition, round_key)
        keys = panel.round_keys if panel is not None else [round_key]
        found |= {(key, unit) for key in keys for unit in own}
    return found
