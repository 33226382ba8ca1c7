"""What places lead to: flags, awards, money; and what a meeting still has to decide."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field


@dataclass(frozen=True, slots=True)
class Flag:
    """A red or yellow flag for an entry; `rule` is the key of the flag rule. One that was given for
    several flags has the key of an honour, no track and no place."""

    rule: str
    track: str
    entry: str
    colour: str
    title: str
    place: int | None
    reason: str
    effect: str = ""
    round: str = ""
    """The round of the issue, where flags are given issue by issue; `place` is the place in it."""


@dataclass(frozen=True, slots=True)
class AwardGrant:
    """An award for an entry; `amount` in yuan as a plain decimal string, None without money.
    One for several flags belongs to no track (empty) and no place."""

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
    cut: str = ""
    """What the sum that it shares with others made of its amount; empty when nothing."""


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
    """An award that could be given: a grant without a winner, the scheme's award or honour, and
    the tracks it goes by: whoever has a place there may get it."""

    grant: AwardGrant
    promotion: bool
    award: object
    tracks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """All flags and awards, what is undecided, who is recommended (internal), the money.

    total: yuan of all awards, months included; offers, pools (the scheme's) and places serve a
    meeting's decision: {track: {entry: place}}.
    """

    flags: tuple[Flag, ...] = ()
    awards: tuple[AwardGrant, ...] = ()
    undecided: tuple[Boundary, ...] = ()
    promotions: tuple[str, ...] = ()
    total: str = "0"
    notes: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()
    places: dict[str, dict[str, int]] = field(default_factory=dict)
    pools: tuple[object, ...] = ()

    def candidates(self, offer: Offer) -> dict[str, int | None]:
        """This function will return {entry: place} of who may get an award; an honour goes by
        several tracks and no place."""
        if offer.grant.track:
            return self.places[offer.grant.track]
        return {entry: None for name in offer.tracks for entry in self.places[name]}

    def to_document(self) -> dict:
        """This function will return the outcome as JSON-able data (without what serves a
        meeting's decision)."""
        return {
            "flags": [_written(flag, round="") for flag in self.flags],
            "awards": [_written(award, people=1, cut="") for award in self.awards],
            "undecided": [
                {**asdict(item), "entries": list(item.entries)} for item in self.undecided
            ],
            "promotions": list(self.promotions),
            "total": self.total,
            "notes": list(self.notes),
        }


def _written(item, **usual) -> dict:
    """The fields of a flag or grant; those that came later only where they say something, so that
    older documents still compare equal."""
    document = asdict(item)
    return {name: value for name, value in document.items() if value != usual.get(name, ...)}


@dataclass(frozen=True, slots=True)
class Change:
    """A meeting's change: the award is withdrawn from `entry` (`give` false) or given to it."""

    award: str
    entry: str
    give: bool
    reason: str
    amount: str | None = None
