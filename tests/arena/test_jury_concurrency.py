"""Two phones at one seat, and a ballot against the closing, at one instant. On PostgreSQL."""

import uuid

import pytest
from django.core.exceptions import ValidationError

from arena.actions.jury import AlreadyVoted, take_seat
from arena.models import Ballot, JurySeat
from scoring.models import Measurement
from tests import factories
from tests.arena.jury_case import build_jury, cast, issue
from tests.arena.test_stage_concurrency import moving, named
from tests.scoring.stage import NOW
from tests.scoring.test_sheets_concurrency import race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
RACES = 8


def test_two_phones_take_one_seat_and_two_ballots_of_a_seat_count_once():
    live, seats = build_jury(factories.CompetitionFactory(), seats=RACES)
    for seat, _secret, _code in issue(live, range(101, 101 + RACES)):
        phones = [f"a-{seat.number}", f"b-{seat.number}"]
        results = race([lambda p=p, s=seat: take_seat(seat=s, token=p, now=NOW) for p in phones])
        assert sum(isinstance(item, ValidationError) for item in results) == 1, results
    live.move("begin", "open_marking")
    for seat in seats:
        results = race([lambda c=c, s=seat: cast(live, s, c) for c in ("good", "poor")])
        assert sum(isinstance(item, AlreadyVoted) for item in results) == 1, results
    assert Ballot.objects.count() == RACES
    op, again = uuid.uuid4(), JurySeat.objects.get(number=101)
    same = race([lambda: cast(live, again, op=op)] * 2)
    assert same[0] == same[1] and Ballot.objects.count() == RACES + 1


def test_ballot_against_closing_is_counted_or_late():
    units = [f"第{n}镇" for n in range(RACES)]
    live, seats = build_jury(factories.CompetitionFactory(), seats=1, units=units)
    for number in range(RACES):
        live.move("begin", "open_marking")
        key = live.order()[number]
        live.everybody(key)
        closing = moving(live, "close", live.fresh().step, live.operator)
        acts = [
            named("closing", closing),
            named("cast", lambda key=key: cast(live, seats[0], key=key)),
        ]
        results = dict(race(acts if number % 2 else acts[::-1]))
        assert not any(isinstance(item, Exception) for item in results.values()), results
        counted = Measurement.objects.get(entry__key=key).values["good"]
        assert counted == ("0" if results["cast"].late else "1")
        live.move("reveal")
