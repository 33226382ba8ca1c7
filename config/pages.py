"""The pages in an event loop, each in a thread of its lane: what judges and the audience send in
one instant never waits behind a slow page.

With PostgreSQL gunicorn's processes for the pages serve `application`; the embedded database's one
process serves it too, beside the live feed (config.asgi).
"""

import asyncio
import contextlib

from django.db import connection

# Before everything else: it makes the app registry, without which there are no models.
import config.wsgi
from config import env
from config.bridge import BALLOT, HAND_IN, Bridge, find_lane

# For pages in this process. PostgreSQL has several processes, and as many times over connections.
THREADS = env.number("LEITAI_THREADS", 8 if connection.vendor == "sqlite" else 2)
lanes = {
    HAND_IN: Bridge(config.wsgi.application, 1, "hand-in"),
    # Ballots apart: five hundred of them are not to stand before a judge's marks.
    BALLOT: Bridge(config.wsgi.application, 1, "ballot"),
    None: Bridge(config.wsgi.application, THREADS, "page"),
}
_answering = set()
# Seconds, and how many of them without a request end a process that is asked to stop.
BEAT, QUIET_BEATS = 0.05, 20


async def application(scope, receive, send):
    """This function is the ASGI application of a process that serves pages only."""
    if scope["type"] == "lifespan":
        await live(receive, send)
    elif scope["type"] == "websocket":
        await refuse_websocket(send)
    else:
        with answering(scope):
            await serve(scope, receive, send)


async def serve(scope, receive, send):
    """This function will answer a request for a page in its lane."""
    await lanes[find_lane(scope)].serve(scope, receive, send)


async def live(receive, send, start=None, stop=None):
    """This function will follow the server's life: `start()` is called when it begins to serve,
    `stop()` awaited when it ends."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            if start is not None:
                start()
            await send({"type": "lifespan.startup.complete"})
        else:
            if stop is not None:
                await stop()
            await send({"type": "lifespan.shutdown.complete"})
            return


async def refuse_websocket(send):
    """This function will refuse what nothing here speaks, before anything reads from it."""
    await send({"type": "websocket.close", "code": 1000})


@contextlib.contextmanager
def answering(scope):
    """This function will count a request as being answered while the context lasts."""
    _answering.add(id(scope))
    try:
        yield
    finally:
        _answering.discard(id(scope))


async def drain(pause=asyncio.sleep):
    """This function will return when nothing has been asked for a second: a front server may have
    sent a request on a connection that it keeps, just before it learns that this process ends."""
    quiet = 0
    while quiet < QUIET_BEATS:
        await pause(BEAT)
        quiet = 0 if _answering else quiet + 1
