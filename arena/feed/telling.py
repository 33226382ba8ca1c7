"""Telling an audience: one row in the transaction that causes it."""

from django.db import transaction

from arena.feed.reading import last_numbers
from arena.feed.wake import wake_after_commit
from arena.models import FeedItem
from arena.models.feed import WHOLE
from record.prepared import Inserted
from record.turns import take_turn

NEW = Inserted(FeedItem)


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
        take_turn(f"{competition.chain}/{round_key}")
        channels = {channel_of(competition, round_key, name): data for name, data in told.items()}
        if whole:
            channels = {name: {**data, WHOLE: True} for name, data in channels.items()}
            FeedItem.objects.filter(channel__in=channels, data__has_key=WHOLE).update(data={})
        last = last_numbers(channels)
        items = NEW.put(
            FeedItem(channel=name, number=last.get(name, 0) + 1, kind=kind, data=data, at=now)
            for name, data in channels.items()
        )
        wake_after_commit([(item.channel, item.number) for item in items])
    return items
