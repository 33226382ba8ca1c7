"""Overtime on the stage: what it takes from a round's score, and what a scheme must say of it."""

import tomllib
from fractions import Fraction

import pytest
from django.conf import settings

from competitions.scheme.describe import describe_round
from competitions.scheme.read import SchemeError, read_document, read_toml
from competitions.scheme.write import to_document, to_toml
from publication.bundle.problems import BundleError
from publication.bundle.redact import redact_evidence
from publication.bundle.shapes import read_evidence
from publication.bundle.strict import Budget
from publication.bundle.tables import read_tables
from scoring.queries.overtime_example import work_overtime_example
from scoring.queries.scheme_trial import compare_rankings, tabulate_both
from scoring.rules.evidence import RulingFact
from scoring.rules.evidence import to_document as evidence_document
from scoring.rules.tabulate import tabulate
from tests.rules.small import criterion, marks, panel_evidence, part

PARTS = [{"title": "展示片", "seconds": 90}, {"title": "汇报", "seconds": 360}]
RULE = {
    "segments": ["汇报"],
    "allowance": 10,
    "how": "each",
    "every": 30,
    "points": "0.5",
    "cap": "2",
    "below": "stop",
}
ONCE = {"segments": ["汇报"], "allowance": 0, "how": "once", "points": "3", "below": "stop"}


def document_of(rule, **round_):
    """This function will return the document of one round with this rule on overtime."""
    row = {"key": "r", "title": "擂台", "kind": "arena", "weight": "100", "full": "100"}
    row |= {"criteria": [criterion(marks())], "panel": {"parts": [part()]}}
    row["event"] = {"segments": PARTS, "overtime": rule}
    track = {"key": "t", "title": "榜", "combine": "sum", "below_zero": True, "rounds": [row]}
    row |= round_
    return {
        "key": "s",
        "title": "办法",
        "judge_groups": [{"key": "panel", "title": "评委"}],
        "tracks": [track],
    }


def tabulated(seconds, rule=RULE, rows=(("92", "91"),), rulings=(), **round_):
    """This function will return the Tabulation of entries e1 … that were over by `seconds`."""
    evidence = panel_evidence(rows)
    evidence.rulings = list(rulings)
    evidence.overtime = {
        ("r", f"e{n}"): value for n, value in enumerate(seconds, 1) if value is not None
    }
    return tabulate(read_document(document_of(rule, **round_)), evidence)


def left(*args, **more):
    """This function will return what is left of the first entry's score, as text."""
    return tabulated(*args, **more).tracks["t"].entries["e1"].rounds["r"].points


def problems_of(rule, **round_):
    """This function will return (place in the rule, message) of all that is wrong with it."""
    with pytest.raises(SchemeError) as caught:
        read_document(document_of(rule, **round_))
    start = "tracks[0].rounds[0].event.overtime"
    return {item.place.removeprefix(start): item.message for item in caught.value.problems}


@pytest.mark.parametrize(
    ("seconds", "points"),
    [(0, "91.5"), (10, "91.5"), (11, "91"), (40, "91"), (41, "90.5"), (75, "90"), (999, "89.5")],
)
def test_points_are_taken_for_each_started_stretch_up_to_the_cap(seconds, points):
    assert left([seconds]) == points


def test_points_are_taken_once():
    assert [left([seconds], ONCE) for seconds in (0, 1, 500)] == ["91.5", "88.5", "88.5"]


def test_deduction_comes_after_rounding_and_the_highest_points():
    """98.5 of 90 is held at 90 and 0.5 is taken from that; 91.666… is rounded first."""
    assert left([30], rows=(("98", "99"),), cap="90", decimals=1) == "89.5"
    assert left([30], rows=(("92", "92", "91"),), decimals=2) == "91.17"


def test_score_is_held_at_the_minimum_or_goes_through_it():
    assert left([30], ONCE, rows=(("1", "2"),)) == "0"
    assert left([30], ONCE | {"below": "through"}, rows=(("1", "2"),)) == "-1.5"
    assert left([30], ONCE, rows=(("61", "62"),), floor="60") == "60"
    assert left([30], {**ONCE, "below": ""}, rows=(("1", "2"),), below_zero=True) == "-1.5"


def test_deduction_is_one_line_of_the_explanation():
    result = tabulated([75], decimals=2).tracks["t"].entries["e1"]
    round_ = result.tree.children[0]
    (line,) = [node for node in round_.children if node.kind == "overtime"]
    assert line.label == "超时扣分" and line.points == "-1.50"
    assert line.formula == "超时 75 秒－宽限 10 秒 = 65 秒；65÷30 → 3 次；3×0.5 = 1.5"
    assert line.rounding == "不足 30 秒按 30 秒计"
    assert line.values == {"seconds": "75", "score": "91.50", "points": "90.00"}
    assert round_.formula.endswith("；超时扣 1.50 分 = 90.00")
    assert round_.points == "90.00" == result.total


def test_deduction_that_lapses_says_so():
    tree = tabulated([30], ONCE, rows=(("1", "2"),)).tracks["t"].entries["e1"].tree
    (line,) = [node for node in tree.children[0].children if node.kind == "overtime"]
    assert (line.points, line.notes) == ("-1.5", ["应扣 3 分，扣到环节最低分 0 为止。"])


def test_unknown_time_is_missing_and_never_zero():
    result = tabulated([None, 5], rows=(("92", "91"), ("90", "90")))
    assert not result.complete
    (missing,) = result.missing
    assert (missing.round, missing.entry) == ("r", "e1")
    assert missing.message == "擂台：没有计时，不知道有没有超时，请登记“认定超时”的裁定。"
    entries = result.tracks["t"].entries
    assert entries["e1"].total is None and entries["e2"].rounds["r"].points == "90"


def test_ruling_goes_before_the_clock_and_one_on_the_entry_before_one_on_all():
    rows, seconds = (("92", "91"), ("92", "91"), ("92", "91")), [500, 500, None]

    def ruling(key, entry, value):
        return RulingFact(key, "set_overtime", round="r", entry=entry, value=value)

    rulings = [ruling("r02", "e1", "60"), ruling("r01", "e1", "0"), ruling("r03", "", "11")]
    entries = tabulated(seconds, rows=rows, rulings=rulings).tracks["t"].entries
    assert [entry.rounds["r"].points for entry in entries.values()] == ["90.5", "91", "91"]
    (line,) = entries["e1"].tree.children[0].children[-1:]
    assert line.notes == ["经两人裁定（裁定 2）认定超时 60 秒。"]


def test_scheme_is_explained_and_written_back():
    scheme = read_document(document_of(RULE))
    words = describe_round(scheme.tracks[0].rounds[0], scheme)
    assert words[-1] == (
        "超时扣分：汇报超过限时的，10 秒以内不扣，再超的每 30 秒扣 0.5 分，不足 30 秒的按 30 秒计，"
        "最多扣 2 分；从环节得分中扣，扣到最低分为止。以现场计时为准。"
    )
    assert read_document(to_document(scheme)) == read_toml(to_toml(scheme)) == scheme
    both = read_document(document_of(ONCE | {"segments": ["展示片", "汇报"], "below": "through"}))
    assert describe_round(both.tracks[0].rounds[0], both)[-1] == (
        "超时扣分：展示片、汇报超过限时的，各段超时相加，扣 3 分；"
        "从环节得分中扣，可以扣到最低分以下。以现场计时为准。"
    )


def test_everything_that_is_not_said_is_asked_for_at_once():
    assert problems_of({"how": "each", "points": "0.5"}).keys() == {
        ".segments", ".allowance", ".every", ".cap", ".below",
    }  # fmt: skip
    assert problems_of({}).keys() == {".segments", ".allowance", ".how", ".points", ".below"}


@pytest.mark.parametrize(
    ("changes", "place", "words"),
    [
        ({"segments": ["答辩"]}, ".segments", "登台时段里没有「答辩」，应为：展示片、汇报。"),
        ({"segments": ["汇报", "汇报"]}, ".segments", "「汇报」重复，请去掉一个。"),
        ({"points": "0"}, ".points", "一次扣的分须大于 0；不扣分的，请去掉超时扣分。"),
        ({"cap": "0.1"}, ".cap", "最多扣的分不能少于一次扣的 0.5 分。"),
        ({"how": "once", "every": None}, ".cap", "只扣一次的不用写最多扣几分，请去掉。"),
        ({"below": ""}, ".below", "须写明扣分后低于环节最低分的怎么办：只扣到最低分，还是照扣。"),
        ({"points": "0.25"}, ".points", "环节得分保留 1 位小数，一次扣的分不能有更多位小数。"),
    ],
)
def test_flaw_is_named_with_its_remedy(changes, place, words):
    rule = {name: value for name, value in (RULE | changes).items() if value is not None}
    assert problems_of(rule, decimals=1) == {place: words}


def test_rule_without_parts_of_a_turn_is_refused():
    found = problems_of(RULE, event={"overtime": RULE})
    assert found == {
        ".segments": "没有登台时段就没有限时，不能扣超时分，请先写明登台时段（segments）。"
    }


def test_two_parts_of_one_name_cannot_be_told_apart():
    found = problems_of(RULE, event={"overtime": RULE, "segments": [PARTS[1], PARTS[1]]})
    assert found == {".segments": "有几个登台时段都叫「汇报」，请改成不同的名称。"}


def test_example_of_the_page_comes_out_as_it_says():
    page = (settings.BASE_DIR / "docs" / "scheme.md").read_text(encoding="utf-8")
    section = page.partition("### Overtime\n")[2].partition("\n## ")[0]
    event = tomllib.loads(section.partition("```toml\n")[2].partition("```")[0], parse_float=str)
    lines = section.partition("| seconds used |")[2].splitlines()[2:]
    assert len(lines) == 6
    for line in lines:
        used, score, _, points = [cell.strip() for cell in line.strip("|").split("|")]
        rule = marks(step="0.01")
        given = {"event": event, "criteria": [criterion(rule)], "decimals": 2}
        scheme = read_document(document_of(RULE, **given))
        seconds = scheme.tracks[0].rounds[0].event.seconds_over((int(used),))
        assert left([seconds], rows=((score, score),), **given) == points


# --- as evidence ---------------------------------------------------------------------------------


def test_overtime_written_by_hand_is_read():
    tables = {"entries.csv": "编号\n甲镇\n", "overtime.csv": "环节,参评对象,超时秒数\nr,甲镇,75\n"}

    def read(name):
        return tables[name].encode() if name in tables else None

    document, _ = read_tables(read, Budget())
    evidence = read_evidence(document, "evidence.json")
    assert evidence.overtime == {("r", "甲镇"): 75}
    assert read_evidence(evidence_document(evidence), "evidence.json") == evidence
    assert redact_evidence(evidence)[0].overtime == evidence.overtime


def test_evidence_and_rules_without_overtime_keep_their_documents():
    assert "overtime" not in evidence_document(panel_evidence([("92",)]))
    scheme = read_document(document_of(RULE, event={"segments": PARTS}))
    event = to_document(scheme)["tracks"][0]["rounds"][0]["event"]
    assert event.keys() == {"reveal", "segments", "jury"}


@pytest.mark.parametrize(
    "document",
    [
        {"overtime": [["r", "e1", -1]]},
        {"overtime": [["r", "e1", "75"]]},
        {"overtime": [["r", "e1", 5], ["r", "e1", 6]]},
        {"rulings": [{"key": "r01", "kind": "set_overtime", "value": "1.5"}]},
    ],
)
def test_overtime_that_is_no_whole_number_is_refused(document):
    with pytest.raises(BundleError):
        read_evidence(document, "evidence.json")


def test_overtime_of_a_round_that_does_not_charge_it_is_pointed_out():
    scheme = read_document(document_of(RULE, event={"segments": PARTS}))
    evidence = panel_evidence([("92", "91")])
    evidence.overtime = {("r", "e1"): 75}
    result = tabulate(scheme, evidence)
    assert result.warnings == ("办法中环节「r」没有超时扣分，有关超时未计入。",)
    assert result.tracks["t"].entries["e1"].total == "91.50"


def test_new_rule_is_named_as_the_reason_for_what_it_takes():
    old, new = (read_document(document_of(rule)) for rule in (ONCE, RULE))
    evidence = panel_evidence([("92", "91")])
    evidence.overtime = {("r", "e1"): 75}
    (row,) = compare_rankings(*tabulate_both(old, new, evidence), {})[0].rows
    (reason,) = row.reasons
    assert (reason.title, reason.change, reason.more) == ("擂台", Fraction(3, 2), 0)
    assert [(part.title, part.why) for part in reason.parts] == [("超时扣分", "改了超时扣分")]


# --- the example under the form ------------------------------------------------------------------


def test_example_under_the_form_is_computed_by_the_rules():
    table = document_of(RULE)["tracks"][0]["rounds"][0]
    example = work_overtime_example({}, table, {})
    assert example.sentence == (
        "若某乡镇扣分前得 90.00 分、合计超时 75 秒，则扣 1.50 分，得 88.50 分。"
    )
    own = work_overtime_example({}, table, {"score": "1", "seconds": "999"})
    assert own.sentence.endswith("扣 1.00 分，得 0.00 分。") and own.notes
    table["event"]["overtime"] = {"how": "each"}
    assert "须写明最多扣几分，请补充；不设上限的填环节满分。" in (
        work_overtime_example({}, table, {}).missing
    )
