"""The only door to live events: staff and auditors of the county."""

from django.http import Http404

from competitions.access import get_competition_for
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
