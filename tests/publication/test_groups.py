"""Where groups are ranked apart in one list, nothing that is published mixes them up."""

from types import SimpleNamespace

from publication.contents import _track, standing_of
from scoring.queries.tabulations import mark_shared_rounds

POINTS = {"e01": ("甲组", "92.50", 1), "e02": ("甲组", "88.00", 2), "e03": ("乙组", "92.50", 1)}


def published(peers):
    entries = {
        key: {
            **{"place": place, "tied": False, "tie_reason": "", "group": group, "excluded": ""},
            **{"total": points, "dimensions": {}},
            "rounds": {
                "arena": {"points": points, "place": place, "full": "100", "contribution": points}
            },
        }
        for key, (group, points, place) in POINTS.items()
    }
    track = SimpleNamespace(key="t", title="榜", subject="unit", peers=peers, rounds=())
    result = {"order": list(entries), "entries": entries, "full": "100", "mean": "91.00"}
    return _track(track, result, {key: {"name": key} for key in entries})


def test_equal_points_of_two_groups_are_no_shared_place_in_a_round():
    rows = mark_shared_rounds(published("group")["rows"])
    assert [row["group"] for row in rows] == ["甲组", "甲组", "乙组"]
    assert [row["rounds"]["arena"]["tied"] for row in rows] == [False, False, False]


def test_gap_and_field_are_those_of_the_own_group():
    track = published("group")
    first, second, other = (standing_of(track, key) for key in POINTS)
    assert [one["field"] for one in (first, second, other)] == [2, 2, 1]
    assert (second["next_place"], second["gap_to_next"]) == (1, "4.50")
    assert other["next_place"] is None


def test_group_is_not_published_where_all_are_ranked_together():
    track = published("all")
    assert "group" not in track["rows"][0]
    assert standing_of(track, "e02")["field"] == 3
