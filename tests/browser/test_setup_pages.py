"""The organiser's and administrator's pages in a browser: they fit, are accessible, and work."""

import datetime

import pytest

from competitions import actions
from competitions.models import Competition, Involvement
from tests import factories
from tests.browser.harness import (
    assert_accessible,
    assert_fits_every_width,
    assert_in_order,
    sign_in,
)
from tests.kept import keep

PAGES = {
    "list": "/work/",
    "new-host": "/work/new/?q=",
    "new": "/work/new/",
    "overview": "/work/linhe/",
    "rules": "/work/linhe/rules/",
    "rules-print": "/work/linhe/rules/print/",
    "rules-draft": "/work/linhe/rules/draft/",
    "rules-publish": "/work/linhe/rules/publish/",
    "entrants": "/work/linhe/entrants/",
    "entrants-add": "/work/linhe/entrants/add/",
    "entrants-import": "/work/linhe/entrants/import/",
    "entry": "/work/linhe/entrants/e01/",
    "withdraw": "/work/linhe/entrants/e01/withdraw/",
    "person-add": "/work/linhe/people/add/",
    "tracks": "/work/linhe/tracks/",
    "track": "/work/linhe/tracks/township/",
    "secretaries": "/work/linhe/secretaries/",
    "secretary-add": "/work/linhe/secretaries/add/",
    "judges": "/work/linhe/judges/",
    "judge-add": "/work/linhe/judges/add/",
    "recusals": "/work/linhe/recusals/",
    "recusal-add": "/work/linhe/recusals/add/",
    "schedule": "/work/linhe/schedule/",
    "sites": "/work/linhe/schedule/review1/sites/",
    "roles": "/role/",
    "password": "/account/password/",
}
ADMIN_PAGES = {"accounts": "/accounts/", "account-new": "/accounts/new/"}
OPEN_PAGES = {"home": "/", "signin": "/signin/"}


@pytest.fixture
def tied(ready, entries, organiser, now):
    """The competition with a change of secretary, a recusal, and judges tied to entrants."""
    keep("tied", lambda: _tie(ready, entries, organiser, now))
    return ready


def _tie(ready, entries, organiser, now):
    common = {"competition": ready, "by": organiser.person, "now": now}
    judges = list(ready.judges.in_seniority_order())
    actions.record_term(
        **common,
        unit=entries[0].unit,
        person=factories.PersonFactory(name="王新任"),
        since=datetime.date(2022, 8, 1),
        ends_former=True,
    )
    actions.record_involvement(
        **common,
        person=judges[0].person,
        unit=entries[1].unit,
        kind=Involvement.Kind.HELD_OFFICE,
    )
    actions.record_recusal(**common, judge=judges[1], entry=entries[2], reason="配偶在该场任职")


@pytest.mark.once
def test_organiser_s_pages_fit_and_are_accessible(page, organiser, tied):
    sign_in(page, organiser)
    assert_in_order(page, "setup", PAGES)


@pytest.mark.once
def test_administrator_s_pages_fit_and_are_accessible(page, admin, organiser):
    sign_in(page, admin)
    assert_in_order(page, "setup", ADMIN_PAGES)


@pytest.mark.once
def test_front_door_fits_and_is_accessible(page):
    assert_in_order(page, "setup", OPEN_PAGES)


def test_organiser_of_a_city_creates_a_county_s_competition_without_script(page_at, organiser):
    organiser.person.roles.update(host_code="1508")
    page = page_at(1280, java_script_enabled=False)
    sign_in(page, organiser)
    page.goto("/work/")
    page.get_by_role("link", name="新建比武").first.click()
    page.get_by_label("主办县（区、旗、市）").fill("lhq")
    page.get_by_role("button", name="查找").click()
    page.get_by_role("link", name="临河区").click()
    page.get_by_label("年度").fill("2022")
    page.get_by_label("评分办法").select_option("linhe-2022")
    assert page.get_by_label("狼山农场参评").is_checked()
    page.get_by_role("button", name="新建比武").click()
    page.wait_for_url("**/work/150802-2022/")
    competition = Competition.objects.get()
    names = [entry.name for entry in competition.entries.in_official_order()]
    assert len(names) == 11
    assert {"狼山镇", "狼山农场", "临河农场"} <= set(names)


def test_search_shows_counties_while_typing(page, organiser):
    sign_in(page, organiser)
    page.goto("/work/new/?q=")
    page.get_by_label("主办县（区、旗、市）").press_sequentially("lh")
    page.get_by_role("link", name="临河区").wait_for()


def test_list_pasted_is_previewed_before_it_is_imported(page, organiser, linhe):
    sign_in(page, organiser)
    page.goto("/work/linhe/entrants/import/")
    page.get_by_label("粘贴表格").fill("单位名称\t难度系数\n狼山\t1.1\n八一乡\t1\n")
    page.get_by_role("button", name="预览").click()
    page.get_by_text("新增 1 个单位").wait_for()
    assert linhe.entries.count() == 3
    assert_fits_every_width(page, "setup-entrants-preview")
    assert_accessible(page)
    page.get_by_role("button", name="确认导入").click()
    page.get_by_text("已导入：新增 1 个单位，修改 1 个单位。").wait_for()
    assert linhe.entries.get(unit__name="狼山镇").factor == "1.1"
