"""The stage on which marks are tested."""

import pytest

from tests.kept import keep
from tests.scoring.stage import build_stage


@pytest.fixture
def stage(competition):
    made = keep("stage", lambda: build_stage(competition))
    competition.refresh_from_db()
    made.competition = competition
    return made


@pytest.fixture
def at(client):
    """A function at(user) that signs the user in and returns the client."""

    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in
