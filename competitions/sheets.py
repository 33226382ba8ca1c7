"""Spreadsheets and pasted tables, in and out. Knows cells and columns, no models.

    table = read_table(uploaded_file, uploaded_file.name)  # or read_paste(text)
    parsed = match_columns(table, [Column("unit", "单位名称", ("乡镇",), kind="unit")])
    parsed.problems or parsed.rows  # all problems at once, with their addresses

Nothing here raises for what a stranger uploads: every refusal is a Problem with its remedy.
"""

from typing import BinaryIO

from competitions.tables.grid import Problem, Refused, Table
from competitions.tables.header import Column, find_header
from competitions.tables.rows import Parsed, match_columns
from competitions.tables.text import read_csv
from competitions.tables.text import read_paste as _read_paste
from competitions.tables.writing import write_xlsx
from competitions.tables.xlsx import ENCRYPTED, read_xlsx

__all__ = [
    "XLSX_TYPE",
    "Column",
    "Parsed",
    "Problem",
    "Table",
    "find_header",
    "match_columns",
    "read_paste",
    "read_table",
    "write_xlsx",
]

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_BYTES = 10 * 1024 * 1024
MOST_PASTED = 2_000_000
# What other files begin with, and what to call them.
_OTHERS = (
    (b"\x89PNG", "图片（PNG）"),
    (b"\xff\xd8\xff", "图片（JPEG）"),
    (b"GIF8", "图片（GIF）"),
    (b"%PDF", "PDF 文件"),
    (b"Rar!", "压缩文件（RAR）"),
    (b"7z\xbc\xaf\x27\x1c", "压缩文件（7z）"),
    (b"\x1f\x8b", "压缩文件（gzip）"),
)
_TEXT_ENDINGS = ("csv", "tsv", "txt")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD = "这是旧格式（xls、et）的表格，请在表格软件中另存为 xlsx 后再上传。"


def read_table(file: BinaryIO | bytes, filename: str) -> Table:
    """This function will read an uploaded xlsx or csv file; what it is, its content tells.

    A file that cannot be read gives a table without rows and with the reason in `problems`.
    """
    content = file if isinstance(file, bytes) else file.read(MOST_BYTES + 1)
    try:
        return _read(content, filename)
    except Refused as refusal:
        return Table(name=filename, problems=[Problem("", str(refusal))])


def _read(content: bytes, filename: str) -> Table:
    if len(content) > MOST_BYTES:
        limit = MOST_BYTES // (1024 * 1024)
        raise Refused(f"文件超过 {limit} MB，请删去图片和无关的内容后再上传。")
    if not content.strip():
        raise Refused("文件是空的，请检查是否选错了文件。")
    if content.startswith(_OLE):
        locked = "EncryptedPackage".encode("utf-16-le") in content
        raise Refused(ENCRYPTED if locked else _OLD)
    for beginning, what in _OTHERS:
        if content.startswith(beginning):
            raise Refused(f"这是{what}，不是表格文件，请上传 xlsx 或 csv 文件。")
    if content.startswith(b"PK"):
        return read_xlsx(content)
    if filename.lower().endswith((".xlsx", ".xlsm", ".xls", ".et", ".ods")):
        raise Refused("文件不是真正的 xlsx 表格，请用表格软件打开后另存为 xlsx 再上传。")
    ending = filename.rpartition(".")[2].lower() if "." in filename else ""
    # Bytes of any kind can be read as GBK: only what is called a text is taken for one.
    if ending and ending not in _TEXT_ENDINGS:
        raise Refused(
            f"不认识「.{ending[:10]}」这种文件，请用表格软件打开后另存为 xlsx 或 csv 再上传。"
        )
    return read_csv(content, filename)


def read_paste(text: str) -> Table:
    """This function will read cells pasted from a spreadsheet or typed by hand."""
    if len(text) > MOST_PASTED:
        return Table(problems=[Problem("", "粘贴的内容太多，请改为上传 xlsx 文件。")])
    try:
        return _read_paste(text)
    except Refused as refusal:
        return Table(problems=[Problem("", str(refusal))])
