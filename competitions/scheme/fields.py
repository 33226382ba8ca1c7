"""What a field of the scheme language may hold: one declaration gives type, label and limits.

Every dataclass of the language declares its fields with the functions below. Reading, writing,
checking and the forms of an editor all follow the same declaration.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from decimal import Decimal

KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")

REQUIRED = dataclasses.MISSING


@dataclass(frozen=True, slots=True)
class Spec:
    """One field: `form` is text, long, key, number, integer, flag, choice, table, tables, keys,
    texts, numbers or variant (a table whose `kind` names one of several classes)."""

    form: str
    label: str
    hint: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    choices: tuple[tuple[str, str], ...] = ()
    of: tuple[type, ...] = ()
    longest: int = 200
    optional: bool = False
    least: int = 0


def _field(spec: Spec, default):
    return dataclasses.field(default=default, metadata={"spec": spec})


def text(label, default=REQUIRED, *, hint="", longest=200):
    """This function will declare one line of text."""
    return _field(Spec("text", label, hint, longest=longest), default)


def long_text(label, default="", *, hint=""):
    """This function will declare a text of several lines."""
    return _field(Spec("long", label, hint, longest=4000), default)


def slug(label, default=REQUIRED, *, hint=""):
    """This function will declare a stable key: small letters, digits, `-` and `_`."""
    return _field(Spec("key", label, hint, longest=64), default)


def number(label, default=REQUIRED, *, low=None, high=None, hint=""):
    """This function will declare an exact decimal number; with default None it may be left out."""
    if isinstance(default, int | str):
        default = Decimal(default)
    low = None if low is None else Decimal(low)
    high = None if high is None else Decimal(high)
    return _field(Spec("number", label, hint, low, high, optional=default is None), default)


def integer(label, default=REQUIRED, *, low=0, high=100000, hint=""):
    """This function will declare a whole number; with default None it may be left out."""
    spec = Spec("integer", label, hint, Decimal(low), Decimal(high), optional=default is None)
    return _field(spec, default)


def flag(label, default=False, *, hint=""):
    """This function will declare a yes or no."""
    return _field(Spec("flag", label, hint), default)


def choice(label, choices, default=REQUIRED, *, hint=""):
    """This function will declare one of several words; `choices` maps each word to Chinese."""
    return _field(Spec("choice", label, hint, choices=tuple(choices.items())), default)


def table(label, cls, default=REQUIRED, *, hint=""):
    """This function will declare a table of class `cls`; with default None it may be left out."""
    return _field(Spec("table", label, hint, of=(cls,), optional=default is None), default)


def tables(label, cls, *, least=0, hint=""):
    """This function will declare a list of tables of class `cls`, at least `least` of them."""
    return _field(Spec("tables", label, hint, of=(cls,), least=least), REQUIRED if least else ())


def variant(label, classes, *, hint=""):
    """This function will declare a table whose `kind` names one of `classes`."""
    return _field(Spec("variant", label, hint, of=tuple(classes)), REQUIRED)


def slugs(label, *, least=0, hint=""):
    """This function will declare a list of keys."""
    return _field(Spec("keys", label, hint, least=least), REQUIRED if least else ())


def texts(label, *, least=0, hint=""):
    """This function will declare a list of texts."""
    spec = Spec("texts", label, hint, least=least, longest=1000)
    return _field(spec, REQUIRED if least else ())


def numbers(label, *, least=0, low=None, high=None, hint=""):
    """This function will declare a list of exact decimal numbers."""
    low = None if low is None else Decimal(low)
    high = None if high is None else Decimal(high)
    spec = Spec("numbers", label, hint, low, high, least=least)
    return _field(spec, REQUIRED if least else ())


_SPECS: dict[type, dict[str, tuple[Spec, object]]] = {}


def specs(cls) -> dict[str, tuple[Spec, object]]:
    """This function will return `{field name: (Spec, default or REQUIRED)}` of a language class."""
    if cls not in _SPECS:
        _SPECS[cls] = {
            item.name: (item.metadata["spec"], item.default)
            for item in dataclasses.fields(cls)
            if "spec" in item.metadata
        }
    return _SPECS[cls]


def plain(value: Decimal | int) -> str:
    """This function will write a decimal without exponent and without needless zeros."""
    written = format(Decimal(value), "f")
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    return "0" if written in ("-0", "") else written
