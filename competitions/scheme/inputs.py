"""Which fields of an entry grid a rule needs."""

from __future__ import annotations

from competitions.scheme.rule_types import (
    Blend,
    Carried,
    Formula,
    GradeVotes,
    Input,
    Measured,
    RankVotes,
    ShareBands,
)


def inputs_of(rule, unit: str = "") -> tuple[Input, ...]:
    """This function will list the fields that a rule needs from the evidence of each entry."""
    if isinstance(rule, Measured | Blend):
        parts = rule.parts if isinstance(rule, Blend) else (rule,)
        fields = {}
        for part in parts:
            quantity = part.quantity.removeprefix("percent_")
            if quantity in ("increment", "growth"):
                fields["baseline"] = Input("baseline", "基期", unit)
            own_target = getattr(part.conversion, "target", 0) is None
            if quantity == "completion" or own_target:
                fields["target"] = Input("target", "目标", unit)
        fields["value"] = Input("value", "本期", unit)
        return tuple(fields[name] for name in ("baseline", "value", "target") if name in fields)
    if isinstance(rule, Formula):
        return tuple(Input(item.key, item.title, item.unit) for item in rule.inputs)
    if isinstance(rule, GradeVotes) and rule.groups:
        return tuple(
            Input(f"{group.key}.{grade.key}", f"{group.title}·{grade.title}", "票")
            for group in rule.groups
            for grade in rule.grades
        )
    if isinstance(rule, GradeVotes | ShareBands):
        return tuple(Input(grade.key, grade.title, "票") for grade in rule.grades)
    if isinstance(rule, RankVotes):
        return tuple(Input(f"rank{r}", f"第{r}名", "票") for r in range(1, len(rule.points) + 1))
    if isinstance(rule, Carried) and rule.source == "outside":
        return tuple(Input(period, period, "分") for period in rule.periods)
    return ()
