"""Flags, awards and the meeting's decision in a real browser: entered without any script, checked
by a second person, shown side by side, printed on A4."""

import re

import pytest

from rewards.models import MeetingDecision
from tests.browser.harness import assert_accessible, assert_fits, assert_fits_every_width, sign_in
from tests.rewards import case
from tests.rewards.pages import verified_decision

AWARDS = "/work/linhe-2022/awards/"


@pytest.fixture
def eleven(page_at, competition, organiser, colleague, settings, tmp_path):
    """Eleven units, tabulated once; the demo's ribbon on every page."""
    settings.MEDIA_ROOT = tmp_path / "attachments"
    competition.demo = True
    competition.save()
    points = ["95", "90", "90", "84", "80", "78", "75", "70", "66", "60", "15"]
    case.build(competition, organiser, colleague, points)
    competition.tabulation = case.tabulate(competition, organiser)
    return competition


def test_a_decision_goes_from_form_to_flag_wall_without_script(
    page_at, eleven, organiser, colleague
):
    page = page_at(1280, java_script_enabled=False)
    sign_in(page, organiser)
    page.goto(AWARDS)
    page.get_by_role("link", name="录入会议决定").first.click()
    page.get_by_label("会议或决定人").fill("县委常委会第 12 次会议")
    page.get_by_label("文号").fill("临常纪〔2022〕12 号")
    page.get_by_label("决定日期").fill("2022-09-01")
    page.locator("[id='id_committee.e02-change']").check()
    page.locator("[id='id_committee.e02-reason']").fill("会议投票决定")
    page.get_by_role("button", name="查看调整后的结果").click()
    page.get_by_role("heading", name="干事创业好党委").wait_for()
    page.get_by_label("扫描件").set_input_files(
        {"name": "纪要.pdf", "mimeType": "application/pdf", "buffer": case.PDF}
    )
    page.get_by_role("button", name="录入会议决定").click()
    assert "请另一位工作人员对照原件核对" in page.inner_text("main")
    other = page_at(1280, java_script_enabled=False)
    sign_in(other, colleague)
    other.goto(AWARDS)
    other.get_by_role("link", name="核对会议决定").click()
    other.get_by_label(re.compile("我已对照原件")).check()
    other.get_by_role("button", name="核对无误").click()
    assert other.url.endswith(AWARDS)
    assert MeetingDecision.objects.get().state == "verified"
    assert "会议投票决定" in other.inner_text("main")


@pytest.mark.once
def test_award_pages_fit_every_width_and_are_accessible(page, eleven, organiser, colleague):
    sign_in(page, organiser)
    page.goto(AWARDS)
    assert_fits_every_width(page, "awards-computed")
    assert_accessible(page)
    page.goto(f"{AWARDS}decision/")
    page.get_by_role("button", name="查看调整后的结果").click()
    assert_fits_every_width(page, "awards-decision-errors")
    page.goto(f"{AWARDS}decision/")
    page.get_by_label("会议或决定人").fill("县委常委会第 12 次会议")
    page.get_by_label("文号").fill("临常纪〔2022〕12 号")
    page.get_by_label("决定日期").fill("2022-09-01")
    page.locator("[id='id_committee.e01-change']").check()
    page.locator("[id='id_committee.e01-reason']").fill("有信访问题正在核查，暂缓授予")
    page.locator("[id='id_committee.e04-change']").check()
    page.locator("[id='id_committee.e04-reason']").fill("由其递补")
    page.locator("[id='id_committee.e04-amount']").fill("300,000")
    assert_fits_every_width(page, "awards-decision")
    assert_accessible(page)
    page.get_by_role("button", name="查看调整后的结果").click()
    page.get_by_label("扫描件").wait_for()
    assert_fits_every_width(page, "awards-confirm")
    assert_accessible(page)
    page.get_by_role("button", name="录入会议决定").click()
    sign_in(page, colleague)
    page.goto(f"{AWARDS}decision/1/verify/")
    assert_fits_every_width(page, "awards-verify")
    assert_accessible(page)
    page.get_by_label(re.compile("我已对照原件")).check()
    page.get_by_role("button", name="核对无误").click()
    assert_fits_every_width(page, "awards-decided")
    assert_accessible(page)


@pytest.mark.once
def test_the_award_list_prints_on_a4(page, eleven, organiser, colleague):
    verified_decision(eleven, organiser, colleague, case.withdraw("e01"))
    sign_in(page, organiser)
    page.goto(f"{AWARDS}print/")
    assert_accessible(page)
    assert_fits(page)
    page.emulate_media(media="print")
    assert page.pdf(format="A4").startswith(b"%PDF")
