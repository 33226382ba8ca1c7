"""Writing a scheme: the canonical document and TOML. Reading either gives back the same scheme."""

from __future__ import annotations

import re
from decimal import Decimal

from competitions.scheme.fields import plain, specs
from competitions.scheme.types import Scheme

BARE = re.compile(r"[A-Za-z0-9_-]+")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def to_document(scheme: Scheme) -> dict:
    """This function will return the canonical document: str, int, bool, list and dict only,
    decimals as plain strings, every field present except those left out on purpose (None)."""
    return _table(scheme, plain)


def to_toml(scheme: Scheme) -> str:
    """This function will write the scheme as TOML, leaving out what equals its default."""
    lines: list[str] = []
    _write_table(_table(scheme, lambda value: value, sparse=True), (), lines)
    return "\n".join(lines).strip() + "\n"


def write_draft(document: dict) -> str:
    """This function will write a document that may still be wrong as TOML, whatever it holds; what
    stands empty (None) is left out."""
    lines: list[str] = []
    _write_table(_without_none(document), (), lines)
    return "\n".join(lines).strip() + "\n"


def _without_none(value):
    if isinstance(value, dict):
        return {key: _without_none(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_without_none(inner) for inner in value if inner is not None]
    return value


def _table(item, number, sparse=False) -> dict:
    cls = type(item)
    document = {"kind": item.kind} if hasattr(item, "kind") and "kind" not in specs(cls) else {}
    for name, (spec, default) in specs(cls).items():
        value = getattr(item, name)
        if value is None or (sparse and value == default and name not in ("key", "title")):
            continue
        if spec.form in ("table", "variant"):
            value = _table(value, number, sparse)
        elif spec.form == "tables":
            value = [_table(inner, number, sparse) for inner in value]
        elif spec.form == "number":
            value = number(value)
        elif spec.form == "numbers":
            value = [number(inner) for inner in value]
        elif spec.form in ("keys", "texts"):
            value = list(value)
        document[name] = value
    return document


def _write_table(table: dict, path: tuple[str, ...], lines: list[str]):
    """Write the plain values first, then the tables, as TOML wants it."""
    later = []
    for name, value in table.items():
        if (isinstance(value, dict) and not _is_small(value)) or (
            _is_tables(value) and not all(_is_small(inner) for inner in value)
        ):
            later.append((name, value))
        else:
            lines.append(f"{_key(name)} = {_value(value)}")
    for name, value in later:
        inner = (*path, name)
        header = ".".join(map(_key, inner))
        if isinstance(value, dict):
            lines += ["", f"[{header}]"]
            _write_table(value, inner, lines)
            continue
        for item in value:
            lines += ["", f"[[{header}]]"]
            _write_table(item, inner, lines)


def _is_tables(value) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _is_small(table: dict) -> bool:
    """A table that fits on one line: few plain values."""
    if any(isinstance(value, dict) or _is_tables(value) for value in table.values()):
        return False
    return len(_inline(table)) <= 84


def _inline(table: dict) -> str:
    pairs = [f"{_key(name)} = {_value(value)}" for name, value in table.items()]
    return "{ " + ", ".join(pairs) + " }"


def _value(value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, dict):
        return _inline(value) if value else "{}"
    if isinstance(value, list):
        written = [_value(inner) for inner in value]
        short = ", ".join(written)
        if len(short) <= 80 and not _is_tables(value):
            return f"[{short}]"
        return "[\n" + "".join(f"  {inner},\n" for inner in written) + "]"
    return _string(value)


def _string(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    escaped = escaped.replace("\n", "\\n").replace("\t", "\\t")
    return f'"{CONTROL.sub(_escape, escaped)}"'


def _escape(found) -> str:
    return f"\\u{ord(found[0]):04x}"


def _key(name: str) -> str:
    return name if BARE.fullmatch(name) else _string(name)
