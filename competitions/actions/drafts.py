"""Writing the rules: every save of the editor is a new draft."""

from django.db import transaction

from competitions import kinds
from competitions.actions import basis
from competitions.models import SchemeDraft
from competitions.queries.drafts import draft_digest, find_drafts, working_draft
from record import actions as record
from record.models import Revision


@transaction.atomic
def save_draft(*, competition, document, what, by, now, revision, op_id=None):
    """This function will keep a document, right or wrong, as the competition's next draft.

    `revision` is that of the draft the caller looked at; another one since raises StaleRevision.
    `what` says in a few words what was changed. The rules in force stay as they are. A document
    that equals the draft in force is not repeated; in the archive ValidationError is raised.
    """
    competition = basis.lock(competition)
    if basis.done_before(op_id, kinds.SCHEME_EDITED, by):
        return SchemeDraft.objects.get(revision=op_id)
    basis.refuse_when_closed(competition)
    latest = working_draft(competition)
    if latest is not None and revision != latest.revision:
        raise record.StaleRevision(Revision.objects.filter(op_id=latest.revision).first())
    digest = draft_digest(document)
    if latest is not None and latest.number and latest.digest == digest:
        return latest
    body = {"number": latest.number + 1 if latest else 1, "digest": digest, "what": what[:200]}
    saved = basis.append(competition, kinds.SCHEME_EDITED, body, by=by, now=now, op_id=op_id)
    return _keep(competition, document, body["number"], what, by, now, saved, digest)


def keep_version_as_draft(*, competition, document, what, by, now, revision):
    """This function will let the editor go on from a version of the rules that was just made.

    It runs in the transaction that makes the version; `revision` is the version's own.
    """
    latest = find_drafts(competition).first()
    digest = draft_digest(document)
    if latest is None or latest.digest != digest:
        number = latest.number + 1 if latest else 1
        _keep(competition, document, number, what, by, now, revision, digest)


def _keep(competition, document, number, what, by, now, revision, digest):
    return SchemeDraft.objects.create(
        competition=competition,
        number=number,
        document=document,
        digest=digest,
        what=what[:200],
        written_by=by,
        written_at=now,
        revision=revision.op_id,
    )
