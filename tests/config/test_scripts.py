"""The commands' manners, as far as they can be tried in a second."""

import os
import shutil
import socket
import stat
import subprocess
import sys

import pytest
from django.conf import settings

SCRIPTS = settings.BASE_DIR / "script"


def run(command, **environment):
    """This function will run a command of script/ and return it, finished."""
    return subprocess.run(
        ["bash", "-c", command],
        cwd=settings.BASE_DIR,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def with_lib(command, **environment):
    """This function will run a line of shell with script/lib.sh read."""
    return run(f"set -euo pipefail; . script/lib.sh; {command}", **environment)


NO_SYSTEM = "SYSTEM_PYTHON=/nowhere/python3;"


@pytest.fixture
def old_python(tmp_path):
    """A folder for PATH in which every python3 is 3.9, and nothing newer is found."""
    for name in ["dirname", "cat", "bash"]:
        (tmp_path / name).symlink_to(shutil.which(name))
    fake = tmp_path / "python3"
    fake.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2" && exit 0\nexit 1\n')
    fake.chmod(0o755)
    return str(tmp_path)


def test_old_python_is_refused_in_two_languages(old_python):
    bash = shutil.which("bash")
    done = run(f"PATH={old_python}; {bash} -c '{NO_SYSTEM} . script/lib.sh; find_python'")
    assert done.returncode == 1
    assert "需要 Python 3.11" in done.stderr
    assert "Python 3.9.2" in done.stderr
    assert "Python 3.11 or newer with venv is required" in done.stderr


def test_newer_python_is_found(tmp_path):
    (tmp_path / "python3").symlink_to(sys.executable)
    path = f"{tmp_path}:{os.environ['PATH']}"
    done = with_lib("find_python", PATH=path, SYSTEM_PYTHON="/nowhere/python3")
    assert (done.returncode, done.stdout.strip()) == (0, str(tmp_path / "python3"))


def test_python_of_the_system_comes_before_another_on_the_path_when_it_has_venv(tmp_path):
    for name, body in (("whole", "exit 0"), ("bare", "exit 1"), ("python3", "exit 0")):
        fake = tmp_path / name
        fake.write_text(f"#!/bin/sh\n{body}\n")
        fake.chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    for own, found in (("whole", "whole"), ("bare", "python3")):
        done = with_lib("find_python", PATH=path, SYSTEM_PYTHON=str(tmp_path / own))
        assert done.stdout.strip() == str(tmp_path / found)


def test_python_without_venv_is_refused_with_the_package_that_brings_it(tmp_path):
    fake = tmp_path / "python3"
    fake.write_text('#!/bin/sh\n[ "$1" = -m ] && exit 1\nexit 0\n')
    fake.chmod(0o755)
    done = with_lib(
        f"VENV={tmp_path}/venv PY={tmp_path}/venv/bin/python; ensure_venv",
        PATH=f"{tmp_path}:{os.environ['PATH']}",
        SYSTEM_PYTHON="/nowhere/python3",
    )
    assert done.returncode == 1
    assert "apt-get install python3-venv" in done.stderr


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", ""])
def test_port_that_is_no_port_is_refused(port):
    done = with_lib(f"require_free_port '{port}'")
    assert done.returncode == 1
    assert "端口应为 1 到 65535 之间的整数" in done.stderr


def test_port_in_use_is_refused_with_a_remedy():
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        done = with_lib(f"require_free_port {port}")
    assert done.returncode == 1
    assert f"端口 {port} 已被占用" in done.stderr
    assert f"PORT={port + 1}" in done.stderr


def test_demo_reset_outside_var_is_refused_and_removes_nothing(tmp_path):
    kept = tmp_path / "重要.txt"
    kept.write_text("留着")
    done = run("script/demo --reset", LEITAI_DEMO_DIR=str(tmp_path), PORT="1")
    assert done.returncode == 1
    assert "--reset 只清除 var/ 之内的演示数据" in done.stderr
    assert kept.read_text() == "留着"


@pytest.mark.parametrize("place", ["var", "var/../competitions", "var/.."])
def test_demo_reset_of_more_than_the_demo_is_refused(place):
    done = run("script/demo --reset", LEITAI_DEMO_DIR=str(settings.BASE_DIR / place), PORT="1")
    assert done.returncode == 1
    assert "--reset 只清除" in done.stderr


def test_demo_with_an_unknown_word_is_refused():
    done = run("script/demo --rest")
    assert done.returncode == 1
    assert "不认识的参数「--rest」" in done.stderr


def test_demo_judges_without_a_demo_are_told_to_start_it_first(tmp_path):
    done = run("script/demo-judges", LEITAI_DEMO_DIR=str(tmp_path))
    assert done.returncode == 1
    assert "请先运行 script/demo" in done.stderr


def test_unknown_part_of_the_tests_is_refused():
    done = run("script/test", LEITAI_TEST_ONLY="lint,mysql")
    assert done.returncode == 1
    assert "「mysql」不认识" in done.stderr


@pytest.mark.parametrize("kind", ["bench", "drill"])
def test_unknown_bench_or_drill_is_refused_with_a_list(kind):
    done = run(f"script/{kind} no-such-thing")
    assert done.returncode == 2
    assert f"用法：script/{kind}" in done.stderr


def test_missing_system_packages_are_named_to_an_ordinary_user(tmp_path):
    fake = tmp_path / "id"
    fake.write_text("#!/bin/sh\necho 1000\n")
    fake.chmod(0o755)
    done = with_lib("install_debian chromium", PATH=f"{tmp_path}:{os.environ['PATH']}")
    assert done.returncode == 1
    assert "apt-get install chromium" in done.stderr


def test_every_command_can_be_run():
    for path in SCRIPTS.iterdir():
        if path.suffix or path.is_dir():
            continue
        assert path.stat().st_mode & stat.S_IXUSR, path.name
        assert run(f"bash -n script/{path.name}").returncode == 0, path.name
    assert "script/test" in (settings.BASE_DIR / ".ci" / "run").read_text()


def test_development_set_contains_the_runtime_set_version_for_version():
    def pins(name):
        lines = (settings.BASE_DIR / name).read_text().splitlines()
        return {line.split(" ")[0] for line in lines if "==" in line and not line.startswith(" ")}

    runtime = pins("requirements.lock")
    assert any(pin.startswith("django==5.2") for pin in runtime)
    assert runtime <= pins("requirements-dev.lock")


@pytest.fixture
def managed(tmp_path):
    """A function that runs deploy/manage with a settings file; its manage.py prints settings."""
    (tmp_path / "deploy").mkdir()
    shutil.copy(settings.BASE_DIR / "deploy" / "manage", tmp_path / "deploy" / "manage")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (tmp_path / "manage.py").write_text(
        "import os, sys\nfor n in sys.argv[1:]: print(os.environ[n])"
    )
    fake = tmp_path / "setpriv"
    fake.write_text('#!/bin/sh\nshift 5\nexec "$@"\n')
    fake.chmod(0o755)

    def manage(text, *names):
        (tmp_path / "leitai.env").write_text(text)
        return run(
            f"{tmp_path}/deploy/manage {' '.join(names)}",
            LEITAI_ENV=str(tmp_path / "leitai.env"),
            PATH=f"{tmp_path}:{os.environ['PATH']}",
        )

    return manage


def test_settings_file_is_read_literally(managed, tmp_path):
    value = f"a $HOME `touch {tmp_path}/run` $(touch {tmp_path}/run) & = 'b' \\n #c"
    text = f'# said\n\nLEITAI_A={value}\n; said\nLEITAI_B="two words"\nLEITAI_C=\nLEITAI_D=last'
    done = managed(text, "LEITAI_A", "LEITAI_B", "LEITAI_C", "LEITAI_D", "LEITAI_MODE")
    assert done.stdout.splitlines() == [value, "two words", "", "last", "production"]
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("line", ["touch run", "export A=1", "=1", "1A=1"])
def test_settings_file_with_a_line_that_is_no_setting_is_refused(managed, line):
    done = managed(f"A=1\n{line}\n", "A")
    assert (done.returncode, done.stdout) == (1, "")
    assert "第 2 行应为 NAME=value" in done.stderr
