"""How fast and how surely a hall hears and is heard: on a stage, on its phones, under faults.

    script/bench arena [embedded|postgres] [feed|submits|faults|races|minute] [--submits N]
                       [--races N] [--away SECONDS] [--kills N]

measures every part on both databases unless said. For the feed it starts the product's own servers
on an empty database, opens a stream for each of 500 phones, 30 judges and 5 screens, and tells all
three audiences something four times a second. It prints how long items took from the commit until
they were received, how many arrived, and the bounds. Then 500 phones vote (bench/ballots.py), every
ballot counted once. The other parts are bench/hall.py, bench/faults.py (10,000 submits, a minute
without network), bench/races.py (1,000 of each kind) and bench/minute.py (what must be recorded in
under a minute, in real browsers at a person's pace); each has a database of its own. It ends with 1
when a bound is missed. The generator of the load runs on the same cores. PostgreSQL is that of
DATABASE_URL, else a throw-away one.
"""

import argparse
import asyncio
import contextlib
import itertools
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from bench import ballots, faults, hall, minute, races
from bench.streams import open_streams, post

ROOT = Path(__file__).resolve().parent.parent
PORT = int(os.environ.get("PORT", "8766"))
PHONES, JUDGES, SCREENS = 500, 30, 5
EVENTS, EVERY = 60, 0.25
# After the last event: whoever has not received it by then has missed it.
PATIENCE = 10
# p95 and p99 in milliseconds.
BOUNDS = {"embedded": (300, 800), "postgres": (150, 500)}
PARTS = {
    "submits": hall.measure,
    "faults": faults.measure,
    "races": races.measure,
    "minute": minute.measure,
}


def main(words):
    """This function will measure on each database and return the exit code."""
    parser = argparse.ArgumentParser(prog="script/bench arena")
    parser.add_argument("words", nargs="*", choices=[[], *BOUNDS, "feed", *PARTS])
    parser.add_argument("--submits", type=int, default=10_000)
    parser.add_argument("--races", type=int, default=1_000)
    parser.add_argument("--away", type=int, default=faults.AWAY)
    parser.add_argument("--kills", type=int, default=faults.KILLS)
    options = parser.parse_args(words)
    kinds = [kind for kind in BOUNDS if kind in options.words] or list(BOUNDS)
    parts = [part for part in ["feed", *PARTS] if part in options.words] or ["feed", *PARTS]
    # Whoever stops the measurement stops its servers too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    missed = 0
    for kind, part in itertools.product(kinds, parts):
        with tempfile.TemporaryDirectory() as folder, _database(kind, folder) as url:
            if part == "feed":
                missed += _measure(kind, folder, url)
            else:
                missed += PARTS[part](hall.Servers(kind, folder, url, PORT), options)
    return 1 if missed else 0


@contextlib.contextmanager
def _database(kind, folder):
    if kind == "embedded":
        yield f"sqlite:///{folder}/leitai.sqlite3"
        return
    import psycopg2

    given = os.environ.get("DATABASE_URL", "")
    own = {**os.environ, "LEITAI_PG_DIR": f"/tmp/leitai-pg-bench-{os.getpid()}"}
    if not given.startswith("postgres"):
        given = _run(["script/pg", "start"], own)
    name = f"leitai_bench_{os.getpid()}"

    def execute(statement):
        with contextlib.closing(psycopg2.connect(given)) as link:
            link.autocommit = True
            link.cursor().execute(statement)

    try:
        execute(f"CREATE DATABASE {name}")
        yield urlsplit(given)._replace(path=f"/{name}").geturl()
        execute(f"DROP DATABASE {name}")
    finally:
        _run(["script/pg", "stop"], own)


def _run(command, env):
    done = subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()


def _measure(kind, folder, url):
    env = {
        **os.environ,
        "LEITAI_MODE": "demo",
        "LEITAI_DATA_DIR": folder,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "bench.arena_settings",
        "PYTHONPATH": str(ROOT),
        "LEITAI_BIND": f"127.0.0.1:{PORT}",
        "LEITAI_FEED_BIND": f"127.0.0.1:{PORT + 1}",
        "LEITAI_WORKERS": "2",
    }
    Path(folder, "static").mkdir(exist_ok=True)
    _run([sys.executable, "manage.py", "migrate", "-v0"], env)
    cookie = _run([sys.executable, "-m", "bench.inside", "bench.arena_setup"], env)
    parts = ["pages"] if kind == "embedded" else ["pages", "feed"]
    hall = _run([sys.executable, "-m", "bench.inside", "bench.ballots_setup"], env)
    servers = [
        subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py"],
            cwd=ROOT,
            env={**env, "LEITAI_PART": part},
            stdout=subprocess.DEVNULL,
        )
        for part in parts
    ]
    feed_port = PORT + len(servers) - 1
    try:
        _wait(f"http://127.0.0.1:{PORT}/healthz")
        _wait(f"http://127.0.0.1:{feed_port}/feed/healthz")
        streams, commits, opening = asyncio.run(_play(feed_port, cookie))
        missed = ballots.measure(
            kind,
            PORT,
            hall,
            lambda: _run([sys.executable, "-m", "bench.inside", "bench.ballots_count"], env),
        )
    finally:
        for server in servers:
            server.terminate()
        for server in servers:
            server.wait(30)
    return missed + _report(kind, streams, commits, opening)


def _wait(address):
    for _attempt in range(300):
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                answer.read()
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("服务没有启动。")


async def _play(feed_port, cookie):
    readers = [
        *[("/feed/bench/arena/bench-hall/", "")] * PHONES,
        *[("/feed/bench/arena/bench-judge/", cookie)] * JUDGES,
        *[("/feed/bench/arena/bench-screen/", cookie)] * SCREENS,
    ]
    streams, opening = await open_streams(feed_port, readers)
    commits = [float(text) for text in await post(PORT, "/bench/tell/", EVENTS, EVERY)]
    end = time.time() + PATIENCE
    while time.time() < end and any(len(stream.arrivals()) < EVENTS for stream in streams):
        await asyncio.sleep(0.5)
    for stream in streams:
        stream.transport.abort()
    return streams, commits, opening


def _report(kind, streams, commits, opening):
    # The feed's numbers count from one in an empty database.
    delays = sorted(
        1000 * (at - commits[number - 1])
        for stream in streams
        for number, at in stream.arrivals().items()
    )
    expected = EVENTS * len(streams)
    p95, p99 = (delays[int(len(delays) * part)] if delays else 1e9 for part in (0.95, 0.99))
    wanted95, wanted99 = BOUNDS[kind]
    ok = p95 <= wanted95 and p99 <= wanted99 and len(delays) == expected
    print(
        f"{kind:9} {len(streams)} streams opened in {opening:.1f} s; "
        f"{len(delays)} of {expected} items received ({len(delays) / expected:.2%})\n"
        f"{'':9} commit to received: median {delays[len(delays) // 2] if delays else 1e9:.0f} ms, "
        f"p95 {p95:.0f} ms (bound {wanted95}), p99 {p99:.0f} ms (bound {wanted99}) "
        f"{'ok' if ok else 'MISSED'}",
        flush=True,
    )
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
