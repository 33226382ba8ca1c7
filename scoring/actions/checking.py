"""What ledger events and rulings share: verified or returned by a second person, and once verified
withdrawn only when a second person agrees. Nothing is ever deleted."""

from django.core.exceptions import ValidationError
from django.db import transaction

from competitions.actions import basis
from competitions.frontdoor import hold_pages
from record.actions import OperationReused
from record.private import Private
from scoring import doors, kinds
from scoring.actions.evidence import (
    NEEDS_REASON,
    OWN_PART,
    TWO_PERSONS,
    find_recorded,
    lock_competition,
)
from scoring.models import TWO_WITHDRAW, Checked, Ruling
from scoring.queries.hands import find_hands_of

VERIFYING = {kinds.LEDGER_VERIFIED, kinds.RULING_VERIFIED}

VERIFIED_STANDS = (
    "这条记录已经两人核对，不能由一个人更正。确有错误请申请撤回，另一位工作人员同意后再另行登记。"
)
ONLY_AUTHOR = "这条记录还没有核对，只有录入人可以自己撤回；内容有误请退回录入人。"
CHANGED_SINCE = "这条记录在您查看之后又有改动，没有保存。请刷新页面，看过新的内容再办。"


def lock_row(model, competition, key):
    """This function will lock and return the row of that key, or raise ValidationError."""
    row = (
        model.objects.select_for_update(of=("self",), no_key=True)
        .filter(competition=competition, key=key)
        .first()
    )
    if row is None:
        raise ValidationError("没有这条记录，请从列表重新进入。")
    return row


def refuse_stale(row, revision):
    """This function will raise ValidationError when the row has changed since that revision."""
    if str(revision).replace("-", "") != row.revision.hex:
        raise ValidationError(CHANGED_SINCE, code="stale_revision")


def next_key(model, competition, prefix, digits):
    """This function will return the next key of a competition's rows: l001, r01 …

    Rows are never deleted and the competition is locked, so that their number tells the next.
    """
    number = model.objects.filter(competition=competition).count() + 1
    return f"{prefix}{number:0{digits}d}"


def why_not_correct(row):
    """This function will say why a row may no longer be corrected, or return an empty text.

    What two persons have agreed on is not undone by one: it is withdrawn by two and entered anew.
    """
    if row.withdrawn:
        return "这条记录已经撤回，不能再更正，请另行登记。"
    return VERIFIED_STANDS if row.state == Checked.State.VERIFIED else ""


def refuse_correction(row):
    """This function will raise ValidationError when a row may no longer be corrected."""
    reason = why_not_correct(row)
    if reason:
        raise ValidationError(reason)


def verify(model, kind, *, competition, key, revision, op, by, now):
    """This function will mark a row as verified by a second person, or agree to the withdrawal that
    was asked for, and return the row."""

    def change(row):
        if row.asks_withdrawal:
            row.withdrawn = True
            row.withdrawal_checked_by, row.withdrawal_checked_at = by, now
            return {"withdrawn": True}
        row.state = Checked.State.VERIFIED
        row.verified_by, row.verified_at = by, now
        row.return_reason = ""
        return {}

    return _settle(model, kind, change, competition, key, revision, op, by, now)


def return_(model, kind, *, competition, key, revision, reason, op, by, now):
    """This function will send a row back to whoever entered it, with a reason.

    A withdrawal that is returned leaves the row verified, counting as before.
    """
    reason = reason.strip()
    if not reason:
        raise ValidationError(NEEDS_REASON)

    def change(row):
        row.return_reason = reason
        if row.asks_withdrawal:
            row.withdrawal_reason = ""
            row.withdrawal_by = row.withdrawal_at = None
            return {"reason": Private(reason), "withdrawn": False}
        row.state = Checked.State.RETURNED
        return {"reason": Private(reason)}

    return _settle(model, kind, change, competition, key, revision, op, by, now)


def withdraw(model, kind, *, competition, key, revision, reason, op, by, now):
    """This function will ask for a verified row to be withdrawn: it counts until a second person
    agrees. A row that was never verified its author takes back at once."""
    reason = reason.strip()
    if not reason:
        raise ValidationError("请写明撤回原因。")
    with transaction.atomic():
        competition = lock_competition(competition)
        earlier = find_recorded(op, kind=kind, by=by, competition=competition)
        row = lock_row(model, competition, key)
        if earlier is not None:
            return _same_as(earlier, row)
        refuse_stale(row, revision)
        if row.withdrawn:
            raise ValidationError("这条记录已经撤回，不必再申请。")
        if row.asks_withdrawal:
            raise ValidationError("这条记录已经申请撤回，正在等候另一位工作人员处理，不必再申请。")
        alone = row.state != Checked.State.VERIFIED
        if alone and row.entered_by_id != by.id:
            raise ValidationError(ONLY_AUTHOR)
        row.withdrawn, row.withdrawal_reason = alone, reason
        row.withdrawal_by, row.withdrawal_at = by, now
        row.return_reason = ""
        body = {"reason": Private(reason), "withdrawn": alone}
        _append(row, kind, body, competition, op, by, now)
        _tell_waiting(row, competition, now)
        return row


def _settle(model, kind, change, competition, key, revision, op, by, now):
    """`change` changes the row and returns what the record says beside its key."""
    with transaction.atomic():
        competition = lock_competition(competition)
        if kind in VERIFYING:
            hold_pages(competition)
        earlier = find_recorded(op, kind=kind, by=by, competition=competition)
        row = lock_row(model, competition, key)
        if earlier is not None:
            return _same_as(earlier, row)
        refuse_stale(row, revision)
        if row.withdrawn or not (row.asks_withdrawal or row.state == Checked.State.ENTERED):
            raise ValidationError("这条记录不在待核对状态，请刷新页面后重试。")
        if row.asks_withdrawal and row.withdrawal_by_id == by.id:
            raise ValidationError(TWO_WITHDRAW)
        if not row.asks_withdrawal and row.entered_by_id == by.id:
            raise ValidationError(TWO_PERSONS)
        if not row.asks_withdrawal and kind in VERIFYING and by.id in find_hands_of(row):
            raise ValidationError(f"这条记录{OWN_PART}")
        _append(row, kind, change(row), competition, op, by, now)
        if kind in VERIFYING:
            doors.tell_changed(competition, _round_of(row), now=now)
        else:
            _tell_waiting(row, competition, now)
        return row


def _round_of(row):
    """The key of the round on which it bears, empty where it may be any."""
    return row.subject.get("round", "") if isinstance(row, Ruling) else row.round_key


def _tell_waiting(row, competition, now):
    if isinstance(row, Ruling):
        doors.tell_waiting(competition, {_round_of(row)}, now=now)


def _append(row, kind, body, competition, op, by, now):
    body = {"key": row.key, **body}
    basis.settle(row, competition, kind, body, by=by, now=now, op_id=op)


def _same_as(earlier, row):
    if earlier.facts["key"] != row.key:
        raise OperationReused(earlier)
    return row
