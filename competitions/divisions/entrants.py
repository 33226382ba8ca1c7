"""Who may compete in a county, as the catalogue of divisions proposes it, and who a text means."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from competitions.divisions.catalogue import children
from competitions.divisions.names import kind_of, normalise, short_name, without_office

# A competition among townships asks these; street offices and parks are offered, but not ticked.
_PROPOSED_KINDS = {"town", "township", "farm"}


@dataclass(frozen=True, slots=True)
class ProposedUnit:
    """A unit that may become an entrant. `aliases` are other names by which people call it."""

    division_code: str
    name: str
    kind: str
    aliases: tuple[str, ...]
    proposed: bool


def proposed_entrants(county_code: str) -> list[ProposedUnit]:
    """This function will return the townships of a county as possible entrants, [] if unknown.

    kind is town, township, subdistrict, farm or other. Order: the proposed ones first, each part
    by code, which is the official order (建制顺序) where a county has published no other.
    """
    units = []
    for division in children(county_code):
        if division.level != "township":
            continue
        name = division.usual_name
        kind = kind_of(name)
        others = dict.fromkeys([short_name(name), division.name])
        aliases = tuple(other for other in others if other != name)
        units.append(ProposedUnit(division.code, name, kind, aliases, kind in _PROPOSED_KINDS))
    return sorted(units, key=lambda unit: (not unit.proposed, unit.division_code))


Unit = TypeVar("Unit")


@dataclass(frozen=True, slots=True)
class UnitMatch(Generic[Unit]):
    """The unit that a text means, or None with the candidates it may mean (possibly none)."""

    unit: Unit | None
    candidates: tuple[Unit, ...] = ()


def names_of(unit: Any) -> list[str]:
    """This function will return a unit's own name first, then its aliases and its short name."""
    aliases = getattr(unit, "aliases", None) or ()
    return list(dict.fromkeys([unit.name, *aliases, short_name(unit.name)]))


def match_unit(
    text: str, units: Iterable[Unit], names: Callable[[Unit], Sequence[str]] = names_of
) -> UnitMatch[Unit]:
    """This function will find which of the units a typed or pasted text means.

    Spaces, full-width characters and an office behind the name (狼山镇党委) do not matter. A full
    name decides before an alias or short name; a name with the county before it (临河区狼山镇) is
    understood when it ends in one unit's full name. A text that fits several units, or only a part
    of a name, is never decided here: the candidates are returned for a person to choose.
    """
    known = [(unit, [normalise(name) for name in names(unit) if name]) for unit in units]
    wanted = normalise(text)
    if not wanted:
        return UnitMatch(None)
    for form in dict.fromkeys([wanted, without_office(wanted)]):
        tests: tuple[Callable[[list[str]], bool], ...] = (
            lambda own, form=form: own[0] == form,
            lambda own, form=form: form in own[1:],
            lambda own, form=form: len(own[0]) > 2 and form.endswith(own[0]),
        )
        for test in tests:
            found = [unit for unit, own in known if own and test(own)]
            if found:
                return UnitMatch(found[0]) if len(found) == 1 else UnitMatch(None, tuple(found))
    near = [u for u, own in known if any(wanted in name or name in wanted for name in own)]
    return UnitMatch(None, tuple(near))
