"""Random flags and awards for a random scheme, with what earlier issues and meetings say."""

from scoring.rules.evidence import RulingFact


class RandomRewards:
    """Gives a track flags and awards, and the evidence that decides about them."""

    def make_rewards(self, track):
        """This function will put flags and awards into a track document."""
        rounds = [item["key"] for item in track["rounds"] if item.get("decimals") is not None]
        track["flags"] = [
            self.make_flag(colour, rounds) for colour in ("red", "yellow") if self.some()
        ]
        track["awards"] = [self.make_award(track) for _ in range(self.pick(0, 1, 1, 2))]

    def boundary(self, key, round_=""):
        """A choice for ties, and now and then a recorded decision about one."""
        boundary = self.pick("extend", "exclude", "ruling")
        if boundary == "ruling" and self.some():
            named = tuple(e.key for e in self.evidence.entries if self.some(0.3))
            self.evidence.rulings.append(
                RulingFact(self.key("b"), "boundary", of=key, round=round_, entries=named)
            )
        return boundary

    def make_flag(self, colour, rounds):
        key = self.key("f")
        rule = {"key": key, "title": "旗", "colour": colour, "smallest": self.pick(0, 0, 2, 4)}
        issues = [name for name in rounds if self.some(0.7)] if self.some(0.4) else []
        rule["rounds"] = issues
        rule["boundary"] = self.boundary(key, self.pick("", *issues))
        if self.some(0.7):
            rule["places"] = self.rng.randint(1, 3)
        if self.some(0.3) or "places" not in rule:
            rule |= {"percent": self.number(0, 100),
                     "percent_rounding": self.pick("down", "up", "half")}  # fmt: skip
        if self.some(0.3):
            rule["at_least" if colour == "red" else "below"] = self.number(0, 90)
        if self.some(0.4):
            rule |= {"repeat": self.pick(2, 3), "repeat_effect": "约谈"}
        for entry in self.evidence.entries:
            if self.some(0.2):
                self.evidence.history[key, entry.key] = self.rng.randint(1, 2)
            if self.some(0.1):
                self.evidence.rulings.append(
                    RulingFact(self.key("w"), "revoke_flag", of=key, entry=entry.key,
                               round=self.pick("", *issues))
                )  # fmt: skip
        return rule

    def make_award(self, track):
        key = self.key("a")
        award = {"key": key, "title": "奖", "to": track["subject"],
                 "boundary": self.boundary(key), "vacated": self.pick("leave", "fill"),
                 "tied_amount": self.pick("place", "share"), "no_yellow": self.some(0.3),
                 "people": self.pick(1, 1, 3)}  # fmt: skip
        if self.some(0.3):
            award |= {"per": "month", "months": self.pick(6, 12)}
        for name, high in (("minimum", 80), ("pool", 5000)):
            if self.some(0.2):
                award[name] = self.number(0, high)
        way = self.pick("quota", "quota", "percent", "tiers", "progress", "red_flag")
        if way == "quota":
            award["quota"] = self.rng.randint(1, 4)
            count = self.pick(0, 1, award["quota"])
            award["amounts"] = [self.number(100, 900) for _ in range(count)]
        elif way == "percent":
            award |= {"percent": self.number(0, 100), "amounts": [self.number(100, 900)],
                      "percent_rounding": self.pick("down", "up", "half")}  # fmt: skip
        elif way == "tiers":
            award["tiers"] = [self.make_tier() for _ in range(self.rng.randint(1, 3))]
        elif way == "progress":
            award["progress"] = [{"up": up, "amount": self.number(100, 900)} for up in (1, 3)]
        else:
            award |= {"red_flag": True, "amounts": [self.number(100, 900)]}
        for entry in self.evidence.entries:
            if self.some(0.2):
                self.evidence.people[key, entry.key] = self.rng.randint(0, 6)
            if self.some(0.5):
                self.evidence.previous[track["key"], entry.key] = self.rng.randint(1, 6)
        return award

    def make_tier(self):
        size = {"places": self.rng.randint(1, 2)}
        if self.some(0.4):
            size = {"percent": self.number(0, 60)}
        tier = {"title": "等", **size}
        if self.some(0.8):
            tier["amount"] = self.number(100, 900)
        if self.some(0.3):
            tier["minimum"] = self.number(0, 80)
        return tier

    def make_honours(self, document):
        """This function will put honours for several flags and shared sums into a document, and
        gates that leave no more than an award's lowest tier."""
        for track in document["tracks"]:
            if any(award.get("tiers") for award in track["awards"]) and self.some():
                for gate in track.get("gates", ()):
                    gate["effect"] = "lowest"
        document["honours"], document["pools"] = [], []
        for colour in ("red", "yellow"):
            for subject in ("unit", "secretary"):
                own = [
                    (track, rule) for track in document["tracks"] if track["subject"] == subject
                    for rule in track["flags"] if rule["colour"] == colour
                ]  # fmt: skip
                if own and self.some(0.7):
                    document["honours"].append(self.make_honour(colour, own))
        awards = [award for track in document["tracks"] for award in track["awards"]]
        awards += [item for item in document["honours"] if item["gives"] == "award"]
        paid = [item["key"] for item in awards if self.is_paid(item)]
        self.rng.shuffle(paid)
        if paid and self.some(0.7):
            names = paid[: self.rng.randint(1, len(paid))]
            limited = any("pool" in item for item in awards if item["key"] in names)
            document["pools"].append(
                {"key": self.key("p"), "title": "总额", "amount": self.number(1, 4000),
                 "how": self.pick("proportion", "order", *(() if limited else ("share",))),
                 "awards": [{"award": name} for name in names]}
            )  # fmt: skip

    def is_paid(self, award):
        steps = [*award.get("steps", ()), *award.get("tiers", ())]
        money = any("amount" in step for step in steps)
        return bool(money or award.get("amounts") or award.get("progress"))

    def make_honour(self, colour, own):
        count = self.pick("flags", "flags", "tracks")
        most = len({track["key"] for track, _ in own})
        if count == "flags":
            most = sum(max(len(rule["rounds"]), 1) for _, rule in own)
        gives = "flag" if colour == "yellow" else self.pick("award", "award", "flag")
        steps = [{"held": held} for held in range(1, most + 1) if held == 1 or self.some()]
        for step in steps:
            if gives == "award" and self.some(0.8):
                step |= {"amount": self.number(100, 900), "each": self.some()}
        honour = {"key": self.key("h"), "title": "综合", "colour": colour, "gives": gives,
                  "rules": [rule["key"] for _, rule in own], "count": count,
                  "steps": steps[self.pick(0, 0, len(steps) - 1):], "to": own[0][0]["subject"],
                  "no_yellow": self.some(0.2)}  # fmt: skip
        if gives == "award" and self.some(0.3):
            honour |= {"per": "month", "months": self.pick(6, 12)}
        if gives == "flag" and self.evidence.entries and self.some(0.3):
            entry = self.pick(*self.evidence.entries).key
            ruling = RulingFact(self.key("w"), "revoke_flag", of=honour["key"], entry=entry)
            self.evidence.rulings.append(ruling)
        return honour
