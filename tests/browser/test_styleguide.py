"""Every component as a browser shows it: no fault, none wider than the window, readable by all."""

import pytest
from django.urls import reverse

from config.styleguide import PAGES
from tests.browser.harness import assert_accessible, assert_fits_every_width


@pytest.mark.parametrize("name", sorted(PAGES.keys() - {"print"}))
def test_styleguide_page_fits_every_width_and_is_accessible(page, name):
    page.goto(reverse("styleguide_page", args=[name]))
    assert_fits_every_width(page, f"styleguide-{name}")
    assert_accessible(page)


def test_paper_page_prints_on_a4_and_is_accessible(page):
    page.goto(reverse("styleguide_page", args=["print"]))
    assert_accessible(page)
    page.emulate_media(media="print")
    assert page.pdf(format="A4").startswith(b"%PDF")
