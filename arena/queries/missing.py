"""Judges for whom a turn waits: the way to a ruling for each, and rulings that wait themselves."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from scoring.models import Checked, Ruling

# While more judges than these have not marked, they are at work and nobody is to be left out.
FEW = 5


@dataclass(frozen=True)
class Missing:
    """A mark that is still expected: the judge, of which line where the turn has several (or ""),
    and the address where a ruling that nobody waits for it is written, with this filled in."""

    judge: object
    of: str
    url: str


def find_missing(live, view):
    """This function will return a Missing for every mark that the turn on stage waits for, once
    only a few judges are left."""
    waited = [tick.judge for tick in view.ticks if tick.missing]
    if view.face != "marking" or len(waited) > FEW:
        return []
    panel, lines = live.panel, live.lines_of(view.turn.entry.key)
    form = reverse("work_ruling_new", args=[panel.competition.slug, "exclude_judge"])
    found = []
    for judge in waited:
        for line in lines:
            if (judge.id, line.round.key) not in panel.seats or not panel.owes(judge, line):
                continue
            of = line.entry.heading if len(lines) > 1 else ""
            about = {"round": line.round.key, "judge": judge.key, "entry": line.entry.key}
            found.append(Missing(judge, of, f"{form}?{urlencode(about)}"))
    return found


def find_waiting_rulings(live):
    """This function will return the rulings that leave a judge of the round out and wait for their
    second person: until then the turn cannot be closed."""
    return Ruling.objects.filter(
        competition=live.event.competition,
        kind="exclude_judge",
        state=Checked.State.ENTERED,
        withdrawn=False,
        subject__round__in=live.panel.round_keys,
    ).order_by("id")
