"""What changed between two versions of a scheme, line by line in plain Chinese."""

from __future__ import annotations

from collections import Counter
from dataclasses import MISSING, dataclass

from competitions.scheme.describe import describe_criterion
from competitions.scheme.fields import specs
from competitions.scheme.places import variant_class
from competitions.scheme.read import SchemeError, _Reader
from competitions.scheme.types import Criterion, Scheme

NOTHING = "（无）"
RULE = frozenset({"rule", "overrides"})


@dataclass(frozen=True)
class Change:
    """One line: where (titles on the way), what stood there and what stands there now."""

    where: str
    old: str
    new: str


def compare_documents(old: dict, new: dict) -> list[Change]:
    """This function will list what differs between two documents, in the order of the new one.

    Things with keys are compared with what had the same key before; both may be drafts.
    """
    return list(_compare_tables(Scheme, old, new, (), find_titles(old, new)))


def compare_tables(cls, old: dict, new: dict, titles=None) -> list[Change]:
    """This function will list what differs between two tables of a class. `titles` (find_titles of
    the documents) say what keys are called."""
    return list(_compare_tables(cls, old, new, (), titles or {}))


def find_titles(*documents: dict) -> dict[str, str]:
    """This function will return {key: title} of what stands in documents, the later of which holds.
    A key that means several things in one of them is left out; behind a title that several keys
    have stands the key."""
    titles: dict[str, str] = {}
    for document in documents:
        found: dict[str, set] = {}
        _collect(document, found)
        titles |= {key: words.pop() for key, words in found.items() if len(words) == 1}
    shared = Counter(titles.values())
    return {k: title if shared[title] == 1 else f"{title}（{k}）" for k, title in titles.items()}


def _collect(value, found):
    if isinstance(value, dict):
        key, title = value.get("key"), value.get("title")
        if isinstance(key, str) and isinstance(title, str) and title:
            found.setdefault(key, set()).add(title)
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for item in inner:
        _collect(item, found)


def _compare_tables(cls, old, new, where, titles):
    if old == new:
        return
    skipped = set()
    if cls is Criterion:
        # The rule's sentences name the full marks too; only what the rule says itself counts here.
        kept = {**new, **{name: old.get(name) for name in RULE if name in old}}
        rules = [_rule_words(table) for table in (kept, new)]
        if all(rules):
            skipped = RULE
            if rules[0] != rules[1]:
                yield Change(_path(where, "计分办法"), *rules)
    for name, (spec, default) in specs(cls).items():
        left, right = (_value(table, name, default) for table in (old, new))
        if name in skipped or _alike(left, right):
            continue
        if spec.form == "tables":
            yield from _compare_lists(spec, left or [], right or [], where, titles)
        elif spec.form == "table" and isinstance(left, dict) and isinstance(right, dict):
            yield from _compare_tables(spec.of[0], left, right, (*where, spec.label), titles)
        elif spec.form == "variant" and _kind(left) == _kind(right):
            inner = variant_class(spec, right)
            yield from _compare_tables(inner, left or {}, right or {}, (*where, spec.label), titles)
        else:
            known = {} if name == "key" else titles
            words = [_show(spec, value, known) for value in (left, right)]
            if words[0] != words[1]:
                yield Change(_path(where, spec.label), *words)


def _compare_lists(spec, left, right, where, titles):
    cls = spec.of[0]
    if "key" not in specs(cls):
        words = [_show(spec, value, titles) for value in (left, right)]
        if words[0] != words[1]:
            yield Change(_path(where, spec.label), *words)
        return
    before = {item.get("key"): item for item in left}
    after = {item.get("key"): item for item in right}
    for key, item in after.items():
        name = _named(spec, item)
        if key not in before:
            yield Change(_path(where, name), NOTHING, f"新增：{_said(cls, item)}")
        else:
            yield from _compare_tables(cls, before[key], item, (*where, name), titles)
    for key, item in before.items():
        if key not in after:
            yield Change(_path(where, _named(spec, item)), _said(cls, item), "删除")
    kept = [[key for key in items if key in before and key in after] for items in (before, after)]
    if kept[0] != kept[1]:
        titles = ["、".join(_title(after[key]) for key in keys) for keys in kept]
        yield Change(_path(where, f"{spec.label}的顺序"), *titles)


def _value(table, name, default):
    value = table.get(name) if isinstance(table, dict) else None
    if value is not None or default is MISSING or default is None:
        return value
    return default


def _alike(left, right):
    if left == right:
        return True
    return not isinstance(left, dict | list) and str(left) == str(right)


def _kind(value):
    return value.get("kind") if isinstance(value, dict) else None


def _title(item):
    return str(item.get("title") or item.get("key") or "未命名")


def _named(spec, item):
    return f"{spec.label}「{_title(item)}」"


def _path(where, label):
    return " · ".join((*where, label))


def _said(cls, item):
    """A thing that came or went, in short: its title, full marks or weight, and its rule."""
    words = [_title(item)]
    for name in ("weight", "full"):
        if name in specs(cls) and item.get(name) not in (None, ""):
            words.append(f"{specs(cls)[name][0].label} {item[name]}")
    rule = _rule_words(item) if cls is Criterion else ""
    return "，".join(words) + (f"。{rule}" if rule else "")


def _rule_words(table) -> str:
    """A criterion's rule as the published rules would say it; empty while it cannot be read."""
    reader = _Reader()
    criterion = reader.read_table(Criterion, table, "")
    if reader.problems:
        return ""
    try:
        return "".join(describe_criterion(criterion))
    except (SchemeError, TypeError, KeyError, ValueError, IndexError):
        # A rule with holes (checked elsewhere) has no sentence yet; its fields are compared.
        return ""


def _show(spec, value, titles) -> str:
    """A field's value as a page shows it; what a key names by its title."""
    if value is None or value == "" or value == [] or value == ():
        return NOTHING
    if spec.form == "flag":
        return "是" if value else "否"
    if spec.form == "choice":
        return dict(spec.choices).get(value, str(value))
    if spec.form == "key":
        return titles.get(value, str(value))
    if spec.form == "keys":
        return "；".join(titles.get(item, str(item)) for item in value)
    if spec.form in ("texts", "numbers"):
        return "；".join(map(str, value)).replace("。；", "。")
    if spec.form == "tables":
        return "；".join(_show_table(spec.of[0], item, titles) for item in value)
    if spec.form == "table":
        return _show_table(spec.of[0], value, titles) if isinstance(value, dict) else "按默认"
    if spec.form == "variant":
        return variant_class(spec, value).title
    return str(value)


def _show_table(cls, table, titles) -> str:
    shown = []
    for name, (spec, _) in specs(cls).items():
        if name != "key" and table.get(name) not in (None, "", [], False):
            shown.append(f"{spec.label} {_show(spec, table[name], titles)}")
    return "，".join(shown)
