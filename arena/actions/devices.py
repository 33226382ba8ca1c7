"""A judge's device: it asks by his card, somebody of the staff approves it, it enters."""

import secrets
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from arena import kinds
from arena.actions.cards import digest_of
from arena.models import Card, Device
from arena.queries.judges import WAITS
from arena.telling import tell_judges
from competitions.actions import basis, note_success
from record import actions as record

# So long an approved device may take to enter.
ENTERS = timedelta(minutes=10)
# So many devices may wait at once by one card.
MOST_WAITING = 3
VOID = "这张卡已经作废或不是本系统的评委卡，请用最新的一张，或找现场工作人员重新制作。"
STALE = "这个请求已经处理过或已过期，请看清现在的情况再操作。"


class CardVoid(ValidationError):
    """No card in force has this secret."""


@transaction.atomic
def ask_device(*, secret, label, address, now: datetime) -> Device:
    """This function will let a device ask, by the secret of a card, to be let in; it waits with a
    code of four digits. `label` says in words what it is, `address` where in the network.

    Raises CardVoid, or ValidationError when too many devices wait by this card, the archive is
    closed, or the judge's account is.
    """
    card = Card.objects.filter(digest=digest_of(secret)).select_related("judge__competition")
    found = card.first()
    if found is None:
        raise CardVoid(VOID)
    competition = basis.lock_open(found.judge.competition, rehearsed=True)
    if card.first() is None:
        raise CardVoid(VOID)
    waiting = Device.objects.filter(state=Device.State.WAITING)
    waiting.filter(asked_at__lte=now - WAITS).update(state=Device.State.ENDED, ended_at=now)
    if waiting.filter(judge=found.judge).count() >= MOST_WAITING:
        raise ValidationError("用这张卡请求登录的设备太多，请当面找现场工作人员处理。")
    if not find_account(found.judge).is_active:
        raise ValidationError("这位评委的账号已停用，请找现场工作人员。")
    taken = set(waiting.values_list("code", flat=True))
    free = [code for code in (f"{number:04d}" for number in range(10_000)) if code not in taken]
    device = Device.objects.create(
        judge=found.judge,
        code=secrets.choice(free),
        label=label,
        address=address,
        card_by_id=found.issued_by_id,
        asked_at=now,
    )
    tell_judges(competition, now=now)
    return device


@transaction.atomic
def approve_device(*, device, by, now: datetime) -> Device:
    """This function will let a waiting device in, on the word of a person who sees the judge and
    the code on it; the device that the judge had is signed out. Nobody approves himself. Raises
    ValidationError when somebody has decided before, or the code has waited too long.

    Who made the card may approve: a hall waits for nobody who is not there. The supervisor's page
    and the tally sheet say so (arena.queries.judges.find_hands).
    """
    device = _lock(device)
    if (device.state, device.decided_by_id) == (Device.State.BOUND, by.id):
        return device
    _refuse_stale(device, now)
    if device.judge.person_id == by.id:
        raise ValidationError("不能批准自己的评委设备，请由另一位工作人员当面核对。")
    earlier = Device.objects.filter(judge=device.judge, state=Device.State.BOUND).first()
    if earlier is not None:
        _end(earlier, now)
    _decide(device, Device.State.BOUND, by, now)
    more = {"replaces": earlier.id} if earlier else {}
    _record(device, kinds.DEVICE_APPROVED, by, now, **more)
    return device


@transaction.atomic
def refuse_device(*, device, by, now: datetime) -> Device:
    """This function will turn a waiting device away."""
    device = _lock(device)
    if (device.state, device.decided_by_id) == (Device.State.REFUSED, by.id):
        return device
    _refuse_stale(device, now)
    _decide(device, Device.State.REFUSED, by, now)
    _record(device, kinds.DEVICE_REFUSED, by, now)
    return device


@transaction.atomic
def end_device(*, device, by, now: datetime) -> Device:
    """This function will sign a judge's device out: lost, lent, or to be replaced."""
    device = _lock(device)
    if device.state == Device.State.ENDED:
        return device
    if device.state != Device.State.BOUND:
        raise ValidationError(STALE)
    _end(device, now)
    _record(device, kinds.DEVICE_ENDED, by, now)
    return device


@transaction.atomic
def enter_device(*, device, now: datetime):
    """This function will note that an approved device enters, once, and return the account that it
    is signed in as. Raises ValidationError when it is not approved, has entered, or took too long.
    """
    device = _lock(device)
    if device.state != Device.State.BOUND or device.entered_at is not None:
        raise ValidationError("这台设备没有获准登录，请重新扫评委卡。")
    if device.decided_at <= now - ENTERS:
        raise ValidationError("批准以后太久没有进入，请重新扫评委卡。")
    account = find_account(device.judge)
    if not account.is_active:
        raise ValidationError("这位评委的账号已停用，请找现场工作人员。")
    device.entered_at = now
    device.save(update_fields=["entered_at"])
    note_success(user=account, address=device.address, now=now)
    return account


def find_account(judge):
    """This function will return the judge's account; who has a card has one."""
    return judge.person.accounts.order_by("id").first()


def _lock(device):
    """The competition first, as everywhere; then the device as it stands now."""
    competition = basis.lock_open(device.judge.competition, rehearsed=True)
    locked = Device.objects.select_related("judge__person").get(id=device.id)
    locked.judge.competition = competition
    return locked


def _refuse_stale(device, now):
    if device.state != Device.State.WAITING or device.asked_at <= now - WAITS:
        raise ValidationError(STALE)


def _decide(device, state, by, now):
    device.state, device.decided_by, device.decided_at = state, by, now
    device.save(update_fields=["state", "decided_by", "decided_at"])


def _end(device, now):
    device.state, device.ended_at = Device.State.ENDED, now
    device.save(update_fields=["state", "ended_at"])


def _record(device, kind, by, now, **more):
    judge = device.judge
    body = {
        "chain": judge.competition.chain,
        "person": str(judge.person_id),
        "judge": judge.key,
        "device": device.id,
        "code": device.code,
        **more,
    }
    record.append(chain=record.AUDIT, kind=kind, body=body, by=str(by.id), now=now)
    tell_judges(judge.competition, now=now)
