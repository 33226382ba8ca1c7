"""What a rule hands back: the points of one criterion for all entries, and how to explain them."""

from __future__ import annotations

from fractions import Fraction

from scoring.rules.exact import Column


class Work:
    """The computation of one criterion.

    points: Column over all entries, exact, before clamping and rounding (None: cannot be computed)
    explain: (i) -> (formula, notes, values, children) of entry i, from what was recorded
    undefined: {i: reason} entries for which the rule has no answer and a ruling is needed
    """

    __slots__ = ("explain", "points", "undefined")

    def __init__(self, points: Column, explain, undefined=None):
        self.points = points
        self.explain = explain
        self.undefined = undefined or {}


def fill_undefined(choice: str, full: Fraction) -> Fraction | None:
    """This function will return the points that the scheme gives where a formula has no answer:
    None when a ruling is needed."""
    return {"zero": Fraction(0), "full": full}.get(choice)
