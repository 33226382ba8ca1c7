"""The ASGI entry: the live feed, and the pages behind it.

With the embedded database this one process serves everything. With PostgreSQL processes of their
own serve the pages (config.pages), and one process of this kind is asked for /feed/ only.
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
from config import pages
from config.bridge import Bridge, make_environ, wait_until_gone
from config.limits import shuts_out

# How long a browser waits before it comes back after a broken stream, in milliseconds.
RETRY = 1500

hub = Hub(make_source())
places = Places(settings.FEED_PLACES)
# Apart, so that a hall of phones that comes back at once does not keep pages waiting.
feed_bridge = Bridge(config.wsgi.application, 2, "feed-door")


async def application(scope, receive, send):
    """This function is the ASGI application."""
    if scope["type"] == "lifespan":
        await pages.live(receive, send, start=hub.start, stop=hub.stop)
    elif scope["type"] == "websocket":
        await pages.refuse_websocket(send)
    else:
        with pages.answering(scope):
            await _answer(scope, receive, send)


async def drain():
    """This function will end all streams and return when no request is being answered any more."""
    hub.close()
    await pages.drain()


async def _answer(scope, receive, send):
    if scope["path"].startswith("/feed/") and scope["method"] == "GET":
        await _feed(scope, receive, send)
    else:
        await pages.serve(scope, receive, send)


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
