"""The pages' process: a hand-in waits for hand-ins only, and who asks last is still answered."""

import asyncio
import threading

import pytest

from tests.apart import run_apart

HAND_IN = ("/judge/linhe-2024/arena/submit/", "POST", [(b"cookie", b"a=b")])
PAGE = ("/work/linhe-2024/", "GET", [])

pytestmark = pytest.mark.once


@pytest.fixture
def pages(db):
    """The module as a process of pages has it: it asks the database whether it may serve."""
    from config import pages

    return pages


@pytest.fixture
def lanes(pages, monkeypatch):
    """Every lane has an application that waits until it is let go, and names its thread."""
    free, asked = threading.Event(), []

    def application(environ, start):
        asked.append((environ["PATH_INFO"], threading.current_thread().name))
        if environ["PATH_INFO"] == PAGE[0]:
            free.wait(30)
        start("200 OK", [])
        return [b""]

    for lane in pages.lanes.values():
        monkeypatch.setattr(lane, "application", application)
    return free, asked


async def ask(pages, path, method, headers, kind="http"):
    sent, body = [], [{"type": "http.request", "body": b"{}"}]

    async def receive():
        return body.pop() if body else await asyncio.Future()

    async def send(message):
        sent.append(message)

    headers = [*headers, (b"content-type", b"application/json")]
    scope = {"type": kind, "path": path, "method": method, "headers": headers}
    scope |= {"query_string": b"", "http_version": "1.1"}
    await pages.application(scope, receive, send)
    return sent


def test_hand_in_is_answered_while_every_thread_for_pages_is_busy(pages, lanes):
    free, asked = lanes

    async def play():
        busy = [asyncio.ensure_future(ask(pages, *PAGE)) for _thread in range(pages.THREADS)]
        answer = await ask(pages, *HAND_IN)
        assert not any(page.done() for page in busy)
        free.set()
        await asyncio.gather(*busy)
        return answer

    try:
        answer = run_apart(play)
    finally:
        free.set()
    assert answer[0]["status"] == 200
    assert [name for path, name in asked if path == HAND_IN[0]] == ["hand-in_0"]


def test_websocket_is_refused(pages):
    (sent,) = run_apart(lambda: ask(pages, *PAGE, kind="websocket"))
    assert sent["type"] == "websocket.close"


def test_stopping_process_answers_what_is_asked_until_nothing_was_asked_for_a_second(pages):
    beats, asked = [], {"type": "http"}

    async def pause(seconds):
        beats.append(seconds)
        if len(beats) == pages.QUIET_BEATS - 1:
            last.__enter__()
        if len(beats) == 100:
            last.__exit__(None, None, None)

    last = pages.answering(asked)
    run_apart(lambda: pages.drain(pause))
    assert len(beats) == 100 + pages.QUIET_BEATS - 1
    assert set(beats) == {pages.BEAT} and pages.BEAT * pages.QUIET_BEATS == 1
