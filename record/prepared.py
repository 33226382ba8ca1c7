"""Questions whose SQL is written once for a process, for those that a whole hall asks in a second.

Building a queryset and writing its SQL costs several times what the database and the rows do. A
Prepared keeps what was written, and PostgreSQL its plan; it is asked anew each time, and nothing of
an answer is kept.
"""

import datetime
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import AutoField, Expression, Model, TextField
from django.db.models.base import ModelState
from django.db.models.query import ModelIterable, get_related_populators
from django.db.models.signals import post_init, pre_init
from django.db.transaction import TransactionManagementError

# What each connection to PostgreSQL has a plan of: {connection: {SQL: what executes it}}.
_planned = weakref.WeakKeyDictionary()
# Lists come in many lengths; SQL that is not asked for again is not kept for ever.
MOST_SHAPES = 64
MOST_PLANS = 512
# More rows at once are not what a whole hall sends: Django writes the SQL of those.
MOST_ROWS = 4


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
    make: Callable | None = None  # as Model.from_db; None for tuples
    names: tuple = ()
    end: int = 0
    populators: tuple = ()
    annotations: tuple = ()

    def fill(self, values, connection):
        """This function will return the values in the places of the SQL."""
        return [
            param.of(values, connection) if isinstance(param, Param) else param
            for param in self.params
        ]

    def read(self, row, using):
        """This function will return a row as the queryset would: a tuple, or a model instance."""
        if self.make is None:
            return tuple(row)
        found = self.make(using, self.names, row[: self.end])
        for populator in self.populators:
            populator.populate(row, found)
        for name, place in self.annotations:
            setattr(found, name, row[place])
        return found


def _maker(model):
    """What makes an instance of a row: Model.from_db, or where no one else has a say in it the same
    without all that Model.__init__ looks for in what a caller may pass."""
    own = model.__init__ is Model.__init__ and model.from_db.__func__ is Model.from_db.__func__
    if not own or pre_init.has_listeners(model) or post_init.has_listeners(model):
        return model.from_db

    def make(using, names, values):
        found = model.__new__(model)
        found._state = state = ModelState()
        state.adding, state.db = False, using
        # What is not among the names is deferred.
        found.__dict__.update(zip(names, values, strict=True))
        return found

    return make


@dataclass(frozen=True)
class _Plain:
    """Stands for a model where rows are read that a question is joined with."""

    from_db: Callable


def _plainly(populators):
    for populator in populators:
        populator.model_cls = _Plain(_maker(populator.model_cls))
        _plainly(populator.related_populators)
    return tuple(populators)


def ask(sql, params, connection=None, lock=None):
    """This function will ask the database a question that is asked often and return the rows.

    PostgreSQL keeps its plan for as long as the connection lasts: planning took it longer than
    answering. `sql` has a %s for each of `params` and takes nothing else from its caller;
    `connection` is the default one, where the caller has it in hand. `lock`, on PostgreSQL only, is
    (sql, params) of what the question waits for, as record.turns.turn_of and Prepared.write return
    it: both go to the database in one journey, and the question sees what is there once the lock
    is had.
    """
    connection = connection or connections[DEFAULT_DB_ALIAS]
    # As Django does before each cursor: the database may have been started anew since.
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors:
        if connection.vendor == "postgresql":
            asked = [(sql, params)] if lock is None else [lock, (sql, params)]
            sql = _plan(connection.connection, asked)
            params = [value for _sql, values in asked for value in values]
        # The driver's own cursor, unless somebody looks on: the two that Django wraps around it
        # took as long as the database.
        watched = _is_watched(connection)
        cursor = connection.cursor() if watched else connection.create_cursor()
        cursor.execute(sql, params)
        return cursor.fetchall()


def _is_watched(connection):
    """Whether somebody counts or times what is asked of the database."""
    return connection.queries_logged or connection.execute_wrappers


def _plan(link, asked):
    """What asks questions, (sql, params) each, one after another, of which this connection has the
    plans; they are made the first time."""
    known = _planned.setdefault(link, {})
    new = [sql for sql, _params in asked if sql not in known]
    if new and len(known) + len(new) > MOST_PLANS:
        known.clear()
        with link.cursor() as cursor:
            cursor.execute("DEALLOCATE ALL")
    for sql, params in asked:
        if sql not in known:
            known[sql] = _make_plan(link, f"asked_{len(known)}", sql, len(params))
    return "; ".join([known[sql] for sql, _params in asked])


def _make_plan(link, name, sql, count):
    numbered = sql % tuple(f"${number}" for number in range(1, count + 1))
    with link.cursor() as cursor:
        # As it stands: it has no values, and what looks like one is a place of its own.
        cursor.execute(f"PREPARE {name} AS {numbered}")
    return f"EXECUTE {name}({', '.join(['%s'] * count)})" if count else f"EXECUTE {name}"


def keep_plans(*, connection, **_signal):
    """This function will have a new connection to PostgreSQL plan what is prepared on it once, not
    anew for each of the first values: they are keys, of which one is as good as another."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET plan_cache_mode = force_generic_plan")


class Prepared:
    """A queryset that is asked often: `build(name=…, …)` gets a Param for each value, a list of
    them for a list, and returns a queryset, of models or of values_list with several columns.

    Where it asks for a list of related objects it names their column (`entry__id__in`). What
    depends on a value in Python (a day, a limit) belongs into the values, not into `build`.
    """

    def __init__(self, build):
        self.build, self.written = build, {}

    def all(self, lock=None, **values):
        """This function will ask the database and return the rows as a list; `lock` as in `ask`."""
        connection = connections[DEFAULT_DB_ALIAS]
        if any(isinstance(one, list) and not one for one in values.values()):
            if lock is not None:
                raise ValueError("A lock is taken with a question that is asked: no list is empty.")
            return []
        written = self._find(values, connection)
        rows = ask(written.sql, written.fill(values, connection), connection, lock)
        if written.converters:
            rows = [list(row) for row in rows]
            for place, functions, expression in written.converters:
                for row in rows:
                    for convert in functions:
                        row[place] = convert(row[place], expression, connection)
        elif written.make is None:
            return rows
        return [written.read(row, connection.alias) for row in rows]

    def write(self, **values):
        """This function will return (sql, params) of the question, asked of nobody."""
        connection = connections[DEFAULT_DB_ALIAS]
        written = self._find(values, connection)
        return written.sql, written.fill(values, connection)

    def first(self, lock=None, **values):
        """This function will return the first row, or None; `build` says which is first."""
        return next(iter(self.all(lock, **values)), None)

    def _find(self, values, connection):
        lengths = [(key, len(one)) for key, one in values.items() if isinstance(one, list)]
        shape = (connection.vendor, *lengths)
        written = self.written.get(shape)
        if written is None:
            if len(self.written) >= MOST_SHAPES:
                self.written.clear()
            written = self.written[shape] = self._write(values, connection)
        if written.locks and not connection.in_atomic_block:
            raise TransactionManagementError("A lock is taken inside a transaction only.")
        return written

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
            make=_maker(info["model"]),
            names=tuple(column[0].target.attname for column in select[start:end]),
            end=end,
            populators=_plainly(get_related_populators(info, select, connection.alias)),
            annotations=tuple(compiler.annotation_col_map.items()),
        )


class Inserted:
    """New rows of a model, whose SQL is written once for so many rows: see `put`."""

    def __init__(self, model):
        self.model, self.written = model, {}
        own = model._meta.concrete_fields
        self.fields = [one for one in own if not isinstance(one, AutoField) and not one.generated]

    def put(self, rows):
        """This function will store new instances as `bulk_create` does, in one statement, and set
        their primary keys; it returns them as a list."""
        rows = list(rows)
        if not 0 < len(rows) <= MOST_ROWS or any(row.pk is not None for row in rows):
            return self.model._default_manager.bulk_create(rows)
        connection = connections[DEFAULT_DB_ALIAS]
        shape = (connection.vendor, len(rows))
        if shape not in self.written:
            self.written[shape] = self._write(len(rows), connection.ops.quote_name)
        params = []
        for row in rows:
            row._prepare_related_fields_for_save(operation_name="bulk_create")
            for one in self.fields:
                params.append(one.get_db_prep_save(one.pre_save(row, add=True), connection))
        # After an error the transaction is of no more use, as everywhere.
        with transaction.mark_for_rollback_on_error():
            keys = ask(self.written[shape], params, connection)
        for row, (key,) in zip(rows, keys, strict=True):
            row.pk = key
            row._state.adding, row._state.db = False, connection.alias
        return rows

    def _write(self, count, quote):
        columns = ", ".join(quote(one.column) for one in self.fields)
        row = f"({', '.join(['%s'] * len(self.fields))})"
        meta = self.model._meta
        return (
            f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES {', '.join([row] * count)} "  # noqa: S608
            f"RETURNING {quote(meta.pk.column)}"
        )
