"""The shape of an evidence document, checked value by value before anything is made of it.

`scoring.rules.evidence.from_document` trusts its caller; a bundle comes from anywhere. Every
problem is a sentence with its place, such as `marks[3]`.
"""

import re
import unicodedata
from dataclasses import fields

from publication.bundle import limits
from publication.bundle.problems import Problems, shown
from scoring.rules.evidence import (
    RULING_KINDS,
    EntryFacts,
    JudgeFacts,
    LedgerFact,
    RulingFact,
    from_document,
)
from scoring.rules.exact import NUMBER
from scoring.rules.overtime import read_seconds

LONGEST_KEY = 80
LARGEST = 10**9
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NUMERIC = {"factor", "points"}
KEYS = {"key", "of", "entry", "judge", "round", "criterion", "track", "item", "entries", "tracks"}


def read_evidence(document, name):
    """This function will return Evidence from a document of a stranger, or raise BundleError with
    every problem. `name` is the file that the sentences speak of."""
    problems = Problems()
    if not isinstance(document, dict):
        problems.add(f"「{name}」最外层应为一个表（花括号）。")
        problems.refuse()
    for key, value in document.items():
        if key not in CHECKS:
            problems.add(f"「{name}」里有不认识的内容「{shown(key)}」，请删除或改正拼写。")
        elif not isinstance(value, list):
            problems.add(f"「{name}」的 {key} 应为列表。")
        else:
            _check_list(document, key, name, problems)
    problems.refuse()
    return from_document(document)


def _check_list(document, key, name, problems):
    """Check each item of one list and that none stands there twice."""
    check, seen = CHECKS[key], set()
    for i, item in enumerate(document[key]):
        if problems.left_out:
            return
        place = f"「{name}」的 {key}[{i}]"
        before = len(problems)
        identity = check(item, lambda words, place=place: problems.add(f"{place}：{words}"))
        if len(problems) > before or identity is None:
            continue
        if identity in seen:
            problems.add(f"{place}：与前面的一项重复，无法确定以哪一个为准。")
        seen.add(identity)


# --- single values -------------------------------------------------------------------------------


def fit_key(value) -> bool:
    """This function will say whether a value can be the key of an entry, a judge, a criterion."""
    return (
        isinstance(value, str)
        and 0 < len(value) <= LONGEST_KEY
        and value.isprintable()
        and not any(char.isspace() for char in value)
        and value[0] not in "=+-@"
    )


def _key(value, note, empty=False):
    if empty and value == "":
        return
    if not fit_key(value):
        note(
            f"「{shown(value)}」不能作编号：应为不带空格的文字，不超过 {LONGEST_KEY} 字，"
            "也不能以 =、+、-、@ 开头。"
        )


def _number(value, note):
    if not isinstance(value, str) or not NUMBER.fullmatch(value):
        note(f'「{shown(value)}」不是普通写法的数字，请写成带引号的十进制数，例如 "92.50"。')


def _text(value, note):
    if not isinstance(value, str) or len(value) > limits.CELL:
        note(f"应为文字，不超过 {limits.CELL} 字。")
    elif not value.isprintable() and any(map(_unfit, value)):
        note("文字里有控制字符，请删除。")


def _unfit(char):
    """Control characters, halves of characters, and signs that turn the direction of writing."""
    return (unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t") or (
        "\u202a" <= char <= "\u202e" or "\u2066" <= char <= "\u2069"
    )


def _count(value, note):
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST:
        note(f"「{shown(value)}」应为不小于零的整数。")


# --- items ---------------------------------------------------------------------------------------


def _fact(cls, identity="key"):
    """A check of a table whose fields are those of a facts class."""
    known = {item.name: str(item.type) for item in fields(cls)}

    def check(item, note):
        if not isinstance(item, dict):
            note("应为一个表（花括号）。")
            return None
        for name in item:
            if name not in known:
                note(f"不认识的字段「{shown(name)}」，请删除或改正拼写。")
        if not fit_key(item.get(identity)):
            _key(item.get(identity, ""), note)
            return None
        for name in known.keys() & item.keys():
            _field(name, known[name], item[name], lambda words, n=name: note(f"{n} {words}"))
        if cls is RulingFact:
            _ruling(item, note)
        if cls is LedgerFact and item.get("date") and not DATE.fullmatch(str(item["date"])):
            note(f"date 「{shown(item['date'])}」应写成 2022-08-20 的样子。")
        return item[identity]

    return check


def _field(name, kind, value, note):
    if "None" in kind and value is None:
        return
    if kind.startswith("tuple"):
        if not isinstance(value, list):
            note("应为列表。")
            return
        for inner in value:
            _key(inner, note)
    elif kind.startswith("int"):
        _count(value, note)
    elif name in NUMERIC:
        if value != "":
            _number(value, note)
    elif name in KEYS:
        _key(value, note, empty=True)
    else:
        _text(value, note)


def _ruling(item, note):
    if item.get("kind") not in RULING_KINDS:
        offered = "、".join(f"{kind}（{title}）" for kind, title in RULING_KINDS.items())
        note(f"kind 应为下列之一：{offered}。")
    elif item["kind"] == "set_points":
        _number(item.get("value"), note)
    elif item["kind"] == "set_overtime" and read_seconds(item.get("value")) is None:
        note(f'value 「{shown(item.get("value"))}」应为超时的秒数，写成整数，例如 "75"。')


def _row(*checks, identity):
    """A check of a list with one value for each of `checks`; the first `identity` name it."""

    def check(item, note):
        if not isinstance(item, list) or len(item) != len(checks):
            note(f"应为 {len(checks)} 个值的列表。")
            return None
        for value, inner in zip(item, checks, strict=True):
            inner(value, note)
        names = item[:identity]
        return tuple(names) if all(isinstance(name, str) for name in names) else None

    return check


def _mark(item, note):
    """A mark; the same judge may mark twice, and the tabulation says that it is in doubt."""
    if not isinstance(item, list) or len(item) not in (5, 6):
        note("应为 [环节, 参评对象, 评委, 评分项, 分数, 点位]。")
        return
    for value in item[:4]:
        _key(value, note)
    _number(item[4], note)
    if len(item) == 6:
        _key(item[5], note, empty=True)


def _keys(value, note):
    if not isinstance(value, list):
        note("应为列表。")
        return
    for key in value:
        _key(key, note, empty=True)


def _inputs(value, note):
    if not isinstance(value, dict):
        note("应为一个表（花括号）。")
        return
    for key, number in value.items():
        _key(key, note)
        _number(number, note)


CHECKS = {
    "entries": _fact(EntryFacts),
    "judges": _fact(JudgeFacts),
    "recusals": _row(_key, _key, identity=2),
    "marks": _mark,
    "sites": _row(_key, _key, _keys, identity=2),
    "seats": _row(_key, _keys, identity=1),
    "measurements": _row(_key, _key, _inputs, identity=2),
    "votes": _row(_key, _key, _inputs, identity=2),
    "carried": _row(_key, _key, _inputs, identity=2),
    "ledger": _fact(LedgerFact),
    "rulings": _fact(RulingFact),
    "history": _row(_key, _key, _count, identity=2),
    "previous": _row(_key, _key, _count, identity=2),
    "people": _row(_key, _key, _count, identity=2),
    "overtime": _row(_key, _key, _count, identity=2),
    "earlier": _row(_key, _text, identity=1),
}
