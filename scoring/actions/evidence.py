"""What every action on evidence needs: the lock, the rules in force, and a submit seen before."""

from django.core.exceptions import ValidationError

from competitions.actions import basis
from competitions.models import SchemeVersion
from competitions.queries import load_entries, scheme_of
from record.actions import OperationReused
from record.models import Revision

TWO_PERSONS = "录入和核对必须是两个人，请由另一位工作人员核对。"
OWN_PART = "里面有您录入或更正过的内容，录入和核对必须是两个人，请由没有录入过它的工作人员核对。"
NEEDS_REASON = "请写明退回原因，便于录入人更正。"


def lock_competition(competition):
    """This function will lock the competition's row until the transaction ends and return it.

    A competition that has been closed raises ValidationError; a rehearsal has evidence of its own.
    """
    return basis.lock_open(competition, rehearsed=True)


def published_version(competition):
    """This function will return the published rules, or raise ValidationError."""
    version = (
        SchemeVersion.objects.filter(competition=competition, state=SchemeVersion.State.PUBLISHED)
        .defer("document")
        .first()
    )
    if version is None:
        raise ValidationError("规则还没有公布，请先公布规则，再录入数据。")
    return version


def published_scheme(competition):
    """This function will return the Scheme of the published rules, or raise ValidationError."""
    return scheme_of(published_version(competition))


def find_recorded(op, *, kind, by, competition):
    """This function will return the revision that the operation recorded before, else None.

    The same id used by somebody else, or for something else, raises OperationReused.
    """
    earlier = Revision.objects.filter(op_id=op).first()
    if earlier is None:
        return None
    if (earlier.chain, earlier.kind, earlier.by) != (competition.chain, kind, str(by.id)):
        raise OperationReused(earlier)
    earlier.repeated = True
    return earlier


def active_entries(competition, *tracks):
    """This function will return {key: entry} of the entries that have not withdrawn, of those that
    compete in one of the tracks if any are named."""
    return {
        entry.key: entry
        for entry in load_entries(competition)
        if not tracks or any(entry.competes_in(track) for track in tracks)
    }
