"""Why a total differs between two schemes, down to the criterion and the rule."""

import copy
from fractions import Fraction

from competitions.scheme.read import read_document
from competitions.scheme.shipped import read_sample, read_shipped
from competitions.scheme.write import to_document
from scoring.queries import scheme_reasons
from scoring.queries.scheme_trial import compare_rankings, tabulate_both
from scoring.rules.evidence import Evidence, from_document
from tests.rules.small import criterion, entries, measured


def direct(key, full):
    return criterion(measured("value", {"kind": "direct"}), key=key, full=full)


def document_of(**weights):
    """Two rounds of two criteria each, of 60 and 40 points."""
    rounds = [
        {"key": key, "title": title, "kind": "routine", "full": "100",
         "weight": weights.get(key, "50"), "decimals": 2,
         "criteria": [direct(f"{key}1", "60"),
                      direct(f"{key}2", "40")]}
        for key, title in (("a", "日常"), ("b", "擂台"))
    ]  # fmt: skip
    for round_ in rounds:
        for item, title in zip(round_["criteria"], ("产值", "收入"), strict=True):
            item["title"] = f"{round_['title']}{title}"
    return {"key": "s", "title": "办法", "tracks": [{"key": "t", "title": "榜", "rounds": rounds}]}


def evidence_of(*rows):
    evidence = Evidence(entries=entries(len(rows)))
    for n, row in enumerate(rows, 1):
        for key, value in zip(("a1", "a2", "b1", "b2"), row, strict=True):
            evidence.measurements[f"e{n}", key] = {"value": str(value)}
    return evidence


def try_out(new, *rows, old=None):
    old, new = (read_document(document) for document in (old or document_of(), new))
    (track,) = compare_rankings(*tabulate_both(old, new, evidence_of(*rows)), {})
    return track


def told(reasons):
    """Reasons with their parts as plain values."""
    return [
        (r.title, float(r.change), r.why, [(p.title, float(p.change), p.why) for p in r.parts])
        for r in reasons
    ]


def test_changed_rule_of_a_criterion_is_named_with_what_it_changed():
    new = document_of()
    rule = new["tracks"][0]["rounds"][0]["criteria"][0]["rule"]
    rule["conversion"] = {"kind": "direct", "factor": "0.5"}
    track = try_out(new, (60, 40, 10, 10), (50, 10, 60, 40))
    assert [row.moved for row in track.rows] == [0, 0]
    best = next(row for row in track.rows if row.name == "e1")
    assert told(best.reasons) == [
        ("日常", -15.0, "", [("日常产值", -15.0, "每单位得分 1→0.5")]),
    ]
    (effect,) = track.effects
    assert (effect.title, effect.why, effect.count) == ("日常 · 日常产值", "每单位得分 1→0.5", 2)
    assert (effect.gain, effect.loss) == (None, ("e1", -15))


def test_changed_weight_is_told_apart_from_changed_points():
    new = document_of(a="80", b="20")
    new["tracks"][0]["rounds"][1]["criteria"][0]["decimals"] = 0
    track = try_out(new, (60, 40, 10.4, 10), (0, 0, 60, 40))
    (row,) = [row for row in track.rows if row.name == "e1"]
    assert told(row.reasons) == [
        ("日常", 30.0, "权重 50→80", []),
        ("擂台", -6.2, "", [
            ("每分的份量", -6.12, "权重 50→20"),
            ("擂台产值", -0.08, "得分保留小数 （无）→0"),
        ]),
    ]  # fmt: skip


def test_added_and_removed_criteria_and_rounds_are_named():
    new = document_of()
    rounds = new["tracks"][0]["rounds"]
    rounds[0]["criteria"][1] |= {"key": "a3", "title": "新项"}
    rounds[1] |= {"key": "c", "title": "新环节"}
    for item in rounds[1]["criteria"]:
        item["key"] = item["key"].replace("b", "c")
    old, new = read_document(document_of()), read_document(new)
    evidence = evidence_of((60, 40, 10, 10))
    for key, value in (("a3", 20), ("c1", 30), ("c2", 30)):
        evidence.measurements["e1", key] = {"value": str(value)}
    (track,) = compare_rankings(*tabulate_both(old, new, evidence), {})
    reasons = {reason.title: reason for reason in track.rows[0].reasons}
    assert (reasons["擂台"].change, reasons["擂台"].why) == (-10, "删除环节")
    assert (reasons["新环节"].change, reasons["新环节"].why) == (30, "新增环节")
    assert told([reasons["日常"]])[0][3] == [
        ("日常收入", -20.0, "删除评分项"),
        ("新项", 10.0, "新增评分项"),
    ]


def test_bounds_of_a_round_and_of_the_total_are_reasons_too():
    new = document_of()
    new["tracks"][0]["rounds"][0]["cap"] = "70"
    new["tracks"][0]["cap"] = "80"
    track = try_out(new, (60, 40, 60, 40))
    assert told(track.rows[0].reasons) == [
        ("日常", -15.0, "", [("封顶和取整", -15.0, "")]),
        ("总分的封顶、取整、门槛或任职折算", -5.0, "总分最高计 （无）→80", []),
    ]


def test_same_rules_give_no_reasons():
    track = try_out(document_of(), (60, 40, 10, 10))
    assert track.rows[0].reasons == []
    assert track.effects == []


def test_reasons_of_a_shipped_scheme_add_up_to_the_difference_of_the_totals(monkeypatch):
    for name in ("MOST_ROUNDS", "MOST_PARTS"):
        monkeypatch.setattr(scheme_reasons, name, 1000)
    for name in ("SHOWN", "ROUNDING"):
        monkeypatch.setattr(scheme_reasons, name, Fraction(0))
    old, sample = read_shipped("linhe-2022"), read_sample("linhe-2022")
    document = copy.deepcopy(to_document(old))
    rounds = document["tracks"][0]["rounds"]
    rounds[0]["weight"], rounds[3]["weight"] = "10", "40"
    rounds[2]["criteria"][0]["rule"]["conversion"]["base"] = "0.5"
    rounds[2]["decimals"] = 1
    new = read_document(document)
    for track in compare_rankings(*tabulate_both(old, new, from_document(sample.evidence)), {}):
        ranked = [row for row in track.rows if row.new_place]
        assert len(ranked) > 9
        for row in ranked:
            difference = Fraction(row.new_total) - Fraction(row.old_total)
            assert sum(reason.change for reason in row.reasons) == difference
            for reason in row.reasons:
                if reason.parts:
                    assert sum(part.change for part in reason.parts) == reason.change
