"""A track: its rounds brought together into totals, places, and everything one entry may read."""

from __future__ import annotations

from fractions import Fraction

from competitions.scheme.earlier import asks_earlier
from scoring.rules.exact import (
    Column,
    add_columns,
    bound_words,
    bounds,
    clamp_column,
    plain_number,
    round_column,
    rounding_words,
    show,
    sum_column,
    to_fraction,
)
from scoring.rules.field import Field
from scoring.rules.gates import find_gated
from scoring.rules.places import Standing
from scoring.rules.result import DimensionResult, EntryResult, Node, RoundResult, TrackResult
from scoring.rules.rounds import RoundRun


class TrackRun:
    """The computation of one track, kept so that every number can be explained."""

    def __init__(self, facts, track, done):
        self.facts = facts
        self.track = track
        self.field = Field(facts, track)
        self.rounds = [RoundRun(self.field, round_, done) for round_ in track.rounds]
        self.picked: list[list[int] | None] = [None] * len(self.field)
        self.combined = self._combine()
        self.prorated = self._prorate(self.combined)
        self.exact = clamp_column(self.prorated, *bounds(track))
        self.total = round_column(self.exact, track.decimals)
        self.gated = find_gated(self)
        for i, gates in self.gated.items():
            if any(gate.effect == "zero" for gate, _ in gates):
                self.total.put(i, Fraction(0))
        if not len(self.field):
            self.field.lack(f"「{track.title}」还没有参评对象，请先确定名单。")
        self._ask_earlier()
        self.missing = self.field.missing
        self._dimension_columns: dict[str, Column] = {}
        self.standing = None
        if not self.missing:
            self.standing = Standing(self, self._with("unranked"), self._with("last"))

    def _with(self, effect: str) -> set[int]:
        return {i for i, gates in self.gated.items() if any(g.effect == effect for g, _ in gates)}

    def _ask_earlier(self):
        """Evidence that says nothing of an earlier year brings its own history, or has none."""
        earlier, year = self.facts.evidence.earlier, self.facts.evidence.earlier.get("year")
        if not earlier or earlier.keys() & {"version", "first"} or not asks_earlier(self.track):
            return
        against = f"「{self.track.title}」的进步奖或连续授旗要同上一届"
        if year:
            self.field.lack(
                f"{against}（{year} 年）比较，"
                "上一届没有有效的公布结果，请先公布（或重新公布）上一届的结果，再统分。"
            )
        else:
            self.field.lack(
                f"{against}比较，还没有写明上一届是哪一届，"
                "请在「上一届」页选定，或者写明本届是第一届，再统分。"
            )

    # --- totals ----------------------------------------------------------------------------------

    def _shares(self) -> list[Fraction]:
        """What one point of each round is worth in the total (best-of: among those picked)."""
        inside = [run.round for run in self.rounds if not run.round.outside]
        shares = []
        for run in self.rounds:
            round_ = run.round
            if round_.outside or self.track.combine == "sum":
                shares.append(Fraction(1))
            elif self.track.combine == "weighted":
                shares.append(to_fraction(round_.weight) / to_fraction(round_.full))
            elif self.track.combine == "mean":
                shares.append(Fraction(1, len(inside)))
            else:
                shares.append(Fraction(1, self.track.best_of))
        return shares

    def _combine(self) -> Column:
        columns, shares = [run.points for run in self.rounds], self._shares()
        if self.track.combine != "best":
            return add_columns(columns, shares)
        result = Column([None] * len(self.field), dens=[1] * len(self.field))
        for i in range(len(self.field)):
            values = [column.at(i) for column in columns]
            if None in values:
                continue
            inside = [r for r, run in enumerate(self.rounds) if not run.round.outside]
            inside.sort(key=lambda r: (-values[r], r))
            outside = [r for r, run in enumerate(self.rounds) if run.round.outside]
            self.picked[i] = sorted(inside[: self.track.best_of] + outside)
            result.put(i, sum((values[r] * shares[r] for r in self.picked[i]), Fraction(0)))
        return result

    def _prorate(self, column: Column) -> Column:
        if not self.field.months:
            return column
        column = column.copy()
        for key, (months, full) in self.field.months.items():
            i = self.field.index[key]
            if column.nums[i] is not None:
                column.put(i, column.at(i) * Fraction(months, full))
        return column

    # --- what others ask -------------------------------------------------------------------------

    def carry(self, entry: str, round_key: str) -> Fraction | None:
        """This function will return an entry's rounded total, or its points in a round."""
        i = self.field.index.get(entry)
        if i is None:
            return None
        return self.round_run(round_key).points.at(i) if round_key else self.total.at(i)

    def round_run(self, key: str) -> RoundRun:
        """This function will return the run of a round of this track."""
        return next(run for run in self.rounds if run.round.key == key)

    def criterion_run(self, key: str):
        """This function will return the run of a criterion of this track."""
        return next(c for run in self.rounds for c in run.criteria if c.criterion.key == key)

    def _dimension_parts(self):
        """{dimension: [(criterion run, what one of its points is worth in the total)]}"""
        parts: dict[str, list] = {}
        for run, share in zip(self.rounds, self._shares(), strict=True):
            for criterion, weight in zip(run.criteria, run.weights, strict=True):
                name = criterion.criterion.dimension
                if name and self.track.combine != "best":
                    parts.setdefault(name, []).append((criterion, weight * run.scale * share))
        return parts

    def dimension_column(self, key: str) -> Column:
        """This function will return every entry's points along a dimension, rounded."""
        if key not in self._dimension_columns:
            parts = self._dimension_parts().get(key, [])
            if parts:
                column = add_columns([run.points for run, _ in parts], [w for _, w in parts])
            else:
                column = Column([None] * len(self.field))
            self._dimension_columns[key] = round_column(column, self.track.decimals)
        return self._dimension_columns[key]

    # --- results ---------------------------------------------------------------------------------

    def result(self) -> TrackResult:
        """This function will return the track's standing."""
        field, track = self.field, self.track
        entries: dict[str, EntryResult] = {}
        unranked = self._with("unranked")
        for i, facts in enumerate(field.entries):
            item = EntryResult(facts.key, facts.group, self, i)
            value = self.total.at(i)
            item.total = None if value is None else plain_number(value, track.decimals)
            gates = [gate for gate, _ in self.gated.get(i, ())]
            item.barred = tuple(gate.title for gate in gates)
            item.lowered = bool(gates) and all(gate.effect == "lowest" for gate in gates)
            if i in unranked:
                item.excluded = "；".join(why for g, why in self.gated[i] if g.effect == "unranked")
            if self.standing is not None:
                item.place = self.standing.places[i]
                item.tied = self.standing.tied[i]
                item.tie_reason = self.standing.reasons[i]
            entries[facts.key] = item
        for facts, reason in field.left_out:
            item = EntryResult(facts.key, facts.group, self, None)
            item.excluded = reason
            entries[facts.key] = item
        order = sorted(
            (facts.key for facts in field.entries),
            key=lambda key: (
                entries[key].place is None,
                entries[key].place or 0,
                field.index[key],
            ),
        )
        order += [facts.key for facts, _ in field.left_out]
        mean = None
        if field.entries and None not in self.total.nums:
            average = sum_column(self.total) / len(field)
            mean = plain_number(average, track.decimals)
        full = plain_number(to_fraction(track.full))
        return TrackResult(track.key, not self.missing, entries, order, full, mean)

    def round_results(self, i: int | None) -> dict[str, RoundResult]:
        """This function will return one entry's results by round."""
        if i is None:
            return {}
        results = {}
        for number, (run, share) in enumerate(zip(self.rounds, self._shares(), strict=True)):
            round_ = run.round
            points = run.points.at(i)
            picked = self.picked[i] is None or number in self.picked[i]
            part = None if points is None else points * share if picked else Fraction(0)
            criteria = {}
            for item in run.criteria:
                value = item.points.at(i)
                places = item.criterion.decimals
                criteria[item.criterion.key] = None if value is None else written(value, places)
            results[round_.key] = RoundResult(
                None if points is None else written(points, round_.decimals),
                run.places[i],
                plain_number(to_fraction(round_.full)),
                criteria,
                None if part is None else self._rounded(part),
            )
        return results

    def worths(self, i: int | None) -> dict[str, tuple[Fraction, dict]] | None:
        """This function will return {round: (what it adds to the total, {criterion: (points, what
        one of them is worth in the total)})} of one entry, exact; None without a total. What the
        rounds add makes the total before its bounds and rounding. A deduction for overtime stands
        among the criteria as `ROUND.overtime`."""
        if i is None or self.total.at(i) is None:
            return None
        months = Fraction(*self.field.months.get(self.field.entries[i].key, (1, 1)))
        found = {}
        for number, (run, share) in enumerate(zip(self.rounds, self._shares(), strict=True)):
            picked = self.picked[i] is None or number in self.picked[i]
            share = share * months if picked else Fraction(0)
            scale = run.scale * share
            if run.round.factor:
                scale *= to_fraction(self.field.entries[i].factor)
            parts = {
                item.criterion.key: (item.points.at(i), weight * scale)
                for item, weight in zip(run.criteria, run.weights, strict=True)
            }
            if run.overtime is not None:
                parts[f"{run.round.key}.overtime"] = (-run.overtime.deduction(i), share)
            found[run.round.key] = (run.points.at(i) * share, parts)
        return found

    def _rounded(self, value: Fraction) -> str:
        return plain_number(value, self.track.decimals)

    def dimension_results(self, i: int | None) -> dict[str, DimensionResult]:
        """This function will return one entry's points along the dimensions of this track."""
        if i is None:
            return {}
        results = {}
        for key, parts in self._dimension_parts().items():
            value = self.dimension_column(key).at(i)
            full = sum((to_fraction(run.criterion.full) * w for run, w in parts), Fraction(0))
            results[key] = DimensionResult(
                None if value is None else plain_number(value, self.track.decimals),
                written(full, None),
            )
        return results

    def explain(self, i: int | None, result: EntryResult) -> Node:
        """This function will return the whole explanation of one entry's total."""
        track = self.track
        node = Node(
            "total",
            key=track.key,
            label=track.title,
            full=plain_number(to_fraction(track.full)),
        )
        if i is None:
            node.notes.append(result.excluded + "。")
            return node
        node.children = [run.explain(i) for run in self.rounds]
        for gate, why in self.gated.get(i, ()):
            node.notes.append(f"{gate.title}：{why}。")
        if result.tie_reason:
            node.notes.append(result.tie_reason + "。")
        total = self.total.at(i)
        if total is None:
            node.notes.append("尚有缺项，不能得出总分。")
            return node
        node.points = plain_number(total, track.decimals)
        node.rounding = rounding_words(track.decimals)
        node.formula = self._formula(i)
        key = self.field.entries[i].key
        if key in self.field.months:
            months, full = self.field.months[key]
            node.formula += f"；按任职月数 ×{months}÷{full} = {show(self.prorated.at(i))}"
        if self.exact.at(i) != self.prorated.at(i):
            node.notes.append(bound_words(self.prorated.at(i), self.exact.at(i)))
        if total != self.exact.at(i):
            node.formula += f" → {node.points}（{node.rounding}）"
        if result.place is not None:
            node.values["place"] = str(result.place)
        return node

    def _formula(self, i: int) -> str:
        track, parts = self.track, []
        picked = self.picked[i]
        for r, run in enumerate(self.rounds):
            if picked is not None and r not in picked:
                continue
            points = written(run.points.at(i), run.round.decimals)
            points = f"（{points}）" if points.startswith("-") else points
            if track.combine == "weighted" and not run.round.outside:
                points += f"×{show(to_fraction(run.round.weight))}÷"
                points += show(to_fraction(run.round.full))
            parts.append((points, run.round.outside))
        inside = "＋".join(points for points, outside in parts if not outside)
        if track.combine in ("mean", "best"):
            inside = f"（{inside}）÷{sum(not outside for _, outside in parts)}"
        return "＋".join([inside, *(p for p, outside in parts if outside)]) + (
            f" = {show(self.combined.at(i))}"
        )


def written(value: Fraction, decimals: int | None) -> str:
    """This function will write a result: with its declared decimals; without any declared exactly,
    or as a fraction `n/d` where the decimals have no end."""
    return plain_number(value, decimals)
