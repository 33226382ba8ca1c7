"""The schemes that come with the product, one TOML file each, and a small sample for each.

A sample is a bundle written by hand: the scheme, the evidence of invented people and the names,
all of it a demonstration. Its arithmetic stands beside it in `expected.md`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from competitions.scheme.read import read_toml
from competitions.scheme.types import Scheme

SAMPLE_FILES = ("evidence.json", "names.json")


@dataclass(frozen=True)
class Sample:
    """The sample of a scheme. evidence: a document of scoring.rules.evidence; names: {"entries":
    {key: name}, "judges": {key: name}}; files: {file name: bytes}, which together are a bundle."""

    key: str
    evidence: dict
    names: dict
    files: dict[str, bytes]


def _folder():
    return files("competitions") / "schemes"


def ships_schemes() -> bool:
    """This function will say whether schemes are here at all: the one-file verifier has none."""
    return _folder().is_dir()


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
    return read_toml(_find(key).read_text(encoding="utf-8"))


def read_sample(key: str) -> Sample:
    """This function will read the sample of a shipped scheme, or raise KeyError."""
    parts = {"scheme.toml": _find(key).read_bytes()}
    folder = _folder() / "samples" / key
    for name in SAMPLE_FILES:
        if not (folder / name).is_file():
            raise KeyError(key)
        parts[name] = (folder / name).read_bytes()
    evidence, names = (json.loads(parts[name]) for name in SAMPLE_FILES)
    return Sample(key, evidence, names, parts)


def _find(key: str):
    """The file of a scheme. Only names that are there are opened: a key comes from anywhere."""
    if ships_schemes():
        for entry in _folder().iterdir():
            if entry.name == f"{key}.toml":
                return entry
    raise KeyError(key)
