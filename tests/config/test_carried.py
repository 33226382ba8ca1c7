"""What somebody typed is not lost when her session ended, the year was archived or her role was
switched in another window: it comes with her, and is hers alone."""

import datetime
import re

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from competitions import carried
from competitions.models import Competition
from competitions.roles import RoleKind
from publication.models import Closing
from record.models import Revision
from scoring.models import LedgerEvent, Measurement
from tests import factories
from tests.people import OTHER_HOST
from tests.scoring.evidence_case import add_units, publish

PASSWORD = "correct horse battery"
CELL = "v:e01:income:value"


@pytest.fixture
def browser(db):
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def case(competition, organiser):
    publish(competition, organiser.person)
    add_units(competition, "城关镇", "双河镇")
    return competition


@pytest.fixture
def grid(case):
    return reverse("work_measurements_criterion", args=["linhe-2022", "routine", "income"])


def hidden(answer, name="csrfmiddlewaretoken"):
    """The hidden field of that name in the page's own matter, not in its menu."""
    page = answer.content.decode().partition("<main")[2]
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return found and found[1]


def sign_in(browser, user, page=None, **fields):
    page = page or browser.get("/signin/")
    data = {"username": user.username, "password": PASSWORD, **fields}
    kept = hidden(page, carried.FIELD)
    if kept:
        data |= {carried.FIELD: kept, "next": hidden(page, "next")}
    return browser.post("/signin/", {"csrfmiddlewaretoken": hidden(page), **data})


def typed(page, **cells):
    """The form of a page as a browser would send it, with some cells typed over."""
    text = page.content.decode().partition("<main")[2]
    names = re.findall(r'<input[^>]*?name="([^"]+)"(?:[^>]*?value="([^"]*)")?', text)
    return {**dict(names), **cells}


def fill_in_and_lose_the_session(browser, user, address, then=None, **cells):
    """The answer to a form that was sent after the session had ended, and `then` signed in."""
    sign_in(browser, user)
    data = typed(browser.get(address), **cells)
    Session.objects.all().delete()
    if then is not None:
        sign_in(browser, then)
    return browser.post(address, data)


def back_to_the_page(browser, offer, address):
    data = {name: hidden(offer, name) for name in ("csrfmiddlewaretoken", carried.FIELD)}
    return browser.post(address, data)


def test_grid_typed_while_the_session_ended_comes_back_and_is_saved_by_her_own_hand(
    browser, organiser, grid
):
    asked = fill_in_and_lose_the_session(browser, organiser, grid, **{CELL: "18.25"})
    assert asked.status_code == 401 and asked["Cache-Control"] == "no-store"
    assert "您填写的内容还在" in asked.content.decode()
    wrong = sign_in(browser, organiser, asked, password="wrong")
    assert "账号或密码不对" in wrong.content.decode()
    offer = sign_in(browser, organiser, wrong)
    assert "还没有保存" in offer.content.decode()
    page = back_to_the_page(browser, offer, grid)
    assert page.status_code == 200 and "内容已放回，还没有保存" in page.content.decode()
    assert not Measurement.objects.exists()
    data = typed(page)
    assert data[CELL] == "18.25"
    assert carried.FIELD not in data
    assert browser.post(grid, data).status_code == 302
    assert Measurement.objects.get().values == {"value": "18.25"}


def test_grid_typed_before_a_sign_in_in_another_window_comes_back(browser, organiser, grid):
    asked = fill_in_and_lose_the_session(
        browser, organiser, grid, then=organiser, **{CELL: "18.25"}
    )
    assert asked.status_code == 403 and "您填写的内容还在" in asked.content.decode()
    assert typed(back_to_the_page(browser, asked, grid))[CELL] == "18.25"
    assert not Measurement.objects.exists()


def test_another_person_gets_nothing_of_it(browser, organiser, colleague, grid):
    asked = fill_in_and_lose_the_session(browser, organiser, grid, **{CELL: "18.25"})
    answer = sign_in(browser, colleague, asked)
    assert answer.status_code == 302 and answer.url == "/work/"
    page = browser.get(answer.url)
    assert "另一位同志" in page.content.decode()
    # Nor by sending what the page held.
    kept = {"csrfmiddlewaretoken": hidden(page), carried.FIELD: hidden(asked, carried.FIELD)}
    kept["csrfmiddlewaretoken"] = browser.cookies["csrftoken"].value
    assert browser.post(grid, kept).url == grid
    assert typed(browser.get(grid))[CELL] == ""
    assert not Measurement.objects.exists()


def test_page_of_one_person_sent_after_another_signed_in_is_not_carried(
    browser, organiser, colleague, grid
):
    answer = fill_in_and_lose_the_session(
        browser, organiser, grid, then=colleague, **{CELL: "18.25"}
    )
    text = answer.content.decode()
    assert answer.status_code == 403 and "18.25" not in text and carried.FIELD + '"' not in text
    assert "别的账号" in text


def test_changed_token_and_old_token_are_refused(browser, organiser, grid, monkeypatch):
    asked = fill_in_and_lose_the_session(browser, organiser, grid, **{CELL: "18.25"})
    token = hidden(asked, carried.FIELD)
    assert carried.read(token).fields[CELL] == ["18.25"]
    assert carried.read(token[:-1] + ("A" if token[-1] != "A" else "B")) is None
    monkeypatch.setattr("django.core.signing.time.time", lambda: 4_000_000_000)
    assert carried.read(token) is None


def test_form_without_a_known_owner_is_only_led_to_the_sign_in(browser, client, organiser, grid):
    answer = client.post(grid, {CELL: "18.25"})
    assert answer.url == f"/signin/?next={grid}"
    sign_in(browser, organiser)
    data = typed(browser.get(grid), **{CELL: "18.25"})
    browser.cookies.pop("sessionid")
    browser.cookies.pop(carried.COOKIE)
    assert browser.post(grid, data).url == f"/signin/?next={grid}"


def test_too_long_a_form_is_said_not_to_come_along(browser, organiser, grid):
    asked = fill_in_and_lose_the_session(
        browser, organiser, grid, **{CELL: "1" * (carried.LARGEST + 1)}
    )
    assert "没能带过来" in asked.content.decode() and len(asked.content) < 20_000
    page = back_to_the_page(browser, sign_in(browser, organiser, asked), grid)
    assert "没能带过来" in page.content.decode() and typed(page)[CELL] == ""


def test_ledger_event_comes_back_but_its_file_is_to_be_chosen_again(browser, organiser, case):
    address = reverse("work_ledger_new", args=["linhe-2022"])
    scan = SimpleUploadedFile("通报.pdf", b"%PDF-1.4", content_type="application/pdf")
    asked = fill_in_and_lose_the_session(
        browser, organiser, address, reason="获省级表彰", evidence=scan
    )
    assert "「通报.pdf」" in asked.content.decode()
    page = back_to_the_page(browser, sign_in(browser, organiser, asked), address)
    assert "获省级表彰" in page.content.decode() and "「通报.pdf」" in page.content.decode()
    assert not LedgerEvent.objects.exists()


def test_form_of_a_second_role_comes_back_in_that_role(browser, organiser):
    factories.grant(organiser.person, RoleKind.ADMIN, "")
    address = reverse("account_new")
    sign_in(browser, organiser)
    page = browser.get("/role/")
    token = hidden(page)
    browser.post("/role/", {"csrfmiddlewaretoken": token, "role": "admin:"})
    data = typed(browser.get(address), name="王五")
    Session.objects.all().delete()
    offer = sign_in(browser, organiser, browser.post(address, data))
    assert typed(back_to_the_page(browser, offer, address))["name"] == "王五"
    assert Revision.objects.of_chain("audit").last().facts["role"] == "admin:"


def test_address_that_only_takes_forms_is_not_opened_after_signing_in(browser, organiser, case):
    sign_in(browser, organiser)
    page = browser.get("/role/")
    data = {"csrfmiddlewaretoken": hidden(page), "large": "yes", "next": "/work/"}
    Session.objects.all().delete()
    assert browser.post("/judge/large-type/", data).url == "/signin/?next="
    came = {"referer": "http://testserver/judge/"}
    asked = browser.post("/judge/large-type/", data, headers=came)
    assert hidden(asked, "next") == "/judge/"


def test_password_is_never_carried(browser, organiser):
    address = reverse("own_password")
    asked = fill_in_and_lose_the_session(browser, organiser, address, current=PASSWORD)
    assert asked.url == f"/signin/?next={address}"
    assert carried.FIELD.encode() not in asked.content


def test_nothing_is_recorded_before_she_saves(browser, organiser, grid):
    asked = fill_in_and_lose_the_session(browser, organiser, grid, **{CELL: "18.25"})
    before = Revision.objects.exclude(chain="audit").count()
    back_to_the_page(browser, sign_in(browser, organiser, asked), grid)
    assert Revision.objects.exclude(chain="audit").count() == before


# ------------------------------------------------------------------ refused for another reason


def archive(competition, organiser, colleague):
    """As two persons leave it on 30 December: in the archive."""
    day = datetime.datetime(2022, 12, 30, 10, tzinfo=timezone.get_current_timezone())
    Closing.objects.create(
        competition=competition,
        kind=Closing.Kind.CLOSE,
        state=Closing.State.VERIFIED,
        entered_by=organiser.person,
        entered_at=day,
        verified_by=colleague.person,
        verified_at=day,
        revision="0" * 32,
    )
    Competition.objects.filter(id=competition.id).update(stage=Competition.Stage.CLOSED)


def switch(browser, role):
    token = hidden(browser.get("/role/"))
    return browser.post("/role/", {"csrfmiddlewaretoken": token, "role": role})


def test_grid_sent_after_the_year_was_archived_is_shown_to_copy_and_goes_back_once_it_is_open(
    browser, organiser, colleague, case, grid
):
    sign_in(browser, organiser)
    data = typed(browser.get(grid), **{CELL: "18.25"})
    archive(case, organiser, colleague)
    refused = browser.post(grid, data)
    text = refused.content.decode()
    assert refused.status_code == 403 and refused["Cache-Control"] == "no-store"
    assert "<h1>比武已经归档，刚才那次没有保存</h1>" in text and "2022年12月30日" in text
    # The one cell typed into, by its label; the others are as they were.
    assert re.search(r"城关镇，.+：18\.25\n</textarea>", text)
    still = back_to_the_page(browser, refused, grid)
    assert "没有保存" in still.content.decode() and "18.25" in still.content.decode()
    Competition.objects.filter(id=case.id).update(stage=Competition.Stage.RUNNING)
    assert typed(back_to_the_page(browser, refused, grid))[CELL] == "18.25"
    assert not Measurement.objects.exists()


def test_ledger_event_sent_after_the_year_was_archived_is_told_in_words(
    browser, organiser, colleague, case
):
    address = reverse("work_ledger_new", args=["linhe-2022"])
    sign_in(browser, organiser)
    data = typed(browser.get(address), reason="获省级表彰", entry="e02")
    archive(case, organiser, colleague)
    text = browser.post(address, data).content.decode()
    assert "：获省级表彰\n" in text and "：双河镇\n" in text and "e02" not in text


def test_form_sent_after_the_role_was_switched_goes_back_into_its_page_with_that_role(
    browser, organiser, case, grid
):
    factories.grant(organiser.person, RoleKind.ADMIN, "")
    sign_in(browser, organiser)
    data = typed(browser.get(grid), **{CELL: "18.25"})
    switch(browser, "admin:")
    refused = browser.post(grid, data)
    text = refused.content.decode()
    assert refused.status_code == 403 and "换成「组织部工作人员」，把内容放回" in text
    assert re.search(r"城关镇，.+：18\.25\n</textarea>", text)
    back = {name: hidden(refused, name) for name in ("csrfmiddlewaretoken", carried.FIELD, "role")}
    page = browser.post("/role/", back, follow=True)
    assert page.redirect_chain == [(grid, 307)]
    assert typed(page)[CELL] == "18.25" and not Measurement.objects.exists()
    assert browser.post(grid, typed(page)).status_code == 302
    assert Measurement.objects.get().values == {"value": "18.25"}


def test_form_sent_in_the_same_role_of_another_county_is_offered_its_own(
    browser, organiser, case, grid
):
    factories.grant(organiser.person, RoleKind.ORGANISER, OTHER_HOST)
    sign_in(browser, organiser)
    switch(browser, f"organiser:{factories.HOST}")
    data = typed(browser.get(grid), **{CELL: "18.25"})
    switch(browser, f"organiser:{OTHER_HOST}")
    refused = browser.post(grid, data)
    assert refused.status_code == 404
    assert hidden(refused, "role") == f"organiser:{factories.HOST}"
    assert carried.read(hidden(refused, carried.FIELD)).fields[CELL] == ["18.25"]


def test_switching_the_role_with_a_strangers_form_takes_nothing_along(
    browser, organiser, colleague, case, grid
):
    factories.grant(colleague.person, RoleKind.ADMIN, "")
    asked = fill_in_and_lose_the_session(browser, organiser, grid, **{CELL: "18.25"})
    sign_in(browser, colleague)
    page = browser.get("/role/")
    kept = {carried.FIELD: hidden(asked, carried.FIELD), "role": "admin:"}
    answer = browser.post("/role/", {"csrfmiddlewaretoken": hidden(page), **kept})
    assert (answer.status_code, answer.url) == (302, "/accounts/")
