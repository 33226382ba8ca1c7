"""The explanation tree as the page draws it."""

from competitions.explained import lay_out

LEAF = {"formula": "", "values": [], "notes": [], "children": [], "folds": False}


def test_dropped_mark_carries_its_reason_beside_it():
    document = {
        "kind": "mark",
        "label": "3 号评委",
        "points": "98",
        "dropped": True,
        "notes": ["去掉最高分"],
    }
    assert lay_out(document) == {
        **LEAF,
        "label": "3 号评委",
        "tag": "去掉最高分",
        "points": "98",
        "full": "",
        "css": "node node-mark node-dropped",
    }


def test_negative_numbers_have_a_minus_sign_and_dates_keep_their_hyphens():
    values = {"baseline": "-0.5", "date": "2022-08-20"}
    formula = "增速 （-1.5−-0.027）÷2 = -0.7365，文号 〔2022〕-3"
    laid = lay_out({"kind": "item", "points": "-2", "formula": formula, "values": values})
    assert laid["points"] == "−2"
    assert laid["formula"] == "增速 （−1.5−−0.027）÷2 = −0.7365，文号 〔2022〕-3"
    assert sorted(laid["values"]) == [("基期", "−0.5"), ("日期", "2022-08-20")]


def test_criterion_without_points_is_said_to_be_missing():
    assert lay_out({"kind": "criterion", "label": "产业振兴", "full": "20"}) == {
        **LEAF,
        "label": "产业振兴",
        "tag": "",
        "points": "缺",
        "full": "20",
        "css": "node node-criterion node-missing",
    }


def test_rounding_comes_before_the_notes_and_children_are_laid_out():
    laid = lay_out(
        {
            "kind": "round",
            "label": "联评",
            "points": "18.50",
            "full": "20",
            "formula": "92.5 × 20 ÷ 100 = 18.5",
            "rounding": "四舍五入到 2 位小数",
            "values": {"满分": "20"},
            "notes": ["三名评委"],
            "children": [{"kind": "withheld", "label": "7 名评委的打分按规则不公开"}],
        }
    )
    assert laid["notes"] == ["四舍五入到 2 位小数", "三名评委"]
    assert laid["values"] == [("满分", "20")]
    assert laid["folds"] is True
    assert laid["children"][0]["points"] == ""
