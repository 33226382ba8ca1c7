"""The one way in which tests empty the database: the record refuses, so its guards step aside.

Django empties the database after every transactional test with `flush`, which the guards of the
record rightly refuse; the rows would then leak into the next test. As a pytest
plugin (named by tests/conftest.py) this file puts `reset_database` in its place.
"""

from contextlib import contextmanager, nullcontext
from pathlib import Path

from django.db import IntegrityError, connections, transaction
from django.test import TransactionTestCase

from record import guards

# The migrations fill these; no test adds to them.
FROM_MIGRATIONS = {"django_content_type", "auth_permission"}


def refuse_unless_test(using="default"):
    """This function will raise RuntimeError unless the connection leads to a test database.

    The database itself is asked, not the settings. PostgreSQL: its name begins with `test_`.
    SQLite: the file's name begins with `test_`, or there is no file at all (in memory, which
    nobody else can have put anything into).
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA database_list")
            names = [Path(row[2]).name for row in cursor.fetchall() if row[1] == "main" and row[2]]
        else:
            cursor.execute("SELECT current_database()")
            names = [cursor.fetchone()[0]]
    for name in names:
        if not name.startswith("test_"):
            raise RuntimeError(f"「{name}」不是测试数据库，不能清空。")


@contextmanager
def guards_aside(using="default"):
    """This function will return a context without the record's guards; they always come back."""
    refuse_unless_test(using)
    connection = connections[using]
    names = guards.SQLITE_TRIGGERS if connection.vendor == "sqlite" else guards.POSTGRESQL_TRIGGERS
    with connection.cursor() as cursor:
        for name in names:
            on_table = "" if connection.vendor == "sqlite" else f" ON {guards.TABLE}"
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")
    try:
        yield
    finally:
        guards.install_guards(using)


def reset_database(using="default"):
    """This function will empty a test database and leave its guards in place.

    Django's `flush` would make the tables anew and then every permission and content type; these
    come from the migrations and stay, and of the rest only what holds rows is touched.
    """
    refuse_unless_test(using)
    for tries_left in (2, 1, 0):
        try:
            return _empty(using)
        except IntegrityError:
            # A browser's last request was still being answered and wrote a row meanwhile.
            if not tries_left:
                raise


def _empty(using):
    connection = connections[using]
    filled = _filled_tables(connection)
    aside = guards_aside(using) if guards.TABLE in filled else nullcontext()
    with aside, transaction.atomic(using=using), connection.cursor() as cursor:
        for table in filled:
            # Foreign keys are deferred: the order of the tables does not matter.
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")


def _filled_tables(connection):
    """The tables that hold rows, asked all at once."""
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    asked = " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {connection.ops.quote_name(name)})"
        for name in names
        if name not in FROM_MIGRATIONS
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return [name for (name,) in cursor.fetchall()]


def pytest_configure():
    """This function will teach Django's teardown before the first test."""
    teach_flush()


def teach_flush():
    """This function will let the teardown of transactional tests pass the record's guards."""

    def teardown(self):
        for alias in self._databases_names(include_mirrors=False):
            reset_database(alias)

    TransactionTestCase._fixture_teardown = teardown
