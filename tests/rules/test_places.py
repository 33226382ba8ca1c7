"""From totals to places: shared places, ties, peer groups, gates, part-year terms."""

import pytest

from competitions.scheme.read import read_document
from scoring.rules.evidence import EntryFacts, Evidence, RulingFact
from scoring.rules.tabulate import tabulate
from tests.rules.small import criterion

DIRECT = {"kind": "measured", "quantity": "value", "conversion": {"kind": "direct"}}


def scheme_with(**track):
    rounds = [
        {"key": key, "title": title, "kind": "routine", "weight": "50",
         "criteria": [criterion(DIRECT, key=f"c-{key}", decimals=3, dimension="d")]}
        for key, title in (("first", "初赛"), ("final", "决赛"))
    ]  # fmt: skip
    return read_document(
        {
            "key": "s",
            "title": "办法",
            "dimensions": [{"key": "d", "title": "产业"}],
            "tracks": [{"key": "t", "title": "榜", "rounds": rounds, **track}],
        }
    )


def evidence_of(rows, facts=None):
    evidence = Evidence(entries=facts or [EntryFacts(f"e{n}", n) for n in range(1, len(rows) + 1)])
    for entry, (first, final) in zip(evidence.entries, rows, strict=True):
        evidence.measurements[entry.key, "c-first"] = {"value": first}
        evidence.measurements[entry.key, "c-final"] = {"value": final}
    return evidence


def places(result):
    return [entry.place for entry in result.tracks["t"].entries.values()]


def test_twenty_five_villages_share_places_and_skip_the_next():
    totals = [
        "98", "97.5", "97", "96", "95.5", "95", "94", "93", "93", "92", "92", "91", "90", "89",
        "88", "88", "88", "87", "87", "87", "86", "85", "84", "83", "82",
    ]  # fmt: skip
    result = tabulate(scheme_with(), evidence_of([(total, total) for total in totals]))
    assert places(result) == [
        1, 2, 3, 4, 5, 6, 7, 8, 8, 10, 10, 12, 13, 14, 15, 15, 15, 18, 18, 18, 21, 22, 23, 24, 25,
    ]  # fmt: skip


def test_totals_are_equal_when_equal_after_rounding():
    # 90.004 and 89.996 are both 90.00; 89.99 is not
    rows = [("90.004", "90.004"), ("89.996", "89.996"), ("89.99", "89.99")]
    result = tabulate(scheme_with(), evidence_of(rows))
    assert places(result) == [1, 1, 3]
    entries = result.tracks["t"].entries
    assert [entries[key].tied for key in ("e1", "e2", "e3")] == [True, True, False]


@pytest.mark.parametrize(
    ("ties", "expected"),
    [
        ([], [1, 1, 1]),
        ([{"by": "round", "of": "final"}], [2, 1, 2]),
        ([{"by": "criterion", "of": "c-final"}, {"by": "round", "of": "first"}], [2, 1, 3]),
        ([{"by": "dimension", "of": "d"}], [1, 1, 1]),
        ([{"by": "decimals", "decimals": 3}], [1, 1, 3]),
        ([{"by": "decimals", "decimals": 3}, {"by": "round", "of": "final"}], [2, 1, 3]),
    ],
)
def test_ties_are_broken_in_the_declared_order(ties, expected):
    # totals 90.004, 90.004, 90.00
    rows = [("90.008", "90"), ("90", "90.008"), ("90", "90")]
    assert places(tabulate(scheme_with(ties=ties), evidence_of(rows))) == expected


def test_broken_tie_says_how():
    scheme = scheme_with(ties=[{"by": "round", "of": "final"}])
    result = tabulate(scheme, evidence_of([("80", "90"), ("90", "80")]))
    entries = result.tracks["t"].entries
    assert entries["e1"].tie_reason == "总分相同，按“决赛”得分 90 分出先后"
    assert not entries["e1"].tied


def test_recorded_decision_orders_what_stays_tied():
    scheme = scheme_with(ties=[{"by": "decision"}])
    evidence = evidence_of([("90", "90"), ("90", "90"), ("95", "95")])
    waiting = tabulate(scheme, evidence)
    assert waiting.complete
    assert places(waiting) == [2, 2, 1]
    assert waiting.tracks["t"].entries["e1"].tie_reason == (
        "总分相同，名次并列，可由会议研究确定先后"
    )
    evidence.rulings = [
        RulingFact("v", "tie_order", track="t", entries=("e2", "e1"), reason="加投一票")
    ]
    decided = tabulate(scheme, evidence)
    assert places(decided) == [3, 2, 1]
    assert decided.tracks["t"].entries["e2"].tie_reason == "总分相同，按会议研究（裁定 v）分出先后"


def test_peer_groups_are_ranked_apart():
    facts = [
        EntryFacts("e1", 1, "farms"), EntryFacts("e2", 2, "towns"),
        EntryFacts("e3", 3, "farms"), EntryFacts("e4", 4, "towns"),
    ]  # fmt: skip
    rows = [("80", "80"), ("90", "90"), ("70", "70"), ("60", "60")]
    assert places(tabulate(scheme_with(peers="group"), evidence_of(rows, facts))) == [1, 1, 2, 2]
    assert places(tabulate(scheme_with(), evidence_of(rows, facts))) == [2, 1, 3, 4]


@pytest.mark.parametrize(
    ("effect", "expected"),
    [
        ("no_award", [1, 2, 3]),
        ("last", [3, 1, 2]),
        ("unranked", [None, 1, 2]),
        ("zero", [3, 1, 2]),
    ],
)
def test_veto_has_the_effect_that_the_scheme_says(effect, expected):
    gate = {"key": "veto", "title": "一票否决", "when": "ruling", "effect": effect}
    evidence = evidence_of([("90", "90"), ("80", "80"), ("70", "70")])
    evidence.rulings = [RulingFact("v", "veto", of="veto", entry="e1", reason="安全事故")]
    result = tabulate(scheme_with(gates=[gate]), evidence)
    assert places(result) == expected
    assert result.tracks["t"].entries["e1"].barred == ("一票否决",)
    assert result.tracks["t"].entries["e1"].total == ("0.00" if effect == "zero" else "90.00")


@pytest.mark.parametrize(
    ("when", "of", "failing"),
    [("total_below", "", ["e3"]), ("round_below", "final", ["e2", "e3"]),
     ("criterion_below", "c-first", ["e3"])],
)  # fmt: skip
def test_gates_by_threshold(when, of, failing):
    gate = {
        "key": "g", "title": "门槛", "when": when, "of": of, "threshold": "80",
        "effect": "no_award",
    }  # fmt: skip
    result = tabulate(
        scheme_with(gates=[gate]), evidence_of([("80", "80"), ("90", "79.9"), ("10", "10")])
    )
    entries = result.tracks["t"].entries
    assert [key for key, entry in entries.items() if entry.barred] == failing


def secretaries(months):
    return [EntryFacts("e1", 1, subject="secretary", months_in_office=months),
            EntryFacts("e2", 2, subject="secretary")]  # fmt: skip


@pytest.mark.parametrize(
    ("way", "months", "expected"),
    [
        ("count", 3, [("90.00", 1), ("80.00", 2)]),
        ("exclude", 5, [(None, None), ("80.00", 1)]),
        ("exclude", 12, [("90.00", 1), ("80.00", 2)]),
        ("prorate", 8, [("60.00", 2), ("80.00", 1)]),
    ],
)
def test_part_year_terms(way, months, expected):
    scheme = scheme_with(subject="secretary", part_year=way, part_year_months=12)
    result = tabulate(scheme, evidence_of([("90", "90"), ("80", "80")], secretaries(months)))
    entries = result.tracks["t"].entries
    assert [(entries[key].total, entries[key].place) for key in ("e1", "e2")] == expected


def test_part_year_term_waits_for_the_meeting():
    scheme = scheme_with(subject="secretary", part_year="ruling", part_year_months=12)
    evidence = evidence_of([("90", "90"), ("80", "80")], secretaries(4))
    result = tabulate(scheme, evidence)
    assert [(item.entry, item.message) for item in result.missing] == [
        ("e1", "任职 4 个月，不满 12 个月，是否参加排名尚无会议决定，请录入裁定。")
    ]
    evidence.rulings = [RulingFact("p", "part_year", entry="e1", value="prorate")]
    decided = tabulate(scheme, evidence)
    assert decided.tracks["t"].entries["e1"].total == "30.00"
    assert "；按任职月数 ×4÷12 = 30" in decided.tracks["t"].entries["e1"].tree.formula


def test_excluded_entry_is_listed_last_and_changes_nothing_for_others():
    evidence = evidence_of([("90", "90"), ("80", "80")])
    evidence.rulings = [RulingFact("x", "exclude_entry", track="t", entry="e1", reason="退出")]
    track = tabulate(scheme_with(), evidence).tracks["t"]
    assert track.order == ["e2", "e1"]
    assert track.entries["e1"].excluded == "经两人裁定（裁定 x）不参加排名"
    assert track.entries["e1"].tree.notes == ["经两人裁定（裁定 x）不参加排名。"]
    assert track.mean == "80.00"


def test_track_without_entries_is_not_complete():
    result = tabulate(scheme_with(), Evidence())
    assert [item.message for item in result.missing] == ["「榜」还没有参评对象，请先确定名单。"]


def test_round_places_follow_the_rounded_points():
    result = tabulate(scheme_with(), evidence_of([("90", "70"), ("90", "80"), ("60", "90")]))
    entries = result.tracks["t"].entries
    assert [entries[f"e{n}"].rounds["first"].place for n in (1, 2, 3)] == [1, 1, 3]
    assert [entries[f"e{n}"].rounds["final"].place for n in (1, 2, 3)] == [3, 2, 1]
