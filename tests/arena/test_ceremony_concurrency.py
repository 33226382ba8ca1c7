"""Two operators of a ceremony at one instant. On PostgreSQL, where rows race."""

import uuid

import pytest
from django.core.exceptions import ValidationError

from arena.actions.ceremony import make_ceremony, move_ceremony
from arena.models import Ceremony
from competitions.roles import RoleKind
from record.models import Revision
from record.queries import verify_chain
from tests import factories
from tests.arena.ceremony_case import build_case
from tests.scoring.stage import NOW
from tests.scoring.test_sheets_concurrency import race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def staff():
    user = factories.UserFactory()
    factories.grant(user.person, RoleKind.ORGANISER)
    return user


def test_two_operators_make_one_ceremony_and_one_step_each_time():
    people = [staff(), staff()]
    hall = build_case(factories.CompetitionFactory(), *people, name="race")
    op = uuid.uuid4()
    made = race(
        [
            lambda: make_ceremony(competition=hall.competition, op=op, by=people[0].person, now=NOW)
            for _ in people
        ]
    )
    assert len({one.id for one in made}) == Ceremony.objects.count() == 1

    def moving(move, user):
        ceremony, step = hall.fresh(), hall.fresh().step
        return lambda: move_ceremony(
            ceremony=ceremony, move=move, step=step, op=uuid.uuid4(), by=user.person, now=NOW
        )

    moves = ["start", *["advance", "advance", "back"] * 4]
    for move in moves:
        results = race([moving(move, user) for user in people])
        refused = [item for item in results if isinstance(item, ValidationError)]
        assert len(refused) == 1 and "已由别人推进" in refused[0].messages[0], results
    ceremony = hall.fresh()
    assert (ceremony.step, ceremony.position) == (len(moves), 4)
    moved = Revision.objects.of_chain(hall.competition.chain).of_kind("arena.ceremony_moved")
    assert moved.count() == len(moves)
    assert verify_chain(hall.competition.chain).ok
