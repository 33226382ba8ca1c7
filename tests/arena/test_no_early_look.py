"""Who peeks before the marks are closed finds nothing, whatever his role."""

import uuid

import pytest
from django.urls import reverse

from scoring.models import Sheet
from tests.arena.live_case import build_case

pytestmark = pytest.mark.django_db
# A total and a mark of the stage that nothing else on a page says.
GIVEN = {"a-results": "31.5"}


@pytest.fixture
def last_turn(competition):
    """Everybody has marked the only unit, and the operator has not closed its turn."""
    live = build_case(competition, units=["狼山镇"])
    live.move("begin", "open_marking")
    live.everybody(marks=lambda judge: GIVEN)
    return live


def at(live, name, *more):
    return reverse(name, args=[live.hall.competition.slug, *more])


def test_bundle_is_not_given_while_something_is_marked(client, last_turn, organiser):
    client.force_login(organiser)
    answer = client.get(at(last_turn, "work_bundle"), follow=True)
    assert "正在打分" in answer.content.decode() and answer["Content-Type"].startswith("text/html")
    last_turn.move("close")
    answer = client.get(at(last_turn, "work_bundle"))
    assert answer["Content-Type"] == "application/zip"


@pytest.mark.parametrize("who", ["organiser", "clerk", "auditor"])
def test_sheets_of_the_open_turn_are_nobodys_to_read(client, last_turn, who, request):
    client.force_login(request.getfixturevalue(who))
    sheet = Sheet.objects.filter(round_key="arena").first()
    here = at(last_turn, "work_sheet", "arena", sheet.id)
    page = client.get(here).content.decode()
    assert "31.5" not in page and "关闭打分以前" in page
    said = {"op": uuid.uuid4(), "reason": "录错"}
    assert client.post(here, said).status_code == 403
    assert "31.5" not in client.get(at(last_turn, "work_record")).content.decode()
    last_turn.move("close")
    assert "31.5" in client.get(here).content.decode()
    record = client.get(at(last_turn, "work_record")).content.decode()
    assert ("31.5" in record) is (who == "auditor")
