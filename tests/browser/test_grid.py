"""The grid of measured values in a browser: keys, pasted blocks, plain inputs without scripts."""

import datetime
import uuid

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from competitions.scheme.shipped import read_shipped
from scoring.actions.measurements import enter_measurements
from scoring.models import LedgerEvent, Measurement, Ruling
from tests.browser.harness import assert_accessible, assert_fits_every_width, sign_in
from tests.scoring.evidence_case import add_judge, add_secretary, add_units, publish

UNITS = [
    "狼山镇",
    "新华镇",
    "干召庙镇",
    "乌兰图克镇",
    "双河镇",
    "城关镇",
    "白脑包镇",
    "曙光乡",
    "八一乡",
    "狼山农场",
    "临河农场",
]
WORK = "/work/linhe-2022/"
INCOME = WORK + "measurements/routine/criterion/income/"
PASTE = """([selector, text]) => {
  const input = document.querySelector(selector);
  const data = new DataTransfer();
  data.setData("text/plain", text);
  input.focus();
  input.dispatchEvent(new ClipboardEvent("paste", {
    clipboardData: data, bubbles: true, cancelable: true,
  }));
}"""


@pytest.fixture
def case(transactional_db, competition, organiser):
    publish(competition, organiser.person, read_shipped("linhe-2022"))
    add_units(competition, *UNITS)
    return competition


def cell(entry, key, criterion="income"):
    return f'[name="v:{entry}:{criterion}:{key}"]'


def paste(page, selector, text):
    page.evaluate(PASTE, [selector, text])


def values(page, key, *entries):
    return [page.input_value(cell(entry, key)) for entry in entries]


def enter(competition, user, values):
    enter_measurements(
        competition=competition,
        round_key="routine",
        values=values,
        revisions={},
        op=uuid.uuid4(),
        by=user.person,
        now=timezone.now(),
    )


def test_a_block_is_pasted_and_undone_and_saved(case, organiser, page):
    sign_in(page, organiser)
    page.goto(INCOME)
    paste(page, cell("e02", "baseline"), "21000\t22050\r\n２０５００\t/\r\n")
    assert values(page, "baseline", "e01", "e02", "e03") == ["", "21000", "２０５００"]
    assert values(page, "value", "e02", "e03") == ["22050", "/"]
    page.get_by_text("已填入 4 格，还没有保存。").wait_for()
    page.get_by_role("button", name="撤销粘贴").click()
    assert values(page, "baseline", "e02", "e03") == ["", ""]
    paste(page, cell("e02", "baseline"), "21000\t22050\r\n２０５００\t/\r\n")
    page.get_by_role("button", name="保存数值").first.click()
    page.get_by_text("已保存 2 行").wait_for()
    saved = {row.entry.key: row.values for row in Measurement.objects.select_related("entry")}
    assert saved == {"e02": {"baseline": "21000", "value": "22050"}, "e03": {"baseline": "20500"}}


def test_a_block_with_names_goes_to_the_rows_of_those_names(case, organiser, page):
    sign_in(page, organiser)
    page.goto(INCOME)
    text = "临河农场\t1\t2\n新华\t3\t4\n合计\t4\t6\n狼山农场\t5\t6\n"
    paste(page, cell("e01", "baseline"), text)
    assert values(page, "baseline", "e11", "e02", "e10", "e01") == ["1", "3", "5", ""]
    page.get_by_text("已按名称对应").wait_for()
    page.get_by_text("没有对上的行：合计").wait_for()


def test_what_does_not_fit_is_said(case, organiser, page):
    sign_in(page, organiser)
    page.goto(INCOME)
    paste(page, cell("e11", "value"), "1\t2\n3\t4\n")
    assert page.input_value(cell("e11", "value")) == "1"
    page.get_by_text("有 3 格超出表格").wait_for()


def test_keys_move_between_cells(case, organiser, page):
    sign_in(page, organiser)
    page.goto(INCOME)
    page.focus(cell("e01", "baseline"))
    for key, name in (
        ("ArrowDown", "v:e02:income:baseline"),
        ("Enter", "v:e03:income:baseline"),
        ("ArrowRight", "v:e03:income:value"),
        ("ArrowUp", "v:e02:income:value"),
        ("ArrowLeft", "v:e02:income:baseline"),
        ("Shift+Enter", "v:e01:income:baseline"),
        ("ArrowUp", "v:e01:income:baseline"),
        ("Tab", "v:e01:income:value"),
    ):
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.name") == name
    assert page.url.endswith(INCOME) and not Measurement.objects.exists()


def test_plain_inputs_work_without_scripts(case, organiser, page_at):
    page = page_at(360, java_script_enabled=False)
    sign_in(page, organiser)
    page.goto(INCOME)
    page.fill(cell("e01", "value"), "22050")
    page.get_by_role("button", name="保存数值").first.click()
    page.get_by_text("已保存 1 行").wait_for()
    assert Measurement.objects.get().values == {"value": "22050"}


@pytest.mark.once
def test_pages_of_values_are_accessible_and_fit(case, organiser, colleague, page):
    enter(
        case,
        colleague,
        {
            (f"e{number:02d}", "income"): {"baseline": str(20000 + number * 311), "value": "22050"}
            for number in range(1, 10)
        },
    )
    sign_in(page, organiser)
    for address, name in (
        (WORK + "measurements/routine/", "measurements"),
        (INCOME, "measurements-criterion"),
        (WORK + "measurements/routine/entry/e01/", "measurements-entry"),
        (WORK + "measurements/routine/verify/", "measurements-verify"),
        (WORK + "measurements/routine/import/", "measurements-import"),
    ):
        page.goto(address)
        assert_accessible(page)
        assert_fits_every_width(page, name)
    text = "单位\t农村居民人均可支配收入增速基期\t本期\n狼山\t21000\t22050\n石头镇\t1\t约两万\n"
    page.fill("#id_pasted", text.replace("\t本期", "\t农村居民人均可支配收入增速本期"))
    page.get_by_role("button", name="预览改动").click()
    page.get_by_text("没有「石头镇」").wait_for()
    assert_accessible(page)
    assert_fits_every_width(page, "measurements-problems")


@pytest.mark.once
def test_a_wide_table_of_votes_scrolls_inside_the_page(case, organiser, page):
    for entry, name in zip(
        list(case.entries.order_by("id")), "甲乙丙丁戊己庚辛壬癸子", strict=True
    ):
        add_secretary(entry, f"演练{name}", since=datetime.date(2020, 1, 1))
    sign_in(page, organiser)
    page.goto(WORK + "measurements/sec-vote/criterion/s-vote/")
    paste(page, cell("s01", "cadres.excellent", "s-vote"), "10\t5\t3\t0\t1\t40\t20\t6\t2\t0\n")
    page.get_by_text("已填入 10 格").wait_for()
    assert_accessible(page)
    assert_fits_every_width(page, "measurements-votes")
    page.get_by_role("button", name="保存数值").first.click()
    page.get_by_text("已保存 1 行").wait_for()
    assert Measurement.objects.get().values["people.abstained"] == "0"


def test_two_versions_stand_side_by_side(case, organiser, colleague, page):
    sign_in(page, organiser)
    page.goto(INCOME)
    enter(case, colleague, {("e01", "income"): {"value": "22000"}})
    page.fill(cell("e01", "value"), "22050")
    page.get_by_role("button", name="保存数值").first.click()
    page.get_by_text("有人先保存了同样的单元格").wait_for()
    assert_accessible(page)
    assert_fits_every_width(page, "measurements-stale")


def test_the_ledger_shows_how_much_of_a_cap_is_used(case, organiser, page):
    sign_in(page, organiser)
    page.goto(WORK + "ledger/new/")
    page.select_option("#id_entry", "e01")
    first = page.locator("#id_item option").nth(1).get_attribute("value")
    page.select_option("#id_item", first)
    page.get_by_text("本项已计 0 分").wait_for()
    assert page.input_value("#id_points") != ""
    page.fill("#id_happened_on", "2022-05-04")
    page.fill("#id_reason", "人居环境整治受市级表彰")
    picture = {"name": "表彰.png", "mimeType": "image/png", "buffer": PICTURE}
    page.set_input_files("#id_file", picture)
    # No browser keeps the page, but the tab keeps what was typed; the file is chosen anew.
    page.get_by_role("link", name="返回").click()
    page.go_back()
    page.get_by_text("选好的文件放不回来").wait_for()
    assert page.input_value("#id_item") == first
    assert page.input_value("#id_reason") == "人居环境整治受市级表彰"
    page.get_by_text("本项已计 0 分").wait_for()
    page.set_input_files("#id_file", picture)
    assert_accessible(page)
    assert_fits_every_width(page, "ledger-form")
    page.get_by_role("button", name="登记加减分").click()
    page.get_by_text("等候另一位工作人员核对").first.wait_for()
    expect(page.locator(".evidence-picture")).to_have_js_property("naturalWidth", 1)
    assert_accessible(page)
    assert_fits_every_width(page, "ledger-event")
    page.go_back()
    assert page.input_value("#id_reason") == "" and page.locator("[data-kept]").is_hidden()
    page.goto(WORK + "ledger/")
    assert_accessible(page)
    assert_fits_every_width(page, "ledger")
    assert LedgerEvent.objects.get().happened_on == datetime.date(2022, 5, 4)


def lose_the_answer(route):
    route.fetch(max_redirects=0)
    route.fulfill(status=502, content_type="text/plain", body="502")


def test_a_ruling_is_recorded(case, organiser, colleague, page, faults):
    add_judge(case, 1, "arena")
    sign_in(page, organiser)
    page.goto(WORK + "rulings/")
    assert_accessible(page)
    assert_fits_every_width(page, "rulings")
    page.get_by_role("link", name="同分先后").click()
    assert_accessible(page)
    assert_fits_every_width(page, "ruling-tie")
    page.goto(WORK + "rulings/new/exclude_judge/")
    page.select_option("#id_round", "arena")
    page.select_option("#id_judge", "j01")
    page.fill("#id_reason", "评委因病缺席")
    page.fill("#id_decided_by", "擂台办主任会议")
    page.fill("#id_decided_on", "2022-08-20")
    page.goto(WORK + "rulings/")
    page.go_back()
    page.get_by_text("您刚才填写的内容已放回").wait_for()
    assert page.locator("[data-kept-file]").is_hidden()
    page.get_by_role("button", name="不要了").click()
    page.locator("[data-kept]").wait_for(state="hidden")
    assert page.input_value("#id_reason") == ""
    page.select_option("#id_round", "arena")
    page.select_option("#id_judge", "j01")
    page.fill("#id_decided_by", "擂台办主任会议")
    page.fill("#id_decided_on", "2022-08-20")
    refused = page.input_value("[name=op]")
    page.get_by_role("button", name="录入裁定").click()
    page.get_by_text("请写明").first.wait_for()
    # A page that shows a refused form again has a number of its own: the sent one may be used up.
    expect(page.locator("[name=op]")).not_to_have_value(refused)
    page.go_back()
    assert page.input_value("#id_decided_by") == "擂台办主任会议"
    page.fill("#id_reason", "评委因病缺席")
    # Saved, and the answer is lost: what was sent is not forgotten on whatever page comes next.
    sent = page.input_value("[name=op]")
    assert sent != refused
    faults.expect(502)
    page.route("**/exclude_judge/", lose_the_answer)
    page.get_by_role("button", name="录入裁定").click()
    page.get_by_text("502").wait_for()
    page.unroute("**/exclude_judge/")
    page.goto(WORK + "rulings/")
    page.goto(WORK + "rulings/new/exclude_judge/")
    page.get_by_text("可能已经保存").wait_for()
    assert page.input_value("[name=op]") == sent
    # Another content is another operation; the same is saved once.
    page.fill("#id_reason", "评委因公缺席")
    assert page.input_value("[name=op]") not in {sent, refused}
    page.fill("#id_reason", "评委因病缺席")
    assert page.input_value("[name=op]") == sent
    page.get_by_role("button", name="录入裁定").click()
    page.get_by_text("等候另一位工作人员核对").first.wait_for()
    assert Ruling.objects.get().reason == "评委因病缺席"
    page.wait_for_load_state()
    assert page.evaluate("sessionStorage.length") == 0
    assert_accessible(page)
    assert_fits_every_width(page, "ruling")
    page.goto(WORK + "rulings/new/exclude_judge/")
    page.fill("#id_reason", "还没有交")
    # Her session ran out: who is here next finds nothing of it, on whatever page.
    sign_in(page, colleague)
    page.goto(WORK + "rulings/")
    assert page.evaluate("sessionStorage.length") == 0
    page.goto(WORK + "rulings/new/exclude_judge/")
    page.fill("#id_reason", "还没有交")
    page.locator("summary", has=page.locator(".menu-person")).click()
    page.get_by_role("button", name="退出").click()
    page.wait_for_url(lambda url: "/work/" not in url)
    assert page.evaluate("sessionStorage.length") == 0


# One transparent pixel.
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4"
    "890000000b49444154789c6360000200000500017a5eab3f0000000049454e44"
    "ae426082"
)
