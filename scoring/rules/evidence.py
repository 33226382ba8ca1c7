"""Evidence: all that was marked, measured, voted, noted and ruled, as plain data.

Values are decimal strings. What is not there is missing, never zero. Keys are those of the scheme
and ids of entries and judges; no names. The order of every list is without meaning.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """An entry: a unit, or a secretary's term of office in the unit entry `of`."""

    key: str
    order: int = 0
    group: str = ""
    subject: str = "unit"
    of: str = ""
    factor: str = "1"
    months_in_office: int | None = None
    tracks: tuple[str, ...] = ()
    """The tracks it competes in; empty for every track of its subject."""
    excluded: str = ""
    """Why it takes no part in any standing (withdrawn, disqualified); empty if it does."""


@dataclass(frozen=True, slots=True)
class JudgeFacts:
    """A judge: key, number (seniority; decides which of equal marks is dropped) and group."""

    key: str
    number: int
    group: str = ""


class MarkFact(NamedTuple):
    """One judge's mark on one criterion, at one site where the round has sites."""

    round: str
    entry: str
    judge: str
    criterion: str
    value: str
    site: str = ""


@dataclass(frozen=True, slots=True)
class LedgerFact:
    """One event of bonus or deduction; `points` is positive for both; `matter` joins events that
    count once where the scheme says so. `reason` never enters a result."""

    key: str
    entry: str
    criterion: str
    item: str
    date: str = ""
    points: str = ""
    reason: str = ""
    matter: str = ""


RULING_KINDS = {
    "exclude_judge": "评委不计",
    "exclude_entry": "不参加排名",
    "set_points": "裁定得分",
    "part_year": "任职不满考核期",
    "tie_order": "同分先后",
    "boundary": "名额边界",
    "veto": "一票否决",
    "revoke_flag": "摘旗",
    "set_overtime": "认定超时",
}


@dataclass(frozen=True, slots=True)
class RulingFact:
    """A recorded decision that the tabulation follows.

    exclude_judge: round, judge, entry (empty: every entry) — the judge is not counted.
    exclude_entry: track (empty: every track), entry — ranked nowhere.
    set_points: criterion, entry, value — the points where the rule has no answer.
    part_year: track, entry, value `count`, `exclude` or `prorate`.
    tie_order: track, entries — from first to last among equals.
    boundary: of (award or flag key), entries — who of the tied receives it (none: nobody); round
        where flags are given issue by issue.
    veto: of (gate key), entry.
    revoke_flag: of (key of a flag rule, or of an honour that gives a flag), entry — the flag is
        taken away again; round as above.
    set_overtime: round, entry (empty: every entry), value — whole seconds over the limits, in
        place of what the clock of the stage said.

    The result names a ruling by its document, else by its key, never by its reason.
    """

    key: str
    kind: str
    track: str = ""
    round: str = ""
    criterion: str = ""
    entry: str = ""
    judge: str = ""
    of: str = ""
    entries: tuple[str, ...] = ()
    value: str = ""
    reason: str = ""
    document: str = ""


@dataclass(slots=True)
class Evidence:
    """Everything that goes into one tabulation.

    sites:        {(round, entry): (site keys)}; none given means one nameless site ""
    seats:        {round: (judge keys)}; a round that is not named seats all judges of its groups
    recusals:     {(judge, entry)}; for a unit's entry they hold for its secretary too
    measurements: {(entry, criterion): {input key: value}}
    votes:        {(entry, criterion): {input key: number of votes}}
    carried:      {(entry, criterion): {period: points}} from other competitions
    history:      {(flag rule key, entry): consecutive earlier issues with that flag}
    previous:     {(track, entry): place in the previous issue or year}
    people:       {(award key, entry): how many people get its amount each}
    overtime:     {(round, entry): whole seconds over the limits by the clock of the stage}, of
                  rounds whose scheme takes points for it
    earlier:      {"year", "version", "contents": text} of the published results that history and
                  previous come from, by number and digest; without "version" there are none in
                  force, or with an empty "year" nobody has said which year it is; {"first": "yes"}
                  says that it is the first year; empty where no rule asks, and in evidence put
                  together by hand
    """

    entries: list[EntryFacts] = field(default_factory=list)
    judges: list[JudgeFacts] = field(default_factory=list)
    recusals: set[tuple[str, str]] = field(default_factory=set)
    marks: list[MarkFact] = field(default_factory=list)
    sites: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    seats: dict[str, tuple[str, ...]] = field(default_factory=dict)
    measurements: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    votes: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    carried: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    ledger: list[LedgerFact] = field(default_factory=list)
    rulings: list[RulingFact] = field(default_factory=list)
    history: dict[tuple[str, str], int] = field(default_factory=dict)
    previous: dict[tuple[str, str], int] = field(default_factory=dict)
    people: dict[tuple[str, str], int] = field(default_factory=dict)
    overtime: dict[tuple[str, str], int] = field(default_factory=dict)
    earlier: dict[str, str] = field(default_factory=dict)

    def inputs(self, kind: str) -> dict[tuple[str, str], dict[str, str]]:
        """This function will return the table of inputs for `criterion.evidence` of that kind."""
        return {"measurement": self.measurements, "votes": self.votes, "carried": self.carried}[
            kind
        ]


def to_document(evidence: Evidence) -> dict:
    """This function will return the evidence as JSON-able data, sorted, so that equal evidence
    gives an equal document whatever the order it was put in."""
    document = {
        "entries": [_plain(item) for item in sorted(evidence.entries, key=lambda e: e.key)],
        "judges": [_plain(item) for item in sorted(evidence.judges, key=lambda j: j.key)],
        "recusals": sorted(list(pair) for pair in evidence.recusals),
        "marks": sorted([*mark] for mark in evidence.marks),
        "ledger": [_plain(item) for item in sorted(evidence.ledger, key=lambda f: f.key)],
        "rulings": [_plain(item) for item in sorted(evidence.rulings, key=lambda r: r.key)],
    }
    document["seats"] = [[name, sorted(keys)] for name, keys in sorted(evidence.seats.items())]
    for name in ("sites", "measurements", "votes", "carried", "history", "previous"):
        table = getattr(evidence, name)
        document[name] = [
            [*pair, list(value) if isinstance(value, tuple) else value]
            for pair, value in sorted(table.items())
        ]
    if evidence.earlier:
        document["earlier"] = [list(pair) for pair in sorted(evidence.earlier.items())]
    for name in ("people", "overtime"):
        # Left out where there are none: they came later than the first documents and their digests.
        if table := getattr(evidence, name):
            document[name] = [[*pair, count] for pair, count in sorted(table.items())]
    return document


def from_document(document: dict) -> Evidence:
    """This function will read what `to_document` wrote; ValueError when it is not of that shape."""
    try:
        return Evidence(
            entries=[_facts(EntryFacts, item) for item in document.get("entries", [])],
            judges=[_facts(JudgeFacts, item) for item in document.get("judges", [])],
            recusals={(judge, entry) for judge, entry in document.get("recusals", [])},
            marks=[MarkFact(*map(str, mark)) for mark in document.get("marks", [])],
            sites={(r, e): tuple(sites) for r, e, sites in document.get("sites", [])},
            seats={name: tuple(keys) for name, keys in document.get("seats", [])},
            measurements=_inputs(document, "measurements"),
            votes=_inputs(document, "votes"),
            carried=_inputs(document, "carried"),
            ledger=[_facts(LedgerFact, item) for item in document.get("ledger", [])],
            rulings=[_facts(RulingFact, item) for item in document.get("rulings", [])],
            history={(a, b): int(n) for a, b, n in document.get("history", [])},
            previous={(a, b): int(n) for a, b, n in document.get("previous", [])},
            people={(a, b): int(n) for a, b, n in document.get("people", [])},
            overtime={(a, b): int(n) for a, b, n in document.get("overtime", [])},
            earlier={str(name): str(value) for name, value in document.get("earlier", [])},
        )
    except (TypeError, AttributeError, KeyError) as error:
        raise ValueError(f"计分依据的格式不正确：{error}") from None


def _plain(item) -> dict:
    """The fields of a fact that differ from their default, keys always."""
    result = {}
    for name in (f.name for f in fields(item)):
        value = getattr(item, name)
        if value in ("", None, ()) and name != "key":
            continue
        result[name] = list(value) if isinstance(value, tuple) else value
    return result


def _facts(cls, item: dict):
    values = {
        name: tuple(value) if isinstance(value, list) else value for name, value in item.items()
    }
    return cls(**values)


def _inputs(document: dict, name: str) -> dict:
    return {
        (entry, criterion): {str(key): str(value) for key, value in given.items()}
        for entry, criterion, given in document.get(name, [])
    }
