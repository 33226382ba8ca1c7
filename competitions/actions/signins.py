"""Signing in: success and failure are recorded, and guessing passwords is slowed down."""

import datetime
import hashlib

from django.db import transaction
from django.db.models import F

from competitions import kinds
from competitions.actions import basis
from competitions.models import FailedSignins, User
from record import actions as record
from record.models import Revision

REST = datetime.timedelta(minutes=15)
LONGEST_ROW = datetime.timedelta(days=1)
# One account name from one address; and any name from one address, where a whole hall may sit.
MOST_FAILURES = 5
MOST_FAILURES_OF_ADDRESS = 60


def keys_of_failure(username, address):
    """This function will return the counters of a name from an address and of the address alone."""
    texts = (f"{username.casefold()}\n{address}", f"\n{address}")
    return [hashlib.sha256(text.encode()).hexdigest() for text in texts]


def find_pause(*, username, address, now):
    """This function will return until when signing in is refused, or None."""
    limits = dict(
        zip(
            keys_of_failure(username, address),
            (MOST_FAILURES, MOST_FAILURES_OF_ADDRESS),
            strict=True,
        )
    )
    rows = FailedSignins.objects.filter(key__in=limits, last_at__gt=now - REST).order_by("id")
    ends = [row.last_at + REST for row in rows if row.count >= limits[row.key]]
    return max(ends, default=None)


@transaction.atomic
def lift_pause(*, user, by, now, op_id=None):
    """This function will let an account sign in again at once, and record who lifted the pause.

    The pause of a whole address, where many names were tried, stays.
    """
    if basis.done_before(op_id, kinds.ACCOUNT_CHANGED, by):
        return
    FailedSignins.objects.filter(key__in=_keys_of(user, now)).delete()
    body = {"account": user.id, "change": "pause_lifted"}
    record.append(
        chain=record.AUDIT,
        kind=kinds.ACCOUNT_CHANGED,
        body=body,
        by=str(by.id),
        now=now,
        op_id=op_id,
    )


def find_account_pause(user, now):
    """This function will return until when an account is refused from some address, or None."""
    rows = FailedSignins.objects.filter(
        key__in=_keys_of(user, now), count__gte=MOST_FAILURES, last_at__gt=now - REST
    )
    ends = [row.last_at + REST for row in rows.order_by("id")]
    return max(ends, default=None)


def _keys_of(user, now):
    """The counters of an account: one for each address from which it failed of late.

    The counters hold digests only; the addresses stand in the audit chain. A counter lives on while
    failures keep coming, so the chain is read further back than one rest.
    """
    failures = Revision.objects.filter(
        chain=record.AUDIT, kind=kinds.SIGNIN_FAILED, at__gt=now - LONGEST_ROW
    ).order_by("id")
    said = [revision.facts for revision in failures]
    addresses = {facts["address"] for facts in said if facts.get("account") == user.id}
    return [keys_of_failure(user.username, address)[0] for address in addresses]


@transaction.atomic
def note_failure(*, username, address, now):
    """This function will count and record a failed sign-in. The typed name is not recorded: it may
    be a password in the wrong field; an account that exists is recorded by its number."""
    FailedSignins.objects.filter(last_at__lte=now - REST).delete()
    for key in keys_of_failure(username, address):
        row, _ = FailedSignins.objects.get_or_create(key=key, defaults={"last_at": now})
        FailedSignins.objects.filter(pk=row.pk).update(count=F("count") + 1, last_at=now)
    account = User.objects.filter(username=username).values_list("id", flat=True).first()
    body = {"account": account, "address": address}
    record.append(chain=record.AUDIT, kind=kinds.SIGNIN_FAILED, body=body, by="", now=now)


@transaction.atomic
def note_success(*, user, address, now):
    """This function will record a sign-in and forget the failures before it."""
    FailedSignins.objects.filter(key=keys_of_failure(user.username, address)[0]).delete()
    body = {"account": user.id, "address": address}
    record.append(
        chain=record.AUDIT,
        kind=kinds.SIGNIN_OK,
        body=body,
        by=str(user.person_id),
        now=now,
    )
