"""Charts are plain data: positions in per cent and words, compared as whole values."""

from fractions import Fraction

import pytest

from competitions import charts
from competitions.shown import (
    exact,
    half_up,
    plain_text,
    points_text,
    share,
    signed_text,
    yuan_text,
)


def test_half_up_exact_third():
    # (1 ÷ 3) × 254.985 is 84.995 exactly and rounds to 85.00.
    assert half_up(Fraction(1, 3) * Fraction("254.985")) == "85.00"


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        ("92.5", 2, "92.50"),
        ("0.005", 2, "0.01"),
        ("-0.005", 2, "−0.01"),
        ("-0.004", 2, "0.00"),
        (Fraction(1, 2), 0, "1"),
        (7, 0, "7"),
        (None, 2, "—"),
        ("", 2, "—"),
    ],
)
def test_points_text_of_value(value, places, text):
    assert points_text(value, places) == text


def test_exact_refuses_float():
    with pytest.raises(ValueError, match="不是精确的数"):
        exact(92.5)


def test_exact_refuses_words():
    with pytest.raises(ValueError, match="不是数"):
        exact("优秀")


def test_signed_text_always_has_its_sign():
    assert [signed_text(v) for v in ("1.2", "-0.5", "0", "0.001", None)] == [
        "+1.20",
        "−0.50",
        "0.00",
        "0.00",
        "—",
    ]


def test_plain_text_drops_zeros_only_after_the_point():
    assert [plain_text(v) for v in ("30", "0.50", "84.995", "100.00")] == [
        "30",
        "0.5",
        "84.995",
        "100",
    ]


def test_yuan_text_separates_thousands():
    assert [yuan_text(v) for v in (500000, "3000", "1234.5", -2000)] == [
        "500,000",
        "3,000",
        "1,234.50",
        "−2,000",
    ]


def test_share_stays_within_the_drawing():
    assert [share(v, "100") for v in ("-3", "45.25", "120", None)] == ["0", "45.3", "100", "0"]
    assert share("5", "0") == "0"


def test_ranking_stacks_rounds_one_after_the_other():
    chart = charts.ranking(
        [{"label": "狼山镇", "place": 1, "total": "92.5", "parts": ["40", "52.5"]}],
        "100",
        ["联评", "擂台"],
    )
    assert chart["rows"][0]["bars"] == [
        {"index": 0, "name": "联评", "x": "0", "width": "40", "text": "40.00"},
        {"index": 1, "name": "擂台", "x": "40", "width": "52.5", "text": "52.50"},
    ]
    assert chart["words"] == "第 1 名 狼山镇 92.50 分（联评 40.00，擂台 52.50）"


def test_ranking_missing_part_has_no_length_and_says_so():
    row = charts.ranking(
        [{"label": "曙光乡", "place": None, "total": None, "parts": ["10", None]}],
        "20",
        ["甲", "乙"],
    )["rows"][0]
    assert row["bars"][1] == {"index": 1, "name": "乙", "x": "50", "width": "0", "text": "—"}
    assert row["words"] == "第 — 名 曙光乡 — 分（甲 10.00，乙 —）"


def test_ranking_above_full_marks_still_fits():
    bars = charts.ranking(
        [{"label": "甲", "place": 1, "total": "110", "parts": ["100", "10"]}], "100", ["正", "加"]
    )["rows"][0]["bars"]
    assert [bar["width"] for bar in bars] == ["90.91", "9.09"]


def test_dumbbell_says_the_difference_with_sign_and_arrow():
    chart = charts.dumbbell([{"label": "产业振兴", "own": "18", "mean": "16.5", "full": "20"}])
    assert chart["rows"] == [
        {
            "label": "产业振兴",
            "own": "18.00",
            "mean": "16.50",
            "full": "20",
            "gap": "+1.50",
            "arrow": "▲",
            "own_x": "50",
            "mean_x": "12.5",
            "left": "12.5",
            "width": "37.5",
        }
    ]
    assert chart["words"] == "产业振兴 18.00 分，平均 16.50 分，差 +1.50"


@pytest.mark.parametrize(("mean", "start"), [("16", 80), ("15.99", 50), ("9.9", 0), (None, 80)])
def test_dumbbell_line_starts_where_every_value_still_fits(mean, start):
    axes = [{"label": "甲", "own": "18", "mean": mean, "full": "20"}]
    assert charts.dumbbell(axes)["start"] == start


def test_dumbbell_missing_value_has_no_dot():
    row = charts.dumbbell([{"label": "人才", "own": None, "mean": "16", "full": "20"}])["rows"][0]
    assert (row["own_x"], row["own"], row["gap"]) == (None, "—", "—")


def test_radar_full_marks_lie_on_the_outer_ring():
    axes = [{"label": str(i), "own": "20", "mean": "10", "full": "20"} for i in range(5)]
    chart = charts.radar(axes)
    assert chart["own"] == chart["grid"][-1]
    assert chart["mean"] == chart["grid"][1]
    assert chart["own"].split(" ")[0] == "200.0,50.0"


@pytest.mark.parametrize(
    ("label", "lines"),
    [("产业振兴", ["产业振兴"]), ("基层党组织建设", ["基层党组", "织建设"]), ("", [""])],
)
def test_radar_label_breaks_where_the_room_ends(label, lines):
    axes = [{"label": label, "own": "20", "mean": "10", "full": "20"}] * 3
    assert charts.radar(axes)["labels"][1]["lines"] == lines


def test_radar_needs_three_dimensions():
    with pytest.raises(ValueError, match="至少需要三个维度"):
        charts.radar([])


def test_spread_names_the_ends_and_the_mean():
    chart = charts.spread(["80", "90", None, "85"], "90", "狼山镇")
    assert chart["own"] == {"x": "96", "anchor": "end", "text": "90.00"}
    assert chart["mean"]["text"] == "85.00"
    assert chart["dots"] == [{"x": "4", "y": 62}, {"x": "50", "y": 62}]
    assert chart["words"] == (
        "共 3 个参评单位，最低 80.00 分，平均 85.00 分，最高 90.00 分。"
        "狼山镇 90.00 分，没有高于它的。"
    )


def test_spread_equal_totals_are_stacked():
    chart = charts.spread(["80", "80", "80"], "80", "甲")
    assert [dot["y"] for dot in chart["dots"]] == [62, 51]


def test_spread_without_values():
    assert charts.spread([None], None, "甲")["words"] == "还没有成绩。"


def test_ring_never_rounds_up_to_all():
    assert charts.ring(199, 200) == {"done": 199, "whole": 200, "part": 99, "complete": False}
    assert charts.ring(200, 200)["complete"]
    assert charts.ring(0, 0)["part"] == 0
