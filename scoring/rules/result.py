"""What a tabulation says: totals, places, what is missing, and the record of the computation."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Node:
    """One step of the computation, readable in Chinese.

    kind: total, round, criterion, judge, mark, event, part …; `key` names the thing of that kind
    (a round's key, a judge's key); `points` and `full` are decimal strings; `formula` is the
    working with its values; `rounding` says what was rounded; `values` holds the named values;
    a mark or judge that did not count has `dropped` and a note that says why.
    """

    kind: str
    key: str = ""
    label: str = ""
    points: str = ""
    full: str = ""
    formula: str = ""
    rounding: str = ""
    dropped: bool = False
    values: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)

    def to_document(self) -> dict:
        """This function will return the node and its children as JSON-able data."""
        document = {"kind": self.kind}
        for name in ("key", "label", "points", "full", "formula", "rounding", "dropped"):
            value = getattr(self, name)
            if value:
                document[name] = value
        if self.values:
            document["values"] = dict(self.values)
        if self.notes:
            document["notes"] = list(self.notes)
        if self.children:
            document["children"] = [child.to_document() for child in self.children]
        return document


@dataclass(frozen=True, slots=True)
class Missing:
    """Something without which the result is not complete, in a full Chinese sentence."""

    track: str
    round: str = ""
    criterion: str = ""
    entry: str = ""
    judge: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class RoundResult:
    """One entry's result in a round: points and place (None while the round is not complete).

    `contribution` is what the points add to the track's total, rounded like the total.
    """

    points: str | None
    place: int | None
    full: str
    criteria: dict[str, str | None]
    contribution: str | None = None


@dataclass(frozen=True, slots=True)
class DimensionResult:
    """One entry's points along a dimension: what its criteria add to the track's total, before
    rounds and totals are held at their bounds."""

    points: str | None
    full: str


class EntryResult:
    """One entry's result in a track.

    total: exact after rounding, as a decimal string, or None; place: None while the track is not
    complete or the entry is not ranked (`excluded` says why); barred: titles of the gates that
    exclude it from awards; lowered: they leave it the lowest tier of an award. `rounds`,
    `dimensions` and `tree` are read from the record that the computation kept, when they are
    asked for.
    """

    __slots__ = (
        "_i",
        "_run",
        "barred",
        "entry",
        "excluded",
        "group",
        "lowered",
        "place",
        "tie_reason",
        "tied",
        "total",
    )

    def __init__(self, entry: str, group: str, run, i: int | None):
        self.entry = entry
        self.group = group
        self.total: str | None = None
        self.place: int | None = None
        self.tied = False
        self.tie_reason = ""
        self.excluded = ""
        self.barred: tuple[str, ...] = ()
        self.lowered = False
        self._run = run
        self._i = i

    @property
    def rounds(self) -> dict[str, RoundResult]:
        """{round key: RoundResult} in the order of the scheme."""
        return self._run.round_results(self._i)

    @property
    def dimensions(self) -> dict[str, DimensionResult]:
        """{dimension key: DimensionResult} of the dimensions that the track's criteria name."""
        return self._run.dimension_results(self._i)

    @property
    def worths(self):
        """What each round adds to the total, and its criteria's points with what one is worth:
        {round key: (Fraction, {criterion key: (Fraction, Fraction)})}; None without a total."""
        return self._run.worths(self._i)

    @property
    def tree(self) -> Node:
        """The whole explanation: total → rounds → criteria → marks."""
        return self._run.explain(self._i, self)

    def to_document(self, *, tree=True) -> dict:
        """This function will return the result as JSON-able data, with its explanation."""
        document = {
            "entry": self.entry,
            "total": self.total,
            "place": self.place,
            "tied": self.tied,
            "tie_reason": self.tie_reason,
            "group": self.group,
            "excluded": self.excluded,
            "barred": list(self.barred),
            "rounds": {
                key: {
                    "points": item.points,
                    "place": item.place,
                    "full": item.full,
                    "contribution": item.contribution,
                    "criteria": dict(item.criteria),
                }
                for key, item in self.rounds.items()
            },
            "dimensions": {
                key: {"points": item.points, "full": item.full}
                for key, item in self.dimensions.items()
            },
        }
        if tree:
            document["tree"] = self.tree.to_document()
        return document


@dataclass(slots=True)
class TrackResult:
    """A track's standing.

    entries: {entry key: EntryResult}; order: entry keys by place, then by official order (without
    places: by official order); mean: the field's mean total, rounded like the total.
    """

    key: str
    complete: bool
    entries: dict[str, EntryResult]
    order: list[str]
    full: str
    mean: str | None = None


@dataclass(slots=True)
class Tabulation:
    """The whole result of one scheme and one body of evidence."""

    complete: bool
    missing: tuple[Missing, ...]
    tracks: dict[str, TrackResult]
    warnings: tuple[str, ...] = ()
    """Evidence that was not used, in Chinese: unknown keys, marks of a recused judge …"""

    def to_document(self, *, trees=True) -> dict:
        """This function will return the tabulation as JSON-able data."""
        return {
            "complete": self.complete,
            "missing": [
                {
                    "track": item.track,
                    "round": item.round,
                    "criterion": item.criterion,
                    "entry": item.entry,
                    "judge": item.judge,
                    "message": item.message,
                }
                for item in self.missing
            ],
            "warnings": list(self.warnings),
            "tracks": {
                key: {
                    "complete": track.complete,
                    "full": track.full,
                    "mean": track.mean,
                    "order": list(track.order),
                    "entries": {
                        name: entry.to_document(tree=trees) for name, entry in track.entries.items()
                    },
                }
                for key, track in self.tracks.items()
            },
        }


NODE_WORDS = ("label", "formula", "rounding", "notes")


def without_words(document: dict) -> dict:
    """This function will return a Tabulation document without the sentences that explain it.

    What is left is what was computed: totals, places, points, what did not count, what is missing.
    Two of them are compared to find a changed result; a sentence that a later version words in
    another way is no such change. KeyError, TypeError or AttributeError when the document is not
    of that shape.
    """
    return {
        "complete": document["complete"],
        "missing": [
            {name: value for name, value in item.items() if name != "message"}
            for item in document["missing"]
        ],
        "tracks": {
            key: {
                **track,
                "entries": {
                    name: _entry_without_words(entry) for name, entry in track["entries"].items()
                },
            }
            for key, track in document["tracks"].items()
        },
    }


def _entry_without_words(entry):
    bare = {name: value for name, value in entry.items() if name != "tie_reason"}
    bare["excluded"] = bool(entry["excluded"])
    if "tree" in entry:
        bare["tree"] = _node_without_words(entry["tree"])
    return bare


def _node_without_words(node):
    bare = {name: value for name, value in node.items() if name not in NODE_WORDS}
    if "children" in node:
        bare["children"] = [_node_without_words(child) for child in node["children"]]
    return bare
