"""Points ledger 加减分: events with date, item and points, capped per item and in total.

points = start + min(bonus cap, Σ items min(cap, Σ events)) − min(deduction cap, the same for
deductions). “Highest only per matter”: of the bonus events that share a matter only the one of
most points counts, whatever items they belong to.
"""

from __future__ import annotations

from fractions import Fraction

from scoring.rules.exact import Column, plain_number, read_number, show, to_fraction
from scoring.rules.result import Node
from scoring.rules.work import Work


def work_ledger(field, round_, criterion) -> Work:
    """This function will compute a ledger criterion. No event means no bonus and no deduction:
    a ledger is complete as it stands."""
    rule = criterion.rule
    items = {item.key: item for item in rule.items}
    values, records = [], []
    for entry in field.entries:
        events = [
            (event, _event_points(field, round_, criterion, items, entry, event))
            for event in field.facts.ledger[criterion.key, entry.key]
        ]
        record = Tally(rule, items, events)
        records.append(record)
        values.append(None if record.broken else record.total)
    points = Column(
        [None if v is None else v.numerator for v in values],
        dens=[1 if v is None else v.denominator for v in values],
    )
    return Work(points, lambda i: records[i].explain())


def tally(rule, events) -> Tally:
    """This function will count one entry's events (LedgerFact, each with its points) as the
    tabulation does: `.sums` and `.counted` by item, `.bonus`, `.deduction` and `.total`."""
    items = {item.key: item for item in rule.items}
    known = sorted((e for e in events if e.item in items), key=lambda e: (e.date, e.key))
    return Tally(rule, items, [(event, read_number(event.points)) for event in known])


def _event_points(field, round_, criterion, items, entry, event) -> Fraction | None:
    item = items.get(event.item)
    problem = ""
    points = None
    if item is None:
        problem = f"台账记录的项目「{event.item}」不在办法中，请更正"
    elif item.points is not None and event.points == "":
        points = to_fraction(item.points)
    else:
        points = read_number(event.points)
        if points is None or points < 0:
            points, problem = None, f"台账「{item.title}」的分值“{event.points}”不正确，请更正"
    if problem:
        field.lack(
            f"{round_.title}：{problem}。",
            entry=entry.key,
            name=round_.key,
            criterion=criterion.key,
        )
    return points


class Tally:
    """One entry's ledger: which events count, each item's sum and cap, the total."""

    def __init__(self, rule, items, events):
        self.rule = rule
        self.items = items
        self.events = events
        self.broken = any(points is None for _, points in events)
        self.superseded: dict[str, str] = {}
        if self.broken:
            return
        if rule.same_matter == "highest":
            self._keep_highest()
        self.sums: dict[str, Fraction] = {}
        for event, points in events:
            if event.key not in self.superseded:
                self.sums[event.item] = self.sums.get(event.item, Fraction(0)) + points
        self.counted = {}
        for key, total in self.sums.items():
            cap = items[key].cap
            self.counted[key] = total if cap is None else min(total, to_fraction(cap))
        self.bonus, self.bonus_raw = self._side("bonus", rule.bonus_cap)
        self.deduction, self.deduction_raw = self._side("deduction", rule.deduction_cap)
        self.total = to_fraction(rule.start) + self.bonus - self.deduction

    def _keep_highest(self):
        best: dict[str, tuple] = {}
        for event, points in self.events:
            if not event.matter or self.items[event.item].sign != "bonus":
                continue
            key = (-points, event.date, event.key)
            if event.matter not in best or key < best[event.matter][0]:
                best[event.matter] = (key, event.key)
        for event, _ in self.events:
            if event.matter in best and self.items[event.item].sign == "bonus":
                winner = best[event.matter][1]
                if event.key != winner:
                    self.superseded[event.key] = "同一事项只按最高分计一次"

    def _side(self, sign, cap) -> tuple[Fraction, Fraction]:
        raw = sum(
            (v for key, v in self.counted.items() if self.items[key].sign == sign), Fraction(0)
        )
        return (raw if cap is None else min(raw, to_fraction(cap))), raw

    def explain(self):
        """(formula, notes, values, children)"""
        children, notes = [], []
        for event, points in self.events:
            item = self.items.get(event.item)
            sign = "" if item is None or item.sign == "bonus" else "-"
            node = Node(
                "event",
                key=event.key,
                label=item.title if item else event.item,
                points="" if points is None else sign + show(points),
                # No reason: it may name somebody, and the result is published. Pages for those
                # who may read it find it by the event's key.
                values={"date": event.date, "item": event.item},
            )
            if event.key in self.superseded:
                node.dropped = True
                node.notes.append(self.superseded[event.key])
            children.append(node)
        if self.broken:
            return "", ["台账有误，尚未计算"], {}, children
        for key, total in self.sums.items():
            if self.counted[key] != total:
                title = self.items[key].title
                notes.append(
                    f"「{title}」合计 {show(total)} 分，本项封顶 {show(self.counted[key])} 分。"
                )
        if self.bonus != self.bonus_raw:
            notes.append(f"加分合计 {show(self.bonus_raw)} 分，封顶 {show(self.bonus)} 分。")
        if self.deduction != self.deduction_raw:
            notes.append(
                f"扣分合计 {show(self.deduction_raw)} 分，封顶 {show(self.deduction)} 分。"
            )
        start = to_fraction(self.rule.start)
        lead = f"{show(start)}＋" if start else ""
        formula = f"{lead}加分 {show(self.bonus)}−扣分 {show(self.deduction)} = {show(self.total)}"
        if not self.events:
            notes.append("没有加分或扣分记录。")
        values = {"bonus": plain_number(self.bonus), "deduction": plain_number(self.deduction)}
        return formula, notes, values, children
