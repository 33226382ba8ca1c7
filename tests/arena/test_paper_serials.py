"""Serial numbers: what is mistyped is found; the bars hold the digits."""

import pytest

from arena.stage.serials import (
    check_digit,
    draw_bars,
    is_rehearsed,
    make_serial,
    read_serial,
    show_serial,
)

SERIAL = make_serial("ab" * 16, "arena", 12)


def test_check_digit_is_that_of_the_published_example():
    assert check_digit("572") == "4" and check_digit("5724") == "0"


def test_every_wrong_digit_and_every_swap_is_found():
    for place, digit in enumerate(SERIAL):
        for other in set("0123456789") - {digit}:
            assert check_digit(SERIAL[:place] + other + SERIAL[place + 1 :]) != "0"
    for place in range(len(SERIAL) - 1):
        first, second = SERIAL[place : place + 2]
        if first != second:
            assert check_digit(SERIAL[:place] + second + first + SERIAL[place + 2 :]) != "0"


def test_serial_is_read_as_people_and_scanners_write_it():
    assert len(SERIAL) == 7 and SERIAL[2:6] == "0012"
    full_width = "".join(chr(ord(digit) + 0xFEE0) for digit in SERIAL)
    for text in (SERIAL, show_serial(SERIAL), f" {SERIAL[:3]} {SERIAL[3:]}\n", full_width):
        assert read_serial(text) == SERIAL
    assert read_serial(make_serial("ab" * 16, "arena", 12345))[2:7] == "12345"


def test_serials_of_rehearsals_are_never_those_of_real_events():
    chains = [f"{number:032x}" for number in range(300)]
    real = {make_serial(chain, "arena", 12) for chain in chains}
    rehearsed = {make_serial(chain, "arena", 12, rehearsal=True) for chain in chains}
    assert all(map(is_rehearsed, rehearsed)) and not any(map(is_rehearsed, real))
    assert len(rehearsed) == 10 and len(real) == 90
    assert all(read_serial(serial) == serial for serial in real | rehearsed)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "请输入或扫描"),
        ("E01", "不是编号"),
        ("1230", "不是编号"),
        ("²123456", "校验位|不是编号"),
    ],
)
def test_what_is_no_serial_is_refused_in_a_sentence(text, words):
    with pytest.raises(ValueError, match=words):
        read_serial(text)


def test_bars_are_code_39():
    bars, width = draw_bars(SERIAL)
    signs = len(SERIAL) + 2
    # Five bars a sign; each sign has three wide elements of nine, and a gap stands between two.
    assert len(bars) == 5 * signs and width == signs * 15 + signs - 1
    starts = [bars[5 * sign : 5 * sign + 5] for sign in range(signs)]
    assert [size for _left, size in starts[0]] == [size for _left, size in starts[-1]]
    assert [size for _left, size in starts[0]] == [1, 1, 3, 3, 1]
    assert bars[-1][0] + bars[-1][1] == width
