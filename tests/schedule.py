"""How a run with several workers is divided: whole files, the longest first.

What a file or a package keeps for its tests is then made once, and not once for each worker.
(pytest-xdist's own groups do not take effect under this version of pytest: a test's id, to which
they would be appended, can no longer be written.) As a pytest plugin, named by tests/conftest.py.
"""

import pytest

# Folders whose tests begin with the same rows of some seconds' making.
DEMONSTRATION = ("tests/access/", "tests/demo/")
# So long, many of them with few tests, that they must not be what is left at the end.
LONG = (
    "demonstration",
    "tests/browser/",
    "tests/bundle/test_hostile.py",
    "tests/competitions/test_shipped_pages.py",
    "tests/config/test_demo.py",
    "tests/config/test_server.py",
    "tests/properties/",
    "tests/rules/test_second_calculator.py",
)


def unit_of(nodeid):
    """This function will return the name of the unit of work that a test belongs to."""
    path = nodeid.partition("::")[0]
    return "demonstration" if path.startswith(DEMONSTRATION) else path


def in_order(units):
    """This function will return {unit: tests} with the long ones first, then by their number."""

    def rank(item):
        unit, tests = item
        return not unit.startswith(LONG), -len(tests)

    return dict(sorted(units.items(), key=rank))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """This function will return the scheduler; pytest-xdist asks for it in the first process."""
    from xdist.scheduler import LoadScopeScheduling

    class WholeFiles(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return unit_of(nodeid)

        def _assign_work_unit(self, node):
            # Sorting what is sorted costs nothing, and this is asked before the first unit leaves.
            ordered = in_order(self.workqueue)
            self.workqueue.clear()
            self.workqueue.update(ordered)
            super()._assign_work_unit(node)

    return WholeFiles(config, log)
