"""Requests per second of published pages as a ratio to an empty view, in one run.

`script/bench pages` loads the demo into a folder of its own, serves it with the product's own
gunicorn settings (one worker, so that the ratio is that of the work per request) and asks in turn
for the empty view, the public ranking page and a secretary's page. It prints the median of the
rounds and each page's ratio, and ends with 1 when a ratio is below its bound.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PORT = int(os.environ.get("PORT", "8765"))
ROUNDS = 5
BOUNDS = {"ranking": 0.5, "secretary": 0.06}


def main():
    """This function will run the measurement and return the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        env = {
            **os.environ,
            "LEITAI_MODE": "demo",
            "LEITAI_DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "PYTHONPATH": str(ROOT),
        }
        for command in (["migrate", "-v0"], ["collectstatic", "-v0", "--noinput"], ["load_demo"]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=env, check=True)
        cookie = subprocess.run(
            [sys.executable, "-m", "bench.inside", "bench.session"],
            cwd=ROOT,
            env=env,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "-b", f"127.0.0.1:{PORT}", "-w", "1"),
                *("--threads", "4", "--worker-class", "gthread", "--log-level", "warning"),
                "config.wsgi",
            ],
            cwd=ROOT,
            env=env,
        )
        try:
            _wait()
            return _measure(cookie)
        finally:
            server.terminate()
            server.wait(20)


def _wait():
    for _attempt in range(100):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=5) as answer:
                answer.read()
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("服务没有启动。")


def _measure(cookie):
    from bench.load import requests_per_second

    pages = {
        "empty": ("/bench/empty/", ""),
        "ranking": ("/c/linhe-2022/ranking/", ""),
        "secretary": ("/mine/linhe-2022/", cookie),
    }
    found = {name: [] for name in pages}
    for path, session in pages.values():
        requests_per_second(PORT, path, cookie=session, seconds=1)
    for _round in range(ROUNDS):
        for name, (path, session) in pages.items():
            found[name].append(requests_per_second(PORT, path, cookie=session))
    empty = statistics.median(found["empty"])
    failed = False
    for name, values in found.items():
        median = statistics.median(values)
        ratios = [value / base for value, base in zip(values, found["empty"], strict=True)]
        ratio, bound = statistics.median(ratios), BOUNDS.get(name)
        verdict = "" if bound is None else (" ok" if ratio >= bound else f" BELOW {bound}")
        failed = failed or bool(bound and ratio < bound)
        print(
            f"{name:10} {median:8.0f} requests/s  ratio {ratio:.3f} "
            f"(min {min(ratios):.3f}, max {max(ratios):.3f}){verdict}"
        )
    print(f"median of {ROUNDS} rounds of 4 s, 4 connections, 1 worker; empty view {empty:.0f}/s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
