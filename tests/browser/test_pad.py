"""The marking pad in a real browser: nothing that was marked is lost."""

import re

import pytest
from playwright.sync_api import expect

from record.models import Revision
from scoring.models import Sheet
from tests.browser.harness import assert_fits, picture, sign_in
from tests.browser.pad_case import PAD, RESULTS, field, hand_in, judge, mark, stage, state
from tests.scoring.stage import ARENA

__all__ = ["judge", "stage"]  # fixtures

# What a phone keeps and sends; what the server makes of it: tests/scoring/test_sheets_submit.py.
pytestmark = pytest.mark.once


def test_pad_keeps_the_draft_from_the_first_touch_over_a_reload(page_at, judge):
    page = page_at(360)
    sign_in(page, judge)
    page.goto(PAD)
    page.get_by_role("button", name="成效展示减 0.5").click()
    expect(field(page, RESULTS)).to_have_value("20")
    field(page, "m.e01..a-pledges").fill("17.5")
    expect(state(page)).to_contain_text("草稿")
    page.reload()
    expect(field(page, RESULTS)).to_have_value("20")
    expect(field(page, "m.e01..a-pledges")).to_have_value("17.5")
    expect(page.locator("#pad-total")).to_have_text("37.50 / —")
    page.goto("/judge/linhe-2022/arena/")
    expect(page.get_by_role("link", name="狼山镇")).to_contain_text("草稿")


def test_pad_reads_back_and_shows_the_receipt(page_at, judge):
    page = page_at(360)
    sign_in(page, judge)
    page.goto(PAD)
    mark(page)
    page.get_by_role("button", name="提交打分").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("狼山镇92.50 分")
    expect(dialog).to_contain_text("书记1（狼山镇）89.50 分")
    expect(dialog).to_contain_text("确认提交？")
    dialog.get_by_role("button", name="再看看").click()
    assert not Sheet.objects.exists()
    hand_in(page)
    expect(state(page)).to_contain_text("已提交")
    receipt = Sheet.objects.first().receipt
    expect(state(page)).to_contain_text(receipt)
    page.goto("/judge/linhe-2022/arena/")
    assert page.evaluate("localStorage.length") == 0
    page.goto(PAD)
    expect(page.locator("main")).to_contain_text(receipt)


def test_pad_off_line_keeps_the_sheet_and_sends_it_once_when_back(page_at, judge, faults):
    page = page_at(360)
    sign_in(page, judge)
    page.goto(PAD)
    mark(page)
    page.context.set_offline(True)
    hand_in(page)
    expect(state(page)).to_contain_text("待上传 1 份")
    expect(field(page, RESULTS)).not_to_be_editable()
    assert not Sheet.objects.exists()
    page.context.set_offline(False)
    expect(state(page)).to_contain_text("已提交")
    assert (Sheet.objects.count(), Revision.objects.count()) == (2, 1)
    faults.found.clear()  # the requests that failed off line


def test_pad_left_off_line_is_sent_from_another_page_of_the_judge(page_at, judge, faults):
    page = page_at(360)
    sign_in(page, judge)
    page.goto(PAD)
    mark(page)
    page.route("**/submit/", lambda route: route.abort("internetdisconnected"))
    hand_in(page)
    expect(state(page)).to_contain_text("待上传 1 份")
    page.goto("/judge/")
    expect(page.locator("[data-outbox]")).to_contain_text("待上传 1 份")
    expect(page.get_by_role("link", name="擂台比武")).to_contain_text("待上传 1 份")
    page.unroute("**/submit/")
    page.reload()
    expect(page.get_by_role("link", name="擂台比武")).to_contain_text("已提交")
    assert Sheet.objects.count() == 2
    faults.found.clear()


def test_pad_whose_answer_was_lost_counts_once_and_gets_the_same_receipt(page_at, judge, faults):
    page = page_at(360)
    sign_in(page, judge)
    page.goto(PAD)
    mark(page)
    lost = []

    def lose_the_first_answer(route):
        answer = route.fetch()
        if lost:
            route.fulfill(response=answer)
        else:
            lost.append(answer.json()["receipt"])
            route.abort("connectionreset")

    page.route("**/submit/", lose_the_first_answer)
    hand_in(page)
    expect(state(page)).to_contain_text("已提交")
    expect(state(page)).to_contain_text(lost[0])
    assert (Sheet.objects.count(), Revision.objects.count()) == (2, 1)
    faults.found.clear()


def test_pad_double_click_submits_once(page_at, judge):
    page = page_at(360)
    sign_in(page, judge)
    page.goto(PAD)
    mark(page)
    page.get_by_role("button", name="提交打分").click()
    page.evaluate(
        "() => { const yes = document.getElementById('pad-yes'); yes.click(); yes.click(); }"
    )
    expect(state(page)).to_contain_text("已提交")
    assert (Sheet.objects.count(), Revision.objects.count()) == (2, 1)


def test_pad_after_the_session_ended_keeps_the_sheet_and_sends_it_after_sign_in(page_at, judge):
    page = page_at(360)
    sign_in(page, judge)
    page.goto(PAD)
    mark(page)
    page.context.clear_cookies(name="sessionid")
    hand_in(page)
    expect(page.locator("#pad-tell")).to_contain_text("登录已过期")
    assert not Sheet.objects.exists()
    sign_in(page, judge)
    page.goto(PAD)
    expect(state(page)).to_contain_text("已提交")
    assert Sheet.objects.count() == 2


def test_pad_with_an_old_token_fetches_a_new_one_by_itself(page_at, judge, faults):
    faults.expect(403)
    page = page_at(360)
    sign_in(page, judge)
    page.goto(PAD)
    mark(page)
    page.context.clear_cookies(name="csrftoken")
    hand_in(page)
    expect(state(page)).to_contain_text("已提交")
    assert Sheet.objects.count() == 2


def test_pad_second_page_follows_the_first_and_may_hand_in(page_at, judge):
    first = page_at(360)
    sign_in(first, judge)
    first.goto(PAD)
    second = first.context.new_page()
    second.goto(PAD)
    mark(first)
    field(first, RESULTS).fill("30")
    expect(field(second, RESULTS)).to_have_value("30")
    expect(second.locator("#pad-tell")).to_contain_text("另一个页面刚改了这一份")
    hand_in(second)
    expect(state(second)).to_contain_text("已提交")
    expect(state(first)).to_contain_text("已提交")


def test_pad_second_page_that_fell_behind_is_told_and_both_are_shown(page_at, judge):
    first = page_at(360)
    sign_in(first, judge)
    second = first.context.new_page()
    # A page that sleeps in the background misses what the other one says.
    second.add_init_script(
        "addEventListener('storage', event => event.stopImmediatePropagation(), true)"
    )
    second.goto(PAD)
    first.goto(PAD)
    field(first, RESULTS).fill("30")
    field(second, RESULTS).fill("20")
    told = second.locator("#pad-tell")
    expect(told).to_contain_text("另一个页面也在打这一份")
    expect(told.get_by_role("row", name="成效展示")).to_have_text(re.compile("30.*20"))
    first.reload()
    expect(field(first, RESULTS)).to_have_value("30")
    second.get_by_role("button", name="提交打分").click()
    expect(second.get_by_role("dialog")).to_have_count(0)
    told.get_by_role("button", name="用这里的").click()
    expect(field(first, RESULTS)).to_have_value("20")


def test_pad_on_a_second_phone_is_told_of_the_version_on_the_server(page_at, judge, faults):
    faults.expect(409)
    phone, tablet = page_at(360), page_at(1280)
    for page in (phone, tablet):
        sign_in(page, judge)
        page.goto(PAD)
        mark(page)
    field(tablet, RESULTS).fill("40")
    pledges = field(tablet, "m.e01..a-pledges")
    pledges.fill(f"{pledges.input_value()}.00".replace(".5.00", ".50"))
    hand_in(phone)
    expect(state(phone)).to_contain_text("已提交")
    hand_in(tablet)
    told = tablet.locator("#pad-tell")
    expect(told).to_contain_text("没有覆盖原来的")
    # The same number written otherwise is no difference, and what is equal is only counted.
    expect(told.get_by_role("row")).to_have_count(2)
    expect(told).to_contain_text(re.compile(r"另有 \d+ 项两份相同，没有列出。"))
    expect(told.get_by_role("row", name="成效展示")).to_have_text(re.compile("38.5.*40"))
    assert Sheet.objects.get(round_key="arena").marks == ARENA
    tablet.reload()
    expect(tablet.locator("#pad-tell")).to_contain_text("本机还有另一份")


def test_pad_keeps_range_and_step(page_at, judge):
    page = page_at(360)
    sign_in(page, judge)
    page.goto(PAD)
    for text, sentence in [
        ("41", "应在 0 到 40 之间"),
        ("38.3", "间隔 0.5"),
        ("好", "不是数字"),
    ]:
        field(page, RESULTS).fill(text)
        field(page, RESULTS).blur()
        expect(page.locator(".pad-row-bad .pad-error")).to_contain_text(sentence)
    field(page, RESULTS).fill("３８．５")
    field(page, RESULTS).blur()
    expect(page.locator(".pad-row-bad")).to_have_count(0)
    page.get_by_role("button", name="提交打分").click()
    expect(page.locator("#pad-tell")).to_contain_text("还有 7 项没有打好")
    expect(page.get_by_role("dialog")).to_have_count(0)
    field(page, "m.e01..a-pledges").fill("17.5")
    expect(page.locator("#pad-tell")).to_contain_text("还有 6 项没有打好")
    mark(page)
    expect(page.locator("#pad-tell")).to_be_hidden()


def test_pad_adds_exactly_where_floating_numbers_would_not(page_at, judge):
    page = page_at(360)
    sign_in(page, judge)
    page.goto(PAD)
    sums = page.evaluate(
        """() => {
          const pad = window.LeitaiPad;
          const sum = ["0.1", "0.2", "0.7"].map(t => pad.units(t, 2)).reduce((a, b) => a + b, 0);
          return [pad.show(sum, 2, 2), pad.show(pad.units("1.005", 3), 3, 2),
                  pad.units("1.005", 2), pad.show(pad.units("-0.5", 2), 2, 2), pad.units("", 2)];
        }"""
    )
    assert sums == ["1.00", "1.005", None, "-0.50", None]


def test_pad_in_an_old_wechat_in_a_hall_without_certificate_loses_nothing(
    hall_phone, judge, faults
):
    page, asked = hall_phone, []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    sign_in(page, judge)
    page.goto("/judge/linhe-2022/arena/")
    page.get_by_role("link", name="狼山镇").click()
    assert (
        page.evaluate(
            """[isSecureContext, navigator.serviceWorker, crypto.subtle, crypto.randomUUID,
            navigator.locks, window.BroadcastChannel, window.EventSource].map(Boolean)"""
        )
        == [False] * 7
    )
    mark(page)
    # Header and bar leave half of the screen to mark, however large the text.
    assert_fits(page)
    assert page.evaluate(
        """innerHeight - document.querySelector(".pad-bar").offsetHeight
           - (getComputedStyle(document.querySelector(".pad-top")).position === "sticky"
              ? document.querySelector(".pad-top").offsetHeight : 0) > innerHeight / 2"""
    )
    picture(page, "pad-wechat-360")
    page.reload()
    expect(field(page, RESULTS)).to_have_value("38.5")
    page.context.set_offline(True)
    page.get_by_role("button", name="提交打分").click()
    expect(state(page)).to_contain_text("待上传 1 份")
    assert asked == ["狼山镇92.50 分\n书记1（狼山镇）89.50 分\n确认提交？"]
    assert not Sheet.objects.exists()
    page.context.set_offline(False)
    expect(state(page)).to_contain_text("已提交")
    assert Sheet.objects.count() == 2
    page.go_back()
    expect(page.get_by_role("link", name="狼山镇")).to_contain_text("已提交")
    faults.found.clear()  # the requests that failed off line


def test_pad_leads_to_the_next_unit_after_handing_in(page_at, judge):
    page = page_at(360)
    sign_in(page, judge)
    page.goto(PAD)
    mark(page)
    hand_in(page)
    told = page.locator("#pad-tell")
    expect(told.get_by_role("link", name="查看回执")).to_be_visible()
    told.get_by_role("link", name="下一个：新华镇").click()
    expect(page).to_have_url(re.compile("/judge/linhe-2022/arena/e02/$"))


def test_pad_without_script_submits_through_plain_forms(page_at, judge):
    page = page_at(360, java_script_enabled=False)
    sign_in(page, judge)
    page.goto(PAD)
    mark(page)
    page.get_by_role("button", name="提交打分").click()
    expect(page.locator("main")).to_contain_text("92.50 分")
    page.get_by_role("button", name="再看看").click()
    field(page, RESULTS).fill("38")
    page.get_by_role("button", name="提交打分").click()
    page.get_by_role("button", name="确认提交").click()
    expect(page.locator("main")).to_contain_text("回执号")
    assert Sheet.objects.get(round_key="arena").marks["a-results"] == "38"
