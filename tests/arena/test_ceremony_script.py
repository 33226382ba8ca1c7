"""The script: what is awarded, in which order, and nothing that is not public."""

from dataclasses import replace

from arena.ceremony.script import arrange, to_document, write_script
from competitions.scheme.read import read_toml
from rewards.rules.outcome import AwardGrant, Flag, Offer, Outcome
from tests.rewards.case import RULES

OPEN = """
[disclosure]
yellow_flags_public = true
last_places_public = true
"""
PLACES = {"e01": 1, "e02": 2, "e03": 2, "e04": 4}


def read(also="", track=""):
    return read_toml(RULES.replace('subject = "unit"\n', f'subject = "unit"\n{track}') + also)


def flag(entry, colour="red", place=1, round_=""):
    return Flag(colour, "township", entry, colour, "旗", place, "秘密的理由", round=round_)


def grant(entry, place):
    return AwardGrant(
        "committee",
        "干事创业好党委",
        "township",
        entry,
        place,
        "300000",
        "会上说的话",
        "",
        "",
        "unit",
    )


def result(groups=None):
    entries = {
        key: {
            "place": place,
            "tied": place == 2,
            "total": f"{100 - place}.00",
            "group": (groups or {}).get(key, ""),
            "rounds": {"routine": {"points": "80.00"}},
        }
        for key, place in PLACES.items()
    }
    entries["e05"] = {"place": None, "tied": False, "total": None, "group": "", "rounds": {}}
    empty = {"order": [], "entries": {}}
    return {"tracks": {"township": {"order": list(entries), "entries": entries}, "person": empty}}


OUTCOME = Outcome(
    flags=(flag("e01"), flag("e04", "yellow", 4)),
    awards=(grant("e01", 1), grant("e02", 2), grant("e03", 2)),
    promotions=("s01",),
    offers=(Offer(grant("", None), False, None),),
)


def laid_out(script):
    return [(group.kind, [item.entry for item in group.items]) for group in script]


def test_usual_order_is_yellow_then_red_then_awards_then_the_standing():
    script = write_script(read(OPEN), OUTCOME, result())
    assert laid_out(script) == [
        ("yellow", ["e04"]),
        ("red", ["e01"]),
        ("award", ["e03", "e02", "e01"]),
        ("standing", ["e01", "e02", "e03", "e04"]),
    ]
    assert [group.key for group in script] == ["g1", "g2", "g3", "g4"]
    assert script[2].items[0].tied and not script[2].items[2].tied
    # The track's title once: a standing's begins with it.
    assert script[3].title.startswith(script[3].track_title)
    assert script[3].heading == script[3].title
    assert script[1].heading == f"{script[1].track_title} · {script[1].title}"


def test_what_the_scheme_keeps_inside_the_county_is_not_in_the_script():
    scheme = read("[disclosure]\nscores_public = false\n")
    script = write_script(scheme, OUTCOME, result())
    assert [group.kind for group in script] == ["red", "award", "standing"]
    words = str(to_document(script))
    assert "99.00" not in words and "理由" not in words and "会上" not in words
    shown = arrange(scheme, script, ["g1", "g3"])
    assert laid_out(shown) == [("red", ["e01"]), ("standing", ["e01"])]
    assert laid_out(arrange(scheme, script, ["g3", "g2"])) == [("award", ["e03", "e02", "e01"])]


def test_public_last_places_stand_in_the_standing_whoever_is_awarded():
    scheme = read(OPEN)
    script = write_script(scheme, OUTCOME, result())
    assert laid_out(arrange(scheme, script, ["g2", "g4"]))[1][1] == ["e01", "e02", "e03", "e04"]


def test_flags_of_an_issue_are_a_group_of_their_round_with_its_points():
    outcome = replace(
        OUTCOME,
        flags=(flag("e02", place=1, round_="routine"), flag("e03", place=1, round_="routine")),
    )
    red = write_script(read(), outcome, result())[0]
    assert red.title == "红旗（日常考核）"
    assert [(item.entry, item.points, item.tied) for item in red.items] == [
        ("e03", "80.00", True),
        ("e02", "80.00", True),
    ]


HONOURS = """
[[honours]]
key = "many"
title = "红旗之乡"
colour = "red"
steps = [{ held = 1, amount = 1000 }]
[[honours]]
key = "warned"
title = "综合黄旗"
colour = "yellow"
gives = "flag"
steps = [{ held = 1 }]
"""


def test_honours_over_tracks_are_groups_without_places_and_end_in_the_largest_sum():
    def won(entry, amount):
        return AwardGrant("many", "红旗之乡", "", entry, None, amount, "", "", "", "unit")

    scheme = read(HONOURS)
    outcome = Outcome(
        flags=(Flag("warned", "", "e04", "yellow", "综合黄旗", None, ""),),
        awards=(won("e02", "3000"), won("e01", "1000")),
        offers=(Offer(won("", None), False, scheme.honours[0]),),
    )
    script = write_script(scheme, outcome, result())
    assert laid_out(script)[0] == ("award", ["e01", "e02"])
    assert (script[0].heading, script[0].items[1].amount) == ("红旗之乡", "3000")
    assert [group.kind for group in script] == ["award", "standing"]
    opened = write_script(read(OPEN + HONOURS), outcome, result())
    assert (opened[0].kind, opened[0].heading) == ("yellow", "综合黄旗")


def test_places_counted_in_peer_groups_are_revealed_group_by_group():
    scheme = read(track='peers = "group"\n')
    groups = {"e01": "甲组", "e02": "甲组", "e03": "乙组", "e04": "乙组"}
    script = write_script(scheme, OUTCOME, result(groups))
    assert [(group.title, laid_out([group])[0][1]) for group in script] == [
        ("红旗（甲组）", ["e01"]),
        ("干事创业好党委（乙组）", ["e03"]),
        ("干事创业好党委（甲组）", ["e02", "e01"]),
        ("乡镇榜排名（乙组）", ["e03", "e04"]),
        ("乡镇榜排名（甲组）", ["e01", "e02"]),
    ]
