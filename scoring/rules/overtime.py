"""Overtime on the stage: what it takes from a round's score."""

from __future__ import annotations

import re
from fractions import Fraction

from scoring.rules.exact import Column, bounds, plain_number, round_half_up, show, to_fraction
from scoring.rules.field import cite
from scoring.rules.result import Node

SECONDS = re.compile(r"[0-9]{1,5}")


def read_seconds(written) -> int | None:
    """This function will read whole seconds, at most five digits; None for anything else."""
    if not isinstance(written, str) or not SECONDS.fullmatch(written):
        return None
    return int(written)


def count_overtime(rule, seconds: int) -> tuple[int, Fraction]:
    """This function will return (how many times points are taken, points taken) for whole `seconds`
    over the limits, by an Overtime of the scheme: exact points, not negative.

    n = 1 where it is taken once, else ⌈(seconds − allowance) ÷ every⌉; 0 within the allowance.
    deduction = min(n · points, cap). Source: the scheme (competitions.scheme.event_types).
    """
    over = seconds - rule.allowance
    if over <= 0:
        return 0, Fraction(0)
    points = to_fraction(rule.points)
    if rule.how == "once":
        return 1, points
    times = -(-over // rule.every)
    return times, min(times * points, to_fraction(rule.cap))


class OvertimeRun:
    """The deductions of one round: from `score`, the round's points after its declared rounding,
    to `points`, what is left. An entry whose time nobody knows has no points.

    points = score − deduction, not below the round's minimum where the scheme says so. Deductions
    have no more decimals than the round, so nothing is rounded again.
    """

    def __init__(self, field, round_, score: Column):
        self.field = field
        self.round = round_
        self.score = score
        self.rule = round_.event.overtime
        self.low = self._find_low()
        self.told = [self._find_seconds(entry.key) for entry in field.entries]
        self.points = score.copy()
        for i, (seconds, _) in enumerate(self.told):
            value = score.at(i)
            if seconds is None:
                field.lack(
                    f"{round_.title}：没有计时，不知道有没有超时，请登记“认定超时”的裁定。",
                    entry=field.entries[i].key,
                    name=round_.key,
                )
                self.points.put(i, None)
            elif value is not None:
                left = value - count_overtime(self.rule, seconds)[1]
                self.points.put(i, left if self.low is None else max(left, min(self.low, value)))

    def _find_low(self) -> Fraction | None:
        """Below what nothing is taken; rounded as the score is, so that the rest stays as round."""
        low = bounds(self.round)[0]
        if low is None or self.rule.below != "stop":
            return None
        return low if self.round.decimals is None else round_half_up(low, self.round.decimals)

    def _find_seconds(self, entry: str):
        """(seconds over or None, the ruling that says so or None): a ruling on the entry goes
        before one on all, and any before the clock; the later of two holds."""
        rulings = [
            ruling
            for ruling in self.field.facts.rulings["set_overtime"]
            if ruling.round == self.round.key
            and ruling.entry in ("", entry)
            and read_seconds(ruling.value) is not None
        ]
        own = [ruling for ruling in rulings if ruling.entry]
        if rulings:
            ruling = (own or rulings)[-1]
            return read_seconds(ruling.value), ruling
        return self.field.facts.evidence.overtime.get((self.round.key, entry)), None

    def deduction(self, i: int) -> Fraction | None:
        """This function will return what was taken from entry `i`, None without points."""
        if self.points.at(i) is None:
            return None
        return self.score.at(i) - self.points.at(i)

    def explain(self, i: int) -> Node | None:
        """This function will explain the deduction of entry `i`; None while it has no points."""
        deduction = self.deduction(i)
        if deduction is None:
            return None
        rule, (seconds, ruling) = self.rule, self.told[i]
        times, due = count_overtime(rule, seconds)
        places = self.round.decimals
        node = Node(
            "overtime",
            key=self.round.key,
            label="超时扣分",
            points=plain_number(-deduction, places),
            formula=self._formula(seconds, times, due),
            values={
                "seconds": str(seconds),
                "score": plain_number(self.score.at(i), places),
                "points": plain_number(self.points.at(i), places),
            },
        )
        if times and rule.how == "each":
            node.rounding = f"不足 {rule.every} 秒按 {rule.every} 秒计"
        if ruling is not None:
            node.notes.append(f"{cite(ruling)}认定超时 {seconds} 秒。")
        if deduction != due:
            node.notes.append(f"应扣 {show(due)} 分，扣到环节最低分 {show(self.low)} 为止。")
        return node

    def _formula(self, seconds, times, due):
        rule = self.rule
        if not seconds:
            return "没有超时"
        words = f"超时 {seconds} 秒"
        if not times:
            return f"{words}，在宽限 {rule.allowance} 秒以内，不扣"
        over = seconds - rule.allowance
        if rule.allowance:
            words += f"－宽限 {rule.allowance} 秒 = {over} 秒"
        if rule.how == "once":
            return f"{words}；扣 {show(due)} 分"
        points = show(to_fraction(rule.points))
        words += f"；{over}÷{rule.every} → {times} 次；{times}×{points} = "
        product = times * to_fraction(rule.points)
        if product == due:
            return f"{words}{show(due)}"
        return f"{words}{show(product)}，最多扣 {show(due)}"
