"""What one person proposes about a judge's marks (a correction, late marks): a second person
carries it out or returns it."""

from django.core.exceptions import ValidationError

from competitions.actions import basis
from record.actions import OperationReused
from record.private import Private
from scoring.actions.evidence import find_recorded
from scoring.models import TWO_PERSONS, Checked


def take(row, competition, kind, *, settled, op, by):
    """This function will return (the proposal as it stands now, whether `op` already did this).

    The judge is locked. What somebody else has settled raises ValidationError(`settled`), another
    use of the operation OperationReused.
    """
    row = type(row).objects.select_related("entered_by").get(id=row.id)
    earlier = find_recorded(op, kind=kind, by=by, competition=competition)
    if earlier is not None:
        if row.revision != op:
            raise OperationReused(earlier)
        return row, True
    if row.state != Checked.State.ENTERED:
        raise ValidationError(settled)
    return row, False


def carry_out(row, judge, kind, body, *, op, by, now):
    """This function will verify a proposal; its author and the judge himself may not."""
    refuse_own(row, judge, by)
    row.state, row.verified_by, row.verified_at = Checked.State.VERIFIED, by, now
    basis.settle(row, judge.competition, kind, body, by=by, now=now, op_id=op)


def refuse_own(row, judge, by):
    """This function will raise ValidationError for one's own proposal or one's own marks."""
    if row.entered_by_id == by.id:
        raise ValidationError(TWO_PERSONS)
    if judge.person_id == by.id:
        raise ValidationError("不能核对自己作为评委的打分，请由另一位工作人员核对。")


def send_back(row, judge, kind, body, *, reason, op, by, now):
    """This function will return a proposal with a reason of at most 200 characters."""
    reason = " ".join((reason or "").split())
    if not reason:
        raise ValidationError("请写明退回原因，方便提出人修改。")
    row.state, row.return_reason = Checked.State.RETURNED, reason
    body = {**body, "reason": Private(reason)}
    basis.settle(row, judge.competition, kind, body, by=by, now=now, op_id=op)
