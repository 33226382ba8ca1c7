"""What the judges' phones know of a live event: who is on stage, and nothing of any score."""

from django.template.loader import render_to_string
from django.urls import reverse

from arena.feed.reading import last_number
from arena.feed.telling import channel_of
from arena.models import Turn
from arena.queries.stage import find_event, load_live
from arena.stage.machine import State
from scoring.doors import Stand

JUDGE = "judge"
PAD = "arena/_pad.html"
# Whether a closed turn has been revealed is the hall's to know.
OVER = (State.CLOSED, State.REVEALED)
WORDS = {**dict(Turn.State.choices), "revealed": Turn.State.CLOSED.label}


def find_stand(panel):
    """This function will return the scoring.doors.Stand of a round's live event, or None."""
    event = find_event(panel.competition, panel.round.key)
    if event is None:
        return None
    # Asked before the state is read: what comes in between is shown twice, never missed.
    after = last_number(channel_of(panel.competition, panel.round.key, JUDGE))
    live = load_live(event, panel)
    on_stage = live.stage.on_stage
    return Stand(
        numbers={row.entry.key: row.number for row in live.rows},
        words=find_words(live),
        closed=tuple(find_closed(live)),
        open=on_stage.key if on_stage and on_stage.state == State.MARKING else "",
        fragment=render_to_string(PAD, pad_context(panel, live)),
        feed=reverse("feed", args=[panel.competition.slug, panel.round.key, JUDGE]),
        after=after,
    )


def pad_context(panel, live):
    """This function will return what the fragment of the pad is rendered from."""
    return {"competition": panel.competition, "round": panel.round, "live": live}


def find_closed(live):
    """This function will return the entry keys whose marks would come late now, in order."""
    return [turn.key for turn in live.stage.turns if turn.state in OVER]


def find_words(live):
    """This function will return {entry key: its state in words} of everybody who comes on stage."""
    return {turn.key: WORDS[turn.state] for turn in live.stage.turns}
