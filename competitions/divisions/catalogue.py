"""The catalogue of administrative divisions: provinces, cities, counties and townships.

The whole catalogue is one text in memory (about 2 MB), one division a line, sorted by code: a
division stands directly before everything below it, so that a subtree is a slice, and every
look-up is a search for text. See NOTICE.md for the source of the data.
"""

import gzip
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from competitions.divisions.names import short_name

FOLDER = Path(__file__).parent
LEVELS = {2: "province", 4: "city", 6: "county", 9: "township"}
PARENT_LENGTH = {2: 0, 4: 2, 6: 4, 9: 6}

# Levels that exist only to fill the code, with no government behind them.
PLACEHOLDERS = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}


@dataclass(frozen=True, slots=True, order=True)
class Division:
    """An administrative division; level is province, city, county or township."""

    code: str
    name: str
    level: str
    parent_code: str

    @property
    def usual_name(self) -> str:
        """The name that people use: for a farm listed as a company, the farm's name."""
        return aliases().get(self.code, (self.name, ""))[0]


@cache
def _text() -> str:
    """This function will return all lines, each preceded and the last followed by a newline."""
    return "\n" + gzip.decompress((FOLDER / "divisions.tsv.gz").read_bytes()).decode()


@cache
def aliases() -> dict[str, tuple[str, str]]:
    """This function will return {code: (usual name, its initials)}, kept by hand."""
    lines = (FOLDER / "aliases.tsv").read_text(encoding="utf-8").splitlines()
    fields = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {code: (name, letters) for code, name, letters in fields}


def _parse(line: str) -> Division:
    code, name, _ = line.split("\t", 2)
    return Division(code, name, LEVELS[len(code)], code[: PARENT_LENGTH[len(code)]])


def _line_around(position: int) -> str:
    text = _text()
    return text[text.rfind("\n", 0, position + 1) + 1 : text.index("\n", position + 1)]


def _slice(code: str) -> tuple[int, int]:
    """This function will return where the lines of all codes that begin with this one stand."""
    text = _text()
    start = text.find("\n" + code) if code else 0
    if start < 0:
        return 0, 0
    last = text.rfind("\n" + code) if code else len(text) - 1
    return start, text.index("\n", last + 1) + 1 if code else len(text)


@lru_cache(maxsize=4096)
def get(code: str) -> Division | None:
    """This function will return the division with exactly this code, or None."""
    if not (code.isascii() and code.isdigit()):
        return None
    position = _text().find(f"\n{code}\t")
    return _parse(_line_around(position)) if position >= 0 else None


def children(code: str = "") -> list[Division]:
    """This function will return the divisions directly below, by code; the provinces for ''."""
    if code and get(code) is None:
        return []
    start, end = _slice(code)
    found = (_parse(line) for line in _text()[start + 1 : end - 1].split("\n"))
    return [division for division in found if division.parent_code == code]


def ancestors(code: str) -> list[Division]:
    """This function will return the divisions from the province down to this one itself."""
    found = (get(code[:length]) for length in LEVELS if length <= len(code))
    return [division for division in found if division is not None]


def path(code: str) -> list[str]:
    """This function will return the usual names from the province down to this division.

    Levels without a government (市辖区, 省直辖县级行政区划 …) are left out.
    """
    return [d.usual_name for d in ancestors(code) if d.name not in PLACEHOLDERS]


def search(
    text: str, *, level: str | None = None, under: str | None = None, limit: int = 20
) -> list[Division]:
    """This function will return at most `limit` divisions that fit a typed text, best first.

    The text is a name or part of one (狼山镇, 狼山), pinyin initials (lsz, ls) or the beginning of
    a code. Words before the last must occur in the names above it: 「临河 新华」. Order: the whole
    name or short name, then names and initials that begin so, then the rest; within each the
    higher level first, then by code.
    """
    words = unicodedata.normalize("NFKC", text).casefold().split()
    if not words or limit < 1:
        return []
    *above, word = words
    best: dict[str, tuple[int, int, str, Division]] = {}
    for rank, division in _matches(word, under or ""):
        if level is None or division.level == level:
            key = (rank, len(division.code), division.code, division)
            best[division.code] = min(key, best.get(division.code, key))
    found = []
    for _, _, _, division in sorted(best.values()):
        if not above or _stands_below(division, above):
            found.append(division)
            if len(found) == limit:
                break
    return found


def _stands_below(division: Division, words: list[str]) -> bool:
    names = path(division.parent_code)
    return all(any(word in name for name in names) for word in words)


def _matches(word: str, under: str) -> Iterator[tuple[int, Division]]:
    """This function will yield (rank, division) for what fits one word, possibly several times."""
    text, (start, end) = _text(), _slice(under)
    pattern = word
    if word.isascii():
        pattern = "\n" + word if word.isdigit() else " " + word
    position = text.find(pattern, start, end)
    while position >= 0:
        line = _line_around(position)
        division, letters = _parse(line), line.rsplit("\t", 1)[1]
        yield _rank(word, division, letters.split()), division
        position = text.find(pattern, text.index("\n", position + 1), end)
    for code, (name, letters) in aliases().items():
        if code.startswith(under) and (word in name or letters.startswith(word)):
            line = _line_around(text.index(f"\n{code}\t"))
            yield (0 if word in (name, letters) else 1), _parse(line)


def _rank(word: str, division: Division, initials: list[str]) -> int:
    """This function will return 0 for a whole or short name, 1 for a beginning, 2 for a part."""
    name = division.name
    if word.isascii():
        if word == division.code:
            return 0
        fits = any(letters.startswith(word) for letters in initials)
        return 0 if fits and len(word) in (len(name), len(short_name(name))) else 1
    if not name.startswith(word):
        return 2
    return 0 if word in (name, short_name(name)) else 1
