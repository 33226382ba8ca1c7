"""Waking those who wait for items: by NOTIFY on PostgreSQL, inside the process when embedded."""

import threading

from django.db import connection, transaction

# The name that PostgreSQL's LISTEN takes; the payload is "<channel> <number>".
NOTICE = "leitai_feed"
# Ends a statement that stores items and returns something of each.
NOTIFYING = f", pg_notify('{NOTICE}', channel || ' ' || number)"

_lock = threading.Lock()
_listeners: list = []


def listen(listener):
    """This function will have listener(channel, number) called for every item that is committed in
    this process, in the thread that committed it; it must return at once."""
    with _lock:
        _listeners.append(listener)


def stop_listening(listener):
    """This function will undo `listen`."""
    with _lock:
        _listeners.remove(listener)


def wake_after_commit(pairs):
    """This function will wake everybody in this process who waits for one of these channels,
    [(channel, number)], once the caller's transaction is committed, and nobody if it is rolled
    back. PostgreSQL wakes by itself: see NOTIFYING."""
    if connection.vendor != "postgresql":
        transaction.on_commit(lambda: _wake(pairs))


def _wake(pairs):
    with _lock:
        listeners = list(_listeners)
    for listener in listeners:
        for channel, number in pairs:
            listener(channel, number)
