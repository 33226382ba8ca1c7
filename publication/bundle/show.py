"""A tabulation on a terminal, as a table, as CSV for a spreadsheet or as JSON for a program."""

import csv
import io
import json
import re
import unicodedata
from dataclasses import asdict

from publication.bundle.problems import shown

FORMULA = re.compile(r"[=+\-@\t\r]")
NUMBER = re.compile(r"-?[0-9]+(?:[.][0-9]+)?")
COLOURS = {"red": "红旗", "yellow": "黄旗"}


def show_json(bundle, tabulation, outcome) -> str:
    """This function will write result and outcome as one JSON text."""
    document = {
        "scheme": bundle.scheme.key,
        "names": bundle.names.get("entries", {}),
        "result": tabulation.to_document(trees=False),
        "outcome": outcome.to_document(),
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def show_csv(bundle, tabulation, outcome) -> str:
    """This function will write one row an entry and track: place, total, rounds, flags, awards."""
    rounds = {
        (track.key, round_.key): f"{track.title}·{round_.title}"
        for track in bundle.scheme.tracks
        for round_ in track.rounds
    }
    head = ["榜单", "名次", "并列", "编号", "参评对象", "总分", *rounds.values()]
    rows = [[*head, "旗", "奖项", "金额（元）", "说明"]]
    for track in bundle.scheme.tracks:
        result = tabulation.tracks[track.key]
        for key in result.order:
            entry = result.entries[key]
            points = {name: item.points for name, item in entry.rounds.items()}
            own = [points.get(name, "") if at == track.key else "" for at, name in rounds]
            flags, grants = _own(outcome, track.key, key)
            rows.append(
                [
                    track.title,
                    "" if entry.place is None else entry.place,
                    "是" if entry.tied else "",
                    key,
                    bundle.name_of(key),
                    entry.total or "",
                    *("" if value is None else value for value in own),
                    *_won(flags, grants),
                    entry.excluded or entry.tie_reason,
                ]
            )
    rows += _honour_rows(bundle, outcome, len(rounds))
    return _csv(rows)


def _honour_rows(bundle, outcome, count):
    """A row for everybody who got something for several flags: it belongs to no track."""
    found = dict.fromkeys(
        item.entry for item in (*outcome.flags, *outcome.awards) if not item.track
    )
    for key in found:
        flags, grants = _own(outcome, "", key)
        yield [
            *("综合", "", "", key, bundle.name_of(key), ""),
            *("" for _ in range(count)),
            *_won(flags, grants),
            "".join(item.reason for item in flags)
            + "".join(grant.reason + grant.cut for grant in grants),
        ]


def _won(flags, grants):
    return (
        "、".join(COLOURS.get(flag.colour, flag.colour) for flag in flags),
        "、".join(grant.title for grant in grants),
        "、".join(_money(grant) for grant in grants if grant.amount),
    )


def show_table(bundle, tabulation, outcome) -> str:
    """This function will write rankings, what is missing, flags and awards for a reader."""
    lines = [f"办法：{shown(bundle.scheme.title, 200)}"]
    for track in bundle.scheme.tracks:
        result = tabulation.tracks[track.key]
        mean = f"，平均 {result.mean}" if result.mean else ""
        lines += ["", f"榜单：{shown(track.title)}（满分 {result.full}{mean}）"]
        head = ["名次", "编号", "参评对象", "总分", *(shown(r.title, 12) for r in track.rounds)]
        rows = [_row(bundle, track, result.entries[key]) for key in result.order]
        lines += _aligned(head, rows)
    flags = [
        f"{COLOURS.get(flag.colour, flag.colour)}　{_name(bundle, flag.entry)}　{flag.reason}"
        for flag in outcome.flags
    ]
    grants = [
        f"{shown(grant.title)}　{_name(bundle, grant.entry)}　{_money(grant)}　"
        f"{grant.reason}{grant.cut}"
        for grant in outcome.awards
    ]
    lines += _section("旗", flags)
    lines += _section("奖项", grants)
    if outcome.awards:
        lines.append(f"　　合计 {outcome.total} 元")
    lines += _section("待会议决定", [item.choice for item in outcome.undecided])
    lines += _section("说明", outcome.notes)
    lines += _section("提示", tabulation.warnings)
    missing = [
        f"{_name(bundle, item.entry)}：{item.message}" if item.entry else item.message
        for item in tabulation.missing
    ]
    lines += _section(f"结果不完整，还缺 {len(missing)} 项", missing[:200]) if missing else []
    if len(missing) > 200:
        lines.append(f"　　另有 {len(missing) - 200} 项没有列出。")
    return "\n".join(lines) + "\n"


def show_explanation(bundle, tabulation, entry, form) -> str | None:
    """This function will explain every total of an entry, by its key or name; None when there is
    no such entry."""
    wanted = {entry} | {
        key for key, name in bundle.names.get("entries", {}).items() if name == entry
    }
    found = [
        (track, result)
        for track in bundle.scheme.tracks
        for key, result in tabulation.tracks[track.key].entries.items()
        if key in wanted
    ]
    if not found:
        return None
    if form == "json":
        trees = {track.key: result.to_document() for track, result in found}
        return json.dumps(trees, ensure_ascii=False, indent=1) + "\n"
    if form == "csv":
        rows = [["榜单", "层次", "类别", "编号", "名称", "得分", "满分", "算式", "取舍", "说明"]]
        for track, result in found:
            rows += _tree_rows(track.title, result.tree, 0)
        return _csv(rows)
    lines = []
    for track, result in found:
        place = "" if result.place is None else f"　第 {result.place} 名"
        tied = "（并列）" if result.tied else ""
        lines += [f"{shown(track.title)}　{_name(bundle, result.entry)}{place}{tied}"]
        lines += _tree_lines(result.tree, 1)
        lines.append("")
    return "\n".join(lines)


def _row(bundle, track, entry):
    points = {name: item.points for name, item in entry.rounds.items()}
    place = "—" if entry.place is None else f"{entry.place}{'=' if entry.tied else ''}"
    total = entry.total if entry.total is not None else "缺"
    if entry.excluded:
        total = shown(entry.excluded, 40)
    own = [points.get(round_.key) for round_ in track.rounds]
    return [
        place,
        shown(entry.entry, 24),
        _name(bundle, entry.entry),
        total,
        *("—" if value is None else value for value in own),
    ]


def _name(bundle, entry):
    return shown(bundle.name_of(entry), 40)


def _money(grant):
    if not grant.amount:
        return ""
    people = f" × {grant.people} 人" if grant.people > 1 else ""
    if grant.months:
        return f"每月 {grant.amount} 元 × {grant.months} 个月{people}"
    return f"{grant.amount} 元{people}"


def _own(outcome, track, entry):
    flags = [flag for flag in outcome.flags if (flag.track, flag.entry) == (track, entry)]
    grants = [grant for grant in outcome.awards if (grant.track, grant.entry) == (track, entry)]
    return flags, grants


def _section(title, items):
    return ["", f"{title}：", *(f"　　{_line(item)}" for item in items)] if items else []


def _line(text):
    return "".join(char if char.isprintable() or char == "　" else " " for char in text)


def _tree_rows(title, node, depth):
    notes = [*(["不计"] if node.dropped else []), *node.notes]
    yield [
        title,
        depth,
        node.kind,
        node.key,
        node.label,
        node.points,
        node.full,
        node.formula,
        node.rounding,
        "；".join(notes),
    ]
    for child in node.children:
        yield from _tree_rows(title, child, depth + 1)


def _tree_lines(node, depth):
    indent = "　" * depth
    full = f"／{node.full}" if node.full else ""
    points = f"：{node.points}{full}" if node.points else ""
    crossed = "（不计）" if node.dropped else ""
    yield _line(f"{indent}{node.label or node.key}{points}{crossed}")
    if node.formula:
        yield _line(f"{indent}　＝ {node.formula}")
    for note in node.notes:
        yield _line(f"{indent}　· {note}")
    for child in node.children:
        yield from _tree_lines(child, depth + 1)


def _width(text):
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _aligned(head, rows):
    table = [head, *rows]
    widths = [max(_width(str(row[i])) for row in table) for i in range(len(head))]
    return [
        "  ".join(
            str(cell) + " " * (width - _width(str(cell)))
            for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in table
    ]


def _csv(rows):
    """CSV in which no cell is a formula to a spreadsheet program."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return stream.getvalue()


def _cell(value):
    text = str(value)
    return f"'{text}" if FORMULA.match(text) and not NUMBER.fullmatch(text) else text


def show_report(report, form) -> str:
    """This function will write the checks of a verification."""
    if form == "json":
        return json.dumps(report.to_document(), ensure_ascii=False, indent=1) + "\n"
    signs = {"holds": "√", "fails": "×", "left_out": "－"}
    lines = []
    for check in map(asdict, report.checks):
        note = f"（{check['note']}）" if check["note"] else ""
        lines.append(f"{signs[check['state']]} {check['title']}{note}")
        lines += [f"　　{_line(problem)}" for problem in check["problems"]]
    failed = sum(1 for check in report.checks if check.state == "fails")
    left = sum(1 for check in report.checks if check.state == "left_out")
    if report.ok:
        words = "核验通过：能重新计算的都与卷宗一致"
        lines.append(f"{words}，{left} 项没有条件核对（－）。" if left else f"{words}。")
    elif failed:
        lines.append(f"核验没有通过：{failed} 项不一致（×）。")
    else:
        lines.append("卷宗里没有可比对的结果，只检查了办法能够读取。")
    return "\n".join(lines) + "\n"
