"""Values from spreadsheets: the template, hostile and ugly files, preview and confirmation."""

import io
import json
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from record.models import Revision
from scoring.actions.measurements import enter_measurements
from scoring.models import Measurement
from tests.scoring.evidence_case import add_secretary, add_units, publish

IMPORT = reverse("work_measurements_import", args=["linhe-2022", "routine"])
TEMPLATE = reverse("work_measurements_template", args=["linhe-2022", "routine"])
POLL = reverse("work_measurements_import", args=["linhe-2022", "opinion"])
HEAD = ["乡镇", "农民人均收入基期", "农民人均收入本期", "接待游客人次目标", "厕所合格率"]


@pytest.fixture
def case(competition, organiser):
    publish(competition, organiser.person)
    add_units(competition, "城关镇", "双河镇", "临河农场")
    return competition


@pytest.fixture
def staff(client, case, organiser):
    client.force_login(organiser)
    return client


def xlsx(rows, merge=()):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for cells in merge:
        book.active.merge_cells(cells)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def upload(client, content, name="数据.xlsx", address=IMPORT):
    return client.post(address, {"file": SimpleUploadedFile(name, content)})


def problems(response):
    return [(item["cell"], item["text"]) for item in response.context["reading"].problems]


def confirm(client, response, address=IMPORT):
    form = response.context["confirm"]
    data = {"op": str(form["op"].value()), "changes": form["changes"].value()}
    return client.post(address, data, follow=True), data


def saved():
    return {
        (row.entry.unit.name, row.criterion_key): row.values
        for row in Measurement.objects.select_related("entry__unit")
    }


def test_the_template_lists_the_entries_and_two_rows_of_header(staff, case, organiser):
    enter_measurements(
        competition=case,
        round_key="routine",
        values={("e02", "income"): {"baseline": "21000.5"}},
        revisions={},
        op=uuid.uuid4(),
        by=organiser.person,
        now=timezone.now(),
    )
    response = staff.get(TEMPLATE)
    assert response.headers["Content-Disposition"].startswith("attachment")
    sheet = load_workbook(io.BytesIO(response.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    assert rows == [
        ["参评单位", "农民人均收入", None, "接待游客人次", None, "厕所合格率"],
        [None, "基期（元）", "本期（元）", "本期（万人次）", "目标（万人次）", "本期（%）"],
        ["城关镇", None, None, None, None, None],
        ["双河镇", 21000.5, None, None, None, None],
        ["临河农场", None, None, None, None, None],
    ]


def test_a_filled_template_is_previewed_and_saved_when_confirmed(staff):
    book = load_workbook(io.BytesIO(staff.get(TEMPLATE).content))
    book.active["B5"], book.active["C5"], book.active["F6"] = 21000, 22050.5, "98.5%"
    book.active["D7"] = "/"
    stream = io.BytesIO()
    book.save(stream)
    response = upload(staff, stream.getvalue())
    assert problems(response) == []
    assert response.context["reading"].counts == {"new": 3}
    assert (
        not Measurement.objects.exists()
        and not Revision.objects.exclude(kind="scheme.drafted").exists()
    )
    page, data = confirm(staff, response)
    assert "已导入 2 行" in page.content.decode()
    assert saved() == {
        ("城关镇", "income"): {"baseline": "21000", "value": "22050.5"},
        ("双河镇", "pass-rate"): {"value": "98.5"},
    }
    staff.post(IMPORT, data)
    assert Revision.objects.exclude(kind="scheme.drafted").count() == 1


def test_an_ugly_sheet_is_understood(staff):
    content = xlsx(
        [
            ["2022年日常考核数据"],
            ["乡镇（农场）", "农民人均收入（万元）", None, "接待游客人次", "备注"],
            [None, "上年", "本年", "目标", None],
            ["城关", "２.1", "2.205", "3.5", "含景区"],
            ["临河农场", "—", 2.2, "/", None],
            ["合计", 2.1, 4.405, 3.5, None],
        ],
        ["A1:E1", "A2:A3", "B2:C2"],
    )
    response = upload(staff, content)
    assert problems(response) == []
    confirm(staff, response)
    assert saved() == {
        ("城关镇", "income"): {"baseline": "21000", "value": "22050"},
        ("城关镇", "visitors"): {"target": "3.5"},
        ("临河农场", "income"): {"value": "22000"},
    }


def test_the_preview_tells_new_changed_and_unchanged(staff, case, organiser):
    enter_measurements(
        competition=case,
        round_key="routine",
        values={("e01", "income"): {"baseline": "10", "value": "20"}},
        revisions={},
        op=uuid.uuid4(),
        by=organiser.person,
        now=timezone.now(),
    )
    response = upload(staff, xlsx([HEAD, ["城关镇", 10.0, 21, 5, None]]))
    reading = response.context["reading"]
    assert reading.counts == {"same": 1, "changed": 1, "new": 1}
    states = [(cell["text"], cell["state"], cell["old"]) for cell in reading.rows[0]["cells"]]
    assert states == [
        ("城关镇", "", ""),
        ("10", "", ""),
        ("21", "changed", "20"),
        ("5", "new", ""),
        ("", "", ""),
    ]
    assert "将新填 1 格，改动 1 格，1 格不变" in response.content.decode()


def test_a_header_may_put_the_kind_of_value_in_brackets(staff, case):
    head = ["乡镇", "农民人均收入（基期）", "农民人均收入（本期，元）", "接待游客人次（目标）"]
    response = upload(staff, xlsx([head, ["城关镇", 10, 21, 5]]))
    assert response.context["reading"].problems == []
    assert response.context["reading"].counts == {"new": 3}


def test_blank_cells_never_clear_what_is_saved(staff, case, organiser):
    enter_measurements(
        competition=case,
        round_key="routine",
        values={("e01", "income"): {"baseline": "10", "value": "20"}},
        revisions={},
        op=uuid.uuid4(),
        by=organiser.person,
        now=timezone.now(),
    )
    response = upload(staff, xlsx([HEAD, ["城关镇", "/", None, 5, "—"]]))
    confirm(staff, response)
    assert saved()["城关镇", "income"] == {"baseline": "10", "value": "20"}


def test_a_row_given_twice_is_told_once(staff):
    response = upload(staff, xlsx([HEAD, ["城关镇", 1], ["城关镇", 2]]))
    assert [where for where, _text in problems(response)] == ["A3"]


@pytest.mark.parametrize(
    ("rows", "cell", "words"),
    [
        ([["农民人均收入本期"], [5]], "A1", "缺少「参评单位」"),
        ([["乡镇", "面积"], ["城关镇", 5]], "", "没有任何指标的列"),
        ([HEAD, ["城关镇", "约两万"]], "B2", "不是数字"),
        ([HEAD, ["城关镇", None, None, -3]], "D2", "不能是负数"),
        ([HEAD, ["石头镇", 1]], "A2", "没有「石头镇」"),
        ([HEAD, ["河", 1]], "A2", "可能是"),
        ([HEAD, ["城关镇", 1], ["双河镇", 1], ["城关", 2]], "A4", "同一个参评单位"),
        ([HEAD, ["城关镇", "=1+1"]], "B2", "公式"),
        ([HEAD, [None, 1]], "A2", "没有填写"),
        ([["乡镇", "农民人均收入本期（亩）"], ["城关镇", 1]], "B1", "单位是「亩」"),
        ([HEAD, ["城关镇", "1" * 14]], "B2", "过大"),
    ],
)
def test_a_wrong_sheet_is_told_where_and_changes_nothing(staff, rows, cell, words):
    response = upload(staff, xlsx(rows))
    assert any(where == cell and words in text for where, text in problems(response)), problems(
        response
    )
    assert "confirm" not in response.context
    assert "没有写入任何数据" in response.content.decode()
    assert not Measurement.objects.exists()


def test_one_bad_cell_stops_the_whole_sheet_and_all_problems_are_listed(staff):
    response = upload(staff, xlsx([HEAD, ["城关镇", "x", "y"], ["双河镇", 1, 2]]))
    assert [where for where, _text in problems(response)] == ["B2", "C2"]
    bad = [(cell["text"], cell["state"]) for cell in response.context["reading"].rows[0]["cells"]]
    assert bad[:3] == [("城关镇", ""), ("x", "bad"), ("y", "bad")]
    assert "confirm" not in response.context


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.xlsx", "空的"),
        (b"PK\x03\x04broken", "a.xlsx", "损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "a.xls", "旧格式"),
        (b"<html><table>", "a.csv", "网页格式"),
        (b"\x00\x01\x02", "a.csv", "不是表格"),
    ],
)
def test_a_file_that_is_no_table_is_refused(staff, content, name, words):
    assert words in upload(staff, content, name).content.decode()
    assert not Measurement.objects.exists()


def test_ten_thousand_rows_are_refused_or_read_without_harm(staff):
    rows = [HEAD] + [[f"第{number}村", 1] for number in range(10_001)]
    text = "\n".join(",".join(str(cell) for cell in row) for row in rows)
    response = upload(staff, text.encode(), "a.csv")
    assert "10,000 行" in problems(response)[0][1]


def test_a_gbk_csv_is_read(staff):
    text = '乡镇,农民人均收入基期,农民人均收入本期\n城关镇,"21,000",22050\n'
    response = upload(staff, text.encode("gbk"), "a.csv")
    confirm(staff, response)
    assert saved() == {("城关镇", "income"): {"baseline": "21000", "value": "22050"}}


def test_pasted_cells_are_read(staff):
    response = staff.post(IMPORT, {"pasted": "乡镇\t厕所合格率\n城关镇\t98.5\n双河镇\t/"})
    confirm(staff, response)
    assert saved() == {("城关镇", "pass-rate"): {"value": "98.5"}}


def test_a_sheet_of_one_indicator_says_which_are_not_touched(staff):
    response = staff.post(IMPORT, {"pasted": "乡镇\t厕所合格率\n城关镇\t98.5"})
    assert "表中没有「农民人均收入」、「接待游客人次」，不会改动。" in response.content.decode()


def test_neither_file_nor_text_says_so(staff):
    assert "请选择表格文件" in staff.post(IMPORT, {}).content.decode()


def test_votes_for_secretaries_are_read_by_person_or_unit(staff, case):
    for entry, name in zip(case.entries.order_by("id")[:2], ("张一", "李二"), strict=True):
        add_secretary(entry, name)
    text = "书记\t测评票优秀\t测评票一般\t测评票弃权\n张一\t8\t2\t0\n双河镇\t7.5\t\t"
    response = staff.post(POLL, {"pasted": text})
    assert problems(response) == [("B3", "「7.5」不是整数，票数应为整数，请核对。")]
    response = staff.post(POLL, {"pasted": text.replace("7.5", "7")})
    confirm(staff, response, POLL)
    assert saved() == {
        ("城关镇", "poll"): {"good": "8", "fair": "2", "blank": "0"},
        ("双河镇", "poll"): {"good": "7"},
    }


def test_a_change_made_since_the_preview_is_shown_beside_the_sheets(
    staff, case, organiser, colleague
):
    response = upload(staff, xlsx([HEAD, ["城关镇", 10, 21], ["双河镇", 10, 22]]))
    enter_measurements(
        competition=case,
        round_key="routine",
        values={("e01", "income"): {"value": "25"}},
        revisions={},
        op=uuid.uuid4(),
        by=colleague.person,
        now=timezone.now(),
    )
    page, _data = confirm(staff, response)
    assert "有人先改过同样的单元格" in page.content.decode()
    assert saved() == {("城关镇", "income"): {"value": "25"}}
    confirm(staff, page)
    assert saved() == {
        ("城关镇", "income"): {"baseline": "10", "value": "21"},
        ("双河镇", "income"): {"baseline": "10", "value": "22"},
    }


@pytest.mark.parametrize(
    "changes",
    [
        "",
        "[]",
        "{",
        json.dumps({"cells": [["e01"]], "revisions": []}),
        json.dumps({"cells": [["e99", "income", "value", "1"]], "revisions": []}),
        json.dumps({"cells": [["e01", "points", "value", "1"]], "revisions": []}),
        json.dumps({"cells": [["e01", "income", "value", "<b>"]], "revisions": []}),
    ],
)
def test_forged_changes_are_refused(staff, changes):
    response = staff.post(IMPORT, {"op": str(uuid.uuid4()), "changes": changes})
    assert response.status_code == 200 and "没有保存" in response.content.decode()
    assert not Measurement.objects.exists()


def test_only_staff_import(client, case, auditor, outsider, leader):
    for user, status in ((auditor, 403), (outsider, 404), (leader, 403)):
        client.force_login(user)
        assert client.get(IMPORT).status_code == status
    client.force_login(auditor)
    assert client.get(TEMPLATE).status_code == 200
    assert client.post(TEMPLATE).status_code == 405
    client.logout()
    assert client.get(IMPORT).status_code == 302


def test_preview_and_confirmation_take_the_same_number_of_queries_at_1_and_11(staff, case):
    add_units(case, *(f"第{number}乡" for number in range(8)))
    names = [entry.unit.name for entry in case.entries.select_related("unit")]

    def count(rows, value):
        sheet = xlsx([HEAD, *([name, value, value, value] for name in names[:rows])])
        with CaptureQueriesContext(connection) as queries:
            response = upload(staff, sheet)
            form = response.context["confirm"]
            data = {"op": str(form["op"].value()), "changes": form["changes"].value()}
            assert staff.post(IMPORT, data).status_code == 302
        return len(queries)

    count(11, 1)
    assert count(1, 2) == count(11, 3)


def test_a_lacking_column_and_a_conversion_are_said_with_the_cell(staff):
    rows = [["乡镇", "农民人均收入基期（万元）", "厕所合格率"], ["城关镇", "2.1", "98"]]
    response = upload(staff, xlsx(rows))
    lines = response.context["reading"].warnings
    assert [line.partition("」")[0] for line in lines] == [
        "B1「农民人均收入基期",
        "B1 是“农民人均收入”的列，表里没有它的「本期",
    ]
    assert "都乘 10000 再保存" in lines[0] and lines[0] in response.content.decode()
    confirm(staff, response)
    assert saved()["城关镇", "income"] == {"baseline": "21000"}
    # Also when nothing else is new: what lacks is no word of what is the same.
    again = upload(staff, xlsx(rows)).content.decode()
    assert "没有可导入的改动" in again and "表里没有它的「本期」列" in again
