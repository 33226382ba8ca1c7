"""A live event in real browsers: the operator's console, a judge's phone, and the large screen."""

import pytest
from playwright.sync_api import expect

from competitions.roles import RoleKind
from tests import factories
from tests.arena.live_case import build_case, exclude
from tests.browser.harness import assert_accessible, assert_fits, sign_in
from tests.browser.pad_case import hand_in, mark, state

LIVE = "/work/linhe-2022/arena/arena/"


@pytest.fixture
def live(transactional_db):
    competition = factories.CompetitionFactory(slug="linhe-2022", title="临河区2022年擂台比武")
    return build_case(competition, judges=4, units=["狼山镇", "新华镇"])


@pytest.fixture
def operator(live):
    user = factories.UserFactory(person__name="操作员")
    factories.grant(user.person, RoleKind.ORGANISER, live.hall.competition.host_code)
    return user


def test_turn_is_played_from_the_console_to_the_screen(page_at, faults, live, operator):
    faults.expect(409)  # a hand-in before the marking is open
    key = live.order()[0]
    name = live.hall.entries[key].unit.name
    console, phone, screen = page_at(1280), page_at(360), page_at(1920)
    sign_in(console, operator)
    sign_in(screen, operator)
    sign_in(phone, live.hall.judges[3].user)
    screen.goto(f"{LIVE}screen/")
    expect(screen.locator("#slot-stage")).to_contain_text(f"候场：{name}")
    phone.goto(f"/judge/linhe-2022/arena/{key}/")
    mark(phone, key)
    hand_in(phone)
    expect(phone.locator("#pad-tell")).to_contain_text(f"「{name}」还没有开放打分")
    expect(state(phone)).to_contain_text("草稿")

    console.goto(LIVE)
    assert_fits(console)
    assert_accessible(console)
    console.get_by_role("button", name=f"请「{name}」登台").click()
    # Without a reload: the screen follows the feed, and its clock runs.
    expect(screen.locator("[data-clock-text]")).to_have_text("0:02", timeout=20_000)
    # Slides in between: the keys that stand beside the buttons; a key typed into a field is none.
    field = console.get_by_role("textbox", name=f"{name}的代表发言人")
    field.press("b")
    expect(field).to_have_value("b")
    console.locator("h1").first.click()
    for key_of, title, shown in (
        ("b", "黑屏", ""),
        ("e", "会标", "2022"),
        ("Escape", "现场", name),
    ):
        console.keyboard.press(key_of)
        expect(console.locator("[data-code][aria-pressed=true]")).to_contain_text(title)
        if shown:
            expect(screen.locator("#slot-stage")).to_contain_text(shown, timeout=20_000)
        else:
            expect(screen.locator("#slot-stage")).to_be_empty(timeout=20_000)
    console.get_by_role("button", name=f"「{name}」讲完，开放打分").click()
    expect(screen.locator("#slot-stage")).to_contain_text("评委打分中", timeout=20_000)
    live.hand_in(0, key)
    live.hand_in(1, key)
    live.hand_in(2, key)
    expect(screen.locator(".stage-tick")).to_have_count(3, timeout=20_000)
    exclude(live, "j04", [operator, factories.UserFactory()])
    live.move("close")
    expect(screen.locator("#slot-stage")).to_contain_text("打分结束", timeout=20_000)

    hand_in(phone)
    expect(state(phone)).to_contain_text("迟到，待裁定")
    expect(phone.locator("#pad-tell")).to_contain_text("打分已经关闭，这一份迟到，待裁定")
    phone.reload()
    expect(phone.locator("#main")).to_contain_text("现在不计入成绩")

    expect(screen.locator(".stage-score")).to_have_count(0)
    live.move("reveal")
    expect(screen.locator(".stage-score")).to_have_text("92.50分", timeout=20_000)
    for width, height in ((1920, 1080), (1024, 768), (3840, 1080)):
        screen.set_viewport_size({"width": width, "height": height})
        assert screen.evaluate(
            "document.documentElement.scrollWidth <= innerWidth"
            " && document.documentElement.scrollHeight <= innerHeight"
        ), f"The screen scrolls at {width} × {height}."
