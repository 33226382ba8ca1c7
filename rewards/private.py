"""Where this app's rows hold texts that the record commits to: blanked when a text is erased."""

from uuid import UUID

from record.private import ERASED, erased_name
from rewards.models import MeetingDecision

FIELDS = ("meeting", "note", "return_reason")


def blank_text(chain: str, text: str) -> int:
    """This function will put ERASED in place of a text in all decisions of a competition.

    The name of the scan goes with the words beside it: it may say the same.
    """
    decisions = MeetingDecision.objects.filter(competition__uuid=UUID(chain))
    rows = 0
    for decision in decisions.select_for_update(no_key=True).order_by("id"):
        fields = [name for name in FIELDS if getattr(decision, name) == text]
        changes = [
            {**change, "reason": ERASED if change["reason"] == text else change["reason"]}
            for change in decision.changes
        ]
        if fields or changes != decision.changes:
            for name in fields:
                setattr(decision, name, ERASED)
            decision.changes, decision.scan_name = changes, erased_name(decision.scan_name)
            decision.save(update_fields=[*fields, "changes", "scan_name"])
            rows += 1
    return rows
