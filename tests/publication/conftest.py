"""A small competition, complete and tabulated, ready to be published."""

import io
import uuid

import pytest
from django.utils import timezone

from publication.bundle.read import read_bundle
from publication.importing import import_bundle
from scoring.actions.tabulation import tabulate_competition
from tests import factories
from tests.kept import keep
from tests.publication.travel import NOW, leave, live_a_year
from tests.scoring.evidence_case import add_judge, fill, publish


@pytest.fixture
def case(competition, organiser, colleague):
    keep("filled", lambda: _fill(competition, organiser, colleague))
    competition.refresh_from_db()
    return competition


def _fill(competition, organiser, colleague):
    publish(competition, organiser.person)
    judges = [add_judge(competition, number, "arena") for number in (1, 2, 3)]
    fill(competition, organiser, colleague, judges=judges)


@pytest.fixture
def tabulation(case, organiser):
    return tabulate_competition(
        competition=case, by=organiser.person, now=timezone.now(), op=uuid.uuid4()
    )


_bundles = {}


@pytest.fixture
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "attachments"


@pytest.fixture
def bundle(transactional_db, own_files):
    """The bytes of a whole year, in an empty database; lived once for all tests."""
    if "year" not in _bundles:
        _bundles["year"] = leave(live_a_year().competition)
    return _bundles["year"]


@pytest.fixture
def settle(own_files):
    """A function that imports bytes into the database as it is; by an organiser of the county."""
    opened = []

    def run(data, **options):
        person = options.pop("by", None) or factories.PersonFactory(name="演示·接收人")
        opened.append(read_bundle(io.BytesIO(data)))
        return import_bundle(bundle=opened[-1], by=person, now=NOW, **options)

    yield run
    for bundle in opened:
        bundle.files.close()
