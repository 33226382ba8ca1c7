"""Who peeks before the marks are closed finds nothing, whatever his role."""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from scoring.actions.paper_sheets import enter_paper_sheets, verify_paper_sheets
from scoring.models import Sheet
from tests.arena.live_case import build_case
from tests.scoring.stage import NOW

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


def test_paper_without_numbers_is_typed_by_two_who_do_not_see_each_other(client, live, request):
    """Neither by comparing, nor by a conflict that is made on purpose."""
    key = live.order()[0]
    live.move("begin", "open_marking")
    judge, said = live.hall.judges[0], {}
    first, second = (request.getfixturevalue(name) for name in ("organiser", "clerk"))
    act = {"competition": live.hall.competition, "round_key": "arena", "judge": judge, "now": NOW}
    sheets = live.hall.speech(key, **GIVEN)
    enter_paper_sheets(sheets=sheets, op=uuid.uuid4(), by=first.person, revisions={}, **act)
    client.force_login(second)
    blind = at(live, "work_verify", "arena", judge.key)
    for address in (blind, f"{blind}?how=paper"):
        page = client.get(address).content.decode()
        assert "31.5" not in page and "对照原件打勾" not in page
    for entry, by_site in live.hall.speech(key).items():
        said |= {f"m.{entry}..{name}": text for name, text in by_site[""].items()}
    here = at(live, "work_paper", "arena", judge.key)
    page = client.post(here, {"op": uuid.uuid4(), **said}).content.decode()
    assert "已有另一份评分表" in page and "关闭打分以前" in page and "31.5" not in page
    seen = {(row.entry.key, row.site): row.revision.hex for row in Sheet.objects.all()}
    with pytest.raises(ValidationError, match="不能对照打勾"):
        confirmed = list(seen)
        act |= {"op": uuid.uuid4(), "by": second.person, "revisions": seen}
        verify_paper_sheets(confirmed=confirmed, **act)
