"""Two clerks at two machines type in numbered sheets of paper, by keyboard, during the event."""

import pytest
from playwright.sync_api import expect

from competitions.roles import RoleKind
from tests import factories
from tests.arena.live_case import build_case
from tests.arena.paper_case import issue, paper_of, print_all
from tests.browser.harness import assert_accessible, assert_fits, picture, sign_in

# Keys and fields; what the server makes of them: tests/arena/test_paper_pages.py.
pytestmark = pytest.mark.once
HERE = "/work/linhe-2022/arena/arena/"
MARKS = ["38.5", "19", "14", "12.5", "8.5", "36", "27.5", "26"]


@pytest.fixture
def live(transactional_db):
    competition = factories.CompetitionFactory(slug="linhe-2022", title="临河区2022年擂台比武")
    live = build_case(competition, units=["狼山镇", "新华镇"])
    papers = issue(live)
    print_all(live, [paper.serial for paper in papers], live.operator)
    live.move("begin", "open_marking")
    return live


def clerk(live, kind):
    user = factories.UserFactory(person__name=f"{kind.label}甲")
    factories.grant(user.person, kind, live.hall.competition.host_code)
    return user


def type_by_keyboard(page, paper, marks):
    """Everything by keyboard: the serial, Enter after each mark, and once more on the button."""
    page.locator("#id_serial").fill(paper.serial)
    page.keyboard.press("Enter")
    expect(page.locator("input.paper-mark").first).to_be_focused()
    for mark in marks:
        page.keyboard.type(mark)
        page.keyboard.press("Enter")
    expect(page.locator("[data-paper-total]").first).not_to_have_text("—")
    page.keyboard.press("Enter")


def test_two_clerks_at_two_machines(page_at, live):
    first, second = page_at(1280), page_at(360)
    sign_in(first, clerk(live, RoleKind.CLERK))
    sign_in(second, clerk(live, RoleKind.ORGANISER))
    paper = paper_of(live)
    for page in (first, second):
        page.goto(f"{HERE}paper/entry/")
    type_by_keyboard(first, paper, MARKS)
    expect(first.locator("main")).to_contain_text("已录入，等待另一人照原件录入")
    # Without a reload the other's list says so.
    expect(second.locator("#paper-work")).to_contain_text(paper.shown, timeout=20_000)
    second.locator("#id_serial").fill(paper.serial)
    second.keyboard.press("Enter")
    wrong = second.locator("input.paper-mark").first
    wrong.fill("41")
    wrong.press("Enter")
    expect(second.locator(".paper-error").first).to_have_text("应在 0 到 40 之间。")
    wrong.fill("35.5")
    for field, mark in zip(second.locator("input.paper-mark").all()[1:], MARKS[1:], strict=True):
        field.fill(mark)
    expect(second.locator("[data-paper-total]").first).to_have_text("89.50")
    assert_fits(second)
    assert_accessible(second)
    picture(second, "paper-entry-360", full_page=True)
    second.get_by_role("button", name="保存录入").click()
    expect(first.locator("#paper-work")).to_contain_text("≠ 不同", timeout=20_000)
    first.get_by_role("link", name="照原件重新录入").click()
    expect(first.locator("input.paper-mark").first).to_have_value("38.5")
    picture(first, "paper-differs", full_page=True)
    first.locator("input.paper-mark").first.fill("35.5")
    first.get_by_role("button", name="保存录入").click()
    expect(first.locator("main")).to_contain_text("两次录入一致，已计入")
    live.hand_in(1)
    live.hand_in(2)
    live.move("close")
    first.goto(f"{HERE}tally/")
    expect(first.locator(".tally-table").first).to_contain_text("35.5")
    assert_accessible(first)
    picture(first, "tally", full_page=True)
