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

    def lay_out(self, rows, titles, wrong, *, noted=False):
        """This function will put rows into the preview and yield each as a SheetLine.

        `titles` are {column: title} of all columns: those that say nothing are left out. `wrong`
        are the addresses of cells that reading has refused: they are marked. `noted` adds a column
        for what becomes of each row.
        """
        keys = [
            key for key in titles if any(row[key] or key in row.get("unread", ()) for row in rows)
        ]
        self.header = [*(titles[key] for key in keys), *(["办理"] if noted else [])]
        for row in rows:
            unread = row.get("unread", {})
            line = SheetLine(
                self, row, {key: {"text": unread.get(key) or row[key] or ""} for key in keys}
            )
            for key in keys:
                if row["cells"].get(key) in wrong:
                    line.cells[key]["state"] = "bad"
            shown = [*line.cells.values(), *([line.note] if noted else [])]
            self.rows.append({"number": row["row"], "cells": shown})
            yield line


@dataclass
class SheetLine:
    """A row of a sheet and how the preview shows it: `cells` {column: {"text", "state", "old"}},
    and in `note` what becomes of the row."""

    plan: SheetPlan
    row: dict
    cells: dict
    note: dict = field(default_factory=lambda: {"text": ""})

    def refuse(self, key, text):
        """This function will mark a cell as wrong and say why; without such a column the name's
        address stands for it."""
        spot = self.row["cells"].get(key) or self.row["cells"].get("name", "")
        self.plan.problems.append({"cell": spot, "text": text})
        if key in self.cells:
            self.cells[key]["state"] = "bad"

    def mark_new(self):
        """This function will mark every cell that has no state yet as new."""
        for cell in self.cells.values():
            cell.setdefault("state", "new")


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
