"""Panel marks 评委打分: who marks, who is dropped, and the panel's mark of each criterion.

For each entry and criterion (or each judge's total, where the scheme trims by total) the h highest
and l lowest of the counted marks are dropped and the rest averaged. Among equal marks the dropped
ones are those of the lowest judge numbers, which never changes the points.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from scoring.rules.average import average_of, dropped_positions, uniform
from scoring.rules.exact import (
    Column,
    add_columns,
    read_number,
    root,
    round_column,
    to_fraction,
)
from scoring.rules.field import cite
from scoring.rules.panel_words import explain_panel
from scoring.rules.work import Work


@dataclass(slots=True)
class Seat:
    """The judges of one panel part for one entry: those counted, and why others are not."""

    counted: list
    absent: list[tuple[object, str]]


class PanelRun:
    """All mark criteria of one round over a field."""

    def __init__(self, field, round_):
        self.field = field
        self.round = round_
        self.panel = round_.panel
        self.criteria = [c for c in round_.criteria if c.rule.kind == "marks"]
        self.seats = [self._seat_part(part) for part in self.panel.parts]
        self.decided = {c.key: set(field.facts.set_points(c.key)) for c in self.criteria}
        self.scaled: dict[str, tuple[int, list[dict]]] = {}
        for criterion in self.criteria:
            self.scaled[criterion.key] = self._read_marks(criterion)
        self.standard: dict[tuple[str, int], dict[tuple[int, int], Fraction]] = {}
        self.totals = None
        if self.panel.trim == "total":
            self.totals = [self._judge_totals(p) for p in range(len(self.panel.parts))]

    # --- who marks -------------------------------------------------------------------------------

    def _seat_part(self, part) -> list[Seat]:
        """The seats of one part, one for each entry; most entries share one object."""
        facts = self.field.facts
        seated = facts.evidence.seats.get(self.round.key)
        members = [
            judge
            for judge in facts.judges
            if judge.group == part.group and (seated is None or judge.key in seated)
        ]
        if not members:
            title = next(g.title for g in facts.scheme.judge_groups if g.key == part.group)
            self.field.lack(
                f"{self.round.title}：「{title}」还没有评委，请先确定评委。", name=self.round.key
            )
        recused = facts.evidence.recusals
        excluded: dict[str, dict[str, str]] = {}
        everywhere: dict[str, str] = {}
        for ruling in facts.rulings["exclude_judge"]:
            if ruling.round in ("", self.round.key):
                words = f"{cite(ruling)}不计"
                if ruling.entry:
                    excluded.setdefault(ruling.entry, {})[ruling.judge] = words
                else:
                    everywhere[ruling.judge] = words
        touched = {entry for _, entry in recused} | set(excluded)
        usual = self._seat(members, lambda judge: everywhere.get(judge.key, ""))
        seats = []
        for entry in self.field.entries:
            if entry.key not in touched and entry.of not in touched:
                seats.append(usual)
                continue

            def why(judge, entry=entry):
                if (judge.key, entry.key) in recused or (judge.key, entry.of) in recused:
                    return "回避"
                own = excluded.get(entry.key, {})
                return own.get(judge.key) or everywhere.get(judge.key, "")

            seats.append(self._seat(members, why))
        return seats

    @staticmethod
    def _seat(members, why) -> Seat:
        counted, absent = [], []
        for judge in members:
            reason = why(judge)
            if reason:
                absent.append((judge, reason))
            else:
                counted.append(judge)
        return Seat(counted, absent)

    # --- reading marks ---------------------------------------------------------------------------

    def _read_marks(self, criterion) -> tuple[int, list[dict]]:
        """(scale, [{(judge, site): integer mark}]) of every entry; invalid marks are left out."""
        rule = criterion.rule
        low, high, step = (Fraction(x) for x in (rule.low, rule.high, rule.step))
        scale = lcm(low.denominator, high.denominator, step.denominator)
        low_int, high_int, step_int = (int(x * scale) for x in (low, high, step))
        given = self.field.facts.marks.get((self.round.key, criterion.key), {})
        known: dict[str, int | None] = {}
        rows = []
        for entry in self.field.entries:
            row = {}
            for key, value in given.get(entry.key, {}).items():
                if value in known:
                    mark = known[value]
                else:
                    mark = None
                    exact = read_number(value)
                    if exact is not None and (exact * scale).denominator == 1:
                        number = int(exact * scale)
                        if low_int <= number <= high_int and not (number - low_int) % step_int:
                            mark = number
                    known[value] = mark
                if mark is None:
                    self.field.lack(
                        f"「{criterion.title}」的打分 {value} 不在 {rule.low}–{rule.high}、"
                        f"间隔 {rule.step} 的范围内，请更正。",
                        entry=entry.key,
                        name=self.round.key,
                        criterion=criterion.key,
                        judge=key[0],
                    )
                else:
                    row[key] = mark
            rows.append(row)
        return scale, rows

    def sites(self, i: int) -> tuple[str, ...]:
        if self.panel.sites == "none":
            return ("",)
        name = (self.round.key, self.field.entries[i].key)
        return self.field.facts.evidence.sites.get(name) or ("",)

    def _lack_mark(self, i, judge, criterion, site=""):
        if self._is_decided(i, criterion.key):
            return
        entry = self.field.entries[i].key
        key = (self.round.key, criterion.key, entry, judge.key)
        where = f"点位「{site}」" if site else ""
        words = "有两个不同的分数，请核对" if key in self.field.facts.conflicts else "尚未打分"
        self.field.lack(
            f"{self.round.title}：评委{judge.number}号{where}「{criterion.title}」{words}。",
            entry=entry,
            name=self.round.key,
            criterion=criterion.key,
            judge=judge.key,
        )

    def _judge_marks(self, criterion, i: int, seat: Seat, sites) -> list[int] | None:
        """Each counted judge's mark on entry i summed over the sites; None when one is missing."""
        row = self.scaled[criterion.key][1][i]
        conflicts = self.field.facts.conflicts
        marks, whole = [], True
        for judge in seat.counted:
            total = 0
            for site in sites:
                mark = row.get((judge.key, site))
                if mark is None or (
                    conflicts
                    and (self.round.key, criterion.key, self.field.entries[i].key, judge.key)
                    in conflicts
                ):
                    self._lack_mark(i, judge, criterion, site)
                    whole = False
                else:
                    total += mark
            marks.append(total)
        return marks if whole else None

    def _is_decided(self, i: int, criterion_key: str = "") -> bool:
        """Whether rulings give the points, so that no mark is waited for."""
        entry = self.field.entries[i].key
        if criterion_key:
            return entry in self.decided[criterion_key]
        return all(entry in entries for entries in self.decided.values())

    def _too_few(self, part, seat, i, criterion_key="") -> bool:
        if len(seat.counted) >= part.minimum:
            return False
        if self._is_decided(i, criterion_key) or not (seat.counted or seat.absent):
            return True  # an empty group has been reported once for the whole round
        self.field.lack(
            f"{self.round.title}：计入的评委只有 {len(seat.counted)} 人，少于 {part.minimum} 人，"
            "成绩不成立，请由会议研究裁定。",
            entry=self.field.entries[i].key,
            name=self.round.key,
            criterion=criterion_key,
        )
        return True

    # --- from marks to points --------------------------------------------------------------------

    def factor(self, criterion) -> Fraction:
        """This function will return what one mark is worth in points."""
        rule = criterion.rule
        if rule.factor is not None:
            return to_fraction(rule.factor)
        if all(part.average == "sum" for part in self.panel.parts):
            return Fraction(1)
        return to_fraction(criterion.full) / to_fraction(rule.high)

    def work(self, criterion) -> Work:
        """This function will compute one mark criterion for the whole field."""
        columns, factors = [], []
        for p, part in enumerate(self.panel.parts):
            if self.totals is not None:
                column = self._column_by_total(criterion, p)
            elif part.standard != "none":
                column = self._column_standard(criterion, p)
            elif self.panel.sites == "site":
                column = self._column_by_site(criterion, p)
            else:
                column = self._column(criterion, p)
            columns.append(column)
            factors.append(to_fraction(part.weight) / 100)
        exact = add_columns(columns, factors)
        combined = round_column(exact, self.panel.decimals)
        worth = self.factor(criterion)
        points = add_columns([combined], [worth])
        stages = (columns, exact, combined, worth)
        return Work(points, lambda i: explain_panel(self, criterion, stages, i))

    def trimming(self, part, count: int) -> tuple[int, int]:
        if part.trim_from is not None and count < part.trim_from:
            return 0, 0
        if count <= part.drop_high + part.drop_low:
            return 0, 0
        return part.drop_high, part.drop_low

    def _column(self, criterion, p: int) -> Column:
        part, seats = self.panel.parts[p], self.seats[p]
        scale, _ = self.scaled[criterion.key]
        nums, dens = [], []
        for i in range(len(self.field)):
            seat = seats[i]
            sites = self.sites(i)
            marks = self._judge_marks(criterion, i, seat, sites)
            if self._too_few(part, seat, i, criterion.key):
                marks = None
            if marks is None:
                nums.append(None)
                dens.append(1)
                continue
            high, low = self.trimming(part, len(marks))
            n, d = average_of(marks, high, low, part.average)
            nums.append(n)
            dens.append(d * scale * len(sites))
        return uniform(nums, dens)

    def _column_by_site(self, criterion, p: int) -> Column:
        """The panel's mark at each site, then the mean over the sites."""
        part, seats = self.panel.parts[p], self.seats[p]
        scale, _ = self.scaled[criterion.key]
        nums, dens = [], []
        for i in range(len(self.field)):
            total: Fraction | None = Fraction(0)
            sites = self.sites(i)
            few = self._too_few(part, seats[i], i, criterion.key)
            for site in sites:
                marks = self._judge_marks(criterion, i, seats[i], (site,))
                if marks is None or few or total is None:
                    total = None
                    continue
                n, d = average_of(marks, *self.trimming(part, len(marks)), part.average)
                total += Fraction(n, d * scale)
            if total is not None:
                total /= len(sites)
            nums.append(None if total is None else total.numerator)
            dens.append(1 if total is None else total.denominator)
        return uniform(nums, dens)

    def _judge_totals(self, p: int) -> list[list[tuple[Fraction, int]] | None]:
        """Each counted judge's total over all criteria in points, with his position in the seat."""
        part, seats = self.panel.parts[p], self.seats[p]
        result = []
        worth = {c.key: self.factor(c) for c in self.criteria}
        for i in range(len(self.field)):
            sites = self.sites(i)
            sums: list[Fraction] | None = [Fraction(0)] * len(seats[i].counted)
            for criterion in self.criteria:
                marks = self._judge_marks(criterion, i, seats[i], sites)
                if marks is None or sums is None:
                    sums = None
                    continue
                unit = worth[criterion.key] / (self.scaled[criterion.key][0] * len(sites))
                sums = [total + mark * unit for total, mark in zip(sums, marks, strict=True)]
            if self._too_few(part, seats[i], i):
                sums = None
            result.append(None if sums is None else [(t, j) for j, t in enumerate(sums)])
        return result

    def _kept(self, p: int, i: int) -> set[int]:
        """Positions of the judges whose totals on entry i are kept."""
        totals = self.totals[p][i]
        high, low = self.trimming(self.panel.parts[p], len(totals))
        return (
            set(range(len(totals)))
            - dropped_positions([total for total, _ in totals], high, low).keys()
        )

    def _column_by_total(self, criterion, p: int) -> Column:
        part, seats = self.panel.parts[p], self.seats[p]
        scale, rows = self.scaled[criterion.key]
        nums, dens = [], []
        for i in range(len(self.field)):
            if self.totals[p][i] is None:
                nums.append(None)
                dens.append(1)
                continue
            sites = self.sites(i)
            counted = seats[i].counted
            kept = self._kept(p, i)
            marks = [sum(rows[i][counted[j].key, site] for site in sites) for j in sorted(kept)]
            n, d = average_of(marks, 0, 0, part.average)
            nums.append(n)
            dens.append(d * scale * len(sites))
        return uniform(nums, dens)

    def standard_scores(self, criterion, p: int) -> dict[tuple[int, int], Fraction]:
        """{(entry, judge position): 50 + 10·(x − mean) ÷ sd} over each judge's own marks."""
        if (criterion.key, p) in self.standard:
            return self.standard[criterion.key, p]
        part, seats = self.panel.parts[p], self.seats[p]
        scale, _ = self.scaled[criterion.key]
        own: dict[str, list[tuple[int, int, Fraction]]] = {}
        for i in range(len(self.field)):
            sites = self.sites(i)
            marks = self._judge_marks(criterion, i, seats[i], sites)
            for j, mark in enumerate(marks or ()):
                value = Fraction(mark, scale * len(sites))
                own.setdefault(seats[i].counted[j].key, []).append((i, j, value))
        result = {}
        for values in own.values():
            count = len(values)
            mean = sum(value for _, _, value in values) / count
            squares = sum((value - mean) ** 2 for _, _, value in values)
            divisor = count if part.standard == "population" else count - 1
            deviation = root(squares / divisor) if divisor else Fraction(0)
            for i, j, value in values:
                score = Fraction(50)
                if deviation:
                    score += 10 * (value - mean) / deviation
                result[i, j] = score
        self.standard[criterion.key, p] = result
        return result

    def _column_standard(self, criterion, p: int) -> Column:
        part, seats = self.panel.parts[p], self.seats[p]
        scores = self.standard_scores(criterion, p)
        nums, dens = [], []
        for i in range(len(self.field)):
            marks = [scores.get((i, j)) for j in range(len(seats[i].counted))]
            if None in marks or not marks or self._too_few(part, seats[i], i, criterion.key):
                nums.append(None)
                dens.append(1)
                continue
            common = lcm(1, *(mark.denominator for mark in marks))
            whole = [int(mark * common) for mark in marks]
            n, d = average_of(whole, *self.trimming(part, len(marks)), part.average)
            nums.append(n)
            dens.append(d * common)
        return uniform(nums, dens)
