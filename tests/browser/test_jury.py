"""A phone in the audience: takes a seat, follows the stage, votes while the network is gone."""

import pytest
from playwright.sync_api import expect

from arena.models import Ballot
from tests import factories
from tests.arena.jury_case import cast, issue, let_audience_vote
from tests.arena.live_case import build_case
from tests.browser.harness import assert_accessible, assert_fits

# What the phone keeps and sends; what the server makes of it: tests/arena/test_jury_actions.py.
pytestmark = pytest.mark.once


@pytest.fixture
def live(transactional_db):
    competition = factories.CompetitionFactory(slug="linhe-2022", title="临河区2022年擂台比武")
    case = build_case(competition, judges=1, units=["狼山镇", "新华镇"])
    let_audience_vote(competition)
    return case


def test_phone_votes_once_although_the_network_was_gone(hall_phone, faults, live):
    ((seat, secret, _code),) = issue(live, [17])
    name = live.hall.entries[live.order()[0]].unit.name
    phone = hall_phone
    sizes = {}

    def weigh(answer):
        if answer.ok:
            sizes[answer.url] = len(answer.body())

    phone.on("response", weigh)
    phone.goto(f"/seat/{secret}/")
    phone.get_by_role("button", name="用这部手机投票").click()
    expect(phone.locator("#slot-stage")).to_contain_text(f"候场：{name}")
    phone.remove_listener("response", weigh)
    assert sum(sizes.values()) <= 150_000, sizes
    vote = phone.get_by_role("button", name="投票", exact=True)
    expect(vote).to_be_hidden()
    live.move("begin", "open_marking")
    expect(phone.locator("#slot-stage")).to_contain_text("投票进行中", timeout=20_000)
    assert_fits(phone)
    assert_accessible(phone)
    phone.get_by_text("良好").click()
    vote.click()
    expect(phone.locator("#ballot-confirm")).to_contain_text("良好")
    phone.get_by_role("button", name="重新选").click()
    phone.get_by_text("优秀").click()
    vote.click()
    phone.context.set_offline(True)
    phone.get_by_role("button", name="确认投票").click()
    expect(phone.locator("#ballot-said")).to_contain_text("还没有投出去")
    phone.context.set_offline(False)
    expect(phone.locator("#ballot-said")).to_contain_text("已投票。回执", timeout=20_000)
    phone.reload()
    expect(phone.locator("#ballot-said")).to_contain_text(Ballot.objects.get().receipt)
    expect(vote).to_be_hidden()
    live.everybody()
    live.move("close")
    expect(phone.locator("#slot-stage")).to_contain_text("投票已经结束", timeout=20_000)
    # A late ballot does not count: when the turn is opened once more, the seat may vote.
    Ballot.objects.all().delete()
    cast(live, seat)
    phone.evaluate("localStorage.clear()")
    phone.reload()
    expect(phone.locator("#ballot-said")).to_contain_text("迟到，已保存但不计入")
    live.move("step_back")
    expect(vote).to_be_visible(timeout=20_000)
    expect(phone.locator("#ballot-said")).to_be_empty()
    faults.found.clear()  # the requests that failed off line
