"""Where the paper of a round is typed in: at the event's own desk once its sheets have numbers."""

from django.urls import reverse

from arena.queries.paper import has_papers
from arena.queries.stage import find_event


def find_desk(panel):
    """This function will return the address of the numbered sheets of a MarkingRound, or ""."""
    if panel.whole_tour:
        return ""
    event = find_event(panel.competition, panel.round.key)
    if event is None or not has_papers(event):
        return ""
    return reverse("work_arena_paper", args=[panel.competition.slug, panel.round.key])
