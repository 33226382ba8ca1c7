"""JSON and TOML as a bundle may hold them: whole numbers, no doubled keys, nothing too deep."""

import json
import re

from competitions.scheme.read import SchemeError, read_document, read_toml
from publication.bundle import limits
from publication.bundle.problems import BundleError, shown

HALF = re.compile(rb"\\u[dD][89a-fA-F]")
LONGEST_WHOLE = 16


class Budget:
    """How many values may still be read, over all the documents of a bundle."""

    def __init__(self, values=limits.VALUES):
        self.whole = self.left = values

    def spend(self, data, name):
        """This function will take what a text of JSON or CSV holds at most off the budget."""
        self.left -= sum(data.count(sign) for sign in (b",", b"[", b"{", b"\n"))
        if self.left < 0:
            raise BundleError(
                f"读到「{shown(name)}」时，卷宗的数据超过 {self.whole // 10_000} 万个，不予读取。"
            )


def read_json(data, name, budget=None):
    """This function will return what a JSON file holds: dict, list, str, int, bool and None.

    Doubled keys, numbers with a point or an exponent, NaN, halves of characters, more than 48
    levels or more values than the budget raise BundleError with the file's name.
    """
    (budget or Budget()).spend(data, name)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BundleError(f"「{name}」不是 UTF-8 文本，请另存为 UTF-8。") from None
    halves = HALF.search(data) is not None
    try:
        value = json.loads(
            text,
            object_pairs_hook=_pairs,
            parse_float=_refuse_number,
            parse_constant=_refuse_number,
            parse_int=_whole,
        )
    except RecursionError:
        raise BundleError(f"「{name}」嵌套过深，不予读取。") from None
    except json.JSONDecodeError as error:
        place = f"第 {error.lineno} 行第 {error.colno} 个字符处"
        raise BundleError(f"「{name}」不是正确的 JSON（{place}）。") from None
    except _Refused as error:
        raise BundleError(f"「{name}」：{error}") from None
    _check_depth(value, name, halves)
    return value


def read_scheme(data, name, budget=None):
    """This function will read a scheme from TOML or from its canonical document."""
    try:
        if name.endswith(".toml"):
            return read_toml(_scheme_text(data, name))
        return read_document(read_json(data, name, budget))
    except SchemeError as error:
        raise BundleError(*(f"「{name}」{problem}" for problem in error.problems)) from None


def _scheme_text(data, name):
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise BundleError(f"「{name}」不是 UTF-8 文本，请另存为 UTF-8。") from None


class _Refused(Exception):
    pass


def _pairs(pairs):
    value = dict(pairs)
    if len(value) != len(pairs):
        names = [key for key, _ in pairs]
        twice = next(key for key in names if names.count(key) > 1)
        raise _Refused(f"键「{shown(twice)}」重复，无法确定以哪一个为准。")
    return value


def _refuse_number(text):
    raise _Refused(f'「{shown(text)}」不是整数；小数要写成带引号的文本，例如 "9.50"。')


def _whole(text):
    if len(text) > LONGEST_WHOLE:
        raise _Refused(f"整数「{shown(text, 20)}」太大。")
    return int(text)


def _check_depth(value, name, halves):
    waiting = [(value, 1)]
    while waiting:
        item, depth = waiting.pop()
        if isinstance(item, str):
            if halves:
                _check_text(item, name)
            continue
        if not isinstance(item, dict | list):
            continue
        if depth > limits.DEPTH:
            raise BundleError(f"「{name}」嵌套超过 {limits.DEPTH} 层，不予读取。")
        if halves and isinstance(item, dict):
            for key in item:
                _check_text(key, name)
        inner = item.values() if isinstance(item, dict) else item
        kinds = (dict, list, str) if halves else (dict, list)
        waiting += [(each, depth + 1) for each in inner if isinstance(each, kinds)]


def _check_text(text, name):
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise BundleError(f"「{name}」里有半个字符（代理码点），请更正。") from None
