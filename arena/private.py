"""Where this app's rows hold texts that the record commits to: blanked when a text is erased."""

from uuid import UUID

from arena.models import Turn
from record.private import ERASED


def blank_text(chain: str, text: str) -> int:
    """This function will put ERASED in place of a speaker's name in a competition's events."""
    rows = Turn.objects.filter(event__competition__uuid=UUID(chain), speaker=text)
    return rows.update(speaker=ERASED)
