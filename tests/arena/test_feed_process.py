"""The process that sends, as the product starts it, on the test's own database."""

import socket
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.db import connection, transaction

from arena.feed import hub, tell
from tests import factories
from tests.arena.served.settings import FEED_PLACES
from tests.arena.serving import Server, Stream, post
from tests.config.test_server import nginx

NOW = datetime(2022, 8, 20, 9, 30, tzinfo=UTC)
HALL = "/feed/live/arena/test-hall/"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def competition(transactional_db):
    return factories.CompetitionFactory(slug="live")


@pytest.fixture
def follow(server, competition):
    """A function that opens a stream; all are closed at the end."""
    opened = []

    def open_stream(path=HALL, **options):
        stream = Stream(options.pop("server", server), path, **options)
        opened.append(stream)
        return stream

    yield open_stream
    for stream in opened:
        stream.close()


def say(competition, audience="hall", **data):
    return tell(competition, "arena", f"test-{audience}", "said", data, now=NOW).number


def test_item_of_another_process_comes_to_everybody_who_follows(follow, competition):
    streams = [follow() for _ in range(5)]
    assert say(competition, text="请 1 号上台") == 1
    for stream in streams:
        assert stream.next() == {
            "number": 1,
            "kind": "said",
            "data": {"text": "请 1 号上台"},
            "at": "2022-08-20T09:30:00+00:00",
        }


def test_item_of_a_page_of_this_process_comes_too(follow, server):
    stream = follow()
    assert post(server, "/tests/say/live/test-hall/", text="a+b") == "1"
    assert stream.next()["data"] == {"text": "a b"}


def test_item_that_was_rolled_back_never_comes(follow, competition):
    stream = follow()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        say(competition, text="没有发生")
        raise ZeroDivisionError
    say(competition, text="发生了")
    assert stream.next()["data"] == {"text": "发生了"}


def test_reader_who_comes_back_misses_nothing(follow, competition):
    first = follow()
    say(competition)
    assert first.take(1) == [1]
    first.close()
    for _ in range(3):
        say(competition)
    assert follow(last=1).take(3) == [2, 3, 4]
    assert follow(f"{HALL}?after=3").take(1) == [4]
    # A browser that comes back by itself asks the old address with a newer number.
    assert follow(f"{HALL}?after=1", last=3).take(1) == [4]


def test_reader_far_behind_gets_from_the_database_what_is_no_longer_kept(follow, competition):
    ahead = follow()
    with transaction.atomic():
        for _ in range(hub.KEPT + 50):
            say(competition)
    everything = list(range(1, hub.KEPT + 51))
    assert ahead.take(len(everything)) == everything
    assert follow().take(len(everything)) == everything


def test_audiences_do_not_hear_each_other(follow, competition, client, clerk):
    client.force_login(clerk)
    hall, staff = follow(), follow("/feed/live/arena/test-staff/", client=client)
    say(competition, "staff", text="尚未亮分")
    say(competition, "hall", text="请稍候")
    assert hall.next()["data"] == {"text": "请稍候"}
    assert staff.next()["data"] == {"text": "尚未亮分"}


def test_stream_is_refused_as_the_page_is(follow, client, auditor, outsider):
    staff = "/feed/live/arena/test-staff/"
    stranger = follow(staff)
    assert stranger.status == 302
    assert stranger.answer.headers["Location"] == f"/signin/?next={staff}"
    client.force_login(auditor)
    assert follow(staff, client=client).status == 403
    client.force_login(outsider)
    assert follow(staff, client=client).status == 404
    assert follow("/feed/live/arena/nobody/").status == 404


def test_stream_carries_the_headers_that_keep_it_open_and_private(follow):
    headers = follow().answer.headers
    assert headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert headers["Cache-Control"] == "no-store, no-transform"
    assert headers["X-Accel-Buffering"] == "no"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Content-Length"] is None


def test_crowd_behind_one_address_is_told_to_ask_and_nobody_else(follow, client, clerk):
    crowd = [follow(address="10.0.0.9") for _ in range(FEED_PLACES)]
    assert {stream.status for stream in crowd} == {200}
    full = follow(address="10.0.0.9").answer
    assert full.status == 200 and full.read().decode().endswith("event: full\ndata: 1\n\n")
    elsewhere = follow(address="10.0.0.10")
    client.force_login(clerk)
    signed_in = follow(address="10.0.0.9", client=client)
    for stream in (crowd[0], elsewhere, signed_in):
        assert b"retry" in stream.answer.readline()
    crowd[0].close()
    # A place is free again once the server has missed its reader.
    for _ in range(50):
        again = follow(address="10.0.0.9")
        if b"retry" in again.answer.readline():
            return
        again.close()
    pytest.fail("the place was not given back")


def test_stream_ends_once_its_reader_has_signed_out_and_not_before(follow, client, clerk):
    client.force_login(clerk)
    stays, leaves = follow(), follow("/feed/live/arena/test-staff/", client=client)
    assert leaves.status == 200
    client.logout()
    assert leaves.next() is None
    assert leaves.beats > 0
    assert stays.answer.fp is not None


def test_server_that_stops_ends_its_streams_and_does_not_wait(
    competition, tmp_path, django_db_blocker
):
    with django_db_blocker.unblock():
        running = Server(tmp_path)
    stream = Stream(running, HALL)
    with socket.create_connection(("127.0.0.1", running.port)) as idle:
        idle.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert idle.recv(100).startswith(b"HTTP/1.1 200")
        assert running.stop() == 0
        assert stream.next() is None


def test_health_is_ok_while_the_process_listens(follow):
    answer = follow("/feed/healthz")
    assert (answer.status, answer.answer.read()) == (200, b"ok\n")


def test_websocket_is_refused_without_a_server_error(server):
    asked = (
        "GET /feed/live/arena/hall/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\n"
        "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port)) as idle:
        idle.sendall(asked.encode())
        assert idle.recv(100).startswith(b"HTTP/1.1 403")


@pytest.mark.postgres
def test_feed_goes_on_when_the_database_has_thrown_everybody_out(follow, competition):
    stream = follow()
    say(competition, text="之前")
    assert stream.next()["data"] == {"text": "之前"}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert cursor.fetchone()[0] >= 1
    say(competition, text="之后")
    assert stream.next()["data"] == {"text": "之后"}


def test_item_comes_through_nginx_while_the_stream_is_open(follow, server, competition, tmp_path):
    with nginx(tmp_path, back=server.port, feed=server.port) as address:
        through = SimpleNamespace(port=int(address.rpartition(":")[2]))
        stream = follow(server=through)
        for text in ("甲", "乙"):
            say(competition, text=text)
            assert stream.next()["data"] == {"text": text}
