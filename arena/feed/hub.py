"""The part that sends: one hub in a process, which reads each item once for all who follow.

Everything here runs in the event loop; the database is read in a thread of the hub's own.
"""

import asyncio
import logging
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from django.conf import settings
from django.db import Error, connection

from arena.feed.reading import as_event, last_numbers, read_items
from arena.models.feed import ERASED, WHOLE

log = logging.getLogger(__name__)
# An event and not a comment: the page's script sees no comments.
BEAT = b"event: beat\ndata: 1\n\n"
# So many items of a channel stay in memory; who is further behind gets them from the database.
KEPT = 256
# So long the hub waits before it asks a database again that did not answer.
PAUSE = 1.0


class Channel:
    """What is known here of one channel: its last items, and the event that all followers await."""

    def __init__(self, name, last):
        self.name = name
        self.last = self.wanted = last
        self.kept = deque(maxlen=KEPT)
        self.followers = 0
        self.beats = 0
        self.reading = False
        self.turn = asyncio.Event()

    def wake(self):
        """This function will let every follower look again."""
        turn, self.turn = self.turn, asyncio.Event()
        turn.set()

    def take(self, items):
        """This function will add items read from the database, in order, and wake followers. What
        one of them has made void, and what was erased, is not kept any longer."""
        if any(WHOLE in item.data or ERASED in item.data for item in items):
            self.kept.clear()
        self.kept.extend(as_event(item) for item in items)
        self.last = items[-1].number
        self.wake()

    def since(self, number):
        """This function will return the events after a number, or None when they are not kept."""
        skipped = number - (self.last - len(self.kept))
        return b"".join(islice(self.kept, skipped, None)) if skipped >= 0 else None


class Hub:
    """Followers of all channels in this process. `find_faults` says why nothing would come."""

    def __init__(self, source):
        self.source = source
        self.channels = {}
        self.closing = False
        self.looking = self.asked = False
        self.tasks = set()
        self.pool = ThreadPoolExecutor(1, thread_name_prefix="feed")

    def start(self):
        """This function will begin to listen; the running event loop is the hub's."""
        self.loop = asyncio.get_running_loop()
        self.source.start(note=self.note, check=self.check)
        self._spawn(self._beat())

    async def stop(self):
        """This function will end every stream at its next item and stop listening."""
        self.close()
        self.source.stop()
        for task in list(self.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.loop.run_in_executor(self.pool, _hang_up)
        self.pool.shutdown(wait=False)

    def close(self):
        """This function will end the streams: readers come back, to whoever serves then."""
        self.closing = True
        for channel in self.channels.values():
            channel.wake()

    def find_faults(self):
        """This function will return a Chinese sentence for each fault; empty means healthy."""
        return self.source.find_faults()

    def note(self, name, number):
        """This function will fetch a channel's items up to a number, if anybody follows it."""
        channel = self.channels.get(name)
        if channel is None or number <= channel.wanted:
            return
        channel.wanted = number
        if not channel.reading:
            channel.reading = True
            self._spawn(self._read(channel))

    def check(self):
        """This function will look for items of all followed channels that nobody announced. One
        look at a time: while the database does not answer, no more pile up behind it."""
        self.asked = True
        if not self.looking:
            self.looking = True
            self._spawn(self._look())

    async def follow(self, name, *, after, last):
        """This function will yield bytes: every event after a number, as it comes, and a beat
        each settings.FEED_BEAT seconds. `last` is the channel's last number, as just read. It ends
        when the hub closes.
        """
        channel = self.channels.get(name)
        if channel is None:
            channel = self.channels[name] = Channel(name, last)
            # Something may have come between the reading of `last` and this line.
            self.check()
        else:
            self.note(name, last)
        channel.followers += 1
        beats = channel.beats
        try:
            while not self.closing:
                if after < channel.last:
                    events, reached = channel.since(after), channel.last
                    if events is None:
                        items = await self._query(read_items, name, after)
                        events = b"".join(map(as_event, items))
                        reached = items[-1].number if items else channel.last
                    after = reached
                    yield events
                elif beats != channel.beats:
                    beats = channel.beats
                    yield BEAT
                else:
                    await channel.turn.wait()
        finally:
            channel.followers -= 1
            if not channel.followers and self.channels.get(name) is channel:
                del self.channels[name]

    async def _read(self, channel):
        try:
            while channel.last < channel.wanted:
                items = await self._query(read_items, channel.name, channel.last)
                if not items:
                    channel.wanted = channel.last
                    return
                channel.take(items)
        finally:
            channel.reading = False

    async def _look(self):
        try:
            while self.asked:
                self.asked = False
                names = list(self.channels)
                found = await self._query(last_numbers, names) if names else {}
                for name, last in found.items():
                    self.note(name, last)
        finally:
            self.looking = False

    async def _beat(self):
        while True:
            await asyncio.sleep(settings.FEED_BEAT)
            for channel in self.channels.values():
                channel.beats += 1
                channel.wake()
            # A notice can be lost together with a connection that nobody has missed yet.
            self.check()

    async def _query(self, read, *arguments):
        """Ask the database in the hub's thread, until it answers."""
        while True:
            try:
                return await self.loop.run_in_executor(self.pool, _fresh, read, *arguments)
            except Error:
                log.warning("feed: the database did not answer, asking again", exc_info=True)
                await asyncio.sleep(PAUSE)

    def _spawn(self, work):
        task = self.loop.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)


def _hang_up():
    """Each thread has its own connection; this closes that of the thread which runs it."""
    connection.close()


def _fresh(read, *arguments):
    """Outside a request nobody else throws away a connection that a restart has broken."""
    try:
        return read(*arguments)
    except Error:
        _hang_up()
        raise
