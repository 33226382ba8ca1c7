"""Staff pages of a marked round in a real browser."""

import re
import uuid

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from scoring.actions.sheets import submit_sheets
from scoring.models import Sheet
from tests import factories
from tests.browser.harness import assert_accessible, assert_fits_every_width, picture, sign_in
from tests.scoring.stage import ARENA, PERSON, build_stage, recuse

ROUND = "/work/linhe-2022/rounds/arena/"
LINHE = "狼山镇 新华镇 干召庙镇 乌兰图克镇 双河镇 城关镇 白脑包镇 曙光乡 八一乡 狼山农场 临河农场"


@pytest.fixture
def stage(transactional_db):
    competition = factories.CompetitionFactory(slug="linhe-2022", title="临河区2022年擂台比武")
    stage = build_stage(competition, judges=9, units=LINHE.split())
    recuse(stage, stage.judges[3], "e02")
    for judge in stage.judges[1:3]:
        for number in range(1, 10):
            submit_sheets(
                judge=judge,
                round_key="arena",
                sheets=stage.speech(f"e{number:02d}"),
                op=uuid.uuid4(),
                by=judge.person,
                now=timezone.now(),
            )
    return stage


def paste(page, name, text):
    page.locator(f'input[name="{name}"]').focus()
    page.evaluate(
        """text => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          const options = {clipboardData: data, bubbles: true, cancelable: true};
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", options));
        }""",
        text,
    )


def test_paper_pasted_by_one_is_verified_by_another_and_the_matrix_follows(
    page_at, stage, clerk, organiser
):
    line = "\t".join([*ARENA.values(), *PERSON.values()])
    desk = page_at(1280)
    sign_in(desk, clerk)
    desk.goto(ROUND)
    assert_accessible(desk)
    desk.get_by_role("link", name="录入纸质表（1 号评委）").click()
    paste(desk, "m.e01..a-results", f"{line}\n{line}\n")
    expect(desk.locator("[data-grid-said]")).to_contain_text("已填入 16 格")
    assert_accessible(desk)
    assert_fits_every_width(desk, "paper-entry")
    desk.get_by_role("button", name="保存录入").first.click()
    expect(desk.locator(".messages")).to_contain_text("已录入 2 份")
    second = page_at(1280)
    sign_in(second, organiser)
    second.goto(f"{ROUND}verify/j01/")
    assert_accessible(second)
    paste(second, "m.e01..a-results", f"{line}\n{line.replace('38.5', '35.5')}\n")
    second.get_by_role("button", name="提交核对").click()
    expect(second.locator(".messages").first).to_contain_text("已核对 2 份")
    expect(second.locator("main")).to_contain_text("两次录入不一致")
    assert_accessible(second)
    assert_fits_every_width(second, "paper-differs")
    second.get_by_role("link", name="对照原件打勾").click()
    assert_fits_every_width(second, "paper-tick")
    second.goto(ROUND)
    expect(second.locator("main")).to_contain_text("两次录入不一致")
    assert_accessible(second)
    assert_fits_every_width(second, "round-state")
    assert Sheet.objects.counted().count() == 36 + 3


def test_correction_page_and_blank_sheets(page_at, stage, clerk):
    page = page_at(1280)
    sign_in(page, clerk)
    sheet = Sheet.objects.filter(round_key="arena").first()
    page.goto(f"{ROUND}sheets/{sheet.id}/")
    assert_accessible(page)
    page.locator('input[name$=".a-results"]').fill("35.5")
    page.get_by_label("原因").fill("纸质原件为 35.5，评委点错。")
    page.get_by_role("button", name="提出更正").click()
    expect(page.locator("main")).to_contain_text("等待核对的更正")
    assert_accessible(page)
    assert_fits_every_width(page, "sheet-correction")
    page.goto(f"{ROUND}blank/?judge=j01")
    assert_accessible(page)
    assert_fits_every_width(page, "blank-arena")
    page.emulate_media(media="print")
    pdf = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type /Page\b", pdf)) == 11  # one page a contestant
    picture(page, "blank-arena-print")
    page.goto("/work/linhe-2022/rounds/review1/blank/?judge=j01")
    pdf = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type /Page\b", pdf)) == 1  # the whole tour
    picture(page, "blank-tour-print")
