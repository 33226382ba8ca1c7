"""Reading a channel: by those who render a page, who poll, and by the process that sends."""

import json

from django.db.models import Max

from arena.models import FeedItem
from record.prepared import Prepared

# So many items at once; who is further behind asks again.
BATCH = 200
LAST = Prepared(
    lambda channels: (
        FeedItem.objects.filter(channel__in=channels)
        .order_by()
        .values_list("channel")
        .annotate(last=Max("number"))
    )
)


def last_number(channel):
    """This function will return the number of the channel's last item, 0 before the first.

    A page that shows the present state asks this before it reads the state: an item that comes in
    between is then shown twice, never missed.
    """
    return last_numbers([channel]).get(channel, 0)


def last_numbers(channels):
    """This function will return {channel: number of its last item} of those that have any."""
    return dict(LAST.all(channels=list(channels)))


def read_items(channel, after):
    """This function will return the items after a number, in order, at most BATCH of them."""
    return list(
        FeedItem.objects.filter(channel=channel, number__gt=after).order_by("number")[:BATCH]
    )


def as_facts(item):
    """This function will return what a page gets of an item, as a dict for JSON."""
    return {
        "number": item.number,
        "kind": item.kind,
        "data": item.data,
        "at": item.at.isoformat(),
    }


def as_event(item):
    """This function will return an item as one server-sent event, in bytes."""
    text = json.dumps(as_facts(item), ensure_ascii=False, separators=(",", ":"))
    return f"id: {item.number}\ndata: {text}\n\n".encode()
