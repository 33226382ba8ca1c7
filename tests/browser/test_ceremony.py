"""A ceremony in real browsers: the operator's console and the hall's large screen."""

from playwright.sync_api import expect

from competitions.roles import RoleKind
from tests import factories
from tests.arena.ceremony_case import build_case
from tests.browser.harness import assert_accessible, assert_fits, sign_in

HERE = "/work/linhe-2022/ceremony/"
WALLS = [(1920, 1080), (1024, 768), (3840, 1080)]
OUTSIDE = """() => [...document.querySelectorAll(".stage *")].filter(one => {
    const box = one.getBoundingClientRect();
    return box.bottom > innerHeight || box.right > innerWidth || box.top < 0 || box.left < 0;
}).map(one => one.outerHTML)"""


def test_name_is_revealed_and_taken_back_by_keys_and_fits_every_wall(page_at, transactional_db):
    users = [factories.UserFactory(), factories.UserFactory()]
    for user in users:
        factories.grant(user.person, RoleKind.ORGANISER)
    competition = factories.CompetitionFactory(slug="linhe-2022", title="临河区2022年擂台比武")
    hall = build_case(competition, *users, name="browser")
    hall.make()
    console, screen = page_at(1280), page_at(1920)
    for page in (console, screen):
        sign_in(page, users[0])
    screen.goto(f"{HERE}screen/")
    console.goto(HERE)
    assert_fits(console)
    assert_accessible(console)
    console.goto(f"{HERE}?names=1")
    assert_fits(console)
    console.goto(HERE)
    console.get_by_role("button", name="开始仪式").click()
    console.get_by_role("button", name="进入“红旗”").click()
    expect(console.get_by_role("button", name="揭晓第 1 名")).to_be_visible()
    expect(screen.locator("#slot-stage h1")).to_have_text("红旗", timeout=20_000)
    assert "狼山镇" not in console.content() + screen.content()
    console.keyboard.press("ArrowRight")
    expect(screen.locator(".ceremony-name")).to_have_text("狼山镇", timeout=20_000)
    for width, height in WALLS:
        screen.set_viewport_size({"width": width, "height": height})
        assert screen.evaluate(OUTSIDE) == []
    expect(console.get_by_role("button", name="进入“干事创业好党委”")).to_be_visible()
    console.keyboard.press("ArrowLeft")
    expect(screen.locator("#slot-stage h1")).to_have_text("红旗", timeout=20_000)
    assert "狼山镇" not in screen.content()
