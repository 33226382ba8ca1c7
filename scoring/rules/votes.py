"""Votes: grade votes 民主测评, bands on a share of grades, ranking ballots 排名票.

Grade votes: B·Σ(coefficient·votes) ÷ valid votes (rules.md 1, row 3). Ranking ballots:
Σ votes_r·points_r ÷ ballots (row 2). Votes are whole numbers; abstentions are not valid votes.
"""

from __future__ import annotations

from fractions import Fraction

from scoring.rules.exact import Column, show, to_fraction
from scoring.rules.measured import Inputs, with_values
from scoring.rules.work import Work, fill_undefined

NO_VOTES = "没有有效票"


def work_grade_votes(field, round_, criterion) -> Work:
    """This function will compute grade votes, by voter groups where the scheme has them."""
    rule = criterion.rule
    full = to_fraction(criterion.full)
    groups = [(group.key + ".", group.title, to_fraction(group.weight)) for group in rule.groups]

    def one(count, prefix):
        valid = sum((count[prefix + g.key] for g in rule.grades if g.valid), Fraction(0))
        if not valid:
            return None, ""
        total = sum(
            (count[prefix + g.key] * to_fraction(g.coefficient) for g in rule.grades if g.valid),
            Fraction(0),
        )
        written = "＋".join(
            f"{show(to_fraction(g.coefficient))}×{show(count[prefix + g.key])}"
            for g in rule.grades
            if g.valid
        )
        return full * total / valid, f"{show(full)}×（{written}）÷{show(valid)}"

    def compute(count):
        if not groups:
            return one(count, "")
        total, words = Fraction(0), []
        for prefix, title, weight in groups:
            points, written = one(count, prefix)
            if points is None:
                return None, ""
            total += points * weight / 100
            words.append(f"{title} {written} = {show(points)}，占 {show(weight)}%")
        return total, "；".join(words) + "；合计"

    return _work(field, round_, criterion, compute)


def work_share_bands(field, round_, criterion) -> Work:
    """This function will compute bands on the share of the counted grades; an override whose own
    share reaches numerator ÷ denominator replaces them."""
    rule = criterion.rule

    def compute(count):
        valid = sum((count[g.key] for g in rule.grades if g.valid), Fraction(0))
        if not valid:
            return None, ""

        def share(keys):
            return sum((count[key] for key in keys), Fraction(0)) / valid

        main = share(rule.counted)
        words = f"得票率 {show(main * 100)}%"
        for override in rule.overrides:
            if share(override.grades) >= Fraction(override.numerator, override.denominator):
                reached = show(share(override.grades) * 100)
                return to_fraction(override.points), f"{words}；例外条件占 {reached}%，改按例外计"
        for band in rule.bands:
            if main * 100 >= to_fraction(band.least):
                return to_fraction(band.points), f"{words} ≥ {show(to_fraction(band.least))}%"
        return to_fraction(rule.otherwise), f"{words}，低于各档"

    return _work(field, round_, criterion, compute)


def work_rank_votes(field, round_, criterion) -> Work:
    """This function will compute Σ votes_r·points_r ÷ ballots."""
    points = [to_fraction(p) for p in criterion.rule.points]

    def compute(count):
        votes = [count[f"rank{r}"] for r in range(1, len(points) + 1)]
        ballots = sum(votes, Fraction(0))
        if not ballots:
            return None, ""
        total = sum((p * v for p, v in zip(points, votes, strict=True)), Fraction(0))
        written = "＋".join(f"{show(p)}×{show(v)}" for p, v in zip(points, votes, strict=True) if v)
        return total / ballots, f"（{written}）÷{show(ballots)}"

    return _work(field, round_, criterion, compute)


def _work(field, round_, criterion, compute) -> Work:
    inputs = Inputs(field, round_, criterion)
    full = to_fraction(criterion.full)
    fallback = fill_undefined(criterion.rule.no_votes, full)
    values, words, undefined = [], [], {}
    for i, entry in enumerate(field.entries):
        count = {name: column.at(i) for name, column in inputs.columns.items()}
        if None in count.values():
            values.append(None)
            words.append("数据不全，尚未计算")
            continue
        if any(v < 0 or v.denominator != 1 for v in count.values()):
            field.lack(
                f"{round_.title}：「{criterion.title}」的票数应为不小于零的整数，请更正。",
                entry=entry.key,
                name=round_.key,
                criterion=criterion.key,
            )
            values.append(None)
            words.append("票数有误，尚未计算")
            continue
        points, written = compute(count)
        if points is None and fallback is not None:
            points, written = fallback, f"{NO_VOTES}，按办法"
        elif points is None:
            undefined[i] = NO_VOTES
        values.append(points)
        words.append(written)
    column = Column(
        [None if v is None else v.numerator for v in values],
        dens=[1 if v is None else v.denominator for v in values],
    )

    def explain(i):
        if values[i] is None:
            return "", [undefined.get(i, words[i])], {}, []
        return f"{words[i]} = {show(values[i])}", [], {}, []

    return with_values(Work(column, explain, undefined), inputs)
