"""Where this app's rows hold texts that the record commits to: blanked when a text is erased."""

from uuid import UUID

from record.private import ERASED
from rewards.models import MeetingDecision

FIELDS = ("meeting", "note", "return_reason")


def blank_text(chain: str, text: str) -> int:
    """This function will put ERASED in place of a text in all decisions of a competition."""
    decisions = MeetingDecision.objects.filter(competition__uuid=UUID(chain))
    rows = sum(decisions.filter(**{name: text}).update(**{name: ERASED}) for name in FIELDS)
    for decision in decisions.select_for_update(no_key=True).order_by("id"):
        changes = [
            {**change, "reason": ERASED if change["reason"] == text else change["reason"]}
            for change in decision.changes
        ]
        if changes != decision.changes:
            decision.changes = changes
            decision.save(update_fields=["changes"])
            rows += 1
    return rows
