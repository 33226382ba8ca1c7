"""The screens of a live event: timekeeper, host, and the hall's large screen."""

from django.template.response import TemplateResponse
from django.utils import timezone

from arena.access import get_panel_for
from arena.feed.reading import last_number
from arena.feed.telling import channel_of
from arena.queries.stage import find_event, load_live
from arena.telling import page_context
from competitions.gates import enter
from competitions.roles import INSIDERS


@enter(read=INSIDERS)
def timer(request, slug, round_key):
    """This function will show the timekeeper who speaks and how long."""
    return _screen(request, slug, round_key, "timer", scores=False)


@enter(read=INSIDERS)
def host(request, slug, round_key):
    """This function will show the host who is on stage, who follows, and what to announce."""
    return _screen(request, slug, round_key, "host")


@enter(read=INSIDERS)
def screen(request, slug, round_key):
    """This function will show the hall what has been revealed, and nothing else."""
    return _screen(request, slug, round_key, "screen")


def _screen(request, slug, round_key, audience, *, scores=True):
    panel = get_panel_for(request.role, slug, round_key)
    # Asked before the state is read: what comes in between is shown twice, never missed.
    after = last_number(channel_of(panel.competition, round_key, audience))
    event = find_event(panel.competition, round_key)
    live = load_live(event, panel) if event else None
    now = timezone.now()
    context = {
        **page_context(live, panel, now, scores=scores),
        "demo": panel.competition.mark,
        "audience": audience,
        "after": after,
        "now": now,
        "breadcrumbs": [(panel.round.title, None)],
    }
    return TemplateResponse(request, f"arena/{audience}.html", context)
