"""Spreadsheets of measured values: the template to fill in, and what a filled one would change."""

import io
import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from django.core.exceptions import ValidationError
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from competitions.divisions.entrants import match_unit, names_of
from competitions.offices import OFFICE_NAMES
from competitions.sheets import Column, match_columns
from competitions.tables.grid import column_index, column_letters
from scoring.queries.exports import subject_of
from scoring.queries.inputs import header_of, read_value

NOTICE = "只填数字，不要改动表头和名称；没有数据的留空或填「/」，不会当成零，也不会清除已有的数值。"
# How offices head the columns of last year, this year and the goal.
SYNONYMS = {
    "baseline": ("基数", "基期值", "上年", "上年数", "上年同期", "去年", "上年完成"),
    "value": (
        "本期值",
        "本年",
        "本年数",
        "今年",
        "当年",
        "完成",
        "完成值",
        "完成数",
        "实际",
        "实绩",
    ),
    "target": ("目标值", "目标数", "任务", "任务数", "计划", "计划数"),
}
NAME = "name"
_LINE = Side(style="thin", color="BFBFBF")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_FILL = PatternFill("solid", fgColor="EDEBE6")


@dataclass
class SheetReading:
    """What an uploaded table says and would change; nothing is saved.

    `values` {(entry key, criterion key): {input key: decimal text}} are the cells that differ from
    what is saved. `header` and `rows` are what the preview shows; `counts` of new, changed, same.
    """

    problems: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    header: list = field(default_factory=list)
    rows: list = field(default_factory=list)
    values: dict = field(default_factory=dict)
    counts: Counter = field(default_factory=Counter)


def columns_of(measured):
    """This function will return the columns that a table of the round may have."""
    names = (
        "单位",
        "单位名称",
        "乡镇",
        "乡镇名称",
        "乡镇（农场）",
        "镇（乡）",
        "名称",
        "姓名",
        *OFFICE_NAMES,
    )
    columns = [
        Column(
            NAME,
            subject_of(measured.track, measured.competition),
            names,
            kind="unit",
            required=True,
            unique=True,
        )
    ]
    for item in measured.asked:
        for input_ in item.inputs:
            forms = [input_.title, *SYNONYMS.get(input_.key, ())]
            names = [item.title + form for form in forms]
            if len(item.inputs) == 1:
                names.append(item.title)
            if len(measured.asked) == 1:
                names += forms
            columns.append(
                Column(
                    f"{item.key}/{input_.key}",
                    names[0],
                    tuple(names[1:]),
                    kind="number",
                    unit=input_.unit or None,
                )
            )
    return columns


def read_sheet(measured, table):
    """This function will read a table (competitions.sheets) against what is saved in the round."""
    columns = columns_of(measured)
    parsed = match_columns(table, columns)
    reading = SheetReading(
        problems=[_problem(item.address, item.message) for item in parsed.problems]
    )
    wrong = {item.address for item in parsed.problems}
    found = [column for column in columns[1:] if column.key in parsed.found]
    if parsed.found and not found:
        titles = "、".join(f"「{item.title}」" for item in measured.asked[:6])
        reading.problems.append(
            _problem("", f"表里没有任何指标的列，应有{titles}等，请使用下载的模板。")
        )
    reading.notes = _shorten(parsed.notes, measured, found)
    reading.warnings = [*_converted(parsed, found), *_lacking(parsed, measured, found)]
    reading.header = [columns[0].title, *(column.heading for column in found)]
    lines = {line.place: line for line in measured.lines}
    asked = {item.key: item for item in measured.asked}
    seen = {}
    for row in parsed.rows:
        entry = _find_entry(measured, row, reading, seen, wrong)
        cells = [{"text": row[NAME] or "", "state": "" if entry else "bad", "old": ""}]
        for column in found:
            cell = _read_cell(row, column, entry, asked, lines, reading)
            address = row["_addresses"][column.key]
            if address in wrong:
                cell = {"text": _written(table, address), "state": "bad", "old": ""}
            cells.append(cell)
        reading.rows.append({"number": row["_row"], "cells": cells})
    reading.problems.sort(key=lambda item: _position(item["cell"]))
    return reading


def _shorten(notes, measured, found):
    """The reader's notes, with absent columns named by criterion: a sheet may hold only a few."""
    present = {column.key.partition("/")[0] for column in found}
    absent = [item.title for item in measured.asked if item.key not in present]
    kept = [note for note in notes if not note.startswith("表中没有") and "」换算为「" not in note]
    if found and absent:
        more = f"等 {len(absent)} 项指标" if len(absent) > 5 else ""
        titles = "、".join(f"「{title}」" for title in absent[:5])
        kept.append(f"表中没有{titles}{more}，不会改动。")
    return kept


def _converted(parsed, found):
    """A sentence for each column of which the heading says another unit than the rules."""
    for column in found:
        if column.key in parsed.converted:
            written, unit, factor = parsed.converted[column.key]
            yield (
                f"{parsed.heads[column.key]}「{column.title}」写的单位是「{written}」，规则里是"
                f"「{unit}」：这一列的数都乘 {factor.normalize():f} 再保存。表里如果本来就是"
                f"「{unit}」，请先改正表头。"
            )


def _lacking(parsed, measured, found):
    """A sentence for each criterion of which the table has some inputs and lacks others."""
    present = {column.key for column in found}
    for item in measured.asked:
        own = [f"{item.key}/{input_.key}" for input_ in item.inputs]
        there = [key for key in own if key in present]
        if there and len(there) < len(own):
            lacking = "、".join(
                f"「{input_.title}」"
                for input_ in item.inputs
                if f"{item.key}/{input_.key}" not in present
            )
            spots = "、".join(parsed.heads[key] for key in there)
            yield (
                f"{spots} 是“{item.title}”的列，表里没有它的{lacking}列，{lacking}不会改动；"
                "如果是漏了或表头写错了，请补上再导入。"
            )


def _position(address):
    """(row, column) of an address such as B7, for sorting; the whole file comes first."""
    match = re.fullmatch(r"([A-Z]+)(\d+)", address)
    return (int(match[2]), column_index(match[1])) if match else (0, 0)


def _written(table, address):
    """What stands in a cell that could not be read, as far as it is worth showing."""
    number, column = _position(address)
    row = next((row for row in table.rows if row.number == number), None)
    text = row.text(column) if row else ""
    return text if len(text) <= 20 else text[:20] + "…"


def _problem(address, message):
    return {"cell": address, "text": message.removeprefix(address) if address else message}


def _find_entry(measured, row, reading, seen, wrong):
    name = row[NAME]
    if not name:
        return None
    address = row["_addresses"].get(NAME, "")
    match = match_unit(name, measured.entries, _names_of_entry)
    if match.unit is None:
        if match.candidates:
            near = "、".join(entry.name for entry in match.candidates[:4])
            words = f"「{name}」可能是{near}，请写全称。"
        else:
            words = f"参评名单里没有「{name}」，请核对名称或先把它加入参评名单。"
        reading.problems.append(_problem(address, words))
        return None
    other = seen.setdefault(match.unit.key, address)
    if other != address:
        # The same name once more has been told already.
        if address not in wrong:
            words = f"「{name}」和 {other} 是同一个参评单位，请只保留一行。"
            reading.problems.append(_problem(address, words))
        return None
    return match.unit


def _names_of_entry(entry):
    if not entry.is_human:
        return names_of(entry.unit)
    own = [entry.name, entry.holder.name]
    return [*own, *names_of(entry.unit)] if entry.is_secretary else own


def _read_cell(row, column, entry, asked, lines, reading):
    criterion, _, key = column.key.partition("/")
    value = row[column.key]
    if value is None:
        return {"text": "", "state": "", "old": ""}
    item = asked[criterion]
    try:
        text = read_value(value, item.input(key), votes=item.is_votes)
    except ValidationError as error:
        reading.problems.append(_problem(row["_addresses"][column.key], error.message))
        return {"text": value, "state": "bad", "old": ""}
    if entry is None:
        return {"text": text, "state": "", "old": ""}
    old = lines[entry.key, criterion].values.get(key, "")
    if old and Decimal(old) == Decimal(text):
        reading.counts["same"] += 1
        return {"text": text, "state": "", "old": ""}
    state = "changed" if old else "new"
    reading.counts[state] += 1
    reading.values.setdefault((entry.key, criterion), {})[key] = text
    return {"text": text, "state": state, "old": old}


def write_template(measured):
    """This function will return an xlsx with the round's entries in official order, what is saved
    so far, and the criteria in a header of two rows."""
    book = Workbook()
    sheet = book.active
    sheet.title = "填报表"
    cells = [(item, input_) for item in measured.asked for input_ in item.inputs]
    width = len(cells) + 1
    _banner(sheet, 1, width, f"{measured.competition.title}　{measured.title}", 14)
    mark = measured.competition.mark
    notice = f"{mark}。{NOTICE}" if mark else NOTICE
    _banner(sheet, 2, width, notice, 11)
    _head(sheet, 3, 1, subject_of(measured.track, measured.competition))
    sheet.merge_cells(start_row=3, end_row=4, start_column=1, end_column=1)
    column = 2
    for item in measured.asked:
        last = column + len(item.inputs) - 1
        _head(sheet, 3, column, item.title)
        if last > column:
            sheet.merge_cells(start_row=3, end_row=3, start_column=column, end_column=last)
        for offset, input_ in enumerate(item.inputs):
            _head(sheet, 4, column + offset, header_of(input_))
        column = last + 1
    for number, entry in enumerate(measured.entries, start=5):
        _text(sheet.cell(number, 1), entry.name).border = _BOX
        values = {line.asked.key: line.values for line in measured.of_entry(entry.key)}
        for offset, (item, input_) in enumerate(cells, start=2):
            _number(sheet.cell(number, offset), values[item.key].get(input_.key, ""))
    sheet.column_dimensions["A"].width = 20
    for number in range(2, width + 1):
        sheet.column_dimensions[column_letters(number - 1)].width = 15
    sheet.row_dimensions[3].height = sheet.row_dimensions[4].height = 32
    sheet.freeze_panes = "B5"
    sheet.print_title_rows = "3:4"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _banner(sheet, row, width, text, size):
    cell = _text(sheet.cell(row, 1), text)
    cell.font = Font(bold=size > 11, size=size)
    cell.alignment = _CENTRE
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=width)
    sheet.row_dimensions[row].height = 26


def _head(sheet, row, column, text):
    cell = _text(sheet.cell(row, column), text)
    cell.font, cell.fill, cell.border, cell.alignment = Font(bold=True), _FILL, _BOX, _CENTRE


def _text(cell, text):
    """Text stays text, also one that begins with an equals sign."""
    cell.value = text
    cell.data_type = "s"
    return cell


def _number(cell, text):
    cell.border = _BOX
    if not text:
        return
    places = text.partition(".")[2]
    if len(text.lstrip("-0").replace(".", "")) > 15:
        _text(cell, text)
        return
    cell.value = Decimal(text) if places else int(text)
    if places:
        cell.number_format = "0." + "0" * len(places)
