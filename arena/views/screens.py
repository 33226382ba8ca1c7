"""The screens of a live event: timekeeper, host, and the hall's large screen."""

from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from arena.access import get_panel_for
from arena.queries.screens import look, name_ticks
from arena.queries.stage import find_event, load_live
from competitions.gates import enter
from competitions.roles import INSIDERS


@enter(read=INSIDERS)
@never_cache
def timer(request, slug, round_key):
    """This function will show the timekeeper who speaks and how long."""
    return _screen(request, slug, round_key, "arena/timer.html", scores=False)


@enter(read=INSIDERS)
@never_cache
def host(request, slug, round_key):
    """This function will show the host who is on stage, who follows, and what to announce."""
    return _screen(request, slug, round_key, "arena/host.html")


@enter(read=INSIDERS)
@never_cache
def screen(request, slug, round_key):
    """This function will show the hall what has been revealed, and nothing else."""
    return _screen(request, slug, round_key, "arena/screen.html")


def _screen(request, slug, round_key, template, *, scores=True):
    panel = get_panel_for(request.role, slug, round_key)
    event = find_event(panel.competition, round_key)
    live = load_live(event, panel) if event else None
    view = look(live, timezone.now(), scores=scores) if live else None
    context = {
        "competition": panel.competition,
        "demo": panel.competition.demo,
        "round": panel.round,
        "live": live,
        "view": view,
        "ticks": name_ticks(live, view) if view else [],
        "breadcrumbs": [(panel.round.title, None)],
    }
    return TemplateResponse(request, template, context)
