"""What a round asks for besides marks: its criteria, their inputs, and how a cell becomes a number.

A cell is (entry key, criterion key, input key); its value is plain decimal text, or "" for missing.
"""

from dataclasses import dataclass

from django.core.exceptions import ValidationError

from competitions.tables.values import CellError, bare, is_missing, parse_number

# Words that offices write where there is no number. It is missing, never zero.
MISSING = frozenset(["无", "暂无", "缺", "未报", "n/a", "na"])
COUNTED = "票 人 人次 万人次 户 家 个 件 次 项 处 亩 万亩"
COUNTED_UNITS = frozenset(COUNTED.split())
WHOLE_DIGITS, PLACES = 12, 9


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


def header_of(input_):
    """This function will return the heading of an input's column, its unit in brackets."""
    return f"{input_.title}（{input_.unit}）" if input_.unit else input_.title


def read_value(text, input_, *, votes=False):
    """This function will return what was typed as decimal text, "" when it is missing.

    Full-width digits, thousands separators and units of the same kind (300万元 where the unit is
    元, 12.5% where it is per cent) are understood. Anything else raises ValidationError.
    """
    words = str(text).strip()
    if is_missing(words) or bare(words) in MISSING:
        return ""
    unit = input_.unit.strip()
    try:
        value = parse_number(words, unit=unit or None).value
    except CellError as error:
        raise ValidationError(f"填写的{error}") from None
    if not unit and bare(words).endswith("%"):
        raise ValidationError(f"「{_short(words)}」是百分数，“{input_.title}”不是，请换算后再填。")
    whole, _, places = value.lstrip("-").partition(".")
    if len(whole) > WHOLE_DIGITS or len(places) > PLACES:
        raise ValidationError(
            f"「{_short(text)}」过大或小数位过多（整数 {WHOLE_DIGITS} 位、小数 {PLACES} 位以内）。"
        )
    if value.startswith("-") and (votes or unit in COUNTED_UNITS):
        raise ValidationError(f"「{_short(text)}」小于零，“{input_.title}”不能是负数，请核对。")
    if votes and places:
        raise ValidationError(f"「{_short(text)}」不是整数，票数应为整数，请核对。")
    return value


def _short(text):
    text = str(text).strip()
    return text if len(text) <= 30 else text[:30] + "…"


def cells_of(asked):
    """This function will return every (criterion key, Input) of the asked criteria, in order."""
    return [(item.key, input_) for item in asked for input_ in item.inputs]


def missing_inputs(asked_one, values):
    """This function will return the inputs of a criterion that `values` has no number for."""
    return [item for item in asked_one.inputs if not values.get(item.key)]
