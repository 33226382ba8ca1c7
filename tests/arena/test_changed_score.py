"""A score that changes after it was revealed: open pages show it at once, and nothing else."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from arena.actions.audience import open_page
from arena.actions.covers import cover_screen
from arena.actions.door import hold_events, watch_rules
from arena.models import FeedItem
from arena.private import blank_text
from arena.queries.scores import Scores
from arena.queries.stage import load_live
from arena.telling import tell_waiting
from competitions.models import SchemeVersion
from record.chain.digests import document_digest
from scoring.actions.corrections import verify_correction
from scoring.actions.late_sheets import propose_late, verify_late
from scoring.actions.measurements import enter_measurements, verify_measurements
from scoring.actions.rulings import return_ruling, verify_ruling, withdraw_ruling
from scoring.models import LateSheet, Measurement
from tests import factories
from tests.arena.jury_case import VOTED, build_jury, cast
from tests.arena.live_case import exclude
from tests.scoring.stage import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    return factories.PersonFactory.create_batch(2)


def speak(live, key=None, **differing):
    """The next turn, closed; the first judge marks otherwise where it is said."""
    key = key or live.order()[0]
    live.move("begin", "open_marking")
    for number in range(3):
        live.hand_in(number, key, **(differing if number == 0 else {}))
    live.move("close")
    return key


def points(live, key):
    return Scores(load_live(live.fresh())).of_turn(key)[0].points


def last(audience):
    item = FeedItem.objects.filter(channel__endswith=f"/{audience}").order_by("-number").first()
    return (item.number, item.data.get("slots", {}).get("stage", "")) if item else (0, "")


def act(**more):
    return {"op": uuid.uuid4(), "now": NOW, **more}


def correct(live, two, key, **changes):
    found = live.propose(two[0], key, **changes)
    verify_correction(correction=found, **act(by=two[1]))


def rule_out(live, two, round_key="arena"):
    """The ruling by two that the first judge's marks do not count."""
    ruling = live.rule_out(two[0], round_key=round_key)
    here = {"competition": live.hall.competition, "key": ruling.key}
    return verify_ruling(revision=ruling.revision, **here, **act(by=two[1]))


def test_correction_of_a_revealed_mark_reaches_open_screens(live, two):
    open_page(event=live.fresh(), by=live.operator, now=NOW)
    key = speak(live)
    live.move("reveal")
    before, timer = points(live, key), last("timer")
    correct(live, two, key, **{"a-results": "35.5"})
    after = points(live, key)
    assert after != before
    for audience in ("screen", "host", "phone"):
        assert after in last(audience)[1] and before not in last(audience)[1], audience
    assert FeedItem.objects.filter(channel__endswith="/console").last().kind == "changed"
    assert last("timer") == timer


def test_correction_of_a_closed_mark_tells_nobody_before_it_is_revealed(live, two):
    first, second, _third = live.order()
    speak(live)
    live.move("reveal")
    speak(live, second)
    shown = {audience: last(audience) for audience in ("screen", "host", "timer")}
    correct(live, two, second, **{"a-results": "35.5"})
    correct(live, two, first, **{"a-results": "30.5"})
    assert {audience: last(audience) for audience in shown} == shown
    assert points(live, second) not in "".join(str(item.data) for item in FeedItem.objects.all())
    live.move("reveal")
    assert points(live, first) in last("screen")[1] and points(live, second) in last("screen")[1]


def test_ruling_and_its_withdrawal_reach_open_screens_beneath_a_cover_too(live, two):
    key = speak(live, **{"a-results": "30.5"})
    live.move("reveal")
    before = points(live, key)
    ruling = rule_out(live, two)
    # Two judges are too few for these rules: the score waits for what is decided next.
    assert points(live, key) is None
    assert "等候裁定" in last("screen")[1] and before not in last("screen")[1]
    cover_screen(event=live.fresh(), kind="black", shown="", now=NOW)
    here = {"competition": live.hall.competition, "key": ruling.key}
    ruling = withdraw_ruling(**here, revision=ruling.revision, reason="裁定有误", **act(by=two[0]))
    verify_ruling(**here, revision=ruling.revision, **act(by=two[1]))
    assert before not in last("screen")[1] and "stage-black" in last("screen")[1]
    assert before in last("host")[1]
    cover_screen(event=live.fresh(), kind="", shown="black", now=NOW)
    assert before in last("screen")[1]


def test_ruling_on_another_round_tells_nothing(live, two):
    speak(live)
    live.move("reveal")
    told = FeedItem.objects.count()
    rule_out(live, two, "review1")
    assert FeedItem.objects.count() == told


def test_ruling_that_waits_is_told_to_the_consoles_at_once_and_to_nobody_else(live, two):
    live.move("begin", "open_marking")
    told = FeedItem.objects.latest("id").id
    ruling = live.rule_out(two[0])
    here = {"competition": live.hall.competition, "key": ruling.key}
    return_ruling(revision=ruling.revision, reason="评委号有误", **here, **act(by=two[1]))
    items = FeedItem.objects.filter(id__gt=told)
    assert {item.channel.split("/")[-1] for item in items} == {"console"}
    assert [item.kind for item in items.order_by("number")] == ["waiting", "waiting"]


def test_ruling_that_names_no_round_asks_for_no_event(live, django_assert_num_queries):
    with django_assert_num_queries(0):
        tell_waiting(live.hall.competition, {""}, now=NOW)


def test_late_marks_that_are_admitted_reach_open_screens(live, two, organiser, clerk):
    key = live.order()[0]
    live.move("begin", "open_marking")
    exclude(live, "j01", [organiser, clerk])
    live.hand_in(1)
    live.hand_in(2)
    live.move("close", "reveal")
    live.hand_in(0, **{"a-results": "30.5"})
    late = LateSheet.objects.get()
    live.hall.competition.rulings.update(
        withdrawn=True,
        withdrawal_by=two[0],
        withdrawal_at=NOW,
        withdrawal_checked_by=two[1],
        withdrawal_checked_at=NOW,
    )
    said = {"admit": True, "reason": "时限内已交", "decided_by": "擂台办主任"}
    decision = propose_late(late=late, **said, **act(by=two[0]))
    verify_late(late_decision=decision, **act(by=two[1]))
    assert points(live, key) in last("screen")[1]


def test_corrected_votes_reach_open_screens_and_no_phone_of_the_audience(competition, two):
    live, seats = build_jury(competition)
    live.move("begin", "open_marking")
    live.everybody()
    cast(live, seats[0])
    live.move("close", "reveal")
    key = live.order()[0]
    before, hall = points(live, key), last("hall")
    row = Measurement.objects.get(criterion_key=VOTED)
    here = {"competition": competition, "round_key": "arena"}
    enter_measurements(
        values={(key, VOTED): {"poor": "3"}},
        revisions={(key, VOTED): row.revision.hex},
        reason="误投",
        **here,
        **act(by=two[0]),
    )
    assert before in last("screen")[1]
    row.refresh_from_db()
    verify_measurements(revisions={(key, VOTED): row.revision.hex}, **here, **act(by=two[1]))
    assert points(live, key) != before and points(live, key) in last("screen")[1]
    assert last("hall") == hall


def test_other_rules_in_force_reach_open_screens_of_a_revealed_score(live):
    key = speak(live)
    live.move("reveal")
    version = SchemeVersion.objects.get(competition=live.hall.competition)
    rounds = version.document["tracks"][0]["rounds"]
    next(item for item in rounds if item["key"] == "arena")["cap"] = "90"
    version.digest = document_digest(version.document)
    version.save()
    here = {"competition": live.hall.competition, "by": live.operator, "now": NOW}
    watch_rules(**here)
    assert points(live, key) == "90.00" and "90.00" in last("screen")[1]
    live.move("begin", "open_marking")
    _number, shown = last("screen")
    watch_rules(**here)
    assert last("screen")[1] == shown and "90.00" not in shown


def test_every_road_holds_the_events_by_their_rounds(live):
    competition = live.hall.competition
    for hold in (lambda: hold_events(competition), lambda: blank_text(competition.chain, "无")):
        with CaptureQueriesContext(connection) as queries:
            hold()
        asked = [query["sql"].partition(" ORDER BY ") for query in queries]
        # A column that is asked for itself is ordered by its place.
        orders = [
            sql.removeprefix("SELECT ") if order.startswith("1 ") else order
            for sql, by, order in asked
            if by and 'FROM "arena_event"' in sql
        ]
        assert orders and all(order.startswith('"arena_event"."round_key"') for order in orders)
