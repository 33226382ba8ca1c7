"""Tabulation pages: what is missing first, numbers only when complete, reasons to the last mark."""

import datetime
import io
import uuid

import openpyxl
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from arena.models import Event, Turn
from competitions.models import PartySecretary
from record.actions import AUDIT, append
from record.models import Revision
from scoring.actions.corrections import propose_correction, verify_correction
from scoring.actions.ledger import LedgerDraft, enter_ledger_event
from scoring.actions.rulings import RulingDraft, enter_ruling, verify_ruling
from scoring.models import Correction, LateSheet, Sheet, Tabulation
from scoring.queries.outdated import find_newer
from tests.factories import CompetitionFactory, UserFactory
from tests.scoring.evidence_case import add_judge, add_units, fill, publish


@pytest.fixture
def case(competition, organiser, colleague):
    publish(competition, organiser.person)
    fill(competition, organiser, colleague, judges=[add_judge(competition, 1, "arena")])
    return competition


def tabulate(client, user, case, op=None):
    client.force_login(user)
    return client.post(
        reverse("work_tabulation", args=[case.slug]), {"op": str(op or uuid.uuid4())}, follow=True
    )


def page(client, user, name, *args, **query):
    client.force_login(user)
    return client.get(reverse(name, args=args), query)


def test_tabulation_names_what_is_missing_and_gives_no_places(client, organiser, case):
    Sheet.objects.filter(entry__key="e02").delete()
    before = page(client, organiser, "work_tabulation", case.slug).content.decode()
    assert "数据还不齐全" in before
    assert "新华镇" in before
    after = tabulate(client, organiser, case).content.decode()
    assert "不是结果" in after
    assert not Tabulation.objects.get().complete
    assert 'class="cell-rank" data-label="名次">1' not in after


def test_results_are_kept_by_no_browser_of_a_shared_computer(client, organiser, case):
    tabulate(client, organiser, case)
    explained = (case.slug, 1, "township", "e01")
    pages = [
        *((f"work_{name}", (case.slug,)) for name in ("tabulation", "awards", "record")),
        *((f"work_tabulation_{name}", (case.slug, 1)) for name in ("result", "print", "export")),
        ("work_explanation", explained),
        ("work_awards_print", (case.slug,)),
        ("work_payments", (case.slug,)),
    ]
    for name, args in pages:
        query = {"track": "township"} if name.endswith("export") else {}
        assert "no-store" in page(client, organiser, name, *args, **query)["Cache-Control"], name


def test_tabulation_complete_ranks_and_explains(client, organiser, case):
    result = tabulate(client, organiser, case).content.decode()
    assert "结果完整" in result
    assert result.index("狼山镇") < result.index("新华镇")
    tree = page(client, organiser, "work_explanation", case.slug, 1, "township", "e01")
    text = tree.content.decode()
    assert "现场展示" in text
    assert "1 号评委" in text
    assert "90" in text


def test_tabulation_says_once_that_what_waits_is_not_counted(client, organiser, case):
    assert "可以统分。" in page(client, organiser, "work_tabulation", case.slug).content.decode()
    day = datetime.date(2022, 5, 4)
    enter_ledger_event(
        competition=case,
        draft=LedgerDraft("e02", "points", "honour", day, "", "表彰"),
        by=organiser.person,
        now=timezone.now(),
        op=uuid.uuid4(),
    )
    before = page(client, organiser, "work_tabulation", case.slug).content.decode()
    assert "必需的数据已齐，还有记录没有办完" in before and "可以统分。" not in before
    assert "没有核对或被退回的记录不计入" in before
    tabulate(client, organiser, case)
    found = Tabulation.objects.get()
    assert found.complete and found.evidence["ledger"] == []


def test_tabulation_names_the_ruling_that_waits_instead_of_asking_for_it(
    client, organiser, colleague, case
):
    held = PartySecretary.objects.filter(entries__key="s01")
    held.update(since=datetime.date(2022, 9, 1))

    def text():
        return page(client, organiser, "work_tabulation", case.slug).content.decode()

    def rule(kind, subject):
        day = datetime.date(2022, 8, 20)
        draft = RulingDraft(kind, "任职四个月", "县委常委会", day, "临组发〔2022〕8号", subject)
        act = {"op": uuid.uuid4(), "by": organiser.person, "now": timezone.now()}
        return enter_ruling(competition=case, draft=draft, **act)

    rule("part_year", {"track": "person", "entry": "s02", "value": "count"})
    assert "尚无会议决定，请录入裁定" in text() and "待核对，另一人核对以后才算齐" not in text()
    ruling = rule("part_year", {"track": "person", "entry": "s01", "value": "count"})
    waiting = text()
    assert "裁定 2（任职不满考核期）待核对，另一人核对以后才算齐。" in waiting
    assert "尚无会议决定" not in waiting
    verify_ruling(
        competition=case,
        key=ruling.key,
        revision=ruling.revision,
        op=uuid.uuid4(),
        by=colleague.person,
        now=timezone.now(),
    )
    assert "数据还不齐全" not in text()


def propose(sheet, by):
    propose_correction(
        sheet=sheet,
        marks=dict.fromkeys(sheet.marks, "70"),
        reason="评委点错",
        revision=sheet.revision.hex,
        op=uuid.uuid4(),
        by=by.person,
        now=timezone.now(),
    )


def test_tabulation_and_publishing_name_every_kind_of_change_that_waits(
    client, organiser, colleague, case
):
    Sheet.objects.update(state="verified")
    tabulate(client, organiser, case)
    sheet = Sheet.objects.get(entry__key="e02")
    propose(sheet, organiser)
    LateSheet.objects.create(
        competition=case,
        round_key=sheet.round_key,
        judge=sheet.judge,
        lines=[],
        why="迟到",
        receipt="R1",
        received_at=timezone.now(),
        revision=uuid.uuid4(),
    )
    for name in ("work_tabulation", "work_publish"):
        text = page(client, organiser, name, case.slug).content.decode()
        assert "还有记录没有办完" in text and "可以统分。" not in text
        assert "1 项评分更正等待另一人核对" in text
        assert "1 号评委迟到的打分等待裁定是否计入" in text


def test_tabulation_says_that_the_last_one_is_outdated(client, organiser, colleague, case):
    Sheet.objects.update(state="verified")
    tabulate(client, organiser, case)
    before = page(client, organiser, "work_tabulation", case.slug).content.decode()
    assert "已经过时" not in before and "第 1 次，完整" in before
    propose(Sheet.objects.get(entry__key="e02"), organiser)
    verify_correction(
        correction=Correction.objects.get(),
        op=uuid.uuid4(),
        by=colleague.person,
        now=timezone.now(),
    )
    after = page(client, organiser, "work_tabulation", case.slug).content.decode()
    assert "第 1 次统分已经过时" in after and "点「统分」重新统分" in after
    assert "第 1 次已过时" in after and "第 1 次，完整" not in after
    home = page(client, organiser, "work_overview", case.slug).content.decode()
    assert "第 1 次统分以后数据有改动，结果已经过时，请重新统分" in home
    tabulate(client, organiser, case)
    assert "已经过时" not in page(client, organiser, "work_tabulation", case.slug).content.decode()


def test_evidence_is_read_again_only_after_the_county_has_recorded_something(
    client, organiser, case
):
    tabulate(client, organiser, case)
    case.refresh_from_db()
    made, before = Tabulation.objects.get(), {"by": str(organiser.person_id), "now": timezone.now()}
    other = CompetitionFactory(host_code=case.host_code)
    costs = []
    for chain in ("", "", AUDIT, other.chain):
        with transaction.atomic():
            if chain:
                append(chain=chain, kind="signin.failed", body={}, **before)
        with CaptureQueriesContext(connection) as queries:
            assert find_newer(case, made) == ""
        costs.append(len(queries))
    assert costs[1] == costs[2] == 2 < costs[3]


def test_tabulation_of_one_round_ranks_by_its_own_points(client, organiser, case):
    tabulate(client, organiser, case)
    found = page(client, organiser, "work_tabulation_result", case.slug, 1, round="arena")
    assert [row["shown"] for row in found.context["rows"]] == ["90", "80"]


def test_tabulation_orders_show_the_same_rows(client, organiser, case):
    tabulate(client, organiser, case)
    for order in ("place", "official", "strokes", "custom", "nonsense"):
        found = page(client, organiser, "work_tabulation_result", case.slug, 1, order=order)
        assert {row["name"] for row in found.context["rows"]} == {"狼山镇", "新华镇"}


def test_tabulation_twice_with_one_operation_is_stored_once(client, organiser, case):
    op = uuid.uuid4()
    tabulate(client, organiser, case, op)
    tabulate(client, organiser, case, op)
    assert Tabulation.objects.count() == 1


def test_tabulation_export_opens_as_a_workbook(client, organiser, case):
    tabulate(client, organiser, case)
    answer = page(client, organiser, "work_tabulation_export", case.slug, 1, track="township")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    values = [cell.value for row in sheet.iter_rows() for cell in row]
    assert "狼山镇" in values
    assert "新华镇" in values


def test_tabulation_export_of_a_demo_carries_the_notice(client, organiser, case):
    case.demo = True
    case.save()
    tabulate(client, organiser, case)
    answer = page(client, organiser, "work_tabulation_export", case.slug, 1, track="township")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert "演示数据，非真实结果" in [cell.value for row in sheet.iter_rows() for cell in row]


def test_tabulation_print_has_lines_to_sign(client, organiser, case):
    tabulate(client, organiser, case)
    text = page(client, organiser, "work_tabulation_print", case.slug, 1).content.decode()
    entry = Revision.objects.get(kind="tabulation.stored")
    for word in ("统分人", "复核人", "监票员", "狼山镇", f"存证第 {entry.seq} 条", entry.digest):
        assert word in text


@pytest.mark.parametrize(
    ("query", "track", "entry"),
    [({}, "nothing", "e01"), ({}, "township", "e99")],
)
def test_explanation_of_something_unknown_is_not_found(
    client, organiser, case, query, track, entry
):
    tabulate(client, organiser, case)
    found = page(client, organiser, "work_explanation", case.slug, 1, track, entry, **query)
    assert found.status_code == 404


def test_tabulation_is_closed_to_outsiders_and_read_only_for_auditors(
    client, case, outsider, auditor, judge, admin
):
    secretary = UserFactory(person=case.entries.get(key="s01").term.person)
    url = reverse("work_tabulation", args=[case.slug])
    assert client.get(url).status_code == 302
    for user, reading, writing in [
        (outsider, 404, 404),
        (auditor, 200, 403),
        (judge, 403, 403),
        (secretary, 403, 403),
        (admin, 403, 403),
    ]:
        client.force_login(user)
        assert client.get(url).status_code == reading, user
        assert client.post(url, {"op": str(uuid.uuid4())}).status_code == writing, user
    assert client.delete(url).status_code == 405


def test_tabulation_page_takes_the_same_queries_for_more_entrants(client, organiser, case):
    url = reverse("work_tabulation", args=[case.slug])
    client.force_login(organiser)
    client.get(url)  # the rules are read once per process
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    add_units(case, *[f"第{n}镇" for n in range(9)])
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(few)


def test_nothing_is_tabulated_while_somebody_is_being_marked_on_the_stage(client, organiser, case):
    said = {"announced_by": organiser.person, "announced_at": timezone.now()}
    event = Event.objects.create(
        competition=case, round_key="arena", method="slips", revision=uuid.uuid4(), **said
    )
    seen, open_ = (
        Turn.objects.create(event=event, entry=entry, position=place, state=state)
        for place, (state, entry) in enumerate(
            zip(("revealed", "marking"), case.entries.filter(key__in=["e01", "e02"]), strict=True)
        )
    )
    before = page(client, organiser, "work_tabulation", case.slug).content.decode()
    name = open_.entry.heading
    assert f"「{name}」正在打分，关闭打分以后才能统分" in before
    assert f"「{seen.entry.heading}」" not in before
    refused = tabulate(client, organiser, case).content.decode()
    assert f"「{name}」正在打分，没有统分" in refused and not Tabulation.objects.exists()
    Turn.objects.filter(pk=open_.pk).update(state="closed")
    after = page(client, organiser, "work_tabulation", case.slug).content.decode()
    assert f"「{name}」打分已经关闭，还没有亮分" in after
    tabulate(client, organiser, case)
    assert Tabulation.objects.get().complete
