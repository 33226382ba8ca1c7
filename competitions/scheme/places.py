"""Places in a scheme's document, and the pages of an editor that show them.

A document is what `to_document` writes, or a draft of it that may still be wrong. An address is the
place of a page with points between its parts: `tracks.0.rounds.2`; the scheme itself is empty.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from competitions.scheme.fields import specs
from competitions.scheme.reward_types import Award, FlagRule, Gate, Honour
from competitions.scheme.types import Criterion, Round, Scheme, Track

# The lists that have a page of their own, and the classes whose every item has one too.
APART = {
    Scheme: (
        "assumptions",
        "dimensions",
        "categories",
        "periods",
        "judge_groups",
        "tracks",
        "honours",
        "pools",
    ),
    Track: ("rounds", "ties", "gates", "flags", "awards"),
    Round: ("criteria",),
}
LISTED = (Track, Round, Criterion, Gate, FlagRule, Award, Honour)


@dataclass(frozen=True)
class Spot:
    """A page of the editor: the table it belongs to and the fields it shows.

    path: tokens of the table; cls, table: its class and content; names: the fields on the page;
    listed: the field that the page lists, where every item has a page of its own.
    """

    path: tuple
    cls: type
    table: dict
    names: tuple
    listed: str = ""

    @property
    def address(self) -> str:
        """The address of the page."""
        own = len(self.names) == 1 and self.names[0] in APART.get(self.cls, ())
        return ".".join(map(str, (*self.path, *(self.names if own else ()))))


def tokens(place: str) -> tuple:
    """This function will split `tracks[0].rounds[2].weight` or `tracks.0.rounds` into tokens."""
    parts = re.findall(r"[^.\[\]]+", place)
    return tuple(int(part) if part.isascii() and part.isdecimal() else part for part in parts)


def find_spot(document: dict, address: str) -> Spot:
    """This function will return the page of an address, or raise KeyError."""
    cls, table, path = Scheme, document, ()
    waiting = list(tokens(address))
    while waiting:
        name = waiting.pop(0)
        if name not in APART.get(cls, ()):
            raise KeyError(address)
        inner = specs(cls)[name][0].of
        if not waiting:
            listed = name if inner and inner[0] in LISTED else ""
            return Spot(path, cls, table, (name,), listed)
        items, index = table.get(name) or [], waiting.pop(0)
        if inner[0] not in LISTED or not isinstance(index, int) or index >= len(items):
            raise KeyError(address)
        cls, table, path = inner[0], items[index], (*path, name, index)
    names = tuple(name for name in specs(cls) if name not in APART.get(cls, ()))
    return Spot(path, cls, table, names)


def follow_spot(document: dict, address: str, key: str) -> Spot:
    """This function will return the page of an address as it stood when its table had this key:
    others may have moved it since. Without a key it is `find_spot`; KeyError when it is gone."""
    here = tokens(address)
    tail = here[len(here) // 2 * 2 :]
    items = here[: len(here) - len(tail)]
    if not key or not items:
        return find_spot(document, address)
    ways = [(document, ())]
    for name in items[::2]:
        ways = [
            (item, (*path, name, i))
            for table, path in ways
            for i, item in enumerate(table.get(name) or [])
        ]
    paths = [path for table, path in ways if table.get("key") == key]
    if not paths:
        raise KeyError(address)
    path = items if items in paths else paths[0]
    return find_spot(document, ".".join(map(str, (*path, *tail))))


def page_of(place: str) -> tuple[str, str]:
    """This function will return the address of the page that shows a place, and the place on it
    with points between its parts (empty: the whole page)."""
    cls, path, rest = Scheme, [], list(tokens(place))
    while rest and rest[0] in APART.get(cls, ()):
        name, inner = rest[0], specs(cls)[rest[0]][0].of
        if len(rest) == 1 or not inner or inner[0] not in LISTED:
            return ".".join(map(str, [*path, name])), ".".join(map(str, rest))
        path += rest[:2]
        rest, cls = rest[2:], inner[0]
    return ".".join(map(str, path)), ".".join(map(str, rest))


def name_place(document: dict, place: str) -> list[str]:
    """This function will say a place in words: the titles on the way and the field's label."""
    cls, value, words = Scheme, document, []
    for token in tokens(place):
        if isinstance(token, int):
            value = value[token] if isinstance(value, list) and token < len(value) else {}
            title = value.get("title") if isinstance(value, dict) else ""
            if title and words:
                words[-1] = str(title)
            elif words:
                words[-1] += f"第 {token + 1} 项"
            continue
        spec = specs(cls).get(token, (None,))[0] if cls else None
        if spec is None:
            words.append({"kind": "类别"}.get(token, str(token)))
            break
        words.append(spec.label)
        value = value.get(token, {}) if isinstance(value, dict) else {}
        cls = _class_of(spec, value)
    return words


def _class_of(spec, value):
    if spec.form == "variant":
        return variant_class(spec, value)
    return spec.of[0] if spec.of else None


def variant_class(spec, value) -> type:
    """This function will return the class that a variant's table names; the first one in doubt."""
    kind = value.get("kind") if isinstance(value, dict) else None
    return next((cls for cls in spec.of if cls.kind == kind), spec.of[0])
