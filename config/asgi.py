"""The ASGI entry: the live feed, and the pages behind it.

With the embedded database this one process serves everything. With PostgreSQL gunicorn's WSGI
workers serve the pages (config.wsgi), and one process of this kind is asked for /feed/ only.
"""

import asyncio
import contextlib
import io

from django.conf import settings

# Before everything else: it makes the app registry, without which there are no models.
import config.wsgi
from arena.feed.door import KEY, Door
from arena.feed.hub import Hub
from arena.feed.places import FULL, Places
from arena.feed.sources import make_source
from config import env
from config.bridge import BALLOT, HAND_IN, Bridge, find_lane, make_environ, wait_until_gone
from config.limits import shuts_out

# How long a browser waits before it comes back after a broken stream, in milliseconds.
RETRY = 1500

hub = Hub(make_source())
places = Places(settings.FEED_PLACES)
page_bridge = Bridge(config.wsgi.application, env.number("LEITAI_THREADS", 8), "page")
# Ballots apart: five hundred of them are not to stand before a judge's marks.
lanes = {
    HAND_IN: Bridge(config.wsgi.application, 1, "hand-in"),
    BALLOT: Bridge(config.wsgi.application, 1, "ballot"),
    None: page_bridge,
}
# Apart, so that a hall of phones that comes back at once does not keep pages waiting.
feed_bridge = Bridge(config.wsgi.application, 2, "feed-door")
answering = set()


async def application(scope, receive, send):
    """This function is the ASGI application."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
        return
    if scope["type"] == "websocket":
        # Nothing here speaks it: refused before anything reads a request from it.
        await send({"type": "websocket.close", "code": 1000})
        return
    answering.add(scope_id := id(scope))
    try:
        await _answer(scope, receive, send)
    finally:
        answering.discard(scope_id)


async def drain():
    """This function will end all streams and return when no request is being answered."""
    hub.close()
    while answering:
        await asyncio.sleep(0.05)
    # What was answered last is still on its way out.
    await asyncio.sleep(0.2)


async def _answer(scope, receive, send):
    if scope["path"].startswith("/feed/") and scope["method"] == "GET":
        await _feed(scope, receive, send)
    else:
        await lanes[find_lane(scope)].serve(scope, receive, send)


async def _live(receive, send):
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            hub.start()
            await send({"type": "lifespan.startup.complete"})
        else:
            await hub.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return


async def _ask(scope):
    """Ask the view, as the reader: the answer, and the door that it may have opened."""
    door = Door(hub.find_faults)
    answer = await feed_bridge.ask({**make_environ(scope, io.BytesIO()), KEY: door})
    return answer, door


async def _feed(scope, receive, send):
    answer, door = await _ask(scope)
    if not door.is_open:
        await answer.finish(send)
        return
    answer.headers = [pair for pair in answer.headers if pair[0] != b"content-length"]
    with places.take(door.address) as has_place:
        if has_place:
            await _keep_open(scope, receive, send, answer, door)
        else:
            await answer.push(send, FULL, more=False)


async def _keep_open(scope, receive, send, answer, door):
    stream = asyncio.ensure_future(_stream(scope, send, answer, door))
    gone = asyncio.ensure_future(wait_until_gone(receive))
    try:
        await asyncio.wait({stream, gone}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (stream, gone):
            task.cancel()
        await asyncio.gather(stream, gone, return_exceptions=True)


async def _stream(scope, send, answer, door):
    loop = asyncio.get_running_loop()
    ask_at = loop.time() + settings.FEED_ASK_AGAIN
    await answer.push(send, f"retry: {RETRY}\n\n".encode())
    following = hub.follow(door.channel, after=door.after, last=door.last)
    async with contextlib.aclosing(following):
        async for piece in following:
            if loop.time() >= ask_at:
                again, still = await _ask(scope)
                if not still.is_open and shuts_out(again.status):
                    break
                ask_at = loop.time() + settings.FEED_ASK_AGAIN
            await answer.push(send, piece)
    await answer.push(send, b"", more=False)
