"""The script of a ceremony: what is awarded, group by group, each from the last place to the first.

Only what the scheme lets everybody know is in it: a yellow flag, a total or a last place that it
keeps inside the county is not, and no recommendation for promotion ever is.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from decimal import Decimal

STANDING = "standing"


@dataclass(frozen=True)
class Item:
    """One revelation: the key of who gets it, the place (None without one) and whether others share
    it, the points as decimal text (empty where they are not public), and for an award the yuan as
    plain decimal text (empty without money), the months and the people that get it each."""

    entry: str
    place: int | None
    tied: bool = False
    points: str = ""
    amount: str = ""
    months: int = 0
    people: int = 1


@dataclass(frozen=True)
class Group:
    """What is revealed together under one title. `kind` is `red`, `yellow`, `award`, or `standing`
    (a track's standing, from the first place); `track` is the track's key, empty with its title for
    what is given for several flags over tracks."""

    key: str
    kind: str
    track: str
    title: str
    track_title: str
    items: tuple[Item, ...]

    @property
    def over(self):
        """The track's title, empty where the group's own begins with it."""
        return "" if self.title.startswith(self.track_title) else self.track_title

    @property
    def heading(self):
        """The track and the title."""
        return f"{self.over} · {self.title}" if self.over else self.title

    @property
    def is_standing(self):
        """Whether it closes the ceremony with a standing."""
        return self.kind == STANDING

    @property
    def is_flag(self):
        """Whether its items are flags."""
        return self.kind in ("red", "yellow")


def write_script(scheme, outcome, result) -> tuple[Group, ...]:
    """This function will return the whole script in its usual order: yellow flags if the scheme
    shows them in public, red flags, awards, and each track's standing.

    `outcome` is rewards.rules.outcome.Outcome as decided, `result` a Tabulation document.
    """
    groups = [
        *_flags(scheme, outcome, result, "yellow"),
        *_flags(scheme, outcome, result, "red"),
        *_awards(scheme, outcome, result),
        *_standings(scheme, result),
    ]
    return tuple(replace(group, key=f"g{number}") for number, group in enumerate(groups, 1))


def arrange(scheme, groups, order) -> tuple[Group, ...]:
    """This function will return the groups named in `order` (keys), in that order. Where last
    places are not public, a standing keeps those only who are in a group of its track before it,
    and falls away when nobody is left."""
    by_key = {group.key: group for group in groups}
    chosen = [by_key[key] for key in order]
    if scheme.disclosure.last_places_public:
        return tuple(chosen)
    arranged = []
    for group in chosen:
        if group.is_standing:
            named = {
                item.entry for one in arranged if one.track == group.track for item in one.items
            }
            kept = tuple(item for item in group.items if item.entry in named)
            group = replace(group, items=kept)
        if group.items:
            arranged.append(group)
    return tuple(arranged)


def to_document(groups) -> list:
    """This function will return the groups as JSON-able data, from which their digest is made."""
    return [asdict(group) | {"items": [asdict(item) for item in group.items]} for group in groups]


def _flags(scheme, outcome, result, colour):
    if colour == "yellow" and not scheme.disclosure.yellow_flags_public:
        return []
    found = []
    for track in scheme.tracks:
        for rule in track.flags:
            held = [f for f in outcome.flags if (f.track, f.rule) == (track.key, rule.key)]
            for name in dict.fromkeys(flag.round for flag in held if flag.colour == colour):
                issue = f"（{track.round(name).title}）" if name else ""
                own = [flag for flag in held if flag.round == name]
                title = f"{rule.title}{issue}"
                found += _divide(scheme, track, result, colour, title, own, round_=name)
    for honour in scheme.honours:
        own = [f for f in outcome.flags if (f.rule, f.colour) == (honour.key, colour)]
        found += _divide(scheme, None, result, colour, honour.title, own)
    return found


def _awards(scheme, outcome, result):
    found = []
    for offer in outcome.offers:
        track = scheme.track(offer.grant.track) if offer.grant.track else None
        own = [grant for grant in outcome.awards if grant.award == offer.grant.award]
        found += _divide(scheme, track, result, "award", offer.grant.title, own)
    return found


def _divide(scheme, track, result, kind, title, given, round_=""):
    """One group of flags or grants, or one for each peer group where places are counted within it;
    none without any. `track` is None for what is given over several."""
    parts = {}
    for one in given:
        parts.setdefault(_peers(track, result, one.entry), []).append(one)
    order = result["tracks"][track.key]["order"] if track else []
    standing = {key: number for number, key in enumerate(order)}
    found = []
    for peers in sorted(parts):
        places = [one.place for one in parts[peers]]
        items = [
            Item(
                one.entry,
                one.place,
                _is_tied(track, result, one, places, round_),
                _points(scheme, track, result, one.entry, round_),
                *((one.amount or "", one.months, one.people) if kind == "award" else ()),
            )
            for one in parts[peers]
        ]
        # The first place is the end of every group; without places the largest sum is.
        items.sort(
            key=lambda item: (
                item.place or 10**9,
                -Decimal(item.amount or 0) if item.place is None else 0,
                standing.get(item.entry, 0),
            )
        )
        named = f"{title}（{peers}）" if peers else title
        key, track_title = (track.key, track.title) if track else ("", "")
        found.append(Group("", kind, key, named, track_title, tuple(reversed(items))))
    return found


def _standings(scheme, result):
    found = []
    for track in scheme.tracks:
        entries, parts = result["tracks"][track.key]["entries"], {}
        for key in result["tracks"][track.key]["order"]:
            if entries[key]["place"] is not None:
                parts.setdefault(_peers(track, result, key), []).append(key)
        for peers in sorted(parts):
            items = [
                Item(key, entries[key]["place"], entries[key]["tied"], points)
                for key in parts[peers]
                for points in [_points(scheme, track, result, key)]
            ]
            items.sort(key=lambda item: item.place)
            title = f"{track.title}排名（{peers}）" if peers else f"{track.title}排名"
            found.append(Group("", STANDING, track.key, title, track.title, tuple(items)))
    return found


def _peers(track, result, entry):
    if track is None:
        return ""
    found = result["tracks"][track.key]["entries"].get(entry)
    return found["group"] if found and track.peers == "group" else ""


def _is_tied(track, result, given, places, round_):
    if round_ or track is None:
        return given.place is not None and places.count(given.place) > 1
    found = result["tracks"][track.key]["entries"].get(given.entry)
    return bool(found and found["tied"])


def _points(scheme, track, result, entry, round_=""):
    found = result["tracks"][track.key]["entries"].get(entry) if track else None
    if found is None or not scheme.disclosure.scores_public:
        return ""
    return (found["rounds"][round_]["points"] if round_ else found["total"]) or ""
