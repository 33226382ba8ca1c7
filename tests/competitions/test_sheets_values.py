"""Cells one by one: numbers, units, dates, texts, and what counts as nothing."""

from datetime import date

import pytest

from competitions.tables.values import (
    CellError,
    Number,
    clean_text,
    is_missing,
    parse_date,
    parse_number,
)


@pytest.mark.parametrize(
    "text", ["", " ", "/", "／", "-", "—", "——", "－", "–", "\\", " / ", "\u3000", "--"]
)
def test_cell_is_missing_when_it_holds_a_dash_or_nothing(text):
    assert is_missing(text)


@pytest.mark.parametrize("text", ["0", "一", "无", "-1", "0%", "。"])
def test_cell_is_not_missing_when_it_says_something(text):
    assert not is_missing(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("92.50", "92.5"),
        ("0", "0"),
        ("-0.00", "0"),
        ("007", "7"),
        ("+3", "3"),
        (".5", "0.5"),
        ("-12", "-12"),
        ("−12", "-12"),
        ("－１２．５", "-12.5"),
        ("—3", "-3"),
        ("１２３", "123"),
        ("1,234,567.80", "1234567.8"),
        ("１，２３４", "1234"),
        (" 1 234 ", "1234"),
        ("0.000000000001", "0.000000000001"),
        ("12345678901234567890", "12345678901234567890"),
    ],
)
def test_number_is_read_as_plain_decimal(text, value):
    assert parse_number(text) == Number(value, None)


@pytest.mark.parametrize(
    "text",
    ["abc", "NaN", "nan", "inf", "-Infinity", "1e999", "1.2E+05", "1,23", "1,2345", "12..5", "十二",
     "1/3", "(12)", "12-13", "约120", "120左右", "无", "1" * 21, "0." + "1" * 13, "5 亩",
     "1_000", "٣"],
)  # fmt: skip
def test_number_is_refused_with_a_remedy(text):
    with pytest.raises(CellError, match=r"请"):
        parse_number(text)


@pytest.mark.parametrize(
    ("text", "unit", "header", "expected"),
    [
        ("12.5%", None, None, Number("12.5", "%")),
        ("１２．５％", "%", None, Number("12.5", "%")),
        ("12.5", "%", None, Number("12.5", "%")),
        ("12.5", None, "%", Number("12.5", "%")),
        ("12.5", "元", "万元", Number("125000", "元")),
        ("0.12345", "元", "万元", Number("1234.5", "元")),
        ("125000", "万元", "元", Number("12.5", "万元")),
        ("1.5亿元", "元", "万元", Number("150000000", "元")),
        ("3万", "元", None, Number("30000", "元")),
        ("￥3,000", "元", None, Number("3000", "元")),
        ("300元", "元", "万元", Number("300", "元")),
        ("1.2", "人次", "万人次", Number("12000", "人次")),
        ("12亩", "亩", None, Number("12", "亩")),
        ("12345678901234567890", "元", "亿元", Number("1234567890123456789000000000", "元")),
    ],
)
def test_number_converts_its_unit_exactly(text, unit, header, expected):
    assert parse_number(text, unit=unit, header_unit=header) == expected


@pytest.mark.parametrize(("text", "unit"), [("12%", "元"), ("12公顷", "亩"), ("3万元", "亩")])
def test_number_in_another_unit_is_refused(text, unit):
    with pytest.raises(CellError, match=f"单位应为「{unit}」"):
        parse_number(text, unit=unit)


@pytest.mark.parametrize(
    "text",
    ["2022-08-20", "2022/8/20", "2022.8.20", "2022年8月20日", "2022年08月20号", "20220820",
     "２０２２－０８－２０", "2022-08-20 09:30", "2022-08-20T09:30:00", "二〇二二年八月二十日",
     "2022 年 8 月 20 日"],
)  # fmt: skip
def test_date_is_read_in_its_usual_forms(text):
    assert parse_date(text) == date(2022, 8, 20)


def test_date_in_chinese_figures_counts_tens():
    assert parse_date("二〇二二年十二月三十一日") == date(2022, 12, 31)
    assert parse_date("二零二二年十月十日") == date(2022, 10, 10)


@pytest.mark.parametrize(
    "text",
    ["2022-02-30", "2022年8月", "8月20日", "22-8-20", "44793", "3022-01-01", "昨天", "2022-13-01"],
)
def test_date_that_is_incomplete_or_impossible_is_refused(text):
    with pytest.raises(CellError, match=r"请"):
        parse_date(text)


def test_text_is_put_on_one_line():
    assert clean_text("  干召庙\r\n 镇\u200b\u3000党委 ") == "干召庙 镇 党委"


@pytest.mark.parametrize("text", ["+86 139 0000 0000", "-", "-5", "a=b", "甲@乙"])
def test_text_with_a_harmless_sign_is_kept(text):
    assert clean_text(text) == text


@pytest.mark.parametrize(
    "text", ["=1+1", " =cmd|' /C calc'!A0", "@SUM(A1)", "+cmd", "-cmd|x", "坏\x07字", "字" * 2001]
)
def test_text_that_could_harm_is_refused(text):
    with pytest.raises(CellError, match=r"请"):
        clean_text(text)
