"""Writing xlsx: templates to fill in and exports, in which no text can become a formula."""

import io
import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from competitions.tables.grid import column_letters
from competitions.tables.header import Column

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_DECIMAL = re.compile(r"-?\d+(?:\.\d+)?")
_NARROWEST, _WIDEST = 8, 40
_LINE = Side(style="thin", color="BFBFBF")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


def write_xlsx(
    columns: Sequence[Column],
    rows: Sequence[Mapping[str, Any]],
    *,
    title: str = "",
    notice: str = "",
) -> bytes:
    """This function will return an xlsx file with a title row, a notice row, a header and the rows.

    Each row maps keys to text, plain decimal text, int, Decimal, date or None. Numbers of up to 15
    digits are written as numbers, everything else as text. Title and notice rows appear when
    given; the header stays in sight and repeats on every printed page.
    """
    book = Workbook()
    sheet = book.active
    sheet.title = _sheet_title(title)
    top = 0
    for text, font in ((title, Font(bold=True, size=14)), (notice, Font(bold=True))):
        if text:
            top += 1
            _write_banner(sheet, top, len(columns), text, font)
    header = top + 1
    for number, column in enumerate(columns, start=1):
        cell = sheet.cell(header, number)
        _set_text(cell, column.heading)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="EDEBE6")
        cell.border = _BOX
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    for offset, row in enumerate(rows, start=1):
        for number, column in enumerate(columns, start=1):
            _write(sheet.cell(header + offset, number), column, row.get(column.key))
    for number, column in enumerate(columns, start=1):
        texts = [column.heading, *(str(row.get(column.key) or "") for row in rows[:200])]
        width = max(map(_shown_width, texts)) + 3
        letters = column_letters(number - 1)
        sheet.column_dimensions[letters].width = min(max(width, _NARROWEST), _WIDEST)
    sheet.freeze_panes = sheet.cell(header + 1, 1)
    sheet.print_title_rows = f"{header}:{header}"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape" if len(columns) > 6 else "portrait"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _sheet_title(title: str) -> str:
    return re.sub(r"[\[\]:*?/\\']", "", _UNWRITABLE.sub("", title))[:31].strip() or "Sheet1"


def _shown_width(text: str) -> int:
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text.split("\n")[0])


def _write_banner(sheet: Worksheet, row: int, width: int, text: str, font: Font) -> None:
    cell = sheet.cell(row, 1)
    _set_text(cell, text)
    cell.font = font
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    if width > 1:
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=width)


def _write(cell: Cell, column: Column, value: Any) -> None:
    cell.border = _BOX
    if value is None or value == "":
        return
    if column.kind == "number":
        cell.alignment = Alignment(horizontal="right")
        text = format(value, "f") if isinstance(value, Decimal) else str(value)
        digits = text.replace(".", "").lstrip("-0")
        if _DECIMAL.fullmatch(text) and len(digits) <= 15:
            cell.value = Decimal(text) if "." in text else int(text)
            if "." in text:
                cell.number_format = "0." + "0" * len(text.partition(".")[2])
            return
    elif isinstance(value, date):
        cell.value = value
        cell.number_format = "yyyy-mm-dd"
        return
    _set_text(cell, str(value))


def _set_text(cell: Cell, text: str) -> None:
    """This function will write a text as text, also one that begins with = or an apostrophe."""
    cell.value = _UNWRITABLE.sub("", text)
    cell.data_type = "s"
    cell.number_format = "@"
    if text[:1] in ("=", "+", "-", "@"):
        cell.quotePrefix = True
