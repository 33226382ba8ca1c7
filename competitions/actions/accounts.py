"""People, accounts, roles and signing in. All of it goes into the audit chain."""

import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from competitions import kinds
from competitions.actions import basis
from competitions.models import Person, Role, User
from competitions.roles import RoleKind
from record import actions as record

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
    """
    if basis.done_before(op_id):
        return User.objects.get(username=username), initial_password(op_id)
    if person.pk is None:
        person.full_clean()
        person.save()
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


@transaction.atomic
def reset_password(*, user, by, now, op_id):
    """This function will give an account a new initial password and return it."""
    password = initial_password(op_id)
    user = User.objects.select_for_update().get(pk=user.pk)
    if not basis.done_before(op_id):
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
    user = User.objects.select_for_update().get(pk=user.pk)
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    body = {"account": user.id, "change": "password"}
    _append(kinds.ACCOUNT_CHANGED, body, by=user.person, now=now, op_id=op_id)
    return user


@transaction.atomic
def set_active(*, user, active, by, now, op_id=None):
    """This function will let an account sign in, or stop it. Nobody stops his own account."""
    if basis.done_before(op_id):
        return
    if not active and user.person_id == by.id:
        raise ValidationError("不能停用自己的账号，请由另一位系统管理员办理。")
    admins = _lock_admins()
    user = User.objects.select_for_update().get(pk=user.pk)
    user.is_active = active
    user.save(update_fields=["is_active"])
    if admins and not active:
        _refuse_without_admin(timezone.localdate(now), "不能停用")
    body = {"account": user.id, "change": "activated" if active else "deactivated"}
    _append(kinds.ACCOUNT_CHANGED, body, by=by, now=now, op_id=op_id)


@transaction.atomic
def set_large_type(*, user, large, now):
    """This function will remember whether a person wants the extra-large type."""
    User.objects.filter(pk=user.pk).update(large_type=large)
    body = {"account": user.id, "change": "large_type" if large else "normal_type"}
    _append(kinds.ACCOUNT_CHANGED, body, by=user.person, now=now)


@transaction.atomic
def grant_role(*, person, kind, by, now, host_code="", since=None, until=None, op_id=None):
    """This function will grant a role (RoleKind) in a county, or system-wide to an administrator.

    `by` is None only when the first administrator is set up from the command line.
    """
    since = since or timezone.localdate(now)
    rows = Role.objects.filter(person=person, kind=kind, host_code=host_code)
    if basis.done_before(op_id):
        return rows.order_by("-since", "-id").first()
    if rows.held_on(since).exists():
        raise ValidationError(f"{person.name}已经有“{RoleKind(kind).label}”这个角色。")
    role = Role(person=person, kind=kind, host_code=host_code, since=since, until=until)
    role.full_clean()
    role.save()
    _append(kinds.ROLE_GRANTED, _role_fact(role), by=by, now=now, op_id=op_id)
    return role


@transaction.atomic
def end_role(*, role, by, now, op_id=None):
    """This function will end a role with yesterday, or undo one that began today.

    The last administrator who can sign in cannot be ended.
    """
    if basis.done_before(op_id):
        return
    _lock_admins()
    role = Role.objects.select_for_update().get(pk=role.pk)
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
    return list(Role.objects.select_for_update().filter(kind=RoleKind.ADMIN).order_by("id"))


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
