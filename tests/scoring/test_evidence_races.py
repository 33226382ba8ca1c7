"""Several people at once, in real threads with real commits: one winner, nothing lost."""

import datetime
import threading
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from record.models import Revision
from record.queries import verify_chain
from scoring.actions.ledger import LedgerDraft, enter_ledger_event, verify_ledger_event
from scoring.actions.measurements import StaleCells, enter_measurements
from scoring.actions.tabulation import tabulate_competition
from scoring.models import LedgerEvent, Measurement, Tabulation
from tests import factories
from tests.scoring.evidence_case import add_units, publish

NOW = datetime.datetime(2022, 9, 1, 8, 0, tzinfo=datetime.UTC)
PEOPLE = 6

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def case(organiser, competition):
    publish(competition, organiser.person)
    add_units(competition, *(f"第{number}乡" for number in range(PEOPLE)))
    return competition


@pytest.fixture
def people(db):
    return [factories.PersonFactory() for _ in range(PEOPLE)]


def together(work):
    """Run work(n) in threads that start as one; give back what each returned or raised."""
    barrier = threading.Barrier(PEOPLE)
    results = [None] * PEOPLE

    def run(number):
        barrier.wait()
        try:
            results[number] = work(number)
        except Exception as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def save(case, person, values, op=None):
    return enter_measurements(
        competition=case,
        round_key="routine",
        values=values,
        revisions={},
        op=op or uuid.uuid4(),
        by=person,
        now=NOW,
    )


def enter(case, person, op=None):
    draft = LedgerDraft(
        entry_key="e01",
        criterion_key="points",
        item_key="honour",
        happened_on=datetime.date(2022, 5, 4),
        points="",
        reason="受表彰",
    )
    return enter_ledger_event(
        competition=case, draft=draft, op=op or uuid.uuid4(), by=person, now=NOW
    )


def test_of_several_saves_of_one_cell_one_wins_and_the_others_are_told(case, people):
    results = together(lambda n: save(case, people[n], {("e01", "income"): {"value": str(n + 1)}}))
    won = [n for n, result in enumerate(results) if isinstance(result, Revision)]
    assert len(won) == 1
    assert sum(isinstance(result, StaleCells) for result in results) == PEOPLE - 1
    assert Measurement.objects.get().values == {"value": str(won[0] + 1)}


def test_saves_of_different_rows_are_all_kept(case, people):
    results = together(
        lambda n: save(case, people[n], {(f"e{n + 1:02d}", "income"): {"value": "1"}})
    )
    assert all(isinstance(result, Revision) for result in results), results
    assert Measurement.objects.count() == PEOPLE
    assert verify_chain(case.chain).ok


def test_a_save_sent_several_times_is_recorded_once(case, people):
    op = uuid.uuid4()
    results = together(lambda n: save(case, people[0], {("e01", "income"): {"value": "1"}}, op))
    assert {result.op_id for result in results} == {op}
    assert Revision.objects.exclude(kind="scheme.drafted").count() == 1


def test_events_entered_at_once_have_their_own_keys(case, people):
    results = together(lambda n: enter(case, people[n]))
    assert sorted(event.key for event in results) == [f"l{n:03d}" for n in range(1, PEOPLE + 1)]


def test_of_several_checks_of_one_event_one_counts(case, people):
    event = enter(case, people[0])
    results = together(
        lambda n: verify_ledger_event(
            competition=case,
            key=event.key,
            revision=event.revision,
            op=uuid.uuid4(),
            by=people[n],
            now=NOW,
        )
    )
    done = [result for result in results if isinstance(result, LedgerEvent)]
    assert len(done) == 1
    assert all(isinstance(r, LedgerEvent | ValidationError) for r in results), results
    event.refresh_from_db()
    assert event.verified_by not in (None, people[0])


def test_tabulations_at_once_have_their_own_numbers(case, people):
    results = together(
        lambda n: tabulate_competition(competition=case, by=people[n], now=NOW, op=uuid.uuid4())
    )
    assert sorted(stored.number for stored in results) == list(range(1, PEOPLE + 1))
    assert Tabulation.objects.count() == PEOPLE
