"""Many hands at once: what may happen once happens once. On PostgreSQL, where rows really race."""

import threading
import uuid

import pytest
from django.db import connections

from record.models import Revision
from scoring.actions.paper_sheets import enter_paper_sheets
from scoring.actions.sheet_rules import SheetConflict
from scoring.actions.sheets import submit_sheets
from scoring.models import Sheet
from tests import factories
from tests.scoring.stage import NOW, build_stage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
HANDS = 6


def race(acts):
    """This function will run the acts at one moment and return what each returned or raised."""
    start, results = threading.Barrier(len(acts)), []

    def run(act):
        try:
            start.wait()
            results.append(act())
        except Exception as error:
            results.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.fixture
def stage():
    return build_stage(factories.CompetitionFactory())


def submitting(stage, op, **changes):
    judge = stage.judges[0]
    return lambda: submit_sheets(
        judge=judge,
        round_key="arena",
        sheets=stage.speech(**changes),
        op=op,
        by=judge.person,
        now=NOW,
    )


def test_submit_of_one_operation_from_many_senders_counts_once(stage):
    op = uuid.uuid4()
    results = race([submitting(stage, op) for _ in range(HANDS)])
    assert len({done.receipt for done in results}) == 1
    assert sorted(done.repeated for done in results) == [False] + [True] * (HANDS - 1)
    assert (Sheet.objects.count(), Revision.objects.count()) == (2, 1)


def test_submit_of_different_versions_at_once_keeps_one_and_tells_the_others(stage):
    results = race(
        [submitting(stage, uuid.uuid4(), **{"a-results": str(number)}) for number in range(HANDS)]
    )
    assert sum(isinstance(result, SheetConflict) for result in results) == HANDS - 1
    assert (Sheet.objects.count(), Revision.objects.count()) == (2, 1)


def test_submit_against_paper_at_once_keeps_one(stage):
    clerk = factories.PersonFactory()
    paper = {
        "competition": stage.competition,
        "round_key": "arena",
        "judge": stage.judges[0],
        "sheets": stage.speech(**{"a-results": "1"}),
        "op": uuid.uuid4(),
        "revisions": {},
        "by": clerk,
        "now": NOW,
    }
    results = race([submitting(stage, uuid.uuid4()), lambda: enter_paper_sheets(**paper)])
    assert sum(isinstance(result, SheetConflict) for result in results) == 1
    assert len({sheet.source for sheet in Sheet.objects.all()}) == 1


def test_submit_of_all_judges_in_one_instant_keeps_every_sheet(stage):
    acts = [
        lambda judge=judge: submit_sheets(
            judge=judge,
            round_key="arena",
            sheets=stage.speech(),
            op=uuid.uuid4(),
            by=judge.person,
            now=NOW,
        )
        for judge in stage.judges
    ]
    assert len({done.receipt for done in race(acts)}) == 3
    assert Sheet.objects.count() == 6
