"""The pages of measured values: overview, grids, the second person's check."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from scoring.actions.measurements import enter_measurements
from scoring.models import Measurement
from tests.scoring.evidence_case import add_units, publish

ROUND = ["linhe-2022", "routine"]
OVERVIEW = ("work_measurements", ROUND)
CRITERION = ("work_measurements_criterion", [*ROUND, "income"])
ENTRY = ("work_measurements_entry", [*ROUND, "e01"])
VERIFY = ("work_measurements_verify", ROUND)
PAGES = [OVERVIEW, CRITERION, ENTRY, VERIFY]


@pytest.fixture
def case(competition, organiser):
    publish(competition, organiser.person)
    add_units(competition, "城关镇", "双河镇")
    return competition


def address(page):
    return reverse(page[0], args=page[1])


def enter(competition, user, values):
    return enter_measurements(
        competition=competition,
        round_key="routine",
        values=values,
        revisions={},
        op=uuid.uuid4(),
        by=user.person,
        now=timezone.now(),
    )


def filled(response, **cells):
    """The page's own form data with some cells typed over: {"e01__income__value": "12"}."""
    form = response.context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    for name, text in cells.items():
        data["v:" + name.replace("__", ":").replace("_", "-")] = text
    return data


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["organiser", "clerk", "auditor"])
def test_insiders_may_read(client, case, request, page, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get(address(page)).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_an_outsider_finds_nothing(client, case, outsider, page):
    client.force_login(outsider)
    assert client.get(address(page)).status_code == 404


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["leader", "admin", "judge", "secretary", "nobody"])
def test_other_roles_are_refused(client, case, request, page, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get(address(page)).status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_is_asked_to_sign_in(client, case, page):
    response = client.get(address(page))
    assert response.status_code == 302 and "/signin/" in response["Location"]


@pytest.mark.parametrize("page", [CRITERION, ENTRY, VERIFY])
def test_an_auditor_may_not_post(client, case, auditor, page):
    client.force_login(auditor)
    assert client.post(address(page)).status_code == 403


def test_wrong_methods_are_refused(client, case, organiser):
    client.force_login(organiser)
    assert client.post(address(OVERVIEW)).status_code == 405
    assert client.delete(address(CRITERION)).status_code == 405


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("work_measurements", ["linhe-2022", "arena"]),
        ("work_measurements", ["linhe-2022", "nothing"]),
        ("work_measurements_criterion", [*ROUND, "points"]),
        ("work_measurements_entry", [*ROUND, "e99"]),
        ("work_measurements", ["nowhere", "routine"]),
    ],
)
def test_what_is_not_there_is_not_found(client, case, organiser, name, arguments):
    client.force_login(organiser)
    assert client.get(reverse(name, args=arguments)).status_code == 404


def test_a_closed_competition_is_read_only(client, case, organiser):
    case.stage = "closed"
    case.save()
    client.force_login(organiser)
    assert b"grid-cell" not in client.get(address(CRITERION)).content
    assert client.post(address(CRITERION)).status_code == 403


def test_the_auditor_sees_values_and_no_inputs(client, case, organiser, auditor):
    enter(case, organiser, {("e01", "income"): {"value": "22050"}})
    client.force_login(auditor)
    page = client.get(address(CRITERION)).content.decode()
    assert "22050" in page and "grid-cell" not in page and "保存数值" not in page


def test_the_grid_of_a_criterion_saves_and_comes_back(client, case, organiser):
    client.force_login(organiser)
    response = client.get(address(CRITERION))
    data = filled(response, e01__income__baseline="２１０００", e01__income__value="22050")
    response = client.post(address(CRITERION), data, follow=True)
    assert response.redirect_chain == [(address(CRITERION), 302)]
    assert "已保存 1 行" in response.content.decode()
    assert Measurement.objects.get().values == {"baseline": "21000", "value": "22050"}
    again = client.post(address(CRITERION), filled(response), follow=True)
    assert "没有改动" in again.content.decode()


def test_the_grid_of_an_entry_shows_each_criterions_own_inputs(client, case, organiser):
    client.force_login(organiser)
    response = client.get(address(ENTRY))
    assert response.context["form"].headers == ["基期", "本期", "目标"]
    data = filled(response, e01__visitors__target="5", e01__visitors__value="4.5")
    client.post(address(ENTRY), data)
    assert Measurement.objects.get().values == {"target": "5", "value": "4.5"}


def test_cells_that_cannot_be_read_are_named_and_nothing_is_lost(client, case, organiser):
    client.force_login(organiser)
    response = client.get(address(CRITERION))
    data = filled(response, e01__income__value="约两万", e02__income__value="7")
    page = client.post(address(CRITERION), data).content.decode()
    assert "城关镇，农民人均收入，本期（元）" in page and "不是数字" in page
    assert 'value="约两万"' in page and 'value="7"' in page
    assert not Measurement.objects.exists()


def test_a_double_submit_saves_once(client, case, organiser):
    client.force_login(organiser)
    data = filled(client.get(address(CRITERION)), e01__income__value="7")
    assert client.post(address(CRITERION), data).status_code == 302
    assert client.post(address(CRITERION), data).status_code == 302
    assert Measurement.objects.count() == 1


def test_a_stale_save_shows_both_versions_and_keeps_what_was_typed(
    client, case, organiser, colleague
):
    enter(case, organiser, {("e01", "income"): {"baseline": "10", "value": "20"}})
    client.force_login(organiser)
    shown = client.get(address(CRITERION))
    client.force_login(colleague)
    other = client.get(address(CRITERION))
    client.post(
        address(CRITERION), filled(other, e01__income__value="21", e01__income__baseline="11")
    )
    client.force_login(organiser)
    response = client.post(
        address(CRITERION), filled(shown, e01__income__value="22", e02__income__value="5")
    )
    page = response.content.decode()
    assert "有人先保存了同样的单元格" in page and "组织员乙" in page
    (row,) = response.context["stale"]
    assert row["left"] == "22" and row["right"].startswith("21（")
    form = response.context["form"]
    assert form["v:e01:income:value"].value() == "22"
    assert form["v:e01:income:baseline"].value() == "11"
    assert form["v:e02:income:value"].value() == "5"
    assert client.post(address(CRITERION), filled(response)).status_code == 302
    values = {row.entry.key: row.values for row in Measurement.objects.select_related("entry")}
    assert values == {"e01": {"baseline": "11", "value": "22"}, "e02": {"value": "5"}}


def check(client, response, do, rows=None, **extra):
    tokens = [token for _item, rows_ in response.context["groups"] for _line, token, _own in rows_]
    data = {"op": uuid.uuid4(), "do": do, "shown": tokens, "rows": rows or []}
    data |= {"compared": "1", **extra} if do == "verify_all" else extra
    return client.post(address(VERIFY), data, follow=True)


def test_a_colleague_verifies_all_that_is_shown(client, case, organiser, colleague):
    enter(case, organiser, {("e01", "income"): {"value": "1"}, ("e02", "visitors"): {"value": "2"}})
    client.force_login(colleague)
    response = check(client, client.get(address(VERIFY)), "verify_all")
    assert "已核对 2 行" in response.content.decode()
    assert Measurement.objects.counted().count() == 2


def test_all_that_is_shown_is_verified_only_by_who_says_to_have_compared_it(
    client, case, organiser, colleague
):
    enter(case, organiser, {("e01", "income"): {"value": "1"}})
    client.force_login(colleague)
    response = check(client, client.get(address(VERIFY)), "verify_all", compared="")
    assert "请先勾选「全部……行都已对照报送材料看过」" in response.content.decode()
    assert not Measurement.objects.counted().exists()


def test_ones_own_rows_cannot_be_ticked_nor_sent(client, case, organiser):
    enter(case, organiser, {("e01", "income"): {"value": "1"}})
    client.force_login(organiser)
    shown = client.get(address(VERIFY))
    assert "本人录入" in shown.content.decode() and b'type="checkbox"' not in shown.content
    response = check(client, shown, "verify_all")
    assert "必须是两个人" in response.content.decode()
    assert not Measurement.objects.counted().exists()


def test_a_row_is_returned_with_a_reason(client, case, organiser, colleague):
    enter(case, organiser, {("e01", "income"): {"value": "1"}})
    client.force_login(colleague)
    shown = client.get(address(VERIFY))
    token = shown.context["groups"][0][1][0][1]
    assert "退回原因" in check(client, shown, "return", [token]).content.decode()
    check(client, shown, "return", [token], reason="口径不一致")
    assert Measurement.objects.get().state == "returned"
    client.force_login(organiser)
    assert "退回原因：口径不一致" in client.get(address(CRITERION)).content.decode()


def test_verifying_nothing_says_so(client, case, organiser, colleague):
    enter(case, organiser, {("e01", "income"): {"value": "1"}})
    client.force_login(colleague)
    response = check(client, client.get(address(VERIFY)), "verify")
    assert "请先勾选" in response.content.decode()


def test_a_row_that_changed_since_is_refused(client, case, organiser, colleague, clerk):
    enter(case, organiser, {("e01", "income"): {"value": "1"}})
    client.force_login(colleague)
    shown = client.get(address(VERIFY))
    client.force_login(clerk)
    data = filled(client.get(address(CRITERION)), e01__income__value="3")
    client.post(address(CRITERION), data)
    client.force_login(colleague)
    assert "又有改动" in check(client, shown, "verify_all").content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_pages_take_the_same_number_of_queries_at_1_and_11_entrants(
    client, competition, organiser, colleague, page, django_assert_num_queries
):
    publish(competition, organiser.person)

    def fill(entries):
        enter(
            competition,
            colleague,
            {
                (entry.key, criterion): {"value": "1"}
                for entry in entries
                for criterion in ("income", "visitors")
            },
        )

    fill(add_units(competition, "一镇"))
    client.force_login(organiser)
    client.get(address(page))
    with CaptureQueriesContext(connection) as queries:
        client.get(address(page))
    fill(add_units(competition, *(f"第{number}乡" for number in range(10))))
    with django_assert_num_queries(len(queries)):
        client.get(address(page))


def test_a_tenfold_difference_is_pointed_out(client, case, organiser, colleague):
    enter(case, organiser, {("e01", "income"): {"baseline": "2.1", "value": "22050"}})
    enter(case, organiser, {("e02", "income"): {"baseline": "20000", "value": "22050"}})
    client.force_login(colleague)
    for page in (VERIFY, CRITERION):
        assert client.get(address(page)).content.decode().count("相差 10 倍以上") == 1


def test_a_target_ten_times_the_value_is_pointed_out(client, case, organiser, colleague):
    enter(case, organiser, {("e01", "visitors"): {"value": "12", "target": "120"}})
    client.force_login(colleague)
    assert "本期与目标相差 10 倍以上，请核对单位。" in client.get(address(VERIFY)).content.decode()


def test_a_grid_of_secretaries_is_headed_so(client, case, organiser):
    client.force_login(organiser)
    grid = ("work_measurements_criterion", [ROUND[0], "opinion", "poll"])
    text = client.get(address(grid)).content.decode()
    assert '<th scope="col">党委书记</th>' in text and "参评单位</th>" not in text


def test_the_overview_offers_a_reminder_by_unit(client, case, clerk):
    client.force_login(clerk)
    page = client.get(address(OVERVIEW)).content.decode()
    assert "请城关镇尽快报送“农民人均收入”基期值、本期值" in page


def test_the_grid_follows_the_order_that_is_chosen(client, case, organiser):
    client.force_login(organiser)
    add_units(case, "八一乡")
    for order, names in (
        ("official", ["城关镇", "双河镇", "八一乡"]),
        ("strokes", ["八一乡", "双河镇", "城关镇"]),
        ("nonsense", ["城关镇", "双河镇", "八一乡"]),
    ):
        response = client.get(address(CRITERION), {"order": order})
        assert [line.entry.name for line, _cells in response.context["form"].table] == names
    url = address(CRITERION) + "?order=strokes"
    response = client.post(url, filled(client.get(url), e01__income__value="7"))
    assert response["Location"] == url


def test_grid_says_what_a_change_of_a_verified_value_does_before_and_after(
    client, case, organiser, colleague
):
    enter(case, organiser, {("e01", "income"): {"baseline": "20000", "value": "21000"}})
    client.force_login(colleague)
    warning = "改动已核对的数值，要由另一人再核对；核对以前，仍按已核对的计。"
    assert warning not in client.get(address(CRITERION)).content.decode()
    check(client, client.get(address(VERIFY)), "verify_all")
    grid = client.get(address(CRITERION))
    assert warning in grid.content.decode()
    client.post(address(CRITERION), filled(grid, e01__income__value="22000"))
    text = client.get(address(CRITERION)).content.decode()
    assert "核对前仍按已核对的计：基期 20000、本期 21000" in text
    client.force_login(organiser)
    assert "原 21000" in client.get(address(VERIFY)).content.decode()
    page = client.get(f"/work/{case.slug}/tabulation/").content.decode()
    assert "1 行已核对的数值改动后还没有核对，仍按原来的计" in page
