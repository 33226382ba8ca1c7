"""The schemes that come with the product, one TOML file each."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from competitions.scheme.read import read_toml
from competitions.scheme.types import Scheme


def _folder():
    return files("competitions") / "schemes"


def shipped_schemes() -> dict[str, str]:
    """This function will return `{key: title}` of every shipped scheme, in order of the key."""
    names = sorted(
        entry.name.removesuffix(".toml")
        for entry in _folder().iterdir()
        if entry.name.endswith(".toml")
    )
    return {name: read_shipped(name).title for name in names}


@cache
def read_shipped(key: str) -> Scheme:
    """This function will read one shipped scheme, or raise KeyError."""
    for entry in _folder().iterdir():
        if entry.name == f"{key}.toml":
            return read_toml(entry.read_text(encoding="utf-8"))
    raise KeyError(key)
