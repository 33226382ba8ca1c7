"""Marks that a door says are late: kept, not counted, and admitted or dismissed by two persons."""

import uuid

import pytest
from django.core.exceptions import ValidationError

from record.actions import OperationReused
from record.models import PrivateValue, Revision
from record.queries import verify_chain
from scoring import doors
from scoring.actions.late_sheets import propose_late, return_late, verify_late
from scoring.actions.paper_sheets import enter_paper_sheets
from scoring.actions.sheet_rules import RoundClosed
from scoring.actions.sheets import submit_sheets
from scoring.forms.paper import SettleForm
from scoring.models import LateDecision, LateSheet, Ruling, Sheet
from scoring.queries.evidence import load_evidence
from scoring.queries.judging import find_desk
from scoring.queries.replay import find_unlike_record
from tests import factories
from tests.people import identities
from tests.scoring.stage import NOW

pytestmark = pytest.mark.django_db
WHY = "「狼山镇」的打分已经关闭。"


@pytest.fixture
def closed(stage, monkeypatch):
    """This fixture will close the marking of every entry."""
    monkeypatch.setattr(doors, "_doors", [lambda panel, entries: WHY])
    return stage


@pytest.fixture
def staff(db):
    return [factories.PersonFactory(name=name) for name in ("张计票", "李监票")]


def hand_in(stage, op=None, judge=0, **changes):
    judge = stage.judges[judge]
    return submit_sheets(
        judge=judge,
        round_key="arena",
        sheets=stage.speech(**changes),
        op=op or uuid.uuid4(),
        by=judge.person,
        now=NOW,
    )


def propose(late, by, admit=True, **more):
    said = {"reason": "时限内已交，网络中断", "decided_by": "擂台办主任", **more}
    return propose_late(late=late, admit=admit, op=uuid.uuid4(), by=by, now=NOW, **said)


def verify(decision, by):
    return verify_late(late_decision=decision, op=uuid.uuid4(), by=by, now=NOW)


def test_late_marks_are_kept_and_do_not_count(closed):
    done = hand_in(closed)
    late = LateSheet.objects.get()
    assert (done.late, done.receipt) == (WHY, late.receipt)
    assert [item["entry"] for item in late.lines] == ["e01", "s01"]
    assert Sheet.objects.count() == 0
    scheme = find_desk(closed.judges[0], "arena").panel.scheme
    assert load_evidence(closed.competition, scheme).marks == []
    assert Revision.objects.get().kind == "sheets.late"


def test_late_marks_sent_again_get_the_first_receipt(closed):
    op = uuid.uuid4()
    first, again = hand_in(closed, op), hand_in(closed, op)
    assert (again.receipt, again.repeated, again.late) == (first.receipt, True, WHY)
    assert LateSheet.objects.count() == 1
    with pytest.raises(OperationReused):
        hand_in(closed, op, **{"a-results": "1"})


def test_second_late_version_is_refused_and_stays_with_the_judge(closed, staff):
    done = hand_in(closed)
    with pytest.raises(RoundClosed, match=f"回执号 {done.receipt}，迟到，待裁定"):
        hand_in(closed, **{"a-results": "1"})
    hand_in(closed, judge=1)
    first = LateSheet.objects.get(receipt=done.receipt)
    verify(propose(first, staff[0], admit=False), staff[1])
    with pytest.raises(RoundClosed, match="迟到，不予计入"):
        hand_in(closed, **{"a-results": "1"})
    assert LateSheet.objects.count() == 2


def test_late_marks_of_an_excluded_judge_wait_until_the_ruling_is_withdrawn(closed, staff):
    ruling = Ruling.objects.create(
        competition=closed.competition,
        key="r01",
        kind="exclude_judge",
        subject={"round": "arena", "judge": "j01", "entry": ""},
        reason="缺席",
        decided_by="擂台办",
        decided_on=NOW.date(),
        state="verified",
        entered_by=staff[0],
        entered_at=NOW,
        verified_by=staff[1],
        verified_at=NOW,
        revision=uuid.uuid4(),
    )
    hand_in(closed)
    decision = propose(LateSheet.objects.get(), staff[0])
    with pytest.raises(ValidationError, match="请先撤回那项裁定"):
        verify(decision, staff[1])
    assert Sheet.objects.count() == 0
    # Asked for, it still stands.
    ruling.withdrawal_by, ruling.withdrawal_at = staff[0], NOW
    ruling.save()
    with pytest.raises(ValidationError, match="请先撤回那项裁定"):
        verify(decision, staff[1])
    ruling.withdrawn, ruling.withdrawal_checked_by = True, staff[1]
    ruling.save()
    assert verify(decision, staff[1]).outcome == LateSheet.Outcome.ADMITTED
    assert Sheet.objects.count() == 2


def test_admitted_marks_count_as_they_were_received(closed, staff):
    done = hand_in(closed)
    late = verify(propose(LateSheet.objects.get(), staff[0]), staff[1])
    assert late.outcome == LateSheet.Outcome.ADMITTED
    sheets = Sheet.objects.counted()
    assert {sheet.entry.key for sheet in sheets} == {"e01", "s01"}
    assert {(sheet.receipt, sheet.entered_at) for sheet in sheets} == {(done.receipt, NOW)}
    ids = identities(closed.competition)
    assert find_unlike_record(closed.competition, ids) == []
    sheets.filter(entry__key="e01").update(marks={})
    assert find_unlike_record(closed.competition, ids) == ["评分表"]
    assert verify_chain(closed.competition.chain).ok


def test_dismissed_marks_stay_and_do_not_count(closed, staff):
    hand_in(closed)
    late = verify(propose(LateSheet.objects.get(), staff[0], admit=False), staff[1])
    assert late.outcome == LateSheet.Outcome.DISMISSED
    assert late.lines and Sheet.objects.count() == 0
    with pytest.raises(ValidationError, match="已被别人处理"):
        propose(late, staff[0])


def test_one_person_does_not_decide_alone(closed, staff):
    hand_in(closed)
    late = LateSheet.objects.get()
    decision = propose(late, staff[0])
    for person in (staff[0], closed.judges[0].person):
        with pytest.raises(ValidationError):
            verify(decision, person)
    with pytest.raises(ValidationError, match="等待核对"):
        propose(late, staff[1])


def test_returned_proposal_leaves_the_marks_waiting(closed, staff):
    hand_in(closed)
    decision = propose(LateSheet.objects.get(), staff[0])
    return_late(late_decision=decision, reason="缺依据", op=uuid.uuid4(), by=staff[1], now=NOW)
    late = LateSheet.objects.get()
    assert late.outcome == LateSheet.Outcome.WAITING
    assert verify(propose(late, staff[0]), staff[1]).outcome == LateSheet.Outcome.ADMITTED
    assert "擂台办主任" in PrivateValue.objects.values_list("value", flat=True)


def test_reason_for_returning_is_no_longer_than_its_column():
    room = LateDecision._meta.get_field("return_reason").max_length
    assert "reason" not in SettleForm({"reason": "长" * room}).errors
    assert "最多" in str(SettleForm({"reason": "长" * (room + 1)}).errors["reason"])


def test_proposal_without_reason_or_decider_is_refused(closed, staff):
    hand_in(closed)
    for missing in ("reason", "decided_by"):
        with pytest.raises(ValidationError, match="请写明"):
            propose(LateSheet.objects.get(), staff[0], **{missing: " "})


def test_paper_is_not_typed_in_after_closing(closed, staff):
    with pytest.raises(RoundClosed, match="请保留纸质原件"):
        enter_paper_sheets(
            competition=closed.competition,
            round_key="arena",
            judge=closed.judges[0],
            sheets=closed.speech(),
            op=uuid.uuid4(),
            revisions={},
            by=staff[0],
            now=NOW,
        )


def test_joint_review_is_not_asked_at_the_door(closed):
    done = submit_sheets(
        judge=closed.judges[0],
        round_key="review1",
        sheets=closed.tour(),
        op=uuid.uuid4(),
        by=closed.judges[0].person,
        now=NOW,
    )
    assert done.late == ""


def test_pad_says_that_the_marks_wait_for_a_ruling(closed, client):
    judge = closed.judges[0]
    client.force_login(judge.user)
    address = f"/judge/{closed.competition.slug}/arena/"
    answer = client.post(
        f"{address}submit/",
        {"op": str(uuid.uuid4()), "sheets": closed.speech()},
        content_type="application/json",
    )
    assert answer.status_code == 200 and answer.json()["late"] == WHY
    late = LateSheet.objects.get()
    page = client.get(f"{address}e01/").content.decode()
    assert late.receipt in page and "迟到，待裁定" in page and WHY in page
    assert "pad-submit" not in page
    assert f"迟到，待裁定 {late.receipt}" in client.get(address).content.decode()
