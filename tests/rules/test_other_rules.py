"""Ledgers, votes, carried results and the expression of a formula."""

from fractions import Fraction

import pytest

from competitions.scheme.expression import ExpressionError, evaluate, parse
from competitions.scheme.read import read_document
from scoring.rules.evidence import EntryFacts, Evidence, LedgerFact
from scoring.rules.tabulate import tabulate
from tests.rules.small import criterion, entries, points, points_of, scheme_of, with_inputs


def ledger(**more):
    items = [
        {"key": "city", "title": "市级", "sign": "bonus", "points": "0.3", "cap": "0.5"},
        {"key": "province", "title": "省级", "sign": "bonus", "points": "0.5"},
        {"key": "daily", "title": "日常", "sign": "deduction", "cap": "20"},
        {"key": "other", "title": "其他", "sign": "deduction", "points": "15", "cap": "50"},
    ]
    return {"kind": "ledger", "items": items, **more}


def ledger_points(events, rule=None, **more):
    scheme = scheme_of([criterion(rule or ledger(), full="0", **more)], round_={"above_full": True})
    evidence = Evidence(entries=entries(1))
    evidence.ledger = [
        LedgerFact(f"k{n}", "e1", "x", item, points=points_, matter=matter)
        for n, (item, points_, matter) in enumerate(events)
    ]
    return points(tabulate(scheme, evidence))[0]


def test_honours_add_up_to_the_cap_of_their_item():
    events = [("city", "", ""), ("city", "", ""), ("province", "", "")]
    # municipal 0.3 + 0.3 = 0.6, capped at 0.5; provincial + 0.5
    assert ledger_points(events) == "1"


def test_daily_deductions_of_twenty_each_item_and_sixty_in_all():
    events = [("daily", "12", ""), ("daily", "13", ""), *[("other", "", "")] * 4]
    # 25 → 20; 60 → 50; 70 → 60 in all
    assert ledger_points(events, ledger(deduction_cap="60", start="100")) == "40"
    assert ledger_points(events, ledger(deduction_cap="60"), below_zero=True) == "-60"


def test_ledger_stays_at_zero_unless_the_scheme_lets_it_fall():
    assert ledger_points([("daily", "3", "")]) == "0"


def test_same_matter_counts_once_at_its_highest():
    events = [("city", "", "m"), ("province", "", "m"), ("city", "", "n"), ("daily", "0.2", "m")]
    # the municipal honour of matter m gives way; the deduction is another thing
    assert ledger_points(events, ledger(same_matter="highest")) == "0.6"


@pytest.mark.parametrize(
    ("item", "value", "message"),
    [
        ("nothing", "1", "环节：台账记录的项目「nothing」不在办法中，请更正。"),
        ("daily", "", "环节：台账「日常」的分值“”不正确，请更正。"),
        ("daily", "-1", "环节：台账「日常」的分值“-1”不正确，请更正。"),
    ],
)
def test_event_that_cannot_be_read_is_named(item, value, message):
    scheme = scheme_of([criterion(ledger(), full="0")], round_={"above_full": True})
    evidence = Evidence(entries=entries(1))
    evidence.ledger = [LedgerFact("k", "e1", "x", item, points=value)]
    assert [problem.message for problem in tabulate(scheme, evidence).missing] == [message]


GRADES = [
    {"key": "a", "title": "优秀", "coefficient": "1"},
    {"key": "b", "title": "良好", "coefficient": "0.8"},
    {"key": "c", "title": "一般", "coefficient": "0.6"},
    {"key": "d", "title": "较差", "coefficient": "0"},
    {"key": "e", "title": "弃权", "valid": False},
]


def votes(*counts):
    return dict(zip("abcde", map(str, counts), strict=False))


def test_grade_votes_leave_abstentions_out():
    rule = {"kind": "grade_votes", "grades": GRADES, "no_votes": "ruling"}
    # 10·(6 + 0.8·2 + 0.6·1)/10 = 8.2; the five abstentions do not count
    assert points_of(rule, [votes(6, 2, 1, 1, 5)], full="10") == ["8.2"]


@pytest.mark.parametrize(("choice", "expected"), [("zero", "0"), ("full", "10")])
def test_no_valid_votes_are_as_the_scheme_says(choice, expected):
    rule = {"kind": "grade_votes", "grades": GRADES, "no_votes": choice}
    assert points_of(rule, [votes(0, 0, 0, 0, 5)], full="10") == [expected]


def test_no_valid_votes_may_wait_for_a_ruling():
    rule = {"kind": "grade_votes", "grades": GRADES, "no_votes": "ruling"}
    scheme = scheme_of([criterion(rule)])
    result = tabulate(scheme, with_inputs(scheme, [votes(0, 0, 0, 0, 5)]))
    assert [item.message for item in result.missing] == [
        "环节：「指标」没有有效票，请由会议研究裁定得分。"
    ]


@pytest.mark.parametrize("count", ["-1", "1.5"])
def test_votes_are_whole_numbers(count):
    rule = {"kind": "grade_votes", "grades": GRADES, "no_votes": "ruling"}
    scheme = scheme_of([criterion(rule)])
    result = tabulate(scheme, with_inputs(scheme, [votes(count, 1, 1, 1, 1)]))
    assert [item.message for item in result.missing] == [
        "环节：「指标」的票数应为不小于零的整数，请更正。"
    ]


def test_share_bands_with_an_overriding_condition():
    rule = {
        "kind": "share_bands",
        "grades": GRADES,
        "counted": ["a"],
        "bands": [{"least": "90", "points": "200"}, {"least": "80", "points": "190"}],
        "otherwise": "180",
        "overrides": [{"grades": ["c", "d"], "numerator": 1, "denominator": 3, "points": "130"}],
        "no_votes": "ruling",
    }
    rows = [
        votes(9, 1, 0, 0, 7),  # exactly 90 %
        votes(8, 2, 0, 0, 0),  # 80 %
        votes(7, 3, 0, 0, 0),  # 70 %
        votes(6, 0, 2, 1, 0),  # (2 + 1)/9 is exactly a third
        votes(7, 0, 2, 1, 0),  # 3/10 is less
    ]
    assert points_of(rule, rows, full="200") == ["200", "190", "180", "130", "180"]


def test_ranking_ballots_of_hundred_less_three_a_rank():
    rule = {"kind": "rank_votes", "points": ["100", "97", "94"], "no_votes": "ruling"}
    # (5·100 + 3·97 + 2·94) ÷ 10
    assert points_of(rule, [{"rank1": "5", "rank2": "3", "rank3": "2"}]) == ["97.9"]


@pytest.mark.parametrize(
    ("how", "more", "expected"),
    [
        ("mean", {}, "85"),
        ("sum", {"divisor": "2"}, "127.5"),
        ("best", {}, "95"),
        ("latest", {}, "80"),
    ],
)
def test_results_carried_from_elsewhere(how, more, expected):
    rule = {
        "kind": "carried", "source": "outside", "periods": ["q1", "q2", "q3"], "how": how,
        **more,
    }  # fmt: skip
    rows = [{"q1": "80", "q2": "95", "q3": "80"}]
    assert points_of(rule, rows, above_full=True) == [expected]


def months_and_leaders():
    """Three monthly scores at 30 % each and the leaders' at 10 %."""
    months = [
        {
            "key": f"m{n}", "title": f"{n}月", "kind": "routine", "weight": "30",
            "criteria": [criterion({"kind": "measured", "quantity": "value",
                                    "conversion": {"kind": "direct"}}, key=f"c{n}")],
        }
        for n in (1, 2, 3)
    ]  # fmt: skip
    leaders = {**months[0], "key": "lead", "title": "领导评价", "weight": "10"}
    leaders["criteria"] = [{**months[0]["criteria"][0], "key": "c4"}]
    return {
        "key": "s", "title": "办法",
        "tracks": [{"key": "t", "title": "榜", "rounds": [*months, leaders]}],
    }  # fmt: skip


def test_three_months_at_thirty_and_the_leaders_at_ten():
    scheme = read_document(months_and_leaders())
    evidence = Evidence(entries=entries(1))
    for name, value in (("c1", "90"), ("c2", "80"), ("c3", "85.5"), ("c4", "96")):
        evidence.measurements["e1", name] = {"value": value}
    # 27 + 24 + 25.65 + 9.6
    assert tabulate(scheme, evidence).tracks["t"].entries["e1"].total == "86.25"


@pytest.mark.parametrize(
    ("combine", "more", "expected"),
    [
        ("mean", {}, "87.88"),  # 351.5 ÷ 4 = 87.875
        ("best", {"best_of": 2}, "93.00"),  # (96 + 90) ÷ 2
    ],
)
def test_mean_of_periods_and_best_of_several(combine, more, expected):
    document = months_and_leaders()
    document["tracks"][0] |= {"combine": combine, **more}
    evidence = Evidence(entries=entries(1))
    for name, value in (("c1", "90"), ("c2", "80"), ("c3", "85.5"), ("c4", "96")):
        evidence.measurements["e1", name] = {"value": value}
    result = tabulate(read_document(document), evidence)
    assert result.tracks["t"].entries["e1"].total == expected


def direct(key, full="100"):
    return criterion(
        {"kind": "measured", "quantity": "value", "conversion": {"kind": "direct"}},
        key=key,
        full=full,
    )


def test_villages_carry_into_the_town_and_the_road_score_is_added():
    # the 13-village mean of 84.6 at 70 % and the road score 88 at 30 %: 59.22 + 26.4 = 85.62
    document = {
        "key": "s",
        "title": "办法",
        "tracks": [
            {
                "key": "town", "title": "乡镇",
                "rounds": [
                    {"key": "villages", "title": "村均分", "kind": "carried", "weight": "70",
                     "criteria": [criterion({"kind": "carried", "source": "outside",
                                             "periods": [f"v{n}" for n in range(1, 14)],
                                             "how": "mean"}, key="v")]},
                    {"key": "road", "title": "沿线", "kind": "routine", "weight": "30",
                     "criteria": [direct("road")]},
                ],
            }
        ],
    }  # fmt: skip
    evidence = Evidence(entries=entries(1))
    evidence.carried["e1", "v"] = {f"v{n}": str(78 + n) for n in range(1, 13)} | {"v13": "85.8"}
    # 78·12 + (1 + … + 12) = 936 + 78 = 1014; + 85.8 = 1099.8; ÷ 13 = 84.6
    evidence.measurements["e1", "road"] = {"value": "88"}
    assert tabulate(read_document(document), evidence).tracks["town"].entries["e1"].total == "85.62"


def test_inspection_ninety_and_rectification_ten():
    criteria = [{**direct("site"), "weight": "0.9"}, {**direct("repair"), "weight": "0.1"}]
    scheme = scheme_of(criteria, round_={"combine": "weighted", "full": "100"}, full="100")
    evidence = Evidence(entries=entries(1))
    evidence.measurements = {("e1", "site"): {"value": "92"}, ("e1", "repair"): {"value": "80"}}
    assert tabulate(scheme, evidence).tracks["t"].entries["e1"].total == "90.80"


def test_round_scaled_to_its_full_marks_and_bonus_outside_the_hundred():
    document = {
        "key": "s", "title": "办法",
        "tracks": [{
            "key": "t", "title": "榜", "above_full": True,
            "rounds": [
                {"key": "r", "title": "考核", "kind": "routine", "weight": "100", "full": "100",
                 "scaled": True, "criteria": [direct("a", "60"), direct("b", "90")]},
                {"key": "plus", "title": "加分", "kind": "routine", "outside": True, "full": "5",
                 "criteria": [direct("c", "5")]},
            ],
        }],
    }  # fmt: skip
    evidence = Evidence(entries=entries(1))
    for name, value in (("a", "60"), ("b", "75"), ("c", "12")):
        evidence.measurements["e1", name] = {"value": value}
    # (60 + 75)·100/150 = 90; the bonus is held at 5
    assert tabulate(read_document(document), evidence).tracks["t"].entries["e1"].total == "95.00"


def test_third_of_254_985_through_the_whole_tabulation():
    scheme = scheme_of(
        [criterion({"kind": "formula", "expression": "a / b * c", "undefined": "ruling",
                    "inputs": [{"key": k, "title": k} for k in "abc"]})],
    )  # fmt: skip
    evidence = with_inputs(scheme, [{"a": "1", "b": "3", "c": "254.985"}])
    assert tabulate(scheme, evidence).tracks["t"].entries["e1"].total == "85.00"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) × 3 ÷ 4", Fraction(9, 4)),
        ("-a - -2", 1),
        ("max(1, a, 0.5) + abs(-2)", 3),
        ("10 / 4 / 5", Fraction(1, 2)),
    ],
)
def test_expression_is_computed_exactly(text, value):
    assert evaluate(parse(text), {"a": Fraction(1)}) == value


@pytest.mark.parametrize(
    "text",
    ["", "1 +", "a b", "__import__('os')", "a.b", "1e9", "((1)", "2 ** 3", "f(1)", "max(1)",
     "(" * 200 + "1" + ")" * 200, "-" * 200 + "1", "1 +" * 400, "min", "lambda: 1", "a[0]"],
)  # fmt: skip
def test_hostile_expression_is_refused_in_words(text):
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert str(caught.value).endswith("。")


def test_entry_of_another_track_is_left_alone():
    scheme = scheme_of([direct("x")])
    evidence = with_inputs(
        scheme,
        [{"value": "1"}, None],
        facts=[EntryFacts("e1", 1), EntryFacts("e2", 2, tracks=("u",))],
    )
    result = tabulate(scheme, evidence)
    assert result.complete
    assert list(result.tracks["t"].entries) == ["e1"]


def test_evidence_that_names_nothing_is_reported_and_not_used():
    scheme = scheme_of([direct("x")])
    evidence = with_inputs(scheme, [{"value": "1"}])
    evidence.measurements["e9", "x"] = {"value": "1"}
    evidence.measurements["e1", "gone"] = {"value": "1"}
    assert tabulate(scheme, evidence).warnings == (
        "「e9」不在参评名单中，有关数据未计入。",
        "办法中没有评分项「gone」，有关数据未计入。",
    )
