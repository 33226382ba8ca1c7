"""Exact arithmetic: rounding half up, ratios that do not end, numbers as words."""

from fractions import Fraction

import pytest

from scoring.rules.exact import (
    Column,
    add_columns,
    clamp_column,
    plain_number,
    read_column,
    read_number,
    root,
    round_column,
    round_half_up,
    show,
)


def test_third_of_254_985_rounds_to_85():
    value = Fraction(1, 3) * read_number("254.985")
    assert value == Fraction("84.995")
    assert plain_number(value, 2) == "85.00"


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [
        ("0.005", 2, "0.01"),
        ("0.0049999", 2, "0.00"),
        ("2.675", 2, "2.68"),
        ("-0.005", 2, "-0.01"),
        ("-0.0049", 2, "0.00"),
        ("99.995", 2, "100.00"),
        ("12.5", 0, "13"),
    ],
)
def test_rounding_is_half_up_away_from_zero(value, places, rounded):
    assert plain_number(Fraction(value), places) == rounded
    assert round_column(read_column([value]), places).at(0) == round_half_up(
        Fraction(value), places
    )


@pytest.mark.parametrize(
    "text", ["", "1e3", "NaN", "inf", "1_0", " 1", "１２", "1.", ".5", None, "+1"]
)
def test_number_that_is_not_plain_is_refused(text):
    assert read_number(text) is None
    assert read_column([text]).nums == [None]


def test_column_of_strings_is_read_alike_whatever_the_decimals():
    for texts in (["1", "-2", "30"], ["1.25", "-2.50", "30.00"], ["1", "2.5", "-0.125"]):
        column = read_column(texts)
        assert [column.at(i) for i in range(3)] == [Fraction(text) for text in texts]
    assert read_column(["1\n2", "3"]).nums == [None, 3]
    odd = read_column(["1.5\n2.5", "3.5"])
    assert (odd.at(0), odd.at(1)) == (None, Fraction(7, 2))
    assert read_column(["1.5", None, "x"]).nums == [15, None, None]


def test_columns_add_over_different_denominators():
    thirds = Column([1, None, 2], 3)
    mixed = Column([1, 1, 1], dens=[7, 2, 5])
    total = add_columns([thirds, mixed], [Fraction(1), Fraction(2)])
    assert [total.at(i) for i in range(3)] == [Fraction(13, 21), None, Fraction(16, 15)]


def test_order_keys_tell_close_ratios_apart_and_equal_ones_alike():
    column = Column([333333, 1, 2, -1], dens=[1000000, 3, 6, 3])
    keys = column.order_keys()
    assert keys[0] < keys[1] == keys[2]
    assert keys[3] < keys[0]


def test_clamp_leaves_missing_alone():
    column = clamp_column(Column([-1, None, 50, 300], 10), Fraction(0), Fraction(20))
    assert [column.at(i) for i in range(4)] == [0, None, 5, 20]


def test_root_is_rounded_to_six_places():
    assert root(Fraction(2)) == Fraction("1.414214")
    assert root(Fraction(1, 4)) == Fraction(1, 2)


def test_endless_number_is_shown_with_an_ellipsis():
    assert show(Fraction(275, 3)) == "91.66666666…"
    assert show(Fraction(-1, 3)) == "-0.33333333…"
    assert show(Fraction(1, 8)) == "0.125"
