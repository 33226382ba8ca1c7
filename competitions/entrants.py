"""An entrant as proposed, typed, pasted or read from a sheet, before it is a row."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError

LARGEST_FACTOR = Decimal(10)


@dataclass(frozen=True)
class Entrant:
    """A unit that is to compete. `factor` is decimal text; `aliases` are its other names;
    `tracks` are keys, empty for every track; `people` get what is paid a head, None as in the
    rules; `of` names the unit to which it belongs, as a village to its town.
    """

    name: str
    kind: str = "town"
    aliases: tuple = ()
    division_code: str = ""
    peer_group: str = ""
    factor: str = "1"
    tracks: tuple = ()
    people: int | None = None
    of: str = ""


@dataclass(frozen=True)
class Contestant:
    """A person who is to compete for himself. `person` is a Person, who may not be saved yet;
    `unit` the name of the village, township or office to which he belongs."""

    person: object
    unit: str
    peer_group: str = ""
    factor: str = "1"
    tracks: tuple = ()


def clean_factor(text):
    """This function will return a difficulty factor as plain decimal text, or raise.

    It is above 0, at most 10, with at most four decimals.
    """
    try:
        factor = Decimal(str(text).strip() or "1")
    except InvalidOperation:
        factor = Decimal("NaN")
    plain = factor.is_finite() and 0 < factor <= LARGEST_FACTOR
    if not plain or factor != round(factor, 4):
        raise ValidationError(
            f"难度系数「{str(text)[:20]}」应为大于 0、不超过 10、小数不超过四位的数，例如 1.1。"
        )
    written = format(factor, "f")
    return written.rstrip("0").rstrip(".") if "." in written else written
