"""The front door, signing in and out, the own roles and the own password."""

import uuid

import pytest

from competitions.frontdoor import Published, _providers, register_published
from competitions.models import Person
from competitions.roles import RoleKind
from record.models import Revision
from tests import factories

PASSWORD = "correct horse battery"


def sign_in(client, user, password=PASSWORD, **post):
    return client.post("/signin/", {"username": user.username, "password": password, **post})


def last_fact():
    return Revision.objects.of_chain("audit").last()


def test_visitor_sees_what_is_published(client, db):
    def provider():
        return [Published("临河区2022年擂台比武", "临河区", 2022, "/c/linhe/", "名次已公布")]

    register_published(provider)
    try:
        text = client.get("/").content.decode()
    finally:
        _providers.remove(provider)
    assert 'href="/c/linhe/"' in text
    assert client.post("/").status_code == 405


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("organiser", "/work/"),
        ("clerk", "/work/"),
        ("auditor", "/work/"),
        ("admin", "/accounts/"),
        ("judge", "/judge/"),
        ("secretary", "/mine/"),
        ("nobody", "/role/"),
    ],
)
def test_signing_in_leads_to_the_role_s_start(client, request, name, start):
    user = request.getfixturevalue(name)
    assert sign_in(client, user).url == start
    assert client.get("/").url == start
    assert (last_fact().kind, last_fact().by) == ("signin.ok", str(user.person_id))


def test_signing_in_goes_on_to_where_one_was_heading_but_not_outside(client, organiser):
    assert sign_in(client, organiser, next="/work/new/").url == "/work/new/"
    assert sign_in(client, organiser, next="https://evil.example/").url == "/work/"


def test_account_typed_in_full_width_and_with_spaces_is_the_same(client, organiser):
    organiser.username = "zuzhi1"
    organiser.save()
    answer = client.post("/signin/", {"username": " ｚｕｚｈｉ１ ", "password": PASSWORD})
    assert answer.url == "/work/"


def test_sign_in_says_that_the_page_asked_for_comes_next(client, db):
    assert "登录后会打开您要的那一页" in client.get("/signin/?next=/work/").content.decode()
    assert "登录后会打开" not in client.get("/signin/").content.decode()


def test_wrong_password_is_counted_and_then_paused(client, organiser):
    for _ in range(5):
        assert "账号或密码不对" in sign_in(client, organiser, "wrong").content.decode()
    answer = sign_in(client, organiser)
    assert "输错的次数太多" in answer.content.decode()
    assert "_auth_user_id" not in client.session
    kinds = Revision.objects.of_chain("audit").values_list("kind", flat=True)
    assert list(kinds) == ["signin.failed"] * 5


def test_pause_is_for_one_address_as_the_front_server_names_it(client, organiser):
    for _ in range(5):
        client.post(
            "/signin/",
            {"username": organiser.username, "password": "wrong"},
            headers={"x-forwarded-for": "10.0.0.9"},
        )
    assert last_fact().facts["address"] == "10.0.0.9"
    assert sign_in(client, organiser).status_code == 302


def test_address_named_by_a_stranger_is_not_believed(client, organiser):
    client.post(
        "/signin/",
        {"username": organiser.username, "password": "wrong"},
        headers={"x-forwarded-for": "10.0.0.9"},
        REMOTE_ADDR="192.0.2.7",
    )
    assert last_fact().facts["address"] == "192.0.2.7"


def test_stopped_account_cannot_sign_in(client, organiser):
    organiser.is_active = False
    organiser.save()
    assert sign_in(client, organiser).status_code == 200


def test_signing_out_forgets_the_person(client, organiser):
    client.force_login(organiser)
    assert client.post("/signout/").url == "/"
    assert client.get("/work/").url.startswith("/signin/")
    assert client.get("/signout/").status_code == 405


@pytest.fixture
def double(organiser):
    """An organiser who is an auditor too."""
    factories.grant(organiser.person, RoleKind.AUDITOR)
    return organiser


def test_roles_are_listed_and_switched_and_recorded(client, double):
    client.force_login(double)
    text = client.get("/role/").content.decode()
    assert "组织部工作人员" in text
    assert "监督员" in text
    assert client.post("/role/", {"role": "auditor:150802"}).url == "/work/"
    assert client.get("/work/new/").status_code == 403
    assert last_fact().facts == {"role": "auditor:150802"}


def test_role_that_is_not_held_is_not_taken(client, double):
    client.force_login(double)
    client.post("/role/", {"role": "admin:"})
    assert client.get("/accounts/").status_code == 403
    assert not Revision.objects.exists()


def test_roles_ask_strangers_to_sign_in(client, db):
    assert client.get("/role/").url.startswith("/signin/")
    assert client.get("/account/password/").url.startswith("/signin/")


def password_post(**changes):
    return {
        "op": uuid.uuid4(),
        "old": PASSWORD,
        "new": "bayannur-2022-spring",
        "again": "bayannur-2022-spring",
        **changes,
    }


def test_own_password_is_changed_and_the_session_stays(client, nobody):
    client.force_login(nobody)
    assert client.post("/account/password/", password_post()).status_code == 302
    nobody.refresh_from_db()
    assert nobody.check_password("bayannur-2022-spring")
    assert client.get("/role/").status_code == 200


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"old": "wrong"}, "old"),
        ({"again": "another"}, "again"),
        ({"new": PASSWORD, "again": PASSWORD}, "new"),
        ({"new": "12345678901", "again": "12345678901"}, "__all__"),
    ],
)
def test_own_password_is_refused_with_the_reason(client, nobody, changes, field):
    client.force_login(nobody)
    answer = client.post("/account/password/", password_post(**changes))
    assert list(answer.context["form"].errors) == [field]
    nobody.refresh_from_db()
    assert nobody.check_password(PASSWORD)


def test_initial_password_must_be_changed_before_anything_else(client, organiser):
    organiser.must_change_password = True
    organiser.save()
    client.force_login(organiser)
    for address in ("/", "/work/", "/role/"):
        assert client.get(address).url == "/account/password/"
    assert client.post("/work/new/").url == "/account/password/"
    client.post("/account/password/", password_post())
    assert client.get("/work/").status_code == 200
    assert Person.objects.get().name == "组织员甲"


def test_sign_in_lasts_until_the_browser_closes_and_ten_hours_at_most(client, organiser):
    cookie = sign_in(client, organiser).cookies["sessionid"]
    assert (cookie["max-age"], cookie["expires"]) == ("", "")
    assert client.session.get_expiry_age() == 10 * 60 * 60
