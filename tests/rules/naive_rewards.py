"""Flags and awards of the naive calculator, from the words of docs/scheme.md; no code of
rewards.rules. Everything is looked at entry by entry."""

from tests.rules.naive_rules import F


class NaiveRewards:
    """Flags as {(rule, round, entry): effect}, awards as {(award, entry): (amount, months,
    people)}, and what waits for a decision as {(rule or award, entries, left)}."""

    def __init__(self, document, evidence, results):
        self.evidence, self.results = evidence, results
        self.groups = {entry.key: entry.group for entry in evidence.entries}
        self.flags, self.awards, self.waiting = {}, {}, set()
        self.taken = {(r.of, r.entry, r.round) for r in evidence.rulings if r.kind == "revoke_flag"}
        for track in document["tracks"]:
            self.track = track
            rows = results[track["key"]]
            self.ranked = {key: row for key, row in rows.items() if row["place"] is not None}
            self.colours = {}
            self.give_flags("", lambda row: row["total"], lambda row: row["place"])
            issues = {name for rule in track["flags"] for name in rule["rounds"]}
            self.times = dict(evidence.history)
            for round_ in track["rounds"]:
                if round_["key"] in issues:
                    self.give_flags(round_["key"], lambda row, n=round_["key"]: row["rounds"][n])
            self.flags = {key: effect for key, effect in self.flags.items() if not self.gone(*key)}
            for award in track["awards"]:
                self.give(award)
        self.home = {f["key"]: t["key"] for t in document["tracks"] for f in t["flags"]}
        self.colour = {f["key"]: f["colour"] for t in document["tracks"] for f in t["flags"]}
        own = dict(self.flags)
        for honour in document["honours"]:
            self.honour(honour, own)
        for pool in document["pools"]:
            self.pay_from(pool)

    def gone(self, rule, round_, entry):
        """Whether a flag was taken away again, in this round or in all of them."""
        return bool({(rule, entry, round_), (rule, entry, "")} & self.taken)

    def fields(self):
        """The ranked entries, by peer group."""
        groups = {}
        for key in self.ranked:
            name = self.groups[key] if self.track["peers"] == "group" else ""
            groups.setdefault(name, []).append(key)
        return [groups[name] for name in sorted(groups)]

    def decided(self, name, round_=""):
        """Who is named by the latest ruling on a boundary; of one for the round rather."""
        for wanted in dict.fromkeys((round_, "")):
            found = [
                r for r in self.evidence.rulings
                if r.kind == "boundary" and r.of == name and r.round == wanted
            ]  # fmt: skip
            if found:
                return set(found[-1].entries)
        return None

    def pick(self, places, quota, boundary, decided):
        """(chosen keys, waiting keys, openings left) from {key: place}."""
        chosen, waiting, left = set(), set(), 0
        for key, place in places.items():
            equal = {k for k, p in places.items() if p == place}
            if place > quota:
                continue
            if place - 1 + len(equal) <= quota or boundary == "extend":
                chosen.add(key)
            elif boundary == "ruling":
                openings = quota - place + 1
                if decided is None or len(equal & decided) > openings:
                    waiting, left = equal, openings
                elif key in decided:
                    chosen.add(key)
        return chosen, waiting, left

    def share(self, percent, count, rounding):
        exact = F(percent) * count / 100
        down = int(exact)
        more = {"down": False, "up": exact > down, "half": exact - down >= F(1, 2)}[rounding]
        return down + more

    # --- flags -----------------------------------------------------------------------------------

    def give_flags(self, round_, points, place_of=None):
        rules = [rule for rule in self.track["flags"] if round_ in (rule["rounds"] or [""])]
        for colour in ("red", "yellow"):
            for rule in rules:
                if rule["colour"] == colour:
                    for keys in self.fields():
                        self.flags_of(rule, round_, keys, points, place_of)
        if round_:
            for rule in rules:
                for key in self.results[self.track["key"]]:
                    flag = (rule["key"], round_, key)
                    held = flag in self.flags and not self.gone(*flag)
                    before = self.times.get((rule["key"], key), 0)
                    self.times[rule["key"], key] = before + 1 if held else 0

    def flags_of(self, rule, round_, keys, points, place_of):
        if len(keys) < rule["smallest"]:
            return
        value = {key: points(self.ranked[key]) for key in keys}
        if place_of is None:
            place = {k: 1 + sum(value[o] > value[k] for o in keys) for k in keys}
        else:
            place = {k: place_of(self.ranked[k]) for k in keys}
        if rule["colour"] == "yellow":
            place = {k: 1 + sum(place[o] > place[k] for o in keys) for k in keys}
        quotas = [len(keys)]
        if "places" in rule:
            quotas.append(rule["places"])
        if "percent" in rule:
            quotas.append(self.share(rule["percent"], len(keys), rule["percent_rounding"]))
        if len(quotas) > 1:
            quotas = quotas[1:]
        able = {
            k for k in keys
            if not (rule["colour"] == "red" and self.ranked[k]["effects"])
            and not ("at_least" in rule and value[k] < F(rule["at_least"]))
            and not ("below" in rule and value[k] >= F(rule["below"]))
        }  # fmt: skip
        decided = self.decided(rule["key"], round_)
        chosen, waiting, left = self.pick(place, min(quotas), rule["boundary"], decided)
        if waiting & able:
            self.waiting.add((rule["key"], tuple(sorted(waiting & able)), left))
        for key in chosen & able:
            if self.colours.setdefault((round_, key), rule["colour"]) != rule["colour"]:
                continue
            history = self.times if round_ else self.evidence.history
            times = history.get((rule["key"], key), 0) + 1
            effect = bool(rule["repeat"]) and times >= rule["repeat"]
            self.flags[rule["key"], round_, key] = effect

    # --- over all tracks -------------------------------------------------------------------------

    def honour(self, honour, flags):
        """Entry by entry: the flags that count, the best step that they reach."""
        for entry in self.groups:
            count, tracks = 0, set()
            for rule, _, holder in flags:
                named = not honour["rules"] or rule in honour["rules"]
                if holder == entry and named and self.colour[rule] == honour["colour"]:
                    count += 1
                    tracks.add(self.home[rule])
            if honour["count"] == "tracks":
                count = len(tracks)
            steps = [step for step in honour["steps"] if step["held"] <= count]
            yellow = any(e == entry and self.colour[r] == "yellow" for r, _, e in flags)
            if not count or not steps or (honour["no_yellow"] and yellow):
                continue
            if honour["colour"] == "red" and self.barred_from(honour, entry):
                continue
            if honour["gives"] == "flag":
                if not self.gone(honour["key"], "", entry):
                    self.flags[honour["key"], "", entry] = False
                continue
            step = steps[-1]
            amount = None
            if "amount" in step:
                amount = F(step["amount"]) * (count if step["each"] else 1)
            months = honour["months"] if honour["per"] == "month" else 0
            self.awards[honour["key"], entry] = (amount, months, 1)

    def barred_from(self, honour, entry):
        """Whether a gate bars the entry on any track that has a flag which counts."""
        for rule, track in self.home.items():
            named = not honour["rules"] or rule in honour["rules"]
            row = self.results[track].get(entry)
            if named and self.colour[rule] == honour["colour"] and row and row["effects"]:
                return True
        return False

    def pay_from(self, pool):
        """What the awards of a pool cost, one after another, and what is left for each."""

        def cost(names):
            return sum(
                (F(a or 0) * (m or 1) * n for (k, _), (a, m, n) in self.awards.items()
                 if k in names), F(0),
            )  # fmt: skip

        names = [item["award"] for item in pool["awards"]]
        whole, amount = cost(names), F(pool["amount"])
        if not whole or (pool["how"] != "share" and whole <= amount):
            return
        part = dict.fromkeys(names, (amount, whole))
        if pool["how"] == "order":
            for i, name in enumerate(names):
                left = max(amount - cost(names[:i]), F(0))
                part[name] = (min(left, cost([name])), cost([name]))
        for (name, entry), (money, months, people) in list(self.awards.items()):
            if name in part and money is not None and part[name][0] != part[name][1]:
                over, under = part[name]
                money = F(int(money * over / under))
                self.awards[name, entry] = (money, months, people)

    # --- awards ----------------------------------------------------------------------------------

    def give(self, award):
        given = {}
        for keys in self.fields():
            able = [k for k in keys if self.may_get(award, k)]
            if award["progress"]:
                self.by_progress(award, able, given)
            elif award["red_flag"]:
                self.by_flag(award, able, given)
            elif award["tiers"]:
                self.by_tier(award, keys, able, given)
            else:
                self.by_place(award, keys, able, given)
        months = award["months"] if award["per"] == "month" else 0
        people = {
            key: self.evidence.people.get((award["key"], key), award["people"]) for key in given
        }
        cost = sum((F(a or 0) * (months or 1) * people[k] for k, a in given.items()), F(0))
        for key, amount in given.items():
            if amount is not None and "pool" in award and cost > F(award["pool"]):
                amount = F(int(F(amount) * F(award["pool"]) / cost))
            self.awards[award["key"], key] = (amount, months, people[key])

    def may_get(self, award, key):
        row = self.ranked[key]
        lowered = award["tiers"] and row["effects"] == {"lowest"}
        if (row["effects"] and not lowered) or (
            "minimum" in award and row["total"] < F(award["minimum"])
        ):
            return False
        yellow = {rule["key"] for rule in self.track["flags"] if rule["colour"] == "yellow"}
        held = any(rule in yellow and entry == key for rule, _, entry in self.flags)
        return not (award["no_yellow"] and held)

    def among(self, keys):
        """Places 1, 1, 3 among some entries only."""
        place = {k: self.ranked[k]["place"] for k in keys}
        return {k: 1 + sum(place[o] < place[k] for o in keys) for k in keys}

    def settle(self, award, places, quota, able, given, amount):
        chosen, waiting, left = self.pick(
            places, quota, award["boundary"], self.decided(award["key"])
        )
        if waiting & able:
            self.waiting.add((award["key"], tuple(sorted(waiting & able)), left))
        for key in chosen & able:
            given[key] = amount(places[key], [k for k in chosen & able if places[k] == places[key]])
        return chosen | waiting

    def by_place(self, award, keys, able, given):
        places = {k: self.ranked[k]["place"] for k in keys}
        if award["vacated"] == "fill":
            places = self.among(able)
        quota = award["quota"]
        if "percent" in award:
            quota = self.share(award["percent"], len(keys), award["percent_rounding"])
        amounts = [F(a) for a in award["amounts"]]

        def amount(place, equals):
            if len(amounts) < 2:
                return amounts[0] if amounts else None
            if award["tied_amount"] == "share" and len(equals) > 1:
                taken = sum(amounts[place - 1 : place - 1 + len(equals)], F(0))
                return F(int(taken * 100) // len(equals), 100)
            return amounts[place - 1] if place <= len(amounts) else None

        self.settle(award, places, quota, set(able), given, amount)

    def by_tier(self, award, keys, able, given):
        rest = list(able)
        for tier in award["tiers"]:
            fit = [
                k for k in rest
                if ("minimum" not in tier or self.ranked[k]["total"] >= F(tier["minimum"]))
                and (tier is award["tiers"][-1] or not self.ranked[k]["effects"])
            ]  # fmt: skip
            quota = tier["places"]
            if "percent" in tier:
                quota = self.share(tier["percent"], len(keys), award["percent_rounding"])
            money = F(tier["amount"]) if "amount" in tier else None
            gone = self.settle(
                award, self.among(fit), quota, set(fit), given, lambda *_, m=money: m
            )
            rest = [k for k in rest if k not in gone]

    def by_flag(self, award, able, given):
        red = {rule["key"] for rule in self.track["flags"] if rule["colour"] == "red"}
        for key in able:
            count = sum(rule in red and entry == key for rule, _, entry in self.flags)
            if count:
                given[key] = F(award["amounts"][0]) * count if award["amounts"] else None

    def by_progress(self, award, able, given):
        for key in able:
            before = self.evidence.previous.get((self.track["key"], key))
            if before is None:
                continue
            up = before - self.ranked[key]["place"]
            for step in award["progress"]:
                if up >= step["up"]:
                    given[key] = F(step["amount"])
