"""One after another where no row is there to be locked."""

from django.db import DEFAULT_DB_ALIAS, connections


def take_turn(name, using=DEFAULT_DB_ALIAS):
    """This function will wait until no other transaction holds the turn of this name, and hold it
    until its own ends. On SQLite the immediate transaction has queued already."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
