"""The editor of the rules in a browser: the example follows the typing, a choice its fields."""

import pytest
from playwright.sync_api import expect

from competitions.models import SchemeDraft
from tests.browser.harness import assert_in_order, sign_in

EDIT = "/work/linhe/rules/edit/"
BANDS = f"{EDIT}tracks.0.rounds.2.criteria.7/"
UNCOVERED = """() => {
  const here = document.activeElement, box = here.getBoundingClientRect();
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return here.contains(top) || top.contains(here);
}"""


@pytest.fixture
def page(page_at, linhe, organiser):
    page = page_at(1280)
    sign_in(page, organiser)
    return page


@pytest.mark.once
def test_example_follows_the_typing_and_a_choice_shows_its_fields(page):
    page.goto(BANDS)
    sentence = page.locator(".worked-sentence")
    expect(sentence).to_have_text("若某乡镇本期 91，则得 6.00 分。")
    # Typing asks again; nothing is sent to be saved.
    page.locator('[name="rule.conversion.bands.1.points"]').fill("5.5")
    expect(sentence).to_have_text("若某乡镇本期 91，则得 5.50 分。")
    page.locator('[name="sample.value"]').fill("96")
    expect(sentence).to_have_text("若某乡镇本期 96，则得 7.00 分。")
    page.locator('[name="rule.conversion.kind"]').select_option("direct")
    expect(page.locator('[name="rule.conversion.factor"]')).to_be_visible()
    expect(page.locator('[name="rule.conversion.bands.0.points"]')).to_have_count(0)
    assert SchemeDraft.objects.count() == 1
    page.get_by_role("button", name="保存为新一稿").click()
    expect(page.get_by_text("已保存为第 2 稿")).to_be_visible()


@pytest.mark.once
def test_pages_of_the_editor_fit_and_are_accessible(page):
    places = {"all": "", "rounds": "tracks.0.rounds/", "round": "tracks.0.rounds.0/"}
    assert_in_order(page, "editor", {name: f"{EDIT}{at}" for name, at in places.items()})
    # Who comes to a row from below by keyboard sees it: the table's sticky head does not cover it.
    page.goto(f"{EDIT}tracks.0.rounds.2.criteria/")
    page.get_by_role("button", name="删除").last.focus()
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        assert page.evaluate(UNCOVERED)


def test_editor_works_without_script(page_at, linhe, organiser):
    page = page_at(360, java_script_enabled=False)
    sign_in(page, organiser)
    page.goto(BANDS)
    page.locator('[name="sample.value"]').fill("96")
    page.get_by_role("button", name="算一算").click()
    expect(page.locator(".worked-sentence")).to_have_text("若某乡镇本期 96，则得 7.00 分。")
    page.locator('[name="rule.conversion.kind"]').select_option("rank")
    page.get_by_role("button", name="按所选内容更新表单").click()
    expect(page.locator('[name="rule.conversion.step"]')).to_be_visible()
