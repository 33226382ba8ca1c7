"""Questions whose SQL is written once for a process, for those that a whole hall asks in a second.

Building a queryset and writing its SQL costs several times what the database and the rows do. A
Prepared keeps what was written, and PostgreSQL its plan; it is asked anew each time, and nothing of
an answer is kept.
"""

import datetime
import weakref
from dataclasses import dataclass
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, TextField
from django.db.models.query import ModelIterable, get_related_populators
from django.db.transaction import TransactionManagementError

# What each connection to PostgreSQL has a plan of: {connection: {SQL: what executes it}}.
_planned = weakref.WeakKeyDictionary()
# Lists come in many lengths; SQL that is not asked for again is not kept for ever.
MOST_SHAPES = 64


class Param(Expression):
    """Stands in a queryset for a value that is named later."""

    def __init__(self, name, place=None):
        super().__init__(output_field=TextField())
        self.name, self.place = name, place

    def as_sql(self, compiler, connection):
        return "%s", [self]

    def of(self, values, connection):
        """This function will return the value as the database's driver takes it."""
        value = values[self.name]
        value = value if self.place is None else value[self.place]
        if isinstance(value, UUID):
            return value if connection.features.has_native_uuid_field else value.hex
        if isinstance(value, datetime.datetime):
            return connection.ops.adapt_datetimefield_value(value)
        return value


@dataclass(frozen=True)
class _Written:
    """The SQL of one shape of a question on one database, and how its rows are read."""

    sql: str
    params: tuple
    converters: tuple  # (column, functions, expression)
    locks: bool
    model: type | None = None
    names: tuple = ()
    end: int = 0
    populators: tuple = ()
    annotations: tuple = ()

    def read(self, row, using):
        """This function will return a row as the queryset would: a tuple, or a model instance."""
        if self.model is None:
            return tuple(row)
        found = self.model.from_db(using, self.names, row[: self.end])
        for populator in self.populators:
            populator.populate(row, found)
        for name, place in self.annotations:
            setattr(found, name, row[place])
        return found


def ask(sql, params):
    """This function will ask the database a question that is asked often and return the rows.

    PostgreSQL keeps its plan for as long as the connection lasts: planning took it longer than
    answering. `sql` has a %s for each of `params` and takes nothing else from its caller.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sql = _plan(connection.connection, sql, len(params))
        cursor.execute(sql, params)
        return cursor.fetchall()


def _plan(link, sql, count):
    """What asks a question of which this connection has the plan; it is made the first time."""
    known = _planned.setdefault(link, {})
    if sql not in known:
        name = f"asked_{len(known)}"
        numbered = sql % tuple(f"${number}" for number in range(1, count + 1))
        with link.cursor() as cursor:
            # As it stands: it has no values, and what looks like one is a place of its own.
            cursor.execute(f"PREPARE {name} AS {numbered}")
        known[sql] = f"EXECUTE {name}({', '.join(['%s'] * count)})" if count else f"EXECUTE {name}"
    return known[sql]


class Prepared:
    """A queryset that is asked often: `build(name=…, …)` gets a Param for each value, a list of
    them for a list, and returns a queryset, of models or of values_list with several columns.

    Where it asks for a list of related objects it names their column (`entry__id__in`). What
    depends on a value in Python (a day, a limit) belongs into the values, not into `build`.
    """

    def __init__(self, build):
        self.build, self.written = build, {}

    def all(self, **values):
        """This function will ask the database and return the rows as a list."""
        connection = connections[DEFAULT_DB_ALIAS]
        lengths = [(key, len(one)) for key, one in values.items() if isinstance(one, list)]
        if any(not length for _key, length in lengths):
            return []
        shape = (connection.vendor, *lengths)
        written = self.written.get(shape)
        if written is None:
            if len(self.written) >= MOST_SHAPES:
                self.written.clear()
            written = self.written[shape] = self._write(values, connection)
        if written.locks and not connection.in_atomic_block:
            raise TransactionManagementError("A lock is taken inside a transaction only.")
        params = [
            param.of(values, connection) if isinstance(param, Param) else param
            for param in written.params
        ]
        rows = [list(row) for row in ask(written.sql, params)]
        for place, functions, expression in written.converters:
            for row in rows:
                for convert in functions:
                    row[place] = convert(row[place], expression, connection)
        return [written.read(row, connection.alias) for row in rows]

    def first(self, **values):
        """This function will return the first row, or None; `build` says which is first."""
        return next(iter(self.all(**values)), None)

    def _write(self, values, connection):
        named = {
            name: [Param(name, place) for place in range(len(value))]
            if isinstance(value, list)
            else Param(name)
            for name, value in values.items()
        }
        found = self.build(**named)
        compiler = found.query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        columns = [column[0] for column in compiler.select[: compiler.col_count]]
        converters = compiler.get_converters(columns)
        common = {
            "sql": sql,
            "params": tuple(params),
            "converters": tuple((place, *pair) for place, pair in converters.items()),
            "locks": " FOR NO KEY UPDATE" in sql,
        }
        if found._iterable_class is not ModelIterable:
            return _Written(**common)
        info = compiler.klass_info
        start, end = info["select_fields"][0], info["select_fields"][-1] + 1
        select = compiler.select
        return _Written(
            **common,
            model=info["model"],
            names=tuple(column[0].target.attname for column in select[start:end]),
            end=end,
            populators=tuple(get_related_populators(info, select, connection.alias)),
            annotations=tuple(compiler.annotation_col_map.items()),
        )
