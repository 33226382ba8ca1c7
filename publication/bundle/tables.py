"""Evidence written by hand: a few simple CSV tables with a header row become one document.

A header may be the key (`entry`) or its Chinese title (参评对象). A cell that a spreadsheet would
take for a formula is refused, as is every number that is not a plain decimal.
"""

import csv
import io
import re
from dataclasses import dataclass

from publication.bundle import limits
from publication.bundle.problems import BundleError, Problems, shown
from scoring.rules.exact import NUMBER

SEPARATORS = re.compile(r"[\s、，,；;]+")
FORMULA = ("=", "+", "@")
WHOLE = re.compile(r"[0-9]{1,9}")
NOTES = {"note", "备注"}


@dataclass(frozen=True)
class Column:
    """One column: its key, its Chinese title, and whether every row must fill it."""

    key: str
    title: str
    form: str = "key"
    required: bool = True


def need(key, title, form="key"):
    """This function will declare a column that every row must fill."""
    return Column(key, title, form)


def may(key, title, form="key"):
    """This function will declare a column that may be empty or left out."""
    return Column(key, title, form, required=False)


ENTRY = need("entry", "参评对象")
CRITERION = need("criterion", "评分项")
TABLES = {
    "entries.csv": (
        need("key", "编号"),
        may("name", "名称", "text"),
        may("order", "建制顺序", "whole"),
        may("group", "组别", "text"),
        may("subject", "对象"),
        may("of", "所在单位"),
        may("factor", "难度系数", "number"),
        may("months_in_office", "任职月数", "whole"),
        may("tracks", "榜单", "keys"),
        may("excluded", "不参加排名的原因", "text"),
    ),
    "judges.csv": (
        need("key", "编号"),
        may("name", "姓名", "text"),
        need("number", "序号", "whole"),
        need("group", "评委组"),
    ),
    "recusals.csv": (need("judge", "评委"), ENTRY),
    "seats.csv": (need("round", "环节"), need("judge", "评委")),
    "sites.csv": (need("round", "环节"), ENTRY, need("site", "点位")),
    "marks.csv": (
        need("round", "环节"),
        ENTRY,
        need("judge", "评委"),
        CRITERION,
        need("value", "分数", "number"),
        may("site", "点位"),
    ),
    "measurements.csv": (
        ENTRY,
        CRITERION,
        need("input", "数据项"),
        need("value", "数值", "number"),
    ),
    "votes.csv": (ENTRY, CRITERION, need("input", "选项"), need("value", "票数", "number")),
    "carried.csv": (ENTRY, CRITERION, need("input", "时期"), need("value", "得分", "number")),
    "ledger.csv": (
        need("key", "编号"),
        ENTRY,
        CRITERION,
        need("item", "事项"),
        may("date", "日期", "text"),
        may("points", "分值", "number"),
        may("reason", "事由", "text"),
        may("matter", "同一事项", "text"),
    ),
    "rulings.csv": (
        need("key", "编号"),
        need("kind", "类别"),
        may("track", "榜单"),
        may("round", "环节"),
        may("criterion", "评分项"),
        may("entry", "参评对象"),
        may("judge", "评委"),
        may("of", "奖项、旗或门槛"),
        may("entries", "参评对象次序", "keys"),
        may("value", "取值"),
        may("reason", "理由", "text"),
        may("document", "文号", "text"),
    ),
    "history.csv": (need("rule", "授旗规则"), ENTRY, need("count", "连续次数", "whole")),
    "previous.csv": (need("track", "榜单"), ENTRY, need("place", "上期名次", "whole")),
    "people.csv": (need("award", "奖项"), ENTRY, need("count", "人数", "whole")),
    "overtime.csv": (need("round", "环节"), ENTRY, need("seconds", "超时秒数", "whole")),
}


def read_tables(read, budget):
    """This function will return (evidence document, names) from the tables that there are.

    `read(name)` gives a table's bytes, or None when there is none; `budget` (strict.Budget) bounds
    all of them. names: {"entries": {key: name},
    "judges": {key: name}}. BundleError lists every problem with its row.
    """
    problems = Problems()
    rows = {}
    for name in TABLES:
        data = read(name)
        if data is not None:
            budget.spend(data, name)
            rows[name] = _read_table(name, data, problems)
    if "entries.csv" not in rows:
        problems.add("缺少 entries.csv（参评名单），不能计算。")
    problems.refuse()
    document, names = _join(rows, problems)
    problems.refuse()
    return document, names


def _decode(name, data):
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BundleError(f"「{name}」的文字编码不认识，请另存为 UTF-8 的 CSV。")


def _read_table(name, data, problems):
    columns = {}
    for column in TABLES[name]:
        columns[column.key] = columns[column.title] = column
    text = _decode(name, data)
    if "\0" in text:
        raise BundleError(f"「{name}」不是文本文件。")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header, rows = None, []
    try:
        for cells in reader:
            cells = [cell.strip() for cell in cells]
            if not any(cells):
                continue
            if header is None:
                header = _read_header(name, cells, columns, problems)
                continue
            if len(rows) >= limits.ROWS:
                raise BundleError(f"「{name}」超过 {limits.ROWS // 10_000} 万行，不予读取。")
            place = f"「{name}」第 {reader.line_num} 行"
            if len(cells) != len(header):
                problems.add(f"{place}有 {len(cells)} 格，表头有 {len(header)} 格，请对齐。")
                continue
            rows.append((place, _read_row(place, header, cells, problems)))
    except csv.Error:
        raise BundleError(
            f"「{name}」第 {reader.line_num} 行的引号或长度不正确，请检查。"
        ) from None
    if header is None:
        problems.add(f"「{name}」是空的，至少要有表头。")
    return rows


def _read_header(name, cells, columns, problems):
    header = []
    for cell in cells:
        if cell in NOTES:
            header.append(None)
        elif cell not in columns:
            known = "、".join(f"{column.key}（{column.title}）" for column in TABLES[name])
            problems.add(f"「{name}」的表头「{shown(cell)}」不认识，可用的是：{known}。")
            header.append(None)
        elif columns[cell] in header:
            problems.add(f"「{name}」的表头「{shown(cell)}」重复。")
            header.append(None)
        else:
            header.append(columns[cell])
    for column in TABLES[name]:
        if column.required and column not in header:
            problems.add(f"「{name}」缺少「{column.title}」（{column.key}）一列。")
    return header


def _read_row(place, header, cells, problems):
    row = {}
    for column, cell in zip(header, cells, strict=True):
        if column is None:
            continue
        where = f"{place}「{column.title}」"
        if not cell:
            if column.required:
                problems.add(f"{where}是空的，请补充。")
        elif cell.startswith(FORMULA):
            problems.add(f"{where}以「{cell[0]}」开头，会被当作公式，请改成普通文字或数字。")
        elif len(cell) > limits.CELL:
            problems.add(f"{where}超过 {limits.CELL} 字，请精简。")
        elif column.form == "number" and not NUMBER.fullmatch(cell):
            problems.add(f"{where}「{shown(cell)}」不是普通写法的数字，例如 92.50。")
        elif column.form == "whole" and not WHOLE.fullmatch(cell):
            problems.add(f"{where}「{shown(cell)}」不是不小于零的整数。")
        elif column.form == "whole":
            row[column.key] = int(cell)
        elif column.form == "keys":
            row[column.key] = SEPARATORS.split(cell)
        else:
            row[column.key] = cell
    return row


def _join(tables, problems):
    """Bring the rows of all tables into the evidence document."""
    document, names = {}, {"entries": {}, "judges": {}}
    for name in ("entries", "judges", "ledger", "rulings"):
        document[name] = [dict(row) for _, row in tables.get(f"{name}.csv", ())]
    for number, row in enumerate(document["entries"], 1):
        row.setdefault("order", number)
    for name, people in names.items():
        for row in document[name]:
            people[row["key"]] = row.pop("name", "") or row["key"]
    document["recusals"] = [[r["judge"], r["entry"]] for _, r in tables.get("recusals.csv", ())]
    document["marks"] = [
        [r["round"], r["entry"], r["judge"], r["criterion"], r["value"], r.get("site", "")]
        for _, r in tables.get("marks.csv", ())
    ]
    document["seats"] = _lists(tables, "seats.csv", ("round",), "judge", problems)
    document["sites"] = _lists(tables, "sites.csv", ("round", "entry"), "site", problems)
    for name in ("measurements", "votes", "carried"):
        document[name] = _inputs(tables, f"{name}.csv", problems)
    document["history"] = [
        [r["rule"], r["entry"], r["count"]] for _, r in tables.get("history.csv", ())
    ]
    document["previous"] = [
        [r["track"], r["entry"], r["place"]] for _, r in tables.get("previous.csv", ())
    ]
    document["people"] = [
        [r["award"], r["entry"], r["count"]] for _, r in tables.get("people.csv", ())
    ]
    document["overtime"] = [
        [r["round"], r["entry"], r["seconds"]] for _, r in tables.get("overtime.csv", ())
    ]
    return document, names


def _lists(tables, name, keys, value, problems):
    found = {}
    for place, row in tables.get(name, ()):
        inner = found.setdefault(tuple(row[key] for key in keys), [])
        if row[value] in inner:
            problems.add(f"{place}与前面的一行重复。")
        inner.append(row[value])
    return [[*key, inner] for key, inner in found.items()]


def _inputs(tables, name, problems):
    found = {}
    for place, row in tables.get(name, ()):
        inner = found.setdefault((row["entry"], row["criterion"]), {})
        if row["input"] in inner:
            problems.add(f"{place}与前面的一行重复，无法确定以哪一个为准。")
        inner[row["input"]] = row["value"]
    return [[*key, inner] for key, inner in found.items()]
