"""The WSGI application behind ASGI: what goes in and comes out is what gunicorn's threads give."""

import asyncio
import io
import itertools
import threading

import pytest
from django.urls import reverse

from config.bridge import (
    BALLOT,
    BODY_IN_MEMORY,
    HAND_IN,
    PIECE,
    Bridge,
    Disconnected,
    find_lane,
    make_environ,
)
from tests.apart import run_apart


def scope(**more):
    return {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/",
        "raw_path": b"/",
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1")],
        "server": ("127.0.0.1", 8000),
        "client": ("10.0.0.7", 4711),
        **more,
    }


def serve(application, messages=None, **more):
    """This function will return what the bridge sends for one request."""
    coming = iter(messages or [{"type": "http.request", "body": b"", "more_body": False}])
    sent = []

    async def receive():
        message = next(coming, None)
        # A reader who stays says nothing more.
        return message or await asyncio.Event().wait()

    async def send(message):
        sent.append(message)

    async def run():
        bridge = Bridge(application, 2, "test")
        try:
            await bridge.serve(scope(**more), receive, send)
        finally:
            bridge.pool.shutdown()

    run_apart(run)
    return sent


def body_of(sent):
    return b"".join(message["body"] for message in sent[1:])


def echo(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["wsgi.input"].read()]


def test_small_answer_is_sent_whole():
    sent = serve(echo, [{"type": "http.request", "body": b"hello", "more_body": False}])
    assert sent == [
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [(b"content-type", b"text/plain")],
        },
        {"type": "http.response.body", "body": b"hello", "more_body": False},
    ]


def test_upload_in_pieces_larger_than_memory_arrives_whole():
    piece, count = b"x" * 65536, 2 * BODY_IN_MEMORY // 65536
    messages = [{"type": "http.request", "body": piece, "more_body": True}] * count
    messages.append({"type": "http.request", "body": b"end", "more_body": False})
    assert body_of(serve(echo, messages)) == piece * count + b"end"


def test_upload_without_end_is_refused_and_never_reaches_the_application(monkeypatch):
    monkeypatch.setattr("config.limits.MOST_BODY", 100_000)
    asked, piece = [], {"type": "http.request", "body": b"x" * 65536, "more_body": True}
    sent = serve(lambda *arguments: asked.append(arguments), itertools.repeat(piece))
    assert sent[0]["status"] == 413
    assert body_of(sent).decode().startswith("发来的内容太长")
    assert asked == []


def test_what_everybody_may_send_is_refused_by_its_announced_length_unread():
    piece = {"type": "http.request", "body": b"x" * 3000, "more_body": True}
    for headers, messages in (
        ([(b"content-length", b"4097")], iter(())),
        ([], iter([piece, piece])),
    ):
        asked = []
        sent = serve(asked.append, messages, path="/hall/linhe/arena/", headers=headers)
        assert sent[0]["status"] == 413 and asked == []


def test_long_download_is_sent_in_pieces_and_closed_in_its_own_thread():
    where = {}

    class File:
        def __iter__(self):
            where["read"] = threading.get_ident()
            for _ in range(10):
                yield b"y" * (PIECE // 2)

        def close(self):
            where["closed"] = threading.get_ident()

    def application(environ, start_response):
        start_response("206 Partial Content", [])
        return File()

    sent = serve(application)
    assert sent[0]["status"] == 206
    assert body_of(sent) == b"y" * (5 * PIECE)
    assert [message["more_body"] for message in sent[1:]] == [True] * 5 + [False]
    assert where["read"] == where["closed"] != threading.get_ident()


def test_upload_that_breaks_off_never_reaches_the_application():
    asked = []
    messages = [
        {"type": "http.request", "body": b"half", "more_body": True},
        {"type": "http.disconnect"},
    ]
    assert serve(lambda *arguments: asked.append(arguments), messages) == []
    assert asked == []


def stall(after):
    """This function will ask for a long answer as a reader who takes nothing of it and, once it has
    begun, sends the messages `after`; return whether the application's file was closed. The only
    thread must be free again."""
    closed = []

    class File:
        def __iter__(self):
            yield from [b"y" * PIECE] * 8

        def close(self):
            closed.append(True)

    def application(environ, start_response):
        start_response("200 OK", [])
        return File()

    async def run():
        began, stays = asyncio.Event(), asyncio.Event()
        coming = iter([{"type": "http.request", "body": b""}])

        async def receive():
            for message in coming:
                return message
            await began.wait()
            return after.pop() if after else await stays.wait()

        async def send(message):
            began.set()
            await stays.wait()

        bridge = Bridge(application, 1, "test")
        try:
            await asyncio.wait_for(bridge.serve(scope(), receive, send), 20)
            await asyncio.wait_for(bridge.ask(make_environ(scope(), io.BytesIO())), 20)
        finally:
            bridge.pool.shutdown(wait=False, cancel_futures=True)

    run_apart(run)
    return closed


def test_thread_is_free_again_when_the_reader_of_a_download_goes_away():
    assert stall([{"type": "http.disconnect"}]) == [True, True]


def test_thread_is_free_again_when_the_reader_of_a_download_takes_nothing(monkeypatch):
    monkeypatch.setattr("config.bridge.PATIENCE", 0)
    assert stall([]) == [True, True]


def test_failing_application_is_closed_and_its_error_goes_on():
    closed = []

    class Broken:
        def __iter__(self):
            raise ZeroDivisionError

        def close(self):
            closed.append(True)

    with pytest.raises(ZeroDivisionError):
        serve(lambda environ, start_response: Broken())
    assert closed == [True]


def test_environment_is_that_of_a_wsgi_server():
    environ = make_environ(
        scope(
            method="POST",
            path="/比武/a/b",
            raw_path=b"/%E6%AF%94%E6%AD%A6/a%2Fb",
            query_string=b"q=%E5%BC%A0",
            headers=[
                (b"host", b"lt.example.gov.cn"),
                (b"content-type", b"text/plain"),
                (b"content-length", b"3"),
                (b"cookie", b"a=1"),
                (b"cookie", b"b=2"),
                (b"accept", b"text/html"),
                (b"accept", b"*/*"),
                (b"x-forwarded-for", b"10.0.0.9"),
            ],
        ),
        io.BytesIO(b"abc"),
    )
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/比武/a/b"
    assert environ["QUERY_STRING"] == "q=%E5%BC%A0"
    assert (environ["CONTENT_TYPE"], environ["CONTENT_LENGTH"]) == ("text/plain", "3")
    assert environ["HTTP_COOKIE"] == "a=1;b=2"
    assert environ["HTTP_ACCEPT"] == "text/html,*/*"
    assert environ["REMOTE_ADDR"] == "10.0.0.7"
    assert environ["HTTP_X_FORWARDED_FOR"] == "10.0.0.9"
    assert environ["SERVER_PROTOCOL"] == "HTTP/1.1"


def test_header_with_an_underscore_cannot_pass_for_the_front_servers():
    spoofed = [(b"x_forwarded_for", b"1.2.3.4"), (b"x_forwarded_proto", b"https")]
    environ = make_environ(scope(headers=spoofed), io.BytesIO())
    assert [key for key in environ if key.startswith("HTTP_")] == []


def test_reader_on_a_unix_socket_has_no_address():
    environ = make_environ(scope(client=None, server=("/run/leitai.sock", None)), io.BytesIO())
    assert (environ["REMOTE_ADDR"], environ["SERVER_PORT"]) == ("", "")


def test_hand_ins_and_ballots_go_by_lanes_of_their_own():
    def lane(name, method="POST", **headers):
        year = {"slug": "linhe-2024", "round_key": "arena"}
        pairs = [(key.replace("_", "-").encode(), value) for key, value in headers.items()]
        return find_lane({"method": method, "path": reverse(name, kwargs=year), "headers": pairs})

    marks = {"content_type": b"application/json", "cookie": b"sessionid=x"}
    assert lane("judge_submit", **marks) is HAND_IN
    assert lane("hall") is BALLOT
    assert lane("judge_round", **marks) is None
    assert lane("hall", method="GET") is None
    assert lane("judge_submit", content_type=b"application/json") is None
    assert lane("judge_submit", content_type=b"multipart/form-data", cookie=b"a=b") is None


def test_request_is_not_begun_when_its_reader_has_gone_meanwhile():
    begun, first = [], threading.Event()

    def application(environ, start_response):
        begun.append(environ["PATH_INFO"])
        first.wait()
        return echo(environ, start_response)

    async def run():
        bridge = Bridge(application, 1, "lane")
        gone = asyncio.get_running_loop().create_future()
        environ = {"wsgi.input": io.BytesIO(b"")}
        waiting = asyncio.ensure_future(bridge.ask({**environ, "PATH_INFO": "/first/"}))
        behind = asyncio.ensure_future(bridge.ask({**environ, "PATH_INFO": "/gone/"}, gone=gone))
        await asyncio.sleep(0)
        gone.set_result(None)
        first.set()
        await waiting
        with pytest.raises(Disconnected):
            await behind

    run_apart(run)
    assert begun == ["/first/"]
