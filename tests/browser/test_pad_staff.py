"""Staff pages of a marked round in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from scoring.models import Sheet
from tests import factories
from tests.browser.harness import assert_accessible, assert_fits_every_width, picture, sign_in
from tests.scoring.sheet_forms import hand_in
from tests.scoring.stage import ARENA, PERSON, build_stage, recuse
from tests.scoring.test_two_secretaries import add_successor

# What scripts and widths do to staff's pages; the pages themselves: tests/scoring.
pytestmark = pytest.mark.once
ROUND = "/work/linhe-2022/rounds/arena/"
LINHE = "狼山镇 新华镇 干召庙镇 乌兰图克镇 双河镇 城关镇 白脑包镇 曙光乡 八一乡 狼山农场 临河农场"


@pytest.fixture
def stage(transactional_db):
    competition = factories.CompetitionFactory(slug="linhe-2022", title="临河区2022年擂台比武")
    stage = build_stage(competition, judges=9, units=LINHE.split())
    recuse(stage, stage.judges[3], "e02")
    hand_in(stage, stage.judges[1:3], range(1, 10))
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
    expect(second.locator(".messages").first).to_contain_text("已核对 1 份")
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
    expect(page.locator("main")).to_contain_text("还没有收齐")
    assert_accessible(page)
    hand_in(stage, stage.judges[1:3], (10, 11))
    for judge in [stage.judges[0], *stage.judges[3:]]:
        judge.seats.filter(round_key__contains="arena").delete()
    page.reload()
    assert_accessible(page)
    page.locator('input[name$=".a-results"]').fill("35.5")
    page.get_by_label("原因").fill("纸质原件为 35.5，评委点错。")
    page.get_by_role("button", name="提出更正").click()
    expect(page.locator("main")).to_contain_text("等待核对的更正")
    assert_accessible(page)
    assert_fits_every_width(page, "sheet-correction")
    page.goto(f"{ROUND}blank/?judge=j02")
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


def test_paper_pasted_keeps_two_secretaries_of_a_unit_apart(page_at, stage, clerk):
    add_successor(stage, key="s99", of="e07", name="余静波")
    desk = page_at(1280)
    sign_in(desk, clerk)
    desk.goto(f"{ROUND}paper/j01/")
    said = desk.locator("[data-grid-said]")
    unit, person = "\t".join(ARENA.values()), "\t".join(PERSON.values())
    empty = "\t" * (len(ARENA) - 1)

    def value(name):
        return desk.locator(f'input[name="{name}"]').input_value()

    # One row a unit would put the next unit's marks beside the second secretary: nothing is filled.
    paste(desk, "m.e07..a-results", f"{unit}\t{person}\n{unit}\t{person}\n")
    expect(said).to_contain_text("没有填入")
    assert value("m.e07..a-results") == value("m.s99..s-drive") == ""
    # In the order of the rows each has his own.
    paste(desk, "m.e07..a-results", f"{unit}\t{person}\n{empty}\t35\t26\t25\n")
    expect(said).to_contain_text("白脑包镇有两位书记")
    assert (value("m.s07..s-drive"), value("m.s99..s-drive")) == ("36", "35")
    # By name: the person's name finds his row, the unit's alone does not say which.
    paste(desk, "m.s01..s-drive", "余静波\t34\t24\t23\n书记7\t33\t22\t21\n")
    expect(said).to_contain_text("已按名称对应")
    assert (value("m.s07..s-drive"), value("m.s99..s-drive")) == ("33", "34")
    paste(desk, "m.s01..s-drive", "白脑包镇\t30\t20\t20\n狼山镇\t31\t21\t21\n")
    expect(said).to_contain_text("白脑包镇不止一行，没有填入")
    assert (value("m.s01..s-drive"), value("m.s99..s-drive")) == ("31", "34")
    assert value("m.s07..s-drive") == "33"
    assert_accessible(desk)
    assert_fits_every_width(desk, "paper-two-secretaries")
    desk.goto(ROUND)
    expect(desk.locator(".sheet-parts").first).to_contain_text("余静波")
    assert_accessible(desk)
    assert_fits_every_width(desk, "matrix-two-secretaries")


def test_matrix_is_cards_on_a_phone_with_what_is_owed_first(page_at, stage, clerk):
    page = page_at(360)
    sign_in(page, clerk)
    page.goto(ROUND)
    card = page.get_by_role("row").filter(has_text="2 号")
    seen = card.locator(".sheet-cell").evaluate_all(
        """found => found.map(one => {
          const box = one.getBoundingClientRect();
          return [one.dataset.label, box.left >= 0 && box.right <= innerWidth, box.top];
        })"""
    )
    assert [name for name, _, _ in seen] == LINHE.split()
    assert all(inside for _, inside, _ in seen)
    assert {name for name, _, _ in sorted(seen, key=lambda one: one[2])[:2]} == {
        "狼山农场",
        "临河农场",
    }


def test_long_name_in_the_breadcrumbs_is_cut_at_its_end(page_at, stage, clerk):
    stage.competition.title = "临河区2022年“乡村振兴擂台比武”暨各乡镇农场党委书记年度述职评议"
    stage.competition.save()
    page = page_at(1280)
    sign_in(page, clerk)
    page.goto(ROUND)
    outer, inner, shown = page.locator(".crumbs li:nth-child(2)").evaluate(
        """e => [e.getBoundingClientRect().right, e.lastElementChild.getBoundingClientRect().right,
                 getComputedStyle(e.lastElementChild).textOverflow]"""
    )
    assert (inner <= outer + 0.5, shown) == (True, "ellipsis")
