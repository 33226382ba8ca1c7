"""How exact values are written for readers. Pure: integers and fractions in, text out, no float."""

import re
from decimal import Decimal, InvalidOperation
from fractions import Fraction

MISSING = "—"
MINUS = "−"
_NEGATIVE = re.compile(r"(?<![0-9A-Za-z.〕）)\]\-])-(?=[0-9])")


def exact(value):
    """This function will return the value as a Fraction, or None where it is missing.

    It takes int, Fraction, Decimal and text such as "92.5" or "1/3"; None and "" are missing.
    A float, or text that is no number, raises ValueError: an inexact score must never reach a page.
    """
    if value is None or value == "":
        return None
    if isinstance(value, bool | float):
        raise ValueError(f"不是精确的数：{value!r}")
    if isinstance(value, int | Fraction):
        return Fraction(value)
    try:
        if isinstance(value, Decimal):
            return Fraction(value)
        return Fraction(str(value).strip().replace(MINUS, "-").replace(",", ""))
    except (ValueError, OverflowError, InvalidOperation, ZeroDivisionError) as error:
        raise ValueError(f"不是数：{value!r}") from error


def half_up(value, places=2):
    """This function will return an exact value rounded half away from zero (四舍五入), as text."""
    scaled = abs(value) * 10**places
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    whole += 2 * rest >= scaled.denominator
    digits = str(whole).rjust(places + 1, "0")
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return (MINUS if value < 0 and whole else "") + text


def points_text(value, places=2):
    """This function will return points as text with the given decimals; missing is a dash."""
    value = exact(value)
    return MISSING if value is None else half_up(value, places)


def signed_text(value, places=2):
    """This function will return a difference as text, always with its sign: +1.20, −0.50, 0.00."""
    value = exact(value)
    if value is None:
        return MISSING
    text = half_up(value, places)
    return f"+{text}" if value > 0 and text.strip("0.") else text


def plain_text(value, places=6):
    """This function will return a value without trailing zeros: 30, 0.5, 84.995."""
    value = exact(value)
    if value is None:
        return MISSING
    text = half_up(value, places)
    return text.rstrip("0").rstrip(".") if "." in text else text


def yuan_text(value):
    """This function will return an amount in yuan with thousands separated: 500,000."""
    value = exact(value)
    if value is None:
        return MISSING
    text = half_up(value, 0 if value.denominator == 1 else 2)
    whole, dot, rest = text.lstrip(MINUS).partition(".")
    return f"{MINUS if text.startswith(MINUS) else ''}{int(whole):,}{dot}{rest}"


def minus_signs(text):
    """This function will return a sentence or formula with minus signs before negative numbers.

    The rules write numbers as programs read them, with a hyphen; that of a date or of a document's
    number stays.
    """
    return _NEGATIVE.sub(MINUS, text)


def share(value, full, places=1):
    """This function will return value ÷ full in per cent, held within 0–100, as ASCII text.

    A missing value or a missing or zero full mark gives "0": a bar of no length.
    """
    value, full = exact(value), exact(full)
    if value is None or not full:
        return "0"
    return plain_text(min(max(value * 100 / full, Fraction(0)), Fraction(100)), places)
