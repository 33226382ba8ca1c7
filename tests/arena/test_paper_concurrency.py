"""Two clerks at one instant, and typing in against the closing. On PostgreSQL, where rows race."""

import pytest
from django.core.exceptions import ValidationError

from arena.actions.moves import move_stage
from arena.models import Turn
from record.models import Revision
from record.queries import verify_chain
from scoring.models import Sheet
from tests import factories
from tests.arena.live_case import build_case
from tests.arena.paper_case import issue, once, paper_of, type_in, void
from tests.scoring.test_sheets_concurrency import race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
RACES = 4
OTHER = {"a-results": "35.5"}


@pytest.fixture
def live():
    live = build_case(factories.CompetitionFactory(), judges=RACES)
    issue(live)
    live.move("begin", "open_marking")
    return live


@pytest.fixture
def clerks(live):
    return [factories.UserFactory(), factories.UserFactory()]


def typing(live, by, judge, **changes):
    return lambda: type_in(live, by, judge, **changes)


def test_two_clerks_at_one_instant_are_first_and_second(live, clerks):
    for judge in range(RACES):
        changes = OTHER if judge % 2 else {}
        acts = [typing(live, clerks[0], judge), typing(live, clerks[1], judge, **changes)]
        results = race(acts)
        assert not [item for item in results if isinstance(item, Exception)], results
        outcomes = sorted(item.outcome for item in results)
        assert outcomes == sorted(["first", "differs" if judge % 2 else "agreed"])
    assert Revision.objects.filter(kind="sheet.entered").count() == RACES
    assert Revision.objects.filter(kind="sheet.verified").count() == RACES
    assert verify_chain(live.hall.competition.chain).ok


def test_second_reading_against_closing_is_counted_or_the_turn_stays_open(live, clerks):
    """The last paper of the turn is settled while the operator closes: one of them is first."""
    keys = live.order()
    for number, key in enumerate(keys):
        if number:
            live.move("begin", "open_marking")
        for judge in range(RACES - 1):
            live.hand_in(judge, key)
        type_in(live, clerks[0], RACES - 1, key)
        event = live.fresh()
        closing = {"event": event, "move": "close", "step": event.step, **once(live.operator)}
        acts = [
            lambda closing=closing: move_stage(**closing),
            lambda key=key: type_in(live, clerks[1], RACES - 1, key),
        ]
        results = race(acts if number % 2 else acts[::-1])
        refused = [item for item in results if isinstance(item, Exception)]
        # Without the second reading the turn does not close: at most the closing is refused.
        assert all("还缺" in item.messages[0] for item in refused), results
        assert Sheet.objects.counted().filter(entry__key=key).count() == RACES
        if refused:
            live.move("close")
        assert live.event.turns.get(entry__key=key).state == Turn.State.CLOSED
        live.move("reveal")


def test_typing_in_against_voiding_is_one_of_the_two(live, clerks):
    for judge in range(RACES):
        paper = paper_of(live, judge)
        acts = [
            typing(live, clerks[0], judge, paper=paper),
            lambda paper=paper: void(live, paper, clerks[1].person, renew=False),
        ]
        results = race(acts if judge % 2 else acts[::-1])
        refused = [item for item in results if isinstance(item, ValidationError)]
        assert len(refused) == 1, results
        paper.refresh_from_db()
        typed = Sheet.objects.filter(judge=paper.judge).exists()
        assert typed != paper.voided
