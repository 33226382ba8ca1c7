"""The list of originals (原件清单): what the archive gets of the numbered sheets."""

from competitions.sheets import Column, write_xlsx

COLUMNS = [
    Column("serial", "编号"),
    Column("number", "出场序号", kind="number"),
    Column("entry", "单位"),
    Column("judge", "评委号", kind="number"),
    Column("used", "原件"),
    Column("state", "情况"),
    Column("copies", "打印份数", kind="number"),
    Column("note", "说明"),
]


def list_originals(rows):
    """This function will return one row of text for each PaperRow, voided ones too."""
    return [
        {
            "serial": row.paper.shown,
            "number": str(row.turn.number) if row.turn else "",
            "entry": row.paper.entry.heading,
            "judge": str(row.paper.judge.number),
            "used": row.used,
            "state": row.words,
            "copies": str(row.paper.copies),
            "note": note_of(row.paper),
        }
        for row in rows
    ]


def note_of(paper):
    """This function will say why a sheet was voided and what took its place, or in whose place it
    was issued."""
    notes = [f"代替 {paper.instead_of.shown}"] if paper.instead_of_id else []
    if paper.voided:
        notes.append(paper.void_reason)
        renewed = getattr(paper, "replacement", None)
        notes += [f"换发 {renewed.shown}"] if renewed else []
    return "；".join(notes)


def originals_workbook(panel, rows):
    """This function will return the list as xlsx bytes."""
    competition = panel.competition
    return write_xlsx(
        COLUMNS,
        rows,
        title=f"{competition.title} {panel.round.title}纸质评分表原件清单",
        notice=competition.mark,
    )


def harmless(text):
    """This function will return a text as a cell of a csv file: no text becomes a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
