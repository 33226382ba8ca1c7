"""The live feed in a real browser, from the process that sends it."""

import re
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from arena.feed import tell
from tests import factories
from tests.arena.serving import Server
from tests.browser.harness import HALL

NOW = datetime(2022, 8, 20, 9, 30, tzinfo=UTC)
ON, OFF = "已连接", "连接中断，正在重连……"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def competition(transactional_db):
    return factories.CompetitionFactory(slug="live")


@pytest.fixture
def context(browser, faults):
    """One browser; its tabs share what tabs of one browser share."""
    made = browser.new_context(locale="zh-CN")
    made.set_default_timeout(30_000)
    faults.watch(made)
    made.asked = []
    made.on("request", lambda request: made.asked.append(request.url))
    yield made
    made.close()


def show(competition, score, audience="test-hall"):
    data = {"slots": {"score": f'<p id="slot-score"><b>{score}</b></p>'}, "score": score}
    tell(competition, "arena", audience, "revealed", data, now=NOW)


def open_tab(context, server, audience="test-hall"):
    page = context.new_page()
    page.goto(f"{server.url}/tests/live/live/{audience}/")
    return page


def score(page):
    return page.locator("#slot-score b")


def submit(page):
    return page.evaluate("fetch('/tests/say/live/test-judge/', {method: 'POST'}).then(a => a.ok)")


def streams(context):
    return [url for url in context.asked if re.search(r"/feed/.*[?]after=", url)]


def expect_connected(page):
    expect(page.locator("[data-feed-state]")).to_have_text(ON)


def test_item_takes_the_place_of_its_slot_and_tells_the_page(context, server, competition):
    show(competition, "1.00")
    page = open_tab(context, server)
    page.evaluate("""() => {
        window.told = [];
        document.addEventListener("leitai:feed", event => window.told.push(event.detail));
    }""")
    expect_connected(page)
    # What was told before the page was made stands in the page: it does not come again.
    expect(page.locator("#slot-score")).to_have_text("—")
    show(competition, "92.50")
    expect(score(page)).to_have_text("92.50")
    told = page.evaluate("window.told")
    assert [(item["number"], item["kind"], item["data"]["score"]) for item in told] == [
        (2, "revealed", "92.50")
    ]


def test_focus_stays_in_a_slot_that_is_replaced(context, server, competition):
    page = open_tab(context, server)
    expect_connected(page)
    page.locator("#slot-note").focus()
    data = {"slots": {"note": '<input id="slot-note" value="新">', "nowhere": "<p>无</p>"}}
    tell(competition, "arena", "test-hall", "said", data, now=NOW)
    expect(page.locator("#slot-note")).to_have_value("新")
    expect(page.locator("#slot-note")).to_be_focused()


def test_eight_tabs_share_one_stream_and_still_submit(context, server, competition):
    pages = [open_tab(context, server) for _ in range(8)]
    for page in pages:
        expect_connected(page)
    assert len(streams(context)) == 1
    for page in pages:
        assert submit(page)
    show(competition, "92.50")
    for page in pages:
        expect(score(page)).to_have_text("92.50")
    # The tab with the stream is closed: another one takes over, and nothing is missed.
    pages[0].close()
    show(competition, "93.50")
    for page in pages[1:]:
        expect(score(page)).to_have_text("93.50")
    # Two of them may have been first; more would be too many for a browser's six connections.
    assert 2 <= len(streams(context)) <= 4


def test_eight_different_feeds_leave_room_to_submit(context, server, competition):
    halls = [f"test-hall-{number}" for number in range(1, 9)]
    pages = [open_tab(context, server, hall) for hall in halls]
    for page in pages:
        expect_connected(page)
        assert submit(page)
    for hall in halls:
        show(competition, hall[-1], hall)
    for hall, page in zip(halls, pages, strict=True):
        expect(score(page)).to_have_text(hall[-1])


def test_tabs_share_a_stream_over_plain_http_in_a_hall(context, server, competition, faults):
    address = SimpleNamespace(url=f"http://{HALL}:{server.port}")
    pages = [open_tab(context, address) for _ in range(2)]
    for page in pages:
        expect_connected(page)
        assert page.evaluate("isSecureContext") is False
    show(competition, "98.50")
    for page in pages:
        expect(score(page)).to_have_text("98.50")
    assert len(streams(context)) == 1
    # The browser says of each page that a header is for HTTPS only.
    assert all("Cross-Origin-Opener-Policy" in fault for fault in faults.found)
    faults.found.clear()


def test_page_goes_on_by_itself_when_the_server_was_killed(context, competition, tmp_path, faults):
    server = Server(tmp_path)
    page = open_tab(context, server)
    expect_connected(page)
    server.kill()
    expect(page.locator("[data-feed-state]")).to_have_text(OFF)
    show(competition, "94.50")
    server = Server(tmp_path, port=server.port)
    expect(score(page)).to_have_text("94.50")
    expect_connected(page)
    assert server.stop() == 0
    context.close()
    # While nobody answered, requests failed.
    faults.found.clear()


def test_page_asks_by_itself_when_a_proxy_eats_the_stream(context, server, competition):
    eaten = []
    context.route(re.compile(r"[?]after="), lambda route: eaten.append(route))
    page = context.new_page()
    page.clock.install()
    page.goto(f"{server.url}/tests/live/live/test-hall/")
    show(competition, "95.50")
    page.clock.run_for(17_000)
    expect(score(page)).to_have_text("95.50")
    expect_connected(page)
    show(competition, "96.50")
    page.clock.run_for(3_000)
    expect(score(page)).to_have_text("96.50")
    for route in eaten:
        route.abort("aborted")


def test_page_whose_reader_may_not_follow_any_more_says_so(context, server, competition, faults):
    page = open_tab(context, server, "test-judge")
    expect(page.locator("[data-feed-state]")).to_have_text("登录已失效，请刷新页面重新登录。")
    context.close()
    # The stream was led to the sign-in page, which is none.
    assert all("MIME type" in fault for fault in faults.found)
    faults.found.clear()


def test_page_ahead_of_the_database_loads_itself_anew(context, server, competition, faults):
    faults.expect(409)
    show(competition, "97.50")
    page = context.new_page()
    page.route(
        re.compile("/tests/live/"),
        lambda route: route.fulfill(
            body=route.fetch().text().replace('data-feed-after="1"', 'data-feed-after="9"')
        ),
        times=1,
    )
    page.goto(f"{server.url}/tests/live/live/test-hall/")
    expect(page.locator("main")).to_have_attribute("data-feed-after", "1")
    expect_connected(page)
