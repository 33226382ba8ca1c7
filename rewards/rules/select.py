"""Choosing by place under a quota: what happens at the boundary is the scheme's explicit choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Choice:
    """Who is chosen with which place; `tied` waits for a decision about `left` openings."""

    chosen: tuple[tuple[int, str], ...]
    tied: tuple[str, ...] = ()
    left: int = 0
    note: str = ""


def choose(ranked: Sequence[tuple[int, str]], quota: int, boundary: str, decided=None) -> Choice:
    """This function will take the entries of places 1 … quota from `ranked` [(place, entry)].

    Equal places stand or fall together: if a class crosses the quota, `boundary` says extend (all
    of them), exclude (none of them) or ruling: `decided` names entries that a recorded decision
    gave it to, None when there is no decision yet.
    """
    classes: dict[int, list[str]] = {}
    for place, entry in sorted(ranked):
        classes.setdefault(place, []).append(entry)
    chosen: list[tuple[int, str]] = []
    for place, members in classes.items():
        left = quota - (place - 1)
        if left <= 0:
            break
        if len(members) <= left:
            chosen += [(place, entry) for entry in members]
            continue
        if boundary == "extend":
            chosen += [(place, entry) for entry in members]
            return Choice(tuple(chosen), note=f"第{place}名并列 {len(members)} 个，名额相应增加。")
        if boundary == "exclude":
            return Choice(tuple(chosen), note=f"第{place}名并列 {len(members)} 个，都不给予。")
        picked = [entry for entry in members if decided is not None and entry in decided]
        if decided is None or len(picked) > left:
            return Choice(tuple(chosen), tuple(members), left)
        chosen += [(place, entry) for entry in picked]
        given = "给予" if picked else "都不给予"
        return Choice(tuple(chosen), note=f"第{place}名并列 {len(members)} 个，按会议决定{given}。")
    return Choice(tuple(chosen))


def share_of(percent, count: int, rounding: str) -> int:
    """This function will return how many of `count` a percentage makes, rounded down, up or half
    up to a whole number."""
    share = Fraction(percent) * count / 100
    whole = share.numerator // share.denominator
    if (rounding == "up" and share != whole) or (
        rounding == "half" and share - whole >= Fraction(1, 2)
    ):
        whole += 1
    return whole


def positions(ranked: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """This function will renumber places 1, 1, 3 among the given entries, in their order."""
    result: list[tuple[int, str]] = []
    previous, place = None, 0
    for position, (old, entry) in enumerate(sorted(ranked), 1):
        if old != previous:
            previous, place = old, position
        result.append((place, entry))
    return result


def from_the_end(ranked: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """This function will return places counted from the end: the last place is 1."""
    return positions([(-place, entry) for place, entry in ranked])
