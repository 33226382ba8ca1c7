"""The draw: the same for everybody who works it out again."""

import hashlib
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.stage.draw import draw_lots, tidy_seed

KEYS = [f"e{number:02d}" for number in range(1, 12)]
SEED = "双色球第2022096期 03 07 12 20 25 31 + 09"


def test_draw_is_known_for_a_known_seed():
    expected = sorted(KEYS, key=lambda key: hashlib.sha256(f"{SEED}|{key}".encode()).hexdigest())
    assert [lot.key for lot in draw_lots(SEED, KEYS)] == expected


@given(st.permutations(KEYS))
def test_order_of_the_list_does_not_matter(keys):
    assert draw_lots("种子", keys) == draw_lots("种子", KEYS)


def test_printed_command_gives_the_printed_digest():
    assert shutil.which("sha256sum")
    lot = draw_lots(SEED, KEYS)[0]
    answer = subprocess.run(["sh", "-c", lot.command], capture_output=True, text=True, check=True)
    assert answer.stdout.split()[0] == lot.digest


def test_repeated_entrant_is_refused():
    with pytest.raises(ValueError, match="重复"):
        draw_lots("种子", ["e01", "e01"])


@pytest.mark.parametrize("seed", ["", " \n ", "x" * 201, "it's", "a|b", 'a"b', "a\\b", "a\x07b"])
def test_seed_that_cannot_be_typed_again_is_refused(seed):
    with pytest.raises(ValueError, match="种子"):
        tidy_seed(seed)


def test_seed_is_kept_with_single_spaces():
    assert tidy_seed("  03  07\n12 ") == "03 07 12"
