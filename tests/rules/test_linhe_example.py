"""The whole Linhe scheme with eleven entrants, to the last hundredth.

The expected numbers and the arithmetic behind them stand in data/linhe/expected.md.
"""

import dataclasses
import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from competitions.scheme.shipped import read_sample, read_shipped, shipped_schemes
from rewards.rules.decide import apply_decision, decide
from rewards.rules.outcome import Change
from scoring.rules.evidence import RulingFact, from_document, to_document
from scoring.rules.tabulate import tabulate
from tests.rules.linhe import read_data, worked_evidence

SCHEME = read_shipped("linhe-2022")
EXPECTED = read_data("expected.toml")


@pytest.fixture(scope="module")
def tabulation():
    return tabulate(SCHEME, worked_evidence())


def test_worked_example_is_complete_and_uses_everything(tabulation):
    assert tabulation.missing == ()
    assert tabulation.complete
    assert tabulation.warnings == ()


def test_units_have_the_expected_totals_places_and_rounds(tabulation):
    entries = tabulation.tracks["township"].entries
    computed = {
        key: [
            entry.total,
            entry.place,
            *(entry.rounds[name].points for name in ("review1", "review2", "routine", "arena")),
        ]
        for key, entry in entries.items()
    }
    assert computed == EXPECTED["township"]


def test_secretaries_have_the_expected_totals_places_and_rounds(tabulation):
    entries = tabulation.tracks["secretary"].entries
    computed = {
        key.removeprefix("s-"): [
            entry.total,
            entry.place,
            *(entry.rounds[name].points for name in ("sec-unit", "sec-vote", "sec-arena")),
        ]
        for key, entry in entries.items()
        if not entry.excluded
    }
    assert computed == EXPECTED["secretary"]
    assert entries["s-bayi"].excluded == "任职 4 个月，不满 6 个月，经会议研究不参加排名"
    assert entries["s-bayi"].place is None


def test_every_routine_criterion_has_the_expected_points(tabulation):
    names = [criterion.key for criterion in SCHEME.track("township").round("routine").criteria]
    entries = tabulation.tracks["township"].entries
    computed = {
        key: [entry.rounds["routine"].criteria[name] for name in names]
        for key, entry in entries.items()
    }
    order = [
        "income", "investment", "output", "visitors", "jobs", "entrepreneurs", "civility",
        "satisfaction", "sewage", "water", "farmland", "collective", "rectified", "requests",
        "ledger",
    ]  # fmt: skip
    assert names == order
    assert computed == EXPECTED["routine"]


@pytest.mark.parametrize("review", ["review1", "review2"])
def test_every_joint_review_mark_has_the_expected_points(tabulation, review):
    entries = tabulation.tracks["township"].entries
    for key, expected in EXPECTED[review].items():
        points = list(entries[key].rounds[review].criteria.values())
        assert [float_free(p) for p in points] == [float_free(p) for p in expected]


def float_free(text):
    return text.rstrip("0").rstrip(".") if "." in text else text


def test_shared_fifth_place_is_followed_by_the_seventh(tabulation):
    track = tabulation.tracks["township"]
    assert track.order == [
        "shuanghe", "langshan", "xinhua", "wulantuke", "ganzhaomiao", "bainaobao",
        "langshan-farm", "linhe-farm", "chengguan", "shuguang", "bayi",
    ]  # fmt: skip
    assert [track.entries[key].place for key in track.order] == [
        1, 2, 3, 4, 5, 5, 7, 8, 9, 10, 11,
    ]  # fmt: skip
    assert track.entries["bainaobao"].tied
    assert track.entries["bainaobao"].tie_reason == "总分相同，名次并列"


def test_flags_and_awards_wait_for_the_decision_about_the_fifth_place(tabulation):
    outcome = decide(tabulation, SCHEME, worked_evidence())
    assert [(flag.entry, flag.colour) for flag in outcome.flags] == [
        ("shuanghe", "red"),
        ("langshan", "red"),
        ("xinhua", "red"),
        ("bayi", "yellow"),
    ]
    assert [(grant.entry, grant.amount) for grant in outcome.awards] == [
        ("shuanghe", "500000"),
        ("langshan", "450000"),
        ("xinhua", "400000"),
        ("wulantuke", "350000"),
        ("s-shuanghe", "5000"),
        ("s-langshan", "4500"),
        ("s-xinhua", "4000"),
        ("s-wulantuke", "3500"),
        ("s-bainaobao", "3000"),
    ]
    assert outcome.total == "1720000"
    assert outcome.promotions == (
        "s-shuanghe", "s-langshan", "s-xinhua", "s-wulantuke", "s-bainaobao",
    )  # fmt: skip
    [boundary] = outcome.undecided
    assert (boundary.of, boundary.entries, boundary.quota) == (
        "good-committee",
        ("bainaobao", "ganzhaomiao"),
        1,
    )


def test_recorded_decision_settles_the_fifth_award(tabulation):
    evidence = worked_evidence()
    evidence.rulings.append(
        RulingFact("b1", "boundary", of="good-committee", entries=("bainaobao",))
    )
    outcome = decide(tabulate(SCHEME, evidence), SCHEME, evidence)
    assert outcome.undecided == ()
    assert ("bainaobao", "300000") in [(grant.entry, grant.amount) for grant in outcome.awards]
    assert outcome.total == "2020000"


def test_meeting_changes_who_is_awarded_but_no_score(tabulation):
    before = json.dumps(tabulation.to_document(), ensure_ascii=False)
    outcome = decide(tabulation, SCHEME)
    decided = apply_decision(
        outcome,
        [
            Change("good-committee", "wulantuke", False, "群众来信正在核查"),
            Change("good-committee", "ganzhaomiao", True, "会议研究"),
            Change("good-committee", "langshan-farm", True, "会议研究", amount="300000"),
        ],
    )
    assert [(g.entry, g.amount) for g in decided.awards if g.award == "good-committee"] == [
        ("shuanghe", "500000"),
        ("langshan", "450000"),
        ("xinhua", "400000"),
        ("ganzhaomiao", "300000"),
        ("langshan-farm", "300000"),
    ]
    assert decided.undecided == ()
    assert decided.flags == outcome.flags
    assert json.dumps(tabulation.to_document(), ensure_ascii=False) == before


def test_tree_explains_down_to_single_marks(tabulation):
    tree = tabulation.tracks["township"].entries["wulantuke"].tree
    assert tree.formula == (
        "83.10×20÷100＋84.68×20÷100＋84.45×30÷100＋89.50×30÷100 = 85.741"
        " → 85.74（四舍五入保留2位小数）"
    )
    review = tree.children[1]
    projects = next(node for node in review.children if node.key == "r2-projects")
    assert projects.formula == ("（11＋11＋10＋9.5）÷4 = 10.375 → 10.38（四舍五入保留2位小数）")
    assert [(node.label, node.points, node.dropped, node.notes) for node in projects.children] == [
        ("评委1号", "", True, ["经两人裁定（裁定 21）不计"]),
        ("评委2号", "11", False, []),
        ("评委3号", "11", False, []),
        ("评委4号", "11.5", True, ["去掉最高分"]),
        ("评委5号", "10", False, []),
        ("评委6号", "9.5", True, ["去掉最低分"]),
        ("评委7号", "9.5", False, []),
    ]
    arena = tree.children[3]
    judges = [node for node in arena.children if node.kind == "judge"]
    assert [(node.label, node.points, node.notes) for node in judges][:3] == [
        ("评委1号总分", "", ["回避"]),
        ("评委2号总分", "87.5", ["去掉最低分"]),
        ("评委3号总分", "90", []),
    ]
    routine = tree.children[2]
    income = routine.children[0]
    assert income.formula == (
        "增速 （20330−19000）÷19000 = 0.07；8×［0.6＋0.4×（0.07−0.03）÷（0.09−0.03）］"
        " = 6.93333333… → 6.93（四舍五入保留2位小数）"
    )
    assert income.values == {"baseline": "19000", "value": "20330"}


def test_cap_of_the_routine_round_is_explained(tabulation):
    tree = tabulation.tracks["township"].entries["shuanghe"].tree
    routine = tree.children[2]
    assert routine.points == "100.00"
    assert routine.notes == ["104.58 超过上限，按 100 计。"]
    ledger = routine.children[-1]
    assert ledger.notes == [
        "「获国家级表彰或经验推广」合计 6 分，本项封顶 4 分。",
        "加分合计 6 分，封顶 5 分。",
    ]


def test_dimensions_are_parts_of_the_total(tabulation):
    dimensions = tabulation.tracks["township"].entries["xinhua"].dimensions
    # industry: (10.1 + 8.6 + 7.1) and (10.4 + 8.9 + 6.9) at a fifth, (6.93 + 7.04 + 6.3 + 6.65)
    # at three tenths: 25.8 ÷ 5 + 26.2 ÷ 5 + 26.92 × 0.3 = 5.16 + 5.24 + 8.076 = 18.476 → 18.48
    assert dimensions["industry"].points == "18.48"
    assert dimensions["industry"].full == "21"


@settings(max_examples=10)
@given(seed=st.integers(0, 10**9))
def test_order_of_the_evidence_never_changes_the_result(seed):
    evidence = worked_evidence()
    shuffled = dataclasses.replace(evidence)
    chance = random.Random(seed)
    for name in ("entries", "judges", "marks", "ledger", "rulings"):
        items = list(getattr(evidence, name))
        chance.shuffle(items)
        setattr(shuffled, name, items)
    for name in ("measurements", "votes", "sites"):
        items = list(getattr(evidence, name).items())
        chance.shuffle(items)
        setattr(shuffled, name, dict(items))
    assert to_document(shuffled) == to_document(evidence)
    first, second = tabulate(SCHEME, evidence), tabulate(SCHEME, shuffled)
    assert second.to_document(trees=False) == first.to_document(trees=False)
    for track in SCHEME.tracks:
        key = chance.choice(first.tracks[track.key].order)
        tree = second.tracks[track.key].entries[key].tree
        assert tree == first.tracks[track.key].entries[key].tree
    assert decide(second, SCHEME, shuffled) == decide(first, SCHEME, evidence)


def test_evidence_survives_its_document():
    evidence = worked_evidence()
    again = from_document(json.loads(json.dumps(to_document(evidence))))
    assert to_document(again) == to_document(evidence)
    assert tabulate(SCHEME, again).to_document() == tabulate(SCHEME, evidence).to_document()


def test_sample_of_the_scheme_is_the_worked_example():
    sample = read_sample("linhe-2022")
    assert to_document(from_document(sample.evidence)) == to_document(worked_evidence())
    assert set(sample.names["entries"]) == {entry.key for entry in worked_evidence().entries}


def test_every_shipped_scheme_has_a_sample():
    assert [read_sample(key).key for key in shipped_schemes()] == list(shipped_schemes())
