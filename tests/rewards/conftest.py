"""A competition with a complete tabulation, and a folder for what is uploaded."""

import pytest

from tests import factories
from tests.kept import keep
from tests.rewards import case


@pytest.fixture(autouse=True)
def attachments(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "attachments"
    return settings.MEDIA_ROOT


@pytest.fixture
def decided(competition, organiser, colleague):
    """The competition of `case`: four units, tabulated once and complete."""
    keep("measured", lambda: _build(competition, organiser, colleague))
    competition.refresh_from_db()
    competition.tabulation = case.tabulate(competition, organiser)
    assert competition.tabulation.complete, competition.tabulation.result["missing"]
    return competition


def _build(competition, organiser, colleague):
    case.build(competition, organiser, colleague)


@pytest.fixture
def own_secretary(decided):
    """The secretary of the first unit."""
    return factories.UserFactory(person=decided.entries.get(key="s01").term.person)
