"""Django's SQLite, with a queue before the write lock for the transactions of one process.

SQLite lets who finds the lock taken sleep and look again, up to a tenth of a second later: of
thirty hand-ins in one instant most would sleep while nobody writes. Here the next one begins when
one ends. Other processes still meet at SQLite's own lock.
"""

import threading
from collections import defaultdict
from functools import lru_cache

from django.db.backends.sqlite3 import base

_queues = defaultdict(threading.Lock)


@lru_cache(512)
def _in_qmarks(query):
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


class Cursor(base.SQLiteCursorWrapper):
    """Django's cursor, which keeps how SQLite writes the SQL that it is asked again and again."""

    def convert_query(self, query, *, param_names=None):
        if param_names is None:
            return _in_qmarks(query)
        return super().convert_query(query, param_names=param_names)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that holds its place at the head of the queue from BEGIN until the end."""

    _place = None

    def create_cursor(self, name=None):
        return self.connection.cursor(factory=Cursor)

    def _start_transaction_under_autocommit(self):
        queue = _queues[str(self.settings_dict["NAME"])]
        # Who has waited as long as SQLite would wait is left to SQLite's own answer.
        if queue.acquire(timeout=self.settings_dict["OPTIONS"].get("timeout", 5)):
            self._place = queue
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._leave()
            raise

    def _commit(self):
        # A commit that fails is followed by a rollback.
        super()._commit()
        self._leave()

    def _rollback(self):
        try:
            super()._rollback()
        finally:
            self._leave()

    def _close(self):
        try:
            super()._close()
        finally:
            self._leave()

    def _leave(self):
        place, self._place = self._place, None
        if place is not None:
            place.release()
