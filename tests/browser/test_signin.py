"""A judge signs in by a card: his phone, the console, and the phone that replaces his."""

import uuid

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from arena.actions.cards import make_cards
from competitions.roles import RoleKind
from tests import factories
from tests.arena.live_case import build_case
from tests.browser.harness import (
    assert_accessible,
    assert_fits,
    assert_fits_every_width,
    picture,
    sign_in,
)
from tests.browser.pad_case import hand_in, mark, state

# What phone and console tell each other; what the server makes of it: tests/arena/test_signin.py.
pytestmark = pytest.mark.once
LIVE = "/work/linhe-2022/arena/arena/"
SOON = 15_000


@pytest.fixture
def live(transactional_db):
    competition = factories.CompetitionFactory(slug="linhe-2022", title="临河区2022年擂台比武")
    case = build_case(competition, judges=2, units=["狼山镇"])
    case.move("begin", "open_marking")
    return case


@pytest.fixture
def operator(live):
    user = factories.UserFactory(person__name="操作员")
    factories.grant(user.person, RoleKind.ORGANISER, live.hall.competition.host_code)
    return user


def scan(phone, address):
    """Scan a card, ask, and return the code that the phone shows."""
    phone.goto(address)
    phone.get_by_role("button", name="请求登录").click()
    return phone.locator("#card-code").inner_text()


def test_phone_is_approved_face_to_face_and_replaced_without_losing_marks(
    page_at, faults, live, operator
):
    faults.expect(503)
    ((_judge, secret),) = make_cards(
        competition=live.hall.competition,
        judge_keys=["j01"],
        op=uuid.uuid4(),
        by=operator.person,
        now=timezone.now(),
    )
    card, key = f"/card/{secret}/", live.order()[0]
    console, phone = page_at(1280), page_at(360)
    sign_in(console, operator)
    code = scan(phone, card)
    console.goto("/work/linhe-2022/signin/")
    assert_fits_every_width(console, "signin")
    assert_accessible(console)
    console.goto(LIVE)
    assert_fits(phone)
    picture(phone, "card-code")
    console.get_by_role("button", name=f"核对码是 {code}，批准").click(timeout=SOON)
    phone.wait_for_url("**/judge/", timeout=SOON)
    line = console.locator(".arena-ticks li").first
    expect(line).to_contain_text("已连接", timeout=SOON)

    phone.goto(f"/judge/linhe-2022/arena/{key}/")
    mark(phone, key)
    phone.route("**/submit/", lambda route: route.fulfill(status=503))
    hand_in(phone)
    expect(state(phone)).to_contain_text("待上传 1 份")
    expect(line).to_contain_text("待上传 1 份", timeout=SOON)
    phone.unroute("**/submit/")
    phone.get_by_role("button", name="立即重试").click()
    expect(state(phone)).to_contain_text("已提交", timeout=SOON)
    expect(line).to_contain_text("已交", timeout=SOON)
    assert_fits(console)
    picture(console, "arena-judges", full_page=True)

    second = page_at(360)
    code = scan(second, card)
    console.get_by_role("button", name=f"核对码是 {code}，批准").click(timeout=SOON)
    second.wait_for_url("**/judge/", timeout=SOON)
    phone.goto("/judge/")
    expect(phone.locator("#main")).to_contain_text("已改用另一台设备")
    # Its page followed the stage until it was signed out.
    faults.found[:] = [one for one in faults.found if "text/event-stream" not in one]
