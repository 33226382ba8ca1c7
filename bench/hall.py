"""The product's own servers for a measurement, killed and started at will, and a hall before them:
what `script/bench arena` plays as its parts submits (here), faults and races."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from bench.phones import Operator, Phone

ROOT = Path(__file__).resolve().parent.parent
JUDGES = 30
# So many turns are measured each way, after one that opens the connections.
TURNS = 6
SPREAD_BOUND, INSTANT_BOUND = 100, 300


class Servers:
    """The processes that script/server starts: one on the embedded database, two on PostgreSQL."""

    def __init__(self, kind, folder, url, port):
        self.env = {
            **os.environ,
            "LEITAI_MODE": "demo",
            "LEITAI_DATA_DIR": folder,
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONPATH": str(ROOT),
            "LEITAI_BIND": f"127.0.0.1:{port}",
            "LEITAI_FEED_BIND": f"127.0.0.1:{port + 1}",
        }
        self.kind, self.port = kind, port
        self.parts = ["pages"] if kind == "embedded" else ["pages", "feed"]
        self.feed_port = port + len(self.parts) - 1
        self.processes, self.log = [], Path(folder, "errors.txt")
        # (killed, answering again), in seconds of time.monotonic().
        self.downs = []
        Path(folder, "static").mkdir(exist_ok=True)
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=self.env, check=True
        )

    def inside(self, module, wanted):
        """This function will run bench.MODULE inside the product and return the JSON it prints."""
        done = subprocess.run(
            [sys.executable, "-m", "bench.inside", f"bench.{module}"],
            cwd=ROOT,
            env={**self.env, "BENCH_HALLS": json.dumps(wanted)},
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        return json.loads(done.stdout)

    def start(self):
        """This function will start the servers and return when they answer."""
        with self.log.open("ab") as log:
            self.processes = [
                subprocess.Popen(
                    [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py"],
                    cwd=ROOT,
                    env={**self.env, "LEITAI_PART": part},
                    stdout=subprocess.DEVNULL,
                    stderr=log,
                    start_new_session=True,
                )
                for part in self.parts
            ]
        _wait(f"http://127.0.0.1:{self.port}/healthz")
        _wait(f"http://127.0.0.1:{self.feed_port}/feed/healthz")

    def kill(self):
        """This function will end all servers without warning (-9), their workers too."""
        for process in self.processes:
            os.killpg(process.pid, signal.SIGKILL)
        for process in self.processes:
            process.wait(30)
        self.processes = []

    def kill_and_start(self):
        """This function will kill the servers, start them again and note when they were away."""
        began = time.monotonic()
        self.kill()
        self.start()
        self.downs.append((began, time.monotonic()))

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *error):
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(30)


def _wait(address):
    for _attempt in range(600):
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                answer.read()
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("服务没有启动。")


def measure(servers, options):
    """This function will measure one panel handing in: spread over a second, and in one instant;
    it returns 0, or 1 when a bound is missed."""
    wanted = {"prefix": "submits", "halls": 1, "entrants": 2 * TURNS + 1, "judges": JUDGES}
    made = servers.inside("hall_setup", wanted)
    with servers:
        spread, instant = asyncio.run(_measure(servers, made))
    p95 = sorted(spread)[int(len(spread) * 0.95)]
    instant = sorted(instant)
    longest, middle, late = (
        instant[-1],
        instant[len(instant) // 2],
        instant[int(len(instant) * 0.95)],
    )
    ok = p95 <= SPREAD_BOUND and longest <= INSTANT_BOUND
    print(
        f"{servers.kind:9} {JUDGES} submits over one second, {TURNS} times: "
        f"median {sorted(spread)[len(spread) // 2]:.0f} ms, "
        f"p95 {p95:.0f} ms (bound {SPREAD_BOUND})\n"
        f"{'':9} {JUDGES} submits in one instant, {TURNS} times: median {middle:.0f} ms, "
        f"p95 {late:.0f} ms, longest {longest:.0f} ms (bound {INSTANT_BOUND}) "
        f"{'ok' if ok else 'MISSED'}",
        flush=True,
    )
    return 0 if ok else 1


async def _measure(servers, made):
    hall = made["halls"][0]
    operator = Operator(servers.port, hall, made["operators"][0])
    phones = [Phone(servers.port, hall, judge, made["marks"]) for judge in hall["judges"]]
    spread, instant = [], []
    for number, entry in enumerate(hall["order"]):
        await step(operator, "begin", "open_marking")
        over = 0 if number > TURNS else 1
        await asyncio.gather(
            *(_after(over * place / JUDGES, phone, entry) for place, phone in enumerate(phones))
        )
        taken = [1000 * (at - began) for *_what, began, at in (p.receipts[-1] for p in phones)]
        if number:
            (instant if number > TURNS else spread).extend(taken)
        await step(operator, "close", "reveal")
    return spread, instant


async def _after(seconds, phone, entry):
    await asyncio.sleep(seconds)
    if await phone.hand_in(entry) != "receipt":
        raise SystemExit(f"打分没有收下：{phone.refused[-1]}")


async def step(operator, *moves):
    """This function will make moves one after another, each of which must be possible."""
    for move in moves:
        if not await operator.move(move):
            raise SystemExit(f"现场没有执行这一步：{move}。")
