"""Panel marks: trimming, averages, groups, absences, sites, standard scores."""

import pytest

from competitions.scheme.read import SchemeError
from scoring.rules.evidence import JudgeFacts, LedgerFact, MarkFact, RulingFact
from scoring.rules.tabulate import tabulate
from tests.rules.small import (
    criterion,
    marks,
    panel_evidence,
    part,
    points,
    scheme_of,
)

DROP = {"drop_high": 1, "drop_low": 1, "trim_from": 5}


def panel_scheme(*parts, rule=None, full="100", groups=("panel",), round_=None, **panel):
    return scheme_of(
        [criterion(rule or marks(step="0.5"), full=full)],
        panel={"parts": list(parts), **panel},
        groups=groups,
        round_=round_,
    )


def test_nine_judges_from_70_to_100_drop_one_and_one():
    scheme = panel_scheme(part(**DROP), rule=marks(low="70", step="0.5"), decimals=2)
    row = ["92", "91.5", "88", "95.5", "90", "93", "91", "89.5", "94"]
    # 824.5 − 95.5 − 88 = 641; ÷ 7 = 91.571428… → 91.57
    result = tabulate(scheme, panel_evidence([row]))
    assert points(result) == ["91.57"]
    node = result.tracks["t"].entries["e1"].tree.children[0].children[0]
    assert node.formula == (
        "（92＋91.5＋90＋93＋91＋89.5＋94）÷7 = 91.57142857… → 91.57（四舍五入保留2位小数）"
    )


def test_eleven_inspectors_and_then_bonus_items():
    bonus = {
        "kind": "ledger",
        "items": [{"key": "model", "title": "示范", "sign": "bonus", "points": "0.5"}],
    }
    scheme = scheme_of(
        [
            criterion(marks(), key="x"),
            criterion(bonus, key="bonus", full="0"),
        ],
        panel={"parts": [part(**DROP)], "decimals": 2},
        round_={"above_full": True},
        above_full=True,
    )
    evidence = panel_evidence([["80", "82", "84", "86", "88", "90", "81", "83", "85", "87", "89"]])
    evidence.ledger = [LedgerFact("k1", "e1", "bonus", "model")]
    # 935 − 90 − 80 = 765; ÷ 9 = 85; + 0.5
    assert tabulate(scheme, evidence).tracks["t"].entries["e1"].total == "85.50"


def test_among_equal_marks_the_lowest_judge_numbers_are_dropped():
    scheme = panel_scheme(part(**DROP))
    result = tabulate(scheme, panel_evidence([["90", "90", "90", "90", "90"]]))
    children = result.tracks["t"].entries["e1"].tree.children[0].children[0].children
    assert [(node.label, node.dropped, node.notes) for node in children[:3]] == [
        ("评委1号", True, ["去掉最高分"]),
        ("评委2号", True, ["去掉最低分"]),
        ("评委3号", False, []),
    ]


@pytest.mark.parametrize(
    ("average", "row", "expected"),
    [
        ("mean", ["10", "20", "40"], "70/3"),
        ("median", ["10", "20", "40"], "20"),
        ("median", ["10", "20", "40", "50"], "30"),
    ],
)
def test_averages(average, row, expected):
    scheme = panel_scheme(part(average=average))
    assert points(tabulate(scheme, panel_evidence([row]))) == [expected]


def test_sum_of_the_judges_who_were_seated():
    scheme = panel_scheme(
        part(average="sum"), rule=marks(high="10"), full="40", round_={"above_full": True}
    )
    evidence = panel_evidence([["7", "8", "8", "9"], ["7", None, "8", "9"]])
    evidence.rulings = [
        RulingFact("x", "exclude_judge", round="r", entry="e2", judge="j2", reason="不在本场")
    ]
    assert points(tabulate(scheme, evidence)) == ["32", "24"]


def test_mark_range_converts_to_full_marks():
    scheme = panel_scheme(part(), rule=marks(high="10", step="0.25"), full="16", decimals=2)
    # skating: mean 6.75 and a factor 1.6
    assert points(tabulate(scheme, panel_evidence([["6.75", "6.75"]]))) == ["10.8"]


def test_two_judge_groups_of_sixty_and_forty_each_trimmed_apart():
    scheme = panel_scheme(part("a", weight="60", **DROP), part("b", weight="40"), groups=("a", "b"))
    judges = [JudgeFacts(f"a{n}", n, "a") for n in range(1, 6)]
    judges += [JudgeFacts(f"b{n}", n, "b") for n in range(1, 3)]
    evidence = panel_evidence([["80", "90", "91", "92", "100", "70", "80"]], judges=judges)
    # 91·60 % + 75·40 % = 84.6
    assert points(tabulate(scheme, evidence)) == ["84.6"]


def test_absent_judge_is_waited_for_until_a_ruling_excludes_him():
    scheme = panel_scheme(part(**DROP))
    evidence = panel_evidence([["80", "81", "82", "83", "84", None]])
    waiting = tabulate(scheme, evidence)
    assert [(item.judge, item.message) for item in waiting.missing] == [
        ("j6", "环节：评委6号「指标」尚未打分。")
    ]
    assert points(waiting) == [None]
    evidence.rulings = [RulingFact("x", "exclude_judge", round="r", judge="j6", reason="生病")]
    assert points(tabulate(scheme, evidence)) == ["82"]


def test_recused_judge_is_not_waited_for_and_a_small_panel_is_not_trimmed():
    scheme = panel_scheme(part(**DROP))
    evidence = panel_evidence([["60", "81", "82", "83", None]])
    evidence.recusals = {("j5", "e1")}
    result = tabulate(scheme, evidence)
    # four are left, fewer than five: (60 + 81 + 82 + 83) ÷ 4 = 76.5
    assert points(result) == ["76.5"]
    node = result.tracks["t"].entries["e1"].tree.children[0].children[0]
    assert node.notes == ["计入的评委 4 人，不足 5 人，按办法不去掉最高分和最低分。"]
    assert (node.children[4].dropped, node.children[4].notes) == (True, ["回避"])


def test_too_few_judges_wait_for_a_ruling():
    scheme = panel_scheme(part(minimum=3))
    result = tabulate(scheme, panel_evidence([["80", "81"]]))
    assert [item.message for item in result.missing] == [
        "环节：计入的评委只有 2 人，少于 3 人，成绩不成立，请由会议研究裁定。"
    ]


def test_ruling_on_the_points_ends_the_waiting():
    for trim in ("criterion", "total"):
        scheme = panel_scheme(part(minimum=3), trim=trim)
        evidence = panel_evidence([["80", None]])
        assert not tabulate(scheme, evidence).complete
        evidence.rulings = [RulingFact("d", "set_points", criterion="x", entry="e1", value="75.5")]
        result = tabulate(scheme, evidence)
        assert result.complete
        assert points(result) == ["75.5"]
        assert result.tracks["t"].entries["e1"].tree.points == "75.50"


def test_group_without_judges_is_reported_once():
    scheme = panel_scheme(part())
    evidence = panel_evidence([[None], [None]], judges=[])
    evidence.judges = []
    assert [item.message for item in tabulate(scheme, evidence).missing] == [
        "环节：「panel」还没有评委，请先确定评委。"
    ]


@pytest.mark.parametrize("value", ["100.5", "-0.5", "80.25", "八十", "NaN", "1e1"])
def test_mark_outside_range_or_step_is_refused(value):
    scheme = panel_scheme(part())
    result = tabulate(scheme, panel_evidence([[value, "80"]]))
    assert not result.complete
    assert f"打分 {value} 不在 0–100、间隔 0.5 的范围内，请更正。" in result.missing[0].message + (
        result.missing[-1].message
    )


def test_two_different_marks_of_one_judge_are_reported():
    scheme = panel_scheme(part())
    evidence = panel_evidence([["80", "90"]])
    evidence.marks.append(MarkFact("r", "e1", "j1", "x", "85"))
    result = tabulate(scheme, evidence)
    assert [item.message for item in result.missing] == [
        "环节：评委1号「指标」有两个不同的分数，请核对。"
    ]


def test_trimming_by_the_total_keeps_or_drops_a_judge_as_a_whole():
    scheme = scheme_of(
        [
            criterion(marks(high="60"), key="x", full="60"),
            criterion(marks(high="40"), key="y", full="40"),
        ],
        panel={"parts": [part(**DROP)], "trim": "total"},
        round_={"decimals": 2},
    )
    evidence = panel_evidence([["50", "60", "40", "45", "50"]])
    for judge, value in zip(
        ("j1", "j2", "j3", "j4", "j5"), ("30", "10", "40", "35", "33"), strict=True
    ):
        evidence.marks.append(MarkFact("r", "e1", judge, "y", value))
    # totals 80, 70, 80, 80, 83: drop judge 5 and judge 2; (80 + 80 + 80) ÷ 3
    result = tabulate(scheme, evidence)
    assert result.tracks["t"].entries["e1"].total == "80.00"
    assert points(result, key="x") == ["45"]
    assert points(result, key="y") == ["35"]


def test_sites_are_averaged_for_each_judge_first_or_for_each_site_first():
    rows = {"j1": ("90", "60"), "j2": ("80", "80"), "j3": ("70", "100")}
    results = {}
    for way in ("judge", "site"):
        scheme = panel_scheme(part(drop_high=1, drop_low=1, trim_from=3), sites=way, rule=marks())
        evidence = panel_evidence([[None, None, None]])
        evidence.sites = {("r", "e1"): ("a", "b")}
        for judge, values in rows.items():
            for site, value in zip(("a", "b"), values, strict=True):
                evidence.marks.append(MarkFact("r", "e1", judge, "x", value, site))
        results[way] = points(tabulate(scheme, evidence))
    # judge first: 75, 80, 85, drop both ends: 80; site first: 80 and 80, mean 80
    assert results == {"judge": ["80"], "site": ["80"]}


def test_mark_missing_at_one_site_is_named():
    scheme = panel_scheme(part(), sites="judge", rule=marks())
    evidence = panel_evidence([[None]])
    evidence.sites = {("r", "e1"): ("a", "b")}
    evidence.marks.append(MarkFact("r", "e1", "j1", "x", "80", "a"))
    assert [item.message for item in tabulate(scheme, evidence).missing] == [
        "环节：评委1号点位「b」「指标」尚未打分。"
    ]


def test_standard_scores_even_out_strict_and_mild_judges():
    scheme = panel_scheme(part(standard="population", equal_standard="fifty"), decimals=2)
    # judge 1: 60, 80: mean 70, sd 10: 40 and 60; judge 2: 85, 85: all equal: 50 and 50;
    # judge 3: 90, 88: mean 89, sd 1: 60 and 40
    evidence = panel_evidence([["60", "85", "90"], ["80", "85", "88"]])
    assert points(tabulate(scheme, evidence)) == ["50", "50"]


def test_sample_deviation_is_rounded_to_six_places_before_use():
    scheme = panel_scheme(part(standard="sample", equal_standard="fifty"), decimals=6)
    # one judge: 1, 2, 4: mean 7/3, s² = 7/3, s = 1.527525…→ 1.527525
    # 50 + 10·(1 − 7/3)/1.527525 = 50 − 13.3333…/1.527525 = 41.271283…
    evidence = panel_evidence([["1"], ["2"], ["4"]])
    assert points(tabulate(scheme, evidence)) == ["41.271283", "47.817821", "60.910896"]


def test_sum_of_no_judge_at_all_is_zero_where_the_scheme_says_so():
    scheme = panel_scheme(part(average="sum", minimum=0))
    evidence = panel_evidence([["7", "8"], [None, None]])
    evidence.rulings = [
        RulingFact(f"k{n}", "exclude_judge", entry="e2", judge=f"j{n}") for n in (1, 2)
    ]
    result = tabulate(scheme, evidence)
    assert (result.complete, points(result)) == (True, ["15", "0"])


def test_mean_of_no_judge_at_all_is_refused_by_the_scheme():
    with pytest.raises(SchemeError) as caught:
        panel_scheme(part(minimum=0))
    assert [str(problem) for problem in caught.value.problems] == [
        "tracks[0].rounds[0].panel.parts[0].minimum：只有求和的可以填 0（无人打分计 0 分），"
        "请填 1 以上。"
    ]
