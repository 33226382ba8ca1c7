"""The first administrator, from the command line of an empty installation."""

import io

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from competitions.models import Person, Role, User
from competitions.roles import RoleKind

pytestmark = pytest.mark.django_db


def _open(username="guanli", name="马骏"):
    out = io.StringIO()
    call_command("first_admin", username, name, stdout=out)
    return out.getvalue().split("初始密码：")[1].splitlines()[0]


def test_first_admin_signs_in_with_the_printed_password_and_must_change_it(client):
    password = _open()
    assert client.login(username="guanli", password=password)
    user = User.objects.get()
    assert user.must_change_password
    assert Role.objects.get(person=user.person).kind == RoleKind.ADMIN


def test_second_admin_is_refused_while_the_first_can_sign_in():
    _open()
    with pytest.raises(CommandError, match="已有能登录的系统管理员"):
        _open("guanli2", "周平")
    assert Person.objects.count() == 1


def test_admin_is_opened_again_when_nobody_can_sign_in():
    _open()
    User.objects.update(is_active=False)
    _open("guanli2", "周平")
    assert User.objects.filter(is_active=True).get().username == "guanli2"


def test_taken_account_name_changes_nothing():
    User.objects.create(username="guanli", person=Person.objects.create(name="别人"))
    with pytest.raises(CommandError, match="已被使用"):
        _open()
    assert Person.objects.count() == 1
