"""The bench measures what it says: its mix, and that what it computes is complete."""

import subprocess

import pytest
from django.conf import settings

from bench.tabulate import PANEL, SIZES, build_evidence, build_scheme
from scoring.rules.tabulate import tabulate

# No database is touched: once is enough.
pytestmark = pytest.mark.sqlite


def test_sizes_hold_the_stated_values_in_the_stated_mix():
    assert (SIZES["1890"].values, SIZES["41352"].values) == (189_000, 1_240_560)
    for size in SIZES.values():
        growth, rank, panels = (sum(track[n] for track in size.tracks) for n in range(3))
        each = growth + rank + PANEL * panels
        for part in (growth, rank, PANEL * panels):
            assert abs(part / each - 1 / 3) < 0.04


def test_evidence_of_the_bench_is_complete_and_always_the_same():
    size = SIZES["11"]
    scheme = build_scheme(size, exact=False)
    first, again = (tabulate(scheme, build_evidence(size, scheme)) for _ in range(2))
    assert (first.complete, first.warnings) == (True, ())
    assert first.to_document() == again.to_document()


def test_bench_prints_time_memory_and_the_collector():
    done = subprocess.run(
        ["script/bench", "tabulate", "11"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    for words in ("collector on, thresholds", "330 values", "median of 5", "peak"):
        assert words in done.stdout
