"""The rows of a live event, and of marks that came late, are those of the record, or it is told."""

import uuid

import pytest
from django.db import transaction

from arena.actions.draw import call_off
from arena.actions.moves import name_speaker
from arena.models import Event, Turn
from arena.queries.replay import find_unlike_events
from record.actions import append, erase_private
from record.models import PrivateValue
from record.private import ERASED
from scoring.actions.late_sheets import propose_late, verify_late
from scoring.models import LateDecision, LateSheet
from scoring.queries.replay import find_unlike_settled
from tests import factories
from tests.arena.live_case import SOURCE, announce, exclude
from tests.people import identities
from tests.scoring.stage import NOW

pytestmark = pytest.mark.django_db


def told(live):
    ids = identities(live.hall.competition)
    return find_unlike_events(live.hall.competition, ids) + find_unlike_settled(
        live.hall.competition, ids
    )


def test_event_is_replayed_from_the_record(live):
    act = {"by": live.operator, "now": NOW}
    entry = live.order()[1]
    name_speaker(event=live.fresh(), step=1, entry_key=entry, speaker="甲", op=uuid.uuid4(), **act)
    live.move("begin", "pause", "resume", "step_back", "miss")
    live.move("begin", "open_marking")
    live.everybody(live.order()[1])
    live.move("close", "reveal")
    assert told(live) == []
    Turn.objects.filter(state="absent").update(state="revealed")
    assert told(live) == ["登台"]
    Event.objects.update(seed="另一个种子", drawn_by=factories.PersonFactory())
    assert told(live) == ["擂台现场", "登台"]


def test_turns_that_changed_places_in_their_table_are_unlike_the_record(live):
    # Every row says what it said; only the drawn numbers, which count them, are exchanged.
    one, other = Turn.objects.order_by("id")[:2]
    Turn.objects.filter(id__in=[one.id, other.id]).delete()
    one.id, other.id = other.id, one.id
    Turn.objects.bulk_create([one, other])
    assert told(live) == ["登台"]


def test_method_of_the_draw_can_be_erased(live):
    value = PrivateValue.objects.get(value=SOURCE)
    erase_private(digest=value.digest, by=str(live.operator.id), now=NOW)
    assert live.fresh().source == ERASED and told(live) == []
    Event.objects.update(source="另一个办法")
    assert told(live) == ["擂台现场"]


def test_older_record_says_the_method_of_the_draw_in_the_clear(live):
    chain = live.hall.competition.chain
    by, act = str(live.operator.id), {"by": live.operator, "now": NOW}
    call_off(event=live.fresh(), step=1, reason="停电", op=uuid.uuid4(), **act)
    body = {"round": "arena", "method": "seed", "source": SOURCE, "entries": live.order()}
    with transaction.atomic():
        older = append(chain=chain, kind="arena.announced", body=body, by=by, now=NOW)
    said = {"method": "seed", "source": SOURCE, "announced_by": live.operator}
    Event.objects.create(
        competition=live.hall.competition,
        round_key="arena",
        announced_at=NOW,
        revision=older.op_id,
        **said,
    )
    assert told(live) == []


def test_event_that_was_called_off_is_replayed_beside_the_next(live):
    act = {"by": live.operator, "now": NOW}
    call_off(event=live.fresh(), step=1, reason="停电", op=uuid.uuid4(), **act)
    announce(live.hall, live.operator)
    assert told(live) == []
    Event.objects.filter(called_off=True).delete()
    assert told(live) == ["擂台现场", "登台"]


def test_late_marks_and_their_decision_are_replayed(live):
    first, second = factories.PersonFactory.create_batch(2)
    live.move("begin", "open_marking")
    exclude(live, "j01", [factories.UserFactory(), factories.UserFactory()])
    live.hand_in(1)
    live.hand_in(2)
    live.move("close")
    live.hand_in(0)
    said = {"reason": "时限内已交", "decided_by": "擂台办主任", "now": NOW}
    late = LateSheet.objects.get()
    decision = propose_late(late=late, admit=False, op=uuid.uuid4(), by=first, **said)
    assert told(live) == []
    verify_late(late_decision=decision, op=uuid.uuid4(), by=second, now=NOW)
    assert told(live) == []
    LateDecision.objects.update(decided_by="另一人")
    LateSheet.objects.update(outcome="waiting")
    assert told(live) == ["迟到打分的处理", "迟到的打分"]
