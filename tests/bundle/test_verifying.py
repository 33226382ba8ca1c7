"""Verification finds every change: in a figure, a place, an award, a file, the record."""

import json

import pytest

from arena import kinds as arena_kinds
from competitions import kinds as competition_kinds
from publication import kinds as publication_kinds
from publication.bundle import beside, timed
from publication.bundle import verify as verify_module
from publication.bundle.read import read_bundle
from publication.bundle.show import show_csv, show_table
from publication.bundle.verify import verify_bundle
from publication.bundle.write import write_bundle
from record.chain import digests
from rewards import kinds as reward_kinds
from rewards.rules.decide import decide
from scoring import kinds as scoring_kinds
from scoring.rules.tabulate import tabulate
from tests.bundle import small
from tests.bundle.small import changed, complete_parts


def failed(bundle):
    """This function will return {title: problems} of the checks that failed."""
    report = verify_bundle(bundle)
    found = {check.title: check.problems for check in report.checks if check.state == "fails"}
    assert report.ok == (not found)
    return found


def test_whole_bundle_holds_and_names_what_nothing_speaks_for(whole):
    with read_bundle(whole) as bundle:
        report = verify_bundle(bundle)
    assert [(check.title, check.state) for check in report.checks] == [
        ("文件清单", "holds"),
        ("存证链", "holds"),
        ("办法", "holds"),
        ("统分存证", "holds"),
        ("总分、名次和得分过程", "holds"),
        ("会议决定", "holds"),
        ("按办法计算的旗、奖项和金额", "holds"),
        ("会议决定以后的旗、奖项和金额", "holds"),
        ("第 1 版公布内容（全县（区））", "holds"),
        ("名称", "holds"),
        ("另附的文件", "left_out"),
    ]
    assert report.ok


def test_digests_and_kinds_are_those_of_the_record():
    assert digests.EVIDENCE_TAG == b"leitai/1/evidence\n"
    assert digests.RESULT_TAG == b"leitai/1/result\n"
    assert verify_module.TABULATION_STORED == scoring_kinds.TABULATION_STORED
    assert {
        publication_kinds.PUBLICATION_RELEASED,
        competition_kinds.ENTRIES_CHANGED,
        scoring_kinds.LEDGER_ENTERED,
        reward_kinds.DECISION_ENTERED,
    } == beside.TOLD
    assert {
        arena_kinds.MOVED,
        arena_kinds.CALLED_OFF,
        scoring_kinds.TABULATION_STORED,
    } == timed.HEARD


def entry(document, key="lang"):
    return document["tracks"]["town"]["entries"][key]


@pytest.mark.parametrize(
    ("name", "change", "title", "sentence"),
    [
        (
            "result.json",
            lambda d: entry(d).__setitem__("total", "90.60"),
            "总分、名次和得分过程",
            "「乡镇榜」「狼山镇」总分：卷宗写的是 90.60 ，重新计算是 90.59 。",
        ),
        (
            "result.json",
            lambda d: entry(d, "xin").__setitem__("place", 2),
            "总分、名次和得分过程",
            "「乡镇榜」「新华镇」名次：卷宗写的是 2 ，重新计算是 1 。",
        ),
        (
            "result.json",
            lambda d: entry(d)["tree"]["children"][0]["children"][0]["children"][0].pop("dropped"),
            "总分、名次和得分过程",
            "「乡镇榜」「狼山镇」得分过程「擂台比武」「演讲」打分「j1」是否去掉："
            "卷宗写的是（没有），重新计算是是。",
        ),
        (
            "outcome.json",
            lambda d: d["final"]["awards"][0].__setitem__("amount", "600000"),
            "会议决定以后的旗、奖项和金额",
            "奖项「好党委」「新华镇」金额（元）：卷宗写的是 600000 ，重新计算是 500000 。",
        ),
        (
            "outcome.json",
            lambda d: d["computed"]["flags"].pop(),
            "按办法计算的旗、奖项和金额",
            "旗「黄旗」「双河镇」：重新计算应有，卷宗里没有。",
        ),
        (
            "decision.json",
            lambda d: d["changes"].pop(),
            "会议决定以后的旗、奖项和金额",
            "奖项「好党委」「双河镇」：卷宗里有，重新计算没有。",
        ),
        (
            "decision.json",
            lambda d: d["changes"][0].__setitem__("entry", "shuang"),
            "会议决定",
            "会议的调整与计算结果对不上：该对象不在此奖项名单中，不能取消。",
        ),
        (
            "decision.json",
            lambda d: d["changes"][1].__setitem__("amount", "1e999999999"),
            "会议决定",
            "会议的调整与计算结果对不上：金额应为普通写法的数字。",
        ),
        (
            "publications.json",
            lambda d: d[0]["contents"]["tracks"][0]["rows"][0].__setitem__("total", "99.00"),
            "第 1 版公布内容（全县（区））",
            "「乡镇榜」「新华镇」：公布总分 99.00，重新计算是 94.60。",
        ),
        (
            "evidence.json",
            lambda d: d["marks"][0].__setitem__(4, "91.5"),
            "统分存证",
            "打分和数据与存证里统分所依据的不符，被改动过。",
        ),
        (
            "names.json",
            lambda d: d["entries"].__setitem__("xin", "狼山镇"),
            "名称",
            "编号「xin」在「names.json」里是「狼山镇」，在公布内容里是「新华镇」。",
        ),
        (
            "scheme.json",
            lambda d: d["tracks"][0]["awards"][0]["amounts"].__setitem__(0, "400000"),
            "办法",
            "办法与存证里统分所依据的办法不符。",
        ),
    ],
)
def test_changed_document_is_found_and_named(parts, reopen, name, change, title, sentence):
    assert sentence in failed(reopen(changed(parts, name, change)))[title]


def test_changed_attachment_is_found(parts, reopen):
    parts["about"]["files"] = {}
    data = write_bundle(**parts)
    assert failed(reopen(data)) == {}
    swapped = dict(parts, attachments=[("l001.pdf", b"%PDF-1.4 other")])
    listing = json.loads(reopen(data).files.read("bundle.json", 10**6))
    bundle = reopen(write_bundle(**swapped))
    bundle.about = listing
    assert failed(bundle) == {
        "文件清单": ["文件「attachments/l001.pdf」与清单上的摘要不符，被改动过。"]
    }


def test_changed_and_shortened_record_are_found(parts, reopen):
    rows = [dict(row) for row in parts["record"]]
    rows[1]["by"] = "8"
    assert failed(reopen(write_bundle(**{**parts, "record": rows})))["存证链"] == [
        "第 2 条：内容与摘要不符，被改动过。"
    ]
    short = write_bundle(**{**parts, "record": parts["record"][:-1]})
    assert failed(reopen(short)) == {
        "存证链": ["末条摘要与卷宗封面所写的不一致，链的末尾被截去或改写。"],
        "第 1 版公布内容（全县（区））": ["存证里没有这一版，或其正文没有附上。"],
    }


def public(parts):
    """This function will take out of a bundle what the public does not read."""
    names = ("scheme.json", "publications.json", "names.json")
    rows = [
        row if row["kind"] == "publication.released" else {**row, "body": None}
        for row in parts["record"]
    ]
    return {
        **parts,
        "documents": {name: parts["documents"][name] for name in names},
        "record": rows,
        "attachments": [],
    }


def test_public_bundle_without_evidence_still_verifies(parts, reopen):
    report = verify_bundle(reopen(write_bundle(**public(parts))))
    assert report.ok
    assert [(check.title, check.state) for check in report.checks] == [
        ("文件清单", "holds"),
        ("存证链", "holds"),
        ("办法", "holds"),
        ("统分", "left_out"),
        ("第 1 版公布内容（全县（区））", "holds"),
        ("名称", "holds"),
    ]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda c: c["tracks"][0]["rows"][1].__setitem__("total", "95.00"),
            "「乡镇榜」「狼山镇」的名次 2 与总分 95 不符。",
        ),
        (
            lambda c: c["tracks"][0]["rows"][2]["rounds"]["arena"].__setitem__("points", "89.00"),
            "「乡镇榜」「双河镇」的总分 76.80 与各环节得分合成的结果不符。",
        ),
        (
            lambda c: c["awards"][0].__setitem__("amount", "400000"),
            "「好党委」「新华镇」的金额 400000 元与办法规定的不符。",
        ),
        (
            lambda c: c.__setitem__("total", "1"),
            "奖金合计写的是 1 元，各项相加是 800000 元。",
        ),
        (
            lambda c: c["awards"][0].__setitem__("amount", "1e999999999"),
            "公布内容的格式不正确，不能核对。",
        ),
        (lambda c: c.__setitem__("tracks", 5), "公布内容的格式不正确，不能核对。"),
    ],
)
def test_public_figures_that_contradict_each_other_are_found(parts, reopen, change, sentence):
    data = changed(public(parts), "publications.json", lambda d: change(d[0]["contents"]))
    problems = failed(reopen(data))["第 1 版公布内容（全县（区））"]
    assert sentence in problems
    assert "内容与存证里的摘要不符，被改动过。" in problems


def test_notice_of_the_public_circle_verifies(by_hand, reopen):
    with read_bundle(by_hand) as bundle:
        parts = complete_parts(bundle.evidence, circle="public")
    assert failed(reopen(write_bundle(**public(parts)))) == {}
    assert failed(reopen(write_bundle(**parts))) == {}


def test_nothing_to_check_is_not_called_verified(by_hand):
    with read_bundle(by_hand) as bundle:
        report = verify_bundle(bundle)
    assert not report.ok
    assert [check.title for check in report.checks if check.state == "left_out"] == [
        "文件清单",
        "存证链",
        "总分与名次",
        "旗、奖项和金额",
    ]


OVER_TRACKS = """
[[honours]]
key = "honour"
title = "红旗乡镇"
colour = "red"
steps = [{ held = 1, amount = 100000 }]

[[pools]]
key = "money"
title = "奖金总额"
amount = 450000
how = "order"
awards = [{ award = "honour" }, { award = "good" }]
"""


def test_honour_and_shared_sum_are_tabulated_verified_and_shown(by_hand, reopen, monkeypatch):
    monkeypatch.setattr(small, "SCHEME", small.SCHEME + OVER_TRACKS)
    (by_hand / "scheme.toml").write_text(small.SCHEME, encoding="utf-8")
    with read_bundle(by_hand) as bundle:
        parts = complete_parts(bundle.evidence)
        tabulation = tabulate(bundle.scheme, bundle.evidence)
        outcome = decide(tabulation, bundle.scheme, bundle.evidence)
        # The honour in full; 350,000 are left for 500,000 and 300,000.
        assert [grant.amount for grant in outcome.awards] == ["218750", "131250", "100000"]
        table = show_table(bundle, tabulation, outcome)
        assert "共获红旗 1 面：乡镇榜；达到 1 面以上。" in table
        assert "原 500000 元，按「奖金总额」450000 元核减为 218750 元。" in table
        line = show_csv(bundle, tabulation, outcome).splitlines()[-1]
        assert line.startswith("综合,,,xin,新华镇,") and "红旗乡镇,100000 元" in line
    assert failed(reopen(write_bundle(**parts))) == {}
    assert failed(reopen(write_bundle(**public(parts)))) == {}
    data = changed(
        parts, "outcome.json", lambda d: d["computed"]["awards"][2].__setitem__("amount", "1")
    )
    (problem, *_) = failed(reopen(data))["按办法计算的旗、奖项和金额"]
    assert problem.startswith("奖项「红旗乡镇」「新华镇」金额（元）：卷宗写的是 1 ")
