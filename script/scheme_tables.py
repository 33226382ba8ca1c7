"""Fills the tables of parameters in docs/scheme.md from `fields.specs`. Standard library only.

A table stands between `<!-- fields: ClassName -->` and `<!-- end -->`.
"""

import re
import sys
from dataclasses import MISSING
from pathlib import Path

from competitions.scheme.fields import plain, specs
from competitions.scheme.types import Scheme

BLOCK = re.compile(r"(<!-- fields: (\w+) -->\n).*?(<!-- end -->)", re.S)
HEAD = "| field | 名称 | value | default |\n|---|---|---|---|\n"
FORMS = {
    "text": "text",
    "long": "text of several lines",
    "key": "key",
    "flag": "`true` or `false`",
    "keys": "list of keys",
    "texts": "list of texts",
    "numbers": "list of numbers",
}


def language_classes(cls=Scheme, found=None):
    """This function will return {name: class} of every class that a scheme can contain."""
    found = {} if found is None else found
    if cls.__name__ not in found:
        found[cls.__name__] = cls
        for spec, _ in specs(cls).values():
            for inner in spec.of:
                language_classes(inner, found)
    return found


def table_of(cls):
    """This function will return the Markdown table of a class's fields."""
    lines = []
    if hasattr(cls, "kind"):
        lines.append(f"| `kind` | {cls.title} | `{cls.kind}` | required |")
    for name, (spec, default) in specs(cls).items():
        value = _value(spec) + (f". {spec.hint}" if spec.hint else "")
        lines.append(f"| `{name}` | {spec.label} | {value} | {_default(spec, default)} |")
    return HEAD + "\n".join(lines) + "\n"


def _value(spec):
    if spec.form == "choice":
        return " · ".join(f"`{word}` {title}" for word, title in spec.choices if word)
    if spec.form == "variant":
        return "one of " + ", ".join(f"`{cls.kind}`" for cls in spec.of)
    if spec.form in ("table", "tables"):
        what = f"[{spec.of[0].__name__}](#{spec.of[0].__name__.lower()})"
        return what if spec.form == "table" else f"list of {what}{_least(spec)}"
    if spec.form in ("number", "integer"):
        return ("number" if spec.form == "number" else "whole number") + _limits(spec)
    return FORMS[spec.form] + _limits(spec) + _least(spec)


def _least(spec):
    return f", at least {spec.least}" if spec.least else ""


def _limits(spec):
    if spec.form == "integer" and spec.high == 100000:
        return f" from {plain(spec.low)}"
    if spec.low is not None and spec.high is not None:
        return f" from {plain(spec.low)} to {plain(spec.high)}"
    return "" if spec.low is None else f" from {plain(spec.low)}"


def _default(spec, default):
    if default is MISSING:
        return "required"
    if default is None:
        return "none"
    if spec.form == "flag":
        return "`true`" if default else "`false`"
    if spec.form in ("number", "integer"):
        return f"`{plain(default)}`"
    if spec.form == "table":
        return "its defaults"
    return f"`{default}`" if default else "empty"


def fill(page):
    """This function will return the page with every table written anew; KeyError for a class that
    the language does not have."""
    classes = language_classes()
    return BLOCK.sub(lambda found: found[1] + table_of(classes[found[2]]) + found[3], page)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.write_text(fill(target.read_text(encoding="utf-8")), encoding="utf-8")
