"""Tests leave no rows behind, and nothing but a test database is ever emptied."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction

from record import actions, guards, kinds
from record.models import Revision
from tests import database

FACT = kinds.register("test.fact", "测试事实")
NOW = datetime(2022, 8, 20, tzinfo=UTC)


def append():
    with transaction.atomic():
        return actions.append(chain="audit", kind=FACT, body={}, by="", now=NOW)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_rows_of_a_transactional_test_do_not_leak(turn):
    assert Revision.objects.count() == 0
    assert guards.missing_guards() == []
    assert append().seq == 1


@pytest.mark.parametrize("turn", [1, 2])
def test_rows_of_a_live_server_test_do_not_leak(turn, live_server):
    assert Revision.objects.count() == 0
    assert append().seq == 1


@pytest.mark.parametrize("turn", [1, 2])
def test_rows_of_an_ordinary_test_do_not_leak(turn, db):
    assert Revision.objects.count() == 0
    assert append().seq == 1


@pytest.mark.django_db(transaction=True)
def test_reset_database_empties_and_guards_again():
    append()
    database.reset_database()
    assert Revision.objects.count() == 0
    assert guards.missing_guards() == []


@pytest.mark.django_db(transaction=True)
def test_flush_of_the_product_is_refused():
    append()
    with pytest.raises(CommandError):
        call_command("flush", verbosity=0, interactive=False)
    assert Revision.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_guards_come_back_after_an_error_while_aside():
    with pytest.raises(ZeroDivisionError), database.guards_aside():
        raise ZeroDivisionError
    assert guards.missing_guards() == []


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_reset_of_a_file_that_is_no_test_database_is_refused(tmp_path, settings):
    other = connection.copy()
    other.settings_dict = {**connection.settings_dict, "NAME": str(tmp_path / "leitai.sqlite3")}
    assert_refused(other, "leitai.sqlite3")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_reset_of_a_postgresql_database_that_is_no_test_database_is_refused():
    other = connection.copy()
    other.settings_dict = {**connection.settings_dict, "NAME": "postgres"}
    assert_refused(other, "postgres")


def assert_refused(other, name):
    from django.db import connections

    connections["other"] = other
    try:
        with pytest.raises(RuntimeError, match=f"「{name}」不是测试数据库"):
            database.reset_database("other")
    finally:
        other.close()
        del connections["other"]
