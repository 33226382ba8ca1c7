"""The rows of an uploaded or pasted sheet as plain data, carried from preview to confirmation."""

from dataclasses import dataclass, field

from competitions.sheets import match_columns


@dataclass
class SheetPlan:
    """What importing a list would do: `rows` for the preview, what to add and what to change, as
    each list says it. With any of `problems`, {"cell", "text"}, nothing may be imported."""

    header: list = field(default_factory=list)
    rows: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    added: list = field(default_factory=list)
    changed: list = field(default_factory=list)

    @property
    def changes(self):
        """Whether there is anything to take over."""
        return bool(self.added or self.changed)

    @property
    def unchanged(self):
        """How many rows say what is known already."""
        return len(self.rows) - len(self.added) - len(self.changed)


def read_rows(table, columns, *, most, counted):
    """This function will read a table's rows as plain data, with problems and notes.

    Each row maps the columns' keys to text (or None), `row` to its number, `cells` to the addresses
    and `unread` to what stands in cells that reading has refused; dates are text. More than `most`
    rows are refused whole; `counted` says what they are (`个单位`).
    """
    parsed = match_columns(table, columns, headerless=True)
    problems = [{"cell": item.address, "text": item.message} for item in parsed.problems]
    if len(parsed.rows) > most:
        text = f"共 {len(parsed.rows)} 行，一次最多导入 {most} {counted}，请分开导入。"
        return [], [{"cell": "", "text": text}], []
    rows = [
        {
            "row": row["_row"],
            "cells": dict(row["_addresses"]),
            "unread": {
                key: parsed.unread[spot]
                for key, spot in row["_addresses"].items()
                if spot in parsed.unread
            },
            **{
                column.key: None if row.get(column.key) is None else str(row[column.key])
                for column in columns
            },
        }
        for row in parsed.rows
    ]
    return rows, problems, parsed.notes
