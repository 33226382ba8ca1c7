"""Who judges and supervises at once reads nobody's marks before her own are in, on no page."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from scoring.actions.sheets import submit_sheets
from scoring.models import Sheet
from tests.publication.releasing import Circle, release
from tests.scoring.evidence_case import add_judge, add_units, publish


def hand_in(judge, entry, mark):
    submit_sheets(
        judge=judge,
        round_key="arena",
        sheets={entry: {"": {"speech": mark}}},
        op=uuid.uuid4(),
        by=judge.person,
        now=timezone.now(),
    )


@pytest.fixture
def supervising(client, competition, organiser, auditor):
    """The seat of a judge who is the auditor too, signed in as such; another has marked."""
    publish(competition, organiser.person)
    add_units(competition, "甲镇")
    one, two = (add_judge(competition, number, "arena") for number in (1, 2))
    two.person = auditor.person
    two.save()
    hand_in(one, "e01", "91.5")
    client.force_login(auditor)
    return two


def test_record_shows_no_bodies_to_a_judge_before_her_own_marks(client, supervising):
    address = reverse("work_record", args=[supervising.competition.slug])
    page = client.get(address)
    assert "91.5" not in page.content.decode()
    assert page.context["owes"] and "要等您提交全部打分以后才能查看。" in page.content.decode()
    hand_in(supervising, "e01", "88")
    page = client.get(address).content.decode()
    assert "91.5" in page and "才能查看" not in page


def test_explanations_wait_for_a_judges_own_marks(client, case, tabulation, organiser, auditor):
    version = release(tabulation, organiser, Circle.UNIT)
    judge = case.judges.get(key="j01")
    judge.person = auditor.person
    judge.save()
    client.force_login(auditor)
    pages = [
        reverse("work_explanation", args=[case.slug, tabulation.number, "township", "e01"]),
        reverse("work_own_part", args=[case.slug, version.number, "e01"]),
    ]
    assert [client.get(page).status_code for page in pages] == [200, 200]
    # An entry that came back after the tabulation, say: one sheet is owed again.
    Sheet.objects.filter(judge=judge, entry__key="e02").delete()
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 403
        assert "请先提交自己的全部打分" in answer.content.decode()
