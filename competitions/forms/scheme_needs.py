"""Which fields of the scheme language a form shows: those that the chosen rule needs, and what a
field that names something else of the scheme may name."""

from competitions.scheme.conversion_types import Rank
from competitions.scheme.event_types import Event, Overtime
from competitions.scheme.places import tokens
from competitions.scheme.reward_types import Award, FlagRule, Gate, Honour, HonourStep, PoolAward
from competitions.scheme.rule_types import (
    BlendPart,
    Carried,
    Measured,
    Override,
    ShareBands,
    ShareOverride,
)
from competitions.scheme.types import Criterion, PanelPart, Period, Round, TieBreak, Track

# (class, field): the field that decides, and with which of its choices this one is needed. A
# deciding field that begins with ^ stands in the table above.
WHEN = {
    (Track, "best_of"): ("combine", {"best"}),
    (Track, "part_year"): ("subject", {"secretary"}),
    (Track, "part_year_months"): ("part_year", {"exclude", "prorate", "ruling"}),
    (Round, "weight"): ("^combine", {"weighted"}),
    (Criterion, "weight"): ("^combine", {"weighted"}),
    (TieBreak, "of"): ("by", {"round", "criterion", "dimension"}),
    (TieBreak, "decimals"): ("by", {"decimals"}),
    (PanelPart, "equal_standard"): ("standard", {"population", "sample"}),
    (Rank, "step"): ("mode", {"percent", "step"}),
    (Rank, "first"): ("mode", {"linear"}),
    (Rank, "last"): ("mode", {"linear"}),
    (Override, "threshold"): ("when", {"below"}),
    (Override, "last"): ("when", {"last"}),
    (Override, "cap"): ("when", {"last"}),
    (Carried, "track"): ("source", {"track", "rounds"}),
    (Carried, "rounds"): ("source", {"rounds"}),
    (Carried, "unit_of"): ("source", {"track", "rounds"}),
    (Carried, "periods"): ("source", {"outside"}),
    (Carried, "divisor"): ("how", {"sum"}),
    (Gate, "of"): ("when", {"round_below", "criterion_below"}),
    (Gate, "threshold"): ("when", {"total_below", "round_below", "criterion_below"}),
    (Event, "held"): ("reveal", {"held"}),
    (Overtime, "every"): ("how", {"each"}),
    (Overtime, "cap"): ("how", {"each"}),
    (FlagRule, "at_least"): ("colour", {"red"}),
    (FlagRule, "below"): ("colour", {"yellow"}),
    (Award, "months"): ("per", {"month"}),
    (Honour, "months"): ("per", {"month"}),
    **{
        (Honour, name): ("gives", {"award"})
        for name in ("per", "promotion", "legal_basis", "approval", "source_of_money")
    },
    (HonourStep, "amount"): ("^gives", {"award"}),
    (HonourStep, "each"): ("^gives", {"award"}),
}
DECIDING = {(cls, by) for (cls, _), (by, _) in WHEN.items()} | {
    (cls, name) for cls in (Measured, BlendPart) for name in ("quantity",)
}


def is_needed(cls, name, table, above):
    """This function will return whether a field of a table is needed; `above` is the table that
    the table stands in."""
    if (cls, name) in {(Measured, "undefined"), (BlendPart, "undefined")}:
        kind = (table.get("conversion") or {}).get("kind")
        relative = str(table.get("quantity", "")).endswith(("growth", "completion"))
        return relative or kind in ("best", "reach")
    if (cls, name) not in WHEN:
        return True
    by, values = WHEN[cls, name]
    owner, by = (above, by[1:]) if by.startswith("^") else (table, by)
    return (owner or {}).get(by, _default(cls, name)) in values


def _default(cls, name):
    """What decides when nothing was chosen yet: a first choice that needs the fewest fields."""
    if cls in (Honour, HonourStep) and name != "months":
        return "award"
    return {(Round, "weight"): "weighted"}.get((cls, name))


def find_names(cls, name, table, above, document, path):
    """This function will return [(key, title)] of what a field may name, or None for any text."""
    ask = NAMES.get((cls, name))
    return None if ask is None else ask(table, above, document, path)


def _pairs(items):
    return [(item["key"], item.get("title") or item["key"]) for item in items if item.get("key")]


def _track_at(document, path):
    place = tokens(".".join(map(str, path)))
    return document["tracks"][place[1]] if len(place) > 1 else {}


def _rounds_and_criteria(document, path, by):
    rounds = _track_at(document, path).get("rounds") or []
    if by in ("round", "round_below"):
        return _pairs(rounds)
    return [
        (key, f"{item.get('title')} · {title}")
        for item in rounds
        for key, title in _pairs(item.get("criteria") or [])
    ]


def _periods(table, above, document, path):
    return _pairs(document.get("periods") or [])


def _tie(table, above, document, path):
    if table.get("by") == "dimension":
        return _pairs(document.get("dimensions") or [])
    return _rounds_and_criteria(document, path, table.get("by"))


def _carried_rounds(table, above, document, path):
    tracks = [item for item in document["tracks"] if item.get("key") == table.get("track")]
    return _pairs(tracks[0].get("rounds") or []) if tracks else []


def _other_tracks(table, above, document, path):
    own = _track_at(document, path)
    return _pairs(item for item in document["tracks"] if item is not own)


def _flags(table, above, document, path):
    """The flags of every track, of the colour that is counted."""
    return [
        (key, f"{track.get('title')} · {title}")
        for track in document.get("tracks") or []
        for key, title in _pairs(
            item for item in track.get("flags") or [] if item.get("colour") == table.get("colour")
        )
    ]


def _awards(table, above, document, path):
    """Every award that a shared sum may pay."""
    own = [
        (key, f"{track.get('title')} · {title}")
        for track in document.get("tracks") or []
        for key, title in _pairs(track.get("awards") or [])
    ]
    honours = document.get("honours") or []
    return own + _pairs(item for item in honours if item.get("gives", "award") == "award")


def _voted(table, above, document, path):
    """The criteria of the event's round that count votes."""
    place = tokens(".".join(map(str, path)))
    rounds = _track_at(document, path).get("rounds") or []
    criteria = (rounds[place[3]].get("criteria") or []) if len(place) > 3 else []
    kinds = ("grade_votes", "share_bands")
    return _pairs(item for item in criteria if (item.get("rule") or {}).get("kind") in kinds)


def _parts(table, above, document, path):
    """The parts of a turn, by their names: they have no keys."""
    titles = [str(item.get("title") or "") for item in (above or {}).get("segments") or []]
    return [(title, title) for title in dict.fromkeys(titles) if title]


NAMES = {
    (Event, "jury"): _voted,
    (Overtime, "segments"): _parts,
    (Criterion, "dimension"): lambda t, a, d, p: _pairs(d.get("dimensions") or []),
    (Track, "category"): lambda t, a, d, p: _pairs(d.get("categories") or []),
    (Track, "period"): _periods,
    (Round, "period"): _periods,
    (Period, "within"): lambda t, a, d, p: [
        pair for pair in _periods(t, a, d, p) if pair[0] != t.get("key")
    ],
    (FlagRule, "rounds"): lambda t, a, d, p: _pairs(_track_at(d, p).get("rounds") or []),
    (Honour, "rules"): _flags,
    (PoolAward, "award"): _awards,
    (PanelPart, "group"): lambda t, a, d, p: _pairs(d.get("judge_groups") or []),
    (TieBreak, "of"): _tie,
    (Gate, "of"): lambda t, a, d, p: _rounds_and_criteria(d, p, t.get("when")),
    (Carried, "track"): _other_tracks,
    (Carried, "rounds"): _carried_rounds,
    (ShareBands, "counted"): lambda t, a, d, p: _pairs(t.get("grades") or []),
    (ShareOverride, "grades"): lambda t, a, d, p: _pairs((a or {}).get("grades") or []),
}
