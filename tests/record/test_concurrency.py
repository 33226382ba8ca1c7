"""Many writers at once, in real threads with real commits: no gap, and one winner in a race."""

import threading
import uuid
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from record import actions, kinds, queries
from record.actions import OperationReused, StaleRevision
from record.models import Revision
from record.turns import take_turn, turn_of

FACT = kinds.register("test.fact", "测试事实")
NOW = datetime(2022, 8, 20, tzinfo=UTC)
CHAINS = ["a" * 32, "b" * 32]
WRITERS = 20

pytestmark = pytest.mark.django_db(transaction=True)


def append(body, *, chain=CHAINS[0], **ids):
    with transaction.atomic():
        return actions.append(chain=chain, kind=FACT, body=body, by="", now=NOW, **ids)


def together(work):
    """Run work(n) in twenty threads that start as one; give back what each returned or raised."""
    barrier = threading.Barrier(WRITERS)
    results = [None] * WRITERS

    def run(number):
        barrier.wait()
        try:
            results[number] = work(number)
        except Exception as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def assert_whole(chain, length):
    report = queries.verify_chain(chain)
    assert (report.problems, report.length) == ([], length)
    seqs = list(queries.revisions(chain).values_list("seq", flat=True))
    assert seqs == list(range(1, length + 1))


def test_append_by_twenty_writers_keeps_the_chain_gapless():
    def work(number):
        return [append({"writer": number, "n": n}).seq for n in range(10)]

    results = together(work)
    assert sorted(seq for seqs in results for seq in seqs) == list(range(1, 201))
    assert all(seqs == sorted(seqs) for seqs in results)
    assert_whole(CHAINS[0], 200)


def test_append_by_twenty_writers_on_three_chains():
    def work(number):
        for n in range(5):
            with transaction.atomic():
                append({"n": n}, chain=CHAINS[number % 2])
                append({"n": n}, chain="audit")

    assert together(work) == [None] * WRITERS
    for chain, length in ((CHAINS[0], 50), (CHAINS[1], 50), ("audit", 100)):
        assert_whole(chain, length)


def test_append_by_writers_some_of_whom_roll_back():
    def work(number):
        for n in range(5):
            with transaction.atomic():
                append({"n": n})
                transaction.set_rollback(number % 2 == 1)

    together(work)
    assert_whole(CHAINS[0], 50)


def test_replacement_raced_by_twenty_has_one_winner():
    target = append({"n": 0})
    for turn in range(5):
        results = together(
            lambda number, target=target: append({"n": number}, replaces=target.op_id)
        )
        won = [result for result in results if isinstance(result, Revision)]
        lost = [result for result in results if isinstance(result, StaleRevision)]
        assert (len(won), len(lost)) == (1, WRITERS - 1)
        assert {error.newer for error in lost} == set(won)
        target = won[0]
        assert_whole(CHAINS[0], turn + 2)


def test_same_operation_raced_by_twenty_is_recorded_once():
    for turn in range(5):
        op_id = uuid.uuid4()
        results = together(lambda number, op_id=op_id: append({"mark": "92.50"}, op_id=op_id))
        assert {result.op_id for result in results} == {op_id}
        assert sorted(result.repeated for result in results) == [False] + [True] * (WRITERS - 1)
        assert_whole(CHAINS[0], turn + 1)


def test_same_operation_raced_with_different_contents_keeps_the_first():
    op_id = uuid.uuid4()
    results = together(lambda number: append({"mark": number}, op_id=op_id))
    won = [result for result in results if isinstance(result, Revision)]
    lost = [result for result in results if isinstance(result, OperationReused)]
    assert (len(won), len(lost)) == (1, WRITERS - 1)
    assert {error.revision for error in lost} == set(won)
    assert_whole(CHAINS[0], 1)


@pytest.mark.postgres
def test_question_with_a_lock_sees_what_was_committed_while_it_waited():
    found, turn = [], "test/turn"

    def ask():
        with transaction.atomic():
            found.append(actions.HEAD.first(turn_of(turn), chain=CHAINS[0]))
        connection.close()

    asking = threading.Thread(target=ask)
    with transaction.atomic(), connection.cursor() as cursor:
        take_turn(turn)
        asking.start()
        waiting = 0
        while not waiting:
            cursor.execute(
                "SELECT count(*) FROM pg_locks JOIN pg_database base ON base.oid = database "
                "WHERE NOT granted AND datname = current_database()"
            )
            (waiting,) = cursor.fetchone()
        assert found == []
        appended = append({"n": 1})
    asking.join()
    assert found == [appended]
