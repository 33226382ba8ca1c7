"""The published samples as bundles: each contest's own scheme, written from the words of its
`rule.json`; its raw marks; and every published value compared with what is tabulated.

The samples are read where they lie and copied nowhere: the bundles stand in a temporary folder.
Standard library and pure packages only. Ends with 1 when a single value is not exact.
"""

import csv
import sys
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from competitions.scheme.read import read_document
from competitions.scheme.write import to_document, to_toml
from publication.bundle.read import read_bundle
from publication.bundle.write import write_bundle
from scoring.rules.evidence import (
    EntryFacts,
    Evidence,
    JudgeFacts,
    MarkFact,
    RulingFact,
)
from scoring.rules.evidence import to_document as evidence_document
from scoring.rules.tabulate import tabulate

SHOWN = 10


@dataclass
class Contest:
    """One contest: its scheme document, and one of evidence or CSV tables {name: rows}."""

    title: str
    scheme: dict
    evidence: Evidence | None = None
    tables: dict[str, list] = field(default_factory=dict)
    expected: list = field(default_factory=list)
    """(what, entry, where, published value); where is None for total and place, else a criterion"""


def main():
    """This function will work through the samples and return the exit code."""
    samples = Path(sys.argv[1])
    if not samples.is_dir():
        print(f"未验证：没有样本文件夹 {samples}。")
        return 0
    all_exact = True
    for name, build in SETS.items():
        exact, published, wrong = Counter(), Counter(), []
        with tempfile.TemporaryDirectory(prefix="leitai-samples-") as folder:
            for number, contest in enumerate(build(samples / name)):
                path = write(contest, Path(folder) / str(number))
                compare(contest, path, exact, published, wrong)
        counts = "，".join(f"{what} {exact[what]}/{published[what]}" for what in published)
        print(f"{name}：{counts}")
        for sentence in wrong[:SHOWN]:
            print(f"　× {sentence}")
        all_exact = all_exact and bool(published) and exact == published
    print("全部一致。" if all_exact else "有不一致的数值。")
    return 0 if all_exact else 1


def write(contest, path):
    """This function will write a contest as a bundle: by hand in tables, or packed as a zip."""
    scheme = read_document(contest.scheme)
    if contest.evidence is None:
        path.mkdir()
        (path / "scheme.toml").write_text(to_toml(scheme), encoding="utf-8")
        for name, rows in contest.tables.items():
            with (path / name).open("w", encoding="utf-8", newline="") as stream:
                csv.writer(stream).writerows(rows)
        return path
    packed = path.with_suffix(".zip")
    documents = {
        "scheme.json": to_document(scheme),
        "evidence.json": evidence_document(contest.evidence),
    }
    packed.write_bytes(write_bundle(about={"title": contest.title}, documents=documents))
    return packed


def compare(contest, path, exact, published, wrong):
    """This function will tabulate a bundle and count the published values that came out."""
    with read_bundle(path) as bundle:
        result = tabulate(bundle.scheme, bundle.evidence)
    track = result.tracks["t"]
    if not result.complete or result.warnings:
        words = [item.message for item in result.missing[:3]] + list(result.warnings[:3])
        wrong.append(f"{contest.title}：{'；'.join(words)}")
    for what, entry, where, value in contest.expected:
        published[what] += 1
        found = find(track.entries[entry], what, where)
        if found is not None and Fraction(found) == Fraction(value):
            exact[what] += 1
        else:
            wrong.append(f"{contest.title} {entry} {where or ''} {what}：{found}，公布 {value}")


def find(entry, what, where):
    """This function will return a computed value as text or a whole number."""
    if what == "名次":
        return entry.place
    if what == "总分":
        return entry.total
    for round_ in entry.tree.children:
        for criterion in round_.children:
            if criterion.key == where:
                return criterion.values["panel"]
    return None


def read(path):
    """This function will return the rows of a CSV as dicts."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


# --- skating: factors, rounding of each criterion, technical points, deductions ------------------


def skating(folder):
    """This function will yield each event as a bundle written by hand in tables.

    Per criterion: drop one highest and one lowest, mean, half up to two places; × factor, half up
    to two places; total = elements + components − deductions. Ties in a free programme: the higher
    components; in a short programme: the higher elements.
    """
    entrants, judges, scores, changes, expected = (
        group(read(folder / f"{name}.csv"), "event")
        for name in ("contestants", "judges", "scores", "adjustments", "expected")
    )
    for event, criteria in group(read(folder / "criteria.csv"), "event").items():
        keys = {row["criterion"]: f"c{n}" for n, row in enumerate(criteria, 1)}
        tables = {
            "entries.csv": [("key", "name", "order")]
            + [(r["contestant"], r["nation"], r["start"]) for r in entrants[event]],
            "judges.csv": [("key", "number", "group")]
            + [(r["judge"], n, "panel") for n, r in enumerate(judges[event], 1)],
            "marks.csv": [("round", "entry", "judge", "criterion", "value")]
            + [
                ("components", r["contestant"], r["judge"], keys[r["criterion"]], r["value"])
                for r in scores[event]
            ],
            "measurements.csv": [("entry", "criterion", "input", "value")]
            + [
                (r["contestant"], "elements-total", "value", r["value"])
                for r in changes[event]
                if r["kind"] == "elements_total"
            ],
            "ledger.csv": [("key", "entry", "criterion", "item", "points")]
            + [
                (f"d{n}", r["contestant"], "deductions", "fall", r["value"].removeprefix("-"))
                for n, r in enumerate(changes[event])
                if r["kind"] == "deduction"
            ],
        }
        contest = Contest(event, skating_scheme(event, criteria, keys), tables=tables)
        for row in expected[event]:
            if row["criterion"] in keys:
                where = keys[row["criterion"]]
                contest.expected.append(("评委分", row["contestant"], where, row["aggregate"]))
            else:
                contest.expected.append(("总分", row["contestant"], None, row["total"]))
                contest.expected.append(("名次", row["contestant"], None, row["rank"]))
        yield contest


def skating_scheme(event, criteria, keys):
    """This function will return the scheme of one event."""
    decisive = "components" if "FREE" in event else "elements"
    components = [
        {
            "key": keys[row["criterion"]],
            "title": row["criterion"],
            "full": str(Fraction(row["weight"]) * 10),
            "decimals": 2,
            "rule": {"kind": "marks", "high": "10", "step": "0.25", "factor": row["weight"]},
        }
        for row in criteria
    ]
    elements = {
        "key": "elements-total",
        "title": "技术分",
        "full": "200",
        "rule": {"kind": "measured", "quantity": "value", "conversion": {"kind": "direct"}},
    }
    item = {"key": "fall", "title": "扣分", "sign": "deduction"}
    deductions = {
        "key": "deductions",
        "title": "扣分",
        "full": "0",
        "below_zero": True,
        "rule": {"kind": "ledger", "items": [item]},
    }
    full = str(sum(int(c["full"]) for c in components))
    trimmed = {"group": "panel", "drop_high": 1, "drop_low": 1, "trim_from": 3}
    panel = {"parts": [trimmed], "decimals": 2}
    return scheme(
        event,
        ["panel"],
        [
            {"key": "elements", "full": "200", "criteria": [elements, deductions]},
            {"key": "components", "full": full, "criteria": components, "panel": panel},
        ],
        decimals=2,
        ties=[{"by": "round", "of": decisive}],
    )


# --- dancing: panels whose size varies ------------------------------------------------------------


def dancing(folder):
    """This function will yield each week as a packed bundle.

    Total = sum of the judges present. Who was on no panel that week has no seat; who was on the
    panel of some performances only is left out of the others by a ruling. A performance that
    nobody marked sums to nothing: the scheme says that no judge at all means 0.
    """
    order = {row["judge"]: n for n, row in enumerate(read(folder / "judges.csv"), 1)}
    scores = group(read(folder / "scores.csv"), "series", "week")
    for week, rows in group(read(folder / "expected.csv"), "series", "week").items():
        title = f"第 {week[0]} 季第 {week[1]} 周"
        present = {row["judge"] for row in scores[week]}
        marked = {(danced(row), row["judge"]) for row in scores[week]}
        evidence = Evidence(
            entries=[EntryFacts(danced(row), int(row["running_order"])) for row in rows],
            judges=[JudgeFacts(judge, order[judge], "panel") for judge in sorted(present)],
            marks=[
                MarkFact("dance", danced(row), row["judge"], "d", row["value"])
                for row in scores[week]
            ],
            rulings=[
                RulingFact(
                    f"{danced(row)}.{judge}",
                    "exclude_judge",
                    round="dance",
                    entry=danced(row),
                    judge=judge,
                    reason="不在本场评委席",
                )
                for row in rows
                for judge in sorted(present)
                if (danced(row), judge) not in marked
            ],
        )
        contest = Contest(title, dancing_scheme(title, max(1, len(present))), evidence)
        contest.expected = [("总分", danced(row), None, row["total"]) for row in rows]
        yield contest


def danced(row):
    """This function will name a performance: a contestant may dance twice in a week."""
    return f"{row['running_order']}-{row['contestant']}"


def dancing_scheme(title, judges):
    """This function will return the scheme of one week."""
    criterion = {
        "key": "d",
        "title": "舞蹈",
        "full": str(10 * judges),
        "rule": {"kind": "marks", "low": "1", "high": "10", "step": "1"},
    }
    panel = {"parts": [{"group": "panel", "average": "sum", "minimum": 0}]}
    round_ = {"key": "dance", "full": criterion["full"], "criteria": [criterion], "panel": panel}
    return scheme(title, ["panel"], [round_], decimals=0)


# --- song contest: two judge groups, tie broken by the televote -----------------------------------


def song_contest(folder):
    """This function will yield each year as a packed bundle.

    Total = jury points + televote points; among equal totals the higher televote stands before.
    """
    entrants, judges, scores, expected = (
        group(read(folder / f"{name}.csv"), "year")
        for name in ("contestants", "judges", "scores", "expected")
    )
    for year, rows in expected.items():
        groups = {row["judge"]: row["group"] for row in judges[year]}
        evidence = Evidence(
            entries=[EntryFacts(r["contestant"], int(r["running"])) for r in entrants[year]],
            judges=[JudgeFacts(key, n, name) for n, (key, name) in enumerate(groups.items(), 1)],
            marks=[
                MarkFact(
                    groups[r["judge"]],
                    r["contestant"],
                    r["judge"],
                    f"{groups[r['judge']]}-points",
                    r["value"],
                )
                for r in scores[year]
            ],
        )
        contest = Contest(f"{year} 年", song_scheme(year, Counter(groups.values())), evidence)
        for row in rows:
            contest.expected.append(("总分", row["contestant"], None, row["total"]))
            contest.expected.append(("名次", row["contestant"], None, row["rank"]))
        yield contest


def song_scheme(year, groups):
    """This function will return the scheme of one year; `groups` counts the judges of each."""
    rounds = []
    for name, count in groups.items():
        criterion = {
            "key": f"{name}-points",
            "title": name,
            "full": str(12 * count),
            "rule": {"kind": "marks", "high": "12", "step": "1"},
        }
        panel = {"parts": [{"group": name, "average": "sum"}]}
        rounds.append(
            {"key": name, "full": criterion["full"], "criteria": [criterion], "panel": panel}
        )
    ties = [{"by": "round", "of": "televote"}]
    return scheme(f"{year} 年", list(groups), rounds, decimals=0, ties=ties)


# --- shared --------------------------------------------------------------------------------------


def scheme(title, groups, rounds, **track):
    """This function will return a scheme of one track whose rounds are added up."""
    full = str(sum(int(round_["full"]) for round_ in rounds))
    return {
        "key": "sample",
        "title": title,
        "judge_groups": [{"key": name, "title": name} for name in groups],
        "tracks": [
            {
                "key": "t",
                "title": title,
                "combine": "sum",
                "full": full,
                "rounds": [{"title": r["key"], "kind": "arena", **r} for r in rounds],
                **track,
            }
        ],
    }


def group(rows, *names):
    """This function will return the rows by one column's value, or by a tuple of several."""
    found = defaultdict(list)
    for row in rows:
        key = tuple(row[name] for name in names)
        found[key if len(names) > 1 else key[0]].append(row)
    return found


SETS = {"skating": skating, "dancing": dancing, "song-contest": song_contest}

if __name__ == "__main__":
    sys.exit(main())
