"""What the rows below a header say: values with their addresses, and every problem at once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from competitions.tables.grid import Problem, Row, Table, address, column_letters
from competitions.tables.header import Column, Header, Place, find_header, missing_columns
from competitions.tables.values import (
    CellError,
    bare,
    clean_text,
    convert,
    is_missing,
    parse_date,
    parse_number,
    widths,
)

MOST_PROBLEMS = 200
_TOTALS = re.compile(
    r"(?:全[县区旗市])?(?:合计|总计|小计|共计|累计|平均|平均值|平均数|均值)(?:[:(].*)?"
)
_REMARKS = re.compile(
    r"(?:备注|注|说明|填表说明|填报说明|填表人|填报人|制表|制表人|审核|审核人|单位负责人|负责人|"
    r"联系电话|填报单位|填表日期|填报日期|填报时间):.*|注\d.*|备注|说明"
)


@dataclass(slots=True)
class Parsed:
    """What a table says. Problems must stop an import; notes only inform.

    A row maps each column's key to plain decimal text, text, a date, or None where nothing was
    given; `_row` to its number, `_addresses` to {key: address} and `_units` to {key: unit} where a
    number came with one. `found` are the keys of the columns that the table has, `heads` their
    {key: address of the heading}; `converted` is {key: (the heading's unit, the column's, what
    each number is multiplied by)}; `unread` is {address: text} of the cells whose text could not be
    used.
    """

    rows: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    found: tuple[str, ...] = ()
    unread: dict[str, str] = field(default_factory=dict)
    heads: dict[str, str] = field(default_factory=dict)
    converted: dict[str, tuple[str, str, Decimal]] = field(default_factory=dict)

    def add_problem(self, row: dict[str, Any], key: str, message: str) -> None:
        """This function will record what is wrong with one value, a full sentence without place."""
        spot = row["_addresses"].get(key, address(row["_row"], 0))
        self.problems.append(Problem(spot, message))


def match_columns(table: Table, columns: Sequence[Column], *, headerless: bool = False) -> Parsed:
    """This function will find the expected columns in a table and read all rows below the header.

    With `headerless`, a table without any header (a pasted block) is read from the left in the
    order of `columns`. Never raises for bad content: everything is in `problems`.
    """
    parsed = Parsed(problems=list(table.problems), notes=list(table.notes))
    if parsed.problems:
        return parsed
    if not table.rows:
        parsed.problems.append(Problem("", "没有读到任何内容，请检查是否选错了文件或工作表。"))
        return parsed
    header = find_header(table, columns)
    if header is None and headerless:
        places = {c.key: Place(n, c.title, None) for n, c in enumerate(columns)}
        header = Header(0, 0, places, {})
        titles = "、".join(column.title for column in columns)
        parsed.notes.append(f"没有找到表头，从左起按「{titles}」的顺序读取。")
    parsed.problems += missing_columns(table, header, columns)
    if parsed.problems or header is None:
        return parsed
    _Reader(table, header, columns, parsed).read()
    if not parsed.rows and not parsed.problems:
        parsed.problems.append(Problem("", "表头下面没有数据，请填写后再上传。"))
    return parsed


class _Reader:
    """Reads the rows of one table; keeps what must be compared over all rows."""

    def __init__(
        self, table: Table, header: Header, columns: Sequence[Column], parsed: Parsed
    ) -> None:
        self.table, self.header, self.parsed = table, header, parsed
        self.columns = [column for column in columns if column.key in header.places]
        self.absent = [column for column in columns if column.key not in header.places]
        named = [c for c in self.columns if c.kind in ("unit", "text")]
        self.name = next((c for c in named if c.required), named[0] if named else None)
        self.hidden = 0  # problems beyond the most that are listed
        self.seen: dict[tuple[str, Any], str] = {}
        self.percents: dict[str, list[tuple[bool, str]]] = {}
        self.refuse_unit: dict[str, str] = {}

    def read(self) -> None:
        """This function will fill `parsed` with rows, notes and problems."""
        self.parsed.found = tuple(column.key for column in self.columns)
        if self.header.height:
            row = self.table.rows[self.header.end - 1].number
            self.parsed.heads = {
                key: address(row, place.position) for key, place in self.header.places.items()
            }
        self._check_header_units()
        self._note_columns()
        for row in self.table.rows[self.header.end :]:
            if not self._skip(row):
                self.parsed.rows.append(self._row(row))
        self._compare_percents()
        if self.hidden:
            message = f"还有 {self.hidden} 处问题没有列出，请先改正以上各处再上传。"
            self.parsed.problems.append(Problem("", message))

    def _problem(self, spot: str, message: str) -> None:
        if len(self.parsed.problems) < MOST_PROBLEMS:
            self.parsed.problems.append(Problem(spot, message))
        else:
            self.hidden += 1

    def _check_header_units(self) -> None:
        for column in self.columns:
            place = self.header.places[column.key]
            if place.unit is None:
                continue
            row = self.table.rows[self.header.first].number
            if column.unit is None or bare(place.unit) == bare(column.unit):
                continue
            factor = convert(Decimal(1), place.unit, column.unit)
            if factor is None:
                message = (
                    f"「{column.title}」的单位是「{place.unit}」，应为「{column.unit}」，"
                    "请换算后改正表头。"
                )
                self._problem(address(row, place.position), message)
            else:
                note = f"「{column.title}」按表头的「{place.unit}」换算为「{column.unit}」。"
                self.parsed.notes.append(note)
                self.parsed.converted[column.key] = (place.unit, column.unit, factor)

    def _note_columns(self) -> None:
        notes = self.parsed.notes
        if self.absent:
            titles = "、".join(f"「{column.title}」" for column in self.absent)
            notes.append(f"表中没有{titles}，这些内容不会改动。")
        used = {place.position for place in self.header.places.values()}
        lowest = self.table.rows[max(self.header.end - 1, 0)] if self.header.height else None
        unused = [
            f"{column_letters(position)} 列「{text}」"
            for position, text in enumerate(lowest.cells if lowest else [])
            if text and position not in used and bare(text) not in ("序号", "备注", "编号")
        ]
        if unused:
            notes.append(f"没有用到：{'、'.join(unused[:10])}{'等' if len(unused) > 10 else ''}。")
        first = self.table.rows[self.header.end].number if self._has_rows() else 0
        for top, left, bottom, right in self.table.merged:
            for column in self.columns:
                inside = left <= self.header.places[column.key].position <= right
                if column.kind == "number" and inside and bottom > top and top >= first > 0:
                    spots = f"{address(top, left)}:{address(bottom, right)}"
                    notes.append(f"{spots} 是合并单元格，其中各行都按同一个值读取，请核对。")

    def _has_rows(self) -> bool:
        return self.header.end < len(self.table.rows)

    def _skip(self, row: Row) -> bool:
        """This function will say whether a row is no data, and note it unless it is blank."""
        first = bare(next((text for text in row.cells if text), ""))
        name = bare(row.text(self.header.places[self.name.key].position)) if self.name else ""
        if any(_TOTALS.fullmatch(text) for text in (first, name)) or _REMARKS.fullmatch(first):
            label = first if _TOTALS.fullmatch(first) or not _TOTALS.fullmatch(name) else name
            label = label if len(label) <= 10 else label[:10] + "…"
            self.parsed.notes.append(f"第 {row.number} 行「{label}」不是数据，已跳过。")
            return True
        places = [(c, self.header.places[c.key].position) for c in self.columns]
        if self.header.height and all(
            bare(row.text(p)) == bare(self.table.rows[self.header.end - 1].text(p))
            for _, p in places
        ):
            self.parsed.notes.append(f"第 {row.number} 行重复了表头，已跳过。")
            return True
        return all(
            is_missing(row.text(p)) and (row.number, p) not in self.table.refused for _, p in places
        )

    def _row(self, row: Row) -> dict[str, Any]:
        values: dict[str, Any] = {column.key: None for column in self.absent}
        values |= {"_row": row.number, "_addresses": {}, "_units": {}}
        for column in self.columns:
            position = self.header.places[column.key].position
            spot = address(row.number, position)
            values["_addresses"][column.key] = spot
            reason = self.table.refused.get((row.number, position))
            try:
                if reason is not None:
                    raise CellError(reason)
                value, unit = self._value(column, row.text(position), spot)
            except CellError as error:
                self._problem(spot, f"「{column.title}」{error}")
                value, unit = None, None
                self.parsed.unread[spot] = row.text(position)[:60]
            else:
                self._check(column, value, spot)
            values[column.key] = value
            if unit:
                values["_units"][column.key] = unit
        return values

    def _value(self, column: Column, text: str, spot: str) -> tuple[Any, str | None]:
        if is_missing(text):
            return None, None
        clean = clean_text(text)
        if column.kind == "number":
            place = self.header.places[column.key]
            number = parse_number(clean, unit=column.unit, header_unit=place.unit)
            if place.unit != "%" and column.unit in (None, "%"):
                marked = bare(clean).endswith("%")
                self.percents.setdefault(column.key, []).append((marked, spot))
            return number.value, number.unit
        if column.kind == "date":
            return parse_date(clean), None
        return "".join(widths(clean).split()) if column.kind == "unit" else clean, None

    def _check(self, column: Column, value: Any, spot: str) -> None:
        if value is None:
            if column.required:
                self._problem(spot, f"「{column.title}」没有填写，请补上。")
        elif column.unique:
            other = self.seen.setdefault((column.key, value), spot)
            if other != spot:
                message = f"「{column.title}」与 {other} 重复（{value}），请只保留一行"
                if column.kind == "unit":
                    message += "；同名的不同单位，名称里要写出区别，例如加上乡镇名"
                self._problem(spot, f"{message}。")

    def _compare_percents(self) -> None:
        """This function will refuse a column in which 12.5% and 12.5 stand side by side."""
        titles = {column.key: column.title for column in self.columns}
        for key, cells in self.percents.items():
            if any(marked for marked, _ in cells) and not all(marked for marked, _ in cells):
                spot = next(spot for marked, spot in cells if not marked)
                message = f"「{titles[key]}」没有百分号，同一列的其他格有，请统一写法。"
                self._problem(spot, message)
