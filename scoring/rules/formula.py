"""Formula 算式: a small arithmetic expression over the named inputs of a criterion.

What may be written is decided by `competitions.scheme.expression`; here it is computed exactly.
"""

from __future__ import annotations

from competitions.scheme.expression import evaluate, parse
from scoring.rules.exact import Column, show, to_fraction
from scoring.rules.measured import Inputs, with_values
from scoring.rules.work import Work, fill_undefined


def work_formula(field, round_, criterion) -> Work:
    """This function will compute a formula criterion; a division by zero is as the scheme says."""
    inputs = Inputs(field, round_, criterion)
    rule = criterion.rule
    tree = parse(rule.expression)
    full = to_fraction(criterion.full)
    fallback = fill_undefined(rule.undefined, full)
    titles = {item.key: item.title for item in rule.inputs}
    values, undefined, filled = [], {}, set()
    for i in range(len(field)):
        given = {name: column.at(i) for name, column in inputs.columns.items()}
        given["full"] = full
        if None in given.values():
            values.append(None)
            continue
        try:
            values.append(evaluate(tree, given))
        except ZeroDivisionError:
            values.append(fallback)
            if fallback is None:
                undefined[i] = "除数为零，无法计算"
            else:
                filled.add(i)
    column = Column(
        [None if v is None else v.numerator for v in values],
        dens=[1 if v is None else v.denominator for v in values],
    )

    def explain(i):
        if i in filled:
            return f"除数为零，按办法得 {show(fallback)}", [], {}, []
        if values[i] is None:
            return "", [undefined.get(i, "数据不全，尚未计算")], {}, []
        named = "，".join(
            f"{titles[name]}（{name}）为 {show(inputs.columns[name].at(i))}" for name in titles
        )
        return f"{rule.expression}，其中{named}，得 {show(values[i])}", [], {}, []

    return with_values(Work(column, explain, undefined), inputs)
