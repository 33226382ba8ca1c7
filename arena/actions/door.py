"""The door before the marks of a live round: only the turn that is open takes them."""

from arena.models import Event, Turn
from arena.queries.stage import find_moment
from arena.telling import tell_changed
from record.prepared import Prepared
from record.turns import take_turn, turn_of
from scoring.actions.sheet_rules import RoundClosed

KEPT = (Turn.State.CLOSED, Turn.State.REVEALED)
CLOSED_BEFORE = Prepared(
    lambda competition, round_key: Turn.objects.filter(
        event__competition=competition,
        event__round_key=round_key,
        event__called_off=True,
        state__in=[str(state) for state in KEPT],
    ).values_list("entry__key")
)


def ask_stage(panel, entry_keys):
    """This function will say whether marks of these entries come in time: see scoring.doors.

    It holds the stage: of a hand-in and a closing at one instant one is first, and of two hand-ins
    neither waits for the other.
    """
    # Read once the stage is held: the turn may have been closed while waiting for it.
    stage = name_stage(panel.competition, panel.round.key)
    moment = find_moment(panel, turn_of(stage, shared=True))
    if moment is None:
        return _ask_closed(panel, entry_keys)
    states = moment.states
    names = {line.bundle: line.entry.heading for line in panel.lines}
    bundles = {line.bundle for line in panel.lines if line.entry.key in entry_keys}
    early = [
        key
        for key in bundles
        if states.get(key) != Turn.State.MARKING and states.get(key) not in KEPT
    ]
    if early:
        raise RoundClosed(_too_early(names[min(early)], states.get(min(early))))
    return _say_late(names, bundles, [key for key in bundles if states[key] in KEPT])


def _ask_closed(panel, entry_keys):
    """Of a round whose event was called off: what was closed before stays closed, None else."""
    rows = CLOSED_BEFORE.all(competition=panel.competition.pk, round_key=panel.round.key)
    closed = {key for (key,) in rows}
    lines = [line for line in panel.lines if line.entry.key in entry_keys]
    names = {line.bundle: line.entry.heading for line in lines}
    return _say_late(names, set(names), [key for key in names if key in closed]) or None


def _say_late(names, bundles, late):
    if not late:
        return ""
    if len(late) < len(bundles):
        raise RoundClosed("其中有的单位打分已经关闭，请一个单位一个单位地提交。")
    return f"「{names[min(late)]}」的打分已经关闭，这一份迟到，待裁定。"


def hold_stage(panel):
    """This function will keep the round's live event as it is until the transaction ends: a round
    without one gets none before."""
    take_turn(name_stage(panel.competition, panel.round.key), shared=True)


def hold_events(competition):
    """This function will lock the live events of a competition until the transaction ends, in one
    order for all: no mark is taken and no step made meanwhile, and none told that is past."""
    for round_key in _live(competition).values_list("round_key", flat=True):
        take_turn(name_stage(competition, round_key))
    list(_live(competition).select_for_update(no_key=True).values_list("id"))


def watch_changed(competition, round_key, *, now):
    """This function will let the pages of the live events see at once what counts now: see
    scoring.doors.tell_changed. The events are held."""
    for event in _live(competition).select_related("competition"):
        tell_changed(event, round_key, now=now)


def watch_rules(*, competition, now, **_who):
    """This function will do the same when other rules are in force (competitions.frontdoor)."""
    watch_changed(competition, "", now=now)


def _live(competition):
    return Event.objects.filter(competition=competition, called_off=False).order_by("round_key")


def name_stage(competition, round_key):
    """This function will return the name of the turn (record.turns) that hand-ins of a round
    share, and that whoever opens or moves its event has alone. Before the event is opened there is
    no row to lock, and one row would have a whole panel hand in one after another."""
    return f"stage {competition.chain}/{round_key}"


def _too_early(name, state):
    if state is None:
        return f"「{name}」还没有排定登台顺序，暂不接收打分；填好的留在本机，开放后再提交。"
    if state == Turn.State.ABSENT:
        return f"「{name}」已登记缺席，不接收打分。"
    return f"「{name}」还没有开放打分，填好的留在本机，请等主持人宣布后再提交。"
