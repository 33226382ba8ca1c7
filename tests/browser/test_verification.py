"""A reader downloads the two files of 核验 in a real browser and runs the verifier on them."""

import subprocess
import sys

import pytest

from publication.models import Circle
from tests.browser.harness import assert_accessible, assert_fits_every_width
from tests.publication.releasing import release
from tests.rewards import case

POINTS = ["95", "92", "90", "84", "80", "78", "75", "70", "66", "60", "15"]


@pytest.fixture
def published(page_at, competition, organiser, colleague):
    """Eleven units whose results the whole county reads."""
    case.build(competition, organiser, colleague, POINTS)
    return release(case.tabulate(competition, organiser), organiser, Circle.COUNTY)


def test_reader_downloads_and_verifies_what_is_published(page_at, published, tmp_path):
    page = page_at(1280, java_script_enabled=False)
    page.goto("/c/linhe-2022/ranking/")
    page.get_by_role("link", name="核验", exact=True).click()
    page.get_by_role("heading", name="怎样核对").wait_for()
    for name in ("公开卷宗", "核验程序"):
        with page.expect_download() as coming:
            page.get_by_role("link", name=name).click()
        coming.value.save_as(tmp_path / coming.value.suggested_filename)
    command = page.locator("pre code").inner_text().split()
    done = subprocess.run(
        [sys.executable, *command[1:]],
        cwd=tmp_path,
        env={},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "核验通过" in done.stdout.splitlines()[-1]
    shown = page.locator("code.digest").all_inner_texts()
    assert len(shown) == 5
    assert all(digest in done.stdout for digest in shown[:3])


@pytest.mark.once
def test_verification_page_fits_every_width_and_is_accessible(page, published):
    page.goto("/c/linhe-2022/verify/")
    assert_accessible(page)
    assert_fits_every_width(page, "verify")
