"""A hall of readers in one event loop: each holds a stream open and notes when bytes came."""

import asyncio
import re
import time

NUMBER = re.compile(rb"id: ([0-9]+)\n")


class Reader(asyncio.Protocol):
    """One stream. What comes is only noted, with its time; it is read when all is over."""

    def __init__(self, path, cookie):
        lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Accept: text/event-stream"]
        if cookie:
            lines.append(f"Cookie: {cookie}")
        self.request = ("\r\n".join(lines) + "\r\n\r\n").encode()
        self.came = []
        self.open = asyncio.get_running_loop().create_future()

    def connection_made(self, transport):
        """This function will ask for the stream."""
        self.transport = transport
        transport.write(self.request)

    def data_received(self, data):
        """This function will note what came, and when."""
        self.came.append((time.time(), data))
        if not self.open.done():
            self.open.set_result(data.split(b"\r\n", 1)[0])

    def connection_lost(self, error):
        """This function will let nobody wait for a stream that was refused."""
        if not self.open.done():
            self.open.set_result(b"closed")

    def arrivals(self):
        """This function will return {number of an item: moment at which it was there}."""
        found, text = {}, b""
        for at, data in self.came:
            text += data
            for match in NUMBER.finditer(text):
                found.setdefault(int(match.group(1)), at)
            # A line may go on in what comes next.
            text = text[text.rfind(b"\n") + 1 :]
        return found


async def open_streams(port, readers):
    """This function will open `readers` [(path, cookie)] and return (Readers, seconds it took)."""
    loop, started, streams = asyncio.get_running_loop(), time.time(), []
    for path, cookie in readers:
        _transport, stream = await loop.create_connection(
            lambda path=path, cookie=cookie: Reader(path, cookie), "127.0.0.1", port
        )
        streams.append(stream)
    for stream in streams:
        line = await stream.open
        if line != b"HTTP/1.1 200 OK":
            raise SystemExit(f"一条连接没有打开：{line.decode()}")
    return streams, time.time() - started


async def post(port, path, times, every):
    """This function will post so many times, one each `every` seconds, and return the texts
    of the answers; all must be 200."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    request = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n".encode()
    answers = []
    for _time in range(times):
        pause = asyncio.create_task(asyncio.sleep(every))
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"没有发出：{head.splitlines()[0].decode()}")
        length = int(re.search(rb"(?i)content-length: *([0-9]+)", head).group(1))
        answers.append((await reader.readexactly(length)).decode())
        await pause
    writer.close()
    return answers
