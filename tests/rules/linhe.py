"""The worked example of the Linhe scheme as evidence, from its hand-written patterns."""

import tomllib
from fractions import Fraction
from pathlib import Path

from scoring.rules.evidence import (
    EntryFacts,
    Evidence,
    JudgeFacts,
    LedgerFact,
    MarkFact,
    RulingFact,
)

FOLDER = Path(__file__).parent / "data" / "linhe"
GRADES = ("excellent", "good", "fair", "poor", "abstained")
INPUTS = {
    "satisfaction": ("value",),
    "requests": ("value",),
    "farmland": ("value", "target"),
    "rectified": ("value", "target"),
}


def read_data(name):
    """This function will read one of the example's TOML files."""
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def decimal(value: Fraction) -> str:
    """This function will write a mark, a multiple of one half, as a decimal string."""
    doubled = value * 2
    assert doubled.denominator == 1
    return f"{doubled.numerator // 2}" + (".5" if doubled.numerator % 2 else "")


def worked_evidence() -> Evidence:
    """This function will return the whole evidence of the worked example."""
    data = read_data("evidence.toml")
    evidence = Evidence()
    for order, key in enumerate(data["entries"]["keys"], 1):
        evidence.entries.append(EntryFacts(key, order))
        months = data["months"].get(key)
        evidence.entries.append(
            EntryFacts(f"s-{key}", order, subject="secretary", of=key, months_in_office=months)
        )
    evidence.judges = [JudgeFacts(f"r{n}", n, "review") for n in range(1, 8)]
    evidence.judges += [JudgeFacts(f"a{n}", n, "arena") for n in range(1, 10)]
    _add_reviews(evidence, data)
    _add_routine(evidence, data)
    _add_arena(evidence, data, "arena", "arena", "a-", "")
    _add_arena(evidence, data, "person", "sec-arena", "s-", "s-")
    for group, table in data["votes"].items():
        for key, counts in table.items():
            votes = evidence.votes.setdefault((f"s-{key}", "s-vote"), {})
            for grade, count in zip(GRADES, counts, strict=True):
                votes[f"{group}.{grade}"] = str(count)
    evidence.rulings += [
        RulingFact("p1", "part_year", entry="s-bayi", value="exclude", reason="任职4个月"),
        RulingFact("p2", "part_year", entry="s-shuguang", value="count", reason="任职5个月"),
    ]
    return evidence


def _add_reviews(evidence, data):
    """Recusals hold for all rounds in the evidence; here they belong to one round only, so those
    of a single review stand as rulings."""
    for name, prefix in (("review1", "r1-"), ("review2", "r2-")):
        table = data[name]
        for entry, bases in table["base"].items():
            away = [*table["recused"].get(entry, []), *table["excluded"].get(entry, [])]
            for number in away:
                evidence.rulings.append(
                    RulingFact(
                        f"{name}-{entry}-{number}",
                        "exclude_judge",
                        round=name,
                        entry=entry,
                        judge=f"r{number}",
                        reason="本次联评回避",
                    )
                )
            sites = table.get("sites", {}).get(entry, [""])
            if sites != [""]:
                evidence.sites[name, entry] = tuple(sites)
            for number, offset in enumerate(table["offsets"], 1):
                if number in away:
                    continue
                for criterion, base in zip(table["criteria"], bases, strict=True):
                    for site in sites:
                        mark = Fraction(str(base)) + Fraction(offset)
                        if site == "c":
                            mark += Fraction(table["third_site_more"])
                        evidence.marks.append(
                            MarkFact(
                                name, entry, f"r{number}", prefix + criterion, decimal(mark), site
                            )
                        )


def _add_routine(evidence, data):
    for criterion, table in data["routine"].items():
        names = INPUTS.get(criterion, ("baseline", "value"))
        for entry, values in table.items():
            evidence.measurements[entry, criterion] = dict(zip(names, values, strict=True))
    for event in data["ledger"]:
        evidence.ledger.append(LedgerFact(criterion="ledger", **event))


def _add_arena(evidence, data, name, round_key, prefix, entry_prefix):
    table = data[name]
    for unit, bases in table["base"].items():
        for number, offsets in enumerate(table["offsets"], 1):
            if number in table["recused"].get(unit, []):
                evidence.recusals.add((f"a{number}", unit))
                continue
            for criterion, base, offset in zip(table["criteria"], bases, offsets, strict=True):
                mark = Fraction(str(base)) + Fraction(offset)
                evidence.marks.append(
                    MarkFact(
                        round_key,
                        entry_prefix + unit,
                        f"a{number}",
                        prefix + criterion,
                        decimal(mark),
                    )
                )
