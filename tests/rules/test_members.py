"""A unit carries the mean of those that belong to it: a township's villages."""

import pytest

from competitions.scheme.check_rules import UNDEFINED
from competitions.scheme.describe_rules import describe_rule
from competitions.scheme.read import SchemeError, read_document
from scoring.rules.evidence import EntryFacts, Evidence, RulingFact
from scoring.rules.tabulate import tabulate
from tests.rules.small import criterion

DIRECT = {"kind": "measured", "quantity": "value", "conversion": {"kind": "direct"}}


def town_document(**more):
    """This function will return a scheme in which towns carry their villages at 70 % and a road
    score at 30 %."""
    rule = {"kind": "carried", "source": "track", "track": "village", "members": True, **more}
    rounds = [
        {"key": "villages", "title": "村均分", "kind": "carried", "weight": "70",
         "criteria": [criterion(rule, key="v")]},
        {"key": "road", "title": "沿线", "kind": "routine", "weight": "30",
         "criteria": [criterion(DIRECT, key="r")]},
    ]  # fmt: skip
    village = {"key": "own", "title": "检查", "kind": "routine", "weight": "100",
               "criteria": [criterion(DIRECT, key="x")]}  # fmt: skip
    return {
        "key": "s",
        "title": "办法",
        "tracks": [
            {"key": "village", "title": "村", "rounds": [village]},
            {"key": "town", "title": "乡镇", "rounds": rounds},
        ],
    }


def town_evidence(*villages):
    """This function will return evidence of two towns and the villages of the first."""
    evidence = Evidence(
        entries=[EntryFacts("t1", 1, tracks=("town",)), EntryFacts("t2", 2, tracks=("town",))]
    )
    evidence.measurements = {("t1", "r"): {"value": "88"}, ("t2", "r"): {"value": "88"}}
    for n, value in enumerate(villages, 1):
        evidence.entries.append(EntryFacts(f"v{n}", n, of="t1", tracks=("village",)))
        if value is not None:
            evidence.measurements[f"v{n}", "x"] = {"value": value}
    return evidence


def test_town_carries_the_mean_of_its_thirteen_villages():
    # 78·12 + (1 + … + 12) = 1014; + 85.8 = 1099.8; ÷ 13 = 84.6; 84.6·70 % + 88·30 % = 85.62;
    # without villages 0·70 % + 26.4
    evidence = town_evidence(*(str(78 + n) for n in range(1, 13)), "85.8")
    result = tabulate(read_document(town_document(no_members="zero")), evidence)
    assert result.missing == ()
    town = result.tracks["town"].entries
    assert (town["t1"].total, town["t2"].total) == ("85.62", "26.40")
    formula = town["t1"].tree.children[0].children[0].formula
    assert formula.startswith("（79＋80＋81＋") and formula.endswith("）÷13 = 84.6")


def test_town_without_villages_waits_for_a_ruling():
    scheme = read_document(town_document(no_members="ruling"))
    evidence = town_evidence("80", "90")
    assert [(m.entry, m.message) for m in tabulate(scheme, evidence).missing] == [
        ("t2", "村均分：在「村」中没有所属的对象，怎样计分请录入裁定。")
    ]
    evidence.rulings.append(RulingFact("1", "set_points", criterion="v", entry="t2", value="60"))
    result = tabulate(scheme, evidence)
    assert result.complete
    # (80 + 90) ÷ 2 = 85; 59.5 + 26.4 and 42 + 26.4
    totals = {key: entry.total for key, entry in result.tracks["town"].entries.items()}
    assert totals == {"t1": "85.90", "t2": "68.40"}


def test_town_waits_for_a_village_that_has_no_result():
    scheme = read_document(town_document(no_members="full"))
    result = tabulate(scheme, town_evidence("80", None))
    assert not result.complete
    assert result.tracks["town"].entries["t1"].total is None
    assert result.tracks["town"].entries["t2"].total == "96.40"


@pytest.mark.parametrize(
    ("more", "place", "message"),
    [
        ({}, "no_members", f"须写明没有所属对象时怎样计分：{UNDEFINED}。"),
        (
            {"no_members": "zero", "unit_of": True},
            "members",
            "所在单位的结果与所属各对象的平均只能取一种，请去掉其一。",
        ),
        (
            {"no_members": "zero", "source": "outside", "periods": ["a"]},
            "members",
            "只有结转本办法的榜单时才取所属各对象的平均，请去掉。",
        ),
    ],
)
def test_validation_asks_what_holds_without_members(more, place, message):
    with pytest.raises(SchemeError) as caught:
        read_document(town_document(**more))
    where = f"tracks[1].rounds[0].criteria[0].rule.{place}：{message}"
    assert where in [str(item) for item in caught.value.problems]


def test_words_say_whose_results_are_carried():
    scheme = read_document(town_document(no_members="zero"))
    assert describe_rule(scheme.find_criterion("v")[2]) == [
        "结转所属各对象的本办法另一榜单的总分；各对象的结果再求平均。",
        "没有所属对象的，得 0 分。",
    ]
