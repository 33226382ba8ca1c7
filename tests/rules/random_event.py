"""Random live events of a random scheme: what overtime costs, and who was over by how much."""

from scoring.rules.evidence import RulingFact


class RandomEvent:
    """Makes a marked round an event in which overtime costs points."""

    def make_event(self, track, round_):
        """This function will give the round an event, and the seconds of every entry."""
        points, decimals = self.number(1, 3, 1), round_.get("decimals", 2)
        if decimals == 0:
            points = self.pick("1", "2")
        rule = {
            "segments": self.pick(["汇报"], ["答辩", "汇报"]), "allowance": self.pick(0, 0, 5, 30),
            "how": self.pick("each", "each", "once"), "points": points,
            "below": self.pick("stop", "through"),
        }  # fmt: skip
        if rule["how"] == "each":
            rule |= {"every": self.pick(1, 7, 30, 60), "cap": self.pick("3", "8", "200")}
        round_["kind"] = "arena"
        round_["event"] = {
            "reveal": "at_end", "overtime": rule,
            "segments": [{"title": "汇报", "seconds": 300}, {"title": "答辩", "seconds": 120}],
        }  # fmt: skip
        for entry in self.evidence.entries:
            if entry.subject == track["subject"]:
                seconds = self.pick(0, 0, 4, 5, 6, 29, 30, 31, 61, 200)
                self.evidence.overtime[round_["key"], entry.key] = seconds
        if self.some(0.3):
            entry = self.pick("", self.rng.choice(self.evidence.entries).key)
            self.evidence.rulings.append(
                RulingFact(self.key("o"), "set_overtime", round=round_["key"], entry=entry,
                           value=str(self.pick(0, 12, 45)))
            )  # fmt: skip
