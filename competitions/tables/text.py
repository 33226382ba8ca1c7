"""Tables that come as text: csv files in the encodings of Chinese offices, and pasted cells."""

import codecs
import csv
import io
import re
from collections.abc import Iterable

from competitions.tables.grid import (
    MOST_COLUMNS,
    MOST_ROWS,
    Refused,
    Row,
    Table,
    column_letters,
)

LONGEST_CELL = 10_000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def decode(content: bytes) -> str:
    """This function will decode UTF-8 (with or without mark), UTF-16 with mark, GBK or GB18030."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("文件的文字编码无法识别，请在表格软件中另存为 xlsx 后再上传。")


def read_csv(content: bytes, name: str) -> Table:
    """This function will read a csv file; commas, tabs or semicolons may part the cells."""
    text = decode(content)
    if _CONTROL.search(text):
        raise Refused(
            "文件里有表格不会有的控制字符，不是表格文件或已损坏，请上传 xlsx 或 csv 文件。"
        )
    head = text.lstrip("\ufeff \r\n\t")[:200].lower()
    if head.startswith(("<html", "<!doctype", "<table", "<?xml", "<meta", "mime-version")):
        raise Refused("这是网页格式的表格，请用表格软件打开后另存为 xlsx 再上传。")
    return _table(text, _delimiter(text, ",\t;，"), name)


def read_paste(text: str) -> Table:
    """This function will read cells copied from a spreadsheet, or typed with commas or one a line.

    Addresses count from the first pasted cell, A1.
    """
    text, name = text.replace("\0", ""), "粘贴的内容"
    delimiter = _delimiter(text, "\t,，")
    try:
        return _table(text, delimiter, name)
    except Refused:
        # Spreadsheets quote only cells with several lines; a quote typed elsewhere is a character.
        return _table(text, delimiter, name, csv.QUOTE_NONE)


def _delimiter(text: str, among: str) -> str:
    lines = [line for line in text.splitlines()[:20] if line.strip()]
    counted = {mark: sum(line.count(mark) for line in lines) for mark in among}
    if counted.get("\t"):
        return "\t"
    return max(among, key=lambda mark: counted[mark])


def _table(text: str, delimiter: str, name: str, quoting: int = csv.QUOTE_MINIMAL) -> Table:
    csv.field_size_limit(LONGEST_CELL)
    source = io.StringIO(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
    # Strict, or one quote without its partner would swallow all rows after it.
    lines = csv.reader(source, delimiter=delimiter, quoting=quoting, strict=True)
    try:
        return Table(name=name, rows=list(_rows(lines)))
    except csv.Error:
        raise Refused(
            f"有单元格超过 {LONGEST_CELL:,} 个字，或有引号没有成对，请检查后再试。"
        ) from None


def _rows(lines: Iterable[list[str]]) -> Iterable[Row]:
    kept = 0
    for number, cells in enumerate(lines, start=1):
        texts = [cell.strip() for cell in cells]
        while texts and not texts[-1]:
            texts.pop()
        if not texts:
            continue
        kept += 1
        check_size(kept, len(texts))
        yield Row(number, texts)


def check_size(rows: int, columns: int) -> None:
    """This function will refuse a table that is larger than any that this product needs."""
    if rows > MOST_ROWS:
        raise Refused(f"表格超过 {MOST_ROWS:,} 行，请删去无关的行，或分成几个文件上传。")
    if columns > MOST_COLUMNS:
        raise Refused(
            f"表格超过 {MOST_COLUMNS} 列（内容写到了 {column_letters(columns - 1)} 列），"
            "请删去无关的列后再上传。"
        )
