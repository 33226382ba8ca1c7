"""Telling an audience: one row in the transaction that causes it."""

from django.db import connection, transaction

from arena.feed.wake import NOTIFYING, wake_after_commit
from arena.models import FeedItem
from arena.models.feed import WHOLE
from record.prepared import ask
from record.turns import take_turn, turn_of

# The next number of a channel is found by the statement that takes it: a whole hall waits here.
ROW = (
    "(%s, COALESCE((SELECT MAX(number) FROM arena_feeditem WHERE channel = %s), 0) + 1, %s, %s, %s)"
)
NEW = "INSERT INTO arena_feeditem (channel, number, kind, data, at) VALUES {} RETURNING id, number"


def channel_of(competition, round_key, audience):
    """This function will return the name of one audience's channel."""
    return f"{competition.chain}/{round_key}/{audience}"


def tell(competition, round_key, audience, kind, data, *, now, whole=False):
    """This function will write one FeedItem into the caller's transaction and return it.

    `data` is JSON: small facts, and under "slots" {name: fragment rendered once for this audience},
    which the page puts in the place of its element #slot-NAME; nothing that this audience may not
    see yet. With `whole` the item says all there is to say, and what was told before it is emptied,
    here and in the process that sends: nobody can read up what has been taken back since.
    Listeners are woken when the transaction commits. All who
    tell something about one round take turns until they commit, which keeps numbers without gaps
    and in the order of commits; so tell last, after the action's own locks.
    """
    told = {audience: data}
    return tell_all(competition, round_key, kind, told, now=now, whole=whole)[0]


def tell_all(competition, round_key, kind, told, *, now, whole=False):
    """This function will tell several audiences of a round, {audience: data}, at once: what `tell`
    does for one, in the queries of one. It returns the FeedItems in that order."""
    with transaction.atomic(savepoint=False):
        # One lock for a round, not for an audience: two who tell several audiences in different
        # orders must not wait for each other.
        turn = f"{competition.chain}/{round_key}"
        channels = {channel_of(competition, round_key, name): data for name, data in told.items()}
        if whole:
            take_turn(turn)
            channels = {name: {**data, WHOLE: True} for name, data in channels.items()}
            FeedItem.objects.filter(channel__in=channels, data__has_key=WHOLE).update(data={})
        items = [
            FeedItem(channel=name, kind=kind, data=data, at=now) for name, data in channels.items()
        ]
        _store(items, turn)
        wake_after_commit([(item.channel, item.number) for item in items])
    return items


def _store(items, turn):
    """Store items with the next numbers of their channels, one each, in one statement in this turn;
    on PostgreSQL it also wakes those who listen."""
    params = []
    for item in items:
        data, at = (
            FeedItem._meta.get_field(name).get_db_prep_save(getattr(item, name), connection)
            for name in ("data", "at")
        )
        params += [item.channel, item.channel, item.kind, data, at]
    sql = NEW.format(", ".join([ROW] * len(items)))
    sql += NOTIFYING if connection.vendor == "postgresql" else ""
    rows = ask(sql, params, connection, turn_of(turn))
    for item, (key, number, *_woken) in zip(items, rows, strict=True):
        item.pk, item.number = key, number
        item._state.adding = False
