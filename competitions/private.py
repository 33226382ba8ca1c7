"""Where this app's rows hold texts that the record commits to: blanked when a text is erased."""

from uuid import UUID

from django.db.models import Q

from competitions.models import Entry, Involvement, Recusal, SchemeVersion, TermChange
from record.private import ERASED


def blank_text(chain: str, text: str) -> int:
    """This function will put ERASED in place of the reason of recusals entered by hand, of the
    note on a judge's tie to a unit, of what a change of a term rests on, and of why and by whom
    published rules were changed."""
    competition = UUID(chain)
    recusals = Recusal.objects.filter(
        judge__competition__uuid=competition, kind=Recusal.Kind.MANUAL, reason=text
    )
    rows = recusals.update(reason=ERASED)
    units = Entry.objects.filter(competition__uuid=competition).values("unit")
    rows += Involvement.objects.filter(unit__in=units, note=text).update(note=ERASED)
    changes = TermChange.objects.filter(competition__uuid=competition)
    for name in ("reason", "return_reason"):
        rows += changes.filter(**{name: text}).update(**{name: ERASED})
    # Rehearsals that were started earlier have a copy.
    own = Q(competition__uuid=competition) | Q(competition__rehearsal_of__uuid=competition)
    versions = SchemeVersion.objects.filter(own)
    for name in ("reason", "decided_by"):
        rows += versions.filter(**{name: text}).update(**{name: ERASED})
    return rows
