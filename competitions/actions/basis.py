"""What every action of this app does first and last: lock, refuse, append."""

from django.core.exceptions import ValidationError

from competitions import kinds
from competitions.models import Competition
from competitions.queries.state import has_evidence, latest_revision
from record import actions as record
from record.models import Revision
from record.prepared import Prepared

# The caller did not look at an earlier version, so there is nothing that could be stale.
ANY = object()
LOCKED = Prepared(
    lambda competition: Competition.objects.select_for_update(no_key=True).filter(pk=competition)
)


def lock(competition):
    """This function will return the competition's row, locked until the transaction ends."""
    locked = LOCKED.first(competition=competition.pk)
    if locked is None:
        raise Competition.DoesNotExist
    return locked


def lock_open(competition, *, rehearsed=False):
    """This function will return the competition's row, locked until the transaction ends.

    In the archive, and in a rehearsal unless the action may be `rehearsed`, asked once the lock
    has been had, ValidationError is raised.
    """
    locked = lock(competition)
    refuse_when_closed(locked, rehearsed=rehearsed)
    return locked


def done_before(op_id, kind, by):
    """This function will return whether the operation is in the record already (a double click).

    The same id used for another kind of thing, or by somebody else, raises OperationReused: it
    must not pass for done.
    """
    earlier = Revision.objects.filter(op_id=op_id).first() if op_id is not None else None
    if earlier is None:
        return False
    if (earlier.kind, earlier.by) != (kind, str(by.id) if by else ""):
        raise record.OperationReused(earlier)
    return True


def refuse_when_closed(competition, *, rehearsed=False):
    """This function will raise ValidationError when the competition is in the archive, or is a
    rehearsal and the action is not one that is `rehearsed`: rules, lists of entrants, terms of
    office and publications belong to the real competition alone."""
    closed = competition.stage == Competition.Stage.CLOSED
    if closed and competition.is_rehearsal:
        raise ValidationError(f"「{competition.title}」已经结束，不能再修改；可以另开一场演练。")
    if closed:
        raise ValidationError(
            f"「{competition.title}」已经归档，不能再修改；确需更正的，请先重新打开。"
        )
    if not rehearsed:
        refuse_rehearsal(competition)


def refuse_rehearsal(competition):
    """This function will raise ValidationError for a rehearsal."""
    if competition.is_rehearsal:
        raise ValidationError(
            f"「{competition.title}」只用来练习打分、统分、现场和颁奖；这一步请在正式的比武里办理。"
        )


def refuse_after_evidence(competition, what):
    """This function will raise ValidationError once marks or values have been entered."""
    if has_evidence(competition):
        raise ValidationError(f"已经有打分或数据录入，{what}。")


def append(competition, kind, body, *, by, now, op_id=None):
    """This function will append one fact to the competition's chain."""
    return record.append(
        chain=competition.chain, kind=kind, body=body, by=str(by.id), now=now, op_id=op_id
    )


def settle(row, competition, kind, body, *, by, now, op_id=None):
    """This function will append what becomes of a row in place of the revision on which it stands
    (`row.revision`, an operation's id), let the row stand on the new one, save and return it.

    Somebody else's revision in between raises StaleRevision.
    """
    revision = record.append(
        chain=competition.chain,
        kind=kind,
        body=body,
        by=str(by.id),
        now=now,
        op_id=op_id,
        replaces=row.revision,
    )
    row.revision = revision.op_id
    row.save()
    return row


def refuse_when_stale(competition, revision, kind=kinds.ENTRIES_CHANGED):
    """This function will return the revision in force, or raise StaleRevision when it is another
    than the caller's."""
    latest = latest_revision(competition, kind)
    if revision is not ANY and revision != (latest.op_id if latest else None):
        raise record.StaleRevision(latest)
    return latest


def append_state(competition, kind, body, *, by, now, op_id=None, revision=ANY):
    """This function will append the whole state of a kind in place of the one in force.

    `revision` is the operation (UUID, or None for none yet) from which the caller's form was made:
    when another is in force by now, StaleRevision carries it. A state that equals the one in force
    is not repeated; the revision in force is returned.
    """
    latest = refuse_when_stale(competition, revision, kind)
    if latest is not None and op_id is None and latest.facts == body:
        return latest
    return replace(competition, kind, body, by=by, now=now, op_id=op_id, latest=latest)


def replace(competition, kind, body, *, by, now, op_id, latest):
    """This function will append one fact in place of the `latest` revision (None: the first)."""
    return record.append(
        chain=competition.chain,
        kind=kind,
        body=body,
        by=str(by.id),
        now=now,
        op_id=op_id,
        replaces=latest.op_id if latest else None,
    )
