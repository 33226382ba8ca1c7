"""Reading xlsx files from strangers: streamed, bounded, and only texts come out.

The parts are parsed one after the other without building a tree. A document type is refused, so
that no entity can be declared; macros and external links are never followed; what the parts may
unpack to is limited before they are opened. (openpyxl keeps whole sheets in memory and does none
of this, so it only writes.)
"""

import io
import posixpath
import re
import zipfile
import zlib
from datetime import date, timedelta
from decimal import Context, Decimal, InvalidOperation
from typing import IO
from xml.parsers import expat

from openpyxl.styles.numbers import is_date_format

from competitions.tables.grid import Refused, Row, Table, column_index
from competitions.tables.text import check_size
from competitions.tables.values import plain

MOST_UNPACKED = 30 * 1024 * 1024  # of the parts that are read; pictures are not
MOST_PARTS = 5_000
MOST_ELEMENTS = 2_000_000  # a few seconds of one processor
MOST_MERGED = 5_000
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_FIFTEEN_DIGITS = Context(prec=15)  # what a spreadsheet keeps and shows of a number
# Numbers of built-in formats: dates (several only in Chinese editions) and percentages.
_DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_PERCENT_FORMATS = {9, 10}

FORMULA = "是公式，请复制这一列后用「选择性粘贴—数值」变成普通数值，再上传。"
BROKEN = "文件已损坏，或不是真正的 xlsx 文件，请用表格软件打开后另存为 xlsx 再上传。"
ENCRYPTED = "文件设有打开密码，请取消密码后再上传。"
TOO_LARGE = "文件内容太多，请把需要的表格复制到一个新的 xlsx 文件后再上传。"


def read_xlsx(content: bytes) -> Table:
    """This function will read the first visible sheet that holds anything; raises Refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _Workbook(archive).table()
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
        raise Refused(BROKEN) from None
    except (expat.ExpatError, ValueError, LookupError):
        raise Refused(BROKEN) from None


class _Workbook:
    """The parts of one file, and how much may still be unpacked."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.left = MOST_UNPACKED
        self.budget = [MOST_ELEMENTS]
        parts = archive.infolist()
        self.names = {part.filename: part for part in parts}
        lower = {name.lower() for name in self.names}
        if any(part.flag_bits & 1 for part in parts):
            raise Refused(ENCRYPTED)
        if len(parts) > MOST_PARTS:
            raise Refused(TOO_LARGE)
        if any(name.endswith("vbaproject.bin") or "macrosheets/" in name for name in lower):
            raise Refused("文件含有宏，请另存为不含宏的 xlsx 后再上传。")
        for mark, format_name in (("xl/workbook.bin", "xlsb"), ("content.xml", "ods")):
            if mark in lower:
                raise Refused(f"这是 {format_name} 格式的表格，请另存为 xlsx 后再上传。")
        if "xl/workbook.xml" not in self.names:
            raise Refused(BROKEN)

    def parse(self, name: str, handler: "_Part") -> None:
        """This function will feed one part to a handler; a missing part counts as empty."""
        part = self.names.get(name)
        if part is None:
            return
        self.left -= part.file_size
        if self.left < 0:
            raise Refused(TOO_LARGE)
        with self.archive.open(part) as file:
            handler.feed(file, self.budget)

    def table(self) -> Table:
        """This function will return the first visible sheet with content, or an empty table."""
        book, links = _Elements("sheet", "workbookPr"), _Elements("Relationship")
        self.parse("xl/workbook.xml", book)
        self.parse("xl/_rels/workbook.xml.rels", links)
        targets = {link.get("Id"): link.get("Target", "") for link in links.found["Relationship"]}
        strings, styles = _Strings(), _Styles()
        self.parse("xl/sharedStrings.xml", strings)
        self.parse("xl/styles.xml", styles)
        since_1904 = any(p.get("date1904") in ("1", "true") for p in book.found["workbookPr"])
        visible = [s for s in book.found["sheet"] if s.get("state", "visible") == "visible"]
        for place, sheet in enumerate(visible, start=1):
            target = targets.get(sheet.get("id"), f"worksheets/sheet{place}.xml")
            reader = _Sheet(strings.texts, styles.kinds(), since_1904)
            self.parse(posixpath.normpath(posixpath.join("/xl", target)).lstrip("/"), reader)
            if reader.table.rows:
                reader.table.name = sheet.get("name", "")
                reader.table.expand(reader.ranges)
                others = len(visible) - 1
                if others:
                    reader.table.notes.append(
                        f"只读取了工作表「{reader.table.name}」，其余 {others} 个工作表没有读取。"
                    )
                return reader.table
        return Table()


def _local(name: str) -> str:
    return name.rpartition(":")[2]


class _Part:
    """Takes one part of the file, element by element, by their names without prefix."""

    def feed(self, file: IO[bytes], budget: list[int]) -> None:
        """This function will parse a file; `budget` counts down the elements of all parts."""
        names: dict[str, str] = {}

        def start(name: str, attrs: dict[str, str]) -> None:
            budget[0] -= 1
            if budget[0] < 0:
                raise Refused(TOO_LARGE)
            local = names.get(name)
            if local is None:
                local = names[name] = _local(name)
            self.start(local, attrs)

        def refuse(*_) -> None:
            raise Refused(BROKEN)

        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = refuse
        parser.StartElementHandler = start
        parser.EndElementHandler = lambda name: self.end(names[name])
        parser.CharacterDataHandler = self.characters
        parser.ParseFile(file)

    def start(self, name: str, attrs: dict[str, str]) -> None:
        """This function will take the beginning of an element."""

    def characters(self, content: str) -> None:
        """This function will take text, perhaps in several pieces."""

    def end(self, name: str) -> None:
        """This function will take the end of an element."""


class _Elements(_Part):
    """Collects the attributes, by local name, of all elements with the given names."""

    def __init__(self, *wanted: str) -> None:
        self.found: dict[str, list[dict[str, str]]] = {name: [] for name in wanted}

    def start(self, name, attrs):
        if name in self.found:
            self.found[name].append({_local(key): value for key, value in attrs.items()})


class _Strings(_Part):
    """The shared strings: the texts of each <si>, without readings (<rPh>)."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._parts: list[str] = []
        self._inside = self._reading = False

    def start(self, name, attrs):
        if name == "si":
            self._parts = []
        elif name == "rPh":
            self._reading = True
        self._inside = name == "t" and not self._reading

    def characters(self, content):
        if self._inside:
            self._parts.append(content)

    def end(self, name):
        self._inside = False
        if name == "rPh":
            self._reading = False
        elif name == "si":
            self.texts.append(_unescape("".join(self._parts)))


def _unescape(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


class _Styles(_Part):
    """The kind of each cell format: number, date, percent, or scaled (shown in other units)."""

    def __init__(self) -> None:
        self._codes: dict[int, str] = {}
        self._formats: list[int] = []
        self._inside = False

    def start(self, name, attrs):
        if name == "numFmt":
            self._codes[int(attrs.get("numFmtId", "0"))] = attrs.get("formatCode", "")
        elif name == "cellXfs":
            self._inside = True
        elif name == "xf" and self._inside:
            self._formats.append(int(attrs.get("numFmtId", "0")))

    def end(self, name):
        if name == "cellXfs":
            self._inside = False

    def kinds(self) -> list[str]:
        """This function will return the kind of each format, by its index."""
        return [self._kind(number) for number in self._formats]

    def _kind(self, number: int) -> str:
        code = self._codes.get(number)
        if code is None:
            if number in _PERCENT_FORMATS:
                return "percent"
            return "date" if number in _DATE_FORMATS else "number"
        first = code.split(";")[0]
        if is_date_format(code):
            return "date"
        if "%" in re.sub(r'"[^"]*"|\\.', "", first):
            return "percent"
        # 0.0,"万" shows 12.5万 for 125000: what people see is not what is stored.
        scaled = re.search(r"[0#?],+(?![0#?,])", first) or "万" in first or "亿" in first
        return "scaled" if scaled else "number"


class _Sheet(_Part):
    """One worksheet, row by row; blank cells and blank rows leave no trace."""

    def __init__(self, strings: list[str], kinds: list[str], since_1904: bool) -> None:
        self.table = Table()
        self.ranges: list[tuple[int, int, int, int]] = []
        self._strings, self._kinds = strings, kinds
        self._epoch = date(1904, 1, 1) if since_1904 else date(1899, 12, 30)
        self._number, self._column = 0, -1
        self._cells: dict[int, str] = {}
        self._type = self._format = ""
        self._formula = self._reading = self._inside = False
        self._parts: list[str] = []

    def start(self, name, attrs):
        self._inside = False
        if name == "c":
            self._start_cell(attrs)
        elif name in ("v", "t"):
            self._inside = not self._reading
        elif name == "f":
            self._formula = True
        elif name == "rPh":
            self._reading = True
        elif name == "row":
            given = attrs.get("r", "")
            self._number = int(given) if given[:7].isdigit() else self._number + 1
            self._cells, self._column = {}, -1
        elif name == "mergeCell":
            self._merge(attrs.get("ref", ""))

    def characters(self, content):
        if self._inside:
            self._parts.append(content)

    def end(self, name):
        self._inside = False
        if name == "c":
            self._end_cell()
        elif name == "rPh":
            self._reading = False
        elif name == "row" and self._cells:
            width = max(self._cells) + 1
            check_size(len(self.table.rows) + 1, width)
            texts = [self._cells.get(column, "") for column in range(width)]
            self.table.rows.append(Row(self._number, texts))

    def _start_cell(self, attrs) -> None:
        match = _REFERENCE.fullmatch(attrs.get("r", ""))
        self._column = column_index(match[1]) if match else self._column + 1
        self._type = attrs.get("t", "n")
        style = attrs.get("s", "0")
        index = int(style) if style[:6].isdigit() else 0
        self._format = self._kinds[index] if index < len(self._kinds) else "number"
        self._formula, self._parts = False, []

    def _end_cell(self) -> None:
        raw = "".join(self._parts)
        reason = FORMULA if self._formula else ""
        try:
            text = self._text(raw)
        except (ValueError, InvalidOperation, OverflowError, IndexError):
            text, reason = raw[:50].strip(), reason or "的内容无法识别，请重新填写。"
        if not reason and self._type == "e":
            reason = f"是错误值「{text[:20]}」，请改正后再上传。"
        if not reason and self._type == "n" and self._format == "scaled" and text:
            reason = "的显示格式把数缩小了（如以万显示），看到的和实际的不同，请改为常规格式。"
        if text or reason:
            self._cells[self._column] = text
        if reason:
            self.table.refused[self._number, self._column] = reason

    def _text(self, raw: str) -> str:
        if self._type == "s":
            return self._strings[int(raw)].strip() if raw else ""
        if self._type in ("str", "inlineStr", "e"):
            return _unescape(raw).strip()
        if self._type == "b":
            return "是" if raw.strip() == "1" else "否"
        if self._type == "d":
            return raw.strip()[:10]
        return self._number_text(raw.strip())

    def _number_text(self, raw: str) -> str:
        if not raw:
            return ""
        number = _FIFTEEN_DIGITS.create_decimal(raw)
        if not number.is_finite() or abs(number.adjusted()) > 30:
            raise ValueError(raw)
        if self._format == "percent":
            return plain(number.scaleb(2)) + "%"
        if self._format == "date":
            return self._date_text(number)
        return plain(number)

    def _date_text(self, number: Decimal) -> str:
        days = int(number)
        minutes = int((number - days) * 1440 + Decimal("0.5"))
        clock = f"{minutes // 60:02d}:{minutes % 60:02d}" if minutes else ""
        if not 1 <= days < 110_000:
            return clock or plain(number)
        return f"{self._epoch + timedelta(days=days)} {clock}".strip()

    def _merge(self, reference: str) -> None:
        corners = [_REFERENCE.fullmatch(corner) for corner in reference.split(":")]
        if len(corners) != 2 or None in corners:
            return
        if len(self.ranges) >= MOST_MERGED:
            raise Refused("合并单元格太多，请取消合并后再上传。")
        (left, top), (right, bottom) = ((column_index(m[1]), int(m[2])) for m in corners)
        self.ranges.append((min(top, bottom), min(left, right), max(top, bottom), max(left, right)))
