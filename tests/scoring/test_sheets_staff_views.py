"""Marked rounds for staff: how they stand, and who may open their pages and post to them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from competitions.models import RoundPlan
from competitions.roadmap import find_todos
from scoring.models import Sheet
from scoring.queries import sheet_steps
from scoring.queries.panels import load_marking_round
from scoring.queries.paper import find_blank_sheets
from tests import factories
from tests.scoring.sheet_forms import (
    PAPER,
    ROUND,
    VERIFY,
    fields,
    hand_in,
    settle,
    submit,
    unit_sheet,
)
from tests.scoring.stage import build_stage, recuse

pytestmark = pytest.mark.django_db


def test_state_shows_who_has_handed_in_and_never_a_mark(at, stage, clerk):
    recuse(stage, stage.judges[1], "e02")
    submit(stage)
    page = at(clerk).get(ROUND)
    text = page.content.decode()
    rows = page.context["matrix"]["rows"]
    assert [cell.name for cell in rows[0].cells] == ["pad", "missing", "missing"]
    assert [cell.name for cell in rows[1].cells] == ["missing", "recused", "missing"]
    assert (page.context["progress"].done, page.context["progress"].owed) == (1, 8)
    assert "92.50" not in text and "38.5" not in text
    assert "评委1：新华镇、干召庙镇" in text


def test_state_says_what_is_late_with_a_reminder(at, stage, clerk):
    due = timezone.now() - timezone.timedelta(hours=1)
    RoundPlan.objects.create(competition=stage.competition, round_key="arena", due_at=due)
    text = at(clerk).get(ROUND).content.decode()
    assert "已过截止时间" in text and f"请于{sheet_steps.write_moment(due)}前" in text


def test_blank_sheets_carry_a_serial_number_each(at, stage, clerk):
    text = at(clerk).get(f"{ROUND}blank/").content.decode()
    panel = load_marking_round(stage.competition, "arena")
    sheets = find_blank_sheets(panel, panel.judges)
    assert len({sheet.serial for sheet in sheets}) == len(sheets) == 9
    assert all(sheet.serial in text for sheet in sheets)
    assert sheets[0].serial.startswith("J01-E01-")
    one = at(clerk).get("/work/linhe-2022/rounds/review1/blank/?judge=j02")
    assert len(one.context["sheets"]) == 1


def test_todos_name_the_missing_and_what_waits_for_a_second_person(at, stage, clerk):
    at(clerk).post(PAPER, fields(stage.speech()))
    now = timezone.now()
    todos = [
        todo
        for todo in find_todos(stage.competition, None, now)
        if todo.url == "/work/linhe-2022/rounds/arena/"
    ]
    assert [(todo.kind, todo.title) for todo in todos] == [
        ("second_person", "擂台比武：1 份纸质评分表等待另一人核对"),
        ("missing", "擂台比武：还差 8 份评分表"),
    ]
    assert "尚未收到：评委1：新华镇" in todos[1].reminder


def test_steps_follow_the_rules_and_their_state(stage):
    scheme = load_marking_round(stage.competition, "arena").scheme
    steps = sheet_steps.find_steps(stage.competition, scheme)
    assert [(place, step.key, step.state) for place, step in steps] == [
        (50, "review1", "todo"),
        (51, "review2", "todo"),
        (53, "arena", "todo"),
        (56, "sec-arena", "todo"),
    ]
    submit(stage)
    step = dict(sheet_steps.find_steps(stage.competition, scheme))[53]
    assert (step.state, step.note) == ("current", "已收 1 份，共 9 份")


PAGES = [ROUND, f"{ROUND}blank/", PAPER, VERIFY, f"{VERIFY}?how=paper"]


@pytest.mark.parametrize("address", PAGES)
def test_pages_open_to_insiders_of_the_county_only(
    at, stage, organiser, clerk, auditor, outsider, leader, admin, client, address
):
    assert client.get(address).status_code == 302
    for user in (organiser, clerk, auditor):
        assert at(user).get(address).status_code == 200
    assert at(outsider).get(address).status_code == 404
    for user in (leader, admin, stage.judges[0].user):
        assert at(user).get(address).status_code == 403


def test_pages_let_an_auditor_change_nothing(at, stage, clerk, auditor):
    submit(stage)
    sheet = unit_sheet()
    client = at(auditor)
    assert client.get(f"{ROUND}sheets/{sheet.id}/").status_code == 200
    for address in (PAPER, VERIFY, f"{ROUND}sheets/{sheet.id}/"):
        assert client.post(address, fields(stage.speech())).status_code == 403
    assert client.post(f"{ROUND}sheets/{sheet.id}/settle/", {}).status_code == 403


def test_pages_refuse_the_wrong_method_and_unknown_things(at, stage, clerk):
    submit(stage)
    client = at(clerk)
    assert client.post(ROUND).status_code == 405
    assert client.get(f"{ROUND}sheets/{unit_sheet().id}/settle/").status_code == 405
    for address in (
        "/work/linhe-2022/rounds/routine/",
        f"{ROUND}paper/j99/",
        f"{ROUND}sheets/0/",
        f"/work/linhe-2022/rounds/review1/sheets/{unit_sheet().id}/",
    ):
        assert client.get(address).status_code == 404


def test_pages_show_a_closed_year_without_a_form(at, stage, clerk):
    submit(stage)
    stage.competition.stage = "closed"
    stage.competition.save()
    assert at(clerk).get(ROUND).status_code == 200
    assert at(clerk).post(PAPER, fields(stage.speech("e02"))).status_code == 403


def test_pages_take_the_same_number_of_queries_for_one_and_eleven_entrants(at, clerk):
    small = build_stage(factories.CompetitionFactory(slug="small"), judges=1, units=["独一镇"])
    competition = factories.CompetitionFactory(slug="large")
    large = build_stage(competition, judges=9, units=[f"第{n}乡" for n in range(1, 12)])
    counts = []
    for stage in (small, large, small, large):
        client = at(clerk)
        found = []
        for page in ("arena/", "arena/blank/", "arena/paper/j01/", "arena/verify/j01/"):
            with CaptureQueriesContext(connection) as queries:
                address = f"/work/{stage.competition.slug}/rounds/{page}"
                assert client.get(address).status_code == 200
            found.append(len(queries))
        counts.append(found)
    assert counts[2] == counts[3]


def test_pages_hide_other_judges_marks_from_a_clerk_who_still_has_to_mark(at, stage, clerk):
    submit(stage)
    second = stage.judges[1]
    second.person = clerk.person
    second.save()
    client = at(clerk)
    addresses = (VERIFY, f"{VERIFY}?how=paper", f"{ROUND}sheets/{unit_sheet().id}/")
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 403
        assert "还有打分没有提交，不能查看其他评委的评分表" in response.content.decode()
    assert settle(client, unit_sheet(), unit_sheet()).status_code == 403
    hand_in(stage, [second], (1, 2, 3))
    for address in addresses:
        assert client.get(address).status_code == 200


def test_judge_who_still_owes_marks_types_no_paper_of_the_round(at, stage, clerk):
    second = stage.judges[1]
    second.person = clerk.person
    second.save()
    client = at(clerk)
    for address in (PAPER, f"{ROUND}paper/j02/"):
        for response in (client.get(address), client.post(address, fields(stage.speech()))):
            assert response.status_code == 403
            assert "还有打分没有提交，不能录入本环节的纸质评分表" in response.content.decode()
    assert not Sheet.objects.exists()
    state = client.get(ROUND).content.decode()
    assert "交齐以前不能录入和核对本环节的纸质评分表" in state
    assert "/paper/" not in state
    # Another round, in which he owes nothing, is open to him.
    second.seats.filter(round_key="review1").delete()
    assert client.get("/work/linhe-2022/rounds/review1/paper/j01/").status_code == 200
