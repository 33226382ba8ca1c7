"""Whole tables as offices send them: titles, merged headers, totals, csv of all kinds, pastes."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from competitions.sheets import Column, Problem, match_columns, read_paste, read_table

from .workbooks import raw_workbook, text_cell, workbook

UNIT = Column("unit", "单位名称", ("乡镇", "参评单位"), kind="unit", required=True, unique=True)
BASE = Column("base", "基期", ("2021年到位资金",), kind="number", unit="元")
NOW = Column("now", "本期", ("2022年到位资金",), kind="number", unit="元")
RATE = Column("rate", "增速", kind="number", unit="%")
DAY = Column("day", "日期", ("发生时间",), kind="date")
NOTE = Column("note", "事由")


def parse(content, columns, filename="表.xlsx", **options):
    return match_columns(read_table(content, filename), columns, **options)


def values(parsed):
    return [{k: v for k, v in row.items() if not k.startswith("_")} for row in parsed.rows]


def test_ugly_sheet_is_read_to_the_last_cell():
    content = workbook(
        [
            ["临河区2022年擂台比武指标表"],
            ["单位：万元"],
            ["序号", "单位名称", "到位资金（万元）", None, "增速(%)", "备注"],
            [None, None, "2021年", "2022年"],
            [1, "狼 山", 1200.5, "１，５００", 0.125, "-"],
            [2, "新华镇", "/", "—", "12.5%", None],
            [None, "合  计", "=SUM(C5:C6)"],
            ["注：数据来自统计局"],
            [],
            ["填表人：", "甲", None, "审核人：", "乙"],
        ],
        merged=["A1:F1", "A3:A4", "B3:B4", "C3:D3", "E3:E4", "F3:F4"],
        formats={"E5": "0.0%"},
    )
    parsed = parse(content, [UNIT, BASE, NOW, RATE])
    assert parsed.problems == []
    assert parsed.rows == [
        {
            "unit": "狼山", "base": "12005000", "now": "15000000", "rate": "12.5", "_row": 5,
            "_addresses": {"unit": "B5", "base": "C5", "now": "D5", "rate": "E5"},
            "_units": {"base": "元", "now": "元", "rate": "%"},
        },
        {
            "unit": "新华镇", "base": None, "now": None, "rate": "12.5", "_row": 6,
            "_addresses": {"unit": "B6", "base": "C6", "now": "D6", "rate": "E6"},
            "_units": {"rate": "%"},
        },
    ]  # fmt: skip
    assert parsed.notes == [
        "「基期」按表头的「万元」换算为「元」。",
        "「本期」按表头的「万元」换算为「元」。",
        "第 7 行「合计」不是数据，已跳过。",
        "第 8 行「注:数据来自统计局」不是数据，已跳过。",
        "第 10 行「填表人:」不是数据，已跳过。",
    ]


def test_unit_above_the_header_counts_for_columns_of_money():
    content = workbook([["表一", "金额单位：万元"], ["乡镇", "本期", "增速"], ["狼山镇", 1.5, 3]])
    assert values(parse(content, [UNIT, NOW, RATE])) == [
        {"unit": "狼山镇", "now": "15000", "rate": "3"}
    ]


def test_row_of_units_below_the_header_belongs_to_it():
    content = workbook([["乡镇", "本期", "增速"], [None, "万元", "%"], ["狼山镇", 2, 3]])
    parsed = parse(content, [UNIT, NOW, RATE])
    assert values(parsed) == [{"unit": "狼山镇", "now": "20000", "rate": "3"}]


def test_unit_of_a_group_heading_counts_though_the_lower_row_names_all_columns():
    content = workbook(
        [
            ["乡镇", "到位资金（万元）", None, "增速"],
            [None, "基期", "本期", None],
            ["狼山镇", 1, 2, 3],
        ],
        merged=["A1:A2", "B1:C1", "D1:D2"],
    )
    assert values(parse(content, [UNIT, BASE, NOW, RATE])) == [
        {"unit": "狼山镇", "base": "10000", "now": "20000", "rate": "3"}
    ]


def test_first_row_without_a_name_is_data_and_not_header():
    content = workbook([["乡镇", "本期"], [None, 2], ["狼山镇", 3]])
    assert [problem.address for problem in parse(content, [UNIT, NOW]).problems] == ["A2"]


def test_header_in_another_unit_is_a_problem():
    content = workbook([["乡镇", "面积（公顷）"], ["狼山镇", 2]])
    parsed = parse(content, [UNIT, Column("area", "面积", kind="number", unit="亩")])
    assert parsed.problems[0].address == "B1"
    assert "应为「亩」" in parsed.problems[0].message


def test_words_in_brackets_that_are_no_unit_do_not_matter():
    content = workbook([["乡镇（农场）", "本期（实地核实）"], ["狼山镇", 2]])
    assert values(parse(content, [UNIT, NOW])) == [{"unit": "狼山镇", "now": "2"}]


def test_group_heading_without_merge_is_joined_to_the_columns_right_of_it():
    content = (
        "乡镇,2021年到位资金,,2022年到位资金,\n,基期,位次,本期,位次\n狼山镇,1,2,3,4\n".encode()
    )
    assert values(parse(content, [UNIT, BASE, NOW], "表.csv")) == [
        {"unit": "狼山镇", "base": "1", "now": "3"}
    ]


def test_year_in_front_of_a_heading_does_not_matter_unless_two_years_stand_there():
    one = workbook([["乡镇", "2022年本期"], ["狼山镇", 3]])
    assert values(parse(one, [UNIT, NOW])) == [{"unit": "狼山镇", "now": "3"}]
    two = workbook([["乡镇", "2021年本期", "2022年本期"], ["狼山镇", 3, 4]])
    assert parse(two, [UNIT, NOW]).problems == [
        Problem("B1", "B、C 列都像是「本期」，请只保留一列，或改用不同的列名。")
    ]


def test_heading_merged_over_an_empty_column_is_one_column():
    content = workbook([["乡镇", None, "本期"], ["狼山镇", None, 3]], merged=["A1:B1"])
    assert values(parse(content, [UNIT, NOW])) == [{"unit": "狼山镇", "now": "3"}]


def test_merged_names_are_copied_down_and_merged_numbers_noted():
    content = workbook(
        [["参评单位", "事由", "本期"], ["狼山镇", "甲", 3], [None, "乙", None]],
        merged=["A2:A3", "C2:C3"],
    )
    columns = [Column("unit", "参评单位", kind="unit", required=True), NOTE, NOW]
    parsed = parse(content, columns)
    assert [(r["unit"], r["note"], r["now"]) for r in parsed.rows] == [
        ("狼山镇", "甲", "3"), ("狼山镇", "乙", "3"),
    ]  # fmt: skip
    assert "C2:C3 是合并单元格，其中各行都按同一个值读取，请核对。" in parsed.notes


def test_header_repeated_on_a_later_page_is_skipped():
    content = workbook([["乡镇", "本期"], ["狼山镇", 1], ["乡镇", "本期"], ["新华镇", 2]])
    assert [row["unit"] for row in parse(content, [UNIT, NOW]).rows] == ["狼山镇", "新华镇"]


def test_rows_numbered_but_empty_are_skipped():
    content = workbook(
        [["序号", "乡镇", "本期"], [1, "狼山镇", 1], [2, None, "/"], [3, None, None]]
    )
    assert len(parse(content, [UNIT, NOW]).rows) == 1


def test_missing_is_never_zero():
    content = workbook([["乡镇", "本期"], ["狼山镇", 0], ["新华镇", "/"], ["双河镇", None]])
    assert [row["now"] for row in parse(content, [UNIT, NOW]).rows] == ["0", None, None]


def test_all_problems_come_at_once_with_addresses():
    content = workbook(
        [
            ["乡镇", "本期", "日期"],
            ["狼山镇", "abc", "2022-02-30"],
            ["狼山镇", 1, None],
            [None, 2, None],
            ["新华镇", "=B3*2", None],
        ]
    )
    parsed = parse(content, [UNIT, NOW, DAY])
    assert [problem.address for problem in parsed.problems] == ["B2", "C2", "A3", "A4", "B5"]
    assert parsed.problems[2].message == (
        "「单位名称」与 A2 重复（狼山镇），请只保留一行；"
        "同名的不同单位，名称里要写出区别，例如加上乡镇名。"
    )
    assert all("请" in problem.message for problem in parsed.problems)


def test_formula_in_an_unused_column_does_not_matter():
    content = workbook([["序号", "乡镇", "本期"], ["=ROW()-1", "狼山镇", 1]])
    assert parse(content, [UNIT, NOW]).problems == []


def test_missing_column_is_named_with_what_is_there():
    parsed = parse(workbook([["地方", "本期"], ["狼山镇", 1]]), [UNIT, NOW])
    assert parsed.rows == []
    assert parsed.problems == [
        Problem(
            "A1",
            "缺少「单位名称」这一列。表头里有「地方」、「本期」。请把对应的列名改为「单位名称」。",
        )
    ]


def test_table_without_a_header_says_what_is_expected():
    parsed = parse(workbook([["狼山镇", 1]]), [UNIT, NOW])
    assert parsed.problems[0].message.startswith(
        "没有找到表头，表中应有一行列名，其中有「单位名称」"
    )


@pytest.mark.parametrize("content", [workbook([]), b"\n\n, ,\n"])
def test_table_without_content_is_a_problem(content):
    parsed = parse(content, [UNIT], "表.xlsx" if content.startswith(b"PK") else "表.csv")
    assert len(parsed.problems) == 1


def test_header_without_rows_is_a_problem():
    assert parse(workbook([["乡镇"]]), [UNIT]).problems == [
        Problem("", "表头下面没有数据，请填写后再上传。")
    ]


def test_percent_sign_on_some_cells_only_is_a_problem():
    content = workbook([["乡镇", "增速"], ["狼山镇", "12.5%"], ["新华镇", 12.5]])
    assert [p.address for p in parse(content, [UNIT, RATE]).problems] == ["B3"]


def test_optional_columns_that_are_absent_read_as_none_with_a_note():
    parsed = parse(workbook([["乡镇"], ["狼山镇"]]), [UNIT, NOW])
    assert values(parsed) == [{"unit": "狼山镇", "now": None}]
    assert parsed.found == ("unit",)
    assert parsed.notes == ["表中没有「本期」，这些内容不会改动。"]


def test_first_visible_sheet_with_content_is_read():
    content = workbook(
        [["乡镇"], ["狼山镇"]],
        sheets=[("空白", "visible", []), ("旧数", "hidden", [["乡镇"], ["x"]])],
    )
    parsed = parse(content, [UNIT])
    assert values(parsed) == [{"unit": "狼山镇"}]
    assert parsed.notes == ["只读取了工作表「数据」，其余 1 个工作表没有读取。"]


def test_stored_values_come_out_as_people_see_them():
    content = workbook(
        [
            ["乡镇", "本期", "日期", "事由"],
            ["甲", 0.1 + 0.2, date(2022, 8, 20), True],
            ["乙", 1e15, datetime(2022, 8, 20, 9, 30), 7],
            ["丙", Decimal("12.50"), "2022年8月20日", "=文本"],
            ["丁", 44793, 44793, "'"],
        ],
        formats={"C5": 'yyyy"年"m"月"d"日"'},
    )
    table = read_table(content, "表.xlsx")
    assert [row.cells for row in table.rows[1:]] == [
        ["甲", "0.3", "2022-08-20", "是"],
        ["乙", "1000000000000000", "2022-08-20 09:30", "7"],
        ["丙", "12.5", "2022年8月20日", ""],
        ["丁", "44793", "2022-08-20", "'"],
    ]


def test_number_shown_in_other_units_than_stored_is_refused():
    content = workbook([["乡镇", "本期"], ["甲", 125000]], formats={"B2": '0.0,"千"'})
    assert "显示格式把数缩小了" in parse(content, [UNIT, NOW]).problems[0].message


def test_error_value_is_refused():
    cells = text_cell("A1", "乡镇") + text_cell("B1", "本期")
    data = f'<row r="1">{cells}</row><row r="2">{text_cell("A2", "甲")}'
    data += '<c r="B2" t="e"><v>#DIV/0!</v></c></row>'
    parsed = parse(raw_workbook(data=data), [UNIT, NOW])
    assert parsed.problems == [Problem("B2", "「本期」是错误值「#DIV/0!」，请改正后再上传。")]


def test_cells_without_addresses_count_from_the_left():
    data = "<row><c t='inlineStr'><is><t>乡镇</t></is></c><c t='str'><v>本期</v></c></row>"
    data += (
        "<row><c t='inlineStr'><is><r><t>狼</t></r><rPh><t>x</t></rPh><r><t>山镇</t></r></is></c>"
    )
    data += "<c><v>3</v></c></row>"
    assert values(parse(raw_workbook(data=data), [UNIT, NOW])) == [{"unit": "狼山镇", "now": "3"}]


CSV = '乡镇,本期,日期\n狼山镇,"1,200.5",2022/8/20\n干召庙镇,／,\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_csv_is_read_in_the_encodings_of_offices(encoding, newline):
    content = CSV.replace("\n", newline).encode(encoding)
    assert values(parse(content, [UNIT, NOW, DAY], "表.csv")) == [
        {"unit": "狼山镇", "now": "1200.5", "day": date(2022, 8, 20)},
        {"unit": "干召庙镇", "now": None, "day": None},
    ]


@pytest.mark.parametrize("mark", ["\t", ";", "，"])
def test_csv_may_part_its_cells_otherwise(mark):
    content = f"乡镇{mark}本期\n狼山镇{mark}3\n".encode()
    assert values(parse(content, [UNIT, NOW], "表.csv")) == [{"unit": "狼山镇", "now": "3"}]


def test_csv_rows_are_numbered_as_a_spreadsheet_shows_them():
    content = '\n乡镇,事由\n\n狼山镇,"甲\n乙"\n新华镇,丙\n'.encode()
    parsed = parse(content, [UNIT, NOTE], "表.csv")
    assert [(r["_row"], r["note"]) for r in parsed.rows] == [(4, "甲 乙"), (5, "丙")]


def test_csv_with_a_lone_quote_is_refused_and_swallows_nothing():
    content = '乡镇,事由\n狼山镇,"甲\n新华镇,乙\n'.encode()
    assert "引号" in parse(content, [UNIT, NOTE], "表.csv").problems[0].message


def test_paste_from_a_spreadsheet_is_read():
    parsed = match_columns(read_paste("乡镇\t本期\n狼山镇\t１２\n新华镇\t\n"), [UNIT, NOW])
    assert values(parsed) == [{"unit": "狼山镇", "now": "12"}, {"unit": "新华镇", "now": None}]
    assert parsed.rows[0]["_addresses"] == {"unit": "A2", "now": "B2"}


def test_paste_without_header_is_read_from_the_left_when_allowed():
    parsed = match_columns(read_paste("狼山镇\n新华镇\n\n双河镇"), [UNIT, NOW], headerless=True)
    assert [row["unit"] for row in parsed.rows] == ["狼山镇", "新华镇", "双河镇"]
    assert parsed.notes[0] == "没有找到表头，从左起按「单位名称、本期」的顺序读取。"


def test_paste_keeps_a_lone_quote():
    parsed = match_columns(read_paste('乡镇\t事由\n狼山镇\t"好"书记\n新华镇\t"x'), [UNIT, NOTE])
    assert [row["note"] for row in parsed.rows] == ['"好"书记', '"x']


def test_problem_can_be_added_by_the_caller():
    parsed = match_columns(read_paste("乡镇\n某镇"), [UNIT])
    parsed.add_problem(parsed.rows[0], "unit", "没有这个单位，请检查名称。")
    assert parsed.problems == [Problem("A2", "没有这个单位，请检查名称。")]


def test_file_objects_are_read_like_bytes(tmp_path):
    path = tmp_path / "表.csv"
    path.write_bytes(CSV.encode("gbk"))
    with path.open("rb") as file:
        assert len(match_columns(read_table(file, "表.csv"), [UNIT]).rows) == 2
