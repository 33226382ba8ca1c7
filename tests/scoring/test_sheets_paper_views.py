"""Paper sheets for staff: typed by one, verified by a second person, and corrections."""

import pytest

from scoring import doors
from scoring.models import Correction, Sheet
from tests.scoring.sheet_forms import (
    OTHER,
    PAPER,
    ROUND,
    VERIFY,
    collect,
    correct,
    fields,
    settle,
    submit,
    unit_sheet,
)
from tests.scoring.stage import ARENA

pytestmark = pytest.mark.django_db


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
