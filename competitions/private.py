"""Where this app's rows hold texts that the record commits to: blanked when a text is erased."""

from uuid import UUID

from competitions.models import Recusal, TermChange
from record.private import ERASED


def blank_text(chain: str, text: str) -> int:
    """This function will put ERASED in place of the reason of recusals entered by hand, and of
    what a change of a term rests on."""
    competition = UUID(chain)
    recusals = Recusal.objects.filter(
        judge__competition__uuid=competition, kind=Recusal.Kind.MANUAL, reason=text
    )
    rows = recusals.update(reason=ERASED)
    changes = TermChange.objects.filter(competition__uuid=competition)
    for name in ("reason", "return_reason"):
        rows += changes.filter(**{name: text}).update(**{name: ERASED})
    return rows
