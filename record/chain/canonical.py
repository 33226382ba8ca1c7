"""The canonical form: one value has one sequence of bytes, on every machine and in every language.

JSON in UTF-8 without spaces, keys sorted by code point, strings in Unicode's NFC form, whole
numbers only. Scores and measurements travel as plain decimal strings (`decimal_text`), because
binary fractions differ between programs and a decimal string does not.
"""

import json
import re
import unicodedata
from decimal import Decimal

DEPTH_LIMIT = 64
# Beyond this many other languages' JSON readers silently change a whole number.
WHOLE_LIMIT = 2**53 - 1
DIGITS_LIMIT = 100
_ENCODER = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
)
_DECIMAL = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]+))?")


def encode(value) -> bytes:
    """This function will return the canonical JSON of a value as UTF-8 bytes.

    Allowed are None, bool, int, str, list and dict with text keys, nested up to 64 deep. Anything
    else raises ValueError with a Chinese sentence that begins with the place, such as
    `marks[2].value`.
    """
    return _ENCODER.encode(_plain(value, (), 0)).encode("utf-8")


def decode(text: str | bytes):
    """This function will return the value of a JSON text that is already in canonical form.

    Doubled keys, fractions, spaces, unsorted keys and every other deviation raise ValueError.
    """
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError:
            raise ValueError("正文不是 UTF-8 文本。") from None
    try:
        value = json.loads(
            text,
            object_pairs_hook=_pairs,
            parse_float=_refuse_number,
            parse_constant=_refuse_number,
        )
    except RecursionError:
        raise ValueError("正文嵌套太深。") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"正文不是 JSON 文本（第 {error.pos + 1} 个字符处）。") from None
    if encode(value).decode("utf-8") != text:
        raise ValueError("正文不是规范形式（键的次序、空格或字符写法不同）。")
    return value


def decimal_text(value: str | int | Decimal) -> str:
    """This function will return a decimal number as plain text with its declared digits kept.

    `9.50` stays `9.50`; a plus sign, superfluous leading zeros and the sign of zero go; `.5`
    becomes `0.5`. Exponents, NaN, infinity, full-width digits, separators and binary floats raise
    ValueError: whoever reads input normalises it first.
    """
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        raise ValueError(f"「{value!r}」不是十进制数的文本。")
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError(f"「{value}」不是有限的数。")
        _, digits, exponent = value.as_tuple()
        if len(digits) + abs(exponent) > DIGITS_LIMIT:
            raise ValueError(f"这个数超过 {DIGITS_LIMIT} 位。")
        value = format(value, "f")
    elif isinstance(value, int):
        if abs(value) >= 10**DIGITS_LIMIT:
            raise ValueError(f"这个数超过 {DIGITS_LIMIT} 位。")
        value = str(value)
    if len(value) > DIGITS_LIMIT:
        raise ValueError(f"这个数超过 {DIGITS_LIMIT} 位。")
    match = _DECIMAL.fullmatch(value)
    if match is None or not (match[2] or match[3]):
        raise ValueError(f"「{value}」不是普通写法的十进制数，例如 9.50。")
    whole = match[2].lstrip("0") or "0"
    text = f"{whole}.{match[3]}" if match[3] else whole
    negative = match[1] == "-" and text.strip("0.") != ""
    return f"-{text}" if negative else text


def _plain(value, path, depth):
    if value is None or value is True or value is False:
        return value
    if isinstance(value, str):
        return _text(value, path)
    if isinstance(value, int):
        whole = int(value)
        if abs(whole) > WHOLE_LIMIT:
            raise _refusal(path, "整数太大，请用十进制文本")
        return whole
    if depth >= DEPTH_LIMIT and isinstance(value, (list, dict)):
        raise _refusal(path, f"嵌套超过 {DEPTH_LIMIT} 层")
    if isinstance(value, list):
        return [
            item if _is_bare(item) else _plain(item, (*path, number), depth + 1)
            for number, item in enumerate(value)
        ]
    if isinstance(value, dict):
        plain = {}
        for key, item in value.items():
            if not isinstance(key, str):
                raise _refusal(path, f"键「{key!r}」不是文本")
            name = key if _is_bare(key) else _text(key, path)
            if name in plain:
                raise _refusal(path, f"键「{name}」规范化以后重复")
            plain[name] = item if _is_bare(item) else _plain(item, (*path, name), depth + 1)
        return plain
    if isinstance(value, (float, Decimal)):
        raise _refusal(path, '不接受小数，请用十进制文本，例如 "9.50"')
    raise _refusal(path, f"不接受 {type(value).__name__} 类型的值")


def _is_bare(value):
    """Whether a value is its own plain form at a glance, as most texts of the record are."""
    return type(value) is str and value.isascii()


def _text(value, path):
    if value.isascii():
        return str.__str__(value)
    text = unicodedata.normalize("NFC", value)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise _refusal(path, "文本里有半个字符（代理码点）") from None
    return text


def _refusal(path, reason):
    place = ""
    for step in path:
        if isinstance(step, int):
            place += f"[{step}]"
        else:
            place += f".{step}" if place else step
    return ValueError(f"{place or '最外层'}：{reason}。")


def _pairs(pairs):
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("正文里有重复的键。")
    return value


def _refuse_number(text):
    raise ValueError(f"正文里的「{text}」不是整数。")
