"""What a live event tells its audiences: each fragment rendered once, as the audience's page would.

The console is told that something moved and loads its page anew: its forms belong to one operator.
"""

from django.template.loader import render_to_string

from arena.access import get_panel_for
from arena.feed.audiences import open_to
from arena.feed.telling import tell
from arena.queries.screens import find_cover, look, name_ticks
from arena.queries.stage import find_event, load_live
from competitions.roles import INSIDERS

CONSOLE = "console"
# The audiences of the hall, each with the fragment that is its page's slot.
FRAGMENTS = {
    "screen": "arena/_screen.html",
    "host": "arena/_host.html",
    "timer": "arena/_timer.html",
}
MOVED, MARKED, COVERED, PAPERS = "moved", "marked", "covered", "papers"


def tell_moved(event, *, now):
    """This function will tell every audience of a step, at the end of the action that made it."""
    live = load_live(event)
    if live is None:
        return
    tell(event.competition, event.round_key, CONSOLE, MOVED, {"step": event.step}, now=now)
    _tell_hall(live, MOVED, FRAGMENTS, now)


def tell_marked(panel, entry_keys, *, now):
    """This function will tell console, screen and host that marks of these entries came in; nobody
    else shows who has marked. Without a turn that is open nobody is told."""
    event = find_event(panel.competition, panel.round.key)
    live = load_live(event, panel) if event else None
    if live is None:
        return
    tell(event.competition, event.round_key, CONSOLE, MARKED, {"step": event.step}, now=now)
    on_stage = live.stage.on_stage
    if on_stage is not None and any(
        line.entry.key in entry_keys for line in live.lines_of(on_stage.key)
    ):
        _tell_hall(live, MARKED, ["screen", "host"], now)


def tell_papers(event, *, now):
    """This function will tell the console, and who follows it, that score sheets were numbered or
    voided."""
    tell(event.competition, event.round_key, CONSOLE, PAPERS, {"step": event.step}, now=now)


def tell_covered(event, *, now):
    """This function will tell the large screen, and nobody else, what it shows now."""
    live = load_live(event)
    if live is not None:
        _tell_hall(live, COVERED, ["screen"], now)


def open_feeds():
    """This function will let those follow an audience's feed who may open its page."""

    def find(request, slug, round_key):
        return get_panel_for(request.role, slug, round_key).competition

    for audience in [CONSOLE, *FRAGMENTS]:
        open_to(audience, read=INSIDERS, find=find)


def page_context(live, panel, now, *, scores=True):
    """This function will return what the pages and fragments of the hall are rendered from."""
    view = look(live, now, scores=scores) if live else None
    return {
        "competition": panel.competition,
        "round": panel.round,
        "live": live,
        "view": view,
        "ticks": name_ticks(live, view) if view else [],
        "cover": find_cover(live.event) if live else "",
    }


def _tell_hall(live, kind, audiences, now):
    context = page_context(live, live.panel, now)
    for audience in audiences:
        slots = {"stage": render_to_string(FRAGMENTS[audience], context)}
        tell(
            live.event.competition,
            live.event.round_key,
            audience,
            kind,
            {"slots": slots},
            now=now,
        )
