"""A table as it was read: texts with their addresses, whatever the columns mean."""

from dataclasses import dataclass, field

MOST_ROWS = 10_000
MOST_COLUMNS = 200
MOST_FILLS = 500_000  # cells that merged ranges may spread over


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong and how to put it right, and where: A1 style, or '' for the whole file.

    The message is a full sentence without the place, which pages show beside it.
    """

    address: str
    message: str

    def __str__(self) -> str:
        return f"{self.address} {self.message}".strip()


def column_letters(index: int) -> str:
    """This function will return the letters of a column, counted from 0: A, B … Z, AA …"""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """This function will return the column, counted from 0, of its letters."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def address(row: int, column: int) -> str:
    """This function will return the address of a cell: row from 1, column from 0."""
    return f"{column_letters(column)}{row}"


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is not blank: its number as the spreadsheet shows it, and its texts."""

    number: int
    cells: list[str]

    def text(self, column: int) -> str:
        """This function will return the text of a column, '' where the row has none."""
        return self.cells[column] if column < len(self.cells) else ""


@dataclass(slots=True)
class Table:
    """A sheet, a csv file or a pasted text.

    `refused` holds, by (row, column), why a cell may not be used (a formula, an error value); it
    becomes a problem only if a column that is read needs that cell. `merged` are the ranges
    (first row, first column, last row, last column) whose text was copied into all their cells.
    """

    name: str = ""
    rows: list[Row] = field(default_factory=list)
    refused: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def width(self) -> int:
        """The number of columns of the widest row."""
        return max((len(row.cells) for row in self.rows), default=0)

    def expand(self, ranges: list[tuple[int, int, int, int]]) -> None:
        """This function will copy each merged range's first cell into its other, blank cells."""
        by_number = {row.number: row for row in self.rows}
        last, width, fills = max(by_number, default=0), self.width, 0
        for top, left, bottom, right in ranges:
            first = by_number.get(top)
            value = first.text(left) if first else ""
            reason = self.refused.get((top, left))
            if not value and reason is None:
                continue
            bottom, right = min(bottom, last), min(right, max(width - 1, left))
            self.merged.append((top, left, bottom, right))
            fills += (bottom - top + 1) * (right - left + 1)
            if fills > MOST_FILLS:
                self.problems.append(Problem("", "合并单元格太多，请取消合并后再上传。"))
                return
            for number in range(top, bottom + 1):
                row = by_number.get(number)
                if row is None:
                    continue
                row.cells.extend([""] * (right + 1 - len(row.cells)))
                for column in range(left, right + 1):
                    row.cells[column] = row.cells[column] or value
                    if reason is not None:
                        self.refused.setdefault((number, column), reason)


class Refused(Exception):
    """A whole file or text that cannot be read; the message is the sentence for the user."""
