"""The live event on which the arena is tested."""

import pytest

from tests.arena.live_case import build_case


@pytest.fixture
def live(competition):
    return build_case(competition)
