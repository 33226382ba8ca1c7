"""Where this app's rows hold texts that the record commits to: blanked when a text is erased.

Published pages and frozen contents never carry such a text, so there is nothing to blank in them.
"""

from uuid import UUID

from publication.models import Closing, PublicationVersion
from record.private import ERASED


def blank_text(chain: str, text: str) -> int:
    """This function will put ERASED in place of the reason for which a version was withdrawn, and
    of what was said when the year was closed, opened again, or a request for that returned."""
    versions = PublicationVersion.objects.filter(
        competition__uuid=UUID(chain), withdrawn_reason=text
    )
    rows = versions.update(withdrawn_reason=ERASED)
    closings = Closing.objects.filter(competition__uuid=UUID(chain))
    for name in ("reason", "return_reason"):
        rows += closings.filter(**{name: text}).update(**{name: ERASED})
    return rows
