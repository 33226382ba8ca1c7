"""A round: its criteria brought together, scaled, bounded and rounded; and its own places."""

from __future__ import annotations

from fractions import Fraction

from scoring.rules.criterion import CriterionRun, apply_factor, show_points
from scoring.rules.exact import (
    add_columns,
    bound_words,
    bounds,
    clamp_column,
    plain_number,
    round_column,
    rounding_words,
    scale_column,
    show,
    to_fraction,
)
from scoring.rules.overtime import OvertimeRun
from scoring.rules.panel import PanelRun
from scoring.rules.panel_words import judge_nodes
from scoring.rules.places import rank_numbers
from scoring.rules.result import Node


class RoundRun:
    """One round over the whole field."""

    def __init__(self, field, round_, done):
        self.field = field
        self.round = round_
        before = len(field.missing)
        has_marks = any(c.rule.kind == "marks" for c in round_.criteria)
        self.panel = PanelRun(field, round_) if has_marks else None
        self.criteria = [
            CriterionRun(field, round_, criterion, self.panel, done)
            for criterion in round_.criteria
        ]
        count = len(self.criteria)
        self.weights = {
            "sum": [Fraction(1)] * count,
            "mean": [Fraction(1, count)] * count,
            "weighted": [to_fraction(c.weight) for c in round_.criteria],
        }[round_.combine]
        self.raw = add_columns([run.points for run in self.criteria], self.weights)
        self.scale = Fraction(1)
        if round_.scaled:
            reachable = sum(
                (
                    w * to_fraction(c.full)
                    for w, c in zip(self.weights, round_.criteria, strict=True)
                ),
                Fraction(0),
            )
            self.scale = to_fraction(round_.full) / reachable
        self.scaled = apply_factor(field, scale_column(self.raw, self.scale), round_.factor)
        self.bounded = clamp_column(self.scaled, *bounds(round_))
        self.score = self.points = round_column(self.bounded, round_.decimals)
        self.overtime = None
        if round_.event is not None and round_.event.overtime is not None:
            self.overtime = OvertimeRun(field, round_, self.score)
            self.points = self.overtime.points
        self.complete = len(field.missing) == before
        self.places = [None] * len(field)
        if self.complete:
            self.places = rank_numbers(self.points.order_keys(), field.peers("track"))

    def explain(self, i: int) -> Node:
        """This function will explain the round's points of entry `i`."""
        round_ = self.round
        node = Node(
            "round",
            key=round_.key,
            label=round_.title,
            full=plain_number(to_fraction(round_.full)),
            children=[run.explain(i) for run in self.criteria],
        )
        if self.panel is not None:
            node.children = judge_nodes(self.panel, i) + node.children
        overtime = self.overtime and self.overtime.explain(i)
        if overtime:
            node.children.append(overtime)
        points = self.points.at(i)
        if points is None:
            node.notes.append("本环节尚有缺项，不能得出成绩。")
            return node
        node.points = show_points(points, round_.decimals)
        parts = []
        for run, weight in zip(self.criteria, self.weights, strict=True):
            written = show_points(run.points.at(i), run.criterion.decimals)
            if round_.combine == "weighted" and weight != 1:
                written += f"×{show(weight)}"
            parts.append(f"（{written}）" if written.startswith("-") else written)
        summed = "＋".join(parts)
        if round_.combine == "mean":
            summed = f"（{summed}）÷{len(parts)}"
        node.formula = f"{summed} = {show(self.raw.at(i))}" if len(parts) > 1 else summed
        if self.scale != 1:
            node.formula += f"；折算 ×{show(self.scale)} = {show(self.raw.at(i) * self.scale)}"
        if round_.factor:
            factor = self.field.entries[i].factor
            node.formula += f"；乘难度系数 {factor} = {show(self.scaled.at(i))}"
        if self.bounded.at(i) != self.scaled.at(i):
            node.notes.append(bound_words(self.scaled.at(i), self.bounded.at(i)))
        if round_.decimals is not None:
            node.rounding = rounding_words(round_.decimals)
            score = show_points(self.score.at(i), round_.decimals)
            if self.score.at(i) != self.bounded.at(i):
                node.formula += f" → {score}（{node.rounding}）"
        if overtime:
            taken = show_points(self.overtime.deduction(i), round_.decimals)
            node.formula += f"；超时扣 {taken} 分 = {node.points}"
        if self.places[i] is not None:
            node.values["place"] = str(self.places[i])
        return node
