"""The server for real use, started as on a county's machine, behind the shipped nginx settings."""

import contextlib
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.conf import settings

from tests.config.test_settings import SAFE

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
# One server for the file, whichever worker gets it.
pytestmark = pytest.mark.own_database
READY = "the worker answers requests now"


def free_ports(count):
    """This function will return ports of 127.0.0.1 that nobody listens on."""
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def environment(folder, **more):
    """This function will return the environment of a production server with this data folder."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("LEITAI_")}
    kept.pop("DATABASE_URL", None)
    return {**kept, **SAFE, "LEITAI_DATA_DIR": str(folder), "LEITAI_BANNER": READY, **more}


def wait_until_ready(process, workers=1):
    """This function will read the server's output until so many workers are ready."""
    lines = []
    for line in process.stdout:
        workers -= READY in line
        if workers == 0:
            # Whoever does not read on blocks the server once the pipe is full.
            threading.Thread(target=process.stdout.read, daemon=True).start()
            return
        lines.append(line)
    raise AssertionError("the server ended before it was ready:\n" + "".join(lines))


def get(address, method="GET"):
    """This function will return (status, headers, text) of an answer."""
    request = urllib.request.Request(
        address,
        headers={"Host": "lt.example.gov.cn"},
        method=method,
        data=b"" if method == "POST" else None,
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.headers, refusal.read().decode()


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory):
    return tmp_path_factory.mktemp("production")


def execute(url, *statements):
    """This function will run statements on the database of an address and return the last row."""
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    else:
        connection = psycopg2.connect(url)
        connection.autocommit = True
    with contextlib.closing(connection), contextlib.closing(connection.cursor()) as cursor:
        for statement in statements:
            cursor.execute(statement)
        return cursor.fetchone() if cursor.description else None


@pytest.fixture(scope="module")
def database(data_dir, worker_id):
    """The address of an empty database, of the kind that this run of the tests is for."""
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        yield f"sqlite:///{data_dir / 'leitai.sqlite3'}"
        return
    name = f"test_production_{worker_id}"
    execute(given, f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}")
    yield urlsplit(given)._replace(path=f"/{name}").geturl()
    execute(given, f"DROP DATABASE {name}")


def start_server(folder, database, back, feed):
    """This function will start script/server on two ports and return it when it answers."""
    server = subprocess.Popen(
        [settings.BASE_DIR / "script" / "server"],
        env=environment(
            folder,
            DATABASE_URL=database,
            LEITAI_BIND=f"127.0.0.1:{back}",
            LEITAI_FEED_BIND=f"127.0.0.1:{feed}",
            LEITAI_WORKERS="2",
            LEITAI_THREADS="2",
        ),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    # SQLite: one process. PostgreSQL: two for the pages, one for the feed.
    wait_until_ready(server, 1 if database.startswith("sqlite") else 3)
    return server


@contextlib.contextmanager
def nginx(folder, *, back, feed):
    """This function will return a context with nginx, set up as shipped, before two ports: the
    address that it answers at."""
    (front,) = free_ports(1)
    shipped = (settings.BASE_DIR / "deploy" / "nginx.conf").read_text()
    shipped = shipped.replace("127.0.0.1:8000", f"127.0.0.1:{back}")
    shipped = shipped.replace("127.0.0.1:8001", f"127.0.0.1:{feed}")
    shipped = shipped.replace("listen 80;", f"listen 127.0.0.1:{front};")
    shipped = shipped.replace("/var/log/nginx/", f"{folder}/nginx-")
    (folder / "leitai.conf").write_text(shipped)
    whole = folder / "nginx.conf"
    whole.write_text(
        f"user root;\npid {folder}/nginx.pid;\nerror_log {folder}/nginx-error.log;\n"
        f"events {{}}\nhttp {{\n include /etc/nginx/mime.types;\n access_log off;\n"
        + "".join(
            f" {kind}_temp_path {folder}/nginx-{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        + f" include {folder}/leitai.conf;\n}}\n"
    )
    # It returns when nginx listens.
    subprocess.run([NGINX, "-c", whole, "-p", folder], check=True)
    try:
        yield f"http://127.0.0.1:{front}"
    finally:
        subprocess.run([NGINX, "-c", whole, "-p", folder, "-s", "stop"], check=True)


@pytest.fixture(scope="module")
def origin(data_dir, database):
    """The address of nginx in front of a production server on a database of its own."""
    back, feed = free_ports(2)
    server = start_server(data_dir, database, back, feed)
    try:
        with nginx(data_dir, back=back, feed=feed) as address:
            yield address
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=30) == 0


def test_health_of_a_running_server_is_ok_through_nginx(origin):
    status, headers, text = get(f"{origin}/healthz")
    assert (status, text) == (200, "ok\n")
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"


def test_feed_is_served_at_the_same_address(origin):
    status, headers, text = get(f"{origin}/feed/healthz")
    assert (status, text) == (200, "ok\n")
    assert headers["Cache-Control"] == "no-store, no-transform"
    assert get(f"{origin}/feed/linhe-2022/arena/no-such-audience/")[0] == 404


@pytest.mark.postgres
def test_server_ends_when_one_of_its_two_parts_ends(origin, data_dir, database):
    server = start_server(data_dir, database, *free_ports(2))
    found = subprocess.run(
        ["pgrep", "-P", str(server.pid)], capture_output=True, text=True, check=True
    )
    feed, pages = sorted(int(word) for word in found.stdout.split())
    os.kill(feed, signal.SIGKILL)
    assert server.wait(timeout=30) == 1
    with pytest.raises(ProcessLookupError):
        os.kill(pages, 0)


def test_unknown_host_is_refused(origin):
    with pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(f"{origin}/healthz", timeout=30)
    assert refusal.value.code == 400
    refusal.value.close()


def test_static_file_is_served_compressed_and_for_ever(origin, data_dir):
    manifest = (data_dir / "static" / "staticfiles.json").read_text()
    name = re.search(r'"css/[^"]*": "(css/[^"]*)"', manifest).group(1)
    status, headers, _text = get(f"{origin}/static/{name}")
    assert status == 200
    assert "immutable" in headers["Cache-Control"]


def test_access_log_has_the_visitor_but_no_query(origin, data_dir):
    get(f"{origin}/healthz?q=%E5%BC%A0%E4%B8%89")
    lines = (data_dir / "logs" / "access.log").read_text(encoding="utf-8").splitlines()
    assert any('127.0.0.1 127.0.0.1 "GET /healthz" 200' in line for line in lines)
    assert not any("%E5" in line or "张三" in line for line in lines)


def test_sign_in_is_slowed_down_for_one_address_but_pages_are_not(origin):
    answers = [get(f"{origin}/signin/", "POST")[0] for _ in range(90)]
    assert 429 in answers
    assert get(f"{origin}/healthz")[0] == 200


def test_health_is_bad_once_a_guard_of_the_record_is_gone(origin, database):
    if database.startswith("sqlite"):
        find = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
        name, repair = execute(database, find)
        spoil = f"DROP TRIGGER {name}"
    else:
        name = "record_revision_no_change"
        spoil = f"ALTER TABLE record_revision DISABLE TRIGGER {name}"
        repair = f"ALTER TABLE record_revision ENABLE ALWAYS TRIGGER {name}"
    execute(database, spoil)
    try:
        status, _headers, text = get(f"{origin}/healthz")
    finally:
        execute(database, repair)
    assert status == 503
    assert name in text
    assert get(f"{origin}/healthz")[0] == 200


@pytest.mark.parametrize(
    ("change", "named"),
    [({"LEITAI_DEBUG": "1"}, "LEITAI_DEBUG"), ({"LEITAI_SECRET_KEY": "short"}, "演示密钥")],
)
def test_unsafe_server_does_not_start_and_touches_nothing(tmp_path, change, named):
    done = subprocess.run(
        [settings.BASE_DIR / "script" / "server"],
        env=environment(tmp_path, **change),
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode != 0
    assert named in done.stderr
    assert list(tmp_path.iterdir()) == []


def gunicorn_settings(folder, **more):
    """This function will return (workers, application) as config/gunicorn.py chooses them."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from config import gunicorn as g; print(g.workers, g.wsgi_app)",
        ],
        cwd=settings.BASE_DIR,
        env=environment(folder, **more),
        capture_output=True,
        text=True,
        check=True,
    )
    return tuple(done.stdout.split())


def test_embedded_database_gets_one_process_for_pages_and_feed(tmp_path):
    assert gunicorn_settings(tmp_path, LEITAI_WORKERS="9") == ("1", "config.asgi:application")


def test_postgresql_gets_as_many_processes_as_the_environment_says(tmp_path):
    url = "postgres://u:p@db/leitai"
    chosen = gunicorn_settings(tmp_path, DATABASE_URL=url, LEITAI_WORKERS="3")
    assert chosen == ("3", "config.pages:application")


def test_feed_on_postgresql_is_one_process(tmp_path):
    url = "postgres://u:p@db/leitai"
    chosen = gunicorn_settings(tmp_path, DATABASE_URL=url, LEITAI_WORKERS="3", LEITAI_PART="feed")
    assert chosen == ("1", "config.asgi:application")
