"""Averages of integer marks and the choice of the dropped ones."""

from __future__ import annotations

from math import lcm

from scoring.rules.exact import Column


def average_of(marks: list[int], high: int, low: int, how: str) -> tuple[int, int]:
    """This function will drop the `high` highest and `low` lowest integers and return the mean,
    median or sum of the rest as a ratio (numerator, denominator)."""
    if high == 1 and low == 1 and how == "mean":
        return sum(marks) - max(marks) - min(marks), len(marks) - 2
    if high or low:
        marks = sorted(marks)[low : len(marks) - high]
    if how == "sum":
        return sum(marks), 1
    if how == "median":
        marks = sorted(marks)
        middle = len(marks) // 2
        if len(marks) % 2:
            return marks[middle], 1
        return marks[middle - 1] + marks[middle], 2
    return sum(marks), len(marks)


def dropped_positions(marks: list, high: int, low: int) -> dict[int, str]:
    """This function will name the dropped ones: {position: reason}. Positions are in order of
    judge numbers; among equal marks the lowest numbers are dropped, the highest marks first."""
    gone: dict[int, str] = {}
    by_high = sorted(range(len(marks)), key=lambda j: (-marks[j], j))
    for j in by_high[:high]:
        gone[j] = "去掉最高分"
    by_low = sorted((j for j in range(len(marks)) if j not in gone), key=lambda j: (marks[j], j))
    for j in by_low[:low]:
        gone[j] = "去掉最低分"
    return gone


def uniform(nums: list, dens: list[int]) -> Column:
    """This function will bring a column to one denominator where there are few different ones."""
    different = set(dens)
    if len(different) <= 16:
        common = lcm(1, *different)
        if len(different) == 1:
            return Column(nums, common)
        return Column(
            [None if n is None else n * (common // d) for n, d in zip(nums, dens, strict=True)],
            common,
        )
    return Column(nums, dens=dens)
