"""Who changes a score after its closing needs the road of two persons, whatever he tries."""

import uuid

import pytest
from django.core.exceptions import ValidationError

from arena.actions.draw import call_off
from competitions.actions import (
    appoint_judge,
    record_recusal,
    refresh_recusals,
    remove_judge,
    seat_judges,
)
from scoring.models import LateSheet, Sheet
from scoring.queries.progress import find_being_marked
from tests import factories
from tests.arena.live_case import exclude
from tests.scoring.stage import NOW

pytestmark = pytest.mark.django_db


def off(live):
    event = live.fresh()
    act = {"op": uuid.uuid4(), "by": live.operator, "now": NOW}
    call_off(event=event, step=event.step, reason="停电", **act)


def test_closed_turn_stays_closed_when_the_event_is_called_off(live, organiser, colleague):
    first, second = live.order()[:2]
    live.move("begin", "open_marking")
    live.hand_in(0)
    live.hand_in(1)
    exclude(live, "j03", [organiser, colleague])
    live.move("close", "reveal")
    off(live)
    live.hall.competition.rulings.all().delete()
    assert "迟到" in live.hand_in(2, first).late
    assert live.hand_in(2, second).late == ""
    assert LateSheet.objects.count() == 1 and Sheet.objects.count() == 6
    with pytest.raises(ValidationError, match="已有单位关闭打分"):
        appoint_judge(
            competition=live.hall.competition,
            person=factories.PersonFactory(name="后来的评委"),
            group_key="arena",
            rounds=["arena"],
            by=organiser.person,
            now=NOW,
        )


def test_event_called_off_halfway_does_not_keep_the_bundle_for_good(live, organiser, colleague):
    live.move("begin", "open_marking")
    live.everybody()
    live.move("close", "reveal", "begin", "open_marking")
    off(live)
    assert find_being_marked(live.hall.competition) == []
    live.hand_in(0, live.order()[1])
    title, way = find_being_marked(live.hall.competition)
    assert "的评分表还没有收齐" in title and "请在「裁定」中办理评委不计" in way
    live.hand_in(1, live.order()[1])
    exclude(live, "j03", [organiser, colleague])
    assert find_being_marked(live.hall.competition) == []


def test_judge_who_is_missed_is_not_unseated_to_close_without_a_ruling(live, organiser):
    competition, judges = live.hall.competition, live.hall.judges
    act = {"competition": competition, "by": organiser.person, "now": NOW}
    seat_judges(seats={"arena": judges[:2]}, **act)
    seat_judges(seats={"arena": judges}, **act)
    live.move("begin", "open_marking")
    live.hand_in(0)
    live.hand_in(1)
    for way in (
        lambda: seat_judges(seats={"arena": judges[:2]}, **act),
        lambda: remove_judge(judge=judges[2], **act),
    ):
        with pytest.raises(ValidationError, match="不能取消 3 号评委评委3的评委席"):
            way()
    entry = live.event.turns.first().entry
    with pytest.raises(ValidationError, match="现在不能登记回避"):
        record_recusal(judge=judges[2], entry=entry, reason="不等了", **act)
    with pytest.raises(ValidationError, match="还缺 3 号评委的打分"):
        live.move("close")
    assert judges[2].seats.count() == 4


def test_judge_who_is_missed_is_not_freed_by_a_term_that_becomes_known(
    client, live, organiser, colleague
):
    competition, judge = live.hall.competition, live.hall.judges[2]
    act = {"competition": competition, "by": organiser.person, "now": NOW}
    live.move("begin", "open_marking")
    live.hand_in(0)
    live.hand_in(1)
    on_stage, later = [turn.entry for turn in live.event.turns.order_by("position")[:2]]
    for entry in (on_stage, later):
        since = {"since": "2015-01-01", "until": "2016-01-01"}
        factories.PartySecretaryFactory(unit=entry.unit, person=judge.person, **since)
    client.force_login(organiser)
    page = client.post(f"/work/{competition.slug}/recusals/", {"op": uuid.uuid4()}, follow=True)
    assert "正在打分的单位没有新增回避" in page.content.decode()
    assert set(judge.recusals.values_list("entry__unit", flat=True)) == {later.unit_id}
    with pytest.raises(ValidationError, match="还缺 3 号评委的打分"):
        live.move("close")
    exclude(live, judge.key, [organiser, colleague])
    live.move("close")
    refresh_recusals(**act)
    assert judge.recusals.filter(entry=on_stage).exists()


def test_who_is_tied_to_the_unit_on_stage_takes_nobodys_seat_while_it_is_marked(live, organiser):
    competition, judge = live.hall.competition, live.hall.judges[2]
    live.move("begin", "open_marking")
    on_stage, later = [turn.entry for turn in live.event.turns.order_by("position")[:2]]
    act = {"competition": competition, "by": organiser.person, "now": NOW}
    act |= {"rounds": ["arena"], "group_key": judge.group_key}
    tied, free = factories.PersonFactory(), factories.PersonFactory()
    for person, entry in ((tied, on_stage), (free, later)):
        since = {"since": "2015-01-01", "until": "2016-01-01"}
        factories.PartySecretaryFactory(unit=entry.unit, person=person, **since)
    with pytest.raises(ValidationError, match="与正在打分的单位有回避关系"):
        appoint_judge(person=tied, **act)
    assert not competition.judges.filter(person=tied).exists()
    assert appoint_judge(person=free, **act).recusals.filter(entry=later).exists()
    assert judge.seats.exists()
