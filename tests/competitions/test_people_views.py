"""Secretaries, judges and recusals in the browser's requests."""

import datetime
import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from competitions import actions
from competitions.models import Judge, PartySecretary, Person, Recusal, User
from competitions.roles import GRANTED_ROLES, RoleKind
from tests import factories

TERMS = "/work/linhe/secretaries/"
JUDGES = "/work/linhe/judges/"


@pytest.fixture
def client(client, organiser):
    client.force_login(organiser)
    return client


def hidden(response, name):
    found = re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())
    return found[1] if found else ""


def term_post(unit, **changes):
    return {
        "op": uuid.uuid4(),
        "unit": unit.id,
        "name": "张书记",
        "post": "狼山镇党委书记",
        "since": "2021-01-01",
        **changes,
    }


def test_change_of_secretary_is_one_form(client, linhe, entries):
    unit = entries[0].unit
    client.post(f"{TERMS}add/", term_post(unit))
    successor = term_post(unit, name="李书记", since="2022-08-01", ends_former="on")
    assert client.post(f"{TERMS}add/", successor).status_code == 302
    terms = PartySecretary.objects.in_order().values_list("person__name", "since", "until")
    assert list(terms) == [
        ("张书记", datetime.date(2021, 1, 1), datetime.date(2022, 7, 31)),
        ("李书记", datetime.date(2022, 8, 1), None),
    ]
    text = client.get(TERMS).content.decode()
    assert "1月1日至7月31日" in text
    assert "8月1日至12月31日" in text


def test_term_sent_twice_is_recorded_once(client, linhe, entries):
    post = term_post(entries[0].unit)
    for _ in range(2):
        assert client.post(f"{TERMS}add/", post).status_code == 302
    assert PartySecretary.objects.count() == Person.objects.filter(name="张书记").count() == 1


def test_second_secretary_without_ending_the_first_is_refused(client, linhe, entries):
    client.post(f"{TERMS}add/", term_post(entries[0].unit))
    answer = client.post(f"{TERMS}add/", term_post(entries[0].unit, name="李书记"))
    assert answer.context["form"].errors
    assert PartySecretary.objects.count() == 1
    assert not Person.objects.filter(name="李书记").exists()


def test_namesake_is_asked_about(client, linhe, entries):
    client.post(f"{TERMS}add/", term_post(entries[0].unit))
    post = term_post(entries[1].unit)
    answer = client.post(f"{TERMS}add/", post)
    assert "确是另一个人的" in answer.context["form"].errors["name"][0]
    assert client.post(f"{TERMS}add/", {**post, "namesake": "on"}).status_code == 302
    assert Person.objects.filter(name="张书记").count() == 2


def test_term_is_corrected(client, linhe, entries):
    client.post(f"{TERMS}add/", term_post(entries[0].unit))
    term = PartySecretary.objects.get()
    post = {"op": uuid.uuid4(), "since": "2020-05-01", "until": "2020-01-01"}
    answer = client.post(f"{TERMS}{term.id}/", post)
    assert answer.context["form"].errors["until"] == ["免职日期不能早于任职日期。"]
    client.post(f"{TERMS}{term.id}/", {**post, "until": "2022-06-30", "acting": "on"})
    term.refresh_from_db()
    assert (term.until, term.acting) == (datetime.date(2022, 6, 30), True)


def test_term_of_another_competition_does_not_exist(client, linhe):
    term = factories.PartySecretaryFactory(unit__host_code="371323")
    assert client.get(f"{TERMS}{term.id}/").status_code == 404


def test_terms_are_imported_after_a_preview(client, linhe):
    text = "单位\t姓名\t任职日期\t免职日期\n狼山\t张书记\t2021.1.5\t\n新华镇\t李书记\t2021年3月\t\n"
    wrong = client.post(f"{TERMS}import/", {"text": text.replace("新华镇", "不在册镇")})
    assert any("不在册镇" in problem["text"] for problem in wrong.context["problems"])
    preview = client.post(f"{TERMS}import/", {"text": text.replace("2021年3月", "2021-03-01")})
    assert preview.context["problems"] == []
    assert not PartySecretary.objects.exists()
    post = {name: hidden(preview, name) for name in ("op", "revision", "rows")}
    for _ in range(2):
        assert client.post(f"{TERMS}import/", post).status_code == 302
    names = PartySecretary.objects.in_order().values_list("unit__name", "person__name")
    assert list(names) == [("狼山镇", "张书记"), ("新华镇", "李书记")]
    assert linhe.entries.filter(subject="secretary").count() == 2


def test_terms_template_uploaded_again_changes_nothing(client, ready):
    content = client.get(f"{TERMS}template.xlsx").content
    file = SimpleUploadedFile("terms.xlsx", content)
    answer = client.post(f"{TERMS}import/", {"file": file, "text": ""})
    assert answer.context["problems"] == []
    assert answer.context["plan"].added == []


def judge_post(**changes):
    return {
        "op": uuid.uuid4(),
        "name": "赵评委",
        "group_key": "review",
        "number": 21,
        "seniority": 3,
        "seated": "on",
        **changes,
    }


def test_judge_is_appointed_and_sits_where_his_group_marks(client, linhe):
    assert client.post(f"{JUDGES}add/", judge_post()).status_code == 302
    judge = Judge.objects.get()
    seats = judge.seats.order_by("round_key").values_list("round_key", flat=True)
    assert (judge.number, list(seats)) == (21, ["review1", "review2"])


def test_judge_s_account_shows_its_password_on_the_card_only(client, linhe):
    post = judge_post(account="on", username="zhao")
    cards = [client.post(f"{JUDGES}add/", post) for _ in range(2)]
    passwords = [card.context["password"] for card in cards]
    assert passwords[0] == passwords[1]
    user = User.objects.get(username="zhao")
    assert user.check_password(passwords[0])
    assert user.must_change_password
    assert user.person.name == "赵评委"
    assert passwords[0] in cards[0].content.decode()
    assert passwords[0] not in client.get(JUDGES).content.decode()


def test_judge_with_a_taken_account_name_is_appointed_without_one(client, linhe, nobody):
    post = judge_post(account="on", username=nobody.username)
    answer = client.post(f"{JUDGES}add/", post, follow=True)
    assert answer.redirect_chain[0][0] == f"{JUDGES}j01/account/"
    assert "账号没有开通" in answer.content.decode()
    answer = client.post(f"{JUDGES}j01/account/", {"op": uuid.uuid4(), "username": "zhao"})
    assert answer.context["account"].person == Judge.objects.get().person


def test_judge_of_a_group_that_does_not_mark_the_round_gets_no_seat(client, ready, organiser, now):
    judge = ready.judges.filter(group_key="arena").first()
    post = {"op": uuid.uuid4(), "revision": hidden(client.get(JUDGES), "revision")}
    client.post(JUDGES, {**post, f"s:review1:{judge.key}": "on"})
    assert not judge.seats.filter(round_key="review1").exists()


def test_seats_are_saved_as_ticked(client, ready):
    page = client.get(JUDGES)
    first = ready.judges.in_seniority_order().first()
    post = {"op": hidden(page, "op"), "revision": hidden(page, "revision")}
    client.post(JUDGES, {**post, f"s:review1:{first.key}": "on"})
    seats = [
        (judge.key, seat.round_key) for judge in Judge.objects.all() for seat in judge.seats.all()
    ]
    assert seats == [(first.key, "review1")]


def test_seats_from_an_old_page_are_shown_beside_the_saved_ones(client, ready, colleague, now):
    page = client.get(JUDGES)
    first = ready.judges.in_seniority_order().first()
    actions.seat_judges(competition=ready, seats={"review1": []}, by=colleague.person, now=now)
    post = {"op": hidden(page, "op"), "revision": hidden(page, "revision")}
    answer = client.post(JUDGES, {**post, f"s:review1:{first.key}": "on"})
    assert "评委名单已被别人改过" in answer.content.decode()
    assert not first.seats.filter(round_key="review1").exists()
    again = {"op": hidden(answer, "op"), "revision": hidden(answer, "revision")}
    client.post(JUDGES, {**again, f"s:review1:{first.key}": "on"})
    assert first.seats.filter(round_key="review1").exists()


def test_judge_is_changed_and_removed(client, ready):
    page = client.get(f"{JUDGES}j01/")
    post = {
        "op": hidden(page, "op"),
        "revision": hidden(page, "revision"),
        "number": 31,
        "group_key": "arena",
        "seniority": 9,
    }
    assert client.post(f"{JUDGES}j01/", post).status_code == 302
    judge = ready.judges.get(key="j01")
    assert (judge.number, judge.group_key, judge.seats.count()) == (31, "arena", 0)
    assert client.post(f"{JUDGES}j01/remove/", {"op": uuid.uuid4()}).status_code == 302
    assert not ready.judges.filter(key="j01").exists()


def test_recusals_are_shown_recorded_and_lifted(client, ready, entries):
    judge = ready.judges.get(key="j01")
    post = {"op": uuid.uuid4(), "judge": judge.id, "entry": entries[0].id, "reason": "配偶任职"}
    assert client.post("/work/linhe/recusals/add/", post).status_code == 302
    # The unit's secretary is an entry of his own, and is recused from as well.
    assert Recusal.objects.count() == 2
    assert "配偶任职" in client.get("/work/linhe/recusals/").content.decode()
    recusal = Recusal.objects.get(entry=entries[0])
    client.post(f"/work/linhe/recusals/{recusal.id}/lift/", {"op": uuid.uuid4()})
    assert not Recusal.objects.exists()


def test_tie_is_recorded_and_taken_back_with_its_recusals(client, ready, entries):
    judge = ready.judges.get(key="j01")
    post = {
        "op": uuid.uuid4(),
        "judge": judge.id,
        "entry": entries[0].id,
        "kind": "in_charge",
        "note": "",
    }
    assert client.post("/work/linhe/recusals/ties/", post).status_code == 302
    recusal = Recusal.objects.get(entry=entries[0])
    assert recusal.reason == "分管或联系该单位"
    client.post(f"/work/linhe/recusals/{recusal.id}/lift/", {"op": uuid.uuid4()})
    assert Recusal.objects.count() == 2
    tie = judge.person.involvements.get()
    client.post(f"/work/linhe/recusals/ties/{tie.id}/remove/", {"op": uuid.uuid4()})
    assert not Recusal.objects.exists()


def test_recusals_are_worked_out_again_on_demand(client, ready, entries):
    judge = ready.judges.get(key="j01")
    factories.PartySecretaryFactory(
        person=judge.person,
        unit=entries[1].unit,
        since=datetime.date(2015, 1, 1),
        until=datetime.date(2016, 1, 1),
    )
    client.post("/work/linhe/recusals/", {"op": uuid.uuid4()})
    assert Recusal.objects.get(entry=entries[1]).reason == "是或曾是该单位书记"


def test_second_account_for_a_judge_who_has_one_is_refused(client, ready):
    judge = ready.judges.get(key="j01")
    url = f"{JUDGES}j01/account/"
    card = client.post(url, {"op": uuid.uuid4(), "username": "first"})
    assert card.context["account"].person == judge.person
    answer = client.post(url, {"op": uuid.uuid4(), "username": "second"})
    assert "一个人只能有一个账号" in answer.content.decode()
    assert list(judge.person.accounts.values_list("username", flat=True)) == ["first"]


@pytest.mark.parametrize("kind", GRANTED_ROLES)
def test_account_of_a_judge_with_a_granted_role_is_left_to_the_administrator(client, ready, kind):
    judge = ready.judges.get(key="j01")
    factories.grant(judge.person, kind, "" if kind is RoleKind.ADMIN else factories.HOST)
    answer = client.post(f"{JUDGES}j01/account/", {"op": uuid.uuid4(), "username": "taken"})
    assert "账号只能由系统管理员开通" in answer.content.decode()
    assert not judge.person.accounts.exists()


def test_account_sent_again_with_another_name_is_refused_with_a_sentence(client, ready):
    post = {"op": uuid.uuid4(), "username": "first"}
    url = f"{JUDGES}j01/account/"
    card, again = client.post(url, post), client.post(url, post)
    assert card.context["password"] == again.context["password"]
    other = client.post(url, {**post, "username": "other"})
    assert "一个人只能有一个账号" in other.content.decode()
    assert "这一页已经提交过" in client.post(f"{JUDGES}j02/account/", post).content.decode()
    assert User.objects.filter(username__in=["first", "other"]).count() == 1
