"""Seat codes of the audience jury, and what a ballot leaves behind: a hash that tells nobody's
vote.

A seat has a secret of some 79 bits for the QR code, and a code of nine digits and a check digit
(Damm, see arena.stage.serials) for whoever cannot scan; the check digit finds a wrong digit before
it counts as a guess.
"""

import hashlib
import unicodedata

from arena.stage.serials import check_digit

SECRET_LENGTH = 16
CODE_LENGTH = 10
# What the nine digits may be: a card left over from a rehearsal opens nothing but the rehearsal.
REAL = range(0, 9 * 10**8)
REHEARSED = range(9 * 10**8, 10**9)
MOST_SEATS = 2000


def make_code(number):
    """This function will return the short code (ten digits) of a number below 10^9."""
    digits = f"{number:0{CODE_LENGTH - 1}d}"
    return digits + check_digit(digits)


def read_code(text):
    """This function will return a typed short code as digits only; full-width digits, spaces and
    hyphens are read. Raises ValueError with a sentence when it cannot be a code."""
    plain = unicodedata.normalize("NFKC", text)
    digits = "".join(one for one in plain if not one.isspace() and one != "-")
    if not (digits.isascii() and digits.isdigit()) or len(digits) != CODE_LENGTH:
        raise ValueError(f"席位码是 {CODE_LENGTH} 位数字，请照席位卡上的数字输入。")
    if check_digit(digits) != "0":
        raise ValueError("席位码有一位不对（校验位不符），请照席位卡再输一次。")
    return digits


def show_code(code):
    """This function will write a short code as it is printed: `123 456 7895`."""
    return f"{code[:3]} {code[3:6]} {code[6:]}"


def hash_ballot(salt, number, choice):
    """This function will return the hash (64 hex digits) of one ballot: SHA-256 over its random
    salt, the number of the seat and the choice. Without the salt it tells nothing."""
    return hashlib.sha256(f"{salt}/{number}/{choice}".encode()).hexdigest()


def digest_sorted(hashes):
    """This function will return SHA-256 (64 hex digits) over hashes, sorted, one a line."""
    return hashlib.sha256("\n".join(sorted(hashes)).encode()).hexdigest()
