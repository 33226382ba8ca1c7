"""The figures of the demonstration: plausible, and the same whenever and wherever they are made.

Everything follows from digests of words: no random numbers, no clock, whole numbers throughout.
"""

import hashlib
from dataclasses import dataclass
from decimal import Decimal

PER_MILLE = 1000
# How well each unit does in 2022, in thousandths, in official order.
QUALITY = {
    "狼山镇": 904,
    "新华镇": 921,
    "干召庙镇": 893,
    "乌兰图克镇": 862,
    "双河镇": 910,
    "城关镇": 881,
    "白脑包镇": 852,
    "曙光乡": 878,
    "八一乡": 836,
    "狼山农场": 822,
    "临河农场": 868,
}
WORST, BEST = 800, 940
# How much better (‰) than its year a unit does on the day of a round.
MOODS = {"review2": 8, "arena": 4}


def pick(count, *words):
    """This function will return a whole number 0 … count − 1 that depends on the words alone."""
    digest = hashlib.sha256("/".join(map(str, words)).encode()).digest()
    return int.from_bytes(digest[:8], "big") % count


def sway(most, *words):
    """This function will return a whole number −most … most that depends on the words alone."""
    return pick(2 * most + 1, *words) - most


def mark(criterion, *, quality, judge, words):
    """This function will return a judge's mark on a criterion, on its step, as decimal text.

    `quality` is in thousandths of the full marks; each judge has his own leniency, and each mark
    its own mood. It stays between 60 % and 100 % of the full marks.
    """
    rule = criterion.rule
    steps = int((rule.high - rule.low) / rule.step)
    share = quality + sway(18, "leniency", judge) + sway(45, "mark", judge, criterion.key, *words)
    share = max(600, min(PER_MILLE, share))
    number = (2 * steps * share + PER_MILLE) // (2 * PER_MILLE)
    return decimal_text(rule.low + rule.step * number)


def marks_of(line, *, year, round_key, judge, mood=0):
    """This function will return {criterion key: decimal text}: a judge's marks of one line of his
    sheet. `mood` is how much better (‰) than its year the unit does on the day."""
    unit = line.entry.heading
    return {
        criterion.key: mark(
            criterion,
            quality=quality_of(unit, year, round_key, criterion.dimension) + mood,
            judge=judge,
            words=(year, round_key, unit, line.site_key),
        )
        for criterion in line.criteria
    }


def quality_of(unit, year, *words):
    """This function will return how well a unit does in a year (and a part of it), in ‰."""
    later = sway(14, "year", year, unit) if year != 2022 else 0
    part = sway(16, "part", year, unit, *words) if words else 0
    usual = QUALITY.get(unit) or WORST + pick(BEST - WORST, "quality", unit)
    return usual + later + part


@dataclass(frozen=True)
class Indicator:
    """How an indicator usually looks: last year's range, this year's change, and its decimals.

    `change` is in thousandths of last year's value where `relative`, else in its own unit; the
    second end belongs to the best unit. `target` is the range of the year's target. A `share` is a
    part of a whole in %: it never passes 100, however long it grows.
    """

    low: str
    high: str
    change: tuple
    places: int = 0
    relative: bool = False
    target: tuple = ()
    share: bool = False

    def moved(self, baseline, change):
        """This function will return the value after a year that began with the baseline."""
        if self.relative:
            return baseline + baseline * change / PER_MILLE
        # Of what is missing to the whole a year brings nine tenths at most.
        return baseline + (min(change, (100 - baseline) * 9 / 10) if self.share else change)


INDICATORS = {
    "income": Indicator("19860", "24350", (38, 96), relative=True),
    "investment": Indicator("2100", "9600", (260, 2380)),
    "output": Indicator("31200", "96800", (24, 87), relative=True),
    "visitors": Indicator("2.4", "33.5", ("0.18", "3.85"), places=2),
    "jobs": Indicator("186", "524", (14, 126)),
    "entrepreneurs": Indicator("6", "23", (1, 11)),
    "civility": Indicator("48.5", "71.0", ("1.6", "9.4"), places=1, share=True),
    "satisfaction": Indicator("84.2", "88.6", ("0.4", "8.2"), places=1, share=True),
    "sewage": Indicator("22.0", "54.5", ("3.5", "16.5"), places=1, share=True),
    "water": Indicator("520", "638", (-8, -66), relative=True),
    "farmland": Indicator("0", "0", (880, 1085), target=(3000, 12000)),
    "collective": Indicator("386", "1652", (46, 212), places=1, relative=True),
    "rectified": Indicator("0", "0", (1000, 1000), target=(1, 3)),
    "requests": Indicator("84.0", "87.5", ("1.0", "10.8"), places=1, share=True),
}
# One unit did not bring round every weak village organisation that it had undertaken to.
SHORT_OF_TARGET = {("八一乡", "rectified")}


def measure(criterion, unit, year):
    """This function will return {input key: decimal text} of a unit's indicator in a year."""
    known = INDICATORS[criterion.key]
    wanted = {item.key for item in criterion.inputs}
    first, last = map(Decimal, known.change)
    change = _change(first, last, year, unit, criterion)
    values = {}
    if known.target:
        values["target"] = Decimal(_between(*known.target, "target", year, unit, criterion.key))
        if values["target"] > 100:
            values["target"] -= values["target"] % 50
        values["value"] = values["target"] * change / PER_MILLE
        if (unit, criterion.key) in SHORT_OF_TARGET:
            values["target"], values["value"] = Decimal(3), Decimal(2)
    else:
        low, high = Decimal(known.low), Decimal(known.high)
        share = pick(PER_MILLE + 1, "size", unit, criterion.key)
        baseline = _round(low + (high - low) * share / PER_MILLE, known.places)
        for earlier in range(2022, year):
            changed = _change(first, last, earlier, unit, criterion)
            baseline = _round(known.moved(baseline, changed), known.places)
        values["baseline"] = baseline
        values["value"] = known.moved(baseline, change)
    return {
        key: decimal_text(_round(value, known.places))
        for key, value in values.items()
        if key in wanted
    }


def _change(first, last, year, unit, criterion):
    """How much an indicator of a unit changes in a year, between the ends of its range."""
    strength = (QUALITY[unit] - WORST) * PER_MILLE // (BEST - WORST)
    luck = pick(PER_MILLE + 1, "luck", year, unit, criterion.key)
    return first + (last - first) * ((strength + luck) // 2) / PER_MILLE


def votes(criterion, unit, year):
    """This function will return {input key: number of votes} of a secretary's assessment."""
    counted = {}
    quality = quality_of(unit, year, "vote")
    for group, least, most in (("cadres", 38, 52), ("people", 61, 84)):
        ballots = _between(least, most, "ballots", year, unit, group)
        shares = {"abstained": pick(3, "abstained", year, unit, group)}
        left = ballots - shares["abstained"]
        excellent = 620 + (quality - WORST) * 2 + sway(40, "excellent", year, unit, group)
        shares["excellent"] = left * excellent // PER_MILLE
        left -= shares["excellent"]
        shares["poor"] = pick(3, "poor", year, unit, group) if quality < 850 else 0
        shares["good"] = (left - shares["poor"]) * 3 // 4
        shares["fair"] = left - shares["poor"] - shares["good"]
        counted |= {f"{group}.{grade}": str(number) for grade, number in shares.items()}
    return {item.key: counted[item.key] for item in criterion.inputs}


def _between(low, high, *words):
    return low + pick(high - low + 1, *words)


def _round(value, places):
    return value.quantize(Decimal(1).scaleb(-places))


def decimal_text(value):
    """This function will write a Decimal without exponent or trailing zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
