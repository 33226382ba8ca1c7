"""The timekeeper's page counts on by itself, and says what overtime will cost as the rules do."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from competitions.scheme.event_types import Event
from tests.arena.live_case import build_case
from tests.arena.test_overtime import PARTS, RULE, hold
from tests.browser.harness import sign_in


@pytest.fixture
def live(transactional_db, competition):
    return build_case(competition)


def test_charge_runs_on_with_the_clock(page_at, live, clerk):
    # Minutes, not seconds: how long the machine takes for a page makes no difference.
    rule = replace(RULE, allowance=600, every=600)
    hold(live, arena=Event(segments=PARTS, overtime=rule))
    live.move("begin", now=timezone.now() - timedelta(seconds=240))
    page = page_at(1280)
    sign_in(page, clerk)
    page.clock.install()
    page.goto(f"/work/{live.hall.competition.slug}/arena/arena/timer/")
    charge = page.locator("[data-charge]")
    expect(charge).to_have_text("")
    for seconds, words in (
        (300, "，宽限以内不扣分"),
        (700, "，将扣 0.5 分"),
        (1200, "，将扣 1.5 分"),
        (9999, "，将扣 2 分"),
    ):
        page.clock.fast_forward(seconds * 1000)
        expect(charge).to_contain_text(words)
