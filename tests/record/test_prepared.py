"""Questions whose SQL is written once: they answer as their querysets do, and always anew."""

import contextlib
import uuid
from datetime import UTC, datetime

import pytest
from django.core.signals import request_started
from django.db import Error, IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError

from arena.models import FeedItem
from record.models import Revision
from record.prepared import Inserted, Prepared
from record.turns import turn_of
from tests import factories

pytestmark = pytest.mark.django_db

OF_CHAIN = Prepared(lambda chain: Revision.objects.filter(chain=chain).order_by("-seq"))
MOMENTS = Prepared(lambda ops: Revision.objects.filter(op_id__in=ops).values_list("op_id", "at"))
SINCE = Prepared(lambda at: Revision.objects.filter(at__gte=at).defer("body").order_by("id"))
NOW = datetime(2022, 8, 20, 1, 2, 3, 4, tzinfo=UTC)


@pytest.fixture
def judge():
    return factories.JudgeFactory()


def test_prepared_question_reads_models_and_what_they_are_joined_with(judge):
    from competitions.models import Judge

    build = lambda judge: (  # noqa: E731
        Judge.objects.filter(id=judge).select_related("person", "competition")
    )
    asked = Prepared(build)
    for _time in range(2):
        found = asked.first(judge=judge.id)
        assert (found, found.person, found.competition) == (judge, judge.person, judge.competition)
        assert found.person.uuid == judge.person.uuid
        assert vars(found).keys() == vars(build(judge.id).get()).keys()
    assert asked.first(judge=judge.id + 1) is None


def test_prepared_question_sees_what_has_changed_since(judge):
    from competitions.models import Judge

    asked = Prepared(lambda judge: Judge.objects.filter(id=judge).values_list("number"))
    assert asked.all(judge=judge.id) == [(judge.number,)]
    Judge.objects.filter(id=judge.id).update(number=77)
    assert asked.all(judge=judge.id) == [(77,)]


def test_prepared_question_takes_lists_identifiers_and_moments():
    factories.CompetitionFactory()
    rows = list(Revision.objects.order_by("id"))
    if not rows:
        from record import actions, kinds

        kind = kinds.register("test.prepared", "测试事实")
        with transaction.atomic():
            for number in (1, 2):
                actions.append(chain="a" * 32, kind=kind, body={"n": number}, by="p-1", now=NOW)
        rows = list(Revision.objects.order_by("id"))
    ops = [row.op_id for row in rows]
    assert set(MOMENTS.all(ops=ops)) == {(row.op_id, row.at) for row in rows}
    assert set(MOMENTS.all(ops=ops[:1])) == {(rows[0].op_id, rows[0].at)}
    assert MOMENTS.all(ops=[]) == MOMENTS.all(ops=[uuid.uuid4()]) == []
    assert OF_CHAIN.first(chain=rows[-1].chain) == rows[-1]
    first, *_rest = SINCE.all(at=rows[0].at)
    assert first == rows[0] and "body" in first.get_deferred_fields()
    assert first.body == rows[0].body


@pytest.mark.django_db(transaction=True)
def test_prepared_lock_is_refused_outside_a_transaction(judge):
    from competitions.models import Judge

    asked = Prepared(lambda judge: Judge.objects.select_for_update(no_key=True).filter(id=judge))
    with transaction.atomic():
        assert asked.first(judge=judge.id) == judge
    if connection.vendor == "postgresql":
        with pytest.raises(TransactionManagementError):
            asked.first(judge=judge.id)


def test_inserted_rows_are_what_bulk_create_would_have_stored():
    rows = [
        FeedItem(channel=f"c-{number}", number=1, kind="k", data={"%s": "“%”", "n": None}, at=NOW)
        for number in range(7)
    ]
    fresh = Inserted(FeedItem)
    few, two, many = fresh.put(rows[:1]), fresh.put(iter(rows[1:3])), fresh.put(rows[3:])
    FeedItem.objects.bulk_create(
        [FeedItem(channel="d", number=1, kind="k", data={"%s": "“%”", "n": None}, at=NOW)]
    )
    kept = list(FeedItem.objects.order_by("id"))
    assert few + two + many == kept[:7]
    assert all((row.at, row.data) == (NOW, rows[0].data) for row in kept)
    assert not any(row._state.adding for row in rows) and fresh.put([]) == []


def test_inserted_row_that_the_database_refuses_ends_the_transaction():
    fresh = Inserted(FeedItem)
    told = {"channel": "c", "kind": "k", "data": {}, "at": NOW}
    fresh.put([FeedItem(number=1, **told)])
    with pytest.raises(TransactionManagementError), transaction.atomic():
        with contextlib.suppress(IntegrityError):
            fresh.put([FeedItem(number=1, **told)])
        FeedItem.objects.exists()
    assert FeedItem.objects.count() == 1


def cut_off():
    """Have PostgreSQL end this connection, as its restart does."""
    process = connection.connection.info.backend_pid
    with contextlib.closing(connection.copy()) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [process])


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_prepared_question_is_answered_after_the_database_was_started_anew(settings):
    assert connection.settings_dict["CONN_HEALTH_CHECKS"]
    assert OF_CHAIN.all(chain="a" * 32) == []
    cut_off()
    request_started.send(None)
    assert OF_CHAIN.all(chain="a" * 32) == []


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_lost_connection_is_djangos_own_error_where_the_plan_is_made_too():
    known = Prepared(lambda chain: Revision.objects.filter(chain=chain).values_list("seq", "at"))
    known.all(chain="a" * 32)
    cut_off()
    for asked in (known, Prepared(lambda op: Revision.objects.filter(op_id=op).order_by("at"))):
        with pytest.raises(Error):
            asked.all(**({"chain": "a" * 32} if asked is known else {"op": uuid.uuid4()}))
    connection.close()


def test_prepared_question_in_a_broken_transaction_is_refused():
    with transaction.atomic():
        connection.set_rollback(True)
        with pytest.raises(TransactionManagementError):
            OF_CHAIN.all(chain="a" * 32)


def test_lock_of_a_question_that_is_not_asked_is_not_forgotten():
    with transaction.atomic(), pytest.raises(ValueError, match="lock"):
        MOMENTS.all(turn_of("test/turn"), ops=[])


@pytest.mark.postgres
def test_plans_of_a_connection_are_thrown_away_before_they_are_too_many(monkeypatch):
    monkeypatch.setattr("record.prepared.MOST_PLANS", 3)
    asked = Prepared(lambda ops: Revision.objects.filter(op_id__in=ops).values_list("by", "seq"))
    for count in (*range(1, 8), 1, 2):
        assert asked.all(ops=[uuid.uuid4() for _ in range(count)]) == []
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_prepared_statements")
            assert cursor.fetchone()[0] <= 3
