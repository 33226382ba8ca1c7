"""One criterion of a round over the whole field: its rule, then rulings, factor, bounds, rounding.

The order is fixed: the rule's points (or a ruling's) → × difficulty factor → bounds (zero and
full marks, unless the scheme opens them) → overrides → declared rounding.
"""

from __future__ import annotations

from bisect import bisect_left
from fractions import Fraction

from scoring.rules.carried import work_carried
from scoring.rules.exact import (
    Column,
    bound_words,
    bounds,
    clamp_column,
    plain_number,
    read_number,
    round_column,
    rounding_words,
    show,
    to_fraction,
)
from scoring.rules.field import cite
from scoring.rules.formula import work_formula
from scoring.rules.ledger import work_ledger
from scoring.rules.measured import work_blend, work_measured
from scoring.rules.result import Node
from scoring.rules.votes import work_grade_votes, work_rank_votes, work_share_bands

WORK = {
    "measured": work_measured,
    "blend": work_blend,
    "formula": work_formula,
    "ledger": work_ledger,
    "grade_votes": work_grade_votes,
    "share_bands": work_share_bands,
    "rank_votes": work_rank_votes,
}


class CriterionRun:
    """The points of one criterion for all entries, each stage kept for the explanation."""

    def __init__(self, field, round_, criterion, panel, done):
        self.field = field
        self.round = round_
        self.criterion = criterion
        if criterion.rule.kind == "marks":
            self.work = panel.work(criterion)
        elif criterion.rule.kind == "carried":
            self.work = work_carried(field, round_, criterion, done)
        else:
            self.work = WORK[criterion.rule.kind](field, round_, criterion)
        self.decided = field.facts.set_points(criterion.key)
        raw = self._apply_rulings(self.work.points)
        self.factored = self._apply_factor(raw)
        self.bounded = self._apply_bounds(self.factored)
        self.replaced: dict[int, str] = {}
        self.overridden = self._apply_overrides(self.bounded)
        self.points = round_column(self.overridden, criterion.decimals)

    def _apply_rulings(self, column: Column) -> Column:
        for i, reason in self.work.undefined.items():
            if self.field.entries[i].key not in self.decided:
                self.field.lack(
                    f"{self.round.title}：「{self.criterion.title}」{reason}，请由会议研究裁定得分。",
                    entry=self.field.entries[i].key,
                    name=self.round.key,
                    criterion=self.criterion.key,
                )
        if not self.decided:
            return column
        column = column.copy()
        for key, (points, _) in self.decided.items():
            if key in self.field.index:
                column.put(self.field.index[key], points)
        return column

    def _apply_factor(self, column: Column) -> Column:
        return apply_factor(self.field, column, self.criterion.factor)

    def _apply_bounds(self, column: Column) -> Column:
        criterion = self.criterion
        low, high = bounds(criterion)
        if criterion.rule.kind in ("ledger", "marks"):
            # a ledger has caps of its own; a mark cannot leave its range
            high = None if criterion.cap is None else to_fraction(criterion.cap)
        return clamp_column(column, low, high)

    def _apply_overrides(self, column: Column) -> Column:
        for rule in self.criterion.overrides:
            changed = column.copy()
            for i, points, reason in find_overridden(rule, column, self.field.peers("track")):
                changed.put(i, points)
                self.replaced[i] = reason
            column = changed
        return column

    def explain(self, i: int) -> Node:
        """This function will explain the criterion's points of entry `i`."""
        criterion = self.criterion
        formula, notes, values, children = self.work.explain(i)
        points = self.points.at(i)
        node = Node(
            "criterion",
            key=criterion.key,
            label=criterion.title,
            full=plain_number(to_fraction(criterion.full)),
            formula=formula,
            values=values,
            notes=list(notes),
            children=children,
        )
        entry = self.field.entries[i]
        if entry.key in self.decided:
            decided, ruling = self.decided[entry.key]
            node.formula = f"裁定得 {show(decided)} 分"
            node.notes.append(f"{cite(ruling)}计分")
        if points is None:
            return node
        node.points = show_points(points, criterion.decimals)
        if criterion.factor:
            before, after = self.work.points.at(i), self.factored.at(i)
            if before is not None:
                node.formula += f"；乘难度系数 {entry.factor} = {show(after)}"
        before, after = self.factored.at(i), self.bounded.at(i)
        if before != after:
            node.notes.append(bound_words(before, after))
        if i in self.replaced:
            node.notes.append(self.replaced[i])
        if criterion.decimals is not None:
            node.rounding = rounding_words(criterion.decimals)
            exact = self.overridden.at(i)
            if exact != points or "…" in show(exact):
                node.formula += f" → {node.points}（{node.rounding}）"
        return node


def apply_factor(field, column: Column, wanted: bool) -> Column:
    """This function will multiply each entry's points by its difficulty factor, if wanted."""
    if not wanted:
        return column
    column = column.copy()
    for i, entry in enumerate(field.entries):
        factor = read_number(entry.factor)
        if factor is None:
            field.lack(f"难度系数“{entry.factor}”不是数字，请更正。", entry=entry.key)
            column.put(i, None)
        elif column.nums[i] is not None:
            column.put(i, column.at(i) * factor)
    return column


def find_overridden(rule, column: Column, peers):
    """This function will yield (i, points, reason) of every entry that an override replaces.

    below: points under the threshold are replaced; last: among the last k places the points
    become −min(cap, k + 1 − place from the end) (rules.md 1, row 14).
    """
    if rule.when == "below":
        threshold, points = to_fraction(rule.threshold), to_fraction(rule.points)
        for i in range(len(column)):
            value = column.at(i)
            if value is not None and value < threshold:
                yield i, points, f"{show(value)} 低于 {show(threshold)}，改计 {show(points)} 分。"
        return
    keys = column.order_keys()
    for group in peers:
        present = [i for i in group if keys[i] is not None]
        ascending = sorted(keys[i] for i in present)
        for i in present:
            place = 1 + bisect_left(ascending, keys[i])
            if place > rule.last:
                continue
            if rule.points is not None:
                points = to_fraction(rule.points)
            else:
                points = Fraction(-(rule.last + 1 - place))
                if rule.cap is not None:
                    points = max(points, -to_fraction(rule.cap))
            yield i, points, f"列倒数第 {place}，改计 {show(points)} 分。"


def show_points(points: Fraction, decimals: int | None) -> str:
    """This function will write points with the declared decimals, or exactly."""
    return show(points) if decimals is None else show(points, decimals)
