"""What a round asks for besides marks: its criteria, their inputs, and how a cell becomes a number.

A cell is (entry key, criterion key, input key); its value is plain decimal text, or "" for missing.
"""

import re
import unicodedata
from dataclasses import dataclass

from django.core.exceptions import ValidationError

# What offices write where there is no number. It is missing, never zero.
MISSING = {"", "/", "\\", "-", "--", "—", "——", "–", "无", "暂无", "缺", "未报", "n/a", "na"}
COUNTED = "票 人 人次 万人次 户 家 个 件 次 项 处 亩 万亩"
COUNTED_UNITS = frozenset(COUNTED.split())
WHOLE_DIGITS, PLACES = 12, 9
_NUMBER = re.compile(r"([+-]?)(\d+)(?:\.(\d+))?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")


@dataclass(frozen=True)
class Asked:
    """One criterion of a round that staff fill in: the scheme's criterion and its inputs."""

    criterion: object
    inputs: tuple

    @property
    def key(self):
        return self.criterion.key

    @property
    def title(self):
        return self.criterion.title

    @property
    def is_votes(self):
        return self.criterion.evidence == "votes"

    def input(self, key):
        """This function will return the input of that key, or None."""
        return next((item for item in self.inputs if item.key == key), None)


def find_asked(round_):
    """This function will return the criteria of a round that a grid fills in, in their order."""
    return [Asked(item, item.inputs) for item in round_.criteria if item.inputs]


def is_percent(input_):
    """This function will say whether the input is stated in per cent."""
    return unicodedata.normalize("NFKC", input_.unit).strip() in {"%", "百分比"}


def header_of(input_):
    """This function will return the heading of an input's column, its unit in brackets."""
    return f"{input_.title}（{input_.unit}）" if input_.unit else input_.title


def read_value(text, input_, *, votes=False):
    """This function will return what was typed as decimal text, "" when it is missing.

    Full-width digits, thousands separators, a repeated unit and (where the unit is per cent) a per
    cent sign are understood. Anything else raises ValidationError with a Chinese sentence.
    """
    plain = unicodedata.normalize("NFKC", str(text)).strip()
    if plain.lower() in MISSING:
        return ""
    number = re.sub(r"\s+", "", plain)
    unit = unicodedata.normalize("NFKC", input_.unit)
    if number.endswith("%"):
        if not is_percent(input_):
            raise ValidationError(
                f"「{_short(text)}」是百分数，而“{input_.title}”的单位是"
                f"{input_.unit or '数'}，请换算后再填。"
            )
        number = number[:-1]
    elif unit and number.endswith(unit):
        number = number[: -len(unit)]
    if _GROUPED.fullmatch(number):
        number = number.replace(",", "")
    match = _NUMBER.fullmatch(number)
    if match is None:
        hint = f"，单位是{input_.unit}" if input_.unit else ""
        raise ValidationError(
            f"「{_short(text)}」不是数字，请填写数字{hint}；没有数据的填「/」或留空。"
        )
    sign, whole, places = match[1], match[2].lstrip("0") or "0", match[3] or ""
    if len(whole) > WHOLE_DIGITS or len(places) > PLACES:
        raise ValidationError(
            f"「{_short(text)}」过大或小数位过多（整数 {WHOLE_DIGITS} 位、小数 {PLACES} 位以内）。"
        )
    value = f"{whole}.{places}" if places else whole
    negative = sign == "-" and value.strip("0.") != ""
    if negative and (votes or unit in COUNTED_UNITS):
        raise ValidationError(f"「{_short(text)}」小于零，“{input_.title}”不能是负数，请核对。")
    if votes and places.strip("0"):
        raise ValidationError(f"「{_short(text)}」不是整数，票数应为整数，请核对。")
    return f"-{value}" if negative else value


def _short(text):
    text = str(text).strip()
    return text if len(text) <= 30 else text[:30] + "…"


def cells_of(asked):
    """This function will return every (criterion key, Input) of the asked criteria, in order."""
    return [(item.key, input_) for item in asked for input_ in item.inputs]


def missing_inputs(asked_one, values):
    """This function will return the inputs of a criterion that `values` has no number for."""
    return [item for item in asked_one.inputs if not values.get(item.key)]
