"""Hearing of a judge's pages: a beat every few seconds, with what waits on the device."""

from datetime import datetime

from arena.models import Presence
from arena.queries.judges import GONE
from arena.telling import tell_judges
from competitions.models import Competition


def note_presence(judge_id, *, unsent, now: datetime):
    """This function will note that a judge's page is there, with so many sheets not sent yet. The
    consoles are told when he comes, or when the number changes; nothing is recorded."""
    rows = Presence.objects.filter(judge_id=judge_id)
    before = rows.values_list("seen_at", "unsent").first()
    if before is None:
        Presence.objects.update_or_create(
            judge_id=judge_id, defaults={"seen_at": now, "unsent": unsent}
        )
    else:
        rows.update(seen_at=now, unsent=unsent)
    if before is None or before[1] != unsent or before[0] <= now - GONE:
        tell_judges(Competition.objects.get(judges=judge_id), now=now)
