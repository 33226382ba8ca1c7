"""Recording, correcting, verifying, returning and withdrawing bonuses and deductions."""

import datetime
import hashlib
import uuid
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from record.actions import OperationReused, erase_private
from record.models import PrivateValue, Revision
from record.private import ERASED, reveal
from record.queries import changes, verify_chain
from scoring.actions.attachments import tidy_name
from scoring.actions.ledger import (
    LedgerDraft,
    correct_ledger_event,
    enter_ledger_event,
    return_ledger_event,
    verify_ledger_event,
    withdraw_ledger_event,
)
from scoring.models import LedgerEvent
from scoring.queries.evidence import load_evidence
from tests.scoring.evidence_case import SCHEME, add_secretary, add_units, publish

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
WEBP = b"RIFF\x24\x00\x00\x00WEBPVP8 "
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF"
NOW = datetime.datetime(2022, 9, 1, 8, 0, tzinfo=datetime.UTC)


@pytest.fixture
def case(competition, organiser, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    publish(competition, organiser.person)
    add_units(competition, "狼山镇", "新华镇")
    return competition


def draft(**changes):
    return LedgerDraft(
        **{
            "entry_key": "e01",
            "criterion_key": "points",
            "item_key": "honour",
            "happened_on": datetime.date(2022, 5, 4),
            "points": "",
            "reason": "获市级表彰",
            **changes,
        }
    )


def enter(competition, user, file=None, op=None, **changes):
    return enter_ledger_event(
        competition=competition,
        draft=draft(**changes),
        file=file,
        op=op or uuid.uuid4(),
        by=user.person,
        now=NOW,
    )


def act(action, event, user, op=None, **extra):
    return action(
        competition=event.competition,
        key=event.key,
        revision=event.revision,
        op=op or uuid.uuid4(),
        by=user.person,
        now=NOW,
        **extra,
    )


def stored_files(settings):
    return sorted(path.name for path in Path(settings.MEDIA_ROOT).rglob("*.*"))


def upload(content, name="表彰.png"):
    return SimpleUploadedFile(name, content)


def test_an_event_takes_the_items_points_and_is_in_the_record(case, organiser):
    event = enter(case, organiser, matter="人居环境")
    assert (event.key, event.points, event.round_key, event.state) == (
        "l001",
        "0.5",
        "routine",
        "entered",
    )
    facts = Revision.objects.get(op_id=event.revision).facts
    assert set(facts["reason"]) == set(facts["matter"]) == {"commit"}
    assert reveal(facts) == {
        "key": "l001",
        "entry": "e01",
        "round": "routine",
        "criterion": "points",
        "item": "honour",
        "date": "2022-05-04",
        "points": "0.5",
        "reason": "获市级表彰",
        "matter": "人居环境",
        "matter_key": "m001",
    }
    assert enter(case, organiser).key == "l002"


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"entry_key": "e99"}, "entry", "参评名单里没有"),
        ({"item_key": "gift"}, "item", "没有这一项"),
        ({"criterion_key": "income"}, "item", "没有这一项"),
        ({"criterion_key": "nothing"}, "item", "没有这一项"),
        ({"happened_on": datetime.date(2021, 12, 31)}, "happened_on", "2022 年以内"),
        ({"happened_on": datetime.date(2022, 9, 2)}, "happened_on", "还没有到"),
        ({"points": "-0.5"}, "points", "大于零"),
        ({"points": "0"}, "points", "大于零"),
        ({"points": "0.7"}, "points", "整数倍"),
        ({"points": "很多"}, "points", "不是数字"),
        ({"item_key": "story"}, "points", "大于零"),
        ({"item_key": "story", "points": "0.00001"}, "points", "4 位小数"),
        ({"reason": "  "}, "reason", "写明事由"),
    ],
)
def test_an_event_that_does_not_fit_the_rules_is_refused(case, organiser, changes, field, words):
    with pytest.raises(ValidationError) as caught:
        enter(case, organiser, **changes)
    assert words in caught.value.message_dict[field][0]
    assert (
        not LedgerEvent.objects.exists()
        and not Revision.objects.exclude(kind="scheme.drafted").exists()
    )


def test_a_secretary_is_no_entry_of_the_units_ledger(case, organiser):
    add_secretary(case.entries.get(key="e01"), "书记")
    with pytest.raises(ValidationError):
        enter(case, organiser, entry_key="s01")


@pytest.mark.parametrize(
    ("content", "extension"), [(PNG, "png"), (PDF, "pdf"), (WEBP, "webp"), (JPG, "jpg")]
)
def test_evidence_is_known_by_its_content_and_kept_under_a_random_name(
    case, organiser, settings, content, extension
):
    event = enter(case, organiser, file=upload(content, "../../通报.exe"))
    assert event.evidence_name == f"通报.{extension}"
    assert event.evidence_digest == hashlib.sha256(content).hexdigest()
    (name,) = stored_files(settings)
    assert name.endswith("." + extension) and len(name.split(".")[0]) == 32
    facts = Revision.objects.get(op_id=event.revision).facts
    assert facts["evidence"]["sha256"] == event.evidence_digest
    assert "通报" not in str(facts)


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00",
        b"<html><script>",
        b"GIF89a",
        b"PK\x03\x04",
        b"<svg xmlns=",
        b"x",
        b" %PDF-1.4",
    ],
)
def test_a_file_that_only_pretends_to_be_evidence_is_refused(case, organiser, settings, content):
    with pytest.raises(ValidationError, match="只能是图片"):
        enter(case, organiser, file=upload(content, "照片.png"))
    assert stored_files(settings) == []


def test_an_empty_or_too_large_file_is_refused(case, organiser):
    with pytest.raises(ValidationError, match="空文件"):
        enter(case, organiser, file=upload(b""))
    with pytest.raises(ValidationError, match="10 MB"):
        enter(case, organiser, file=upload(PNG + b"0" * 10 * 1024 * 1024))


@pytest.mark.parametrize(
    ("name", "tidy"),
    [
        ("C:\\文件\\照片.JPG", "照片.png"),
        ("a\u202egnp.exe", "agnp.png"),
        ('x";filename="y.html', "x__filename=_y.png"),
        ("....", "佐证材料.png"),
        ("长" * 300, "长" * 100 + ".png"),
    ],
)
def test_a_files_name_is_tidied(name, tidy):
    assert tidy_name(name, "png") == tidy


def test_a_refused_event_leaves_no_file_behind(case, organiser, settings):
    with pytest.raises(ValidationError):
        enter(case, organiser, file=upload(PNG), item_key="gift")
    assert stored_files(settings) == []


def test_a_double_click_records_once_and_keeps_one_file(case, organiser, settings):
    op = uuid.uuid4()
    first = enter(case, organiser, file=upload(PNG), op=op)
    second = enter(case, organiser, file=upload(PNG), op=op)
    assert first == second and LedgerEvent.objects.count() == 1
    assert len(stored_files(settings)) == 1


def test_an_operation_used_for_another_event_is_refused(case, organiser):
    op = uuid.uuid4()
    enter(case, organiser, op=op)
    with pytest.raises(OperationReused):
        enter(case, organiser, op=op, reason="另一件事")


def test_a_verified_event_counts_and_nobody_verifies_her_own(case, organiser, colleague):
    event = enter(case, organiser)
    assert not LedgerEvent.objects.counted().exists()
    with pytest.raises(ValidationError, match="必须是两个人"):
        act(verify_ledger_event, event, organiser)
    op = uuid.uuid4()
    act(verify_ledger_event, event, colleague, op=op)
    act(verify_ledger_event, event, colleague, op=op)
    assert LedgerEvent.objects.counted().get().verified_by == colleague.person


def test_an_event_changed_since_it_was_looked_at_is_not_verified(case, organiser, colleague):
    seen = enter(case, organiser)
    act(correct_ledger_event, seen, organiser, draft=draft(points="1"))
    with pytest.raises(ValidationError, match="又有改动"):
        act(verify_ledger_event, seen, colleague)


def test_nobody_verifies_an_event_of_her_own_that_another_corrected(
    case, organiser, colleague, clerk
):
    event = act(correct_ledger_event, enter(case, organiser), colleague, draft=draft(points="1"))
    for user in (organiser, colleague):
        with pytest.raises(ValidationError, match="必须是两个人"):
            act(verify_ledger_event, event, user)
    assert act(verify_ledger_event, event, clerk).state == "verified"


def test_a_correction_keeps_the_evidence(case, organiser, colleague):
    event = enter(case, organiser, file=upload(PNG))
    corrected = act(correct_ledger_event, event, colleague, draft=draft(points="1.5"))
    assert (corrected.points, corrected.state) == ("1.5", "entered")
    assert corrected.evidence_name == "表彰.png"
    kinds = [item.kind for item in changes(corrected.revision)]
    assert kinds == ["ledger.entered", "ledger.entered"]


def test_what_two_have_verified_is_not_corrected_by_one(case, organiser, colleague):
    event = act(verify_ledger_event, enter(case, organiser), colleague)
    with pytest.raises(ValidationError, match="已经两人核对"):
        act(correct_ledger_event, event, organiser, draft=draft(points="1.5"))
    assert LedgerEvent.objects.counted().get().points == "0.5"


def test_returned_events_say_why(case, organiser, colleague):
    event = enter(case, organiser)
    with pytest.raises(ValidationError, match="退回原因"):
        act(return_ledger_event, event, colleague, reason=" ")
    returned = act(return_ledger_event, event, colleague, reason="缺文件")
    assert (returned.state, returned.return_reason) == ("returned", "缺文件")


def test_a_verified_event_counts_until_a_second_person_agrees_to_withdraw_it(
    case, organiser, colleague
):
    event = act(verify_ledger_event, enter(case, organiser), colleague)
    op = uuid.uuid4()
    asked = act(withdraw_ledger_event, event, colleague, op=op, reason="表彰被撤销")
    again = act(withdraw_ledger_event, event, colleague, op=op, reason="表彰被撤销")
    assert asked.revision == again.revision
    assert LedgerEvent.objects.counted().get().state_title == "已核对，正在申请撤回，仍计入"
    assert (asked.entered_by, asked.verified_by) == (organiser.person, colleague.person)
    with pytest.raises(ValidationError, match="申请撤回和同意撤回必须是两个人"):
        act(verify_ledger_event, asked, colleague)
    with pytest.raises(ValidationError, match="不必再申请"):
        act(withdraw_ledger_event, asked, organiser, reason="再申请")
    with pytest.raises(ValidationError, match="又有改动"):
        act(verify_ledger_event, event, organiser)
    done = act(verify_ledger_event, asked, organiser, op=(op := uuid.uuid4()))
    assert act(verify_ledger_event, asked, organiser, op=op).revision == done.revision
    assert done.state_title == "已撤回"
    assert (done.entered_by, done.verified_by) == (organiser.person, colleague.person)
    assert not LedgerEvent.objects.counted().exists() and LedgerEvent.objects.count() == 1
    with pytest.raises(ValidationError, match="已经撤回"):
        act(correct_ledger_event, done, organiser, draft=draft())
    with pytest.raises(ValidationError, match="不在待核对状态"):
        act(return_ledger_event, done, colleague, reason="晚了")


def test_a_returned_withdrawal_leaves_the_event_counting(case, organiser, colleague):
    event = act(verify_ledger_event, enter(case, organiser), colleague)
    asked = act(withdraw_ledger_event, event, organiser, reason="误会")
    with pytest.raises(ValidationError, match="申请撤回和同意撤回必须是两个人"):
        act(return_ledger_event, asked, organiser, reason="算了")
    kept = act(return_ledger_event, asked, colleague, reason="表彰仍有效")
    assert (kept.state_title, kept.return_reason) == ("已核对", "表彰仍有效")
    assert LedgerEvent.objects.counted().count() == 1
    assert not LedgerEvent.objects.waiting().exists()
    again = act(withdraw_ledger_event, kept, colleague, reason="查实撤销")
    assert act(verify_ledger_event, again, organiser).withdrawn
    assert verify_chain(case.chain).ok


def test_only_the_author_takes_back_what_was_never_verified(case, organiser, colleague):
    event = enter(case, organiser)
    with pytest.raises(ValidationError, match="只有录入人可以自己撤回"):
        act(withdraw_ledger_event, event, colleague, reason="多余")
    gone = act(withdraw_ledger_event, event, organiser, reason="记重了")
    assert (gone.withdrawn, gone.state_title) == (True, "已撤回")
    assert not LedgerEvent.objects.waiting().exists()
    with pytest.raises(ValidationError, match="不在待核对状态"):
        act(verify_ledger_event, gone, colleague)
    returned = act(return_ledger_event, enter(case, organiser), colleague, reason="缺文件")
    assert act(withdraw_ledger_event, returned, organiser, reason="找不到文件").withdrawn


def test_the_database_refuses_a_withdrawal_by_one_person(case, organiser, colleague):
    event = act(verify_ledger_event, enter(case, organiser), colleague)
    one = {"withdrawn": True, "withdrawal_by": organiser.person}
    for checked_by in (None, organiser.person):
        rows = LedgerEvent.objects.filter(id=event.id)
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**one, withdrawal_checked_by=checked_by)


def test_a_closed_competition_takes_no_events(case, organiser):
    case.stage = "closed"
    case.save()
    with pytest.raises(ValidationError, match="已经归档"):
        enter(case, organiser)


def test_nothing_is_recorded_in_the_future_of_the_office(case, organiser):
    assert timezone.localdate(NOW) == datetime.date(2022, 9, 1)
    assert enter(case, organiser, happened_on=datetime.date(2022, 9, 1)).key == "l001"


def test_events_of_one_matter_stay_joined_when_its_words_are_erased(case, organiser, colleague):
    first = act(verify_ledger_event, enter(case, organiser, matter="张三的事"), colleague)
    assert enter(case, organiser, matter="张三的事").matter_key == first.matter_key
    value = PrivateValue.objects.filter(value="张三的事").first()
    erase_private(digest=value.digest, by=str(organiser.person.id), now=NOW)
    again = enter(case, organiser, reason="又一次", same_as="l001")
    assert again.matter_key == first.matter_key
    act(verify_ledger_event, again, colleague)
    matters = {fact.key: fact.matter for fact in load_evidence(case, SCHEME).ledger}
    assert matters == {"l001": "l001", "l003": "l001"}
    # What stands for erased words is no matter of its own.
    assert enter(case, organiser, matter=ERASED).matter_key == "m002"
    with pytest.raises(ValidationError, match="没有这一事项"):
        enter(case, organiser, same_as="l099")


def test_name_of_the_evidence_goes_with_the_words_that_are_erased(case, organiser, settings):
    enter(case, organiser, reason="张三受表彰", file=upload(PNG, "张三.png"))
    enter(case, organiser, reason="另一件", file=upload(PNG, "李四.png"))
    value = PrivateValue.objects.get(value="张三受表彰")
    erase_private(digest=value.digest, by=str(organiser.person.id), now=NOW)
    names = LedgerEvent.objects.order_by("key").values_list("evidence_name", flat=True)
    assert list(names) == [f"{ERASED}.png", "李四.png"]
