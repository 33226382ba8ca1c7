"""Measured indicators: the quantity that is compared, its conversion, and blends of several.

Quantities (rules.md 1, row 11): x, x − x₀, (x − x₀)/x₀, x/t, or x minus the mean of the peers.
"""

from __future__ import annotations

from fractions import Fraction

from scoring.rules.conversions import convert
from scoring.rules.exact import (
    Column,
    add_columns,
    read_column,
    round_column,
    show,
    term,
    to_fraction,
)
from scoring.rules.work import Work, fill_undefined

LABELS = {"baseline": "基期", "value": "本期", "target": "目标"}


class Inputs:
    """The input columns of one criterion; missing inputs have been noted."""

    def __init__(self, field, round_, criterion, table=None):
        facts = field.facts
        table = facts.evidence.inputs(criterion.evidence) if table is None else table
        key = criterion.key
        rows = [table.get((name, key)) or {} for name in field.keys]
        self.columns: dict[str, Column] = {}
        decided = facts.set_points(key)
        for needed in criterion.inputs:
            written = [row.get(needed.key) for row in rows]
            column = read_column(written)
            self.columns[needed.key] = column
            if None not in column.nums:
                continue
            for i, (value, number) in enumerate(zip(written, column.nums, strict=True)):
                if number is not None or field.entries[i].key in decided:
                    continue
                words = "尚未填报" if value in (None, "") else f"的值“{value}”不是数字，请更正"
                field.lack(
                    f"{round_.title}：「{criterion.title}」的{needed.title}{words}。",
                    entry=field.entries[i].key,
                    name=round_.key,
                    criterion=key,
                )


def quantity(part, inputs: Inputs, peers) -> tuple[Column, dict[int, str], object]:
    """This function will compute the quantity of a rule: (column, {i: why undefined}, words)."""
    value = inputs.columns["value"]
    name = part.quantity.removeprefix("percent_")
    percent = 100 if part.quantity.startswith("percent_") else 1
    undefined: dict[int, str] = {}
    if name == "value":
        return value, undefined, lambda i: f"本期 {show(value.at(i))}"
    if name == "deviation":
        means = _means(value, peers)
        result = _deviation(value, peers)
        return (
            result,
            undefined,
            lambda i: f"本期 {show(value.at(i))}−平均 {term(means[i])} = {show(result.at(i))}",
        )
    other = inputs.columns["target" if name == "completion" else "baseline"]
    if name == "increment":
        result = add_columns([value, other], [Fraction(1), Fraction(-1)])
        return (
            result,
            undefined,
            lambda i: f"增量 {show(value.at(i))}−{term(other.at(i))} = {show(result.at(i))}",
        )
    nums, dens = [], []
    minus = 1 if name == "growth" else 0
    up, down = other.den * percent, value.den
    for i, (x, base) in enumerate(zip(value.nums, other.nums, strict=True)):
        if x is None or base is None:
            nums.append(None)
            dens.append(1)
        elif base <= 0:
            what = "目标" if name == "completion" else "基期"
            undefined[i] = f"{what}为 {show(other.at(i))}，无法计算"
            nums.append(None)
            dens.append(1)
        else:
            nums.append(x * up - minus * base * down * percent)
            dens.append(base * down)
    result = Column(nums, dens=dens)
    sign = "%" if percent == 100 else ""
    times = "×100%" if percent == 100 else ""

    def words(i):
        x, base, outcome = show(value.at(i)), show(other.at(i)), show(result.at(i))
        if name == "growth":
            return f"增速 （{x}−{base}）÷{base}{times} = {outcome}{sign}"
        return f"完成率 {x}÷{base}{times} = {outcome}{sign}"

    return result, undefined, words


def _means(value: Column, peers) -> dict[int, Fraction]:
    means = {}
    for group in peers:
        present = [i for i in group if value.nums[i] is not None]
        if present:
            mean = Fraction(sum(value.nums[i] for i in present), value.den * len(present))
            means.update(dict.fromkeys(present, mean))
    return means


def _deviation(value: Column, peers) -> Column:
    means = _means(value, peers)
    result = Column([None] * len(value), dens=[1] * len(value))
    for i, mean in means.items():
        result.put(i, value.at(i) - mean)
    return result


def _targets(part, inputs: Inputs, count: int) -> Column | None:
    """What a conversion measures against: each entry's target; 1 or 100 % for a completion."""
    if part.quantity == "completion":
        return Column([1] * count)
    if part.quantity == "percent_completion":
        return Column([100] * count)
    return inputs.columns.get("target")


def work_part(field, part, inputs: Inputs, full: Fraction) -> Work:
    """This function will compute one measured rule (or one part of a blend) for the field."""
    peers = field.peers(part.peers)
    x, undefined, words = quantity(part, inputs, peers)
    x = round_column(x, part.decimals)
    converted = convert(
        part.conversion,
        x,
        peers,
        full,
        less=part.better == "less",
        targets=_targets(part, inputs, len(field)),
    )
    points = converted.points
    undefined = {**undefined, **converted.undefined}
    filled = {}
    fallback = fill_undefined(part.undefined, full)
    if undefined and fallback is not None:
        points = points.copy()
        for i, reason in undefined.items():
            points.put(i, fallback)
            filled[i] = reason
        undefined = {}

    def explain(i):
        if i in filled:
            return f"{filled[i]}，按办法得 {show(fallback)}", [], {}, []
        if i in undefined:
            return "", [undefined[i]], {}, []
        if points.nums[i] is None:
            return "", ["数据不全，尚未计算"], {}, []
        lead = (
            ""
            if part.quantity == "value"
            else words(i)
            + ("" if part.decimals is None else f" → {show(x.at(i), part.decimals)}")
            + "；"
        )
        return f"{lead}{converted.words(i)} = {show(points.at(i))}", [], {}, []

    return Work(points, explain, undefined)


def work_measured(field, round_, criterion) -> Work:
    """This function will compute a measured criterion."""
    inputs = Inputs(field, round_, criterion)
    work = work_part(field, criterion.rule, inputs, to_fraction(criterion.full))
    return with_values(work, inputs)


def work_blend(field, round_, criterion) -> Work:
    """This function will compute Σ weight · part over the same evidence (rules.md 1, row 12)."""
    inputs = Inputs(field, round_, criterion)
    full = to_fraction(criterion.full)
    parts = criterion.rule.parts
    works = [work_part(field, part, inputs, full) for part in parts]
    weights = [to_fraction(part.weight) / 100 for part in parts]
    points = add_columns([work.points for work in works], weights)
    undefined = {}
    for work in works:
        undefined.update(work.undefined)

    def explain(i):
        workings = [work.explain(i) for work in works]
        notes = [note for working in workings for note in working[1]]
        if points.nums[i] is None:
            return "", notes, {}, []
        formula = "；".join(
            f"{show(to_fraction(part.weight))}%部分：{working[0]}"
            for part, working in zip(parts, workings, strict=True)
        )
        total = "＋".join(
            f"{show(work.points.at(i))}×{show(to_fraction(part.weight))}%"
            for part, work in zip(parts, works, strict=True)
        )
        return f"{formula}；合计 {total} = {show(points.at(i))}", notes, {}, []

    return with_values(Work(points, explain, undefined), inputs)


def with_values(work: Work, inputs: Inputs) -> Work:
    """This function will add the input values to what a work explains."""
    explain = work.explain

    def explained(i):
        formula, notes, values, children = explain(i)
        values = {
            name: show(column.at(i))
            for name, column in inputs.columns.items()
            if column.nums[i] is not None
        } | values
        return formula, notes, values, children

    work.explain = explained
    return work
