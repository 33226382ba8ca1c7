"""Making the judges' cards: a new secret for each, shown once, and the old card is void."""

import hashlib
import re
import secrets
import uuid
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction

from arena import kinds
from arena.models import Card, Device
from arena.telling import tell_judges
from competitions.actions import basis, create_account
from competitions.actions.accounts import LETTERS
from competitions.models import Judge
from record import actions as record

# 26 of 31 letters: more than 2^128 secrets.
LENGTH = 26
WRITTEN = re.compile(rf"[{LETTERS}]{{{LENGTH}}}")


def tidy_secret(text):
    """This function will return a card's secret as it is made, from what was scanned or typed, or
    "" when it cannot be one."""
    text = text.replace("-", "").lower()
    return text if WRITTEN.fullmatch(text) else ""


def spell_secret(secret):
    """This function will return a secret in groups of five or six letters, for whoever types it."""
    return "-".join([secret[i : i + 5] for i in range(0, 20, 5)] + [secret[20:]])


def digest_of(secret):
    """This function will return what is kept of a secret. It is random: no slow hash is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def make_cards(*, competition, judge_keys, op: uuid.UUID, by, now: datetime) -> list:
    """This function will make a new card for each of the judges and return [(Judge, secret)] in the
    order of their numbers.

    A secret is returned here and never again. The cards that they had are void, and what was asked
    by those; a device that is in stays in. A judge without an account gets one that has no
    password. Raises ValidationError, also when the operation comes again: its secrets are gone.
    """
    competition = basis.lock_open(competition, rehearsed=True)
    if basis.done_before(op, kinds.CARDS_MADE, by):
        raise ValidationError(
            "这些卡刚才已经制作过，同一页不能再打印第二次；没有打印出来的，请回到评委登录页重新制作。"
        )
    wanted = set(judge_keys)
    judges = list(
        Judge.objects.filter(competition=competition, key__in=wanted)
        .select_related("person")
        .order_by("number")
    )
    if not wanted or len(judges) != len(wanted):
        raise ValidationError("请勾选要制作卡片的评委；名单有变动的，请刷新页面。")
    made = []
    for judge in judges:
        _open_account(competition, judge, by, now)
        secret = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        Card.objects.update_or_create(
            judge=judge, defaults={"digest": digest_of(secret), "issued_by": by, "issued_at": now}
        )
        made.append((judge, secret))
    asked = Device.objects.filter(judge__in=judges, state=Device.State.WAITING)
    asked.update(state=Device.State.ENDED, ended_at=now)
    body = {"chain": competition.chain, "cards": [judge.key for judge in judges]}
    record.append(
        chain=record.AUDIT, kind=kinds.CARDS_MADE, body=body, by=str(by.id), now=now, op_id=op
    )
    tell_judges(competition, now=now)
    return made


def _open_account(competition, judge, by, now):
    account = judge.person.accounts.order_by("id").first()
    if account is None:
        create_account(
            person=judge.person,
            username=f"{competition.slug}-{judge.key}",
            by=by,
            now=now,
            op_id=uuid.uuid4(),
            encoded=make_password(None),
        )
    elif not account.is_active:
        raise ValidationError(
            f"{judge.number} 号评委{judge.person.name}的账号已停用，请系统管理员恢复后再制作卡片。"
        )
