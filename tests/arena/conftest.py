"""The live event on which the arena is tested."""

import pytest

from tests.arena.live_case import build_case
from tests.kept import keep


@pytest.fixture
def live(competition):
    made = keep("live", lambda: build_case(competition))
    competition.refresh_from_db()
    made.hall.competition = made.event.competition = competition
    return made


@pytest.fixture
def work(live):
    """Where the staff's pages of the live case's competition begin."""
    return f"/work/{live.hall.competition.slug}/"
