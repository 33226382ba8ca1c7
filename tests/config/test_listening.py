"""Processes that listen together take one connection at a time, and leave it to who has fewer."""

import socket

import pytest

from config.listening import MOST, STEP, share

pytestmark = pytest.mark.pure


@pytest.fixture
def listener():
    with share(socket.create_server(("127.0.0.1", 0)), lambda: 3) as shared:
        yield shared


def test_shared_listener_takes_one_connection_and_leaves_the_next_to_others(listener):
    with (
        socket.create_connection(listener.getsockname()) as first,
        socket.create_connection(listener.getsockname()) as second,
    ):
        for client in (first, second):
            taken, address = listener.accept()
            taken.close()
            assert address == client.getsockname()
            with pytest.raises(BlockingIOError):
                listener.accept()


def test_shared_listener_without_a_caller_blocks_nobody(listener):
    for _time in range(2):
        with pytest.raises(BlockingIOError):
            listener.accept()
    with socket.create_connection(listener.getsockname()):
        listener.accept()[0].close()


def test_shared_listener_waits_longer_the_more_connections_it_holds(listener):
    waits = []
    listener.pause = waits.append
    for held in (0, 1, MOST, MOST + 5):
        listener.count = lambda held=held: held
        with pytest.raises(BlockingIOError):
            listener.accept()
    assert waits == [0, STEP, STEP * MOST, STEP * MOST]
