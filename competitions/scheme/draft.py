"""A draft of a scheme: a document that may still be wrong, read with every problem, and changed.

Changes are made in place, on a document that the caller owns.
"""

from __future__ import annotations

import copy
import json
from collections import OrderedDict
from dataclasses import MISSING

from competitions.scheme.check import check_scheme
from competitions.scheme.fields import specs
from competitions.scheme.places import LISTED, variant_class
from competitions.scheme.read import Problem, _join, _Reader
from competitions.scheme.types import Round, Scheme

LETTERS = {
    "Criterion": "c",
    "Round": "r",
    "Track": "t",
    "FlagRule": "f",
    "Award": "a",
    "Gate": "g",
    "Honour": "h",
    "Pool": "p",
}
KEPT = 1024
_rounds: OrderedDict[str, tuple] = OrderedDict()


class _DraftReader(_Reader):
    """Reads rounds that did not change from memory: of a thousand criteria one is edited at a time.

    A neighbour's process may read the same round twice; that costs time only.
    """

    def read_table(self, cls, data, place):
        if cls is not Round:
            return super().read_table(cls, data, place)
        key = json.dumps(data, sort_keys=True, ensure_ascii=False)
        if key not in _rounds:
            alone = _Reader()
            _rounds[key] = alone.read_table(cls, data, ""), tuple(alone.problems)
            while len(_rounds) > KEPT:
                _rounds.popitem(last=False)
        value, problems = _rounds[key]
        for problem in problems:
            where = _join(place, problem.place) if problem.place else place
            self.report(where, problem.message)
        return value


def read_draft(document: dict) -> tuple[Scheme, list[Problem]]:
    """This function will read a draft and list all its problems; where a field cannot be read, the
    Scheme has a neutral value in its place."""
    reader = _DraftReader()
    scheme = reader.read_table(Scheme, document, "")
    broken = {problem.place for problem in reader.problems}
    for place, message in check_scheme(scheme, broken):
        reader.report(place, message)
    return scheme, reader.problems


def keys_in(value) -> set[str]:
    """This function will return every key that a document gives to something."""
    found, waiting = set(), [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            if isinstance(item.get("key"), str):
                found.add(item["key"])
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item
    return found


def fresh_key(cls, taken: set[str]) -> str:
    """This function will return a key that is not taken yet, and take it."""
    letter = LETTERS.get(cls.__name__, "k")
    number = 1
    while f"{letter}{number}" in taken:
        number += 1
    taken.add(f"{letter}{number}")
    return f"{letter}{number}"


def new_table(cls, taken: set[str]) -> dict:
    """This function will return a new item of a class: what must be there and can be guessed."""
    table = {"kind": cls.kind} if hasattr(cls, "kind") and "kind" not in specs(cls) else {}
    for name, (spec, default) in specs(cls).items():
        if spec.form == "key" and name == "key":
            table[name] = fresh_key(cls, taken)
        elif default is not MISSING:
            continue
        elif spec.form == "choice":
            table[name] = spec.choices[0][0]
        elif spec.form == "variant":
            table[name] = new_table(spec.of[0], taken)
        elif spec.form == "tables" and spec.of[0] not in LISTED:
            table[name] = [new_table(spec.of[0], taken) for _ in range(spec.least)]
        elif spec.form == "tables":
            table[name] = []
    return table


def change_list(items: list, cls, command: str, index: int, taken: set[str]):
    """This function will add, copy, delete or move (up, down) an item of a list, in place.

    A copy gets new keys throughout: evidence of the original is never taken for its own.
    """
    if command == "add":
        items.append(new_table(cls, taken))
    elif command == "delete":
        del items[index]
    elif command == "copy":
        items.insert(index + 1, copy_table(cls, items[index], taken))
    else:
        other = index + (1 if command == "down" else -1)
        if 0 <= other < len(items):
            items[index], items[other] = items[other], items[index]


def copy_table(cls, table: dict, taken: set[str]) -> dict:
    """This function will return a copy under new keys; what refers to them inside follows."""
    copied = copy.deepcopy(table)
    renamed: dict[str, str] = {}
    _rename(cls, copied, taken, renamed)
    _follow(copied, renamed)
    if isinstance(copied.get("title"), str):
        copied["title"] += "（副本）"
    return copied


def _rename(cls, table, taken, renamed):
    if isinstance(table.get("key"), str):
        new = fresh_key(cls, taken)
        if cls in LISTED:
            renamed[table["key"]] = new
        table["key"] = new
    for name, (spec, _) in specs(cls).items():
        if spec.form == "tables" and spec.of[0] in LISTED:
            for item in table.get(name) or []:
                _rename(spec.of[0], item, taken, renamed)


def _follow(value, renamed):
    if isinstance(value, list):
        for item in value:
            _follow(item, renamed)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name == "of" and isinstance(item, str):
                value[name] = renamed.get(item, item)
            elif name == "rounds" and all(isinstance(key, str) for key in item):
                value[name] = [renamed.get(key, key) for key in item]
            else:
                _follow(item, renamed)


__all__ = ["change_list", "copy_table", "keys_in", "new_table", "read_draft", "variant_class"]
