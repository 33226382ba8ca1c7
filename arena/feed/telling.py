"""Telling an audience: one row in the transaction that causes it."""

from django.db import transaction

from arena.feed.reading import last_number
from arena.feed.wake import wake_after_commit
from arena.models import FeedItem
from arena.models.feed import WHOLE
from record.turns import take_turn


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
    channel = channel_of(competition, round_key, audience)
    with transaction.atomic():
        # One lock for a round, not for an audience: two who tell several audiences in different
        # orders must not wait for each other.
        take_turn(f"{competition.chain}/{round_key}")
        if whole:
            data = {**data, WHOLE: True}
            FeedItem.objects.filter(channel=channel, data__has_key=WHOLE).update(data={})
        item = FeedItem.objects.create(
            channel=channel, number=last_number(channel) + 1, kind=kind, data=data, at=now
        )
        wake_after_commit(channel, item.number)
    return item
