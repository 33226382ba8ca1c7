"""What places lead to: flags, awards, money; and what a meeting still has to decide."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field


@dataclass(frozen=True, slots=True)
class Flag:
    """A red or yellow flag for an entry of a track; `rule` is the key of the flag rule."""

    rule: str
    track: str
    entry: str
    colour: str
    title: str
    place: int
    reason: str
    effect: str = ""
    round: str = ""
    """The round of the issue, where flags are given issue by issue; `place` is the place in it."""


@dataclass(frozen=True, slots=True)
class AwardGrant:
    """An award for an entry; `amount` in yuan as a plain decimal string, None without money."""

    award: str
    title: str
    track: str
    entry: str
    place: int | None
    amount: str | None
    reason: str
    legal_basis: str
    source_of_money: str
    to: str
    approval: str = ""
    months: int = 0
    role: str = ""
    decided: str = ""
    """How a meeting's decision changed it; empty when computed."""
    people: int = 1
    """How many people get the amount each."""


@dataclass(frozen=True, slots=True)
class Boundary:
    """A tie across a quota that waits for a recorded decision (or a shortage that was noted)."""

    of: str
    kind: str
    track: str
    entries: tuple[str, ...]
    quota: int
    choice: str


@dataclass(frozen=True, slots=True)
class Offer:
    """An award that could be given: a grant without a winner, and the scheme's award."""

    grant: AwardGrant
    promotion: bool
    award: object


@dataclass(frozen=True, slots=True)
class Outcome:
    """All flags and awards, what is undecided, who is recommended (internal), the money.

    total: yuan of all awards, months included; offers and places serve a meeting's decision:
    {track: {entry: place}}.
    """

    flags: tuple[Flag, ...] = ()
    awards: tuple[AwardGrant, ...] = ()
    undecided: tuple[Boundary, ...] = ()
    promotions: tuple[str, ...] = ()
    total: str = "0"
    notes: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()
    places: dict[str, dict[str, int]] = field(default_factory=dict)

    def to_document(self) -> dict:
        """This function will return the outcome as JSON-able data (without the offers)."""
        return {
            "flags": [_written(flag, "round", "") for flag in self.flags],
            "awards": [_written(award, "people", 1) for award in self.awards],
            "undecided": [
                {**asdict(item), "entries": list(item.entries)} for item in self.undecided
            ],
            "promotions": list(self.promotions),
            "total": self.total,
            "notes": list(self.notes),
        }


def _written(item, name, usual) -> dict:
    """The fields of a flag or grant; one that came later only where it says something, so that
    older documents still compare equal."""
    document = asdict(item)
    if document[name] == usual:
        del document[name]
    return document


@dataclass(frozen=True, slots=True)
class Change:
    """A meeting's change: the award is withdrawn from `entry` (`give` false) or given to it."""

    award: str
    entry: str
    give: bool
    reason: str
    amount: str | None = None
