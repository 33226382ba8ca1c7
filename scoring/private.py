"""Where this app's rows hold texts that the record commits to: blanked when a text is erased."""

from uuid import UUID

from record.private import ERASED
from scoring.models import Correction, LedgerEvent, Measurement, Ruling

WITHDRAWABLE = ("reason", "return_reason", "withdrawal_reason")
FIELDS = (
    (LedgerEvent, "competition__uuid", WITHDRAWABLE),
    (Ruling, "competition__uuid", (*WITHDRAWABLE, "decided_by")),
    (Measurement, "competition__uuid", ("return_reason",)),
    (Correction, "sheet__competition__uuid", ("reason", "return_reason")),
)


def blank_text(chain: str, text: str) -> int:
    """This function will put ERASED in place of a text in all rows of a competition's evidence."""
    competition = UUID(chain)
    rows = sum(
        model.objects.filter(**{where: competition, name: text}).update(**{name: ERASED})
        for model, where, names in FIELDS
        for name in names
    )
    return rows + _blank_matter(competition, text)


def _blank_matter(competition, text):
    """Events of one matter count once: what joins them stays, without the words."""
    events = LedgerEvent.objects.filter(competition__uuid=competition)
    first = events.filter(matter=text).order_by("id").values_list("key", flat=True).first()
    if first is None:
        return 0
    return events.filter(matter=text).update(matter=f"{ERASED}{first}")
