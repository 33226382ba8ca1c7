"""Where this app's rows hold texts that the record commits to: blanked when a text is erased."""

from uuid import UUID

from django.utils.html import escape

from arena.models import Event, FeedItem, PaperSheet, Turn
from record.private import ERASED

# What stands around a speaker's name in the fragments that were told.
AROUND = ('<p class="stage-speaker">', " 代表发言</p>")


def blank_text(chain: str, text: str) -> int:
    """This function will put ERASED in place of a speaker's name in a competition's events and in
    what was told of them, of the method of a draw, and of the reason for which a score sheet was
    voided."""
    of_year = {"event__competition__uuid": UUID(chain)}
    named = Turn.objects.filter(**of_year, speaker=text).update(speaker=ERASED)
    drawn = Event.objects.filter(competition__uuid=UUID(chain), source=text).update(source=ERASED)
    papers = PaperSheet.objects.filter(**of_year, void_reason=text)
    return named + drawn + papers.update(void_reason=ERASED) + _blank_told(UUID(chain).hex, text)


def _blank_told(chain, text):
    found, put = (name.join(AROUND) for name in (escape(text), ERASED))
    blanked = []
    for item in FeedItem.objects.filter(channel__startswith=f"{chain}/").iterator():
        slots = item.data.get("slots", {})
        if any(found in fragment for fragment in slots.values()):
            item.data["slots"] = {name: html.replace(found, put) for name, html in slots.items()}
            blanked.append(item)
    FeedItem.objects.bulk_update(blanked, ["data"], batch_size=100)
    return len(blanked)
