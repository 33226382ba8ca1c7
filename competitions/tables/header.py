"""Which column of a table is which: the expected columns, and the header row that names them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from competitions.tables.grid import Problem, Row, Table, address, column_letters
from competitions.tables.values import bare, split_unit

HEADER_WITHIN = 30  # rows that are searched for the header
HEADER_HEIGHT = 3
_BRACKETS = re.compile(r"^(.+?)[(\[【]([^()\[\]【】]{1,8})[)\]】]$")
_APPENDED = re.compile(r"^(.+?)[:/,、]([^:/,、]{1,6})$")
_UNIT_ON_TOP = re.compile(r"(?:^|[(\[金额])单位:([^\s,;)\]]{1,6})")
_YEAR = re.compile(r"^20\d\d(?:年度|年)?")
_BRACKET = re.compile(r"[()\[\]【】]")
_LAST_WORD = re.compile(r",[^,()]*(?=\)?$)")
_PUNCTUATION = re.compile(r"[*:、。.·\"'“”‘’]")
_UNIT_WORDS = re.compile(
    r"(?:十|百|千|百万|千万|万|亿)?(?:元|美元|亩|公顷|平方米|平方公里|立方米|米|公里|千米|"
    r"人|人次|户|名|位|个|家|项|次|分|件|场|吨|公斤|斤|克|头|只|株|所|座|处|起|条|批|辆|台|套|"
    r"天|月|年|千瓦时|瓦)|%|‰|百分点|万|亿"
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is expected: what it is called, what it holds, in which unit.

    kind is text, number, date, or unit (the name of a participating unit: text without spaces).
    """

    key: str
    title: str
    synonyms: tuple[str, ...] = ()
    kind: Literal["text", "number", "date", "unit"] = "text"
    required: bool = False
    unit: str | None = None
    unique: bool = False

    @property
    def heading(self) -> str:
        """The title with its unit, as templates and exports write it."""
        return f"{self.title}（{self.unit}）" if self.unit else self.title


@dataclass(frozen=True, slots=True)
class Place:
    """Where a column stands, the header's own words for it, and the unit that the header gives."""

    position: int
    words: str
    unit: str | None


@dataclass(slots=True)
class Header:
    """The header: rows[first : first + height] of the table, and the places of the columns."""

    first: int
    height: int
    places: dict[str, Place]
    doubled: dict[str, list[int]]

    @property
    def end(self) -> int:
        """The index of the first row below the header."""
        return self.first + self.height


def find_header(table: Table, columns: Sequence[Column]) -> Header | None:
    """This function will return the rows that name most expected columns, or None.

    Headers of two or three rows are joined: 「2022年」 over 「基期」 is 2022年基期 or 基期. Of
    equally good ones the one with the fewest rows and then the topmost is taken; rows of units or
    of further headings right below belong to it, and units above it count.
    """
    best, best_score = None, 0
    for height in range(1, HEADER_HEIGHT + 1):
        for first in range(min(HEADER_WITHIN, len(table.rows) - height + 1)):
            header = _match(table, columns, first, height)
            required = sum(c.required for c in columns if c.key in header.places)
            score = 2 * len(header.places) + required
            if score > best_score:
                best, best_score = header, score
    if best is not None:
        for _ in range(HEADER_HEIGHT - best.height):
            if not _extends_below(table, columns, best):
                break
        _take_units_above(table, columns, best)
    return best


def _match(table: Table, columns: Sequence[Column], first: int, height: int) -> Header:
    rows = table.rows[first : first + height]
    headings = [_headings(rows, p) for p in range(max(len(row.cells) for row in rows))]
    header = Header(first, height, {}, {})
    for column in columns:
        wanted = {
            form
            for name in (column.title, *column.synonyms)
            for form in (_PUNCTUATION.sub("", bare(name)), _split(name)[0])
        }
        found = {
            position: heading
            for position, heading in enumerate(headings)
            if not wanted.isdisjoint(heading.names)
        }
        positions = _without_merged(table, header.end, rows, list(found))
        if len(positions) == 1:
            heading = found[positions[0]]
            unit = next((u for text in heading.units if (u := _unit(text, column))), None)
            header.places[column.key] = Place(positions[0], heading.words, unit)
        elif positions:
            header.doubled[column.key] = positions
    return header


@dataclass(frozen=True, slots=True)
class _Heading:
    """One column's heading: its words, all names it may mean, and what stands in brackets."""

    words: str
    names: frozenset[str]
    units: tuple[str, ...]


def _headings(rows: Sequence[Row], position: int) -> _Heading:
    """This function will join a column's header rows, top first or bottom first, or take the last.

    A group's title that was not merged stands only above its first column, so that a blank top is
    also tried with the title to its left.
    """
    parts = [row.text(position) for row in rows]
    distinct = [part for n, part in enumerate(parts) if part and part not in parts[:n]]
    if not distinct:
        return _Heading("", frozenset(), ())
    stacks = [distinct, distinct[::-1], distinct[-1:]]
    if len(rows) > 1 and parts[-1] and not parts[0]:
        left = next((text for text in reversed(rows[0].cells[:position]) if text), "")
        distinct = [left, *distinct]
        stacks += [distinct, distinct[::-1]]
    names = set()
    for stack in stacks:
        whole = _PUNCTUATION.sub("", bare("".join(stack)))
        stripped = "".join(_split(part)[0] for part in stack)
        names |= {whole, stripped, _YEAR.sub("", whole), _YEAR.sub("", stripped)}
        # 「到位资金（基期）」 and 「到位资金（基期，万元）」: the bracket belongs to the name.
        names |= {_BRACKET.sub("", name) for name in names}
        names |= {_BRACKET.sub("", _LAST_WORD.sub("", name)) for name in names}
    units = tuple(
        unit for part in reversed(distinct) for unit in reversed(_split(part)[1].split(",")) if unit
    )
    return _Heading("".join(distinct), frozenset(names - {""}), units)


def _split(words: str) -> tuple[str, str]:
    """This function will part 「到位资金（万元）」 into its name and what is in brackets."""
    text = bare(words)
    match = _BRACKETS.match(text) or _APPENDED.match(text)
    name, unit = (match[1], match[2].removeprefix("单位:")) if match else (text, "")
    return _PUNCTUATION.sub("", name), unit


def _unit(text: str, column: Column) -> str | None:
    """This function will return the text if it is a unit and not a remark in brackets."""
    if not text or column.kind != "number":
        return None
    same_base = column.unit is not None and split_unit(text)[1] == split_unit(column.unit)[1]
    return text if same_base or _UNIT_WORDS.fullmatch(text) else None


def _without_merged(table: Table, end: int, rows: Sequence[Row], positions: list[int]) -> list[int]:
    """This function will keep the first of the columns that one merged heading covers.

    Only if the others say nothing of their own below: else the heading is a group's.
    """
    numbers = {row.number for row in rows}
    kept: list[int] = []
    for position in positions:
        covered = any(
            left <= kept[-1] and position <= right and not numbers.isdisjoint((top, bottom))
            for top, left, bottom, right in table.merged
            if kept
        )
        if covered and all(
            row.text(position) in ("", row.text(kept[-1])) for row in table.rows[end:]
        ):
            continue
        kept.append(position)
    return kept


def _extends_below(table: Table, columns: Sequence[Column], header: Header) -> bool:
    """This function will take the row below into the header if it only says more about columns.

    Such a row names no unit and has no figures: 「万元」 or 「其中：本期」 under a group's heading.
    """
    if header.end >= len(table.rows):
        return False
    row, above = table.rows[header.end], table.rows[header.end - 1]
    units = {}
    for column in columns:
        place = header.places.get(column.key)
        if place is None:
            continue
        text = bare(row.text(place.position)).strip("()")
        if not text or text == bare(above.text(place.position)).strip("()"):
            continue
        if column.kind != "number" or re.search(r"^[^(]*[0-9](?!月|年|季|级)", text):
            return False
        units[column.key] = _unit(text, column) or _unit(_split(text)[1], column)
    if not units:
        return False
    header.height += 1
    for key, unit in units.items():
        place = header.places[key]
        header.places[key] = Place(place.position, place.words, unit or place.unit)
    return True


def _take_units_above(table: Table, columns: Sequence[Column], header: Header) -> None:
    """This function will use 「单位：万元」 and 「到位资金（万元）」 above the header.

    Only for columns whose wanted unit has the same base and whose own heading gives none.
    """
    for row in reversed(table.rows[: header.first]):
        general = [m[1] for text in row.cells if (m := _UNIT_ON_TOP.search(bare(text)))]
        for column in columns:
            place = header.places.get(column.key)
            if place is None or place.unit or column.unit is None:
                continue
            left = (text for text in reversed(row.cells[: place.position + 1]) if text)
            for unit in (_split(next(left, ""))[1], *general):
                if unit and split_unit(unit)[1] == split_unit(column.unit)[1]:
                    header.places[column.key] = Place(place.position, place.words, unit)
                    break


def missing_columns(
    table: Table, header: Header | None, columns: Sequence[Column]
) -> list[Problem]:
    """This function will say which required columns are not there, or are there twice."""
    if header is None:
        titles = "、".join(f"「{c.title}」" for c in columns if c.required or len(columns) == 1)
        titles = titles or "、".join(f"「{c.title}」" for c in columns)
        message = f"没有找到表头，表中应有一行列名，其中有{titles}。请补上列名，或使用下载的模板。"
        return [Problem("", message)]
    row = table.rows[header.first]
    problems = []
    for column in columns:
        if column.key in header.doubled:
            letters = "、".join(column_letters(p) for p in header.doubled[column.key])
            message = f"{letters} 列都像是「{column.title}」，请只保留一列，或改用不同的列名。"
            spot = address(row.number, header.doubled[column.key][0])
            problems.append(Problem(spot, message))
        elif column.required and column.key not in header.places:
            there = "、".join(f"「{t}」" for t in dict.fromkeys(c for c in row.cells if c))
            message = (
                f"缺少「{column.title}」这一列。表头里有{there}。"
                f"请把对应的列名改为「{column.title}」。"
            )
            problems.append(Problem(address(row.number, 0), message))
    return problems
