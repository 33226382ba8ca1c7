"""Exact arithmetic: columns of ratios of integers, half-up rounding, and numbers as words.

A column holds one number for each entry (None where it is missing), all over one denominator
where possible: integers over a common scale are several times faster than Fraction objects.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from itertools import repeat
from math import gcd, isqrt, lcm
from operator import mul

NUMBER = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?")
WHOLE_COLUMN = re.compile(r"(?:-?[0-9]{1,30}\n)*")


class Column:
    """Exact numbers of all entries: numerators with one denominator, or one for each."""

    __slots__ = ("den", "dens", "nums")

    def __init__(self, nums, den=1, dens=None):
        self.nums = nums
        self.den = den
        self.dens = dens

    def __len__(self):
        return len(self.nums)

    def denominators(self):
        """This function will iterate over the denominators, entry by entry."""
        return repeat(self.den, len(self.nums)) if self.dens is None else self.dens

    def at(self, i: int) -> Fraction | None:
        """This function will return the number of entry `i`, exact, or None."""
        if self.nums[i] is None:
            return None
        return Fraction(self.nums[i], self.den if self.dens is None else self.dens[i])

    def copy(self) -> Column:
        """This function will return a column that may be changed apart from this one."""
        return Column(list(self.nums), self.den, None if self.dens is None else list(self.dens))

    def put(self, i: int, value: Fraction | None):
        """This function will set the number of entry `i`."""
        if value is None:
            self.nums[i] = None
            return
        if self.dens is None:
            if self.den % value.denominator == 0:
                self.nums[i] = value.numerator * (self.den // value.denominator)
                return
            self.dens = [self.den] * len(self.nums)
        self.nums[i], self.dens[i] = value.numerator, value.denominator

    def order_keys(self) -> list[int | None]:
        """This function will return integers that compare exactly as the numbers do.

        Two different ratios with denominators up to D differ by at least 1/D², so their
        products with D² + 1 differ in the integer part.
        """
        if self.dens is None:
            return self.nums
        largest = max(self.dens, default=1)
        factor = largest * largest + 1
        return [
            None if n is None else n * factor // d
            for n, d in zip(self.nums, self.dens, strict=True)
        ]


def read_number(written: str | None) -> Fraction | None:
    """This function will read a plain decimal string exactly; None for anything else."""
    if not isinstance(written, str) or not NUMBER.fullmatch(written):
        return None
    return Fraction(written)


def read_column(written: list[str | None]) -> Column:
    """This function will read plain decimal strings into a column over one power of ten.

    A column in which every number is written with the same decimals (or none) is read in one go.
    """
    if None not in written and written:
        whole = "\n".join(written) + "\n"
        if whole.count("\n") != len(written):
            return _read_mixed(written)
        if WHOLE_COLUMN.fullmatch(whole):
            return Column(list(map(int, written)), 1)
        places = len(written[0]) - written[0].find(".") - 1
        if 0 < places < 31 and re.fullmatch(rf"(?:-?[0-9]{{1,30}}\.[0-9]{{{places}}}\n)*", whole):
            digits = whole.replace(".", "").split("\n")
            digits.pop()
            return Column(list(map(int, digits)), 10**places)
    return _read_mixed(written)


def _read_mixed(written: list[str | None]) -> Column:
    match = NUMBER.fullmatch
    places = 0
    for text in written:
        if text is not None and "." in text:
            places = max(places, len(text) - text.index(".") - 1)
    places = min(places, 30)
    scale = 10**places
    nums: list[int | None] = []
    for text in written:
        if text is None or not match(text):
            nums.append(None)
        elif "." in text:
            whole, _, part = text.partition(".")
            nums.append(int(whole + part) * 10 ** (places - len(part)))
        else:
            nums.append(int(text) * scale)
    return Column(nums, scale)


def to_fraction(value: Decimal | int | str) -> Fraction:
    """This function will return a scheme's decimal as an exact ratio."""
    return Fraction(value)


def round_ratio(n: int, d: int, scale: int) -> int:
    """This function will round n/d half up (四舍五入, away from zero) to units of 1/scale."""
    if n >= 0:
        return (2 * n * scale + d) // (2 * d)
    return -((d - 2 * n * scale) // (2 * d))


def round_half_up(value: Fraction, places: int) -> Fraction:
    """This function will round half up (四舍五入, away from zero) to `places` decimals."""
    scale = 10**places
    return Fraction(round_ratio(value.numerator, value.denominator, scale), scale)


def round_column(column: Column, places: int | None) -> Column:
    """This function will round every number half up; with None it returns the column as it is."""
    if places is None:
        return column
    scale = 10**places
    if column.dens is None and scale % column.den == 0:
        factor = scale // column.den
        return Column([None if n is None else n * factor for n in column.nums], scale)
    double = 2 * scale
    nums = []
    for n, d in zip(column.nums, column.denominators(), strict=True):
        if n is None:
            nums.append(None)
        elif n >= 0:
            nums.append((n * double + d) // (2 * d))
        else:
            nums.append(-((d - n * double) // (2 * d)))
    return Column(nums, scale)


def scale_column(column: Column, factor: Fraction) -> Column:
    """This function will multiply every number by `factor`."""
    if factor == 1:
        return column
    n, d = factor.numerator, factor.denominator
    nums = [None if x is None else x * n for x in column.nums]
    if column.dens is None:
        return Column(nums, column.den * d)
    return Column(nums, dens=[y * d for y in column.dens])


def add_columns(columns: list[Column], factors: list[Fraction]) -> Column:
    """This function will return Σ factor · column; a sum with a missing part is missing."""
    columns = [scale_column(c, f) for c, f in zip(columns, factors, strict=True)]
    flat = [column for column in columns if column.dens is None]
    den = lcm(1, *(column.den for column in flat))
    times = [den // column.den for column in flat]
    nums: list[int | None] = []
    for row in zip(*(column.nums for column in flat), strict=True):
        if None in row:
            nums.append(None)
        else:
            nums.append(sum(map(mul, row, times)))
    if len(flat) == len(columns):
        return Column(nums, den)
    if not flat:
        nums = [0] * len(columns[0])
    return _add_uneven(nums, den, [column for column in columns if column.dens is not None])


def _add_uneven(nums, den, columns) -> Column:
    """Add columns with a denominator for each entry, reducing each sum once at the end."""
    sums, dens = [], []
    for i, total in enumerate(nums):
        bottom = den
        for column in columns:
            n, d = column.nums[i], column.dens[i]
            if n is None or total is None:
                total = None
                break
            if d == bottom:
                total += n
            else:
                total, bottom = total * d + n * bottom, bottom * d
        if total is None:
            sums.append(None)
            dens.append(1)
        else:
            common = gcd(total, bottom)
            sums.append(total // common)
            dens.append(bottom // common)
    return Column(sums, dens=dens)


def sum_column(column: Column) -> Fraction:
    """This function will return the sum of a column in which nothing is missing."""
    if column.dens is None:
        return Fraction(sum(column.nums), column.den)
    return sum((column.at(i) for i in range(len(column))), Fraction(0))


def clamp_column(column: Column, low: Fraction | None, high: Fraction | None) -> Column:
    """This function will hold every number between `low` and `high` (None: no bound)."""
    if low is None and high is None:
        return column
    if column.dens is None:
        present = [n for n in column.nums if n is not None]
        smallest, largest = min(present, default=0), max(present, default=0)
        if (low is None or smallest * low.denominator >= low.numerator * column.den) and (
            high is None or largest * high.denominator <= high.numerator * column.den
        ):
            return column
    result = column
    for bound, sign in ((low, 1), (high, -1)):
        if bound is None:
            continue
        top, bottom = bound.numerator * sign, bound.denominator * sign
        outside = [
            i
            for i, (n, d) in enumerate(zip(column.nums, column.denominators(), strict=True))
            if n is not None and n * bottom < top * d
        ]
        if outside and result is column:
            result = column.copy()
        for i in outside:
            result.put(i, bound)
    return result


def bounds(item) -> tuple[Fraction | None, Fraction | None]:
    """This function will return the lowest and highest points of a criterion, round or track:
    zero and its full marks unless the scheme opens them, then its own floor and cap."""
    low = None if item.below_zero else Fraction(0)
    high = None if item.above_full else Fraction(item.full)
    if item.floor is not None:
        low = Fraction(item.floor) if low is None else max(low, Fraction(item.floor))
    if item.cap is not None:
        high = Fraction(item.cap) if high is None else min(high, Fraction(item.cap))
    return low, high


def root(value: Fraction) -> Fraction:
    """This function will return the square root rounded half up to six places."""
    scaled = 4 * value * 10**12
    return Fraction((isqrt(scaled.numerator // scaled.denominator) + 1) // 2, 10**6)


def plain_number(value: Fraction, places: int | None = None) -> str:
    """This function will write a number as a decimal string: with exactly `places` decimals
    (rounded half up), or exactly without needless zeros, or as `n/d` when it has no end."""
    if places is not None:
        scaled = round_ratio(value.numerator, value.denominator, 10**places)
        return _scaled(scaled, places)
    if 10**18 % value.denominator:
        return f"{value.numerator}/{value.denominator}"
    places = 0
    while 10**places % value.denominator:
        places += 1
    return _scaled(value.numerator * 10**places // value.denominator, places)


def show(value: Fraction | None, places: int | None = None) -> str:
    """This function will write a number for readers: exactly if it ends within six decimals,
    else its first eight decimals and an ellipsis."""
    if value is None:
        return "缺"
    if places is not None:
        return plain_number(value, places)
    if 10**6 % value.denominator == 0:
        return plain_number(value)
    sign = "-" if value < 0 else ""
    value = abs(value)
    return sign + _scaled(value.numerator * 10**8 // value.denominator, 8) + "…"


def term(value: Fraction | None) -> str:
    """This function will write a number inside a formula: a negative one in brackets."""
    written = show(value)
    return f"（{written}）" if written.startswith("-") else written


def bound_words(before: Fraction, after: Fraction) -> str:
    """This function will say that points were held at a bound."""
    if after < before:
        return f"{show(before)} 超过上限，按 {show(after)} 计。"
    return f"{show(before)} 低于下限，按 {show(after)} 计。"


def _scaled(number: int, places: int) -> str:
    sign = "-" if number < 0 else ""
    digits = str(abs(number)).rjust(places + 1, "0")
    return sign + (digits[:-places] + "." + digits[-places:] if places else digits)


def rounding_words(places: int | None) -> str:
    """This function will say a declared rounding in words; empty when there is none."""
    if places is None:
        return ""
    return "四舍五入取整" if places == 0 else f"四舍五入保留{places}位小数"
