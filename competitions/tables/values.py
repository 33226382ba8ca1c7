"""What a cell's text means: missing, a number with its unit, a date, or clean text.

Numbers are never floats: they come and go as decimal texts, and units convert by powers of ten.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext

LONGEST_TEXT = 2_000
_DASHES = "-‐‑‒–—―−﹣"
_MISSING = re.compile(rf"[{_DASHES}/\\_]*")
_NUMBER = re.compile(r"([+-]?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(\.[0-9]+)?(\D{0,8})")
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:\.\d+)?[eE][+-]?\d+")
_MOST_DIGITS, _MOST_PLACES = 20, 12
_SCALES = {"亿": 8, "千万": 7, "百万": 6, "十万": 5, "万": 4, "千": 3}
_SAME_UNITS = {
    "¥": "元",
    "人民币": "元",
    "人民币元": "元",
    "rmb": "元",
    "百分比": "%",
    "百分数": "%",
}
_CHINESE_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")


class CellError(ValueError):
    """A cell that cannot be understood; the message continues 「金额」…."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number as plain decimal text, and the unit in which it stands (None if none was given)."""

    value: str
    unit: str | None


def widths(text: str) -> str:
    """This function will return a text with full-width letters, digits and signs made ordinary."""
    return unicodedata.normalize("NFKC", text)


def bare(text: str) -> str:
    """This function will return a text to compare: ordinary widths, no spaces, small letters."""
    return "".join(
        c for c in widths(text).casefold() if not c.isspace() and unicodedata.category(c) != "Cf"
    )


def is_missing(text: str) -> bool:
    """This function will say whether a cell holds nothing: blank, 「/」, 「-」, 「—」."""
    return _MISSING.fullmatch(bare(text)) is not None


def clean_text(text: str) -> str:
    """This function will return a text on one line without invisible characters.

    Raises CellError for control characters, for a text that a spreadsheet program would take for a
    formula (= + - @ in front), and for one of more than 2,000 characters.
    """
    shown = "".join(c for c in text if unicodedata.category(c) != "Cf")
    shown = " ".join(shown.split())
    if any(unicodedata.category(c) in ("Cc", "Cs", "Cn", "Co") for c in shown):
        raise CellError("含有不可见的控制字符，请删除后重新填写。")
    if shown[:1] in ("=", "@") or (shown[:1] in ("+", "-") and not _plain_signed(shown)):
        raise CellError(f"以「{shown[0]}」开头，会被当成公式，请去掉这个符号。")
    if len(shown) > LONGEST_TEXT:
        raise CellError(f"有 {len(shown)} 个字，最多 {LONGEST_TEXT} 个字，请缩短。")
    return shown


def _plain_signed(text: str) -> bool:
    return re.fullmatch(rf"[+\-][{_DASHES}0-9\s.,%]*", text) is not None


def split_unit(unit: str) -> tuple[int, str]:
    """This function will return (power of ten, base unit): 万元 is (4, 元), 亩 is (0, 亩)."""
    name = bare(unit)
    name = _SAME_UNITS.get(name, name)
    for scale, power in _SCALES.items():
        if name.startswith(scale):
            base = name[len(scale) :]
            return power, _SAME_UNITS.get(base, base)
    return 0, name


def plain(number: Decimal) -> str:
    """This function will write a decimal without exponent, needless zeros or negative zero."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def convert(value: Decimal, given: str, wanted: str) -> Decimal | None:
    """This function will convert exactly between units of one base, None if the bases differ."""
    (given_power, given_base), (power, base) = split_unit(given), split_unit(wanted)
    if given_base not in (base, ""):
        return None
    with localcontext(prec=60):
        return value.scaleb(given_power - power)


def parse_number(text: str, *, unit: str | None = None, header_unit: str | None = None) -> Number:
    """This function will read a number with thousands separators, full-width digits and a unit.

    `unit` is the unit wanted, `header_unit` the one that the table's header gives; one written in
    the cell itself counts before it. Raises CellError with the remedy.
    """
    shown = _limited(" ".join(text.split()))
    compact = re.sub(rf"^[{_DASHES}](?=[\d.])", "-", bare(text))
    if compact.startswith("¥"):
        compact = compact[1:] + ("" if compact.endswith("元") else "元")
    if _SCIENTIFIC.fullmatch(compact):
        raise CellError(f"是科学计数法「{shown}」，可能已丢失位数，请改成普通数字。")
    match = _NUMBER.fullmatch(compact)
    if match is None or not (match[2] or match[3]):
        raise CellError(f"是「{shown}」，不是数字，请填写数字；没有数据时请留空或填「/」。")
    sign, whole, fraction, suffix = match.groups()
    whole, fraction = (whole or "0").replace(",", ""), fraction or ""
    if len(whole.lstrip("0")) > _MOST_DIGITS or len(fraction) - 1 > _MOST_PLACES:
        raise CellError(f"是「{shown}」，位数太多，请检查。")
    value = Decimal(f"{sign}{whole}{fraction}")
    given = suffix or (bare(header_unit) if header_unit else "")
    if not given:
        return Number(plain(value), unit)
    if unit is None:
        if suffix and suffix != "%" and suffix != (bare(header_unit) if header_unit else ""):
            raise CellError(f"是「{shown}」，请只填写数字，不带「{_limited(suffix)}」。")
        return Number(plain(value), given)
    converted = convert(value, given, unit)
    if converted is None:
        raise CellError(f"是「{shown}」，单位应为「{unit}」，请换算后只填写数字。")
    return Number(plain(converted), unit)


def _limited(text: str, length: int = 20) -> str:
    shown = "".join(c for c in text if c.isprintable())
    return shown if len(shown) <= length else shown[:length] + "…"


def parse_date(text: str) -> date:
    """This function will read 2022-08-20, 2022/8/20, 2022.8.20, 20220820, 2022年8月20日.

    Also in Chinese figures; a time behind the date is ignored. Raises CellError with the remedy.
    """
    shown, compact = _limited(" ".join(text.split())), " ".join(widths(text).split())
    compact = re.sub(r"[ T]\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?$", "", compact).replace(" ", "")
    match = (
        re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?", compact)
        or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", compact)
        or re.fullmatch(r"([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月"
                        r"([一二三四五六七八九十]{1,3})[日号]", compact)
    )  # fmt: skip
    if match is None:
        raise CellError(f"是「{shown}」，不是完整的日期，请写成 2022-08-20 的样子。")
    year = int(match[1].translate(_CHINESE_DIGITS))
    if not 1900 <= year <= 2100:
        raise CellError(f"是「{shown}」，年份不对，请检查。")
    try:
        return date(year, _small_number(match[2]), _small_number(match[3]))
    except ValueError:
        raise CellError(f"是「{shown}」，没有这一天，请检查。") from None


def _small_number(text: str) -> int:
    """This function will read 8, 08, 八, 十, 十二, 二十, 三十一."""
    if "十" not in text:
        return int(text.translate(_CHINESE_DIGITS))
    tens, _, ones = text.partition("十")
    digits = (tens or "一").translate(_CHINESE_DIGITS), (ones or "〇").translate(_CHINESE_DIGITS)
    return int(digits[0]) * 10 + int(digits[1])
