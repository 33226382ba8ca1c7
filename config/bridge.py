"""Pages in an event loop: the WSGI application, run in threads, behind ASGI.

Django's own ASGI handler would run every page through its one thread for synchronous code; here
each request has a thread of a pool to itself, and its database connection stays with the thread.
"""

import asyncio
import re
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import unquote_to_bytes
from wsgiref.util import FileWrapper

from config.limits import TOO_LONG, is_too_long, most_body

# A larger body waits in a file, not in memory, until a thread reads it.
BODY_IN_MEMORY = 1024 * 1024
# An answer is handed to the event loop in pieces of about this size.
PIECE = 256 * 1024
# So many seconds a reader has for one piece: a thread waits for him, and there are few threads.
PATIENCE = 60

# What a hall sends in one instant writes, and a round takes one writer at a time: in one thread
# each is answered sooner than in several that wait for each other.
HAND_IN = re.compile(r"/judge/[^/]+/[^/]+/submit/")
BALLOT = re.compile(r"/hall/[^/]+/[^/]+/")


class Disconnected(Exception):
    """The reader went away before the whole request had come, or does not take the answer."""


class TooLong(Exception):
    """The request's body is longer than may be sent to its path."""


class Bridge:
    """A WSGI application with `threads` threads."""

    def __init__(self, application, threads, name):
        self.application = application
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix=name)

    async def serve(self, scope, receive, send):
        """This function will answer one ASGI request with the WSGI application."""
        with tempfile.SpooledTemporaryFile(BODY_IN_MEMORY) as body:
            try:
                await _gather(scope, receive, body)
            except Disconnected:
                return
            except TooLong:
                await _refuse_long().finish(send)
                return
            # What is awaited for a reader who has gone is never ended by the server that sends.
            gone = asyncio.ensure_future(wait_until_gone(receive))
            try:
                answer = await self.ask(make_environ(scope, body), send, gone)
            except Disconnected:
                return
            finally:
                gone.cancel()
        await answer.finish(send)

    async def ask(self, environ, send=None, gone=None):
        """This function will return the Answer to one request; what is longer than a piece is sent
        before, if `send` is given. Raises Disconnected when the future `gone` is done before the
        reader has taken such a piece, or when he takes too long over it."""
        loop = asyncio.get_running_loop()

        def push(answer, piece):
            # The thread waits until the reader has taken the piece.
            asyncio.run_coroutine_threadsafe(_hand(answer, send, piece, gone), loop).result()

        return await loop.run_in_executor(
            self.pool, self._run, environ, push if send else None, gone
        )

    def _run(self, environ, push, gone):
        # Who went while others were served sends again; what he sent would keep them waiting.
        if gone is not None and gone.done():
            raise Disconnected
        answer = Answer()
        pieces, size = [], 0
        result = self.application(environ, answer.start)
        try:
            for piece in result:
                pieces.append(piece)
                size += len(piece)
                if push and size >= PIECE:
                    push(answer, b"".join(pieces))
                    pieces, size = [], 0
        finally:
            if hasattr(result, "close"):
                result.close()
        answer.body = b"".join(pieces)
        return answer


def find_lane(scope):
    """This function will return HAND_IN for a hand-in as the pad sends it, BALLOT for a ballot, and
    None for everything else: nothing else waits before a panel's marks, or keeps them waiting."""
    headers = dict(scope["headers"])
    if scope["method"] != "POST":
        return None
    if BALLOT.fullmatch(scope["path"]):
        return BALLOT
    sent = headers.get(b"content-type") == b"application/json" and b"cookie" in headers
    return HAND_IN if sent and HAND_IN.fullmatch(scope["path"]) else None


class Answer:
    """Status, headers and (what has not been sent yet of) the body."""

    def __init__(self):
        self.status, self.headers, self.body = 500, [], b""
        self.started = False

    def start(self, status, headers, exc_info=None):
        """This function is WSGI's start_response; nothing of the product uses its write()."""
        self.status = int(status.split(" ", 1)[0])
        self.headers = [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
        ]

    async def push(self, send, piece, *, more=True):
        """This function will send a piece of the body, the head before the first."""
        if not self.started:
            self.started = True
            start = {"status": self.status, "headers": self.headers}
            await send({"type": "http.response.start", **start})
        await send({"type": "http.response.body", "body": piece, "more_body": more})

    async def finish(self, send):
        """This function will send what is left."""
        await self.push(send, self.body, more=False)


def make_environ(scope, body):
    """This function will return the WSGI environment of an ASGI scope; `body` is a binary file."""
    path = unquote_to_bytes(scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
    server = scope.get("server") or ("", None)
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or ""),
        # A unix socket has no address.
        "REMOTE_ADDR": (scope.get("client") or ("",))[0] or "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": lambda file, _size: FileWrapper(file, 64 * 1024),
    }
    for name, value in scope["headers"]:
        # X_Forwarded_For would become the same name as the one that the front server sets.
        if b"_" in name:
            continue
        key, text = name.decode("latin-1").upper().replace("-", "_"), value.decode("latin-1")
        if key not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            key = f"HTTP_{key}"
        if key in environ:
            text = environ[key] + (";" if key == "HTTP_COOKIE" else ",") + text
        environ[key] = text
    return environ


async def wait_until_gone(receive):
    """This function will return when the reader has gone, once his whole request has come."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _hand(answer, send, piece, gone):
    handing = asyncio.ensure_future(answer.push(send, piece))
    await asyncio.wait({handing, gone}, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
    if not handing.done():
        handing.cancel()
        raise Disconnected
    handing.result()


def _refuse_long():
    answer = Answer()
    answer.start("413 Payload Too Large", [("Content-Type", "text/plain; charset=utf-8")])
    answer.body = TOO_LONG.encode()
    return answer


async def _gather(scope, receive, body):
    """Write the request's body into a file and turn it back to its beginning. A longer one than its
    path allows is refused before it fills the disk: by its announced length, else as it comes."""
    announced = dict(scope["headers"]).get(b"content-length", b"").decode("latin-1")
    if is_too_long(scope["path"], announced):
        raise TooLong
    most, more = most_body(scope["path"]), True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        body.write(message.get("body", b""))
        if body.tell() > most:
            raise TooLong
        more = message.get("more_body", False)
    body.seek(0)
