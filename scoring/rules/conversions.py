"""Conversions 赋分: from a measured quantity to points, for a whole column at once.

Each function takes the quantity as a Column, the sets of peers (lists of entry positions) and the
full marks B, and returns the points as numerators and denominators. Formulas: rules.md 1, rows
4–10. `less` turns the direction round: the smaller the better.
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm

from scoring.rules.average import uniform
from scoring.rules.exact import Column, show, term, to_fraction


class Converted:
    """Points of a conversion (a Column), words for each entry, and where there is no answer."""

    __slots__ = ("points", "undefined", "words")

    def __init__(self, points, words, undefined=None):
        self.points = points
        self.words = words
        self.undefined = undefined or {}


def convert(rule, x: Column, peers, full: Fraction, *, less=False, targets: Column | None = None):
    """This function will apply a conversion of the scheme language to the quantity `x`."""
    return CONVERT[rule.kind](rule, x, peers, full, less, targets)


def each(x: Column, points) -> Column:
    """This function will apply `points(Fraction) -> Fraction | None` to every number."""
    values = [None if x.nums[i] is None else points(i, x.at(i)) for i in range(len(x))]
    return Column(
        [None if v is None else v.numerator for v in values],
        dens=[1 if v is None else v.denominator for v in values],
    )


def direct(rule, x, peers, full, less, targets):
    """This function will give factor · x."""
    factor = to_fraction(rule.factor)
    sign = "−" if less else ""
    factor = -factor if less else factor
    return Converted(
        each(x, lambda i, v: v * factor),
        lambda i: f"{sign}{show(abs(factor))}×{term(x.at(i))}",
    )


def reach(rule, x, peers, full, less, targets):
    """This function will give B or 0 (mode all), min(B, B·x/t) (capped) or B·x/t (uncapped).

    Where less is better x/t becomes t/x. The target t is the rule's own or each entry's; that of a
    completion rate is 1 (or 100 %).
    """
    undefined = {}
    own = None if rule.target is None else to_fraction(rule.target)

    def target(i):
        return targets.at(i) if own is None else own

    def points(i, v):
        t = target(i)
        if t is None:
            return None
        if rule.mode == "all":
            return full if (v <= t if less else v >= t) else Fraction(0)
        top, bottom = (t, v) if less else (v, t)
        if bottom <= 0:
            undefined[i] = "实际值为零，无法计算" if less else "目标为零，无法计算完成率"
            return None
        share = full * top / bottom
        return min(full, share) if rule.mode == "capped" else share

    def words(i):
        v, t = x.at(i), target(i)
        if rule.mode == "all":
            sign = "≤" if less else "≥"
            done = v <= t if less else v >= t
            return f"{show(v)} {sign if done else ('>' if less else '<')} 目标 {show(t)}，" + (
                "得满分" if done else "不得分"
            )
        top, bottom = (t, v) if less else (v, t)
        cap = "，满分封顶" if rule.mode == "capped" else ""
        return f"{show(full)}×{term(top)}÷{term(bottom)}{cap}"

    return Converted(each(x, points), words, undefined)


def best(rule, x, peers, full, less, targets):
    """This function will give B·x/x_max among the peers; where less is better B·x_min/x."""
    keys = x.order_keys()
    top: dict[int, Fraction] = {}
    for group in peers:
        present = [i for i in group if keys[i] is not None]
        if present:
            chosen = (min if less else max)(present, key=lambda i: keys[i])
            top.update(dict.fromkeys(present, x.at(chosen)))
    undefined = {}

    def points(i, v):
        if i not in top:
            return None
        if (v if less else top[i]) <= 0:
            undefined[i] = (
                "最优值为零或为负，无法计算比值" if not less else "数值为零或为负，无法计算比值"
            )
            return None
        return full * top[i] / v if less else full * v / top[i]

    def words(i):
        if less:
            return f"{show(full)}×{term(top[i])}÷{term(x.at(i))}"
        return f"{show(full)}×{term(x.at(i))}÷{term(top[i])}"

    return Converted(each(x, points), words, undefined)


def per_unit(rule, x, peers, full, less, targets):
    """This function will give start + over per unit above t (capped) − under per unit below t."""
    start, unit = to_fraction(rule.start), to_fraction(rule.unit)
    own = None if rule.target is None else to_fraction(rule.target)

    def target(i):
        return targets.at(i) if own is None else own

    def units(i, v):
        t = target(i)
        if t is None:
            return None
        ahead = (t - v if less else v - t) / unit
        if rule.whole:
            whole = abs(ahead.numerator) // ahead.denominator
            ahead = Fraction(whole if ahead >= 0 else -whole)
        return ahead

    def change(ahead):
        if ahead >= 0:
            gain = ahead * to_fraction(rule.over)
            return gain if rule.over_cap is None else min(gain, to_fraction(rule.over_cap))
        loss = -ahead * to_fraction(rule.under)
        return -(loss if rule.under_cap is None else min(loss, to_fraction(rule.under_cap)))

    def points(i, v):
        ahead = units(i, v)
        return None if ahead is None else start + change(ahead)

    def words(i):
        ahead = units(i, x.at(i))
        moved = change(ahead)
        side = "优于" if ahead >= 0 else "差于"
        rate, cap = (rule.over, rule.over_cap) if ahead >= 0 else (rule.under, rule.under_cap)
        capped = f"（上限 {show(to_fraction(cap))}）" if cap is not None else ""
        sign = "＋" if moved >= 0 else "−"
        return (
            f"{show(x.at(i))} {side}目标 {show(target(i))} 共 {show(abs(ahead))} 个单位，"
            f"{show(start)}{sign}{show(abs(ahead))}×{show(to_fraction(rate))}{capped}"
        )

    return Converted(each(x, points), words)


def segments(rule, x, peers, full, less, targets):
    """This function will give start + Σ part of x − origin within each segment · its points."""
    start, origin = to_fraction(rule.start), to_fraction(rule.origin)
    rates = [
        to_fraction(s.points) if s.divisor is None else full / to_fraction(s.divisor)
        for s in rule.segments
    ]

    def parts(v):
        rest = (origin - v) if less else (v - origin)
        if rest < 0:
            return [(rest, to_fraction(rule.under))]
        found = []
        for segment, rate in zip(rule.segments, rates, strict=True):
            width = rest if segment.width is None else min(rest, to_fraction(segment.width))
            if width > 0:
                found.append((width, rate))
            rest -= width
        return found

    def points(i, v):
        return start + sum((width * rate for width, rate in parts(v)), Fraction(0))

    def words(i):
        written = "".join(
            f"{'−' if width < 0 else '＋'}{show(abs(width))}×{show(rate)}"
            for width, rate in parts(x.at(i))
        )
        return f"{show(start)}{written}"

    return Converted(each(x, points), words)


def rank(rule, x, peers, full, less, targets):
    """This function will give points by rank r among n peers; equal numbers share a rank.

    percent: B·(1 − p(r − 1)); step: B − d(r − 1); linear: A − (A − Z)(r − 1)/(n − 1).
    """
    keys = x.order_keys()
    ranks: dict[int, tuple[int, int]] = {}
    undefined = {}
    for group in peers:
        present = [i for i in group if keys[i] is not None]
        present.sort(key=lambda i: keys[i], reverse=not less)
        place, previous = 0, None
        for position, i in enumerate(present, 1):
            if keys[i] != previous:
                place, previous = position, keys[i]
            ranks[i] = (place, len(present))
        if len(present) == 1 and rule.alone == "ruling":
            undefined[present[0]] = "只有一个参评对象，无法排名赋分"
    lines: dict[int, tuple[int, int, int]] = {}
    nums: list[int | None] = [None] * len(x)
    dens = [1] * len(x)
    for i, (place, count) in ranks.items():
        if count not in lines:
            lines[count] = rank_line(rule, full, count)
        start, step, dens[i] = lines[count]
        nums[i] = start - step * (place - 1)
    points = uniform(nums, dens)

    def words(i):
        place, count = ranks[i]
        among = f"在 {count} 个参评对象中列第 {place}，"
        if rule.mode == "linear":
            a, z = show(to_fraction(rule.first)), show(to_fraction(rule.last))
            if count == 1:
                return among + f"得 {a}"
            return among + f"{a}−（{a}−{z}）×（{place}−1）÷（{count}−1）"
        step = show(to_fraction(rule.step))
        if rule.mode == "percent":
            return among + f"{show(full)}×（1−{step}%×（{place}−1））"
        return among + f"{show(full)}−{step}×（{place}−1）"

    return Converted(points, words, undefined)


def rank_line(rule, full: Fraction, count: int) -> tuple[int, int, int]:
    """This function will return (a, b, d): rank r among `count` earns (a − b(r − 1)) ÷ d."""
    if rule.mode == "linear":
        start = to_fraction(rule.first)
        step = (start - to_fraction(rule.last)) / (count - 1) if count > 1 else Fraction(0)
    elif rule.mode == "percent":
        start, step = full, full * to_fraction(rule.step) / 100
    else:
        start, step = full, to_fraction(rule.step)
    common = lcm(start.denominator, step.denominator)
    return int(start * common), int(step * common), common


def bands(rule, x, peers, full, less, targets):
    """This function will give the points of the first band that is reached; bands stand in the
    order of the scheme, from the best. Where less is better a band holds up to its threshold."""
    levels = [
        (None if band.least is None else to_fraction(band.least), to_fraction(band.points))
        for band in rule.bands
    ]

    def band_of(v):
        for least, points in levels:
            if least is None or (v <= least if less else v >= least):
                return least, points
        return None, Fraction(0)

    def words(i):
        least, _ = band_of(x.at(i))
        sign = "≤" if less else "≥"
        return (
            f"{show(x.at(i))} 未达到以上各档"
            if least is None
            else f"{show(x.at(i))} {sign} {show(least)}"
        ) + "，按该档得分"

    return Converted(each(x, lambda i, v: band_of(v)[1]), words)


def efficacy(rule, x, peers, full, less, targets):
    """This function will give B·[f + (1 − f)·(x − min)/(max − min)] among the peers; where less
    is better (max − x) takes the place of (x − min). All equal: as the scheme says."""
    keys = x.order_keys()
    nums: list[int | None] = [None] * len(x)
    dens = [1] * len(x)
    base = to_fraction(rule.base)
    share_n, share_d = base.numerator, base.denominator
    full_n, full_d = full.numerator, full.denominator
    bounds: dict[int, tuple[int, int]] = {}
    ends = {}
    equal = {"full": full, "base": full * base, "zero": Fraction(0)}[rule.all_equal]
    denominators = [x.den] * len(x) if x.dens is None else x.dens
    for number, group in enumerate(peers):
        present = [i for i in group if keys[i] is not None]
        if not present:
            continue
        worst = (max if less else min)(present, key=lambda i: keys[i])
        top = (min if less else max)(present, key=lambda i: keys[i])
        bounds[number] = (worst, top)
        for i in present:
            ends[i] = number
        if keys[worst] == keys[top]:
            for i in present:
                nums[i], dens[i] = equal.numerator, equal.denominator
            continue
        wn, wd = x.nums[worst], denominators[worst]
        tn, td = x.nums[top], denominators[top]
        # (x − w)/(t − w) with x = n/d: (n·wd − wn·d)·td / (d·(tn·wd − wn·td))
        span = tn * wd - wn * td
        sign = -1 if span < 0 else 1
        span *= sign
        td *= sign
        low = share_n * span
        rest = (share_d - share_n) * td
        scale = full_d * share_d * span
        for i in present:
            n, d = x.nums[i], denominators[i]
            nums[i] = full_n * (low * d + rest * (n * wd - wn * d))
            dens[i] = scale * d

    def words(i):
        worst, top = (x.at(j) for j in bounds[ends[i]])
        if worst == top:
            return f"各单位数值都是 {show(top)}，按办法得 {show(equal)}"
        lead = f"{show(full)}×［{show(base)}＋{show(1 - base)}×（"
        if less:
            return lead + f"{show(worst)}−{term(x.at(i))}）÷（{show(worst)}−{term(top)}）］"
        return lead + f"{show(x.at(i))}−{term(worst)}）÷（{show(top)}−{term(worst)}）］"

    if x.dens is None and len(set(dens)) == 1:
        return Converted(Column(nums, dens[0] if dens else 1), words)
    return Converted(Column(nums, dens=dens), words)


CONVERT = {
    "direct": direct,
    "reach": reach,
    "best": best,
    "per_unit": per_unit,
    "segments": segments,
    "rank": rank,
    "bands": bands,
    "efficacy": efficacy,
}
