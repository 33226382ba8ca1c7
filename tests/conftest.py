"""What every test gets: the named people, the right database, and no silent skips.

Run by script/test, or `LEITAI_MODE=test .venv/bin/pytest` (with DATABASE_URL for PostgreSQL).
"""

import gc

import hypothesis
import pytest
from django.test import SimpleTestCase

# How long an example takes says how busy the machine is, and nothing of the product.
hypothesis.settings.register_profile(
    "house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("house")

# A test that asks for none of these cannot tell one database from the other.
DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_setup"}
pytest_plugins = [
    "tests.people",
    "tests.database",
    "tests.linhe",
    "tests.schedule",
    "tests.arena.serving",
]
skipped = []


def pytest_collection_modifyitems(config, items):
    """This function will mark browser and pure tests, and leave out the other database's."""
    from django.conf import settings

    engine = settings.DATABASES["default"]["ENGINE"].rsplit(".", 1)[-1]
    other = "postgres" if engine == "sqlite" else "sqlite"
    for item in items:
        if "browser" in item.path.relative_to(config.rootpath).parts:
            item.add_marker(pytest.mark.browser)
        if is_pure(item):
            item.add_marker(pytest.mark.pure)
    left_out = [item for item in items if item.get_closest_marker(other)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker(other)]


def pytest_collection_finish():
    """This function will spare the garbage collector what stays until the end of the run anyway:
    it went through the whole house and every test again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def is_pure(item):
    """This function will return whether a test works without any database."""
    if any(item.get_closest_marker(name) for name in ("django_db", "postgres", "own_database")):
        return False
    case = getattr(item, "cls", None)
    if case is not None and issubclass(case, SimpleTestCase):
        return False
    return not DATABASE_FIXTURES & set(item.fixturenames)


def pytest_runtest_logreport(report):
    """This function will remember each test that was skipped."""
    if report.skipped and not hasattr(report, "wasxfail"):
        skipped.append(report.nodeid)


def pytest_collectreport(report):
    """This function will remember each file that was skipped as a whole."""
    if report.skipped:
        skipped.append(report.nodeid)


def pytest_sessionfinish(session, exitstatus):
    """This function will make a run fail when a test was skipped: what cannot run has failed."""
    if skipped and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter):
    """This function will name the skipped tests."""
    for nodeid in dict.fromkeys(skipped):
        terminalreporter.write_line(f"不允许跳过测试：{nodeid}", red=True)
