"""Changes to terms of office that wait for a second person: confirmed or returned."""

from django.core.exceptions import ValidationError
from django.db import transaction

from competitions import kinds
from competitions.actions import basis
from competitions.actions.secretaries import refresh_secretary_entries
from competitions.actions.terms import (
    archived_years,
    as_fact,
    lock_county,
    put_term,
    refuse_archived,
)
from competitions.models import Checked, TermChange
from record.private import Private

TWO_PERSONS = "提出和确认必须是两个人，请由另一位工作人员确认。"


@transaction.atomic
def verify_term_change(*, change, by, now, op_id=None):
    """This function will let a proposed change of a term take effect, confirmed by a second person.

    Entries of secretaries and recusals follow in every open competition of the county. Raises
    ValidationError for one's own proposal, when somebody else has settled it, or when the term has
    changed since it was proposed.
    """
    competition, others = lock_county(change.competition)
    change = TermChange.objects.with_names().get(pk=change.pk)
    if basis.done_before(op_id, kinds.TERM_RECORDED, by):
        return change
    _refuse_settled(competition, change)
    if change.entered_by_id == by.id:
        raise ValidationError(TWO_PERSONS)
    if change.was is not None and as_fact(change.term) != change.was:
        raise ValidationError("这段任职经历在提出变更以后又有改动，请退回这项变更，重新提出。")
    archived = archived_years(competition)
    changed = put_term(
        unit=change.unit,
        person=change.person,
        since=change.since,
        until=change.until,
        acting=change.acting,
        ends_former=change.ends_former,
        term=change.term,
    )
    refuse_archived(archived)
    body = {"terms": [as_fact(item) for item in changed]}
    change.term = changed[-1]
    change.state = Checked.State.VERIFIED
    change.verified_by, change.verified_at = by, now
    basis.settle(change, competition, kinds.TERM_RECORDED, body, by=by, now=now, op_id=op_id)
    for affected in (competition, *others):
        refresh_secretary_entries(competition=affected, by=by, now=now)
    return change


@transaction.atomic
def return_term_change(*, change, reason, by, now, op_id=None):
    """This function will turn a proposed change of a term down, with a reason; the terms stand.

    Whoever proposed it may take it back too: nothing changes by it.
    """
    competition, _ = lock_county(change.competition)
    change = TermChange.objects.with_names().get(pk=change.pk)
    if basis.done_before(op_id, kinds.TERM_RETURNED, by):
        return change
    _refuse_settled(competition, change)
    reason = " ".join(reason.split())
    if not reason:
        raise ValidationError("请写明退回原因，便于提出人修改。")
    change.state, change.return_reason = Checked.State.RETURNED, reason
    body = {"reason": Private(reason)}
    basis.settle(change, competition, kinds.TERM_RETURNED, body, by=by, now=now, op_id=op_id)
    return change


def _refuse_settled(competition, change):
    basis.refuse_when_closed(competition)
    if change.state != Checked.State.ENTERED:
        raise ValidationError("这项任期变更已有人处理，请返回列表查看结果。")
