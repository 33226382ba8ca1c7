"""Where a hub learns that there is something new: PostgreSQL's notices, or the process itself."""

import asyncio
import contextlib
import logging
import sqlite3

import psycopg2
from django.db import connection

from arena.feed import wake

log = logging.getLogger(__name__)
# So often an embedded database is asked whether another process has written: a look at one number.
WATCH = 0.2
PAUSE = 1.0


def make_source():
    """This function will return the source that fits the product's database."""
    return NoticeSource() if connection.vendor == "postgresql" else EmbeddedSource()


class EmbeddedSource:
    """Items committed in this process, at once; those of another process by a look at the file."""

    def start(self, *, note, check):
        """This function will have note(channel, number) and check() called in this event loop."""
        self.loop, self.note = asyncio.get_running_loop(), note
        wake.listen(self._hear)
        self.task = self.loop.create_task(self._watch(check))

    def stop(self):
        """This function will call neither any more."""
        wake.stop_listening(self._hear)
        self.task.cancel()

    def find_faults(self):
        """This function will return a Chinese sentence for each fault; empty means healthy."""
        return ["现场消息的进程没有在看数据库，请重新启动。"] if self.task.done() else []

    def _hear(self, channel, number):
        # A stopped loop hears nothing any more.
        with contextlib.suppress(RuntimeError):
            self.loop.call_soon_threadsafe(self.note, channel, number)

    async def _watch(self, check):
        path = connection.settings_dict["NAME"]
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as database:
            seen = None
            while True:
                await asyncio.sleep(WATCH)
                # It changes when anybody else commits; asking takes microseconds.
                (version,) = database.execute("PRAGMA data_version").fetchone()
                if version != seen:
                    seen = version
                    check()


class NoticeSource:
    """PostgreSQL's NOTIFY over one connection, which is made again when it breaks."""

    def start(self, *, note, check):
        """This function will have note(channel, number) and check() called in this event loop."""
        self.loop, self.note, self.check = asyncio.get_running_loop(), note, check
        self.listening = False
        self.task = self.loop.create_task(self._listen())

    def stop(self):
        """This function will call neither any more."""
        self.task.cancel()

    def find_faults(self):
        """This function will return a Chinese sentence for each fault; empty means healthy."""
        return [] if self.listening else ["收不到数据库的通知，正在重新连接。"]

    async def _listen(self):
        while True:
            try:
                link = await self.loop.run_in_executor(None, _connect)
            except psycopg2.Error:
                log.warning("feed: cannot listen to the database, trying again", exc_info=True)
                await asyncio.sleep(PAUSE)
                continue
            broken, number = self.loop.create_future(), link.fileno()
            self.loop.add_reader(number, self._hear, link, broken)
            self.listening = True
            # What was announced while nobody listened.
            self.check()
            try:
                await broken
                log.warning("feed: the connection that listens broke, making it again")
            finally:
                self.listening = False
                self.loop.remove_reader(number)
                link.close()

    def _hear(self, link, broken):
        try:
            link.poll()
        except psycopg2.Error:
            if not broken.done():
                broken.set_result(None)
            return
        while link.notifies:
            channel, _space, number = link.notifies.pop(0).payload.rpartition(" ")
            self.note(channel, int(number))


def _connect():
    """A connection of its own: Django's would carry transactions. A dead peer shows in 25 s."""
    parameters = connection.get_connection_params()
    alive = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
    link = psycopg2.connect(**{**alive, **parameters})
    link.autocommit = True
    with link.cursor() as cursor:
        cursor.execute(f"LISTEN {wake.NOTICE}")
    return link
