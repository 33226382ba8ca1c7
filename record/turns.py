"""One after another where no row is there to be locked."""

from django.db import DEFAULT_DB_ALIAS, connections

from record.prepared import ask


def turn_of(name, shared=False):
    """This function will return (sql, params) of what takes a turn on PostgreSQL: see take_turn;
    with it as the `lock` of a question (record.prepared), the question is asked in the turn."""
    take = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    return f"SELECT {take}(hashtextextended(%s, 0))", [name]


def take_turn(name, using=DEFAULT_DB_ALIAS, shared=False):
    """This function will wait until no other transaction holds the turn of this name, and hold it
    until its own ends. On SQLite the immediate transaction has queued already. Those who take it
    `shared` wait for those only who do not, and these for all."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        ask(*turn_of(name, shared), connection)
