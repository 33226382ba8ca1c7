"""A place in one round that is shared is marked 并列 beside the points, as a shared total is."""

import re

from django.template.loader import render_to_string

from scoring.queries.tabulations import mark_shared_rounds


def row(name, points, place, group=""):
    return {
        "entry": name,
        "name": name,
        "group": group,
        "place": 1,
        "shown": "90.00",
        "rounds": {"arena": {"points": points, "place": place}},
    }


def test_shared_place_of_a_round_is_marked():
    rows = [
        row("狼山镇", "92.50", 1),
        row("新华镇", "88.00", 2),
        row("双河镇", "88.00", 2),
        row("曙光乡", "80.00", 4),
        row("八一乡", None, None),
        row("城关镇", None, None),
        row("狼山农场", "92.50", 1, "农场"),
    ]
    track = {"subject": "unit", "rounds": [{"key": "arena", "title": "擂台比武", "full": "100"}]}
    context = {
        "competition": {"office": "党委书记"},
        "track": track,
        "rows": mark_shared_rounds(rows),
        "full": "100",
        "tabulation": {},
    }
    table = render_to_string("scoring/_standing_table.html", context)
    said = re.findall(r'>([\d.]+|—|缺)(?:<small class="part-place">([^<]+)</small>)?</td>', table)
    assert said == [
        ("92.50", "第 1"),
        ("88.00", "并列第 2"),
        ("88.00", "并列第 2"),
        ("80.00", "第 4"),
        ("—", ""),
        ("—", ""),
        ("92.50", "第 1"),
    ]
