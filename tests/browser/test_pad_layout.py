"""How the marking pad lies on small phones: sizes, widths, weight, and who cannot see it well."""

import gzip

import pytest
from playwright.sync_api import expect

from competitions.models import Entry
from tests import factories
from tests.browser.harness import (
    assert_accessible,
    assert_fits,
    assert_fits_every_width,
    picture,
    sign_in,
)
from tests.browser.pad_case import PAD, RESULTS, field, judge, mark, stage, state
from tests.scoring.stage import PERSON

__all__ = ["judge", "stage"]  # fixtures

# No database shapes how a page lies.
pytestmark = pytest.mark.once


def test_pad_is_accessible_and_fits_in_every_state(page_at, judge):
    page = page_at(360)
    sign_in(page, judge)
    for address in ("/judge/", "/judge/linhe-2022/arena/", PAD, "/judge/linhe-2022/review1/"):
        page.goto(address)
        assert_accessible(page)
        assert_fits(page)
    page.goto(PAD)
    assert_fits_every_width(page, "pad-entry-empty")
    mark(page)
    assert_fits_every_width(page, "pad-entry")
    page.get_by_role("button", name="提交打分").click()
    assert_accessible(page)
    picture(page, "pad-readback-360")
    page.get_by_role("button", name="确认提交").click()
    expect(state(page)).to_contain_text("已提交")
    assert_accessible(page)
    page.goto(PAD)
    assert_accessible(page)
    assert_fits_every_width(page, "pad-receipt")
    page.goto("/judge/")
    assert_fits_every_width(page, "judge-home")
    page.goto("/judge/linhe-2022/arena/")
    assert_fits_every_width(page, "judge-list")


def test_pad_targets_are_large_enough_for_a_thumb(page_at, judge):
    page = page_at(360)
    sign_in(page, judge)
    page.goto(PAD)
    targets = page.locator(
        "main button, main input:not([type=hidden]), .pad-bar button, .pad-top a, .pad-top button"
    )
    small = targets.evaluate_all(
        """found => found.filter(one => one.offsetParent).filter(one => {
          const box = one.getBoundingClientRect();
          return box.width < 48 || box.height < 48;
        }).map(one => one.outerHTML.slice(0, 80))"""
    )
    assert small == []


def test_pad_first_load_is_light(page_at, judge):
    page = page_at(360)
    sign_in(page, judge)
    answers = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(PAD, wait_until="networkidle")
    # The server sends files compressed, pages as they are.
    bodies = {answer.url: answer.body() for answer in answers}
    sizes = {
        address: len(gzip.compress(body) if "/static/" in address else body)
        for address, body in bodies.items()
    }
    # 150 kB are promised; a live event's page loads ten more of these than this one.
    assert sum(sizes.values()) <= 60_000, sizes


def test_pad_extra_large_type_fits_a_small_phone(page_at, judge):
    page = page_at(360)
    sign_in(page, judge)
    page.goto(PAD)
    before = field(page, RESULTS).evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    page.get_by_role("button", name="特大字").click()
    after = field(page, RESULTS).evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    assert after > before
    assert_fits(page)
    picture(page, "pad-large-360")


@pytest.mark.parametrize("large", [False, True])
def test_pad_button_stays_on_a_small_phone_beside_three_totals(page_at, judge, stage, large):
    unit = stage.entries["e01"]
    factories.EntryFactory(
        competition=stage.competition,
        unit=unit.unit,
        key="t01",
        subject=Entry.Subject.SECRETARY,
        term=factories.PartySecretaryFactory(unit=unit.unit, acting=True),
        of=unit,
        official_order=1,
    )
    page = page_at(360)
    sign_in(page, judge)
    page.goto(PAD)
    if large:
        page.get_by_role("button", name="特大字").click()
    mark(page)
    for criterion, text in PERSON.items():
        field(page, f"m.t01..{criterion}").fill(text)
    expect(page.locator("#pad-total")).to_have_text("92.50 / 89.50 / 89.50")
    for part in (page.get_by_role("button", name="提交打分"), page.locator(".pad-total")):
        left, right, room = part.evaluate(
            """e => { const box = e.getBoundingClientRect();
              return [box.left, Math.max(box.right, box.left + e.scrollWidth), innerWidth]; }"""
        )
        assert (left >= 0, right <= room) == (True, True), (left, right, room)
    page.get_by_role("button", name="提交打分").click(timeout=2000)
    expect(page.get_by_role("dialog")).to_contain_text("确认提交？")
    picture(page, f"pad-three-totals-{'large' if large else 'normal'}-360")
