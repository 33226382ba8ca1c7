"""The stage on which marks are tested."""

import pytest

from tests.scoring.stage import build_stage


@pytest.fixture
def stage(competition):
    return build_stage(competition)
