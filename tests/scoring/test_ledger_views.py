"""The pages of the ledger: list, form, one event, its evidence file."""

import datetime
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from scoring.actions.ledger import LedgerDraft, enter_ledger_event, verify_ledger_event
from scoring.models import LedgerEvent
from tests import factories
from tests.scoring.evidence_case import add_units, publish

NOW = datetime.datetime(2022, 9, 1, 8, 0, tzinfo=datetime.UTC)
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
SLUG = ["linhe-2022"]
LIST = reverse("work_ledger", args=SLUG)
NEW = reverse("work_ledger_new", args=SLUG)
EVENT = reverse("work_ledger_event", args=[*SLUG, "l001"])
CORRECT = reverse("work_ledger_correct", args=[*SLUG, "l001"])
OVERVIEW = reverse("work_overview", args=SLUG)
TABULATION = reverse("work_tabulation", args=SLUG)
FILE = reverse("work_ledger_evidence", args=[*SLUG, "l001"])


@pytest.fixture
def case(competition, organiser, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    publish(competition, organiser.person)
    add_units(competition, "城关镇", "双河镇")
    return competition


def enter(competition, user, entry="e01", item="honour", points="0.5", file=None):
    return enter_ledger_event(
        competition=competition,
        draft=LedgerDraft(
            entry_key=entry,
            criterion_key="points",
            item_key=item,
            happened_on=datetime.date(2022, 5, 4),
            points=points,
            reason="人居环境受表彰",
        ),
        file=file,
        op=uuid.uuid4(),
        by=user.person,
        now=NOW,
    )


def picture(name="表彰.png"):
    return SimpleUploadedFile(name, PNG)


@pytest.fixture
def event(case, organiser):
    return enter(case, organiser, file=picture())


def settle(client, do, **extra):
    form = client.get(EVENT).context["form"]
    data = {"op": form["op"].value(), "revision": form["revision"].value(), "do": do, **extra}
    return client.post(EVENT, data, follow=True)


def typed(**changes):
    return {
        "op": uuid.uuid4(),
        "entry": "e01",
        "item": "points:honour",
        "happened_on": "2022-05-04",
        "points": "",
        "reason": "受表彰",
        "matter": "",
        **changes,
    }


@pytest.mark.parametrize("address", [LIST, EVENT, FILE])
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("organiser", 200),
        ("clerk", 200),
        ("auditor", 200),
        ("outsider", 404),
        ("leader", 403),
        ("admin", 403),
        ("judge", 403),
        ("secretary", 403),
        ("nobody", 403),
    ],
)
def test_only_insiders_read_the_ledger(client, event, request, address, who, status):
    client.force_login(request.getfixturevalue(who))
    assert client.get(address).status_code == status


@pytest.mark.parametrize("address", [NEW, CORRECT])
@pytest.mark.parametrize(
    ("who", "status"), [("organiser", 200), ("clerk", 200), ("auditor", 403), ("outsider", 404)]
)
def test_only_staff_write_in_the_ledger(client, event, request, address, who, status):
    client.force_login(request.getfixturevalue(who))
    assert client.get(address).status_code == status


@pytest.mark.parametrize("address", [LIST, NEW, EVENT, CORRECT, FILE])
def test_a_stranger_is_asked_to_sign_in(client, event, address):
    assert client.get(address).status_code == 302


def test_wrong_methods_and_unknown_events_are_refused(client, event, organiser, auditor):
    client.force_login(organiser)
    assert client.post(LIST).status_code == 405
    assert client.post(FILE).status_code == 405
    assert client.get(reverse("work_ledger_event", args=[*SLUG, "l099"])).status_code == 404
    client.force_login(auditor)
    assert client.post(EVENT).status_code == 403


def test_an_event_of_another_competition_is_not_found(client, event, organiser):
    other = factories.CompetitionFactory(slug="other")
    publish(other, organiser.person)
    client.force_login(organiser)
    assert client.get(reverse("work_ledger_event", args=["other", "l001"])).status_code == 404
    assert client.get(reverse("work_ledger_evidence", args=["other", "l001"])).status_code == 404


def test_a_new_event_is_entered_with_its_picture(client, case, clerk):
    client.force_login(clerk)
    response = client.post(NEW, typed(file=picture()), follow=True)
    page = response.content.decode()
    assert response.redirect_chain == [(EVENT, 302)] and "等候另一位工作人员核对" in page
    assert "+0.5 分" in page and "请另一位工作人员核对" in page
    assert LedgerEvent.objects.get().evidence_name == "表彰.png"


def test_errors_stand_beside_the_fields_and_keep_what_was_typed(client, case, clerk):
    client.force_login(clerk)
    response = client.post(NEW, typed(happened_on="2021-01-01", reason="旧事", file=picture()))
    page = response.content.decode()
    assert "日期应在 2022 年以内" in page and "旧事" in page and "请重新选择佐证材料" in page
    page = client.post(NEW, {}).content.decode()
    assert "请选择参评单位。" in page and "请写明事由。" in page
    assert "整数倍" in client.post(NEW, typed(points="0.3")).content.decode()
    assert not LedgerEvent.objects.exists()


def test_a_file_that_is_no_evidence_is_named(client, case, clerk):
    client.force_login(clerk)
    bad = SimpleUploadedFile("照片.png", b"<script>")
    assert "只能是图片" in client.post(NEW, typed(file=bad)).content.decode()


def test_a_double_submit_enters_once(client, case, clerk):
    client.force_login(clerk)
    data = typed()
    client.post(NEW, data)
    client.post(NEW, data)
    assert LedgerEvent.objects.count() == 1


def test_the_form_says_how_much_of_each_cap_is_used(client, case, organiser, colleague):
    for points in ("1", "0.5"):
        event = enter(case, organiser, points=points)
        verify_ledger_event(
            competition=case,
            key=event.key,
            revision=event.revision,
            op=uuid.uuid4(),
            by=colleague.person,
            now=NOW,
        )
    enter(case, organiser, points="0.5")
    enter(case, organiser, item="notice", points="1")
    client.force_login(organiser)
    page = client.get(NEW)
    # Highest only per matter is by the matter's name; these name none, so that both count.
    assert page.context["help"]["e01"]["points:honour"] == {
        "text": "本项已计 1.5 分，封顶 2 分，另有 0.5 分待核对；加分合计已计 1.5 分，封顶 5 分。",
        "points": "0.5",
    }
    assert page.context["help"]["e01"]["points:notice"]["text"] == (
        "本项已计 0 分，另有 1 分待核对；扣分合计已计 0 分，封顶 10 分。"
    )
    assert page.context["help"]["e01"]["points:story"]["points"] == ""
    assert "封顶 2 分" in client.get(EVENT).content.decode()


def test_the_list_is_narrowed_by_unit_item_and_state(client, case, organiser, colleague):
    enter(case, organiser)
    enter(case, organiser, entry="e02", item="notice", points="1")
    client.force_login(organiser)

    def keys(query):
        return [event.key for event in client.get(LIST + query).context["book"].events]

    assert keys("") == ["l002", "l001"]
    assert keys("?entry=e02") == ["l002"]
    assert keys("?item=points:honour") == ["l001"]
    assert keys("?state=verified") == []
    assert keys("?state=entered&entry=e01") == ["l001"]
    assert keys("?entry=nonsense&page=zz") == ["l002", "l001"]
    assert "没有符合条件的记录" in client.get(LIST + "?state=withdrawn").content.decode()


def test_a_colleague_verifies_and_the_story_is_told(client, event, organiser, colleague):
    client.force_login(organiser)
    assert "必须是两个人" in settle(client, "verify").content.decode()
    client.force_login(colleague)
    page = settle(client, "verify").content.decode()
    assert "已核对，计入统分" in page
    assert "登记加减分" in page and "核对加减分" in page and "组织员乙" in page


def test_returning_needs_a_reason(client, event, colleague):
    client.force_login(colleague)
    assert "请写明退回原因" in settle(client, "return").content.decode()
    assert "缺文件" in settle(client, "return", reason="缺文件").content.decode()


def test_a_withdrawal_is_asked_for_and_agreed_to(client, event, organiser, colleague):
    client.force_login(colleague)
    assert "加减分 1 · 市级表彰" in client.get(EVENT).content.decode()
    settle(client, "verify")
    page = settle(client, "withdraw", reason="表彰撤销").content.decode()
    assert "已核对，正在申请撤回，仍计入" in page and "请另一位工作人员同意或退回" in page
    assert "录入</dt><dd>组织员甲" in page and "同意撤回</button>" not in page
    assert "申请撤回，等待另一人同意" in client.get(OVERVIEW).content.decode()
    assert "申请撤回，等待另一人同意" in client.get(TABULATION).content.decode()
    client.force_login(organiser)
    page = client.get(EVENT).content.decode()
    assert "同意撤回" in page and "表彰撤销" in page
    assert "已撤回" in settle(client, "verify").content.decode()
    assert [row.key for row in client.get(LIST + "?state=withdrawn").context["book"].events] == [
        "l001"
    ]


def test_a_withdrawal_may_be_returned(client, event, organiser, colleague):
    client.force_login(colleague)
    settle(client, "verify")
    settle(client, "withdraw", reason="表彰撤销")
    client.force_login(organiser)
    waiting = client.get(LIST + "?state=entered").context["book"].events
    assert [row.key for row in waiting] == ["l001"]
    page = settle(client, "return", reason="表彰仍有效").content.decode()
    assert "仍计入统分" in page and "撤回申请被退回" in page and "退回撤回申请" in page


def test_the_author_takes_back_what_nobody_has_verified(client, event, organiser, colleague):
    client.force_login(colleague)
    assert 'value="withdraw"' not in client.get(EVENT).content.decode()
    client.force_login(organiser)
    assert "已撤回，不会计入统分" in settle(client, "withdraw", reason="记重了").content.decode()


def test_a_verified_event_offers_no_correction(client, event, organiser, colleague):
    client.force_login(colleague)
    assert CORRECT in client.get(EVENT).content.decode()
    settle(client, "verify")
    assert CORRECT not in client.get(EVENT).content.decode()
    for page in (client.get(CORRECT, follow=True), client.post(CORRECT, typed(), follow=True)):
        assert page.redirect_chain == [(EVENT, 302)]
        assert "已经两人核对" in page.content.decode()


def test_a_stale_correction_shows_both_versions(client, event, organiser, colleague):
    client.force_login(organiser)
    stale = client.get(CORRECT).context["form"]["revision"].value()
    client.force_login(colleague)
    fresh = client.get(CORRECT).context["form"]["revision"].value()
    assert client.post(CORRECT, typed(points="1", revision=fresh)).status_code == 302
    client.force_login(organiser)
    response = client.post(CORRECT, typed(points="1.5", revision=stale))
    rows = {row["label"]: (row["left"], row["right"]) for row in response.context["stale"]}
    assert rows["分值"] == ("1.5", "1") and rows["参评单位"] == ("城关镇", "城关镇")
    form = response.context["form"]
    again = typed(points="1.5", revision=form["revision"].value(), op=form["op"].value())
    assert client.post(CORRECT, again).status_code == 302
    assert LedgerEvent.objects.get().points == "1.5"
    assert LedgerEvent.objects.get().evidence_name == "表彰.png"


def test_the_evidence_is_sent_without_being_guessed_at(client, event, auditor, settings):
    client.force_login(auditor)
    response = client.get(FILE)
    assert b"".join(response.streaming_content) == PNG
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert response.headers["Content-Disposition"].startswith("inline")
    download = client.get(FILE + "?download=1").headers["Content-Disposition"]
    assert download.startswith("attachment") and "%E8%A1%A8%E5%BD%B0.png" in download
    assert client.get("/attachments/" + event.evidence.name).status_code == 404


def test_a_pdf_is_downloaded_never_shown(client, case, organiser):
    enter(case, organiser, file=SimpleUploadedFile("文.pdf", b"%PDF-1.4 <script>"))
    client.force_login(organiser)
    response = client.get(FILE)
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"].startswith("attachment")


def test_an_event_without_or_with_a_lost_file_has_no_evidence(client, case, organiser):
    event = enter(case, organiser)
    client.force_login(organiser)
    assert client.get(FILE).status_code == 404
    event.evidence.name = "ledger/lost.png"
    event.save()
    assert client.get(FILE).status_code == 404


def test_a_closed_competition_is_read_only(client, event, case, organiser):
    case.stage = "closed"
    case.save()
    client.force_login(organiser)
    assert "登记加减分</a>" not in client.get(LIST).content.decode()
    assert client.post(NEW, typed()).status_code == 403
    assert client.post(EVENT).status_code == 403


@pytest.mark.parametrize("address", [LIST, NEW, EVENT])
def test_pages_take_the_same_number_of_queries_at_1_and_11(
    client, competition, organiser, address, django_assert_num_queries, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    publish(competition, organiser.person)
    for unit in add_units(competition, "一镇"):
        enter(competition, organiser, unit.key)
    client.force_login(organiser)
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    for unit in add_units(competition, *(f"第{number}乡" for number in range(10))):
        enter(competition, organiser, unit.key)
    with django_assert_num_queries(len(queries)):
        client.get(address)
