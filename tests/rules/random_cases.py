"""Random valid schemes with complete evidence, for the comparison of two calculators."""

from scoring.rules.evidence import EntryFacts, Evidence, JudgeFacts, RulingFact
from tests.rules.random_event import RandomEvent
from tests.rules.random_evidence import RandomEvidence
from tests.rules.random_rewards import RandomRewards

UNDEFINED = ("zero", "full")
QUANTITIES = (
    "value", "increment", "growth", "completion", "deviation", "percent_growth",
    "percent_completion",
)  # fmt: skip


class Case(RandomEvidence, RandomEvent, RandomRewards):
    """One random scheme document and its evidence; `rng` is a random.Random."""

    def __init__(self, rng):
        self.rng = rng
        self.evidence = Evidence()
        self.keys = 0
        self.document = {
            "key": "random", "title": "随机办法",
            "judge_groups": [{"key": "a", "title": "甲"}, {"key": "b", "title": "乙"}],
        }  # fmt: skip
        self.make_entries()
        for group, count in (("a", rng.randint(1, 7)), ("b", rng.randint(1, 4))):
            for n in range(count):
                self.evidence.judges.append(JudgeFacts(f"{group}{n}", rng.randint(1, 5), group))
        tracks = [self.make_track("unit", None)]
        if rng.random() < 0.4:
            tracks.append(self.make_track("secretary", tracks[0]))
        if rng.random() < 0.3:
            tracks.append(self.make_track("unit", rng.choice(tracks)))
        self.document["tracks"] = tracks
        for track in tracks:
            for round_ in track["rounds"]:
                for criterion in round_["criteria"]:
                    self.give_evidence(track, round_, criterion)
                    self.rule_on_points(track, criterion)
                if "panel" in round_ and self.some(0.4):
                    self.make_event(track, round_)
        self.trim_recusals()
        self.make_honours(self.document)

    def key(self, letter):
        self.keys += 1
        return f"{letter}{self.keys}"

    def pick(self, *items):
        return self.rng.choice(items)

    def some(self, chance=0.5):
        return self.rng.random() < chance

    def number(self, low, high, places=None):
        places = self.rng.randint(0, 2) if places is None else places
        scale = 10**places
        whole = self.rng.randint(int(low * scale), int(high * scale))
        sign, whole = ("-" if whole < 0 else ""), abs(whole)
        if not places:
            return f"{sign}{whole}"
        return f"{sign}{whole // scale}.{whole % scale:0{places}d}"

    def make_entries(self):
        for n in range(self.pick(1, 2, 3, 3, 4, 4, 5, 6)):
            group = self.pick("towns", "farms")
            factor = self.pick("1", "1", "1.1", "0.95")
            self.evidence.entries.append(EntryFacts(f"u{n}", n, group, factor=factor))
            self.evidence.entries.append(
                EntryFacts(
                    f"s{n}", n, group, "secretary", f"u{n}", factor,
                    self.pick(None, None, 3, 8, 12) if n else None,
                )
            )  # fmt: skip

        if self.some(0.3):
            # A second secretary of one unit: several belong to it.
            of = self.rng.choice([e.key for e in self.evidence.entries if e.subject == "unit"])
            second = EntryFacts("s9", 9, "towns", "secretary", of, "1", self.pick(None, 3))
            self.evidence.entries.append(second)

    # --- schemes ---------------------------------------------------------------------------------

    def make_track(self, subject, source):
        rng = self.rng
        combine = self.pick("weighted", "sum", "mean", "best")
        count = self.pick(1, 1, 2, 3)
        rounds = [self.make_round(source, subject) for _ in range(count)]
        track = {
            "key": self.key("t"), "title": "榜", "subject": subject, "combine": combine,
            "rounds": rounds, "decimals": rng.randint(0, 3), "above_full": True,
            "below_zero": self.some(), "peers": self.pick("all", "group"),
            **self.limits(),
        }  # fmt: skip
        if combine == "weighted":
            cuts = sorted(rng.randint(0, 100) for _ in range(count - 1))
            edges = [0, *cuts, 100]
            for round_, low, high in zip(rounds, edges, edges[1:], strict=False):
                round_["weight"] = str(high - low)
        if combine == "best":
            track["best_of"] = rng.randint(1, count)
        if self.some(0.3):
            extra = self.make_round(source, subject)
            rounds.append({**extra, "outside": True})
        if subject == "secretary":
            track["part_year"] = self.pick("count", "exclude", "prorate")
            track["part_year_months"] = self.pick(6, 12)
        track["ties"] = self.make_ties(track)
        if self.some(0.4):
            track["gates"] = [self.make_gate(track)]
        self.make_rewards(track)
        return track

    def make_ties(self, track):
        ties = []
        if self.some(0.3):
            ties.append({"by": "round", "of": track["rounds"][0]["key"]})
        if self.some(0.3):
            ties.append({"by": "criterion", "of": track["rounds"][0]["criteria"][0]["key"]})
        if self.some(0.3):
            ties.append({"by": "decimals", "decimals": track["decimals"] + 2})
        return ties

    def make_gate(self, track):
        round_ = self.rng.choice(track["rounds"])
        gate = {
            "key": self.key("g"), "title": "门槛", "threshold": self.number(0, 60),
            "when": self.pick("ruling", "total_below", "round_below", "criterion_below"),
            "effect": self.pick("no_award", "last", "zero", "unranked"),
        }  # fmt: skip
        if gate["when"] == "round_below":
            gate["of"] = round_["key"]
        elif gate["when"] == "criterion_below":
            gate["of"] = round_["criteria"][0]["key"]
        if gate["when"] == "ruling" and self.some():
            entry = self.rng.choice(self.evidence.entries)
            self.evidence.rulings.append(
                RulingFact(self.key("v"), "veto", of=gate["key"], entry=entry.key)
            )
        return gate

    def make_round(self, source, subject):
        rng = self.rng
        round_ = {
            "key": self.key("r"), "title": "环节", "kind": "routine", "full": "100",
            "combine": self.pick("sum", "sum", "weighted", "mean"), "scaled": self.some(0.3),
            "above_full": True, "below_zero": self.some(), "factor": self.some(0.2),
            **self.limits(),
        }  # fmt: skip
        if self.some(0.7):
            round_["decimals"] = rng.randint(0, 3)
        round_["criteria"] = [
            self.make_criterion(source, subject) for _ in range(self.pick(1, 1, 2, 3))
        ]
        if any(c["rule"]["kind"] == "marks" for c in round_["criteria"]):
            round_["panel"] = self.make_panel()
        return round_

    def limits(self):
        limits = {}
        if self.some(0.15):
            limits["floor"] = self.number(0, 20)
        if self.some(0.15):
            limits["cap"] = self.number(30, 90)
        return limits

    def make_panel(self):
        def part(group, weight):
            drops = {"drop_high": self.rng.randint(0, 2), "drop_low": self.rng.randint(0, 1)}
            if sum(drops.values()):
                drops["trim_from"] = sum(drops.values()) + self.rng.randint(1, 3)
            average = self.pick("mean", "mean", "median", "sum")
            return {"group": group, "weight": str(weight), "average": average, **drops}

        panel = {"trim": self.pick("criterion", "criterion", "total")}
        if self.some(0.4):
            weight = self.rng.randint(0, 100)
            panel["parts"] = [part("a", weight), part("b", 100 - weight)]
        else:
            panel["parts"] = [part("a", 100)]
        if panel["trim"] == "total":
            panel["sites"] = self.pick("none", "judge")
            for item in panel["parts"]:
                if item["average"] == "median":
                    item["average"] = "mean"
            return panel
        panel["sites"] = self.pick("none", "judge", "site")
        if self.some(0.6):
            panel["decimals"] = self.rng.randint(0, 3)
        if panel["sites"] != "site" and self.some(0.2):
            for item in panel["parts"]:
                item |= {
                    "standard": self.pick("population", "sample"), "equal_standard": "fifty",
                }  # fmt: skip
        return panel

    def make_criterion(self, source, subject):
        kinds = ["marks", "measured", "measured", "measured", "blend", "ledger", "grade_votes",
                 "share_bands", "rank_votes", "formula", "outside"]  # fmt: skip
        if source is not None:
            kinds += ["carried"] * 4
        kind = self.rng.choice(kinds)
        criterion = {
            "key": self.key("c"), "title": "指标", "full": self.number(1, 100),
            "weight": self.number(1, 3), "above_full": True, "below_zero": self.some(),
            "factor": self.some(0.2), **self.limits(),
        }  # fmt: skip
        if float(criterion["full"]) <= 0:
            criterion["full"] = "1"
        if self.some(0.6):
            criterion["decimals"] = self.rng.randint(0, 3)
        if kind == "carried":
            criterion["rule"] = self.make_carried(source, subject)
        else:
            criterion["rule"] = getattr(self, f"make_{kind}")(criterion)
        if self.some(0.15):
            override = {"when": "below", "threshold": self.number(0, 50),
                        "points": self.number(-9, 9)}  # fmt: skip
            if self.some():
                override = {"when": "last", "last": self.rng.randint(1, 3)}
                if self.some():
                    override["cap"] = "2"
            criterion["overrides"] = [override]
        return criterion

    def make_marks(self, criterion):
        step = self.pick("0.5", "1", "0.25", "0.1")
        rule = {"kind": "marks", "low": self.pick("0", "5"), "high": "10", "step": step}
        if self.some(0.2):
            rule["factor"] = self.number(0, 3)
        return rule

    def make_part(self, criterion):
        quantity = self.rng.choice(QUANTITIES)
        return {
            "quantity": quantity, "better": self.pick("more", "more", "less"),
            "conversion": self.make_conversion(), "undefined": self.rng.choice(UNDEFINED),
            "peers": self.pick("track", "all", "group"),
            **({"decimals": self.rng.randint(0, 4)} if self.some(0.2) else {}),
        }  # fmt: skip

    def make_conversion(self):
        rng = self.rng
        kind = self.pick("direct", "reach", "best", "per_unit", "segments", "rank", "bands",
                         "efficacy")  # fmt: skip
        rule = {"kind": kind}
        if kind == "direct":
            rule["factor"] = self.number(0, 3)
        elif kind == "reach":
            rule["mode"] = self.pick("all", "capped", "uncapped")
            if self.some(0.4):
                rule["target"] = str(rng.randint(1, 50))
        elif kind == "per_unit":
            rule |= {
                "start": self.number(0, 10), "unit": self.pick("1", "0.5", "3"),
                "over": self.number(0, 2), "under": self.number(0, 2), "whole": self.some(),
            }  # fmt: skip
            for name in ("over_cap", "under_cap", "target"):
                if self.some():
                    rule[name] = self.number(0, 20)
        elif kind == "segments":
            rule |= {"start": self.number(0, 10), "origin": self.number(0, 50),
                     "under": self.number(0, 1),
                     "segments": [self.make_segment() for _ in range(rng.randint(0, 2))],
                     }  # fmt: skip
            rule["segments"].append({"points": self.number(0, 2)})
        elif kind == "rank":
            rule["mode"] = self.pick("percent", "step", "linear")
            if rule["mode"] == "linear":
                rule |= {"first": self.number(10, 60), "last": self.number(0, 10)}
            else:
                rule["step"] = self.number(0, 9)
        elif kind == "bands":
            rule["bands"] = [{"points": self.number(0, 20)}]
        elif kind == "efficacy":
            rule |= {"base": self.pick("0", "0.6", "1", "0.75"),
                     "all_equal": self.pick("full", "base", "zero")}  # fmt: skip
        return rule

    def make_segment(self):
        rate = self.pick({"points": self.number(0, 3)}, {"divisor": "60"})
        return {"width": str(self.rng.randint(1, 9)), **rate}

    def with_bands(self, part):
        """Thresholds stand from best to worst, so they depend on the direction."""
        rule = part["conversion"]
        if rule["kind"] == "bands":
            lines = sorted({self.rng.randint(-5, 60) for _ in range(3)}, reverse=True)
            if part["better"] == "less":
                lines.reverse()
            rule["bands"] = [{"least": str(x), "points": self.number(0, 20)} for x in lines] + (
                rule["bands"]
            )
        return part

    def make_measured(self, criterion):
        return {"kind": "measured", **self.with_bands(self.make_part(criterion))}

    def make_blend(self, criterion):
        weight = self.rng.randint(0, 100)
        parts = [{"weight": str(w), **self.with_bands(self.make_part(criterion))}
                 for w in (weight, 100 - weight)]  # fmt: skip
        return {"kind": "blend", "parts": parts}

    def make_ledger(self, criterion):
        items = []
        for sign in ("bonus", "bonus", "deduction"):
            item = {"key": self.key("i"), "title": "项", "sign": sign}
            for name in ("points", "cap"):
                if self.some():
                    item[name] = self.number(0, 6)
            items.append(item)
        rule = {"kind": "ledger", "items": items, "start": self.number(0, 5),
                "same_matter": self.pick("each", "highest")}  # fmt: skip
        for name in ("bonus_cap", "deduction_cap"):
            if self.some():
                rule[name] = self.number(0, 8)
        return rule

    def grades(self):
        return [
            {"key": "w", "title": "优", "coefficient": "1"},
            {"key": "x", "title": "良", "coefficient": self.number(0, 1)},
            {"key": "y", "title": "差", "coefficient": "0"},
            {"key": "z", "title": "弃权", "valid": False},
        ]

    def make_grade_votes(self, criterion):
        rule = {"kind": "grade_votes", "grades": self.grades(),
                "no_votes": self.rng.choice(UNDEFINED)}  # fmt: skip
        if self.some():
            weight = self.rng.randint(0, 100)
            rule["groups"] = [{"key": "m", "title": "甲", "weight": str(weight)},
                              {"key": "n", "title": "乙", "weight": str(100 - weight)}]  # fmt: skip
        return rule

    def make_share_bands(self, criterion):
        return {
            "kind": "share_bands", "grades": self.grades(), "counted": ["w"],
            "bands": [{"least": "80", "points": self.number(0, 9)},
                      {"least": "50", "points": self.number(0, 9)}],
            "otherwise": self.number(0, 5), "no_votes": self.rng.choice(UNDEFINED),
            "overrides": [{"grades": ["y"], "numerator": 1, "denominator": 3, "points": "1"}],
        }  # fmt: skip

    def make_rank_votes(self, criterion):
        return {"kind": "rank_votes", "points": ["100", "97", "94"],
                "no_votes": self.rng.choice(UNDEFINED)}  # fmt: skip

    def make_formula(self, criterion):
        expression = self.pick("5*a + 3*b - 2*c", "a / b", "full*a/(b - c)", "max(a, b, 1.5)/3",
                               "min(full, abs(a - b)) * c")  # fmt: skip
        inputs = [{"key": name, "title": name} for name in "abc"]
        return {"kind": "formula", "expression": expression, "inputs": inputs,
                "undefined": self.rng.choice(UNDEFINED)}  # fmt: skip

    def make_outside(self, criterion):
        how = self.pick("mean", "sum", "best", "latest")
        rule = {"kind": "carried", "source": "outside", "periods": ["p1", "p2", "p3"],
                "how": how, "of": self.pick("100", "60")}  # fmt: skip
        if how == "sum" and self.some():
            rule["divisor"] = self.pick("3", "12")
        return rule

    def make_carried(self, source, subject):
        how = self.pick("mean", "sum", "best", "latest")
        rule = {"kind": "carried", "source": self.pick("track", "rounds"),
                "track": source["key"], "how": how, "unit_of": subject == "secretary"}  # fmt: skip
        if subject == "unit" and source["subject"] == "secretary":
            rule |= {"members": True, "no_members": self.rng.choice(UNDEFINED)}
        if rule["source"] == "rounds":
            rule["rounds"] = [item["key"] for item in source["rounds"] if self.some(0.7)]
            rule["rounds"] = rule["rounds"] or [source["rounds"][0]["key"]]
        return rule
