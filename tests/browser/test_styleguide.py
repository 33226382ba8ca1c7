"""Every component as a browser shows it: no fault, none wider than the window, readable by all."""

import pytest
from django.urls import reverse

from config.styleguide import PAGES
from tests.browser.harness import assert_accessible, assert_in_order

# These pages ask the database nothing: once is enough.
pytestmark = pytest.mark.sqlite


def test_styleguide_pages_fit_every_width_and_are_accessible(page):
    names = sorted(PAGES.keys() - {"print"})
    addresses = {name: reverse("styleguide_page", args=[name]) for name in names}
    assert_in_order(page, "styleguide", addresses)


def test_paper_page_prints_on_a4_and_is_accessible(page):
    page.goto(reverse("styleguide_page", args=["print"]))
    assert_accessible(page)
    page.emulate_media(media="print")
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_ranking_chart_prints_whole_and_the_mark_of_the_demonstration_once(page):
    page.goto(reverse("styleguide_page", args=["charts"]))
    page.emulate_media(media="print")
    chart = page.locator(".chart:has(.rank-chart)").first
    assert chart.evaluate("e => getComputedStyle(e).breakInside") == "avoid"
    rules = page.evaluate(
        """() => [...document.styleSheets].flatMap(sheet => [...sheet.cssRules])
          .filter(rule => rule instanceof CSSPageRule && rule.selectorText === "demo:first")
          .map(rule => rule.cssText)"""
    )
    assert len(rules) == 1 and "none" in rules[0]


def test_public_header_takes_two_lines_of_facts_on_a_phone(page_at):
    page = page_at(360)
    page.goto(reverse("styleguide_page", args=["public"]))
    tops = page.locator(".hero-facts dd").evaluate_all(
        "found => new Set(found.map(one => Math.round(one.getBoundingClientRect().top))).size"
    )
    assert tops <= 2


def test_six_tiles_stand_three_and_three(page):
    page.goto(reverse("styleguide_page", args=["work"]))
    counts = page.locator(".stats").first.evaluate(
        """e => {
          while (e.children.length < 6) e.append(e.children[0].cloneNode(true));
          while (e.children.length > 6) e.lastElementChild.remove();
          const tops = [...e.children].map(one => Math.round(one.getBoundingClientRect().top));
          return [...new Set(tops)].map(top => tops.filter(one => one === top).length);
        }"""
    )
    assert counts == [3, 3]
