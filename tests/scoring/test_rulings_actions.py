"""Recording rulings of every kind that the rules know."""

import datetime
import uuid

import pytest
from django.core.exceptions import ValidationError

from competitions.models import Entry
from competitions.scheme.read import read_toml
from record.actions import read_private
from record.models import Revision
from scoring.actions.rulings import (
    RulingDraft,
    correct_ruling,
    enter_ruling,
    verify_ruling,
    withdraw_ruling,
)
from scoring.models import Ruling
from scoring.queries.evidence import load_evidence
from scoring.queries.ruling_kinds import KINDS, describe
from scoring.rules.evidence import RULING_KINDS
from tests.scoring.evidence_case import RULES, add_judge, add_secretary, add_units, publish

SCHEME = read_toml(
    RULES
    + """
[[honours]]
key = "all-round"
title = "红旗乡镇"
colour = "red"
gives = "flag"
steps = [{ held = 1 }]
"""
)
NOW = datetime.datetime(2022, 9, 1, 8, 0, tzinfo=datetime.UTC)


@pytest.fixture
def case(competition, organiser):
    publish(competition, organiser.person, SCHEME)
    first, _second = add_units(competition, "狼山镇", "新华镇")
    add_secretary(first, "书记甲", since=datetime.date(2022, 9, 1))
    add_judge(competition, 1, "arena")
    add_judge(competition, 2)
    return competition


def draft(kind, subject, **changes):
    return RulingDraft(
        kind=kind,
        subject=subject,
        **{
            "reason": "评委因病缺席",
            "decided_by": "擂台办主任会议",
            "decided_on": datetime.date(2022, 8, 20),
            "document_number": "临组发〔2022〕8号",
            **changes,
        },
    )


def enter(competition, user, kind, subject, op=None, **changes):
    return enter_ruling(
        competition=competition,
        draft=draft(kind, subject, **changes),
        op=op or uuid.uuid4(),
        by=user.person,
        now=NOW,
    )


def act(action, ruling, user, **extra):
    return action(
        competition=ruling.competition,
        key=ruling.key,
        revision=ruling.revision,
        op=uuid.uuid4(),
        by=user.person,
        now=NOW,
        **extra,
    )


GOOD = [
    ("exclude_judge", {"round": "arena", "judge": "j01"}, "擂台比武：1号评委对全部单位不计"),
    ("exclude_judge", {"round": "arena", "judge": "j01", "entry": "e01"}, "1号评委对狼山镇不计"),
    ("exclude_entry", {"entry": "e01"}, "狼山镇不参加所有榜单排名"),
    ("set_points", {"criterion": "income", "entry": "e01", "value": "３２.5"}, "得 32.5 分"),
    ("part_year", {"track": "person", "entry": "s01", "value": "prorate"}, "按任职月数折算"),
    ("tie_order", {"track": "township", "entries": ["e02", "e01"]}, "新华镇、狼山镇"),
    ("boundary", {"of": "good", "entries": ["e02"]}, "好党委由新华镇获得"),
    ("veto", {"of": "accident", "entry": "e01"}, "触发「乡镇榜 · 重大事故」"),
    ("revoke_flag", {"of": "red", "entry": "e01"}, "摘去狼山镇的「乡镇榜 · 红旗」"),
    ("revoke_flag", {"of": "all-round", "entry": "e01"}, "摘去狼山镇的「综合荣誉 · 红旗乡镇」"),
]


def test_every_kind_that_the_rules_know_can_be_recorded():
    # Overtime is ruled on where the rules charge it: tests/arena/test_overtime.py.
    recorded = {kind for kind, _subject, _words in GOOD} | {"set_overtime"}
    assert set(KINDS) == set(RULING_KINDS) == recorded


@pytest.mark.parametrize(("kind", "subject", "words"), GOOD)
def test_a_ruling_is_recorded_counts_when_verified_and_reads_in_chinese(
    case, organiser, colleague, kind, subject, words
):
    ruling = enter(case, organiser, kind, subject)
    assert not Ruling.objects.counted().exists()
    with pytest.raises(ValidationError, match="必须是两个人"):
        act(verify_ruling, ruling, organiser)
    act(verify_ruling, ruling, colleague)
    (fact,) = load_evidence(case, SCHEME).rulings
    assert (fact.key, fact.kind, fact.document) == ("r01", kind, "临组发〔2022〕8号")
    entries = {item.key: item.name for item in Entry.objects.with_subjects()}
    text = describe(kind, ruling.subject, SCHEME, entries, {"j01": "1号评委"})
    assert words in text


def test_who_decided_is_a_commitment_in_the_record(case, organiser):
    ruling = enter(case, organiser, "exclude_entry", {"entry": "e01"}, decided_by="王某某")
    revision = Revision.objects.get(op_id=ruling.revision)
    assert "王某某" not in revision.body
    assert read_private(revision.facts["decided_by"]["commit"]) == "王某某"


@pytest.mark.parametrize(
    ("kind", "subject", "words"),
    [
        ("bribe", {}, "没有这一类"),
        ("exclude_judge", {"round": "arena"}, "请填写"),
        ("exclude_judge", {"round": "nowhere", "judge": "j01"}, "规则里没有"),
        ("exclude_judge", {"round": "arena", "judge": "j02"}, "不在该环节"),
        ("exclude_entry", {"entry": "e99"}, "不属于这个榜单"),
        ("exclude_entry", {"entry": "e01", "track": "person"}, "不属于这个榜单"),
        ("set_points", {"criterion": "income", "entry": "e01", "value": "41"}, "满分 40"),
        ("set_points", {"criterion": "income", "entry": "e01", "value": "-1"}, "负分"),
        ("set_points", {"criterion": "income", "entry": "e01", "value": "好"}, "不是数字"),
        ("set_points", {"criterion": "none", "entry": "e01", "value": "1"}, "规则里没有"),
        ("part_year", {"track": "person", "entry": "e01", "value": "count"}, "不属于这个榜单"),
        ("part_year", {"track": "person", "entry": "s01", "value": "maybe"}, "请选择"),
        ("tie_order", {"track": "township", "entries": ["e01"]}, "至少要写两个"),
        ("tie_order", {"track": "township", "entries": ["e01", "e01"]}, "只能出现一次"),
        ("boundary", {"of": "accident", "entries": ["e01"]}, "规则里没有"),
        ("boundary", {"of": "nothing", "entries": ["e01"]}, "规则里没有"),
        ("veto", {"of": "good", "entry": "e01"}, "规则里没有"),
        ("revoke_flag", {"of": "good", "entry": "e01"}, "规则里没有"),
        ("revoke_flag", {"of": "all-round", "entry": "s01"}, "不属于这个榜单"),
        ("set_overtime", {"round": "arena", "value": "5"}, "没有超时扣分"),
    ],
)
def test_a_ruling_on_what_the_rules_do_not_have_is_refused(case, organiser, kind, subject, words):
    with pytest.raises(ValidationError) as caught:
        enter(case, organiser, kind, subject)
    assert words in str(caught.value.messages)
    assert not Ruling.objects.exists()


def test_a_ruling_says_why_who_and_when(case, organiser):
    subject = {"entry": "e01"}
    for changes in (
        {"reason": " "},
        {"decided_by": ""},
        {"decided_on": datetime.date(2022, 9, 2)},
    ):
        with pytest.raises(ValidationError):
            enter(case, organiser, "exclude_entry", subject, **changes)


def test_a_double_click_records_one_ruling(case, organiser):
    op = uuid.uuid4()
    first = enter(case, organiser, "exclude_entry", {"entry": "e01"}, op=op)
    assert enter(case, organiser, "exclude_entry", {"entry": "e01"}, op=op) == first
    assert Ruling.objects.count() == 1


def test_a_ruling_is_corrected_before_it_is_verified_and_withdrawn_by_two_after(
    case, organiser, colleague
):
    ruling = enter(case, organiser, "exclude_entry", {"entry": "e01"})
    changed = draft("exclude_entry", {"entry": "e02"})
    ruling = act(correct_ruling, ruling, organiser, draft=changed)
    assert (ruling.subject["entry"], ruling.state) == ("e02", "entered")
    ruling = act(verify_ruling, ruling, colleague)
    with pytest.raises(ValidationError, match="已经两人核对"):
        act(correct_ruling, ruling, organiser, draft=changed)
    ruling = act(withdraw_ruling, ruling, organiser, reason="会议撤销")
    assert [fact.key for fact in load_evidence(case, SCHEME).rulings] == [ruling.key]
    with pytest.raises(ValidationError, match="申请撤回和同意撤回必须是两个人"):
        act(verify_ruling, ruling, organiser)
    assert act(verify_ruling, ruling, colleague).state_title == "已撤回"
    assert load_evidence(case, SCHEME).rulings == []
