"""A device's connection to the server, and the weather that it meets on the way."""

import asyncio
import random
import re
from dataclasses import dataclass, field

TOKEN = "b" * 32
# A request that nobody answers for so long is given up, as static/js/pad-send.js does.
PATIENCE = 20


class Lost(OSError):
    """No answer came: the request or its answer was lost, or nobody is there."""


@dataclass
class Weather:
    """What happens to requests: shares that are dropped and doubled, and when (in the loop's
    seconds) the connection is gone altogether. Half of the dropped ones reach the server."""

    dice: random.Random
    drop: float = 0.0
    double: float = 0.0
    gone: tuple = (0, 0)
    met: dict = field(default_factory=lambda: {"dropped": 0, "doubled": 0, "gone": 0})

    def is_gone(self):
        """This function will say whether the connection is gone now, and count it."""
        start, end = self.gone
        found = start <= asyncio.get_running_loop().time() < end
        self.met["gone"] += found
        return found


@dataclass(frozen=True)
class Answer:
    """Status and body of an answer."""

    status: int
    body: bytes


class Wire:
    """One connection that is kept, with a request at a time on it."""

    def __init__(self, port, cookie, weather=None):
        self.port, self.cookie, self.weather = port, f"{cookie}; csrftoken={TOKEN}", weather
        self.link, self.patience = None, PATIENCE

    async def ask(self, method, path, body=b"", kind="application/json"):
        """This function will return the Answer, or raise Lost when none came."""
        weather = self.weather
        if weather is None:
            return await self._ask(method, path, body, kind)
        if weather.is_gone():
            self.close()
            raise Lost
        if weather.dice.random() < weather.drop:
            weather.met["dropped"] += 1
            if weather.dice.random() < 0.5:
                await self._ask(method, path, body, kind)
            self.close()
            raise Lost
        if weather.dice.random() < weather.double:
            weather.met["doubled"] += 1
            twin = Wire(self.port, self.cookie)
            asking = (wire._ask(method, path, body, kind) for wire in (self, twin))
            answers = await asyncio.gather(*asking, return_exceptions=True)
            twin.close()
            if isinstance(answers[0], BaseException):
                raise answers[0]
            return answers[0]
        return await self._ask(method, path, body, kind)

    async def _ask(self, method, path, body, kind):
        kept = self.link is not None
        try:
            return await asyncio.wait_for(self._once(method, path, body, kind), self.patience)
        except (OSError, EOFError, TimeoutError) as error:
            self.close()
            # A kept connection may have been closed meanwhile: browsers then try a new one.
            if not kept or isinstance(error, TimeoutError):
                raise Lost from error
        try:
            return await asyncio.wait_for(self._once(method, path, body, kind), self.patience)
        except (OSError, EOFError, TimeoutError) as error:
            self.close()
            raise Lost from error

    async def _once(self, method, path, body, kind):
        if self.link is None:
            self.link = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self.link
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {self.cookie}\r\n"
            f"X-CSRFToken: {TOKEN}\r\nAccept: application/json\r\nContent-Type: {kind}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"(?i)\r\ncontent-length: *([0-9]+)", head)
        came = await reader.readexactly(int(length.group(1)) if length else 0)
        if re.search(rb"(?i)\r\nconnection: *close", head):
            self.close()
        return Answer(int(head.split(b" ", 2)[1]), came)

    def close(self):
        """This function will hang up."""
        if self.link is not None:
            self.link[1].close()
            self.link = None
