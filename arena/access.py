"""The only doors to live events: staff and auditors of the county; the audience to its own page."""

from django.db.models import F
from django.http import Http404

from arena.jury_rules import criterion_of
from arena.models import Event
from competitions.access import get_competition_for
from competitions.models import Competition
from scoring.queries.panels import load_marking_round


def get_panel_for(role, slug, round_key, *, change=False):
    """This function will return the MarkingRound of an arena round in which an event may be held.

    An outsider, a round that is no arena, or rules that are not published get 404; with `change`,
    an auditor or a closed competition gets 403.
    """
    competition = get_competition_for(role, slug, change=change)
    panel = load_marking_round(competition, round_key)
    if panel is None or panel.whole_tour or panel.round.key != round_key:
        raise Http404("没有这个由评委打分的擂台环节，或规则还没有公布。")
    return panel


def get_hall(slug, round_key):
    """This function will return the drawn Event of a round on which an audience jury votes: the one
    page of an event that everybody may open. Anything else gets 404. Two queries: five hundred
    phones ask within seconds."""
    event = _find_drawn(slug, round_key)
    if event is None or criterion_of(event) is None:
        raise Http404("这里没有大众评委投票。")
    return event


def find_hall(slug, round_key):
    """This function will return (Event, whether its audience votes): of a round on which an
    audience jury votes, or whose page was opened to everybody; else None, whatever the reason. An
    event in the archive has no open page."""
    event = _find_drawn(slug, round_key)
    if event is None:
        return None
    if criterion_of(event) is not None:
        return event, True
    closed = event.competition.stage == Competition.Stage.CLOSED
    return None if closed or event.opened is None else (event, False)


def get_open(slug, round_key):
    """This function will return the drawn Event without jury whose page was opened; else 404."""
    found = find_hall(slug, round_key)
    if found is None or found[1]:
        raise Http404("这个现场的观众页没有打开。")
    return found[0]


def _find_drawn(slug, round_key):
    return (
        Event.objects.filter(competition__slug=slug, round_key=round_key, called_off=False)
        .exclude(drawn_at=None)
        .select_related("competition")
        .annotate(opened=F("page__id"))
        .first()
    )
