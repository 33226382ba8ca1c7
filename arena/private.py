"""Where this app's rows hold texts that the record commits to: blanked when a text is erased."""

from uuid import UUID

from django.utils.html import escape

from arena.models import Event, FeedItem, PaperSheet, Turn
from arena.telling import tell_erased
from competitions.models import Competition
from record.private import ERASED

# What stands around a speaker's name in the fragments that were told.
AROUND = ('<p class="stage-speaker">', " 代表发言</p>")


def blank_text(chain: str, text: str) -> int:
    """This function will put ERASED in place of a speaker's name in a competition's events, of the
    method of a draw, and of the reason for which a score sheet was voided.

    The live events are held until the transaction ends: no step tells the name meanwhile.
    """
    uuid = UUID(chain)
    events = Event.objects.filter(competition__uuid=uuid)
    live = events.filter(called_off=False).order_by("round_key")
    list(live.select_for_update(of=("self",), no_key=True).values_list("id"))
    named = Turn.objects.filter(event__competition__uuid=uuid, speaker=text).update(speaker=ERASED)
    drawn = events.filter(source=text).update(source=ERASED)
    papers = PaperSheet.objects.filter(event__competition__uuid=uuid, void_reason=text)
    return named + drawn + papers.update(void_reason=ERASED)


def blank_told(chain: str, text: str, *, now) -> None:
    """This function will put ERASED in place of a speaker's name in what was told of him, in the
    database, in the processes that send, and on the pages that are open."""
    found, put = (name.join(AROUND) for name in (escape(text), ERASED))
    blanked = []
    for item in FeedItem.objects.filter(channel__startswith=f"{chain}/").iterator():
        slots = item.data.get("slots", {})
        if any(found in fragment for fragment in slots.values()):
            item.data["slots"] = {name: html.replace(found, put) for name, html in slots.items()}
            blanked.append(item)
    FeedItem.objects.bulk_update(blanked, ["data"], batch_size=100)
    told = {}
    for _chain, round_key, audience in (item.channel.split("/") for item in blanked):
        told.setdefault(round_key, set()).add(audience)
    competition = Competition.objects.filter(uuid=UUID(chain)).first()
    for round_key, audiences in sorted(told.items()):
        tell_erased(competition, round_key, audiences, now=now)
