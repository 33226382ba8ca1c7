"""Serial numbers of printed score sheets: digits that a clerk types or a scanner reads.

A serial is two digits of the competition and round (from 10 on; below are those of rehearsals), the
running number, and a check digit by Damm's algorithm (H. M. Damm, Total anti-symmetrische
Quasigruppen, Marburg 2004), which finds every single wrong digit and every swap of two neighbours.
Its bars are Code 39 (ISO/IEC 16388).
"""

import hashlib
import unicodedata

NUMBER_LENGTH = 4
# Prefixes below this are of rehearsals.
_REHEARSED = 10
_DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)
# Bars and spaces from left to right, w wide and n narrow; * begins and ends.
_BARS = {
    "0": "nnnwwnwnn",
    "1": "wnnwnnnnw",
    "2": "nnwwnnnnw",
    "3": "wnwwnnnnn",
    "4": "nnnwwnnnw",
    "5": "wnnwwnnnn",
    "6": "nnwwwnnnn",
    "7": "nnnwnnwnw",
    "8": "wnnwnnwnn",
    "9": "nnwwnnwnn",
    "*": "nwnnwnwnn",
}
_WIDTHS = {"n": 1, "w": 3}


def check_digit(digits):
    """This function will return the check digit (text) of a text of digits."""
    interim = "0"
    for digit in digits:
        interim = _DAMM[int(interim)][int(digit)]
    return interim


def make_serial(chain, round_key, number, *, rehearsal=False):
    """This function will return the serial of the number-th sheet of a round, digits only.

    The first two digits depend on competition (its chain) and round, so that most sheets of another
    hall do not pass for one of this. A rehearsal's begin with 0 and those of real events never do:
    no sheet from the one is ever taken for one of the other.
    """
    said = int(hashlib.sha256(f"{chain}/{round_key}".encode()).hexdigest(), 16)
    prefix = said % _REHEARSED if rehearsal else _REHEARSED + said % (100 - _REHEARSED)
    digits = f"{prefix:02d}{number:0{NUMBER_LENGTH}d}"
    return digits + check_digit(digits)


def is_rehearsed(serial):
    """This function will say whether a serial is one of a rehearsal."""
    return serial.startswith("0")


def read_serial(text):
    """This function will return a typed or scanned serial as digits only; full-width digits, spaces
    and hyphens are read. Raises ValueError with a sentence when it cannot be a serial."""
    plain = unicodedata.normalize("NFKC", text)
    digits = "".join(one for one in plain if not one.isspace() and one not in "-‐–—*")
    if not digits:
        raise ValueError("请输入或扫描评分表上的编号。")
    if not (digits.isascii() and digits.isdigit()) or len(digits) < NUMBER_LENGTH + 3:
        raise ValueError(f"「{text.strip()[:20]}」不是编号，请照评分表右上角的数字输入。")
    if check_digit(digits) != "0":
        raise ValueError(
            f"编号「{show_serial(digits)}」有一位不对（校验位不符），请照原件再输一次。"
        )
    return digits


def show_serial(serial):
    """This function will write a serial as it is printed: `37-0012-5`."""
    return f"{serial[:2]}-{serial[2:-1]}-{serial[-1]}"


def draw_bars(serial):
    """This function will return (the bars of a serial as (left, width) in modules, whole width)."""
    bars, left = [], 0
    for sign in f"*{serial}*":
        for place, width in enumerate(_BARS[sign]):
            if place % 2 == 0:
                bars.append((left, _WIDTHS[width]))
            left += _WIDTHS[width]
        left += 1  # the gap between two signs
    return bars, left - 1
