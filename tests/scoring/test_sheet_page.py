"""One stored sheet: from whom its marks are withheld, and what became of it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from record.actions import erase_private
from record.models import PrivateValue
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


def test_sheet_of_the_pad_is_withheld_from_staff_until_the_round_is_collected(
    at, stage, clerk, organiser, auditor
):
    submit(stage)
    sheet = unit_sheet()
    page = f"{ROUND}sheets/{sheet.id}/"
    for user in (clerk, organiser):
        text = at(user).get(page).content.decode()
        assert "还没有收齐" in text and sheet.receipt in text
        assert "38.5" not in text and "提出更正" not in text
        response = correct(at(user), sheet, **OTHER)
        assert response.status_code == 403 and "38.5" not in response.content.decode()
        assert settle(at(user), sheet, sheet).status_code == 403
    assert not Correction.objects.exists()
    assert "38.5" in at(auditor).get(page).content.decode()
    Sheet.objects.all().delete()
    collect(stage)
    page = f"{ROUND}sheets/{unit_sheet().id}/"
    assert "38.5" in at(clerk).get(page).content.decode()


def test_sheet_of_paper_is_read_by_who_typed_or_verified_it_before_the_round_is_collected(
    at, stage, clerk, organiser, colleague
):
    at(clerk).post(PAPER, fields(stage.speech()))
    page = f"{ROUND}sheets/{unit_sheet().id}/"
    assert "38.5" in at(clerk).get(page).content.decode()
    assert "38.5" not in at(organiser).get(page).content.decode()
    at(organiser).post(VERIFY, fields(stage.speech()))
    assert "38.5" in at(organiser).get(page).content.decode()
    assert "38.5" not in at(colleague).get(page).content.decode()
    # What the two of them read they may correct.
    correct(at(clerk), unit_sheet(), **OTHER)
    settle(at(organiser), unit_sheet(), Correction.objects.get())
    assert unit_sheet().marks == {**ARENA, **OTHER}


def test_sheet_keeps_its_history_through_corrections(at, stage, clerk, organiser, auditor):
    collect(stage)
    sheet = unit_sheet()
    handed = sheet.entered_by.name
    correct(at(clerk), sheet, **OTHER)
    settle(at(organiser), sheet, Correction.objects.get(), **{"return": "1", "reason": "看不清"})
    for number, mark in enumerate(("35.5", "31"), 2):
        correct(at(clerk), unit_sheet(), **{"a-results": mark})
        settle(at(organiser), sheet, Correction.objects.latest("id"))
        assert Correction.objects.count() == number
    for user in (clerk, auditor):
        page = at(user).get(f"{ROUND}sheets/{sheet.id}/")
        history = page.context["history"]
        assert [(one.name, one.received) for one in history.handed] == [(handed, True)]
        assert history.marks == ARENA
        told = [
            (
                one.approved,
                one.before["a-results"],
                one.after["a-results"],
                one.proposed.name,
                one.settled.name,
                one.proposed.reason,
            )
            for one in history.settled
        ]
        names = (clerk.person.name, organiser.person.name, "纸质原件为 35.5")
        assert told == [
            (False, "38.5", "35.5", *names),
            (True, "38.5", "35.5", *names),
            (True, "35.5", "31", *names),
        ]
        text = page.content.decode()
        assert "看不清" in text and "评委提交打分" in text
        assert text.index(handed, text.index("来历")) < text.index(sheet.receipt)
    for digest in PrivateValue.objects.filter(value="纸质原件为 35.5").values_list("digest")[:1]:
        erase_private(digest=digest[0], by=str(clerk.person.id), now=timezone.now())
    text = at(auditor).get(f"{ROUND}sheets/{sheet.id}/").content.decode()
    assert "纸质原件为" not in text and "（已抹去）" in text


def test_sheet_takes_the_same_number_of_queries_however_often_it_was_corrected(
    at, stage, clerk, organiser
):
    collect(stage)
    counts = []
    for mark in ("35.5", "31", "30"):
        correct(at(clerk), unit_sheet(), **{"a-results": mark})
        settle(at(organiser), unit_sheet(), Correction.objects.latest("id"))
        with CaptureQueriesContext(connection) as queries:
            at(clerk).get(f"{ROUND}sheets/{unit_sheet().id}/")
        counts.append(len(queries))
    assert counts[1] == counts[2]


def test_judge_sees_that_his_sheet_was_corrected_with_old_and_new(at, stage, clerk, organiser):
    collect(stage)
    sheet = unit_sheet()
    judge = at(stage.judges[0].user)
    assert "更正手续更正" not in judge.get("/judge/linhe-2022/arena/e01/").content.decode()
    correct(at(clerk), sheet, **OTHER)
    settle(at(organiser), sheet, Correction.objects.get())
    page = at(stage.judges[0].user).get("/judge/linhe-2022/arena/e01/")
    assert "由两名工作人员按更正手续更正" in page.content.decode()
    receipt = page.context["receipts"][0]
    assert [rows for _at, rows in receipt.changes] == [[("成效展示", "38.5", "35.5")]]
    assert receipt.handed_at == sheet.entered_at
