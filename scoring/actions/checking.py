"""What ledger events and rulings share: verified or returned by a second person, withdrawn by a
request that a second person verifies. Nothing is ever deleted."""

from django.core.exceptions import ValidationError
from django.db import transaction

from record.actions import OperationReused, append
from scoring.actions.evidence import NEEDS_REASON, TWO_PERSONS, find_recorded, lock_competition
from scoring.models import Checked

CHANGED_SINCE = "这条记录在您查看之后又有改动，没有保存。请刷新页面，看过新的内容再办。"


def lock_row(model, competition, key):
    """This function will lock and return the row of that key, or raise ValidationError."""
    row = (
        model.objects.select_for_update(of=("self",))
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


def verify(model, kind, *, competition, key, revision, op, by, now):
    """This function will mark a row as verified by a second person and return it."""

    def change(row):
        row.state = Checked.State.VERIFIED
        row.verified_by, row.verified_at = by, now
        row.return_reason = ""

    body = {"withdrawn": True} if _asks_withdrawal(model, competition, key) else {}
    return _settle(model, kind, body, change, competition, key, revision, op, by, now)


def return_(model, kind, *, competition, key, revision, reason, op, by, now):
    """This function will send a row back to whoever entered it, with a reason.

    A returned request to withdraw leaves the row as entered: it counts again once it is verified.
    """
    reason = reason.strip()
    if not reason:
        raise ValidationError(NEEDS_REASON)

    def change(row):
        row.state = Checked.State.RETURNED
        row.withdrawn = False
        row.withdrawal_reason = ""
        row.return_reason = reason

    return _settle(model, kind, {"reason": reason}, change, competition, key, revision, op, by, now)


def withdraw(model, kind, *, competition, key, revision, reason, op, by, now):
    """This function will ask for a row to be withdrawn: it counts no longer, and a second person
    verifies that it is."""
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
            raise ValidationError("这条记录已经申请撤回，不必再申请。")
        row.withdrawn, row.withdrawal_reason = True, reason
        row.state = Checked.State.ENTERED
        row.entered_by, row.entered_at = by, now
        row.verified_by = row.verified_at = None
        row.return_reason = ""
        return _append(row, kind, {"reason": reason}, competition, op, by, now)


def _asks_withdrawal(model, competition, key):
    return model.objects.filter(competition=competition, key=key, withdrawn=True).exists()


def _settle(model, kind, body, change, competition, key, revision, op, by, now):
    with transaction.atomic():
        competition = lock_competition(competition)
        earlier = find_recorded(op, kind=kind, by=by, competition=competition)
        row = lock_row(model, competition, key)
        if earlier is not None:
            return _same_as(earlier, row)
        refuse_stale(row, revision)
        if row.state != Checked.State.ENTERED:
            raise ValidationError("这条记录不在待核对状态，请刷新页面后重试。")
        if row.entered_by_id == by.id:
            raise ValidationError(TWO_PERSONS)
        change(row)
        return _append(row, kind, body, competition, op, by, now)


def _append(row, kind, body, competition, op, by, now):
    revision = append(
        chain=competition.chain,
        kind=kind,
        body={"key": row.key, **body},
        by=str(by.id),
        now=now,
        op_id=op,
        replaces=row.revision,
    )
    row.revision = revision.op_id
    row.save()
    return row


def _same_as(earlier, row):
    if earlier.facts["key"] != row.key:
        raise OperationReused(earlier)
    return row
