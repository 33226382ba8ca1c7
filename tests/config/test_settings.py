"""Settings are read in a fresh interpreter: what an environment does to a start."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

SAFE = {
    "LEITAI_MODE": "production",
    "LEITAI_SECRET_KEY": "k" * 50,
    "LEITAI_ALLOWED_HOSTS": "lt.example.gov.cn",
}


def read_settings(tmp_path, expression, **environment):
    """This function will evaluate an expression over the settings and return (code, out, err)."""
    done = subprocess.run(
        [sys.executable, "-c", f"from config import settings; print({expression})"],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(settings.BASE_DIR),
            "PYTHONUTF8": "1",
            "LEITAI_DATA_DIR": str(tmp_path),
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout.strip(), done.stderr


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"LEITAI_SECRET_KEY": ""}, "LEITAI_SECRET_KEY"),
        ({"LEITAI_SECRET_KEY": "demo-secret-never-for-real-results"}, "演示密钥"),
        ({"LEITAI_SECRET_KEY": "short"}, "演示密钥"),
        ({"LEITAI_DEBUG": "1"}, "LEITAI_DEBUG"),
        ({"LEITAI_ALLOWED_HOSTS": ""}, "LEITAI_ALLOWED_HOSTS"),
        ({"LEITAI_ALLOWED_HOSTS": " , "}, "LEITAI_ALLOWED_HOSTS"),
        ({"LEITAI_MODE": "prod"}, "LEITAI_MODE"),
        ({"LEITAI_HTTPS": "maybe"}, "LEITAI_HTTPS"),
    ],
)
def test_unsafe_production_refuses_to_start(tmp_path, change, named):
    code, _out, err = read_settings(tmp_path, "'started'", **{**SAFE, **change})
    assert code != 0
    assert "ImproperlyConfigured" in err
    assert named in err


def test_production_is_what_an_empty_environment_means(tmp_path):
    code, _out, err = read_settings(tmp_path, "settings.MODE")
    assert code != 0
    assert "LEITAI_SECRET_KEY" in err


def test_production_with_its_settings_starts_on_shanghai_time_without_debug(tmp_path):
    code, out, err = read_settings(
        tmp_path, "(settings.DEBUG, settings.TIME_ZONE, settings.ALLOWED_HOSTS)", **SAFE
    )
    assert (code, out) == (0, "(False, 'Asia/Shanghai', ['lt.example.gov.cn'])"), err


def test_database_address_chooses_postgresql_with_lasting_connections(tmp_path):
    _code, out, err = read_settings(
        tmp_path,
        "[settings.DATABASES['default'][k] for k in ('ENGINE', 'NAME', 'CONN_MAX_AGE')]",
        **SAFE,
        DATABASE_URL="postgres://u:p@db/leitai",
    )
    assert out == "['django.db.backends.postgresql', 'leitai', None]", err


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("recursive_triggers", 1), ("foreign_keys", 1)],
)
def test_sqlite_connection_keeps_every_acknowledged_write(db, pragma, value):
    from django.db import connection

    with connection.cursor() as cursor:
        assert cursor.execute(f"PRAGMA {pragma}").fetchone() == (value,)


def test_collected_files_are_never_thrown_away():
    with pytest.raises(CommandError, match="已公布的页面"):
        call_command("collectstatic", clear=True, interactive=False, verbosity=0)
