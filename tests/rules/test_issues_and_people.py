"""Flags issue by issue, awards by share, amounts for several people; categories and periods."""

import pytest

from competitions.scheme.describe import describe_track
from competitions.scheme.read import SchemeError, read_document
from rewards.rules.decide import decide
from scoring.rules.evidence import EntryFacts, Evidence, RulingFact, from_document, to_document
from scoring.rules.tabulate import tabulate
from tests.rules.small import criterion
from tests.rules.test_flags_and_awards import award, flag, outcome_of

DIRECT = {"kind": "measured", "quantity": "value", "conversion": {"kind": "direct"}}


def issues_document(**track):
    """This function will return a scheme of one track whose three rounds are issues."""
    return {
        "key": "s",
        "title": "办法",
        "periods": [
            {"key": "year", "title": "全年", "kind": "year"},
            *({"key": f"q{n}", "title": f"{n}季度", "kind": "quarter", "within": "year"}
              for n in (1, 2, 3)),
        ],
        "tracks": [
            {
                "key": "t",
                "title": "榜",
                "combine": "mean",
                "rounds": [
                    {"key": f"r{n}", "title": f"第{n}期", "kind": "routine", "decimals": 2,
                     "period": f"q{n}", "criteria": [criterion(DIRECT, key=f"x{n}")]}
                    for n in (1, 2, 3)
                ],
                **track,
            }
        ],
    }  # fmt: skip


ISSUES = ["r1", "r2", "r3"]
YELLOW = flag("yellow", places=1, below="80", rounds=ISSUES, repeat=2, repeat_effect="约谈")
RED = flag("red", places=1, at_least="90", rounds=ISSUES)


def issues_of(rows, *, rulings=(), history=None, **track):
    """This function will return the outcome of points by issue: one row for each entrant."""
    scheme = read_document(issues_document(**track))
    evidence = Evidence(history=history or {}, rulings=list(rulings))
    for n, row in enumerate(rows, 1):
        evidence.entries.append(EntryFacts(f"e{n}", n))
        for issue, value in enumerate(row, 1):
            if value is not None:
                evidence.measurements[f"e{n}", f"x{issue}"] = {"value": str(value)}
    return decide(tabulate(scheme, evidence), scheme, evidence)


def test_flags_are_given_issue_by_issue_and_counted_in_a_row():
    outcome = issues_of([(95, 89, 92), (70, 75, 93), (85, 88, 70)], flags=[RED, YELLOW], history={})
    assert [(f.round, f.entry, f.colour, f.place) for f in outcome.flags] == [
        ("r1", "e1", "red", 1),
        ("r1", "e2", "yellow", 3),
        ("r2", "e2", "yellow", 3),
        ("r3", "e2", "red", 1),
        ("r3", "e3", "yellow", 3),
    ]
    assert [f.effect for f in outcome.flags] == ["", "", "连续 2 次：约谈", "", ""]
    assert outcome.flags[2].reason == "榜·第2期列倒数第1名，得分 75.00，低于 80。"


def test_issues_before_the_first_round_count_in_a_row():
    outcome = issues_of([(95, 95, 95), (70, 85, 70)], flags=[YELLOW], history={("yellow", "e2"): 1})
    assert [(f.round, f.effect) for f in outcome.flags] == [
        ("r1", "连续 2 次：约谈"),
        ("r3", ""),
    ]


def test_flags_of_a_complete_issue_do_not_wait_for_the_others():
    outcome = issues_of(
        [(95, 91, None), (70, None, None)],
        flags=[RED, YELLOW],
        awards=[award(quota=1, amounts=["100"])],
    )
    assert [(f.round, f.entry, f.colour) for f in outcome.flags] == [
        ("r1", "e1", "red"),
        ("r1", "e2", "yellow"),
    ]
    assert outcome.awards == ()


def test_revoking_one_issue_leaves_the_other_flags():
    ruling = RulingFact("1", "revoke_flag", of="red", entry="e1", round="r2", reason="造假")
    outcome = issues_of([(95, 95, 95), (60, 60, 60)], flags=[RED], rulings=[ruling])
    assert [f.round for f in outcome.flags] == ["r1", "r3"]
    assert outcome.notes == ("「red」已摘旗一面：经两人裁定（裁定 1）。",)


def test_a_revoked_flag_does_not_count_in_a_row():
    rows = [(95, 95, 95), (60, 60, 60)]
    everywhere = RulingFact("1", "revoke_flag", of="yellow", entry="e2", round="")
    second = RulingFact("1", "revoke_flag", of="yellow", entry="e2", round="r2")
    first = RulingFact("1", "revoke_flag", of="yellow", entry="e2", round="r1")

    def effects(*rulings):
        flags = issues_of(rows, flags=[YELLOW], rulings=rulings).flags
        return [(item.round, item.effect) for item in flags]

    assert effects() == [("r1", ""), ("r2", "连续 2 次：约谈"), ("r3", "连续 3 次：约谈")]
    assert effects(first) == [("r2", ""), ("r3", "连续 2 次：约谈")]
    assert effects(second) == [("r1", ""), ("r3", "")]
    assert effects(everywhere) == []


def test_boundary_of_an_issue_is_decided_for_that_issue():
    tied = [(95, 95, 80), (95, 95, 80)]
    rule = {**RED, "boundary": "ruling"}
    assert [b.choice for b in issues_of(tied, flags=[rule]).undecided] == [
        f"「red」（第{n}期）名额边界有 2 个并列，还有 1 个名额，请由会议研究确定。" for n in (1, 2)
    ]
    ruling = RulingFact("1", "boundary", of="red", round="r1", entries=("e2",))
    outcome = issues_of(tied, flags=[rule], rulings=[ruling])
    assert [(f.round, f.entry) for f in outcome.flags] == [("r1", "e2")]
    assert len(outcome.undecided) == 1


def test_award_by_red_flag_is_given_for_each_flag():
    outcome = issues_of(
        [(95, 95, 80), (60, 60, 95)],
        flags=[RED],
        awards=[award(red_flag=True, amounts=["500"], per="month", months=12)],
    )
    assert [(g.entry, g.amount, g.months) for g in outcome.awards] == [
        ("e1", "1000", 12),
        ("e2", "500", 12),
    ]
    assert outcome.total == "18000"
    assert outcome.awards[0].reason.startswith("获榜红旗 2 面")


@pytest.mark.parametrize(("rounding", "winners"), [("down", 2), ("half", 3), ("up", 3)])
def test_award_by_share_takes_so_many_of_the_field(rounding, winners):
    # 36 % of 7 are 2.52
    given = award(percent="36", percent_rounding=rounding, amounts=["10"])
    outcome = outcome_of([9, 8, 7, 6, 5, 4, 3], awards=[given])
    assert len(outcome.awards) == winners


def test_tiers_by_share_follow_one_another():
    tiers = [
        {"title": "优秀", "percent": "20", "amount": "300"},
        {"title": "良好", "percent": "40", "amount": "100"},
    ]
    outcome = outcome_of([9, 8, 7, 6, 5], awards=[award(tiers=tiers)])
    assert [(g.entry, g.amount) for g in outcome.awards] == [
        ("e1", "300"),
        ("e2", "100"),
        ("e3", "100"),
    ]


def test_amount_for_each_of_several_people_follows_their_number():
    given = award(quota=2, amounts=["300"], per="month", months=12, people=4)
    outcome = outcome_of([9, 8], awards=[given], people={("a", "e2"): 5})
    assert [(g.entry, g.people) for g in outcome.awards] == [("e1", 4), ("e2", 5)]
    assert outcome.total == "32400"  # 300 × 12 × (4 + 5)
    written = outcome.to_document()["awards"]
    assert [item["people"] for item in written] == [4, 5]


def test_pool_counts_every_person():
    given = award(quota=1, amounts=["300"], people=4, pool="600")
    outcome = outcome_of([9], awards=[given])
    assert (outcome.awards[0].amount, outcome.total) == ("150", "600")


def test_earlier_issues_and_people_of_unknown_things_are_named():
    scheme = read_document(issues_document(flags=[RED]))
    evidence = Evidence(
        people={("gone", "e1"): 3}, history={("lost", "e1"): 1}, previous={("t", "e1"): 1}
    )
    assert tabulate(scheme, evidence).warnings == (
        "办法中没有奖项「gone」，有关人数未计入。",
        "办法中没有授旗规则「lost」，上期次数未计入。",
    )


def test_people_survive_the_document_and_are_absent_without_any():
    evidence = Evidence(people={("a", "e1"): 3})
    assert from_document(to_document(evidence)).people == {("a", "e1"): 3}
    assert "people" not in to_document(Evidence())


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            {"category": "c"},
            "tracks[0].category：没有类别「c」，请先列入榜单类别（categories）或改正。",
        ),
        ({"period": "p"}, "tracks[0].period：没有时期「p」，请先列入时期（periods）或改正。"),
        (
            {"flags": [{**RED, "rounds": ["r1", "r1", "r9"]}]},
            "tracks[0].flags[0].rounds[1]：环节「r1」重复，请删除。",
        ),
        (
            {"flags": [{**RED, "rounds": ["r9"]}]},
            "tracks[0].flags[0].rounds[0]：本榜单中没有环节「r9」，请改正。",
        ),
        (
            {"awards": [award(percent="5", quota=1)]},
            "tracks[0].awards[0].percent：名额和占比只能写一种，请去掉其一。",
        ),
        (
            {"awards": [award(percent="5", amounts=["2", "1"])]},
            "tracks[0].awards[0].amounts：按占比确定名额的只填一个金额，请改正。",
        ),
        (
            {"awards": [award(tiers=[{"title": "一等"}])]},
            "tracks[0].awards[0].tiers[0].places：名额和占比须填且只填一个，请改正。",
        ),
    ],
)
def test_validation_names_the_place_and_the_remedy(change, problem):
    with pytest.raises(SchemeError) as caught:
        read_document(issues_document(**change))
    assert problem in [str(item) for item in caught.value.problems]


def test_issue_without_declared_rounding_cannot_give_flags():
    document = issues_document(flags=[RED])
    del document["tracks"][0]["rounds"][0]["decimals"]
    with pytest.raises(SchemeError) as caught:
        read_document(document)
    assert [str(item) for item in caught.value.problems] == [
        "tracks[0].flags[0].rounds[0]：按期授旗的环节「r1」须写明得分保留几位小数（decimals）。"
    ]


def test_period_lies_in_a_longer_one():
    document = issues_document()
    document["periods"][0] = {"key": "year", "title": "一月", "kind": "month"}
    with pytest.raises(SchemeError) as caught:
        read_document(document)
    assert [str(item) for item in caught.value.problems] == [
        f"periods[{n}].within：「{n}季度」应属于比它更长的时期，请改正。" for n in (1, 2, 3)
    ]


def test_words_name_category_issues_and_people():
    document = issues_document(
        category="c",
        flags=[RED],
        awards=[award(red_flag=True, amounts=["300"], per="month", months=12, people=4)],
    )
    document["categories"] = [{"key": "c", "title": "党建"}]
    scheme = read_document(document)
    words = describe_track(scheme.tracks[0], scheme)
    assert words[0] == "属于“党建”类。"
    assert "按第1期、第2期、第3期逐期：前 1 名且本期得分不低于 90的授red；" in words[5]
    assert words[6] == (
        "“奖”授予单位，凡获红旗的都给予，各奖 300 元/人/月，发放 12 个月，"
        "每个对象 4 人（以实际人数为准）。"
    )
