"""The stage on which marks are tested."""

import pytest

from tests.scoring.stage import keep_stage


@pytest.fixture
def stage(competition):
    return keep_stage(competition)


@pytest.fixture
def at(client):
    """A function at(user) that signs the user in and returns the client."""

    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in
