"""The product's own server on the test's database, as a fixture, and a reader of its streams."""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from tests.config.test_server import READY, free_ports, wait_until_ready


def database_url():
    """This function will return the address of the database that the tests use."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


class Server:
    """One run of the process that sends the feed: pages too, on every database."""

    def __init__(self, folder, port=None):
        self.port = port or free_ports(1)[0]
        self.url = f"http://127.0.0.1:{self.port}"
        (folder / "logs").mkdir(exist_ok=True)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py"],
            cwd=settings.BASE_DIR,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "tests.arena.served.settings",
                "LEITAI_MODE": "test",
                "LEITAI_PART": "feed",
                "LEITAI_DATA_DIR": str(folder),
                "LEITAI_FEED_BIND": f"127.0.0.1:{self.port}",
                "LEITAI_BANNER": READY,
                "DATABASE_URL": database_url(),
            },
            start_new_session=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        wait_until_ready(self.process)

    def kill(self):
        """This function will end the server without warning, its worker too."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=30)

    def stop(self):
        """This function will ask the server to stop and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)


@pytest.fixture(scope="module")
def server(django_db_setup, django_db_blocker, tmp_path_factory):
    """A running Server, one for a file. Tests that use it ask for transactional_db."""
    with django_db_blocker.unblock():
        running = Server(tmp_path_factory.mktemp("feed"))
    yield running
    assert running.stop() == 0


class Stream:
    """One reader of a stream: its answer, and its items as they come."""

    def __init__(self, server, path, *, client=None, last=None, address=None):
        headers = {"Accept": "text/event-stream"}
        if address is not None:
            headers["X-Forwarded-For"] = address
        if client is not None:
            headers["Cookie"] = "; ".join(f"{m.key}={m.value}" for m in client.cookies.values())
        if last is not None:
            headers["Last-Event-ID"] = str(last)
        self.link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        self.link.request("GET", path, headers=headers)
        self.answer = self.link.getresponse()
        self.status = self.answer.status
        self.beats = 0

    def next(self):
        """This function will return the next item, or None when the stream has ended."""
        for line in self.answer:
            if line == b"event: beat\n":
                self.beats += 1
            if line.startswith(b"data: {"):
                return json.loads(line.removeprefix(b"data: "))
        return None

    def take(self, count):
        """This function will return the numbers of the next items."""
        return [self.next()["number"] for _ in range(count)]

    def close(self):
        """This function will hang up."""
        self.link.close()


def post(server, path, **fields):
    """This function will post a form and return the answer's text."""
    link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    body = "&".join(f"{key}={value}" for key, value in fields.items())
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    link.request("POST", path, body=body, headers=headers)
    answer = link.getresponse()
    text = answer.read().decode()
    assert answer.status == 200, text
    link.close()
    return text


def in_thread(work):
    """This function will run work() beside the test and return its thread."""
    thread = threading.Thread(target=work)
    thread.start()
    return thread
