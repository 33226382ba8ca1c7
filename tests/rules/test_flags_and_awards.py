"""Flags and awards: quotas, boundaries, thresholds, tiers, money."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from competitions.scheme.read import SchemeError, read_document
from rewards.rules.decide import apply_decision, decide
from rewards.rules.outcome import Change
from scoring.rules.evidence import EntryFacts, Evidence, RulingFact
from scoring.rules.tabulate import tabulate
from tests.rules.small import criterion

DIRECT = {"kind": "measured", "quantity": "value", "conversion": {"kind": "direct"}}


def outcome_of(
    totals, *, rulings=(), history=None, previous=None, groups=None, people=None, **track
):
    scheme = read_document(
        {
            "key": "s",
            "title": "办法",
            "tracks": [
                {
                    "key": "t",
                    "title": "榜",
                    "rounds": [
                        {
                            "key": "r",
                            "title": "环节",
                            "kind": "routine",
                            "weight": "100",
                            "criteria": [criterion(DIRECT)],
                        }
                    ],
                    **track,
                }
            ],
        }
    )
    evidence = Evidence(history=history or {}, previous=previous or {}, people=people or {})
    evidence.rulings = list(rulings)
    for n, total in enumerate(totals, 1):
        group = groups[n - 1] if groups else ""
        evidence.entries.append(EntryFacts(f"e{n}", n, group))
        evidence.measurements[f"e{n}", "x"] = {"value": str(total)}
    return decide(tabulate(scheme, evidence), scheme, evidence)


def flag(colour="red", **more):
    return {"key": colour, "title": colour, "colour": colour, "boundary": "extend", **more}


def award(**more):
    return {"key": "a", "title": "奖", "to": "unit", "boundary": "ruling", **more}


def flags_of(outcome):
    return [(item.entry, item.colour) for item in outcome.flags]


def money(outcome):
    return [(item.entry, item.amount) for item in outcome.awards]


def test_quarter_of_ninety_and_top_three_is_red_under_eighty_and_bottom_three_is_yellow():
    flags = [flag(places=3, at_least="90"), flag("yellow", places=3, below="80")]
    outcome = outcome_of([95, 91, 89, 85, 82, 79, 70], flags=flags)
    assert flags_of(outcome) == [
        ("e1", "red"), ("e2", "red"), ("e6", "yellow"), ("e7", "yellow"),
    ]  # fmt: skip


def test_two_yellow_flags_in_a_row_lead_to_a_talk():
    flags = [flag("yellow", places=1, repeat=2, repeat_effect="由区委约谈")]
    history = {("yellow", "e2"): 1}
    [yellow] = outcome_of([90, 80], flags=flags, history=history).flags
    assert yellow.effect == "连续 2 次：由区委约谈"
    [first] = outcome_of([90, 80], flags=flags).flags
    assert first.effect == ""


@pytest.mark.parametrize(("rounding", "count"), [("down", 1), ("up", 2), ("half", 2)])
def test_share_of_the_field_is_rounded_as_declared(rounding, count):
    # 15 % of 10 is 1.5
    flags = [flag(percent="15", percent_rounding=rounding)]
    assert len(outcome_of(range(90, 80, -1), flags=flags).flags) == count


def test_small_field_gets_no_flags():
    outcome = outcome_of([90, 80], flags=[flag(places=1, smallest=3)])
    assert outcome.flags == ()
    assert outcome.notes == ("「red」：参评对象 2 个，少于 3 个，不授旗。",)


def test_revoked_flag_is_gone_with_its_award():
    ruling = RulingFact(
        "z", "revoke_flag", of="red", entry="e1", reason="数据造假", document="临办发〔2022〕3号"
    )
    outcome = outcome_of(
        [90, 80], rulings=[ruling], flags=[flag(places=1)],
        awards=[award(red_flag=True, amounts=["10000"])],
    )  # fmt: skip
    assert (outcome.flags, outcome.awards) == ((), ())
    assert outcome.notes == ("「red」已摘旗一面：经裁定（临办发〔2022〕3号）。",)


def test_never_both_colours():
    flags = [flag("yellow", places=2), flag(places=2)]
    outcome = outcome_of([90, 80, 70], flags=flags)
    assert flags_of(outcome) == [("e1", "red"), ("e2", "red"), ("e3", "yellow")]


@pytest.mark.parametrize(
    ("boundary", "flags", "undecided"),
    [
        ("extend", ["e1", "e2", "e3"], []),
        ("exclude", ["e1"], []),
        ("ruling", ["e1"], [("red", ("e2", "e3"), 1)]),
    ],
)
def test_tie_across_the_quota_is_an_explicit_choice(boundary, flags, undecided):
    outcome = outcome_of([90, 80, 80, 70], flags=[flag(places=2, boundary=boundary)])
    assert [item.entry for item in outcome.flags] == flags
    assert [(b.of, b.entries, b.quota) for b in outcome.undecided] == undecided


def test_decision_for_more_than_the_openings_is_not_taken():
    ruling = RulingFact("b", "boundary", of="a", entries=("e2", "e3"))
    outcome = outcome_of([90, 80, 80], rulings=[ruling], awards=[award(quota=2)])
    assert [item.entry for item in outcome.awards] == ["e1"]
    assert len(outcome.undecided) == 1


def test_decision_may_give_it_to_none_of_the_tied():
    ruling = RulingFact("b", "boundary", of="a", entries=())
    outcome = outcome_of([90, 80, 80], rulings=[ruling], awards=[award(quota=2)])
    assert [item.entry for item in outcome.awards] == ["e1"]
    assert outcome.undecided == ()
    assert any("都不给予" in note for note in outcome.notes)


def test_yellow_boundary_counts_from_the_end():
    flags = [flag("yellow", places=1, boundary="exclude")]
    assert flags_of(outcome_of([90, 80, 80], flags=flags)) == []
    assert flags_of(outcome_of([90, 90, 80], flags=flags)) == [("e3", "yellow")]


def test_flags_and_awards_hold_in_each_peer_group():
    outcome = outcome_of(
        [90, 80, 70, 60],
        groups=["a", "b", "a", "b"],
        peers="group",
        flags=[flag(places=1)],
        awards=[award(quota=1, amounts=["100"])],
    )
    assert flags_of(outcome) == [("e1", "red"), ("e2", "red")]
    assert money(outcome) == [("e1", "100"), ("e2", "100")]


def test_tied_places_get_the_amount_of_their_place_or_share():
    amounts = ["500", "400", "300"]
    plain = outcome_of([90, 90, 70], awards=[award(quota=3, amounts=amounts)])
    assert money(plain) == [("e1", "500"), ("e2", "500"), ("e3", "300")]
    shared = outcome_of([90, 90, 70], awards=[award(quota=3, amounts=amounts, tied_amount="share")])
    assert money(shared) == [("e1", "450"), ("e2", "450"), ("e3", "300")]


def test_prizes_of_two_four_six_requiring_ninety_eighty_seventy():
    tiers = [
        {"title": "一等奖", "places": 2, "amount": "3000", "minimum": "90"},
        {"title": "二等奖", "places": 4, "amount": "2000", "minimum": "80"},
        {"title": "三等奖", "places": 6, "amount": "1000", "minimum": "70"},
    ]
    totals = [95, 89, 88, 87, 86, 79, 78, 77, 76, 75, 74, 73, 69]
    outcome = outcome_of(totals, awards=[award(tiers=tiers)])
    # one reaches 90; four of those who reach 80; then six of those who reach 70
    assert money(outcome) == (
        [("e1", "3000")]
        + [(f"e{n}", "2000") for n in range(2, 6)]
        + [(f"e{n}", "1000") for n in range(6, 12)]
    )


def test_progress_of_five_and_of_ten_places():
    progress = [{"up": 5, "amount": "5000"}, {"up": 10, "amount": "10000"}]
    previous = {("t", "e1"): 11, ("t", "e2"): 7, ("t", "e3"): 7, ("t", "e4"): 1}
    outcome = outcome_of([90, 80, 70, 60], previous=previous, awards=[award(progress=progress)])
    # up 10, 5, 4 and down 3
    assert money(outcome) == [("e1", "10000"), ("e2", "5000")]


def test_monthly_amounts_for_half_a_year_are_totalled():
    monthly = award(quota=3, amounts=["600", "400", "200"], per="month", months=6, to="secretary")
    outcome = outcome_of([90, 80, 70, 60], awards=[monthly])
    assert [(g.entry, g.amount, g.months) for g in outcome.awards] == [
        ("e1", "600", 6), ("e2", "400", 6), ("e3", "200", 6),
    ]  # fmt: skip
    assert outcome.total == "7200"


def test_award_for_every_red_flag_follows_the_flags():
    shop = award(red_flag=True, amounts=["10000"])
    pay = award(key="pay", red_flag=True, amounts=["500"], per="month", months=12, role="村书记")
    outcome = outcome_of([90, 80, 70], flags=[flag(places=2)], awards=[shop, pay])
    assert money(outcome) == [
        ("e1", "10000"), ("e2", "10000"), ("e1", "500"), ("e2", "500"),
    ]  # fmt: skip
    assert outcome.total == "32000"


def test_pool_reduces_all_amounts_in_proportion_to_whole_yuan():
    pooled = award(quota=3, amounts=["500", "400", "100"], pool="700")
    outcome = outcome_of([90, 80, 70], awards=[pooled])
    assert money(outcome) == [("e1", "350"), ("e2", "280"), ("e3", "70")]
    assert outcome.total == "700"


@pytest.mark.parametrize(
    ("vacated", "expected"),
    [
        ("leave", [("e2", "400")]),
        ("fill", [("e2", "500"), ("e3", "400")]),
    ],
)
def test_place_of_a_barred_entry_stays_empty_or_is_filled(vacated, expected):
    gate = {"key": "g", "title": "一票否决", "when": "ruling", "effect": "no_award"}
    outcome = outcome_of(
        [90, 80, 70],
        gates=[gate],
        rulings=[RulingFact("v", "veto", of="g", entry="e1")],
        flags=[flag(places=1)],
        awards=[award(quota=2, amounts=["500", "400"], vacated=vacated)],
    )
    assert money(outcome) == expected
    assert flags_of(outcome) == []


def test_gate_may_leave_only_the_lowest_tier():
    gate = {"key": "g", "title": "重大事故", "when": "ruling", "effect": "lowest"}
    tiers = [{"title": title, "places": 1} for title in ("优秀", "良好", "一般")]
    veto = RulingFact("v", "veto", of="g", entry="e1", reason="安全事故")
    track = {"gates": [gate], "awards": [award(tiers=tiers), award(key="b", quota=1)],
             "flags": [flag(places=1)]}  # fmt: skip
    outcome = outcome_of([90, 80, 70], rulings=[veto], **track)
    assert outcome.places["t"] == {"e1": 1, "e2": 2, "e3": 3}
    assert [(g.award, g.entry) for g in outcome.awards] == [("a", "e2"), ("a", "e3"), ("a", "e1")]
    assert outcome.awards[2].reason == "榜第1名，总分 90.00，一般（因「重大事故」定为最低一档）。"
    assert outcome.flags == ()
    with pytest.raises(SchemeError, match="本榜单没有分档的奖项，不能定为最低一档"):
        outcome_of([90], gates=[gate])


def test_yellow_flag_may_bar_from_an_award():
    outcome = outcome_of(
        [90, 80], flags=[flag("yellow", places=1)], awards=[award(quota=2, no_yellow=True)]
    )
    assert [item.entry for item in outcome.awards] == ["e1"]


@settings(max_examples=150)
@given(
    totals=st.lists(st.integers(60, 70), min_size=1, max_size=12),
    red=st.integers(1, 6),
    yellow=st.integers(1, 6),
    quota=st.integers(1, 6),
    boundary=st.sampled_from(["extend", "exclude", "ruling"]),
    vacated=st.sampled_from(["leave", "fill"]),
)
def test_flags_and_awards_keep_their_promises(totals, red, yellow, quota, boundary, vacated):
    outcome = outcome_of(
        totals,
        flags=[flag(places=red, boundary=boundary),
               flag("yellow", places=yellow, boundary=boundary)],
        awards=[award(quota=quota, amounts=["100"], boundary=boundary, vacated=vacated,
                      no_yellow=True)],
    )  # fmt: skip
    by_colour = {colour: {f.entry for f in outcome.flags if f.colour == colour}
                 for colour in ("red", "yellow")}  # fmt: skip
    assert not by_colour["red"] & by_colour["yellow"]
    winners = [grant.entry for grant in outcome.awards]
    assert len(set(winners)) == len(winners)
    assert not set(winners) & by_colour["yellow"]
    if boundary != "extend":
        assert len(by_colour["red"]) <= red
        assert len(by_colour["yellow"]) <= yellow
        assert len(winners) <= quota
    # nobody with a higher total is left out below somebody chosen, except for a yellow flag
    score = {f"e{n}": total for n, total in enumerate(totals, 1)}
    for chosen, out_of_it in ((by_colour["red"], set()), (set(winners), by_colour["yellow"])):
        lowest = min((score[key] for key in chosen), default=0)
        waiting = {key for item in outcome.undecided for key in item.entries}
        for key, total in score.items():
            if chosen and total > lowest and key not in waiting | out_of_it:
                assert key in chosen
    assert outcome.total == str(100 * len(winners))


def test_incomplete_track_leads_to_nothing():
    outcome = outcome_of([90, "?"], flags=[flag(places=1)], awards=[award(quota=1)])
    assert (outcome.flags, outcome.awards, outcome.undecided) == ((), (), ())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (Change("b", "e1", True, "x"), "办法中没有奖项「b」，请核对。"),
        (Change("a", "e1", False, " "), "会议改变奖项须写明理由。"),
        (Change("a", "e1", True, "x"), "该对象已在此奖项名单中，不能重复给予。"),
        (Change("a", "e3", False, "x"), "该对象不在此奖项名单中，不能取消。"),
        (Change("a", "e9", True, "x"), "该对象在此榜单没有名次，不能给予奖项。"),
        (Change("a", "e3", True, "x"), "名次在金额表之外，请写明奖励金额。"),
    ],
)
def test_change_that_does_not_fit_is_refused(change, message):
    outcome = outcome_of([90, 80, 70], awards=[award(quota=2, amounts=["500", "400"])])
    with pytest.raises(ValueError) as caught:
        apply_decision(outcome, [change])
    assert str(caught.value) == message
