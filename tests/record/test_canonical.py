"""The canonical form: one value, one sequence of bytes."""

import json
import subprocess
import sys
import unicodedata
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from record.chain.canonical import DEPTH_LIMIT, WHOLE_LIMIT, decimal_text, decode, encode

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-WHOLE_LIMIT, WHOLE_LIMIT) | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(TEXTS.map(lambda text: unicodedata.normalize("NFC", text)), inner)
    ),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (-7, "-7"),
        ("狼山镇", '"狼山镇"'),
        ('a"\\\n\x00/', '"a\\"\\\\\\n\\u0000/"'),
        ("e\u0301", '"\u00e9"'),
        ({"b": 1, "a": [1, {"d": None, "c": "9.50"}]}, '{"a":[1,{"c":"9.50","d":null}],"b":1}'),
        # Sorted by code point, not by a language's own order and not by UTF-16 units.
        ({"\U00020000": 1, "\uffee": 2, "Z": 3, "a": 4}, '{"Z":3,"a":4,"\uffee":2,"\U00020000":1}'),
        ([], "[]"),
        ({}, "{}"),
    ],
)
def test_encode_value(value, text):
    assert encode(value) == text.encode("utf-8")


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (
            {"marks": [{}, {}, {"value": 9.5}]},
            'marks[2].value：不接受小数，请用十进制文本，例如 "9.50"。',
        ),
        (float("nan"), '最外层：不接受小数，请用十进制文本，例如 "9.50"。'),
        ([Decimal("1")], '[0]：不接受小数，请用十进制文本，例如 "9.50"。'),
        ({1: 2}, "最外层：键「1」不是文本。"),
        ({"a": (1, 2)}, "a：不接受 tuple 类型的值。"),
        ({"a": b"x"}, "a：不接受 bytes 类型的值。"),
        ({"a": 2**53}, "a：整数太大，请用十进制文本。"),
        ({"a": "\ud800"}, "a：文本里有半个字符（代理码点）。"),
        ({"\u00e9": 1, "e\u0301": 2}, "最外层：键「é」规范化以后重复。"),
    ],
)
def test_encode_refuses_with_a_place(value, sentence):
    with pytest.raises(ValueError) as caught:
        encode(value)
    assert str(caught.value) == sentence


def test_encode_refuses_a_bottomless_value():
    deep = []
    for _ in range(DEPTH_LIMIT):
        deep = [deep]
    with pytest.raises(ValueError, match="嵌套"):
        encode(deep)
    endless = []
    endless.append(endless)
    with pytest.raises(ValueError, match="嵌套"):
        encode(endless)
    with pytest.raises(ValueError, match="嵌套"):
        decode("[" * 100_000)


@given(VALUES)
def test_encode_then_decode_gives_the_normalised_value(value):
    data = encode(value)
    assert encode(decode(data)) == data
    assert decode(data.decode("utf-8")) == json.loads(data)


@given(
    st.dictionaries(st.text(st.characters(exclude_categories=["Cs"], max_codepoint=0x24F)), VALUES)
)
def test_encode_does_not_depend_on_the_order_of_keys(value):
    try:
        data = encode(value)
    except ValueError:
        return
    assert encode(dict(reversed(value.items()))) == data


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"a":1}',
        '{"a": 1}',
        '{"b":1,"a":2}',
        "1.0",
        "1e3",
        "NaN",
        "-0",
        '"\\u0061"',
        "[1",
        "",
        '"e\u0301"',
        b"\xff",
        "9007199254740992",
        "1" * 5000,
        '"\\ud800"',
    ],
)
def test_decode_refuses_what_is_not_canonical(text):
    with pytest.raises(ValueError):
        decode(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("9.50", "9.50"),
        ("9", "9"),
        ("+9.5", "9.5"),
        ("007.50", "7.50"),
        (".5", "0.5"),
        ("-0.00", "0.00"),
        ("-0.01", "-0.01"),
        ("-10", "-10"),
        ("100", "100"),
        (100, "100"),
        (-3, "-3"),
        (Decimal("1E+2"), "100"),
        (Decimal("9.50"), "9.50"),
        (Decimal("-0.0"), "0.0"),
    ],
)
def test_decimal_text_of_a_number(value, text):
    assert decimal_text(value) == text
    assert decimal_text(text) == text


@pytest.mark.parametrize(
    "value",
    [
        "",
        ".",
        "5.",
        "-",
        "1e3",
        "NaN",
        "inf",
        "９.5",
        "1,000",
        " 1",
        "1_0",
        "0x1",
        "--1",
        "9.5\n",
        9.5,
        True,
        None,
        Decimal("NaN"),
        Decimal("Infinity"),
        Decimal("1E+999999"),
        10**100,
        "9" * 101,
        "٣",
    ],
)
def test_decimal_text_refuses(value):
    with pytest.raises(ValueError):
        decimal_text(value)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4))
def test_decimal_text_keeps_value_and_digits(number):
    if len(number.as_tuple().digits) > 90:
        return
    text = decimal_text(number)
    assert Decimal(text) == number
    assert Decimal(text).as_tuple().exponent == number.as_tuple().exponent


def test_chain_package_imports_on_a_bare_python():
    root = Path(__file__).resolve().parents[2]
    code = (
        f"import sys; sys.path.insert(0, {str(root)!r}); "
        "from record.chain import canonical, commitments, digests, verify; "
        "assert 'django' not in sys.modules; print(verify.verify([], chain='audit').ok)"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == "True\n"
