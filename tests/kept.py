"""Cases that are built once for each worker and then put back from the rows that they wrote.

Building a year by the product's actions takes half a second, and hundreds of tests begin with the
same one. The first test of a worker builds it; for the others its rows are inserted again as they
stood, and what the builder returned is unpickled, so that no test gets an object that another has
changed. Every test still has its rows to itself and ends in its own rollback or flush.

Rows of a kept case have ids far above those that a test's own rows get, so that they never meet.
"""

import pickle

from django.apps import apps
from django.db import connection, transaction

from competitions.models import Competition

MILLION = 1_000_000
_cases = {}
_made = []


def keep(name, build, alone=False):
    """This function will return what `build()` returns, with its rows in the database.

    `name` stands for the builder and everything that it depends on, except the competitions that
    are there already: a case is put back beside the same ones only, and beside competitions that
    were not kept it is built anew. `alone`: the builder looks at nothing that is there.
    """
    others = None if alone else frozenset(Competition.objects.values_list("pk", flat=True))
    if others and min(others) < MILLION:
        return build()
    case = _cases.get((name, others))
    if case is None:
        case, made = build_case(build)
        _cases[name, others] = case
        return made
    return case.put_back()


def build_case(build):
    """This function will build a case and return it (a Case) with what `build()` returned."""
    _raise_ids(_start_of_ids())
    before = read_rows()
    with transaction.atomic():
        made = build()
    case = Case(before, read_rows(), made)
    _made.append(case)
    return case, made


def _start_of_ids():
    """Above every kept case: what tests add after one stays below the next."""
    return max((case.last_id for case in _made), default=0) // MILLION * MILLION + MILLION


class Case:
    """The rows that a builder wrote, and what it returned; both can be pickled."""

    def __init__(self, before, after, made):
        self.new, self.changed = {}, {}
        for table, rows in after.items():
            old = before[table]
            assert old.keys() <= rows.keys(), f"A kept case must not delete rows of {table}."
            new = [row for pk, row in rows.items() if pk not in old]
            changed = [row for pk, row in rows.items() if pk in old and row != old[pk]]
            if new:
                self.new[table] = new
            if changed:
                self.changed[table] = changed
        self.made = pickle.dumps(made)
        keys = [pk for table, rows in after.items() for pk in rows if pk not in before[table]]
        self.last_id = max((pk for pk in keys if isinstance(pk, int)), default=0)

    def put_back(self):
        """This function will write the rows again and return a copy of what was made."""
        tables = _tables()
        with transaction.atomic(), connection.cursor() as cursor:
            for table, rows in self.changed.items():
                columns = [quote(name) for name, _ in tables[table]]
                pk = next(quote(name) for name, is_pk in tables[table] if is_pk)
                assignments = ", ".join(f"{name} = %s" for name in columns)
                position = columns.index(pk)
                cursor.executemany(
                    f"UPDATE {quote(table)} SET {assignments} WHERE {pk} = %s",
                    [(*row, row[position]) for row in rows],
                )
            for table, rows in self.new.items():
                _insert(cursor, table, [name for name, _ in tables[table]], rows)
        return pickle.loads(self.made)


def quote(name):
    """This function will return a table's or column's name as SQL writes it."""
    return connection.ops.quote_name(name)


def _tables():
    """{table: [(column, whether it is the primary key)]} of every model, the record's last."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        if meta.managed and not meta.proxy:
            found[meta.db_table] = [(f.column, f.primary_key) for f in meta.concrete_fields]
    return found


def read_rows():
    """This function will return {table: {primary key: row}}, as the database stores the values."""
    found = {}
    # A column that goes through an expression is not converted by Python's sqlite3.
    plus = "+" if connection.vendor == "sqlite" else ""
    with connection.cursor() as cursor:
        for table, columns in _tables().items():
            names = ", ".join(plus + quote(name) for name, _ in columns)
            position = next(i for i, (_, is_pk) in enumerate(columns) if is_pk)
            pk = quote(columns[position][0])
            cursor.execute(f"SELECT {names} FROM {quote(table)} ORDER BY {pk}")
            rows = [tuple(map(_plain, row)) for row in cursor.fetchall()]
            found[table] = {row[position]: row for row in rows}
    return found


def _plain(value):
    return bytes(value) if isinstance(value, memoryview) else value


def _insert(cursor, table, columns, rows):
    names = ", ".join(map(quote, columns))
    one = f"({', '.join(['%s'] * len(columns))})"
    start = f"INSERT INTO {quote(table)} ({names}) VALUES "
    if connection.vendor == "sqlite":
        cursor.executemany(start + one, rows)
        return
    for first in range(0, len(rows), 200):
        part = rows[first : first + 200]
        cursor.execute(
            start + ", ".join([one] * len(part)), [value for row in part for value in row]
        )


def _raise_ids(start):
    """Let the next row of every table have an id above `start`."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_sequence")
            known = {name for (name,) in cursor.fetchall()}
            cursor.execute("UPDATE sqlite_sequence SET seq = max(seq, %s)", [start])
            cursor.executemany(
                "INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)",
                [(table, start) for table in _tables() if table not in known],
            )
            return
        cursor.execute(
            "SELECT setval(format('%%I.%%I', schemaname, sequencename), "
            "greatest(last_value, %s)) FROM pg_sequences WHERE schemaname = current_schema()",
            [start],
        )
