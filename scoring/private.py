"""Where this app's rows hold texts that the record commits to: blanked when a text is erased."""

from uuid import UUID

from django.db.models import Q

from record.private import ERASED, erased_name
from scoring.models import Correction, LateDecision, LedgerEvent, Measurement, Ruling

WITHDRAWABLE = ("reason", "return_reason", "withdrawal_reason")
FIELDS = (
    (LedgerEvent, "competition__uuid", (*WITHDRAWABLE, "matter")),
    (Ruling, "competition__uuid", (*WITHDRAWABLE, "decided_by")),
    (Measurement, "competition__uuid", ("return_reason",)),
    (LateDecision, "late__competition__uuid", ("reason", "return_reason", "decided_by")),
    (Correction, "sheet__competition__uuid", ("reason", "return_reason")),
)


def blank_text(chain: str, text: str) -> int:
    """This function will put ERASED in place of a text in all rows of a competition's evidence.

    The name of an event's evidence goes with the words beside it: it may say the same. What joins
    the events of one matter is a number (`matter_key`) and stays.
    """
    competition = UUID(chain)
    _blank_file_names(competition, text)
    return sum(
        model.objects.filter(**{where: competition, name: text}).update(**{name: ERASED})
        for model, where, names in FIELDS
        for name in names
    )


def _blank_file_names(competition, text):
    hit = Q()
    for name in FIELDS[0][2]:
        hit |= Q(**{name: text})
    events = LedgerEvent.objects.filter(hit, competition__uuid=competition)
    for event in events.exclude(evidence_name=""):
        event.evidence_name = erased_name(event.evidence_name)
        event.save(update_fields=["evidence_name"])
