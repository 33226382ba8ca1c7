"""A case that is put back is the case that was built, and nobody else's."""

import pytest
from django.db import transaction

from record import guards
from record.models import Revision
from record.queries import verify_chain
from tests import factories, kept
from tests.kept import build_case, keep


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_case_put_back_is_as_it_was_built(turn, ready):
    assert ready.title == "临河区2022年擂台比武"
    assert [entry.name for entry in ready.entries.filter(subject="unit").in_official_order()] == [
        "狼山镇",
        "新华镇",
        "狼山农场",
    ]
    report = verify_chain(ready.chain)
    assert report.ok and report.length == Revision.objects.of_chain(ready.chain).count() > 5
    assert guards.missing_guards() == []
    ready.title = "改过的标题"
    ready.save()
    ready.judges.all().delete()


def test_rows_put_back_are_the_rows_that_were_built(organiser):
    competition = factories.CompetitionFactory()

    def build():
        competition.title = "改过的标题"
        competition.save()
        return factories.EntryFactory(competition=competition)

    with transaction.atomic():
        case, entry = build_case(build)
        built = kept.read_rows()
        transaction.set_rollback(True)
    assert kept.read_rows() != built
    copy = case.put_back()
    assert kept.read_rows() == built
    assert copy == entry and copy is not entry
    assert factories.EntryFactory(competition=competition).pk > entry.pk


def test_case_beside_a_competition_that_was_not_kept_is_built_anew(db):
    built = []
    keep("anew", lambda: built.append(1))
    keep("anew", lambda: built.append(2))
    factories.CompetitionFactory(id=1)
    keep("anew", lambda: built.append(3))
    keep("anew", lambda: built.append(4))
    assert built == [1, 3, 4]
