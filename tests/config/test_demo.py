"""The demonstration, as a newcomer starts it: from nothing, then again."""

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import threading
import urllib.request

import pytest
from django.conf import settings

from tests.config.test_server import free_ports

pytestmark = pytest.mark.sqlite
ROLES = ["组织部", "计票员", "评委", "党委书记", "监督员", "系统管理员"]


@pytest.fixture
def folder():
    """A folder of the demonstration inside var/, where alone it may be reset."""
    path = settings.BASE_DIR / "var" / f"demo-test-{os.getpid()}"
    path.mkdir(parents=True)
    yield path
    shutil.rmtree(path, ignore_errors=True)


class Demo:
    """One run of script/demo: its banner, its front page, and its end by Ctrl-C."""

    def __init__(self, folder, *arguments):
        (self.port,) = free_ports(1)
        kept = {key: value for key, value in os.environ.items() if not key.startswith("LEITAI_")}
        self.process = subprocess.Popen(
            [settings.BASE_DIR / "script" / "demo", *arguments],
            env={**kept, "LEITAI_DEMO_DIR": str(folder), "PORT": str(self.port)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        self.banner = ""
        for line in self.process.stdout:
            self.banner += line
            if "Ctrl-C" in line:
                break
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    def front_page(self):
        """This function will return the text of the address that the banner names."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=30) as answer:
            return answer.read().decode()

    def stop(self):
        """This function will press Ctrl-C and return the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=30)


def test_demo_starts_from_nothing_and_keeps_its_data_when_started_again(folder):
    (folder / "leitai.sqlite3").write_text("an old demonstration")
    first = Demo(folder, "--reset")
    try:
        assert f"http://127.0.0.1:{first.port}/" in first.banner
        assert [role for role in ROLES if role not in first.banner] == []
        judges = re.search(r"在另一个窗口运行 (.+?)，演示评委", first.banner).group(1)
        done = subprocess.run(
            ["bash", "-c", f"{judges} --once"],
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=True,
        )
        assert "现在没有要演示评委交的打分" in done.stdout
        front = first.front_page()
        assert "演示数据，非真实结果" in front
        assert "亲手办一场擂台" in front and "?next=/work/linhe-2024/arena/arena/" in front
    finally:
        assert first.stop() == 0

    with sqlite3.connect(folder / "leitai.sqlite3") as database:
        database.execute("UPDATE competitions_person SET post = '改过的职务'")
        people = database.execute("SELECT count(*) FROM competitions_person").fetchone()
    second = Demo(folder)
    try:
        assert [role for role in ROLES if role not in second.banner] == []
        assert "演示数据，非真实结果" in second.front_page()
    finally:
        assert second.stop() == 0
    with sqlite3.connect(folder / "leitai.sqlite3") as database:
        found = "SELECT count(*) FROM competitions_person WHERE post = '改过的职务'"
        assert database.execute(found).fetchone() == people
