"""From what a page of the editor sent to the table that it shows, and its buttons within the page.

What cannot be read as a number stays as it was typed: a draft may be wrong, and says so.
"""

import re
import unicodedata

from competitions.forms.scheme_needs import is_needed
from competitions.scheme.draft import change_list, keys_in, new_table
from competitions.scheme.fields import specs
from competitions.scheme.places import APART, variant_class

SEPARATORS = re.compile(r"[\s,，、;；]+")
MOST_ROWS = 200


def read_posted(spot, posted, document, names=None):
    """This function will return the table of a Spot with its fields as posted (a QueryDict)."""
    table = dict(spot.table)
    above = table_above(document, spot.path)
    reading = _Reading(posted, document, spot.path)
    for name in names or spot.names:
        table.pop(name, None)
    table.update(reading.read_fields(spot.cls, names or spot.names, "", above))
    return table


def table_above(document, path):
    """This function will return the table in which the table of a path stands, None at the top."""
    if not path:
        return None
    table = document
    for token in path[:-2]:
        table = table[token]
    return table


class _Reading:
    def __init__(self, posted, document, path):
        self.posted = posted
        self.document = document
        self.path = path
        self.taken = None

    def new(self, cls):
        if self.taken is None:
            self.taken = keys_in(self.document)
        return new_table(cls, self.taken)

    def read_fields(self, cls, names, prefix, above):
        table = {"kind": cls.kind} if hasattr(cls, "kind") and "kind" not in specs(cls) else {}
        for name in names:
            spec, _ = specs(cls)[name]
            value = getattr(self, f"_{spec.form}", self._text)(spec, f"{prefix}{name}", table)
            if value is not None:
                table[name] = value
        needed = {n for n in names if is_needed(cls, n, table, above)}
        return {n: value for n, value in table.items() if n in needed or n not in names}

    def _all(self, cls):
        return [name for name in specs(cls) if name not in APART.get(cls, ())]

    def _text(self, spec, where, above):
        if where not in self.posted:
            return None
        return self.posted[where].replace("\r\n", "\n").strip()

    _long = _key = _text

    def _choice(self, spec, where, above):
        return self.posted.get(where)

    def _number(self, spec, where, above):
        return one_number(self.posted.get(where, "")) or None

    def _integer(self, spec, where, above):
        value = one_number(self.posted.get(where, ""))
        return int(value) if re.fullmatch(r"-?[0-9]{1,9}", value) else (value or None)

    def _flag(self, spec, where, above):
        return where in self.posted

    def _texts(self, spec, where, above):
        if f"{where}.ticks" in self.posted:
            return self.posted.getlist(where)
        lines = self.posted.get(where, "").splitlines()
        return [line.strip() for line in lines if line.strip()]

    def _keys(self, spec, where, above):
        values = self.posted.getlist(where)
        if f"{where}.ticks" in self.posted:
            return values
        return [part for value in values for part in SEPARATORS.split(value.strip()) if part]

    def _numbers(self, spec, where, above):
        written = half_width(self.posted.get(where, ""))
        return [part for part in SEPARATORS.split(written) if part]

    def _table(self, spec, where, above):
        if f"{where}.on" not in self.posted:
            return None
        return self.read_fields(spec.of[0], self._all(spec.of[0]), f"{where}.", above)

    def _variant(self, spec, where, above):
        cls = variant_class(spec, {"kind": self.posted.get(f"{where}.kind")})
        table = self.read_fields(cls, self._all(cls), f"{where}.", above)
        if self.posted.get(f"{where}.was") != cls.kind:
            for name, value in self.new(cls).items():
                if table.get(name) in (None, []):
                    table[name] = value
        return table

    def _tables(self, spec, where, above):
        cls = spec.of[0]
        count = self.posted.get(f"{where}.n", "0")
        count = min(int(count), MOST_ROWS) if count.isascii() and count.isdecimal() else 0
        return [self.read_fields(cls, self._all(cls), f"{where}.{i}.", above) for i in range(count)]


def half_width(text):
    """This function will return a number as typed in a Chinese input method in plain characters."""
    return unicodedata.normalize("NFKC", text).replace("−", "-").strip()


def one_number(text):
    """This function will return one number as typed, without commas between its thousands."""
    return re.sub(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))", "", half_width(text))


def press_button(cls, table, document, button):
    """This function will do what a button within the page says to the table, in place:
    `add:rule.items`, `delete:rule.items:2`, `up`, `down`, `copy`, `add:panel`, `drop:panel`.

    An unknown button raises KeyError.
    """
    command, _, rest = button.partition(":")
    where, _, index = rest.partition(":")
    *way, name = where.split(".")
    for token in way:
        if isinstance(table, list):
            table = table[int(token)]
            continue
        spec, _ = specs(cls)[token]
        table = table[token]
        cls = variant_class(spec, table) if spec.form == "variant" else spec.of[0]
    spec, _ = specs(cls)[name]
    if spec.form == "table":
        table[name] = new_table(spec.of[0], keys_in(document)) if command == "add" else None
        if command == "drop":
            del table[name]
        return
    items = table.setdefault(name, [])
    if command not in ("add", "delete", "up", "down", "copy"):
        raise KeyError(button)
    if command == "add" and len(items) >= MOST_ROWS:
        return
    if command != "add" and (not index.isdecimal() or int(index) >= len(items)):
        raise KeyError(button)
    own = {item.get("key") for item in items}
    change_list(items, spec.of[0], command, int(index or 0), own)
