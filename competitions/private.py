"""Where this app's rows hold texts that the record commits to: blanked when a text is erased."""

from uuid import UUID

from competitions.models import Recusal
from record.private import ERASED


def blank_text(chain: str, text: str) -> int:
    """This function will put ERASED in place of the reason of recusals entered by hand."""
    recusals = Recusal.objects.filter(
        judge__competition__uuid=UUID(chain), kind=Recusal.Kind.MANUAL, reason=text
    )
    return recusals.update(reason=ERASED)
