"""Random complete evidence for a random scheme."""

from scoring.rules.evidence import LedgerFact, MarkFact, RulingFact


class RandomEvidence:
    """Gives every criterion of a case its evidence, by the criterion's rule."""

    def give_evidence(self, track, round_, criterion):
        kind = criterion["rule"]["kind"]
        for entry in self.evidence.entries:
            if entry.subject == track["subject"]:
                getattr(self, f"give_{kind}")(round_, criterion, entry)

    def rule_on_points(self, track, criterion):
        if self.some(0.1):
            entry = self.rng.choice(self.evidence.entries)
            self.evidence.rulings.append(
                RulingFact(self.key("d"), "set_points", criterion=criterion["key"],
                           entry=entry.key, value=self.number(-9, 99))
            )  # fmt: skip

    def give_marks(self, round_, criterion, entry):
        rule = criterion["rule"]
        place = (round_["key"], entry.key)
        if round_["panel"]["sites"] != "none" and place not in self.evidence.sites:
            self.evidence.sites[place] = self.pick((), ("m",), ("m", "n"), ("m", "n", "o"))
        sites = self.evidence.sites.get(place) or ("",)
        low, step = float(rule["low"]), float(rule["step"])
        steps = round((10 - low) / step)
        for judge in self.evidence.judges:
            for site in sites:
                value = f"{low + step * self.rng.randint(0, steps):.2f}"
                self.evidence.marks.append(
                    MarkFact(round_["key"], entry.key, judge.key, criterion["key"], value, site)
                )

    def trim_recusals(self):
        """Now and then a judge is recused or excluded, but never the last one of a group."""
        for group in "ab":
            judges = [judge for judge in self.evidence.judges if judge.group == group]
            for judge in judges[1:]:
                entry = self.rng.choice(self.evidence.entries)
                if self.some(0.2):
                    self.evidence.recusals.add((judge.key, entry.key))
                elif self.some(0.1):
                    self.evidence.rulings.append(
                        RulingFact(self.key("x"), "exclude_judge", judge=judge.key,
                                   entry=self.pick("", entry.key))
                    )  # fmt: skip

    def give_measured(self, round_, criterion, entry):
        few = self.pick(0, 0, 1, 2)
        self.evidence.measurements[entry.key, criterion["key"]] = {
            "value": self.number(-5, 60, few),
            "baseline": self.number(0, 50, few),
            "target": self.number(0, 50, few),
        }

    give_blend = give_measured

    def give_formula(self, round_, criterion, entry):
        self.evidence.measurements[entry.key, criterion["key"]] = {
            name: self.number(-3, 9) for name in "abc"
        }

    def give_ledger(self, round_, criterion, entry):
        for _ in range(self.rng.randint(0, 4)):
            item = self.rng.choice(criterion["rule"]["items"])
            points = "" if "points" in item and self.some() else self.number(0, 4)
            self.evidence.ledger.append(
                LedgerFact(self.key("k"), entry.key, criterion["key"], item["key"],
                           self.pick("2022-01-01", "2022-02-01"), points, "事由",
                           self.pick("", "m1", "m2"))
            )  # fmt: skip

    def give_votes(self, criterion, entry, names):
        self.evidence.votes[entry.key, criterion["key"]] = {
            name: str(self.rng.choice((0, 0, 1, 5, 9))) for name in names
        }

    def give_grade_votes(self, round_, criterion, entry):
        groups = criterion["rule"].get("groups") or [{"key": ""}]
        prefixes = [f"{g['key']}." if g["key"] else "" for g in groups]
        self.give_votes(criterion, entry, [p + g for p in prefixes for g in "wxyz"])

    def give_share_bands(self, round_, criterion, entry):
        self.give_votes(criterion, entry, "wxyz")

    def give_rank_votes(self, round_, criterion, entry):
        self.give_votes(criterion, entry, ("rank1", "rank2", "rank3"))

    def give_carried(self, round_, criterion, entry):
        if criterion["rule"]["source"] == "outside":
            self.evidence.carried[entry.key, criterion["key"]] = {
                period: self.number(0, 100) for period in ("p1", "p2", "p3")
            }
