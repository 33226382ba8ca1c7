"""The administrator's pages: who may enter, what they do, what they never show."""

import io
import re
import uuid

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from competitions.models import Person, Role, User
from competitions.roles import RoleKind
from record.models import Revision
from tests import factories


def hidden(response, name):
    found = re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())
    return found[1] if found else ""


def addresses(user, role):
    return [
        "/accounts/",
        "/accounts/new/",
        f"/accounts/{user.id}/",
        f"/accounts/{user.id}/password/",
        f"/accounts/{user.id}/active/",
        f"/accounts/{user.id}/pause/",
        f"/accounts/{user.id}/roles/",
        f"/accounts/roles/{role.id}/end/",
    ]


@pytest.fixture
def own(admin):
    return addresses(admin, admin.person.roles.get())


def test_administrator_opens_every_page(client, admin, own):
    client.force_login(admin)
    assert [client.get(address).status_code for address in own] == [200] * 8


def test_everybody_else_is_refused(client, request, own, ready):
    for address in own:
        assert client.get(address).url.startswith("/signin/?next=")
    for name in ("organiser", "clerk", "leader", "auditor", "outsider", "nobody"):
        client.force_login(request.getfixturevalue(name))
        assert [client.get(address).status_code for address in own] == [403] * 8, name
        assert [client.post(address).status_code for address in own[1:2] + own[3:]] == [403] * 6


def test_pages_that_only_read_cannot_be_posted_to(client, admin, own):
    client.force_login(admin)
    assert [client.post(address).status_code for address in (own[0], own[2])] == [405, 405]


def test_account_that_is_not_there_is_not_found(client, admin, own):
    client.force_login(admin)
    for address in ("/accounts/99999/", "/accounts/roles/99999/end/"):
        assert client.get(address).status_code == 404


def test_list_of_accounts_costs_the_same_queries_for_1_and_11(client, admin):
    client.force_login(admin)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get("/accounts/")
        counts.append(len(queries))
        for _ in range(10):
            factories.grant(factories.UserFactory().person, RoleKind.CLERK)
    assert counts[0] == counts[1]


def new_post(**changes):
    return {
        "op": uuid.uuid4(),
        "name": "钱组织",
        "username": "qian",
        "kind": "organiser",
        "host": "临河区",
        **changes,
    }


def test_person_account_and_role_are_made_together_and_once(client, admin):
    client.force_login(admin)
    post = new_post()
    cards = [client.post("/accounts/new/", post) for _ in range(2)]
    assert cards[0].context["password"] == cards[1].context["password"]
    user = User.objects.get(username="qian")
    assert user.check_password(cards[0].context["password"])
    role = Role.objects.get(person=user.person)
    assert (role.kind, role.host_code) == ("organiser", "150802")


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"host": ""}, "host", "请填写这个角色所在的县（区）。"),
        ({"host": "没有的县"}, "host", "没有找到「没有的县」"),
        ({"host": "鼓楼区"}, "host", "有多个县（区）符合，请改填代码"),
        ({"kind": "admin"}, "host", "系统管理员不分县（区）"),
        ({"name": ""}, "name", "请选择已登记的人员，或填写新人员的姓名。"),
    ],
)
def test_account_with_a_wrong_field_is_not_made(client, admin, changes, field, sentence):
    client.force_login(admin)
    answer = client.post("/accounts/new/", new_post(**changes))
    assert sentence in answer.context["form"].errors[field][0]
    assert not Person.objects.filter(name="钱组织").exists()


def test_account_with_a_taken_name_leaves_no_person_behind(client, admin):
    client.force_login(admin)
    answer = client.post("/accounts/new/", new_post(username=admin.username))
    assert answer.context["form"].non_field_errors() == ["这个账号已被使用，请换一个。"]
    assert not Person.objects.filter(name="钱组织").exists()


def test_account_of_a_judge_is_opened_for_the_same_person(client, admin, ready):
    client.force_login(admin)
    judge = ready.judges.get(key="j01")
    post = new_post(known=judge.person_id, name="", kind="", host="")
    answer = client.post("/accounts/new/", post)
    assert answer.context["account"].person == judge.person


def test_role_is_granted_and_ended(client, admin, nobody):
    client.force_login(admin)
    post = {"op": uuid.uuid4(), "kind": "auditor", "host": "150802"}
    assert client.post(f"/accounts/{nobody.id}/roles/", post).status_code == 302
    role = Role.objects.get(person=nobody.person)
    client.post(f"/accounts/roles/{role.id}/end/", {"op": uuid.uuid4()})
    assert not Role.objects.filter(person=nobody.person).exists()


def test_last_administrator_s_role_is_not_ended(client, admin):
    client.force_login(admin)
    role = admin.person.roles.get()
    answer = client.post(f"/accounts/roles/{role.id}/end/", {"op": uuid.uuid4()})
    assert "至少要有一位能登录的系统管理员" in answer.content.decode()
    assert Role.objects.get(pk=role.pk).until is None


def test_account_is_stopped_and_let_in_again(client, admin, nobody):
    client.force_login(admin)
    for active in (False, True):
        client.post(f"/accounts/{nobody.id}/active/", {"op": uuid.uuid4()})
        nobody.refresh_from_db()
        assert nobody.is_active is active


def test_password_is_reset_on_a_card(client, admin, nobody):
    client.force_login(admin)
    card = client.post(f"/accounts/{nobody.id}/password/", {"op": uuid.uuid4()})
    nobody.refresh_from_db()
    assert nobody.check_password(card.context["password"])


def test_pause_after_wrong_passwords_is_lifted_and_recorded(client, admin, nobody):
    wrong = {"username": nobody.username, "password": "wrong"}
    for _ in range(5):
        client.post("/signin/", wrong)
    assert "输错的次数太多" in client.post("/signin/", wrong).content.decode()
    client.force_login(admin)
    page = client.get(f"/accounts/{nobody.id}/").content.decode()
    assert "登录等待中" in page and f"/accounts/{nobody.id}/pause/" in page
    assert client.post(f"/accounts/{nobody.id}/pause/", {"op": uuid.uuid4()}).status_code == 302
    assert "登录等待中" not in client.get(f"/accounts/{nobody.id}/").content.decode()
    last = Revision.objects.filter(chain="audit", kind="account.changed").latest("seq")
    assert last.facts == {"account": nobody.id, "change": "pause_lifted"}
    client.logout()
    assert "账号或密码不对" in client.post("/signin/", wrong).content.decode()


def test_password_set_on_the_server_is_recorded(admin, nobody, monkeypatch):
    monkeypatch.setattr("getpass.getpass", lambda prompt="": "Xin-mima-20220815")
    call_command("changepassword", nobody.username, stdout=io.StringIO())
    nobody.refresh_from_db()
    assert nobody.check_password("Xin-mima-20220815")
    last = Revision.objects.filter(chain="audit").latest("seq")
    assert last.facts == {"account": nobody.id, "change": "password_console"}


def test_administrator_reaches_no_competition(client, admin, ready):
    client.force_login(admin)
    assert client.get("/work/").status_code == 403
    assert client.get("/work/linhe/").status_code == 403


def test_account_of_an_organiser_who_has_none_is_opened_by_the_administrator(client, admin):
    person = factories.PersonFactory()
    factories.grant(person, RoleKind.ORGANISER)
    client.force_login(admin)
    post = new_post(known=person.id, name="", kind="", host="")
    assert client.post("/accounts/new/", post).context["account"].person == person


def test_administrator_grants_no_role_to_himself(client, admin):
    client.force_login(admin)
    post = {"op": uuid.uuid4(), "kind": "auditor", "host": "150802"}
    answer = client.post(f"/accounts/{admin.id}/roles/", post)
    assert "不能给自己授予角色" in answer.content.decode()
    assert [role.kind for role in admin.person.roles.all()] == ["admin"]


@pytest.mark.parametrize("kind", ["organiser", "clerk", "leader", "auditor"])
def test_administrator_holds_no_other_role(client, admin, kind):
    client.force_login(admin)
    grants = {"admin": {"kind": "admin", "host": ""}, kind: {"kind": kind, "host": "150802"}}
    for first, second in (("admin", kind), (kind, "admin")):
        user = factories.UserFactory()
        address = f"/accounts/{user.id}/roles/"
        assert client.post(address, {"op": uuid.uuid4(), **grants[first]}).status_code == 302
        answer = client.post(address, {"op": uuid.uuid4(), **grants[second]})
        assert "不能同时是系统管理员和" in answer.content.decode()
        assert [role.kind for role in user.person.roles.all()] == [first]


def test_new_account_with_a_role_that_is_refused_is_not_opened(client, admin):
    person = factories.PersonFactory()
    factories.grant(person, RoleKind.ORGANISER)
    client.force_login(admin)
    post = new_post(known=person.id, name="", kind="admin", host="")
    assert "不能同时是系统管理员和" in client.post("/accounts/new/", post).content.decode()
    assert not person.accounts.exists()


def test_accounts_and_people_stand_by_strokes_of_the_surname(client, admin):
    client.force_login(admin)
    for name in ("张三", "丁四", "王五", "欧阳六"):
        factories.UserFactory(person__name=name)
        factories.PersonFactory(name=name + "甲")
    rows = client.get("/accounts/").context["accounts"]
    names = [user.person.name for user, _roles in rows if user != admin]
    assert names == ["丁四", "王五", "张三", "欧阳六"]
    known = client.get("/accounts/new/").context["form"].fields["known"]
    offered = [label for _value, label in known.choices]
    assert offered == ["新人员", "丁四甲", "王五甲", "张三甲", "欧阳六甲"]


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        ("short", "新密码太短，至少要有 10 个字符。"),
        ("password123", "这个密码用的人太多，容易被猜到，请换一个。"),
        ("90817263549", "新密码不能全是数字，请加上字母。"),
        ("guanliyuan-ji1", "新密码和您的账号太像，请换一个。"),
    ],
)
def test_new_password_that_is_refused_says_why_in_polite_words(client, admin, new, sentence):
    admin.username = "guanliyuan-ji"
    admin.save()
    client.force_login(admin)
    page = client.get("/account/password/")
    assert "至少 10 个字符" in page.content.decode() and "你的" not in page.content.decode()
    data = {"op": page.context["form"]["op"].value(), "old": "correct horse battery"}
    answer = client.post("/account/password/", data | {"new": new, "again": new})
    assert sentence in answer.content.decode() and "你的" not in answer.content.decode()
