"""Accounts, roles and signing in by their actions: what they refuse and record."""

import datetime
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from competitions import actions
from competitions.access import find_roles
from competitions.models import Role, User
from competitions.roles import RoleKind
from record import queries as record
from record.models import Revision
from tests import factories


@pytest.fixture
def today():
    return timezone.now()


def last():
    return Revision.objects.of_chain("audit").last()


def test_create_account_twice_by_one_operation_shows_the_same_password(admin, today):
    person, op_id = factories.PersonFactory(), uuid.uuid4()
    made = [
        actions.create_account(
            person=person, username="zhang", by=admin.person, now=today, op_id=op_id
        )
        for _ in range(2)
    ]
    assert made[0] == made[1]
    user, password = made[0]
    assert user.check_password(password)
    assert user.must_change_password
    assert (last().kind, last().facts) == (
        "account.created",
        {"account": user.id, "person": str(person.id)},
    )


def test_create_account_with_a_taken_name_is_refused(admin, nobody, today):
    with pytest.raises(ValidationError, match="这个账号已被使用"):
        actions.create_account(
            person=factories.PersonFactory(),
            username=nobody.username,
            by=admin.person,
            now=today,
            op_id=uuid.uuid4(),
        )


def test_change_password_too_simple_is_refused(nobody, today):
    with pytest.raises(ValidationError):
        actions.change_password(user=nobody, password="12345678", now=today)
    assert not Revision.objects.exists()


def test_reset_password_asks_for_another_at_the_next_signin(admin, nobody, today):
    password = actions.reset_password(user=nobody, by=admin.person, now=today, op_id=uuid.uuid4())
    nobody.refresh_from_db()
    assert nobody.check_password(password)
    assert nobody.must_change_password


def test_grant_role_twice_is_refused(admin, nobody, today):
    grant = {
        "person": nobody.person,
        "kind": RoleKind.CLERK,
        "host_code": "150802",
        "by": admin.person,
        "now": today,
    }
    actions.grant_role(**grant)
    with pytest.raises(ValidationError, match="已经有“计票员”这个角色"):
        actions.grant_role(**grant)
    assert [role.kind for role in find_roles(nobody.person)] == [RoleKind.CLERK]


def test_end_role_of_the_last_administrator_is_refused(admin, today):
    with pytest.raises(ValidationError, match="至少要有一位能登录的系统管理员"):
        actions.end_role(role=admin.person.roles.get(), by=admin.person, now=today)
    assert Role.objects.get().until is None


def test_end_role_with_another_administrator_left(admin, nobody, today):
    factories.grant(nobody.person, RoleKind.ADMIN, "")
    actions.end_role(role=admin.person.roles.get(), by=nobody.person, now=today)
    assert find_roles(admin.person) == []
    assert last().kind == "role.ended"


def test_set_active_stops_the_last_other_administrator_never_oneself(admin, nobody, today):
    with pytest.raises(ValidationError, match="不能停用自己的账号"):
        actions.set_active(user=admin, active=False, by=admin.person, now=today)
    with pytest.raises(ValidationError, match="至少要有一位"):
        actions.set_active(user=admin, active=False, by=nobody.person, now=today)
    assert User.objects.get(pk=admin.pk).is_active


def test_signing_in_pauses_after_five_failures_for_this_name_and_address_only(nobody, today):
    who = {"username": nobody.username, "address": "10.0.0.7"}
    for _ in range(5):
        assert actions.find_pause(**who, now=today) is None
        actions.note_failure(**who, now=today)
    rest = datetime.timedelta(minutes=15)
    assert actions.find_pause(**who, now=today) == today + rest
    assert actions.find_pause(**{**who, "address": "10.0.0.8"}, now=today) is None
    assert actions.find_pause(**{**who, "username": "other"}, now=today) is None
    assert actions.find_pause(**who, now=today + rest) is None
    assert [row.facts["account"] for row in record.revisions("audit")] == [nobody.id] * 5


def test_failed_signin_never_records_what_was_typed(db, today):
    actions.note_failure(username="MySecretPassword", address="10.0.0.7", now=today)
    assert last().facts == {"account": None, "address": "10.0.0.7"}


def test_signing_in_forgets_the_failures_before(nobody, today):
    who = {"username": nobody.username, "address": "10.0.0.7"}
    for _ in range(4):
        actions.note_failure(**who, now=today)
    actions.note_success(user=nobody, address="10.0.0.7", now=today)
    actions.note_failure(**who, now=today)
    assert actions.find_pause(**who, now=today) is None
