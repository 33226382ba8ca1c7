"""What goes over several tracks: honours for several flags, and money that awards share."""

import pytest

from competitions.scheme.compare import compare_documents
from competitions.scheme.describe_rewards import describe_honour, describe_pool
from competitions.scheme.read import SchemeError, read_document, read_toml
from competitions.scheme.write import to_document, to_toml
from rewards.rules.decide import apply_decision, decide
from rewards.rules.outcome import Change
from scoring.rules.evidence import EntryFacts, Evidence, RulingFact
from scoring.rules.tabulate import tabulate
from tests.rules.small import criterion

DIRECT = {"kind": "measured", "quantity": "value", "conversion": {"kind": "direct"}}
STEPS = [{"held": 2, "amount": "10000"}, {"held": 3, "amount": "5000", "each": True}]


def track_of(key, title, awards=(), yellow=False, **more):
    """Two issues; a red flag at 60 points or more in each of them."""
    rounds = [
        {"key": f"{key}{n}", "title": f"第{n}期", "kind": "routine", "full": "100",
         "weight": "50", "decimals": 2, "criteria": [criterion(DIRECT, key=f"{key}{n}x")]}
        for n in (1, 2)
    ]  # fmt: skip
    names = [round_["key"] for round_ in rounds]
    flags = [{"key": f"red-{key}", "title": "红旗", "colour": "red", "at_least": "60",
              "rounds": names, "boundary": "extend"}]  # fmt: skip
    if yellow:
        flags.append({"key": f"yellow-{key}", "title": "黄旗", "colour": "yellow", "below": "30",
                      "rounds": names, "boundary": "extend"})  # fmt: skip
    return {"key": key, "title": title, "rounds": rounds, "flags": flags, "awards": list(awards),
            **more}  # fmt: skip


def honour(**more):
    return {"key": "h", "title": "红旗乡镇", "colour": "red", "steps": STEPS, **more}


def prize(key, amounts):
    return {"key": key, "title": key, "to": "unit", "quota": len(amounts), "amounts": amounts,
            "boundary": "extend"}  # fmt: skip


def document_of(tracks=None, **more):
    tracks = tracks or [track_of("a", "产业榜"), track_of("b", "生态榜")]
    return {"key": "s", "title": "办法", "tracks": tracks, **more}


def decide_over(document, rows, rulings=()):
    """rows: points of each entry in the rounds a1, a2, b1, b2; None where there is none yet."""
    scheme = read_document(document)
    evidence = Evidence(rulings=list(rulings))
    names = [c.key for track in scheme.tracks for r in track.rounds for c in r.criteria]
    for n, row in enumerate(rows, 1):
        evidence.entries.append(EntryFacts(f"e{n}", n))
        for name, value in zip(names, row, strict=True):
            if value is not None:
                evidence.measurements[f"e{n}", name] = {"value": str(value)}
    return decide(tabulate(scheme, evidence), scheme, evidence)


ROWS = [(90, 90, 90, 90), (80, 80, 80, 0), (70, 70, 0, 0), (60, 0, 0, 0)]


def problems_of(document):
    with pytest.raises(SchemeError) as caught:
        read_document(document)
    return [str(problem) for problem in caught.value.problems]


def amounts_of(outcome):
    return {(grant.award, grant.entry): grant.amount for grant in outcome.awards}


# --- honours -------------------------------------------------------------------------------------


def test_honour_counts_flags_over_tracks_and_issues_and_the_best_step_holds():
    outcome = decide_over(document_of(honours=[honour()]), ROWS)
    assert [(g.entry, g.amount, g.track, g.place) for g in outcome.awards] == [
        ("e1", "20000", "", None),
        ("e2", "15000", "", None),
        ("e3", "10000", "", None),
    ]
    assert outcome.awards[1].reason == (
        "共获红旗 3 面：产业榜（第1期、第2期）、生态榜（第1期）；达到 3 面以上，每面 5000 元。"
    )
    assert outcome.total == "45000"


def test_honour_may_count_tracks_and_only_the_flags_it_names():
    by_track = honour(count="tracks", steps=[{"held": 2, "amount": "1"}])
    assert [g.entry for g in decide_over(document_of(honours=[by_track]), ROWS).awards] == [
        "e1", "e2",
    ]  # fmt: skip
    named = honour(rules=["red-b"], steps=[{"held": 1}])
    outcome = decide_over(document_of(honours=[named]), ROWS)
    assert [(g.entry, g.amount) for g in outcome.awards] == [("e1", None), ("e2", None)]


def test_honour_may_be_a_flag_of_its_own():
    yellow = {"key": "y", "title": "综合黄旗", "colour": "yellow", "gives": "flag",
              "steps": [{"held": 2}]}  # fmt: skip
    tracks = [track_of("a", "产业榜", yellow=True), track_of("b", "生态榜", yellow=True)]
    found = decide_over(document_of(tracks, honours=[yellow]), ROWS)
    assert [(f.rule, f.track, f.entry, f.colour, f.place) for f in found.flags if not f.track] == [
        ("y", "", "e4", "yellow", None),
        ("y", "", "e3", "yellow", None),
    ]


def test_flag_of_an_honour_is_taken_away_by_a_ruling_of_its_own():
    town = honour(gives="flag", steps=[{"held": 2}])
    ruling = RulingFact("1", "revoke_flag", of="h", entry="e2", document="临办发〔2022〕3号")
    outcome = decide_over(document_of(honours=[town]), ROWS, [ruling])
    assert [f.entry for f in outcome.flags if f.rule == "h"] == ["e1", "e3"]
    assert len([f for f in outcome.flags if f.entry == "e2"]) == 3
    assert "「红旗乡镇」已摘旗一面：经裁定（临办发〔2022〕3号）。" in outcome.notes


def test_flag_taken_away_and_a_bar_on_any_counted_track_cost_the_honour():
    gate = {"key": "g", "title": "重大事故", "when": "ruling", "effect": "no_award"}
    tracks = [track_of("a", "产业榜"), track_of("b", "生态榜", gates=[gate])]
    rulings = [
        RulingFact("1", "revoke_flag", of="red-a", entry="e3", round="a1"),
        RulingFact("2", "veto", of="g", entry="e1"),
    ]
    outcome = decide_over(document_of(tracks, honours=[honour()]), ROWS, rulings)
    assert [g.entry for g in outcome.awards] == ["e2"]


def test_yellow_flag_anywhere_costs_an_honour_that_says_so():
    tracks = [track_of("a", "产业榜"), track_of("b", "生态榜", yellow=True)]
    outcome = decide_over(document_of(tracks, honours=[honour(no_yellow=True)]), ROWS)
    assert [g.entry for g in outcome.awards] == ["e1"]


def test_honour_waits_until_every_counted_track_is_complete():
    outcome = decide_over(document_of(honours=[honour()]), [*ROWS, (90, 90, 90, None)])
    assert outcome.awards == ()
    assert "「红旗乡镇」所计的榜单尚未全部算出，暂不计算。" in outcome.notes


def test_honours_are_limited_because_each_looks_at_every_flag():
    document = document_of(honours=[honour(key=f"h{n}") for n in range(201)])
    assert problems_of(document) == ["honours：综合荣誉有 201 项，最多 200 项，请精简。"]


def test_meeting_gives_an_honour_with_its_amount_to_who_is_ranked():
    outcome = decide_over(document_of(honours=[honour()]), ROWS)
    with pytest.raises(ValueError, match="请写明奖励金额"):
        apply_decision(outcome, [Change("h", "e4", True, "追加")])
    with pytest.raises(ValueError, match="没有名次"):
        apply_decision(outcome, [Change("h", "e9", True, "追加", "1")])
    given = apply_decision(outcome, [Change("h", "e4", True, "追加", "800")])
    assert amounts_of(given)["h", "e4"] == "800"


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"rules": ["gold"]},
         "honours[0].rules[0]：各榜单中没有旗「gold」，请先在榜单中设旗或改正。"),
        ({"colour": "yellow", "gives": "flag", "steps": [{"held": 1}]},
         "honours[0].rules：各榜单都没有设黄旗，请先在榜单中设旗或改正颜色。"),
        ({"steps": [{"held": 5}]},
         "honours[0].steps[0].held：计入的旗最多只能得 4 面，达不到 5 面，请改正。"),
        ({"steps": [{"held": 3}, {"held": 2}]},
         "honours[0].steps[1].held：面数应由小到大排列，请调整。"),
        ({"gives": "flag"},
         "honours[0].steps：综合旗不带金额，请去掉金额，或改为奖项（award）。"),
        ({"per": "month"}, "honours[0].months：按月发放的须写明发放几个月，请补充。"),
        ({"key": "red-a"}, "honours[0].key：旗、奖项和门槛的键「red-a」与 tracks[0].flags[0] 重复，"
         "请改用不同的键。"),
    ],
)  # fmt: skip
def test_flaw_of_an_honour_is_named_with_place_and_remedy(changed, problem):
    assert problem in problems_of(document_of(honours=[honour(**changed)]))


# --- shared sums ---------------------------------------------------------------------------------


def pool(amount, how, awards=("first", "h", "last")):
    return {"key": "p", "title": "奖金总额", "amount": amount, "how": how,
            "awards": [{"award": key} for key in awards]}  # fmt: skip


def pooled(amount, how):
    """The documented case: 9,000 + 6,000, an honour of 10,000, and 5,000 on another track."""
    tracks = [
        track_of("a", "产业榜", [prize("first", ["9000", "6000"])]),
        track_of("b", "生态榜", [prize("last", ["5000"])]),
    ]
    step = [{"held": 4, "amount": "10000"}]
    return document_of(tracks, honours=[honour(steps=step)], pools=[pool(amount, how)])


@pytest.mark.parametrize(
    ("amount", "how", "amounts", "total"),
    [
        ("20000", "proportion", ["6000", "4000", "3333", "6666"], "19999"),
        ("20000", "order", ["9000", "6000", "0", "5000"], "20000"),
        ("45000", "share", ["13500", "9000", "7500", "15000"], "45000"),
        ("45000", "proportion", ["9000", "6000", "5000", "10000"], "30000"),
        ("45000", "order", ["9000", "6000", "5000", "10000"], "30000"),
    ],
)
def test_shared_sum_is_cut_as_the_scheme_says(amount, how, amounts, total):
    outcome = decide_over(pooled(amount, how), ROWS)
    assert [grant.amount for grant in outcome.awards] == amounts
    assert outcome.total == total


def test_amount_that_was_cut_says_what_it_was_and_the_sum_says_what_became_of_it():
    outcome = decide_over(pooled("20000", "proportion"), ROWS)
    assert outcome.awards[0].cut == "原 9000 元，按「奖金总额」20000 元核减为 6000 元。"
    assert (
        "「奖金总额」20000 元：所列奖项合计 30000 元，按同一比例核减，实发 19999 元。"
        in outcome.notes
    )
    written = outcome.to_document()["awards"]
    assert "cut" in written[0]
    untouched = decide_over(pooled("45000", "order"), ROWS).to_document()["awards"]
    assert not any("cut" in award for award in untouched)


def test_shared_sum_waits_while_one_of_its_awards_cannot_be_decided():
    outcome = decide_over(pooled("20000", "order"), [*ROWS, (90, 90, 90, None)])
    assert outcome.awards == ()
    assert "「奖金总额」所列奖项尚未全部算出，暂不分配。" in outcome.notes


def test_meeting_that_exceeds_a_shared_sum_is_told():
    outcome = decide_over(pooled("20000", "order"), ROWS)
    given = apply_decision(outcome, [Change("last", "e2", True, "追加", "3000")])
    assert given.total == "23000"
    assert "会议决定以后，「奖金总额」合计 23000 元，超过总额 20000 元，请核对。" in given.notes


def test_monthly_amounts_and_heads_enter_a_shared_sum_whole():
    monthly = {**prize("first", ["300"]), "per": "month", "months": 12, "people": 5}
    tracks = [track_of("a", "产业榜", [monthly]), track_of("b", "生态榜")]
    document = document_of(tracks, pools=[pool("10000", "proportion", ["first"])])
    outcome = decide_over(document, ROWS)
    assert [(g.amount, g.cut) for g in outcome.awards] == [
        ("166", "每月每人原 300 元，按「奖金总额」10000 元核减为 166 元。")
    ]
    assert outcome.total == "9960"


def test_flaws_of_a_shared_sum_are_named_with_place_and_remedy():
    bare = {**prize("bare", []), "quota": 1}
    tracks = [track_of("a", "产业榜", [prize("first", ["9000"]), bare]), track_of("b", "生态榜")]
    pools = [
        pool("0", "order", ["first", "none", "first", "bare"]),
        {**pool("5", "order", ["first"]), "key": "q"},
    ]
    assert problems_of(document_of(tracks, pools=pools)) == [
        "pools[0].amount：总额须大于 0，请填写。",
        "pools[0].awards[1].award：没有奖项「none」，请先设置奖项或改正。",
        "pools[0].awards[2].award：奖项「first」重复，请删除。",
        "pools[0].awards[3].award：奖项「bare」没有金额，不必列入总额，请去掉或写明金额。",
        "pools[1].awards[0].award：奖项「first」已列入 pools[0]，一个奖项只能属于一个总额，"
        "请去掉其一。",
    ]


def test_award_with_its_own_limit_is_not_shared_out_to_the_last_yuan():
    """The sum would raise its amounts again above the limit that has just cut them."""
    limited = {**prize("first", ["9000"]), "pool": "1000"}
    tracks = [track_of("a", "产业榜", [limited]), track_of("b", "生态榜")]
    assert problems_of(document_of(tracks, pools=[pool("20000", "share", ["first"])])) == [
        "pools[0].awards[0].award：奖项「first」另有总额上限，按比例全部分完时可能超出，"
        "请去掉上限或改用其他分配办法。",
    ]
    cut = decide_over(document_of(tracks, pools=[pool("20000", "order", ["first"])]), ROWS)
    assert cut.total == "1000"


# --- in words ------------------------------------------------------------------------------------


def test_honours_and_shared_sums_are_explained_in_words():
    scheme = read_document(pooled("20000", "order"))
    assert describe_honour(scheme.honours[0], scheme) == [
        "“红旗乡镇”计全部 2 个榜单的红旗（每面旗计一面，逐期授旗的各期都计入）："
        "授予单位，4 面以上奖 10,000 元。",
        "在所计榜单中被取消评先资格的不授予。",
    ]
    assert describe_pool(scheme.pools[0], scheme) == (
        "“奖金总额”：“first”、“红旗乡镇”、“last”共用总额 20,000 元，超过总额的，"
        "按所列奖项先后足额发放，余额不足的一项按比例核减，其后不发；金额舍去不足 1 元的部分。"
    )


def test_honours_and_shared_sums_survive_document_and_toml_and_are_compared():
    document = to_document(read_document(pooled("20000", "order")))
    scheme = read_document(document)
    assert read_toml(to_toml(scheme)) == scheme
    other = {**document, "pools": [{**document["pools"][0], "how": "share"}]}
    (change,) = compare_documents(document, other)
    assert change.where == "共用总额「奖金总额」 · 分配办法"
    assert change.new == "按比例全部分完"


def test_what_changed_calls_what_a_key_names_by_its_title():
    document = document_of(honours=[honour(rules=["red-a"])])
    other = document_of(honours=[honour(rules=["red-b"])])
    other["tracks"][0]["ties"] = [{"by": "round", "of": "a2"}]
    told = {change.where: (change.old, change.new) for change in compare_documents(document, other)}
    assert (
        told["榜单「产业榜」 · 同分处理"][1]
        == "依据 某环节得分高者在前，环节、评分项或维度 第2期（a2）"
    )
    assert told["综合荣誉「红旗乡镇」 · 计入的旗"] == (
        "红旗（red-a）",
        "红旗（red-b）",
    )
