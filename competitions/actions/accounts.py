"""People, accounts, roles and signing in. All of it goes into the audit chain."""

import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from competitions import kinds
from competitions.actions import basis
from competitions.models import Person, Role, User
from competitions.roles import RoleKind
from record import actions as record
from record.models import Revision

# No letter or digit that is read as another one on paper.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
INITIAL_LENGTH = 12


def _append(kind, body, *, by, now, op_id=None):
    return record.append(
        chain=record.AUDIT,
        kind=kind,
        body=body,
        by=str(by.id) if by else "",
        now=now,
        op_id=op_id,
    )


def initial_password(op_id):
    """This function will return the initial password that an operation gives to an account.

    It is derived from the server's secret and the operation, so that a double click shows the same
    password again and nothing needs to be stored in the clear.
    """
    digest = salted_hmac("competitions.initial_password", op_id.hex, algorithm="sha256").digest()
    number = int.from_bytes(digest, "big")
    letters = []
    for _ in range(INITIAL_LENGTH):
        number, index = divmod(number, len(LETTERS))
        letters.append(LETTERS[index])
    return "-".join("".join(letters[i : i + 4]) for i in range(0, INITIAL_LENGTH, 4))


@transaction.atomic
def create_person(*, name, phone="", post=""):
    """This function will create a person. Whoever the person becomes is recorded elsewhere."""
    person = Person(name=name.strip(), phone=phone.strip(), post=post.strip())
    person.full_clean()
    person.save()
    return person


@transaction.atomic
def create_account(*, person, username, by, now, op_id, encoded=""):
    """This function will give a person an account and return (account, initial password).

    A person that is not saved yet is saved with it. The password must be changed at the first
    sign-in. The same operation again returns the same account and password. `encoded` is a
    password that was hashed before, as Django keeps it: it is taken as it is, need not be changed,
    and no initial password is made.

    A second account of a person is refused, and so is the account of somebody with a granted role
    when `by` is no administrator: whoever opens an account sees its initial password.
    """
    if basis.done_before(op_id, kinds.ACCOUNT_CREATED, by):
        return _account_of(op_id, person, username), initial_password(op_id)
    if person.pk is None:
        person.full_clean()
        person.save()
    else:
        # Locked, so that two accounts cannot be opened at once.
        person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        _refuse_account(person, by, timezone.localdate(now))
    user = User(username=username, person=person, must_change_password=not encoded)
    password = "" if encoded else initial_password(op_id)
    if encoded:
        user.password = encoded
    else:
        user.set_password(password)
    user.full_clean()
    user.save()
    body = {"account": user.id, "person": str(person.id)}
    _append(kinds.ACCOUNT_CREATED, body, by=by, now=now, op_id=op_id)
    return user, password


def _account_of(op_id, person, username):
    """The account that an operation opened, or ValidationError when it was meant for another."""
    done = Revision.objects.get(op_id=op_id)
    user = None
    if done.kind == kinds.ACCOUNT_CREATED:
        user = User.objects.get(pk=done.facts["account"])
    if user is None or user.username != username or person.pk not in (None, user.person_id):
        raise ValidationError(
            f"这一页已经提交过，办的不是账号「{username}」；请重新打开这一页，再填一次。"
        )
    return user


def _refuse_account(person, by, today):
    held = person.accounts.order_by("id").first()
    if held is not None:
        raise ValidationError(
            f"{person.name}已有账号「{held.username}」，一个人只能有一个账号；"
            "忘记密码或账号已停用的，请系统管理员重置密码或恢复账号。"
        )
    if by is None or Role.objects.filter(person=by, kind=RoleKind.ADMIN).held_on(today).exists():
        return
    role = _lasting(person, today).first()
    if role is not None:
        raise ValidationError(
            f"{person.name}是{role.get_kind_display()}，账号只能由系统管理员开通，请系统管理员办理。"
        )


def _lasting(person, since, until=None):
    """The person's roles that are held on some day of a span, without an end if until is None."""
    roles = Role.objects.filter(person=person).filter(Q(until__isnull=True) | Q(until__gte=since))
    return (roles.filter(since__lte=until) if until else roles).order_by("id")


@transaction.atomic
def reset_password(*, user, by, now, op_id):
    """This function will give an account a new initial password and return it."""
    password = initial_password(op_id)
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not basis.done_before(op_id, kinds.ACCOUNT_CHANGED, by):
        user.set_password(password)
        user.must_change_password = True
        user.save(update_fields=["password", "must_change_password"])
        body = {"account": user.id, "change": "password_reset"}
        _append(kinds.ACCOUNT_CHANGED, body, by=by, now=now, op_id=op_id)
    return password


@transaction.atomic
def change_password(*, user, password, now, op_id=None):
    """This function will set a person's own new password, or raise ValidationError."""
    validate_password(password, user)
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    body = {"account": user.id, "change": "password"}
    _append(kinds.ACCOUNT_CHANGED, body, by=user.person, now=now, op_id=op_id)
    return user


@transaction.atomic
def note_password_set(*, user, now):
    """This function will record that a password was set from the server's command line."""
    body = {"account": user.id, "change": "password_console"}
    _append(kinds.ACCOUNT_CHANGED, body, by=None, now=now)


@transaction.atomic
def set_active(*, user, active, by, now, op_id=None):
    """This function will let an account sign in, or stop it. Nobody stops his own account."""
    if basis.done_before(op_id, kinds.ACCOUNT_CHANGED, by):
        return
    if not active and user.person_id == by.id:
        raise ValidationError("不能停用自己的账号，请由另一位系统管理员办理。")
    admins = _lock_admins()
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    user.is_active = active
    user.save(update_fields=["is_active"])
    if admins and not active:
        _refuse_without_admin(timezone.localdate(now), "不能停用")
    body = {"account": user.id, "change": "activated" if active else "deactivated"}
    _append(kinds.ACCOUNT_CHANGED, body, by=by, now=now, op_id=op_id)


@transaction.atomic
def set_large_type(*, user, large, now):
    """This function will remember whether a person wants the extra-large type; wished again, it
    does nothing."""
    if user.large_type == large:
        return
    user.large_type = large
    User.objects.filter(pk=user.pk).update(large_type=large)
    body = {"account": user.id, "change": "large_type" if large else "normal_type"}
    _append(kinds.ACCOUNT_CHANGED, body, by=user.person, now=now)


@transaction.atomic
def grant_role(*, person, kind, by, now, host_code="", since=None, until=None, op_id=None):
    """This function will grant a role (RoleKind) in a county, or system-wide to an administrator.

    `by` is None only when the first administrator is set up from the command line. Nobody grants
    a role to himself, and an administrator holds no other role: who opens the accounts touches no
    marks.
    """
    since = since or timezone.localdate(now)
    rows = Role.objects.filter(person=person, kind=kind, host_code=host_code)
    if basis.done_before(op_id, kinds.ROLE_GRANTED, by):
        return rows.order_by("-since", "-id").first()
    if by is not None and by.pk == person.pk:
        raise ValidationError("不能给自己授予角色，请由另一位系统管理员办理。")
    # Locked, so that two roles that exclude each other cannot be granted at once.
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    _refuse_mixed_roles(person, kind, since, until)
    if rows.held_on(since).exists():
        raise ValidationError(f"{person.name}已经有“{RoleKind(kind).label}”这个角色。")
    role = Role(person=person, kind=kind, host_code=host_code, since=since, until=until)
    role.full_clean()
    role.save()
    _append(kinds.ROLE_GRANTED, _role_fact(role), by=by, now=now, op_id=op_id)
    return role


def _refuse_mixed_roles(person, kind, since, until):
    roles = _lasting(person, since, until)
    admin = kind == RoleKind.ADMIN
    other = (roles.exclude(kind=kind) if admin else roles.filter(kind=RoleKind.ADMIN)).first()
    if other is not None:
        label = other.get_kind_display() if admin else RoleKind(kind).label
        raise ValidationError(
            f"{person.name}不能同时是系统管理员和{label}：系统管理员掌管所有人的账号，"
            f"不能再接触分数；请先结束“{other.get_kind_display()}”这个角色，或者另选一个人。"
        )


@transaction.atomic
def end_role(*, role, by, now, op_id=None):
    """This function will end a role with yesterday, or undo one that began today.

    The last administrator who can sign in cannot be ended.
    """
    if basis.done_before(op_id, kinds.ROLE_ENDED, by):
        return
    _lock_admins()
    role = Role.objects.select_for_update(no_key=True).get(pk=role.pk)
    today = timezone.localdate(now)
    fact = _role_fact(role)
    if role.since >= today:
        role.delete()
    else:
        role.until = today - datetime.timedelta(days=1)
        role.save(update_fields=["until"])
    if role.kind == RoleKind.ADMIN:
        _refuse_without_admin(today, "不能结束这个角色")
    _append(kinds.ROLE_ENDED, fact, by=by, now=now, op_id=op_id)


def _lock_admins():
    """Lock the administrators' roles, so that two of them cannot end each other at once."""
    return list(
        Role.objects.select_for_update(no_key=True).filter(kind=RoleKind.ADMIN).order_by("id")
    )


def _refuse_without_admin(today, refusal):
    left = Role.objects.filter(kind=RoleKind.ADMIN, person__accounts__is_active=True)
    if not left.held_on(today).exists():
        raise ValidationError(f"{refusal}：系统至少要有一位能登录的系统管理员，请先授予另一个人。")


def _role_fact(role):
    return {
        "role": role.id,
        "person": str(role.person_id),
        "kind": role.kind,
        "host_code": role.host_code,
        "since": role.since.isoformat(),
        "until": role.until.isoformat() if role.until else None,
    }


@transaction.atomic
def note_switched_role(*, person, role, now):
    """This function will record that a person acts in another of her roles (ActiveRole) now."""
    _append(kinds.ROLE_SWITCHED, {"role": role.key}, by=person, now=now)
