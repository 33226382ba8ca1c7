"""A judge's own pages."""

import datetime
import json
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from competitions.models import Seat
from scoring.actions.rulings import RulingDraft, enter_ruling, verify_ruling
from scoring.models import Sheet
from scoring.queries.panels import load_marking_rounds
from tests import factories
from tests.scoring.stage import ARENA, NOW, add_site, build_stage, recuse

pytestmark = pytest.mark.django_db
PAD = "/judge/linhe-2022/arena/e01/"
SUBMIT = "/judge/linhe-2022/arena/submit/"


@pytest.fixture
def signed_in(client, stage):
    client.force_login(stage.judges[0].user)
    return client


def fields(sheets, **more):
    found = {
        f"m.{entry}.{site}.{criterion}": text
        for entry, by_site in sheets.items()
        for site, marks in by_site.items()
        for criterion, text in marks.items()
    }
    return {"op": str(uuid.uuid4()), **found, **more}


def send(client, sheets, op=None, address=SUBMIT):
    body = {"op": op or str(uuid.uuid4()), "sheets": sheets}
    return client.post(address, json.dumps(body), content_type="application/json")


def test_home_lists_the_judges_rounds_without_the_secretaries_own(signed_in):
    page = signed_in.get("/judge/")
    text = page.content.decode()
    assert f'<h1 class="pad-competition">{page.context["competition"].title}</h1>' in text
    assert "第一次联评" in text and "第二次联评" in text and "擂台比武" in text
    assert "擂台现场评人" not in text
    assert [desk.owed for desk in page.context["desks"]] == [3, 3, 3]


def test_pad_of_the_arena_marks_unit_and_secretary_on_one_page(signed_in):
    text = signed_in.get(PAD).content.decode()
    assert "成效展示" in text and "担当作为" in text and "党委书记 书记1" in text
    assert 'name="m.e01..a-results"' in text and 'name="m.s01..s-drive"' in text
    assert 'inputmode="decimal"' in text


def test_pad_without_script_reads_back_before_it_submits(signed_in, stage):
    data = fields(stage.speech())
    page = signed_in.post(PAD, data)
    assert "狼山镇<strong>92.50 分</strong>" in page.content.decode()
    assert not Sheet.objects.exists()
    page = signed_in.post(PAD, {**data, "confirmed": "1"})
    assert (page.status_code, page["Location"]) == (302, PAD)
    assert Sheet.objects.get(round_key="arena").marks == ARENA
    receipt = signed_in.get(PAD).content.decode()
    assert Sheet.objects.first().receipt in receipt and "下一个：新华镇" in receipt


def test_pad_without_script_double_click_submits_once(signed_in, stage):
    data = fields(stage.speech(), confirmed="1")
    signed_in.post(PAD, data)
    assert signed_in.post(PAD, data).status_code == 302
    assert Sheet.objects.count() == 2


def test_pad_without_script_goes_back_to_edit_with_what_was_typed(signed_in, stage):
    page = signed_in.post(PAD, fields(stage.speech(), edit="1"))
    assert 'value="38.5"' in page.content.decode()
    assert not Sheet.objects.exists()


def test_pad_shows_an_error_beside_the_field_and_keeps_the_rest(signed_in, stage):
    text = signed_in.post(PAD, fields(stage.speech(**{"a-results": "41"}))).content.decode()
    assert "应在 0 到 40 之间，现在是 41" in text
    assert 'value="12.5"' in text


def test_pad_shows_both_versions_when_a_second_one_is_submitted(signed_in, stage):
    send(signed_in, stage.speech())
    other = fields(stage.speech(**{"a-results": "40"}), confirmed="1")
    text = signed_in.post(PAD, other).content.decode()
    assert "服务器上已有的一份" in text and "92.50 分" in text and 'value="40"' in text
    assert Sheet.objects.get(round_key="arena").marks == ARENA


def test_tour_shows_every_entry_and_submits_them_at_once(signed_in, stage):
    address = "/judge/linhe-2022/review1/"
    text = signed_in.get(address).content.decode()
    assert all(f'name="m.{key}..r1-green"' in text for key in ("e01", "e02", "e03"))
    data = fields(stage.tour())
    confirm = signed_in.post(address, data).content.decode()
    assert confirm.count("89.50 分") == 3
    signed_in.post(address, {**data, "confirmed": "1"})
    assert Sheet.objects.filter(round_key="review1").count() == 3
    assert signed_in.get(address).content.decode().count("89.50 分") == 3


def test_tour_asks_no_mark_for_a_recused_entry(signed_in, stage):
    recuse(stage, stage.judges[0], "e02")
    text = signed_in.get("/judge/linhe-2022/review1/").content.decode()
    assert 'name="m.e02..r1-green"' not in text and "回避" in text
    sheets = {key: marks for key, marks in stage.tour().items() if key != "e02"}
    signed_in.post("/judge/linhe-2022/review1/", fields(sheets, confirmed="1"))
    receipt = signed_in.get("/judge/linhe-2022/review1/").content.decode()
    assert "已提交" in receipt and "新华镇：" in receipt and "您不必打分" in receipt


def test_tour_without_anybody_to_mark_does_not_say_that_it_was_handed_in(signed_in, stage):
    for key in ("e01", "e02", "e03"):
        recuse(stage, stage.judges[0], key)
    text = signed_in.get("/judge/linhe-2022/review1/").content.decode()
    assert "您不必打分" in text and "已提交" not in text
    home = signed_in.get("/judge/").content.decode()
    assert "不必打分" in home and "已提交" not in home


def test_tour_marks_each_site_of_an_entry(signed_in, stage):
    add_site(stage, "e01", "p1", "富强村")
    add_site(stage, "e01", "p2", "光明村")
    text = signed_in.get("/judge/linhe-2022/review1/").content.decode()
    assert 'name="m.e01.p1.r1-green"' in text and 'name="m.e01.p2.r1-green"' in text
    assert 'name="m.e01..r1-green"' not in text and 'name="m.e02..r1-green"' in text
    assert "富强村" in text and text.count('id="e01"') == 1


def test_list_of_the_arena_links_no_recused_entry(signed_in, stage):
    recuse(stage, stage.judges[0], "e02")
    text = signed_in.get("/judge/linhe-2022/arena/").content.decode()
    assert "/arena/e01/" in text and "/arena/e02/" not in text and "回避" in text
    told = signed_in.get("/judge/linhe-2022/arena/e02/").content.decode()
    assert "您不必打分" in told and "按回避规定" in told
    assert signed_in.get("/judge/linhe-2022/arena/e99/").status_code == 404


def test_judge_left_out_by_a_ruling_is_told_by_which(signed_in, stage, organiser, colleague):
    common = {"competition": stage.competition, "now": NOW}
    for round_key in ("arena", "sec-arena"):
        ruling = enter_ruling(
            draft=RulingDraft(
                "exclude_judge",
                "与张某有亲属关系",
                "会议",
                datetime.date(2022, 8, 1),
                "临组发〔2022〕9号",
                {"round": round_key, "judge": stage.judges[0].key},
            ),
            by=organiser.person,
            op=uuid.uuid4(),
            **common,
        )
        verify_ruling(
            key=ruling.key,
            revision=ruling.revision.hex,
            by=colleague.person,
            op=uuid.uuid4(),
            **common,
        )
    told = signed_in.get("/judge/linhe-2022/arena/e01/").content.decode()
    assert "您不必打分" in told and "经裁定（临组发〔2022〕9号）" in told
    assert "张某" not in told
    assert signed_in.post("/judge/linhe-2022/arena/e01/", {}).status_code == 404


def test_submit_answers_the_receipt_and_the_same_for_a_repeated_send(signed_in, stage):
    op = str(uuid.uuid4())
    first = send(signed_in, stage.speech(), op).json()
    again = send(signed_in, stage.speech(), op).json()
    assert first == {**again, "repeated": False}
    assert again["repeated"] is True and len(first["receipt"]) == 6
    assert Sheet.objects.count() == 2


def test_submit_answers_what_is_wrong_with_its_place(signed_in, stage):
    answer = send(signed_in, stage.speech(**{"a-results": "41"}))
    assert answer.status_code == 422
    assert answer.json()["problems"] == [
        {
            "entry": "e01",
            "site": "",
            "criterion": "a-results",
            "message": "狼山镇「成效展示」应在 0 到 40 之间，现在是 41，请修改。",
        }
    ]


def test_submit_answers_a_conflict_with_the_other_version(signed_in, stage):
    send(signed_in, stage.speech())
    answer = send(signed_in, stage.speech(**{"a-results": "40"}))
    assert answer.status_code == 409
    existing = answer.json()["existing"][0]
    assert (existing["name"], existing["total"], existing["marks"]) == ("狼山镇", "92.50", ARENA)


# Given, for the tests to be called the same in every process.
OP = "5f6e1f8c-3f4e-4c64-9d3e-6d8f6d3d1a01"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{",
        "null",
        '{"op": 1, "sheets": []}',
        '{"sheets": {"e01": {"": {"a": 1}}}}',
        "[" * 100_000,
        json.dumps({"op": OP, "sheets": {"\ud800": {"": {"a": "1"}}}}),
        json.dumps({"op": OP, "sheets": {"e01": {"\0": {"a": "1"}}}}),
        json.dumps({"op": OP, "sheets": {"e01": {"": {"a" * 61: "1"}}}}),
    ],
)
def test_submit_answers_unreadable_documents_in_a_sentence(signed_in, body):
    answer = signed_in.post(SUBMIT, body, content_type="application/json")
    assert answer.status_code == 422
    assert "刷新页面" in answer.json()["message"] or answer.json()["message"]


def test_submit_after_the_year_is_closed_keeps_nothing(signed_in, stage):
    stage.competition.stage = "draft"
    stage.competition.save()
    answer = send(signed_in, stage.speech())
    assert (answer.status_code, answer.json()["error"]) == (409, "closed")


def test_large_type_is_kept_on_the_account(signed_in, stage):
    assert "pad-xl" not in signed_in.get("/judge/").content.decode()
    # Sent twice by a double click, or by an old page, it says the same thing again.
    for large, shown in (("yes", True), ("yes", True), ("no", False), ("", False), ("yes", True)):
        answer = signed_in.post("/judge/large-type/", {"next": PAD, "large": large})
        assert answer["Location"] == PAD
        assert ("pad-xl" in signed_in.get(PAD).content.decode()) is shown
    elsewhere = signed_in.post("/judge/large-type/", {"next": "https://evil.example/"})
    assert elsewhere["Location"] == reverse("judge_home")


PAGES = ["/judge/", "/judge/linhe-2022/arena/", PAD, "/judge/linhe-2022/review1/"]


@pytest.mark.parametrize("address", PAGES)
def test_pages_are_closed_to_others(client, stage, organiser, auditor, nobody, address):
    secretary = factories.UserFactory(person=stage.entries["s01"].term.person)
    answer = client.get(address)
    assert (answer.status_code, answer["Location"]) == (302, f"/signin/?next={address}")
    for user in (organiser, auditor, secretary, nobody):
        client.force_login(user)
        assert client.get(address).status_code == 403


def test_pages_of_a_competition_are_unknown_to_a_judge_of_another(client, stage):
    other = build_stage(factories.CompetitionFactory(slug="other"), units=["别处镇"])
    client.force_login(other.judges[0].user)
    assert client.get("/judge/linhe-2022/arena/").status_code == 404
    assert send(client, stage.speech()).status_code == 404


def test_pages_refuse_the_wrong_method(signed_in):
    assert signed_in.post("/judge/").status_code == 405
    assert signed_in.get(SUBMIT).status_code == 405
    assert signed_in.get("/judge/large-type/").status_code == 405
    assert signed_in.put(PAD).status_code == 405


def test_pages_take_the_same_number_of_queries_for_one_and_eleven_entrants(client, competition):
    small = build_stage(factories.CompetitionFactory(slug="small"), units=["独一镇"])
    large = build_stage(competition, units=[f"第{n}乡" for n in range(1, 12)])
    counts = []
    for stage in (small, large, small, large):
        client.force_login(stage.judges[0].user)
        slug = stage.competition.slug
        found = []
        for address in (
            "/judge/",
            f"/judge/{slug}/arena/",
            f"/judge/{slug}/arena/e01/",
            f"/judge/{slug}/review1/",
        ):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            found.append(len(queries))
        counts.append(found)
    assert counts[2] == counts[3]


def test_hand_in_loads_its_own_round_as_among_all_rounds(stage):
    """A panel of 30 in one instant waits for each other: nobody loads the others' rounds."""
    found = {panel.round.key: panel for panel in load_marking_rounds(stage.competition)}
    for key in ("arena", "sec-arena"):
        assert load_marking_rounds(stage.competition, only=key) == [found["arena"]]
    assert load_marking_rounds(stage.competition, only="nowhere") == []


def test_hand_in_asks_the_database_a_bounded_number_of_times(signed_in, stage):
    with CaptureQueriesContext(connection) as asked:
        assert send(signed_in, stage.speech()).status_code == 200
    assert len(asked) <= 30, len(asked)


def test_hand_in_to_a_round_without_a_seat_is_not_found(signed_in, stage):
    Seat.objects.filter(judge=stage.judges[0], round_key="arena").delete()
    assert send(signed_in, stage.speech()).status_code == 404
    assert not Sheet.objects.exists()
