"""Judges who sign in by a card: the card alone opens nothing, and one device is bound."""

import datetime
import json
import re

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from arena.actions.cards import digest_of, tidy_secret
from arena.actions.devices import (
    MOST_WAITING,
    CardVoid,
    approve_device,
    end_device,
    enter_device,
    refuse_device,
)
from arena.actions.presence import note_presence
from arena.models import Card, Device
from competitions.actions import find_pause
from competitions.models import FailedSignins, Judge
from competitions.roles import RoleKind
from record.actions import AUDIT
from record.models import Revision
from tests import factories
from tests.arena.markup import find_all, read_markup, sent_by, text_of
from tests.arena.signin_case import approve, ask, come_in, make, scan

pytestmark = pytest.mark.django_db


@pytest.fixture
def secret(live):
    """The secret of the first judge's card."""
    return make(live, 1)[0][1]


# --- cards ---------------------------------------------------------------------------------------


def test_secrets_are_long_random_and_kept_as_digests_only(live):
    made = make(live, 1, 2, 3)
    secrets = [secret for _judge, secret in made]
    assert len(set(secrets)) == 3 and all(len(secret) == 26 for secret in secrets)
    assert {card.digest for card in Card.objects.all()} == {digest_of(item) for item in secrets}
    said = Revision.objects.get(kind="card.made")
    assert said.chain == AUDIT and said.facts["cards"] == ["j01", "j02", "j03"]
    assert not any(secret in json.dumps(said.body) for secret in secrets)


def test_new_card_voids_the_old_one_and_what_was_asked_by_it(live, secret):
    device = ask(secret)
    again = make(live, 1)[0][1]
    with pytest.raises(CardVoid, match="已经作废"):
        ask(secret)
    with pytest.raises(ValidationError, match="已经处理过或已过期"):
        approve(device, live)
    assert ask(again).state == "waiting"


def test_judge_without_an_account_gets_one_that_no_password_opens(live):
    judge = live.hall.judges[0]
    judge.person.accounts.all().delete()
    make(live, 1)
    account = judge.person.accounts.get()
    assert not account.has_usable_password() and not account.must_change_password


def test_cards_of_others_or_of_nobody_are_refused(live):
    for numbers in ((), (1, 9)):
        with pytest.raises(ValidationError, match="请勾选"):
            make(live, *numbers)
    assert not Card.objects.exists()


def test_page_of_cards_is_printed_once(client, live, work, clerk):
    client.force_login(clerk)
    page = client.get(f"{work}signin/").content.decode()
    form = next(
        form for form in find_all(read_markup(page), "form") if "signin/cards/" in str(form)
    )
    data = {**sent_by(form, ""), "judges": ["j01", "j03"]}
    printed = client.post(f"{work}signin/cards/", data).content.decode()
    assert printed.count('class="qr"') == 2 and "style=" not in printed
    addresses = re.findall(r"http://testserver/card/([a-z2-9-]{30})/", printed)
    assert [digest_of(tidy_secret(item)) for item in addresses] == [
        Card.objects.get(judge__key=key).digest for key in ("j01", "j03")
    ]
    again = client.post(f"{work}signin/cards/", data, follow=True).content.decode()
    assert "同一页不能再打印第二次" in again and "/card/" not in again
    assert Revision.objects.filter(kind="card.made").count() == 1


def test_judges_stand_in_the_order_asked_for_and_stay_so(client, live, work, clerk):
    for number, judge in enumerate(live.hall.judges):
        Judge.objects.filter(id=judge.id).update(hand_order=9 - number)
    client.force_login(clerk)

    def numbers(**query):
        shown = client.get(f"{work}signin/", query)
        return [line.judge.number for line in shown.context["lines"]]

    assert numbers() == [1, 2, 3]
    assert numbers(judges="custom") == numbers(judges="custom", part=1) == [3, 2, 1]
    # The part is fetched again and again: by the address of its own order.
    page = client.get(f"{work}signin/?judges=custom").content.decode()
    assert "?part=1&amp;judges=custom" in page


def test_loopback_address_is_said_to_be_useless_on_phones(client, live, work, clerk):
    client.force_login(clerk)
    said = "卡上的地址手机打不开"
    assert said in client.get(f"{work}signin/", headers={"host": "127.0.0.1"}).content.decode()
    assert said not in client.get(f"{work}signin/").content.decode()


# --- the phone -----------------------------------------------------------------------------------


def test_opening_the_address_alone_changes_nothing(client, secret):
    page = client.get(f"/card/{secret}/").content.decode()
    assert "1 号评委" in page and not Device.objects.exists()


def test_card_alone_does_not_sign_in(client, live, secret):
    code = scan(client, secret)
    assert client.post("/card/").status_code == 200
    assert client.get("/card/state/").json() == {"state": "waiting"}
    assert client.get("/judge/").status_code == 302
    # Whoever knows the code on another machine has nothing of it.
    approve(Device.objects.get(code=code), live)
    stranger = Client()
    assert "请扫评委卡" in stranger.post("/card/").content.decode()
    assert stranger.get("/judge/").status_code == 302


def test_approved_phone_is_the_judge_and_nothing_else(client, live, secret):
    judge = live.hall.judges[0]
    factories.grant(judge.person, RoleKind.ORGANISER, live.hall.competition.host_code)
    judge.user.must_change_password = True
    judge.user.save()
    assert come_in(client, live, secret)["Location"] == "/judge/"
    assert "1 号评委" in client.get("/judge/").content.decode()
    assert client.get("/work/").status_code == 403
    client.post("/role/", {"role": f"organiser:{live.hall.competition.host_code}"})
    assert client.get("/work/").status_code == 403
    kinds = list(
        Revision.objects.filter(chain=AUDIT).order_by("seq").values_list("kind", flat=True)
    )
    assert kinds[-2:] == ["device.approved", "signin.ok"]
    said = Revision.objects.get(kind="device.approved")
    assert (said.by, said.facts["judge"]) == (str(live.operator.id), "j01")


def test_password_lifts_what_a_card_limits(client, live, secret):
    judge = live.hall.judges[0]
    factories.grant(judge.person, RoleKind.ORGANISER, live.hall.competition.host_code)
    come_in(client, live, secret)
    judge.user.set_password("eine-lange-parole")
    judge.user.save()
    client.post("/signin/", {"username": judge.user.username, "password": "eine-lange-parole"})
    assert client.get("/work/").status_code == 200


def test_phone_enters_once_and_soon(client, live, secret):
    device, now = ask(secret), timezone.now()
    approve(device, live, now)
    with pytest.raises(ValidationError, match="太久没有进入"):
        enter_device(device=device, now=now + datetime.timedelta(minutes=10))
    enter_device(device=device, now=now)
    with pytest.raises(ValidationError, match="没有获准"):
        enter_device(device=device, now=now)


def test_second_phone_replaces_the_first_which_is_told_and_keeps_the_marks(client, live, secret):
    live.move("begin", "open_marking")
    come_in(client, live, secret)
    live.hand_in(0)
    other = Client()
    assert come_in(other, live, secret).status_code == 302
    assert Device.objects.filter(state="bound").count() == 1
    assert "已提交" in other.get("/judge/linhe-2022/arena/").content.decode()
    refused = client.post("/judge/beat/", json.dumps({"unsent": 1}), "application/json")
    assert refused.status_code == 302 and refused["Location"].startswith("/signin/")
    page = client.get("/signin/?next=/judge/").content.decode()
    assert "1 号评委" in page and "已改用另一台设备" in page and "还留在这台设备上" in page


def test_device_signed_out_by_staff_is_told_so(client, live, secret):
    come_in(client, live, secret)
    end_device(device=Device.objects.get(), by=live.operator, now=timezone.now())
    assert client.get("/judge/").status_code == 302
    assert "已由工作人员退出登录" in client.get("/signin/").content.decode()
    assert Revision.objects.filter(kind="device.ended").count() == 1


def test_refused_phone_is_told_and_stays_outside(client, live, secret):
    code = scan(client, secret)
    refuse_device(device=Device.objects.get(code=code), by=live.operator, now=timezone.now())
    assert client.get("/card/state/").json() == {"state": "refused"}
    assert "没有批准这台设备" in client.post("/card/").content.decode()


def test_code_expires_and_may_be_asked_anew(live, secret):
    now = timezone.now()
    device = ask(secret, now)
    later = now + datetime.timedelta(minutes=5)
    with pytest.raises(ValidationError, match="已过期"):
        approve(device, live, later)
    assert ask(secret, later).state == "waiting"
    assert Device.objects.get(id=device.id).state == "ended"


def test_waiting_devices_of_one_card_are_limited_and_guesses_counted(client, live, secret):
    codes = {ask(secret).code for _ in range(MOST_WAITING)}
    assert len(codes) == MOST_WAITING
    with pytest.raises(ValidationError, match="设备太多"):
        ask(secret)
    wrong = "a" * 26
    for _ in range(5):
        assert client.post(f"/card/{wrong}/").status_code == 404
    assert FailedSignins.objects.count() == 2
    assert "试的次数太多" in client.post(f"/card/{wrong}/").content.decode()
    assert client.post("/card/no-such-card/").status_code == 404


def test_void_cards_by_the_hundred_keep_nobody_of_the_hall_out(client, live, secret):
    assert client.post(f"/card/{'a' * 26}/").status_code == 404
    recorded = Revision.objects.of_kind("signin.failed").count()
    FailedSignins.objects.update(count=600)
    with CaptureQueriesContext(connection) as asked:
        for letter in "bcd":
            assert client.post(f"/card/{letter * 26}/").status_code == 404
    assert all(query["sql"].startswith("SELECT") for query in asked)
    # The flood is not written into the record, which is for ever.
    assert (recorded, Revision.objects.of_kind("signin.failed").count()) == (1, 1)
    now = timezone.now()
    assert find_pause(username="zuzhi1", address="127.0.0.1", now=now) is None
    assert client.post(f"/card/{secret}/")["Location"] == "/card/"


# --- the staff -----------------------------------------------------------------------------------


def test_operator_approves_on_the_console_by_the_code(client, live, work, secret, clerk):
    device = ask(secret)
    client.force_login(clerk)
    here = f"{work}arena/arena/"
    page = client.get(here).content.decode()
    part = client.get(f"{work}signin/?part=1&round=arena").content.decode()
    for text in (page, part):
        assert "评委 1 号" in text and f"核对码是 {device.code}，批准" in text
    form = next(f for f in find_all(read_markup(part), "form") if "signin/decide/" in str(f))
    data = {**sent_by(form, ""), "decision": "approve"}
    answer = client.post(f"{work}signin/decide/", data)
    assert answer["Location"] == here
    device.refresh_from_db()
    assert (device.state, device.decided_by) == ("bound", clerk.person)


def test_of_two_operators_the_second_is_told(live, secret, clerk):
    device, now = ask(secret), timezone.now()
    refuse_device(device=device, by=live.operator, now=now)
    refuse_device(device=device, by=live.operator, now=now)
    with pytest.raises(ValidationError, match="已经处理过"):
        approve_device(device=device, by=clerk.person, now=now)


def test_judge_who_is_staff_does_not_approve_himself(live, secret):
    with pytest.raises(ValidationError, match="不能批准自己"):
        approve_device(device=ask(secret), by=live.hall.judges[0].person, now=timezone.now())


def test_another_countys_device_is_not_there(client, live, secret, outsider, work):
    device = ask(secret)
    client.force_login(outsider)
    data = {"device": device.id, "decision": "approve"}
    assert client.post(f"{work}signin/decide/", data).status_code == 404


def test_auditor_sees_who_asks_and_has_no_buttons(client, live, work, secret, auditor):
    ask(secret)
    client.force_login(auditor)
    page = client.get(f"{work}signin/").content.decode()
    assert "评委 1 号" in page and "decide" not in page and "signin/cards/" not in page


def test_part_with_the_judges_costs_the_same_whatever_their_number(
    client, live, work, clerk, secret, django_assert_num_queries
):
    client.force_login(clerk)
    address = f"{work}signin/?part=1"
    ask(secret)
    client.get(address)
    with CaptureQueriesContext(connection) as before:
        client.get(address)
    for _judge, other in make(live, 2, 3):
        ask(other)
    with django_assert_num_queries(len(before)):
        client.get(address)


def test_who_makes_a_card_and_approves_its_phone_alone_is_told_to_the_supervisor(
    client, live, work, secret, auditor, clerk
):
    tally = f"{work}arena/arena/tally/"
    come_in(Client(), live, secret)
    other = ask(make(live, 2)[0][1])
    approve_device(device=other, by=clerk.person, now=timezone.now())
    enter_device(device=other, now=timezone.now())
    note_presence(live.hall.judges[2].id, unsent=0, now=timezone.now())
    client.force_login(auditor)
    rows = [text_of(row) for row in find_all(read_markup(client.get(tally).content.decode()), "tr")]
    said = [next(row for row in rows if f"{number} 号 评委" in row) for number in (1, 2, 3)]
    assert "同一人制卡并批准" in said[0] and said[0].count(live.operator.name) == 2
    assert "同一人" not in said[1] and clerk.person.name in said[1]
    assert "没有用卡" in said[2]
    printed = client.get(f"{tally}print/").content.decode()
    assert "1 号评委评委1的卡和设备由同一人制作、批准" in printed
    assert "2 号评委评委2的卡和设备" not in printed
    # Whoever made the card is told before he approves, nobody else is.
    live.operator = clerk.person
    ask(make(live, 3)[0][1])
    warned = "这张卡是您制作的"
    assert warned not in client.get(f"{work}signin/?part=1").content.decode()
    client.force_login(clerk)
    assert warned in client.get(f"{work}signin/?part=1").content.decode()
