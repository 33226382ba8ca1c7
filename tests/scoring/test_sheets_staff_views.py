"""Marked rounds for staff: states, paper sheets, the second person, corrections."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from competitions.models import RoundPlan
from competitions.roadmap import find_todos
from scoring import doors
from scoring.actions.sheets import submit_sheets
from scoring.models import Correction, Sheet
from scoring.queries import sheet_steps
from scoring.queries.panels import load_marking_round
from scoring.queries.paper import find_blank_sheets
from tests import factories
from tests.scoring.stage import ARENA, build_stage, recuse

pytestmark = pytest.mark.django_db
ROUND = "/work/linhe-2022/rounds/arena/"
PAPER = f"{ROUND}paper/j01/"
VERIFY = f"{ROUND}verify/j01/"
OTHER = {"a-results": "35.5"}


@pytest.fixture
def at(client):
    """A function at(user) that signs the user in and returns the client."""

    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def fields(sheets, revisions=True, **more):
    found = {"op": str(uuid.uuid4()), **more}
    for entry, by_site in sheets.items():
        for site, marks in by_site.items():
            for criterion, text in marks.items():
                found[f"m.{entry}.{site}.{criterion}"] = text
    if revisions:
        for row in Sheet.objects.filter(judge__key="j01").select_related("entry"):
            found[f"r.{row.entry.key}.{row.site}"] = row.revision.hex
    return found


def submit(stage, sheets=None):
    judge = stage.judges[0]
    return submit_sheets(
        judge=judge,
        round_key="arena",
        sheets=sheets or stage.speech(),
        op=uuid.uuid4(),
        by=judge.person,
        now=timezone.now(),
    )


def collect(stage):
    """Every judge hands in every entrant of the arena: from then on staff may read the marks."""
    for judge in stage.judges:
        for number in (1, 2, 3):
            submit_sheets(
                judge=judge,
                round_key="arena",
                sheets=stage.speech(f"e{number:02d}"),
                op=uuid.uuid4(),
                by=judge.person,
                now=timezone.now(),
            )


def unit_sheet():
    return Sheet.objects.get(entry__key="e01", round_key="arena", judge__key="j01")


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


def test_paper_is_entered_by_one_and_verified_by_another_person(at, stage, clerk, organiser):
    answer = at(clerk).post(PAPER, fields(stage.speech()))
    assert (answer.status_code, answer["Location"]) == (302, ROUND)
    assert unit_sheet().state == "entered"
    blind = at(organiser).get(VERIFY).content.decode()
    assert 'name="m.e01..a-results"' in blind and "38.5" not in blind
    answer = at(organiser).post(VERIFY, fields(stage.speech()))
    assert answer["Location"] == ROUND
    assert (unit_sheet().state, unit_sheet().verified_by) == ("verified", organiser.person)


def test_paper_rows_left_blank_are_not_handed_in_and_half_rows_are_refused(at, stage, clerk):
    sheets = {"e01": {"": {**ARENA, "a-pledges": ""}}, "e02": {"": dict.fromkeys(ARENA, "")}}
    text = at(clerk).post(PAPER, fields(sheets)).content.decode()
    assert "狼山镇「来年承诺」没有打分" in text and "新华镇「来年承诺」没有打分" not in text
    assert not Sheet.objects.exists()


def test_paper_shows_own_values_to_the_one_who_typed_them_only(at, stage, clerk, organiser):
    at(clerk).post(PAPER, fields(stage.speech()))
    assert 'value="38.5"' in at(clerk).get(PAPER).content.decode()
    text = at(organiser).get(PAPER).content.decode()
    assert "38.5" not in text and "纸质待核对" in text


def test_paper_second_save_is_told_with_both_versions(at, stage, clerk, organiser):
    stale = fields(stage.speech(), revisions=False)
    at(clerk).post(PAPER, fields(stage.speech(**OTHER)))
    text = at(organiser).post(PAPER, stale).content.decode()
    assert "已有另一份评分表" in text
    assert unit_sheet().marks["a-results"] == "35.5"


def test_paper_over_the_pad_shows_both_and_overwrites_nothing(at, stage, clerk):
    typed = fields(stage.speech(**OTHER), revisions=False)
    submit(stage)
    client = at(clerk)
    text = client.get(PAPER).content.decode()
    assert 'name="m.e01..a-results"' not in text and "查看或更正" in text
    text = client.post(PAPER, typed).content.decode()
    assert "已有另一份评分表" in text and "35.5" in text
    assert "38.5" not in text and "还没有收齐" in text
    assert unit_sheet().marks == ARENA


def test_paper_over_the_pad_of_a_collected_round_shows_both(at, stage, clerk):
    typed = fields(stage.speech(**OTHER), revisions=False)
    collect(stage)
    text = at(clerk).post(PAPER, typed).content.decode()
    assert "已有另一份评分表" in text and "35.5" in text and "38.5" in text


def test_paper_over_many_sheets_asks_once_how_the_stage_stands(at, stage, clerk, monkeypatch):
    collect(stage)
    three = {key: stage.speech(key)[key] for key in ("e01", "e02", "e03")}
    asked = []
    monkeypatch.setattr(doors, "_stages", [asked.append])
    page = at(clerk).post(PAPER, fields(three, revisions=False))
    assert len(page.context["versions"]) == 3 and len(asked) == 1


def test_paper_double_click_saves_once(at, stage, clerk):
    data = fields(stage.speech())
    client = at(clerk)
    client.post(PAPER, data)
    assert client.post(PAPER, data)["Location"] == ROUND
    assert Sheet.objects.count() == 2


def test_verify_own_entry_offers_no_field(at, stage, clerk):
    client = at(clerk)
    client.post(PAPER, fields(stage.speech()))
    page = client.get(VERIFY)
    assert page.context["form"].lines == [] and "请另一位工作人员核对" in page.content.decode()


def test_verify_a_differing_reading_shows_both_until_they_agree(at, stage, clerk, organiser):
    at(clerk).post(PAPER, fields(stage.speech()))
    answer = at(organiser).post(VERIFY, fields(stage.speech(**OTHER)))
    assert answer["Location"] == VERIFY
    text = at(clerk).get(VERIFY).content.decode()
    assert "两次录入不一致" in text and "38.5" in text and "35.5" in text
    assert "这里不显示第一次录入的数" not in text
    at(clerk).post(VERIFY, fields({"e01": {"": {**ARENA, **OTHER}}}))
    row = unit_sheet()
    assert (row.state, row.marks["a-results"]) == ("verified", "35.5")
    assert row.entered_by != row.verified_by


def test_verify_against_the_paper_by_ticking(at, stage, clerk, organiser):
    at(clerk).post(PAPER, fields(stage.speech()))
    page = at(organiser).get(f"{VERIFY}?how=paper").content.decode()
    assert "38.5" in page and 'name="confirmed"' in page
    nothing = at(organiser).post(f"{VERIFY}?how=paper", fields({})).content.decode()
    assert "请勾选" in nothing
    at(organiser).post(f"{VERIFY}?how=paper", fields({}, confirmed=["e01.", "s01."]))
    assert Sheet.objects.counted().count() == 2


def test_verify_what_has_changed_meanwhile_is_told(at, stage, clerk, organiser):
    at(clerk).post(PAPER, fields(stage.speech()))
    stale = fields(stage.speech())
    at(clerk).post(PAPER, fields(stage.speech(**OTHER)))
    text = at(organiser).post(VERIFY, stale).content.decode()
    assert "刚被别人改动" in text
    assert unit_sheet().state == "entered"


def correct(client, sheet, **changes):
    data = fields({"e01": {"": {**ARENA, **changes}}}, reason="纸质原件为 35.5")
    return client.post(f"{ROUND}sheets/{sheet.id}/", data)


def settle(client, sheet, correction, **more):
    data = {"op": str(uuid.uuid4()), "revision": correction.revision.hex, **more}
    return client.post(f"{ROUND}sheets/{sheet.id}/settle/", data)


def test_correction_takes_two_persons_and_a_reason(at, stage, clerk, organiser):
    collect(stage)
    sheet = unit_sheet()
    assert (
        "请写明原因"
        in at(clerk)
        .post(f"{ROUND}sheets/{sheet.id}/", fields({"e01": {"": {**ARENA, **OTHER}}}))
        .content.decode()
    )
    assert correct(at(clerk), sheet, **OTHER).status_code == 302
    assert unit_sheet().marks == ARENA
    correction = Correction.objects.get()
    settle(at(clerk), sheet, correction)
    assert unit_sheet().marks == ARENA
    text = at(organiser).get(f"{ROUND}sheets/{sheet.id}/").content.decode()
    assert "等待核对的更正" in text and "纸质原件为 35.5" in text
    settle(at(organiser), sheet, correction)
    assert unit_sheet().marks == {**ARENA, **OTHER}


def test_correction_that_was_not_on_the_page_is_not_put_into_force(at, stage, clerk, organiser):
    collect(stage)
    sheet = unit_sheet()
    correct(at(clerk), sheet, **OTHER)
    seen = Correction.objects.get()
    settle(at(organiser), sheet, seen, **{"return": "1", "reason": "原件看不清"})
    correct(at(clerk), sheet, **{"a-results": "1"})
    settle(at(organiser), sheet, seen)
    assert unit_sheet().marks == ARENA


def test_correction_returned_needs_a_reason(at, stage, clerk, organiser):
    collect(stage)
    sheet = unit_sheet()
    correct(at(clerk), sheet, **OTHER)
    settle(at(organiser), sheet, Correction.objects.get(), **{"return": "1"})
    assert Correction.objects.get().state == "entered"
    settle(at(organiser), sheet, Correction.objects.get(), **{"return": "1", "reason": "不对"})
    assert Correction.objects.get().state == "returned"


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
    for number in (1, 2, 3):
        submit_sheets(
            judge=second,
            round_key="arena",
            sheets=stage.speech(f"e{number:02d}"),
            op=uuid.uuid4(),
            by=clerk.person,
            now=timezone.now(),
        )
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
