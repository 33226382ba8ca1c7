"""Recording, verifying and returning a meeting's decision."""

import datetime
import hashlib
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from record.actions import OperationReused
from record.models import Revision
from record.private import reveal
from record.queries import verify_chain
from rewards.actions import record_decision, return_decision, verify_decision
from rewards.changes import read_amount
from rewards.models import MeetingDecision
from rewards.queries import find_outcome
from scoring.models import Measurement
from tests.rewards import case


def record(competition, user, changes=(), *, op=None, **kwargs):
    return record_decision(
        competition=competition,
        tabulation=kwargs.pop("tabulation", competition.tabulation),
        changes=list(changes),
        by=user.person,
        now=timezone.now(),
        op=op or uuid.uuid4(),
        **{
            "meeting": "县委常委会第 12 次会议",
            "decided_on": datetime.date(2022, 9, 1),
            "document_number": "临常纪〔2022〕12 号",
            "note": "会上由组织部汇报。",
            **kwargs,
        },
    )


def verify(decision, user, op=None):
    return verify_decision(
        decision=decision, by=user.person, now=timezone.now(), op=op or uuid.uuid4()
    )


def send_back(decision, user, reason="文号与纪要不符", op=None):
    return return_decision(
        decision=decision,
        reason=reason,
        by=user.person,
        now=timezone.now(),
        op=op or uuid.uuid4(),
    )


def holders(outcome, award="committee"):
    return [(grant.entry, grant.amount) for grant in outcome.awards if grant.award == award]


def test_a_decision_counts_only_when_a_second_person_has_verified_it(decided, organiser, colleague):
    decision = record(decided, organiser, [case.withdraw(), case.give(amount="300,000")])
    waiting = find_outcome(decided.tabulation)
    assert (waiting.decision, waiting.waiting) == (None, decision)
    assert holders(waiting.final) == [("e01", "500000"), ("e02", "300000")]
    with pytest.raises(ValidationError, match="必须是两个人"):
        verify(decision, organiser)
    verify(decision, colleague)
    outcome = find_outcome(decided.tabulation)
    assert (outcome.decision, outcome.waiting) == (decision, None)
    assert holders(outcome.computed) == [("e01", "500000"), ("e02", "300000")]
    assert holders(outcome.final) == [("e01", "500000"), ("e03", "300000")]
    assert outcome.final.places == outcome.computed.places
    assert outcome.final.flags == outcome.computed.flags


def test_the_record_keeps_the_decision_without_the_words_that_may_name_a_person(
    decided, organiser, colleague
):
    scan = case.pdf()
    decision = record(decided, organiser, [case.withdraw()], scan=scan)
    entered = Revision.objects.get(op_id=decision.revision)
    assert entered.kind == "decision.entered"
    facts = entered.facts
    assert set(facts.pop("meeting")) == set(facts.pop("note")) == {"commit"}
    assert set(facts["changes"][0]["reason"]) == {"commit"}
    assert reveal(facts) == {
        "number": 1,
        "tabulation": 1,
        "decided_on": "2022-09-01",
        "document": "临常纪〔2022〕12 号",
        "changes": [
            {
                "award": "committee",
                "entry": "e02",
                "give": False,
                "reason": "有信访问题正在核查",
                "amount": None,
            }
        ],
        "scan": {
            "sha256": hashlib.sha256(case.PDF).hexdigest(),
            "size": len(case.PDF),
            "type": "application/pdf",
        },
    }
    verified = verify(decision, colleague)
    revision = Revision.objects.get(op_id=verified.revision)
    assert (revision.kind, revision.facts) == ("decision.verified", {"number": 1})
    assert revision.replaces == entered.op_id
    assert verify_chain(decided.chain).ok


def test_a_scan_is_kept_under_a_random_name(decided, organiser, attachments):
    decision = record(decided, organiser, scan=case.pdf("../../张三 的处分.PDF"))
    assert decision.scan_name == "张三 的处分.pdf"
    assert decision.scan_digest == hashlib.sha256(case.PDF).hexdigest()
    [path] = [path for path in attachments.rglob("*") if path.is_file()]
    assert path.relative_to(attachments).as_posix() == decision.scan.name
    assert "张三" not in decision.scan.name and path.read_bytes() == case.PDF


@pytest.mark.parametrize(
    "name, content",
    [
        ("纪要.pdf", b"<html><script>alert(1)</script>"),
        ("纪要.pdf", b"MZ\x90\x00"),
        ("纪要.pdf", b""),
        ("纪要.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("纪要.pdf", b"%PDF-" + b"0" * (10 * 1024 * 1024)),
    ],
    ids=["html", "exe", "empty", "svg", "too-large"],
)
def test_a_scan_that_is_no_scan_is_refused_and_nothing_is_kept(
    decided, organiser, attachments, name, content
):
    with pytest.raises(ValidationError, match="扫描件"):
        record(decided, organiser, scan=case.pdf(name, content))
    assert not MeetingDecision.objects.exists()
    assert not [path for path in attachments.rglob("*") if path.is_file()]


def test_a_scan_is_dropped_when_the_decision_is_refused(decided, organiser, attachments):
    with pytest.raises(ValidationError):
        record(decided, organiser, [case.withdraw("e04")], scan=case.pdf())
    assert not [path for path in attachments.rglob("*") if path.is_file()]


def test_a_double_click_records_once(decided, organiser, attachments):
    op = uuid.uuid4()
    first = record(decided, organiser, [case.withdraw()], op=op, scan=case.pdf())
    again = record(decided, organiser, [case.withdraw()], op=op, scan=case.pdf())
    assert again == first and MeetingDecision.objects.count() == 1
    assert len([path for path in attachments.rglob("*") if path.is_file()]) == 1
    with pytest.raises(OperationReused):
        record(decided, organiser, [case.withdraw("e01")], op=op, scan=case.pdf())


def test_a_double_click_verifies_and_returns_once(decided, organiser, colleague):
    decision, op = record(decided, organiser), uuid.uuid4()
    assert verify(decision, colleague, op) == verify(decision, colleague, op)
    with pytest.raises(ValidationError, match="不在待核对状态"):
        verify(decision, colleague)
    other, op = record(decided, organiser), uuid.uuid4()
    assert send_back(other, colleague, op=op) == send_back(other, colleague, op=op)
    assert Revision.objects.of_kind("decision.verified", "decision.returned").count() == 2


@pytest.mark.parametrize(
    "change, words",
    [
        (case.withdraw("e04"), "「干事创业好党委」乌兰图克镇：该对象不在此奖项名单中"),
        (case.give("e01"), "狼山镇：该对象已在此奖项名单中"),
        (case.give("e03"), "请写明奖励金额"),
        (case.give("e99"), "参评名单里没有这个对象"),
        (case.give("s03"), "没有名次"),
        (case.give("e03", award="none"), "办法中没有奖项"),
        (case.withdraw(reason=" "), "须写明理由"),
        (case.give("e03", amount="-1"), "金额「-1」"),
        (case.give("e03", amount="3万"), "金额「3万」"),
        (case.give("e03", amount="1e5000"), "金额"),
        (case.give("e03", amount="1.005"), "金额"),
    ],
)
def test_a_change_that_does_not_fit_is_refused(decided, organiser, change, words):
    with pytest.raises(ValidationError) as refused:
        record(decided, organiser, [change])
    assert words in "".join(refused.value.messages)
    assert not MeetingDecision.objects.exists()


def test_all_changes_that_do_not_fit_are_named_at_once(decided, organiser):
    with pytest.raises(ValidationError) as refused:
        record(decided, organiser, [case.withdraw("e04"), case.give("e01"), case.withdraw("e02")])
    assert len(refused.value.messages) == 2


def test_one_entry_has_one_change_an_award(decided, organiser):
    with pytest.raises(ValidationError, match="只能有一项调整"):
        record(decided, organiser, [case.withdraw("e02"), case.give("e02")])


def test_a_barred_entry_is_given_nothing(competition, organiser, colleague):
    case.build(competition, organiser, colleague, ("95", "90", "10"))
    competition.tabulation = case.tabulate(competition, organiser)
    with pytest.raises(ValidationError, match="因「重大事故」已取消评先资格"):
        record(competition, organiser, [case.give("e03", amount="1")])


def test_a_withdrawn_entry_is_given_nothing(decided, organiser):
    decided.entries.filter(key="e03").update(withdrawn=True)
    with pytest.raises(ValidationError, match="已经退出参评"):
        record(decided, organiser, [case.give("e03", amount="1")])


@pytest.mark.parametrize(
    "field, value, words",
    [
        ("meeting", " ", "请写明会议或决定人"),
        ("meeting", "会" * 121, "不能超过 120 字"),
        ("document_number", "", "请写明文号"),
        ("note", "长" * 2001, "不能超过 2000 字"),
        ("decided_on", datetime.date(2999, 1, 1), "还没有到"),
    ],
)
def test_a_decision_says_who_when_and_by_which_paper(decided, organiser, field, value, words):
    with pytest.raises(ValidationError) as refused:
        record(decided, organiser, **{field: value})
    assert words in "".join(refused.value.messages)
    assert list(refused.value.message_dict) == [field]


def change_a_value(competition, value="99"):
    Measurement.objects.filter(competition=competition, entry__key="e02").update(
        values={"value": value}
    )


def test_a_decision_on_an_older_result_is_refused(decided, organiser):
    change_a_value(decided)
    case.tabulate(decided, organiser)
    with pytest.raises(ValidationError, match="已在第 2 次统分时更新"):
        record(decided, organiser)


def test_a_decision_is_not_verified_after_the_result_has_changed(decided, organiser, colleague):
    decision = record(decided, organiser, [case.withdraw()])
    change_a_value(decided)
    newer = case.tabulate(decided, organiser)
    with pytest.raises(ValidationError, match="已在第 2 次统分时更新"):
        verify(decision, colleague)
    outcome = find_outcome(newer)
    assert (outcome.decision, outcome.waiting) == (None, None)
    assert record(decided, organiser, tabulation=newer).number == 2


def test_an_incomplete_tabulation_cannot_be_decided_on(decided, organiser):
    Measurement.objects.filter(competition=decided, entry__key="e02").delete()
    newer = case.tabulate(decided, organiser)
    assert not newer.complete
    for tabulation in (newer, decided.tabulation):
        with pytest.raises(ValidationError, match="还缺数据"):
            record(decided, organiser, tabulation=tabulation)


def test_a_tabulation_repeated_on_the_same_evidence_keeps_its_decision(
    decided, organiser, colleague
):
    decision = record(decided, organiser, [case.withdraw()])
    again = case.tabulate(decided, organiser)
    verify(decision, colleague)
    assert find_outcome(again).decision == decision


def test_one_decision_waits_at_a_time_and_the_next_replaces_the_last(decided, organiser, colleague):
    first = verify(record(decided, organiser, [case.withdraw()]), colleague)
    second = record(decided, organiser, [])
    with pytest.raises(ValidationError, match="已有一项会议决定等待核对"):
        record(decided, colleague)
    outcome = find_outcome(decided.tabulation)
    assert (outcome.decision, outcome.waiting) == (first, second)
    assert Revision.objects.get(op_id=second.revision).replaces == first.revision
    verify(second, colleague)
    outcome = find_outcome(decided.tabulation)
    assert outcome.decision == second
    assert outcome.final == outcome.computed


def test_a_returned_decision_never_counts_and_a_new_one_may_follow(decided, organiser, colleague):
    decision = record(decided, organiser, [case.withdraw()])
    with pytest.raises(ValidationError, match="退回原因"):
        send_back(decision, colleague, "  ")
    returned = send_back(decision, colleague)
    assert (returned.state, returned.returned_by) == ("returned", colleague.person)
    outcome = find_outcome(decided.tabulation)
    assert (outcome.decision, outcome.waiting, outcome.returned) == (None, None, decision)
    with pytest.raises(ValidationError, match="不在待核对状态"):
        verify(decision, colleague)
    assert record(decided, organiser).number == 2
    assert verify_chain(decided.chain).ok


def test_a_closed_competition_takes_no_decision(decided, organiser):
    decided.stage = "closed"
    decided.save()
    with pytest.raises(ValidationError, match="归档"):
        record(decided, organiser)


def test_the_database_keeps_two_persons_apart(decided, organiser):
    decision = record(decided, organiser)
    with pytest.raises(IntegrityError), transaction.atomic():
        MeetingDecision.objects.filter(id=decision.id).update(
            state="verified", verified_by=organiser.person, verified_at=timezone.now()
        )


def test_an_amount_is_read_as_plain_decimal_text():
    assert [read_amount(text) for text in (None, " ", "300,000", "5000.50", 0)] == [
        None,
        None,
        "300000",
        "5000.5",
        "0",
    ]
