"""Templates and exports: what is written reads back the same, and no text becomes a formula."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from competitions.sheets import Column, match_columns, read_table, write_xlsx

COLUMNS = [
    Column("unit", "单位名称", kind="unit", required=True),
    Column("money", "到位资金", kind="number", unit="万元"),
    Column("rate", "增速", kind="number", unit="%"),
    Column("day", "日期", kind="date"),
    Column("note", "备注说明"),
]
ROW = {
    "unit": "狼山镇", "money": "12.50", "rate": Decimal("3"), "day": date(2022, 8, 20),
    "note": "正常",
}  # fmt: skip


def sheet_of(content):
    return openpyxl.load_workbook(io.BytesIO(content)).active


def test_export_reads_back_the_same():
    content = write_xlsx(
        COLUMNS, [ROW, {"unit": "新华镇"}], title="指标表", notice="演示数据，非真实结果"
    )
    parsed = match_columns(read_table(content, "表.xlsx"), COLUMNS)
    assert parsed.problems == []
    assert [{k: v for k, v in row.items() if k[0] != "_"} for row in parsed.rows] == [
        {"unit": "狼山镇", "money": "12.5", "rate": "3", "day": date(2022, 8, 20), "note": "正常"},
        {"unit": "新华镇", "money": None, "rate": None, "day": None, "note": None},
    ]


def test_export_has_title_notice_header_and_stays_in_sight():
    sheet = sheet_of(write_xlsx(COLUMNS, [ROW], title="指标[表]", notice="演示数据，非真实结果"))
    assert [sheet.cell(n, 1).value for n in (1, 2, 3, 4)] == [
        "指标[表]", "演示数据，非真实结果", "单位名称", "狼山镇",
    ]  # fmt: skip
    assert sheet["B3"].value == "到位资金（万元）"
    assert sheet.title == "指标表"
    assert sheet.freeze_panes == "A4"
    assert sheet.print_title_rows == "$3:$3"
    assert {str(merged) for merged in sheet.merged_cells.ranges} == {"A1:E1", "A2:E2"}
    assert sheet["A3"].font.bold
    assert sheet.column_dimensions["B"].width > 8


def test_template_without_title_begins_with_the_header():
    sheet = sheet_of(write_xlsx(COLUMNS, []))
    assert sheet["A1"].value == "单位名称"
    assert sheet.freeze_panes == "A2"


@pytest.mark.parametrize("text", ["=1+1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "'=1"])
def test_text_never_becomes_a_formula(text):
    columns = [Column("note", text)]
    sheet = sheet_of(write_xlsx(columns, [{"note": text}], title=text, notice=text))
    for spot in ("A1", "A2", "A3", "A4"):
        assert (sheet[spot].data_type, sheet[spot].value) == ("s", text)


def test_numbers_are_numbers_and_long_ones_stay_exact():
    columns = [Column("n", "数", kind="number")]
    long = "1234567890123456.78"
    numbers = ["12.50", 7, "0", Decimal("0.10"), long, "=1", None]
    sheet = sheet_of(write_xlsx(columns, [{"n": number} for number in numbers]))
    cells = [sheet.cell(row, 1) for row in range(2, 9)]
    assert [cell.data_type for cell in cells] == ["n", "n", "n", "n", "s", "s", "n"]
    assert [cell.value for cell in cells] == [12.5, 7, 0, 0.1, long, "=1", None]
    assert cells[0].number_format == "0.00"


def test_invisible_characters_are_left_out():
    sheet = sheet_of(write_xlsx([Column("note", "备注")], [{"note": "甲\x00\x0b乙\n丙"}]))
    assert sheet["A2"].value == "甲乙\n丙"
