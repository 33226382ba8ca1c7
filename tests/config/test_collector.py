"""The garbage collector's settings in a server's process."""

import gc
import sys
import weakref

import pytest

from config.collector import THRESHOLDS, settle_collector


class Knot:
    """Something that refers to itself, so that only the collector can free it."""

    def __init__(self):
        self.own = self


@pytest.fixture
def settled():
    before = gc.get_threshold()
    settle_collector()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


def test_a_settled_collector_leaves_the_loaded_pages_alone_and_frees_what_comes_after(settled):
    views = sys.modules["scoring.views.rulings"]
    assert gc.get_threshold() == THRESHOLDS
    assert not any(held is views.__dict__ for held in gc.get_objects())
    knot = weakref.ref(Knot())
    gc.collect()
    assert knot() is None
