"""A joint review on one pad: a phone on tour, all entrants side by side on a wide screen."""

import pytest
from playwright.sync_api import expect

from record.models import Revision
from scoring.models import Sheet
from tests.browser.harness import assert_accessible, assert_fits_every_width, picture, sign_in
from tests.browser.pad_case import field, judge, stage, state
from tests.scoring.stage import REVIEW

__all__ = ["judge", "stage"]  # fixtures

# The road (test_road.py) walks a tour on every database.
pytestmark = pytest.mark.once


def test_tour_marks_every_entrant_and_hands_in_once(page_at, judge):
    page = page_at(360)
    sign_in(page, judge)
    page.goto("/judge/linhe-2022/review1/")
    expect(page.locator("#all")).to_be_visible()
    expect(page.locator(".tour-line:visible")).to_have_count(0)
    page.locator("#all").get_by_role("link", name="狼山镇").click()
    expect(page.locator(".tour-line:visible")).to_have_count(1)
    for criterion, text in REVIEW.items():
        field(page, f"m.e01..{criterion}").fill(text)
    expect(page.locator("#pad-total")).to_have_text("89.50")
    picture(page, "tour-one-360")
    page.get_by_role("link", name="下一个单位").click()
    expect(page.locator(".tour-line:visible")).to_contain_text("新华镇")
    page.go_back()
    expect(page.locator("#all")).to_be_visible()
    page.locator("#all").get_by_role("link", name="新华镇").click()
    page.get_by_role("button", name="提交全部").click()
    expect(page.locator("#pad-tell")).to_contain_text("还有 110 项没有打好")
    field(page, "m.e02..r1-projects").fill("11")
    expect(page.locator("#pad-tell")).to_contain_text("还有 109 项没有打好")
    page.reload()
    page.get_by_role("link", name="对比").click()
    row = page.locator("#all").get_by_role("link", name="狼山镇")
    expect(row).to_contain_text("89.50")
    expect(row).to_contain_text("已打完")
    assert_accessible(page)
    picture(page, "tour-all-360")
    page.set_viewport_size({"width": 1920, "height": 1080})
    expect(page.locator(".tour-line:visible")).to_have_count(11)
    for number in range(2, 12):
        for criterion, text in REVIEW.items():
            field(page, f"m.e{number:02d}..{criterion}").fill(text)
    expect(page.locator("#pad-total")).to_have_text("11 / 11")
    assert_accessible(page)
    assert_fits_every_width(page, "tour")
    page.get_by_role("button", name="提交全部").click()
    expect(page.get_by_role("dialog")).to_contain_text("共 11 份，确认提交？")
    picture(page, "tour-readback-1920")
    page.get_by_role("button", name="确认提交").click()
    expect(state(page)).to_contain_text("已提交")
    assert (Sheet.objects.count(), Revision.objects.count()) == (11, 1)
    page.get_by_role("link", name="查看回执").click()
    assert_fits_every_width(page, "tour-receipt")
