"""The queue before SQLite's write lock: one after another, and nobody is left holding a place."""

import threading

import pytest
from django.db import DatabaseError, connection, transaction

from config.sqlite.base import _queues
from tests import factories

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]


def is_free():
    return not _queues[str(connection.settings_dict["NAME"])].locked()


def test_place_is_held_by_a_transaction_and_left_however_it_ends():
    assert is_free()
    with transaction.atomic():
        assert not is_free()
        with transaction.atomic():
            factories.PersonFactory()
        assert not is_free()
    assert is_free()
    with pytest.raises(ValueError, match="over"), transaction.atomic():
        raise ValueError("over")
    assert is_free()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT nothing")
    assert is_free()


def test_place_is_left_by_a_connection_that_is_closed_inside_its_transaction():
    with transaction.atomic():
        connection.close()
        assert is_free()
    with transaction.atomic():
        assert not is_free()


def test_second_transaction_begins_when_the_first_has_ended():
    began, order = threading.Event(), []

    def second():
        began.set()
        with transaction.atomic():
            order.append("second")
        connection.close()

    thread = threading.Thread(target=second)
    with transaction.atomic():
        thread.start()
        began.wait()
        order.append("first")
    thread.join()
    assert order == ["first", "second"] and is_free()
