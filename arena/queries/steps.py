"""The live event on the year's road map."""

from django.urls import reverse

from arena.models import Event, Turn
from competitions.models import Competition
from competitions.roadmap import Known
from competitions.todo import Step
from record.prepared import Prepared
from scoring.doors import OpenTurn
from scoring.models import Sheet
from scoring.queries.panels import marked_rounds

# After the marked rounds (50 … 69), before the ledger.
POSITION = 69
BEFORE = 68
EVENTS = Prepared(
    lambda competition: Event.objects.filter(competition=competition, called_off=False)
)
MARKED = Prepared(
    lambda competition: (
        Sheet.objects.filter(competition=competition).order_by().values_list("round_key").distinct()
    )
)
REHEARSALS = Prepared(
    lambda competition: Competition.objects.filter(rehearsal_of=competition).order_by("id")
)


def find_steps(competition, scheme, known=None):
    """This function will return (position, Step) for each arena round that has a live event, or may
    still have one. A round that was marked without one has no such step."""
    if scheme is None or competition.stage == competition.Stage.DRAFT:
        return []
    rounds = [item for _track, item, _companion in marked_rounds(scheme) if item.kind == "arena"]
    if not rounds:
        return []
    events = _events(competition, known)
    marked = {key for (key,) in MARKED.all(competition=competition.pk)}
    steps = []
    for number, item in enumerate(rounds):
        event = events.get(item.key)
        if event is None and item.key in marked:
            continue
        title = "擂台现场" if len(rounds) == 1 else f"{item.title}现场"
        url = reverse("work_arena", args=[competition.slug, item.key])
        state, note = _state(event)
        position = POSITION + number / (len(rounds) + 1)
        steps.append((position, Step(f"live-{item.key}", title, url, state, note)))
    return [*_rehearsal_step(competition, steps), *steps]


def find_live_rounds(competition, known=None):
    """This function will return the keys of the rounds that have a live event: see scoring.doors.
    One query, none where the page has made the road map."""
    return list(_events(competition, known))


def _events(competition, known):
    """{round key: the live event}, asked once for a page."""
    return (known or Known()).once(_load_events, competition)


def _load_events(competition):
    return {event.round_key: event for event in EVENTS.all(competition=competition.pk)}


def _rehearsal_step(competition, live):
    """The rehearsal before the events: offered until they are over, kept when there was one."""
    if competition.is_rehearsal:
        state, note = ("done", "已结束") if _is_closed(competition) else ("current", "进行中")
    else:
        held = REHEARSALS.all(competition=competition.pk)
        if not held and all(step.state == "done" for _position, step in live):
            return []
        under_way = any(not _is_closed(item) for item in held)
        state, note = ("current", "进行中") if under_way else ("todo", "先练一遍，不计入成绩")
        if held and not under_way:
            state, note = "done", f"已演练 {len(held)} 场"
    url = reverse("work_rehearsal", args=[competition.slug])
    return [(BEFORE, Step("rehearsal", "演练", url, state, note))]


def find_open_turns(competition):
    """This function will say which unit's turn is open, on the stage or being marked. One query."""
    turns = Turn.objects.filter(
        event__competition=competition,
        event__called_off=False,
        state__in=(Turn.State.SPEAKING, Turn.State.MARKING),
    )
    for turn in turns.select_related("entry__unit", "entry__person").order_by("id"):
        yield f"「{turn.entry.heading}」{turn.get_state_display()}，还没有亮分。"


def find_unseen_turns(competition):
    """This function will return the scoring.doors.OpenTurns of the live events: who is being
    marked, and whose score is closed and not revealed; not who has withdrawn since, of whom no
    result says anything. One query."""
    turns = Turn.objects.filter(
        event__competition=competition,
        event__called_off=False,
        state__in=(Turn.State.MARKING, Turn.State.CLOSED),
    ).exclude(state=Turn.State.CLOSED, entry__withdrawn=True)
    return [
        OpenTurn(
            name=turn.entry.heading,
            is_marked=turn.state == Turn.State.MARKING,
            url=reverse("work_arena", args=[competition.slug, turn.event.round_key]),
        )
        for turn in turns.select_related("event", "entry__unit", "entry__person").order_by("id")
    ]


def _is_closed(competition):
    return competition.stage == competition.Stage.CLOSED


def _state(event):
    if event is None:
        return "todo", "还没有抽签"
    states = list(event.turns.values_list("state", flat=True))
    if not states:
        return "current", "抽签办法已公布"
    done, absent = (states.count(one) for one in (Turn.State.REVEALED, Turn.State.ABSENT))
    away = f"，缺席 {absent}" if absent else ""
    if done + absent == len(states):
        return "done", f"{done} 个单位已亮分{away}"
    begun = any(state != Turn.State.WAITING for state in states)
    return "current", f"已亮分 {done}/{len(states)}{away}" if begun else "已抽签，待开始"
