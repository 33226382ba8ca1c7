"""Carried results 结转: of another track or its rounds, or of another competition.

points = B · carried ÷ full marks of the source, where several are averaged, summed (and divided),
or the best or latest is taken. The latest is the last in the order of the scheme.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from scoring.rules.exact import Column, show, to_fraction
from scoring.rules.measured import Inputs
from scoring.rules.work import Work


def work_carried(field, round_, criterion, done) -> Work:
    """This function will compute a carried criterion. `done` maps track keys to computed tracks
    (with `carry(entry key, round key or "") -> Fraction | None`)."""
    rule = criterion.rule
    worth = to_fraction(criterion.full) / to_fraction(rule.of)
    if rule.source == "outside":
        inputs = Inputs(field, round_, criterion)
        names = list(rule.periods)
        rows = [[inputs.columns[name].at(i) for name in names] for i in range(len(field))]
    else:
        if done[rule.track].missing:
            field.lack(
                f"{round_.title}：「{done[rule.track].track.title}」尚有缺项，结转的成绩不能算作最后结果。",
                name=round_.key,
                criterion=criterion.key,
            )
        names = list(rule.rounds) if rule.source == "rounds" else [""]
        of_entry = _from_members if rule.members else _from_track
        rows = [of_entry(field, round_, criterion, done, entry, names) for entry in field.entries]
    # The results of members are averaged, whatever was taken of each.
    how = replace(rule, how="mean", divisor=None) if rule.members else rule
    values = [None if None in row else _take(how, row) for row in rows]
    points = Column(
        [None if v is None else (v * worth).numerator for v in values],
        dens=[1 if v is None else (v * worth).denominator for v in values],
    )

    def explain(i):
        if values[i] is None:
            return "", ["来源成绩尚未算出"], {}, []
        words = _words(how, rows[i], values[i])
        if worth != 1:
            words += f"；{show(values[i])}×{show(to_fraction(criterion.full))}÷"
            words += f"{show(to_fraction(rule.of))} = {show(values[i] * worth)}"
        return words, [], {"carried": show(values[i])}, []

    return Work(points, explain)


def _from_track(field, round_, criterion, done, entry, names):
    source = done[criterion.rule.track]
    key = entry.of if criterion.rule.unit_of else entry.key
    row = [source.carry(key, name) for name in names]
    decided = field.facts.set_points(criterion.key)
    if None in row and entry.key not in decided and not source.missing:
        whose = "所在单位" if criterion.rule.unit_of else ""
        field.lack(
            f"{round_.title}：{whose}在「{source.track.title}」的成绩尚未算出。",
            entry=entry.key,
            name=round_.key,
            criterion=criterion.key,
        )
    return row


def _from_members(field, round_, criterion, done, entry, names):
    """The result of each entry of the source that belongs to this one, in official order."""
    rule, source = criterion.rule, done[criterion.rule.track]
    rows = [
        [source.carry(member.key, name) for name in names]
        for member in source.field.entries
        if member.of == entry.key
    ]
    if rows:
        return [None if None in row else _take(rule, row) for row in rows]
    if rule.no_members != "ruling":
        return [to_fraction(rule.of) if rule.no_members == "full" else Fraction(0)]
    if entry.key not in field.facts.set_points(criterion.key):
        field.lack(
            f"{round_.title}：在「{source.track.title}」中没有所属的对象，怎样计分请录入裁定。",
            entry=entry.key,
            name=round_.key,
            criterion=criterion.key,
        )
    return [None]


def _take(rule, row: list[Fraction]) -> Fraction:
    if rule.how == "best":
        return max(row)
    if rule.how == "latest":
        return row[-1]
    total = sum(row, Fraction(0))
    if rule.how == "mean":
        return total / len(row)
    return total if rule.divisor is None else total / to_fraction(rule.divisor)


def _words(rule, row, value) -> str:
    written = "＋".join(show(v) for v in row)
    if len(row) == 1 and rule.divisor is None:
        return f"结转 {written}"
    if rule.how == "mean":
        return f"（{written}）÷{len(row)} = {show(value)}"
    if rule.how == "sum":
        divisor = "" if rule.divisor is None else f"÷{show(to_fraction(rule.divisor))}"
        return f"（{written}）{divisor} = {show(value)}"
    listed = "、".join(show(v) for v in row)
    return f"{listed}，取{'最好' if rule.how == 'best' else '最近'}一期 {show(value)}"
