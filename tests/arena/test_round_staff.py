"""What the staff are told of a round with a live event: the stage opens and closes marking."""

from datetime import timedelta

import pytest
from django.utils import timezone

from arena.models import Event
from competitions.models import RoundPlan
from competitions.roadmap import Known, find_steps, find_todos
from scoring import doors
from scoring.queries.panels import load_marking_round
from tests.scoring.stage import NOW

pytestmark = pytest.mark.django_db
LIVE_WORDS, REMINDED = "打分由现场开放、关闭", "打分提醒：现场开放打分后请及时"


def find_work(live):
    """Every step's state and the to-do of the arena, as a page of the staff finds them."""
    competition, known = live.hall.competition, Known()
    scheme = load_marking_round(competition, "arena").scheme
    states = {step.key: step.state for step in find_steps(competition, scheme, known)}
    todos = find_todos(competition, scheme, timezone.now(), known)
    (todo,) = [one for one in todos if one.url.endswith("/rounds/arena/")]
    return states, todo


def test_staff_of_a_live_round_are_told_no_time_that_is_past(client, live, work, clerk):
    yesterday = NOW - timedelta(days=1)
    plan = {"round_key": "arena", "starts_on": yesterday.date(), "due_at": yesterday}
    RoundPlan.objects.create(competition=live.hall.competition, **plan)
    client.force_login(clerk)
    page = client.get(f"{work}rounds/arena/").content.decode()
    assert LIVE_WORDS in page and REMINDED in page and "截止时间：" not in page
    assert "已过截止时间" not in page and "请于" not in page
    states, todo = find_work(live)
    assert "late" not in (states["arena"], states["sec-arena"])
    assert (todo.kind, todo.due_at) == ("missing", None) and REMINDED in todo.reminder
    Event.objects.update(called_off=True)
    page = client.get(f"{work}rounds/arena/").content.decode()
    assert LIVE_WORDS not in page and "截止时间：" in page and "请于" in page
    states, todo = find_work(live)
    assert states["arena"] == states["sec-arena"] == todo.kind == "late"


def test_page_with_the_road_map_asks_once_which_rounds_are_live(live, django_assert_num_queries):
    competition, known = live.hall.competition, Known()
    find_steps(competition, load_marking_round(competition, "arena").scheme, known)
    with django_assert_num_queries(0):
        assert doors.find_live_rounds(competition, known) == {"arena"}
