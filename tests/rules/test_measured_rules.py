"""Measured indicators: every conversion and quantity with its published worked example."""

import pytest

from scoring.rules.evidence import EntryFacts, RulingFact
from scoring.rules.tabulate import tabulate
from tests.rules.small import (
    criterion,
    measured,
    points,
    points_of,
    scheme_of,
    with_inputs,
)


def values(*numbers):
    return [{"value": number} for number in numbers]


def pairs(*numbers):
    return [{"baseline": a, "value": b} for a, b in numbers]


def targets(*numbers):
    return [{"value": a, "target": b} for a, b in numbers]


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("all", ["20", "0", "20"]),
        ("capped", ["20", "15", "20"]),
        ("uncapped", ["20", "15", "25"]),
    ],
)
def test_target_all_or_nothing_capped_and_uncapped(mode, expected):
    rule = measured("value", {"kind": "reach", "mode": mode}, undefined="ruling")
    rows = targets(("80", "80"), ("60", "80"), ("100", "80"))
    assert points_of(rule, rows, full="20", above_full=mode == "uncapped") == expected


def test_target_where_less_is_better_turns_the_ratio_round():
    rule = measured("value", {"kind": "reach", "mode": "capped"}, better="less", undefined="ruling")
    assert points_of(rule, targets(("40", "20"), ("10", "20")), full="10") == ["5", "10"]


def test_ratio_to_best():
    rule = measured("value", {"kind": "best"}, undefined="ruling")
    assert points_of(rule, values("50", "200", "120"), full="30") == ["7.5", "30", "18"]


def test_ratio_to_best_where_less_is_better():
    rule = measured("value", {"kind": "best"}, better="less", undefined="ruling")
    assert points_of(rule, values("50", "200", "100"), full="30") == ["30", "7.5", "15"]


def test_one_more_per_cent_adds_one_up_to_two_and_one_less_takes_one_down_to_zero():
    # full 10 at 100 %; + 1 for every 1 % over (at most 2), − 1 for every 1 % under, to zero
    conversion = {
        "kind": "per_unit", "start": "10", "unit": "1", "over": "1", "over_cap": "2", "under": "1",
    }  # fmt: skip
    rule = measured("percent_completion", conversion, undefined="ruling")
    rows = targets(("100", "100"), ("101", "100"), ("105", "100"), ("97.5", "100"), ("50", "100"))
    assert points_of(rule, rows, full="10", above_full=True) == ["10", "11", "12", "7.5", "0"]


def test_whole_units_only():
    conversion = {
        "kind": "per_unit", "start": "8", "unit": "1", "over": "0.5", "over_cap": "2",
        "under": "1", "target": "90", "whole": True,
    }  # fmt: skip
    rule = measured("value", conversion)
    assert points_of(rule, values("92.9", "88.1", "90"), full="10") == ["9", "7", "8"]


def test_marginal_segments_over_successive_ten_points():
    # B + x1·B/20 + x2·B/40 + x3·B/60 with B = 50: 2.5, 1.25 and 50/60 a point
    conversion = {
        "kind": "segments", "start": "50", "origin": "100", "under": "0.5",
        "segments": [
            {"width": "10", "divisor": "20"},
            {"width": "10", "points": "1.25"},
            {"width": "10", "divisor": "60"},
        ],
    }  # fmt: skip
    rule = measured("value", conversion)
    rows = values("100", "104", "115", "126", "150", "90")
    # 50 + 4·2.5; 50 + 25 + 5·1.25; 50 + 25 + 12.5 + 6·50/60; + 10·50/60 at most; 50 − 10·0.5
    assert points_of(rule, rows, full="50", above_full=True) == [
        "50", "60", "81.25", "92.5", "575/6", "45",
    ]  # fmt: skip


def test_rank_points_fall_by_five_per_cent():
    rule = measured("value", {"kind": "rank", "mode": "percent", "step": "5"})
    rows = values("9", "8", "8", "7")
    # ranks 1, 2, 2, 4: 100 %, 95 %, 95 %, 85 %
    assert points_of(rule, rows, full="20") == ["20", "19", "19", "17"]


def test_rank_points_by_steps_end_at_zero():
    rule = measured("value", {"kind": "rank", "mode": "step", "step": "4"})
    assert points_of(rule, values("1", "2", "3", "4"), full="10") == ["0", "2", "6", "10"]


def test_rank_points_linear_from_600_to_500():
    rule = measured("value", {"kind": "rank", "mode": "linear", "first": "600", "last": "500"})
    rows = values("5", "4", "3", "2", "1")
    assert points_of(rule, rows, full="600") == ["600", "575", "550", "525", "500"]


def test_linear_rank_points_of_a_single_entry_are_the_first():
    rule = measured("value", {"kind": "rank", "mode": "linear", "first": "600", "last": "500"})
    assert points_of(rule, values("5"), full="600") == ["600"]


def test_rank_alone_may_wait_for_a_ruling():
    rule = measured("value", {"kind": "rank", "mode": "step", "step": "1", "alone": "ruling"})
    scheme = scheme_of([criterion(rule)])
    result = tabulate(scheme, with_inputs(scheme, values("5")))
    assert [item.message for item in result.missing] == [
        "环节：「指标」只有一个参评对象，无法排名赋分，请由会议研究裁定得分。"
    ]


def test_bands():
    bands = [
        {"least": "95", "points": "10"}, {"least": "90", "points": "8"}, {"points": "5"},
    ]  # fmt: skip
    rule = measured("value", {"kind": "bands", "bands": bands})
    assert points_of(rule, values("95", "94.99", "90", "0"), full="10") == ["10", "8", "8", "5"]


def test_bands_where_less_is_better():
    bands = [{"least": "1", "points": "10"}, {"least": "3", "points": "6"}, {"points": "0"}]
    rule = measured("value", {"kind": "bands", "bands": bands}, better="less")
    assert points_of(rule, values("1", "1.1", "3", "4"), full="10") == ["10", "6", "6", "0"]


def test_efficacy_coefficient():
    rule = measured("value", {"kind": "efficacy", "base": "0.6", "all_equal": "full"})
    # 10·[0.6 + 0.4·(x − 10)/20]
    assert points_of(rule, values("10", "30", "25"), full="10") == ["6", "10", "9"]


def test_efficacy_where_less_is_better():
    rule = measured(
        "value", {"kind": "efficacy", "base": "0.6", "all_equal": "full"}, better="less"
    )
    assert points_of(rule, values("10", "30", "25"), full="10") == ["10", "6", "7"]


@pytest.mark.parametrize(("choice", "each"), [("full", "10"), ("base", "6"), ("zero", "0")])
def test_efficacy_of_equal_values_is_as_the_scheme_says(choice, each):
    rule = measured("value", {"kind": "efficacy", "base": "0.6", "all_equal": choice})
    assert points_of(rule, values("7", "7.0"), full="10") == [each, each]


def test_efficacy_of_a_growth_without_end_is_exact_until_rounded():
    # growth 1/3, 1/7, 0: 10·[0.6 + 0.4·(1/7)/(1/3)] = 6 + 4·3/7 = 7.714285…
    rule = measured(
        "growth", {"kind": "efficacy", "base": "0.6", "all_equal": "full"}, undefined="ruling"
    )
    rows = pairs(("3", "4"), ("7", "8"), ("5", "5"))
    assert points_of(rule, rows, full="10") == ["10", "54/7", "6"]
    assert points_of(rule, rows, full="10", decimals=2) == ["10.00", "7.71", "6.00"]


def test_efficacy_where_a_falling_growth_is_best_keeps_its_sign():
    rule = measured(
        "growth", {"kind": "efficacy", "base": "0.6", "all_equal": "full"},
        better="less", undefined="ruling",
    )  # fmt: skip
    # −10 %, 0 %, +10 %
    rows = pairs(("10", "9"), ("20", "20"), ("30", "33"))
    assert points_of(rule, rows, full="10") == ["10", "8", "6"]


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        ("increment", ["20", "10"]),
        ("growth", ["0.2", "0.5"]),
        ("percent_growth", ["20", "50"]),
    ],
)
def test_quantities_over_a_baseline(quantity, expected):
    rule = measured(quantity, {"kind": "direct"}, undefined="ruling")
    assert points_of(rule, pairs(("100", "120"), ("20", "30"))) == expected


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [("completion", ["0.5", "1.25"]), ("percent_completion", ["50", "100"])],
)
def test_completion_rates(quantity, expected):
    rule = measured(quantity, {"kind": "direct"}, undefined="ruling")
    # the second entry's 125 is held at the full 100
    assert points_of(rule, targets(("4", "8"), ("10", "8"))) == expected


def test_deviation_from_the_mean_of_the_group():
    rule = measured("deviation", {"kind": "direct"}, peers="group")
    scheme = scheme_of([criterion(rule, below_zero=True)])
    facts = [
        EntryFacts("e1", 1, "towns"), EntryFacts("e2", 2, "towns"), EntryFacts("e3", 3, "farms"),
    ]  # fmt: skip
    result = tabulate(scheme, with_inputs(scheme, values("10", "15", "99"), facts=facts))
    assert points(result) == ["-2.5", "2.5", "0"]


def test_peer_groups_are_compared_apart():
    rule = measured("value", {"kind": "best"}, undefined="ruling", peers="group")
    scheme = scheme_of([criterion(rule)])
    facts = [
        EntryFacts("e1", 1, "towns"), EntryFacts("e2", 2, "towns"),
        EntryFacts("e3", 3, "farms"), EntryFacts("e4", 4, "farms"),
    ]  # fmt: skip
    result = tabulate(scheme, with_inputs(scheme, values("100", "50", "20", "10"), facts=facts))
    assert points(result) == ["100", "50", "100", "50"]


@pytest.mark.parametrize(("choice", "points_given"), [("zero", "0"), ("full", "100")])
def test_zero_baseline_is_as_the_scheme_says_and_leaves_the_field(choice, points_given):
    rule = measured("growth", {"kind": "rank", "mode": "percent", "step": "10"}, undefined=choice)
    rows = pairs(("0", "5"), ("10", "11"), ("10", "10"))
    assert points_of(rule, rows) == [points_given, "100", "90"]


def test_zero_baseline_waits_for_a_ruling_and_then_follows_it():
    rule = measured("growth", {"kind": "rank", "mode": "percent", "step": "10"}, undefined="ruling")
    scheme = scheme_of([criterion(rule)])
    evidence = with_inputs(scheme, pairs(("0", "5"), ("10", "11")))
    result = tabulate(scheme, evidence)
    assert not result.complete
    assert [item.message for item in result.missing] == [
        "环节：「指标」基期为 0，无法计算，请由会议研究裁定得分。"
    ]
    assert result.tracks["t"].entries["e2"].place is None
    evidence.rulings.append(
        RulingFact("d1", "set_points", criterion="x", entry="e1", value="88.5", reason="新设乡镇")
    )
    decided = tabulate(scheme, evidence)
    assert decided.complete
    assert points(decided) == ["88.5", "100"]
    tree = decided.tracks["t"].entries["e1"].tree.children[0].children[0]
    assert tree.formula == "裁定得 88.5 分"
    assert tree.notes[-1] == "经两人裁定（裁定 1）计分"


def test_missing_value_is_missing_and_never_zero():
    rule = measured("increment", {"kind": "direct"})
    scheme = scheme_of([criterion(rule)])
    evidence = with_inputs(scheme, [{"baseline": "1", "value": "3"}, {"value": "5"}, None])
    result = tabulate(scheme, evidence)
    assert points(result) == ["2", None, None]
    assert [(item.entry, item.message) for item in result.missing] == [
        ("e2", "环节：「指标」的基期尚未填报。"),
        ("e3", "环节：「指标」的基期尚未填报。"),
        ("e3", "环节：「指标」的本期尚未填报。"),
    ]
    track = result.tracks["t"]
    assert not track.complete
    assert [track.entries[key].place for key in track.order] == [None, None, None]
    assert track.entries["e1"].total == "2.00"


def test_static_and_dynamic_blend_of_forty_and_sixty():
    efficacy = {"kind": "efficacy", "base": "0.6", "all_equal": "full"}
    rule = {
        "kind": "blend",
        "parts": [
            {"weight": "40", "quantity": "value", "conversion": efficacy},
            {"weight": "60", "quantity": "growth", "conversion": efficacy, "undefined": "ruling"},
        ],
    }
    # values 100, 60, 80: 100, 60, 80 points; growth 25 %, 50 %, 0: 80, 100, 60 points
    rows = pairs(("80", "100"), ("40", "60"), ("80", "80"))
    assert points_of(rule, rows) == ["88", "84", "68"]


def test_growth_rounded_before_it_is_compared():
    # 1/3 and 0.3334 are equal at two places and share the first rank
    rule = measured(
        "growth", {"kind": "rank", "mode": "step", "step": "10"}, undefined="ruling", decimals=2
    )
    rows = pairs(("3", "4"), ("10000", "13334"), ("1", "1"))
    assert points_of(rule, rows) == ["100", "100", "80"]


def test_difficulty_factor_multiplies_before_the_bound():
    rule = measured("value", {"kind": "direct"})
    scheme = scheme_of([criterion(rule, factor=True)])
    facts = [EntryFacts("e1", 1, factor="1.1"), EntryFacts("e2", 2)]
    result = tabulate(scheme, with_inputs(scheme, values("80", "80"), facts=facts))
    assert points(result) == ["88", "80"]


def test_points_below_a_threshold_are_replaced_by_a_deduction():
    rule = measured("value", {"kind": "direct"})
    override = [{"when": "below", "threshold": "85", "points": "-100"}]
    assert points_of(rule, values("85", "84.9"), overrides=override) == ["85", "-100"]


def test_last_three_are_replaced_by_capped_deductions():
    rule = measured("value", {"kind": "direct"})
    override = [{"when": "last", "last": 3, "cap": "2"}]
    rows = values("90", "80", "70", "60")
    # k = 3: last −min(2, 3), last but one −min(2, 2), then −min(2, 1)
    assert points_of(rule, rows, overrides=override) == ["90", "-1", "-2", "-2"]


def test_formula_over_named_values():
    rule = {
        "kind": "formula",
        "expression": "5*a + 3*b + 2*c",
        "inputs": [{"key": key, "title": key} for key in ("a", "b", "c")],
    }
    assert points_of(rule, [{"a": "1", "b": "2", "c": "0.5"}]) == ["12"]


def test_formula_dividing_by_zero_is_as_the_scheme_says():
    rule = {
        "kind": "formula",
        "expression": "min(full, full × a ÷ (b − 1))",
        "inputs": [{"key": "a", "title": "甲"}, {"key": "b", "title": "乙"}],
        "undefined": "zero",
    }
    assert points_of(rule, [{"a": "1", "b": "3"}, {"a": "1", "b": "1"}]) == ["50", "0"]
