"""Telling an audience: numbers without gaps, and everybody who waits is woken once it is true."""

import threading
from datetime import UTC, datetime

import psycopg2
import pytest
from django.db import connection, transaction

from arena.feed import channel_of, last_number, tell, wake
from arena.feed.hub import Channel
from arena.feed.reading import read_items
from arena.models import FeedItem
from tests import factories

NOW = datetime(2022, 8, 20, 9, 30, tzinfo=UTC)
TELLERS = 12


@pytest.fixture
def competition():
    return factories.CompetitionFactory()


def say(competition, audience="screen", *, kind="step", round_key="arena", **data):
    return tell(competition, round_key, audience, kind, data, now=NOW)


@pytest.mark.django_db
def test_items_of_a_channel_are_numbered_from_one(competition):
    screen = channel_of(competition, "arena", "screen")
    assert last_number(screen) == 0
    assert [say(competition, clock=n).number for n in range(3)] == [1, 2, 3]
    assert say(competition, "host").number == 1
    assert say(competition, round_key="review1").number == 1
    other = factories.CompetitionFactory()
    assert say(other).number == 1
    assert last_number(screen) == 3
    kept = FeedItem.objects.filter(channel=screen)
    assert [(item.kind, item.data["clock"], item.at) for item in kept] == [
        ("step", n, NOW) for n in range(3)
    ]


@pytest.mark.django_db
def test_item_that_says_everything_empties_what_was_told_before(competition):
    def say_all(text):
        return tell(competition, "arena", "screen", "step", {"text": text}, now=NOW, whole=True)

    channel = Channel(channel_of(competition, "arena", "screen"), 0)
    channel.take([say_all("甲")])
    assert "甲" in channel.since(0).decode()
    say_all("乙")
    # Neither in the database nor in the process that sends, however far behind a reader is.
    channel.take(read_items(channel.name, 1))
    assert channel.since(0) is None and "乙" in channel.since(1).decode()
    assert [item.data.get("text") for item in read_items(channel.name, 0)] == [None, "乙"]
    other = tell(competition, "arena", "host", "step", {"text": "丙"}, now=NOW, whole=True)
    assert (other.number, last_number(channel.name)) == (1, 2)


@pytest.mark.django_db(transaction=True)
def test_number_of_an_event_that_was_rolled_back_is_used_by_the_next(competition):
    say(competition, text="第一")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assert say(competition, text="没有发生").number == 2
        raise ZeroDivisionError
    assert say(competition, text="第二").number == 2
    assert [item.data["text"] for item in FeedItem.objects.all()] == ["第一", "第二"]


@pytest.mark.django_db(transaction=True)
def test_many_who_tell_at_once_leave_no_gap_and_do_not_wait_for_each_other(competition):
    audiences = ["screen", "host", "judge"]
    barrier, raised = threading.Barrier(TELLERS), []

    def work(number):
        # Each in another order: with a lock for each audience some would wait in a circle.
        turn = audiences[number % 3 :] + audiences[: number % 3]
        try:
            barrier.wait()
            for _time in range(5):
                with transaction.atomic():
                    for audience in turn:
                        say(competition, audience, who=number)
        except Exception as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(TELLERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert raised == []
    for audience in audiences:
        items = FeedItem.objects.filter(channel=channel_of(competition, "arena", audience))
        assert [item.number for item in items] == list(range(1, 5 * TELLERS + 1))


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_listener_in_the_process_is_woken_after_the_commit_and_not_before(competition):
    heard = []

    def hear(channel, number):
        heard.append((channel, number))

    wake.listen(hear)
    try:
        with transaction.atomic():
            say(competition)
            assert heard == []
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            say(competition)
            raise ZeroDivisionError
    finally:
        wake.stop_listening(hear)
    say(competition)
    assert heard == [(channel_of(competition, "arena", "screen"), 1)]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_notice_goes_out_with_the_commit_and_carries_only_the_number(competition):
    listener = psycopg2.connect(**connection.get_connection_params())
    try:
        listener.autocommit = True
        with listener.cursor() as cursor:
            cursor.execute(f"LISTEN {wake.NOTICE}")
            with transaction.atomic():
                say(competition, text="只在数据库里")
                cursor.execute("SELECT 1")
                assert listener.notifies == []
            cursor.execute("SELECT 1")
        channel = channel_of(competition, "arena", "screen")
        assert [notice.payload for notice in listener.notifies] == [f"{channel} 1"]
    finally:
        listener.close()
