"""The live event on which the arena is tested."""

import pytest

from tests.arena.live_case import build_case


@pytest.fixture
def live(competition):
    return build_case(competition)


@pytest.fixture
def work(live):
    """Where the staff's pages of the live case's competition begin."""
    return f"/work/{live.hall.competition.slug}/"
