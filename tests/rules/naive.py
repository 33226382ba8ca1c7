"""A second calculator, deliberately naive: exact fractions, one entry after another, written from
the rules' words and sharing no code with scoring.rules. It reads the canonical document of a
scheme and plain evidence, and gives totals, places and criterion points for complete evidence.
"""

from tests.rules.naive_rules import F, NaiveRules, half_up


class Naive(NaiveRules):
    """Computes a scheme document over evidence; results: {track: {entry: dict}}."""

    def __init__(self, document, evidence):
        self.document = document
        self.evidence = evidence
        self.results = {}
        self.marks_given = {
            (m.round, m.criterion, m.entry, m.judge, m.site): m.value for m in evidence.marks
        }
        waiting = list(document["tracks"])
        while waiting:
            for track in waiting:
                needs = {
                    c["rule"]["track"]
                    for r in track["rounds"]
                    for c in r["criteria"]
                    if c["rule"]["kind"] == "carried" and c["rule"]["source"] != "outside"
                }
                if needs <= set(self.results):
                    self.results[track["key"]] = self.track(track)
                    waiting.remove(track)
                    break

    def ruled(self, kind, **wanted):
        return [
            r
            for r in self.evidence.rulings
            if r.kind == kind and all(getattr(r, k) in v for k, v in wanted.items())
        ]

    # --- tracks ----------------------------------------------------------------------------------

    def track(self, track):
        field = []
        months = {}
        for entry in self.evidence.entries:
            if entry.subject != track["subject"] or entry.excluded:
                continue
            if entry.tracks and track["key"] not in entry.tracks:
                continue
            if self.ruled("exclude_entry", entry=[entry.key], track=["", track["key"]]):
                continue
            served, full = entry.months_in_office, track["part_year_months"]
            if served is not None and served < full:
                way = track["part_year"]
                if way == "ruling":
                    way = self.ruled("part_year", entry=[entry.key])[-1].value
                if way == "exclude":
                    continue
                if way == "prorate":
                    months[entry.key] = F(served, full)
            field.append(entry)
        self.field, self.peer_scope = field, track["peers"]
        rows = {e.key: {"criteria": {}, "rounds": {}, "parts": {}} for e in field}
        for round_ in track["rounds"]:
            for key, value in self.round(round_, rows).items():
                rows[key]["rounds"][round_["key"]] = value
        for entry in field:
            row = rows[entry.key]
            total = self.combine(track, row["rounds"]) * months.get(entry.key, 1)
            total = self.bound(track, total)
            row["exact"] = total
            row["total"] = half_up(total, track["decimals"])
        self.gates(track, rows)
        self.places(track, rows)
        return rows

    def combine(self, track, points):
        inside = [r for r in track["rounds"] if not r["outside"]]
        outside = sum((points[r["key"]] for r in track["rounds"] if r["outside"]), F(0))
        values = [points[r["key"]] for r in inside]
        if track["combine"] == "weighted":
            return outside + sum(
                (v * F(r["weight"]) / F(r["full"]) for v, r in zip(values, inside, strict=True)),
                F(0),
            )
        if track["combine"] == "sum":
            return outside + sum(values, F(0))
        if track["combine"] == "mean":
            return outside + sum(values, F(0)) / len(values)
        best = sorted(values)[::-1][: track["best_of"]]
        return outside + sum(best, F(0)) / track["best_of"]

    def gates(self, track, rows):
        for row in rows.values():
            row["effects"] = set()
        for gate in track["gates"]:
            for key, row in rows.items():
                if gate["when"] == "ruling":
                    failed = bool(self.ruled("veto", of=[gate["key"]], entry=[key]))
                else:
                    value = row["total"]
                    if gate["when"] == "round_below":
                        value = row["rounds"][gate["of"]]
                    elif gate["when"] == "criterion_below":
                        value = row["criteria"][gate["of"]]
                    failed = value < F(gate["threshold"])
                if failed:
                    row["effects"].add(gate["effect"])
        for row in rows.values():
            if "zero" in row["effects"]:
                row["total"] = F(0)

    def places(self, track, rows):
        def rank_of(key):
            row = rows[key]
            marks = [row["total"]]
            for step in track["ties"]:
                if step["by"] == "round":
                    marks.append(row["rounds"][step["of"]])
                elif step["by"] == "criterion":
                    marks.append(row["criteria"][step["of"]])
                elif step["by"] == "decimals":
                    marks.append(half_up(row["exact"], step["decimals"]))
            if "last" in row["effects"]:
                return (0,)
            return (1, *marks)

        for entry in self.field:
            rivals = [
                e.key
                for e in self.field
                if (track["peers"] == "all" or e.group == entry.group)
                and "unranked" not in rows[e.key]["effects"]
            ]
            mine = rank_of(entry.key)
            if "unranked" in rows[entry.key]["effects"]:
                rows[entry.key]["place"] = None
            else:
                rows[entry.key]["place"] = 1 + sum(rank_of(key) > mine for key in rivals)

    # --- rounds and criteria ---------------------------------------------------------------------

    def round(self, round_, rows):
        for criterion in round_["criteria"]:
            for entry in self.field:
                rows[entry.key]["criteria"][criterion["key"]] = None
            raw = {e.key: self.criterion(round_, criterion, e) for e in self.field}
            for rule in criterion["overrides"]:
                raw = self.override(rule, raw)
            for key, value in raw.items():
                rows[key]["criteria"][criterion["key"]] = half_up(value, criterion.get("decimals"))
        result = {}
        for entry in self.field:
            values = [rows[entry.key]["criteria"][c["key"]] for c in round_["criteria"]]
            weights = [
                {"sum": F(1), "mean": F(1, len(values)), "weighted": F(c["weight"])}[
                    round_["combine"]
                ]
                for c in round_["criteria"]
            ]
            points = sum((v * w for v, w in zip(values, weights, strict=True)), F(0))
            if round_["scaled"]:
                reachable = sum(
                    (F(c["full"]) * w for c, w in zip(round_["criteria"], weights, strict=True)),
                    F(0),
                )
                points = points * F(round_["full"]) / reachable
            if round_["factor"]:
                points *= F(entry.factor)
            points = half_up(self.bound(round_, points), round_.get("decimals"))
            if "overtime" in round_.get("event", {}):
                points = self.after_overtime(round_, entry, points)
            result[entry.key] = points
        return result

    def after_overtime(self, round_, entry, score):
        """Seconds are counted off one stretch after the other."""
        rule = round_["event"]["overtime"]
        seconds = self.evidence.overtime.get((round_["key"], entry.key))
        for whom in ("", entry.key):
            for ruling in self.ruled("set_overtime", round=[round_["key"]], entry=[whom]):
                seconds = int(ruling.value)
        left, taken = seconds - rule["allowance"], F(0)
        while left > 0:
            taken += F(rule["points"])
            left -= rule["every"] if rule["how"] == "each" else left
        if "cap" in rule and taken > F(rule["cap"]):
            taken = F(rule["cap"])
        lowest = None if round_["below_zero"] else F(0)
        if "floor" in round_:
            lowest = F(round_["floor"]) if lowest is None else max(lowest, F(round_["floor"]))
        if rule["below"] == "stop" and lowest is not None:
            lowest = half_up(lowest, round_.get("decimals"))
            if score - taken < lowest:
                return min(score, lowest)
        return score - taken

    def override(self, rule, raw):
        changed = dict(raw)
        for entry in self.field:
            value = raw[entry.key]
            if rule["when"] == "below":
                if value < F(rule["threshold"]):
                    changed[entry.key] = F(rule["points"])
                continue
            rivals = self.peers(entry, "track")
            place = 1 + sum(raw[e.key] < value for e in rivals)
            if place <= rule["last"]:
                if "points" in rule:
                    changed[entry.key] = F(rule["points"])
                else:
                    deduction = F(rule["last"] + 1 - place)
                    if "cap" in rule:
                        deduction = min(deduction, F(rule["cap"]))
                    changed[entry.key] = -deduction
        return changed

    def peers(self, entry, scope):
        if scope == "track":
            scope = self.peer_scope
        return [e for e in self.field if scope == "all" or e.group == entry.group]

    def criterion(self, round_, criterion, entry):
        kind = criterion["rule"]["kind"]
        ruled = self.ruled("set_points", criterion=[criterion["key"]], entry=[entry.key])
        points = F(ruled[-1].value) if ruled else getattr(self, kind)(round_, criterion, entry)
        if criterion["factor"]:
            points *= F(entry.factor)
        if kind in ("marks", "ledger"):
            criterion = {**criterion, "above_full": True}
        return self.bound(criterion, points)

    def bound(self, item, points):
        if not item["below_zero"]:
            points = max(points, F(0))
        if "floor" in item:
            points = max(points, F(item["floor"]))
        if not item["above_full"]:
            points = min(points, F(item["full"]))
        if "cap" in item:
            points = min(points, F(item["cap"]))
        return points

    # --- marks -----------------------------------------------------------------------------------

    def seated(self, round_, part, entry):
        judges = []
        for judge in sorted(self.evidence.judges, key=lambda j: (j.number, j.key)):
            if judge.group != part["group"]:
                continue
            if {(judge.key, entry.key), (judge.key, entry.of)} & self.evidence.recusals:
                continue
            if self.ruled(
                "exclude_judge", judge=[judge.key], round=["", round_["key"]],
                entry=["", entry.key],
            ):  # fmt: skip
                continue
            judges.append(judge.key)
        return judges

    def given(self, round_, criterion, entry, judge, site):
        return F(self.marks_given[round_["key"], criterion["key"], entry.key, judge, site])

    def worth(self, round_, criterion):
        rule = criterion["rule"]
        if "factor" in rule:
            return F(rule["factor"])
        if all(p["average"] == "sum" for p in round_["panel"]["parts"]):
            return F(1)
        return F(criterion["full"]) / F(rule["high"])

    def marks(self, round_, criterion, entry):
        panel = round_["panel"]
        sites = ("",)
        if panel["sites"] != "none":
            sites = self.evidence.sites.get((round_["key"], entry.key)) or ("",)
        total = F(0)
        for part in panel["parts"]:
            judges = self.seated(round_, part, entry)

            def mark(judge, c, chosen=sites):
                given = [self.given(round_, c, entry, judge, site) for site in chosen]
                return sum(given, F(0)) / len(given)

            if panel["trim"] == "total":
                whole = {
                    judge: sum(
                        (
                            mark(judge, c) * self.worth(round_, c)
                            for c in round_["criteria"]
                            if c["rule"]["kind"] == "marks"
                        ),
                        F(0),
                    )
                    for judge in judges
                }
                kept = self.trim(part, judges, whole)
                value = self.average(part, [mark(judge, criterion) for judge in kept])
            elif panel["sites"] == "site":
                values = []
                for site in sites:
                    scores = {judge: mark(judge, criterion, (site,)) for judge in judges}
                    kept = self.trim(part, judges, scores)
                    values.append(self.average(part, [scores[judge] for judge in kept]))
                value = sum(values, F(0)) / len(values)
            else:
                scores = {judge: mark(judge, criterion) for judge in judges}
                if part["standard"] != "none":
                    scores = {
                        judge: self.standard(round_, criterion, part, judge, scores[judge])
                        for judge in judges
                    }
                kept = self.trim(part, judges, scores)
                value = self.average(part, [scores[judge] for judge in kept])
            total += value * F(part["weight"]) / 100
        return half_up(total, panel.get("decimals")) * self.worth(round_, criterion)

    def standard(self, round_, criterion, part, judge, value):
        own = []
        for entry in self.field:
            if judge in self.seated(round_, part, entry):
                sites = ("",)
                if round_["panel"]["sites"] != "none":
                    sites = self.evidence.sites.get((round_["key"], entry.key)) or ("",)
                given = [self.given(round_, criterion, entry, judge, site) for site in sites]
                own.append(sum(given, F(0)) / len(given))
        mean = sum(own, F(0)) / len(own)
        count = len(own) if part["standard"] == "population" else len(own) - 1
        if not count:
            return F(50)
        variance = sum(((x - mean) ** 2 for x in own), F(0)) / count
        # the root to six places, half up: the largest n with (n − ½)² ≤ variance·10¹²
        low, high = 0, 10**12
        while low < high:
            middle = (low + high + 1) // 2
            if (2 * middle - 1) ** 2 * variance.denominator <= 4 * variance.numerator * 10**12:
                low = middle
            else:
                high = middle - 1
        deviation = F(low, 10**6)
        return F(50) + (10 * (value - mean) / deviation if deviation else 0)

    def trim(self, part, judges, scores):
        kept = list(judges)
        if part["drop_high"] + part["drop_low"] and len(judges) >= part["trim_from"]:
            for _ in range(part["drop_high"]):
                kept.remove(max(kept, key=lambda judge: scores[judge]))
            for _ in range(part["drop_low"]):
                kept.remove(min(kept, key=lambda judge: scores[judge]))
        return kept

    def average(self, part, values):
        if part["average"] == "sum":
            return sum(values, F(0))
        if part["average"] == "median":
            ordered = sorted(values)
            n = len(ordered)
            return (ordered[(n - 1) // 2] + ordered[n // 2]) / 2
        return sum(values, F(0)) / len(values)
