"""The page of flags and awards, its list to print, and the list of sums to be paid."""

import io

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from competitions.scheme.read import read_toml
from publication.contents import build_results
from publication.models import Circle
from publication.render import render_results
from record.actions import append
from record.chain.digests import RESULT_TAG, document_digest
from rewards.queries import TabulationMismatch, find_outcome
from rewards.queries.awards import find_entries
from scoring import kinds
from scoring.models import Measurement, Tabulation
from tests import factories
from tests.rewards import case
from tests.rewards.pages import SWAP, address, enter_decision, signed_in, verified_decision

OVER_TRACKS = """
[[honours]]
key = "honour"
title = "红旗乡镇"
colour = "red"
steps = [{ held = 1, amount = 100000 }]
[[honours]]
key = "whole"
title = "综合红旗"
colour = "red"
gives = "flag"
steps = [{ held = 1 }]
[[pools]]
key = "money"
title = "奖金总额"
amount = 450000
how = "proportion"
awards = [{ award = "committee" }, { award = "honour" }]
"""
PAGES = ["work_awards", "work_awards_print", "work_payments"]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("who", ["organiser", "clerk", "auditor"])
def test_awards_are_read_by_insiders(client, decided, request, name, who):
    signed_in(client, request.getfixturevalue(who))
    assert client.get(address(name, decided)).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_awards_of_another_county_are_not_there(client, decided, outsider, name):
    assert signed_in(client, outsider).get(address(name, decided)).status_code == 404


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("who", ["admin", "leader", "judge", "own_secretary"])
def test_awards_are_closed_to_other_roles(client, decided, request, name, who):
    signed_in(client, request.getfixturevalue(who))
    assert client.get(address(name, decided)).status_code == 403


@pytest.mark.parametrize("name", PAGES)
def test_awards_ask_to_sign_in(client, decided, name):
    answer = client.get(address(name, decided))
    assert answer.status_code == 302 and answer.url.startswith("/signin/")


@pytest.mark.parametrize("name", PAGES)
def test_awards_take_no_post(client, decided, organiser, name):
    assert signed_in(client, organiser).post(address(name, decided)).status_code == 405


def test_awards_show_flags_amounts_and_the_total(client, decided, organiser):
    answer = signed_in(client, organiser).get(address("work_awards", decided))
    text = answer.content.decode()
    assert [(card["colour"], card["name"]) for card in answer.context["flags"]] == [
        ("red", "狼山镇"),
        ("yellow", "乌兰图克镇"),
    ]
    # Units are counted 个, people 名.
    assert "现有 2 个" in text and "现有 1 名" in text
    for words in ("500,000", "300,000", "805,000", "县奖励办法第三条", "县批〔2022〕8 号", "待定"):
        assert words in text
    assert address("work_decision", decided) in text


def test_awards_show_computed_and_decided_side_by_side(client, decided, organiser, colleague):
    verified_decision(decided, organiser, colleague, *SWAP)
    answer = signed_in(client, organiser).get(address("work_awards", decided))
    section = answer.context["sections"][0]
    assert [
        (
            row.name,
            row.computed and row.computed.amount,
            row.decided and row.decided.amount,
            row.changed,
            row.reason,
        )
        for row in section.rows
    ] == [
        ("狼山镇", "500000", "500000", "", ""),
        ("新华镇", "300000", None, "withdrawn", "有信访问题正在核查"),
        ("干召庙镇", None, "300000", "given", "由其递补"),
    ]
    assert "县委常委会第 12 次会议" in answer.content.decode()


def test_a_waiting_decision_changes_nothing_yet(client, decided, organiser):
    made = enter_decision(decided, organiser, *SWAP)
    answer = signed_in(client, organiser).get(address("work_awards", decided))
    assert "还没有经第二人核对" in answer.content.decode()
    assert not answer.context["sections"][0].changed
    assert address("work_decision_verify", decided, made.number) in answer.content.decode()


@pytest.mark.parametrize("who, sees", [("organiser", True), ("auditor", True), ("clerk", False)])
def test_recommendations_are_for_the_organiser_and_the_auditor(client, decided, request, who, sees):
    signed_in(client, request.getfixturevalue(who))
    answer = client.get(address("work_awards", decided))
    assert ("优先推荐使用" in answer.content.decode()) is sees
    names = [item["row"].name for item in answer.context["promotions"]]
    assert names == (["书记01（狼山镇）"] if sees else [])


def test_recommendations_are_neither_printed_nor_exported(client, decided, organiser):
    signed_in(client, organiser)
    printed = client.get(address("work_awards_print", decided)).content.decode()
    book = load_workbook(io.BytesIO(client.get(address("work_payments", decided)).content))
    cells = [str(cell) for row in book.active.values for cell in row if cell]
    assert "推荐" not in printed and not any("推荐" in cell for cell in cells)


def test_awards_before_a_tabulation_lead_to_it(client, competition, organiser, colleague):
    case.build(competition, organiser, colleague)
    answer = signed_in(client, organiser).get(address("work_awards", competition))
    assert "还没有统分" in answer.content.decode()
    assert client.get(address("work_awards_print", competition)).status_code == 302
    assert client.get(address("work_decision", competition)).status_code == 302


def test_awards_of_an_incomplete_tabulation_say_so(client, decided, organiser):
    Measurement.objects.filter(competition=decided, entry__key="e02").delete()
    case.tabulate(decided, organiser)
    text = signed_in(client, organiser).get(address("work_awards", decided)).content.decode()
    assert "最近一次统分还缺数据" in text and "500,000" not in text
    assert client.get(address("work_decision", decided)).status_code == 302


def test_awards_of_a_result_that_was_tampered_with_are_not_shown(client, decided, organiser):
    change_stored(decided.tabulation, lambda entry: entry.update(place=2))
    text = signed_in(client, organiser).get(address("work_awards", decided)).content.decode()
    assert "存储的结果与存证不符" in text and "500,000" not in text


def change_stored(tabulation, change):
    """Change what is stored of one entry, as somebody with the database in his hands would."""
    change(next(iter(tabulation.result["tracks"].values()))["entries"]["e01"])
    Tabulation.objects.filter(id=tabulation.id).update(result=tabulation.result)


def keep_otherwise(tabulation, change):
    """What another version of the program would have recorded of the same evidence."""
    change(next(iter(tabulation.result["tracks"].values()))["entries"]["e01"])
    digest = document_digest(tabulation.result, RESULT_TAG)
    with transaction.atomic():
        revision = append(
            chain=tabulation.competition.chain,
            kind=kinds.TABULATION_STORED,
            body={
                "number": tabulation.number,
                "scheme": tabulation.scheme_version.digest,
                "evidence": tabulation.evidence_digest,
                "result": digest,
                "complete": True,
            },
            by="",
            now=timezone.now(),
        )
    Tabulation.objects.filter(id=tabulation.id).update(
        result=tabulation.result, result_digest=digest, revision=revision.op_id
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: entry.update(total="99.99"),
        lambda entry: entry.update(tied=True),
        lambda entry: entry.update(excluded="不参加排名"),
        lambda entry: entry["rounds"].popitem(),
        lambda entry: entry["tree"].update(points="99.99"),
        lambda entry: entry["tree"]["children"][0]["children"][0].update(points="99.99"),
        lambda entry: entry["tree"]["children"].pop(),
        lambda entry: entry.update(tree="改过"),
    ],
)
def test_stored_numbers_that_their_evidence_does_not_give_are_found(decided, change):
    keep_otherwise(decided.tabulation, change)
    with pytest.raises(TabulationMismatch, match="与依据不符"):
        find_outcome(Tabulation.objects.get(id=decided.tabulation.id))


def test_sentences_recorded_in_other_words_are_no_tampering(decided):
    def reword(entry):
        entry["tie_reason"] = "名次并列"
        entry["tree"] |= {"label": "合计", "formula": "另一种写法", "notes": ["另一句说明"]}

    before = find_outcome(decided.tabulation).computed
    keep_otherwise(decided.tabulation, reword)
    assert find_outcome(Tabulation.objects.get(id=decided.tabulation.id)).computed == before


def test_a_tie_across_the_quota_is_explained(client, competition, organiser, colleague):
    case.build(competition, organiser, colleague, ("95", "80", "80"))
    competition.tabulation = case.tabulate(competition, organiser)
    signed_in(client, organiser)
    text = client.get(address("work_awards", competition)).content.decode()
    assert "名额边界有 2 个并列，还有 1 个名额" in text
    assert "并列的是新华镇、干召庙镇" in text
    answer = client.get(address("work_payments", competition), follow=True)
    assert "资金发放表要等办结以后才能导出" in answer.content.decode()


def test_the_printed_list_has_lines_to_sign_and_the_decision(client, decided, organiser, colleague):
    url = address("work_awards_print", decided)
    before = signed_in(client, organiser).get(url).content.decode()
    assert "会议尚未决定" in before
    verified_decision(decided, organiser, colleague, *SWAP)
    text = client.get(url).content.decode()
    for words in ("制表人", "批准人", "临常纪〔2022〕12 号", "会议决定取消新华镇", "805,000 元"):
        assert words in text


def test_the_payment_list_follows_the_decision(client, decided, organiser, colleague):
    decided.demo = True
    decided.save()
    verified_decision(decided, organiser, colleague, *SWAP)
    answer = signed_in(client, organiser).get(address("work_payments", decided))
    rows = list(load_workbook(io.BytesIO(answer.content)).active.values)
    assert rows[0][0] == "临河区2022年擂台比武奖励资金发放表"
    assert rows[1][0].startswith("演示数据，非真实结果。依据县委常委会第 12 次会议")
    assert [row[1:10] for row in rows[3:]] == [
        ("干事创业好党委", "狼山镇", "狼山镇", "单位", 1, 500000, None, None, 500000),
        ("干事创业好党委", "干召庙镇", "干召庙镇", "单位", 3, 300000, None, None, 300000),
        ("担当作为好书记", "书记01（狼山镇）", "狼山镇", "个人", 1, 5000, None, None, 5000),
        ("合计", None, None, None, None, None, None, None, 805000),
    ]


@pytest.mark.parametrize("name", PAGES)
def test_queries_do_not_grow_with_the_entrants(client, competition, organiser, colleague, name):
    def count(item, points, also=""):
        case.build(item, organiser, colleague, points, also)
        item.tabulation = case.tabulate(item, organiser)
        assert item.tabulation.complete
        verified_decision(item, organiser, colleague)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(address(name, item)).status_code == 200
        return len(queries)

    signed_in(client, organiser)
    many = [str(number) for number in range(99, 88, -1)]
    assert count(competition, ["95"]) == count(factories.CompetitionFactory(), many, "乙") <= 40


def test_honour_and_shared_sum_stand_on_every_page_with_their_reasons(
    client, competition, organiser, colleague, monkeypatch
):
    monkeypatch.setattr(case, "SCHEME", read_toml(case.RULES + OVER_TRACKS))
    case.build(competition, organiser, colleague)
    competition.tabulation = case.tabulate(competition, organiser)
    signed_in(client, organiser)
    page = client.get(address("work_awards", competition))
    card = page.context["flags"][0]
    assert (card["track"], card["place"]) == ("综合红旗", None)
    text = page.content.decode()
    assert "共获红旗 1 面：乡镇榜；达到 1 面以上。" in text
    assert "原 500000 元，按「奖金总额」450000 元核减为 250000 元。" in text
    assert page.context["outcome"].final.total == "455000"
    for name in ("work_awards_print", "work_payments"):
        assert client.get(address(name, competition)).status_code == 200
    # The meeting gives the honour to whoever is ranked on the tracks that it counts.
    page = client.get(address("work_decision", competition))
    sections = page.context["rows"].sections
    section, lines = next(pair for pair in sections if pair[0].offer.award == "honour")
    assert (section.track, section.quota) == ("综合", 0)
    assert [line.row.entry for line in lines] == ["e01", "e02", "e03", "e04"]
    verified_decision(competition, organiser, colleague, case.give("e02", "honour", amount="9"))
    page = client.get(address("work_awards", competition))
    assert "会议决定以后，「奖金总额」合计 450009 元" in page.content.decode()
    contents = build_results(
        circle=Circle.COUNTY, competition={"title": "擂台", "demo": False}, scheme=case.SCHEME,
        result=competition.tabulation.result,
        outcome=page.context["outcome"].to_document(),
        names={
            key: {"name": entry.name, "secretary": "", "unit": "", "official": 1, "strokes": 1,
                  "custom": 1}
            for key, entry in find_entries(competition).items()
        },
        plan=[], decision=None, notice=None,
    )  # fmt: skip
    pages = dict(render_results(contents, "/c/x/", case.SCHEME))
    assert "综合红旗" in pages["flags/"]
    assert "共获红旗 1 面" in pages["awards/"] and "按「奖金总额」" in pages["awards/"]
    assert "综合荣誉" in pages["rules/"] and "共用总额 450,000 元" in pages["rules/"]
