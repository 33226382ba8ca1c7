"""The rule families of the naive calculator: measured values, ledgers, votes, carried results."""

import re
from fractions import Fraction
from functools import lru_cache

# The same few hundred decimals are read again and again; a fraction never changes.
F = lru_cache(5000)(Fraction)
HALF = Fraction(1, 2)


def half_up(value, places):
    """This function will round half up, away from zero."""
    if places is None:
        return value
    whole = int(abs(value) * 10**places + HALF)
    return Fraction(whole if value >= 0 else -whole, 10**places)


class NaiveRules:
    """What one entry earns by a rule, computed from scratch for every entry."""

    def input(self, criterion, entry, name):
        return F(self.evidence.measurements[entry.key, criterion["key"]][name])

    def quantity(self, criterion, part, entry):
        """The compared number, or None where it cannot be computed."""
        x = self.input(criterion, entry, "value")
        name = part["quantity"]
        times = 100 if name.startswith("percent_") else 1
        if name == "deviation":
            others = [self.input(criterion, e, "value") for e in self.peers(entry, part["peers"])]
            x -= sum(others, F(0)) / len(others)
        elif name == "increment":
            x -= self.input(criterion, entry, "baseline")
        elif name.endswith("growth"):
            base = self.input(criterion, entry, "baseline")
            if base <= 0:
                return None
            x = (x - base) / base * times
        elif name.endswith("completion"):
            target = self.input(criterion, entry, "target")
            if target <= 0:
                return None
            x = x / target * times
        return half_up(x, part.get("decimals"))

    def measured(self, round_, criterion, entry):
        return self.measure(criterion, criterion["rule"], entry)

    def blend(self, round_, criterion, entry):
        return sum(
            (
                F(part["weight"]) / 100 * self.measure(criterion, part, entry)
                for part in criterion["rule"]["parts"]
            ),
            F(0),
        )

    def measure(self, criterion, part, entry):
        full = F(criterion["full"])
        x = self.quantity(criterion, part, entry)
        points = None
        if x is not None:
            points = self.convert(criterion, part, entry, x, full)
        if points is None:
            points = {"zero": F(0), "full": full}[part["undefined"]]
        return points

    def convert(self, criterion, part, entry, x, full):
        rule, less = part["conversion"], part["better"] == "less"
        others = [
            q
            for q in (self.quantity(criterion, part, e) for e in self.peers(entry, part["peers"]))
            if q is not None
        ]
        kind = rule["kind"]

        def target():
            if "target" in rule:
                return F(rule["target"])
            if part["quantity"] == "completion":
                return F(1)
            if part["quantity"] == "percent_completion":
                return F(100)
            return self.input(criterion, entry, "target")

        if kind == "direct":
            return F(rule["factor"]) * (-x if less else x)
        if kind == "reach":
            t = target()
            if rule["mode"] == "all":
                return full if (x <= t if less else x >= t) else F(0)
            top, bottom = (t, x) if less else (x, t)
            if bottom <= 0:
                return None
            share = full * top / bottom
            return min(share, full) if rule["mode"] == "capped" else share
        if kind == "best":
            if less:
                return None if x <= 0 else full * min(others) / x
            return None if max(others) <= 0 else full * x / max(others)
        if kind == "per_unit":
            ahead = (target() - x if less else x - target()) / F(rule["unit"])
            if rule["whole"]:
                ahead = F(int(ahead))
            if ahead >= 0:
                gain = ahead * F(rule["over"])
                return F(rule["start"]) + min(gain, F(rule.get("over_cap", gain)))
            loss = -ahead * F(rule["under"])
            return F(rule["start"]) - min(loss, F(rule.get("under_cap", loss)))
        if kind == "segments":
            ahead = F(rule["origin"]) - x if less else x - F(rule["origin"])
            return self.segments(rule, ahead, full)
        if kind == "rank":
            place = 1 + sum(q < x if less else q > x for q in others)
            if rule["mode"] == "percent":
                return full * (1 - F(rule["step"]) / 100 * (place - 1))
            if rule["mode"] == "step":
                return full - F(rule["step"]) * (place - 1)
            first, last = F(rule["first"]), F(rule["last"])
            if len(others) == 1:
                return first
            return first - (first - last) * (place - 1) / (len(others) - 1)
        if kind == "bands":
            for band in rule["bands"]:
                if "least" not in band:
                    return F(band["points"])
                if x <= F(band["least"]) if less else x >= F(band["least"]):
                    return F(band["points"])
        low, high, base = min(others), max(others), F(rule["base"])
        if low == high:
            return {"full": full, "base": full * base, "zero": F(0)}[rule["all_equal"]]
        share = (high - x) / (high - low) if less else (x - low) / (high - low)
        return full * (base + (1 - base) * share)

    def segments(self, rule, ahead, full):
        if ahead < 0:
            return F(rule["start"]) + ahead * F(rule["under"])
        points, start = F(rule["start"]), F(0)
        for segment in rule["segments"]:
            end = start + F(segment["width"]) if "width" in segment else max(ahead, start)
            inside = max(F(0), min(ahead, end) - start)
            rate = F(segment["points"]) if "points" in segment else full / F(segment["divisor"])
            points += inside * rate
            start = end
        return points

    # --- the other families ----------------------------------------------------------------------

    def formula(self, round_, criterion, entry):
        rule = criterion["rule"]
        names = {i["key"]: self.input(criterion, entry, i["key"]) for i in rule["inputs"]}
        names |= {"full": F(criterion["full"]), "F": F, "min": min, "max": max, "abs": abs}
        text = re.sub(r"(?<![a-z0-9_])([0-9]+(?:\.[0-9]+)?)", r'F("\1")', rule["expression"])
        try:
            return eval(text, {"__builtins__": {}}, names)
        except ZeroDivisionError:
            return {"zero": F(0), "full": F(criterion["full"])}[rule["undefined"]]

    def ledger(self, round_, criterion, entry):
        rule = criterion["rule"]
        items = {item["key"]: item for item in rule["items"]}
        events = [
            (e, F(e.points) if e.points else F(items[e.item]["points"]))
            for e in self.evidence.ledger
            if (e.criterion, e.entry) == (criterion["key"], entry.key)
        ]
        sides = {"bonus": F(0), "deduction": F(0)}
        for key, item in items.items():
            total = F(0)
            for event, points in events:
                if event.item != key:
                    continue
                if rule["same_matter"] == "highest" and event.matter and item["sign"] == "bonus":
                    same = [
                        (-p, e.date, e.key)
                        for e, p in events
                        if e.matter == event.matter and items[e.item]["sign"] == "bonus"
                    ]
                    if min(same)[2] != event.key:
                        continue
                total += points
            sides[item["sign"]] += min(total, F(item.get("cap", total)))
        bonus = min(sides["bonus"], F(rule.get("bonus_cap", sides["bonus"])))
        deduction = min(sides["deduction"], F(rule.get("deduction_cap", sides["deduction"])))
        return F(rule["start"]) + bonus - deduction

    def grade_votes(self, round_, criterion, entry):
        rule, full = criterion["rule"], F(criterion["full"])
        counts = self.evidence.votes[entry.key, criterion["key"]]
        total = F(0)
        groups = rule["groups"] or [{"key": "", "weight": "100"}]
        for group in groups:
            prefix = f"{group['key']}." if group["key"] else ""
            valid = score = F(0)
            for grade in rule["grades"]:
                if grade["valid"]:
                    count = F(counts[prefix + grade["key"]])
                    valid += count
                    score += count * F(grade["coefficient"])
            if not valid:
                return {"zero": F(0), "full": full}[rule["no_votes"]]
            total += full * score / valid * F(group["weight"]) / 100
        return total

    def share_bands(self, round_, criterion, entry):
        rule = criterion["rule"]
        counts = self.evidence.votes[entry.key, criterion["key"]]
        valid = sum((F(counts[g["key"]]) for g in rule["grades"] if g["valid"]), F(0))
        if not valid:
            return {"zero": F(0), "full": F(criterion["full"])}[rule["no_votes"]]
        for item in rule["overrides"]:
            share = sum((F(counts[key]) for key in item["grades"]), F(0)) / valid
            if share >= F(item["numerator"], item["denominator"]):
                return F(item["points"])
        share = 100 * sum((F(counts[key]) for key in rule["counted"]), F(0)) / valid
        for band in rule["bands"]:
            if share >= F(band["least"]):
                return F(band["points"])
        return F(rule["otherwise"])

    def rank_votes(self, round_, criterion, entry):
        rule = criterion["rule"]
        counts = self.evidence.votes[entry.key, criterion["key"]]
        ballots = sum((F(v) for v in counts.values()), F(0))
        if not ballots:
            return {"zero": F(0), "full": F(criterion["full"])}[rule["no_votes"]]
        score = sum((F(counts[f"rank{r}"]) * F(p) for r, p in enumerate(rule["points"], 1)), F(0))
        return score / ballots

    def carried(self, round_, criterion, entry):
        rule = criterion["rule"]
        if rule["source"] == "outside":
            given = self.evidence.carried[entry.key, criterion["key"]]
            value = self.taken(rule, [F(given[p]) for p in rule["periods"]])
        elif rule["members"]:
            rows = self.results[rule["track"]]
            mine = [e.key for e in self.evidence.entries if e.of == entry.key and e.key in rows]
            if not mine:
                return {"zero": F(0), "full": F(criterion["full"])}[rule["no_members"]]
            value = sum((self.taken_from(rule, rows[key]) for key in mine), F(0)) / len(mine)
        else:
            key = entry.of if rule["unit_of"] else entry.key
            value = self.taken_from(rule, self.results[rule["track"]][key])
        return value * F(criterion["full"]) / F(rule["of"])

    def taken_from(self, rule, source):
        if rule["source"] == "track":
            return self.taken(rule, [source["total"]])
        return self.taken(rule, [source["rounds"][name] for name in rule["rounds"]])

    def taken(self, rule, values):
        if rule["how"] == "mean":
            return sum(values, F(0)) / len(values)
        if rule["how"] == "best":
            return max(values)
        if rule["how"] == "latest":
            return values[-1]
        return sum(values, F(0)) / F(rule.get("divisor", 1))
