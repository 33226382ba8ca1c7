"""A small competition, complete and tabulated, ready to be published."""

import uuid

import pytest
from django.utils import timezone

from scoring.actions.tabulation import tabulate_competition
from tests.scoring.evidence_case import add_judge, fill, publish


@pytest.fixture
def case(competition, organiser, colleague):
    publish(competition, organiser.person)
    fill(
        competition,
        organiser,
        colleague,
        judges=[add_judge(competition, number, "arena") for number in (1, 2, 3)],
    )
    return competition


@pytest.fixture
def tabulation(case, organiser):
    return tabulate_competition(
        competition=case, by=organiser.person, now=timezone.now(), op=uuid.uuid4()
    )
