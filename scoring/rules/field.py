"""The field of a track: who takes part, who is compared with whom, and which rulings hold."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from scoring.rules.exact import read_number
from scoring.rules.result import Missing


def by_age(ruling):
    """This function will order rulings by key so that the later of two holds; whole numbers count
    as numbers."""
    return (len(ruling.key), ruling.key) if ruling.key.isdecimal() else (0, ruling.key)


def source_of(ruling) -> str:
    """This function will return what a ruling is known by: its document number, else its own.

    Its reason never enters a result: it may name a judge, and results are published.
    """
    if ruling.document:
        return ruling.document
    number = "".join(char for char in ruling.key if char.isdecimal()).lstrip("0")
    return f"裁定 {number or ruling.key}"


def cite(ruling) -> str:
    """This function will return 「经裁定（文号）」, without a document 「经两人裁定（裁定 1）」."""
    return f"经{'' if ruling.document else '两人'}裁定（{source_of(ruling)}）"


class Facts:
    """The evidence of one tabulation, indexed once for all tracks."""

    def __init__(self, scheme, evidence):
        self.scheme = scheme
        self.evidence = evidence
        self.entries = {entry.key: entry for entry in evidence.entries}
        self.judges = sorted(evidence.judges, key=lambda judge: (judge.number, judge.key))
        self.marks: dict[tuple[str, str], dict[str, dict]] = defaultdict(dict)
        self.conflicts: set[tuple[str, str, str, str]] = set()
        self.ledger = defaultdict(list)
        self.rulings = defaultdict(list)
        self.warnings: set[str] = set()
        self._index_marks()
        for event in sorted(evidence.ledger, key=lambda f: (f.date, f.key)):
            self.ledger[event.criterion, event.entry].append(event)
        for ruling in sorted(evidence.rulings, key=by_age):
            self.rulings[ruling.kind].append(ruling)

    def _index_marks(self):
        """marks[round, criterion][entry] = {(judge, site): value}."""
        table = self.marks
        for name, entry, judge, criterion, value, site in self.evidence.marks:
            by_entry = table[name, criterion]
            marks = by_entry.get(entry)
            if marks is None:
                marks = by_entry[entry] = {}
            key = (judge, site)
            if marks.setdefault(key, value) != value:
                self.conflicts.add((name, criterion, entry, judge))

    def set_points(self, criterion: str) -> dict[str, tuple[Fraction, object]]:
        """This function will return {entry: (points, ruling)} of rulings on a criterion."""
        result = {}
        for ruling in self.rulings["set_points"]:
            points = read_number(ruling.value)
            if ruling.criterion == criterion and points is not None:
                result[ruling.entry] = (points, ruling)
        return result


class Field:
    """The entries of one track in official order, their peer groups and their state."""

    def __init__(self, facts: Facts, track):
        self.facts = facts
        self.track = track
        self.missing: list[Missing] = []
        self.left_out: list[tuple[object, str]] = []
        """Entries of the track that take no part in the standing, with the reason."""
        self.months: dict[str, tuple[int, int]] = {}
        """{entry: (months counted, months of a full term)} where the total is prorated."""
        self.entries = []
        for entry in sorted(facts.evidence.entries, key=lambda e: (e.order, e.key)):
            if entry.subject != track.subject or (entry.tracks and track.key not in entry.tracks):
                continue
            reason = self._why_left_out(entry)
            if reason:
                self.left_out.append((entry, reason))
            else:
                self.entries.append(entry)
        self.keys = [entry.key for entry in self.entries]
        self.index = {entry.key: i for i, entry in enumerate(self.entries)}
        self.everyone = list(range(len(self.entries)))
        groups = defaultdict(list)
        for i, entry in enumerate(self.entries):
            groups[entry.group].append(i)
        self.groups = [groups[name] for name in sorted(groups)]

    def __len__(self):
        return len(self.entries)

    def peers(self, scope: str) -> list[list[int]]:
        """This function will return the sets of entries compared with one another."""
        if scope == "track":
            scope = self.track.peers
        return self.groups if scope == "group" else [self.everyone]

    def lack(self, message: str, *, entry="", name="", criterion="", judge=""):
        """This function will note that something is missing."""
        self.missing.append(Missing(self.track.key, name, criterion, entry, judge, message))

    def _why_left_out(self, entry) -> str:
        if entry.excluded:
            return entry.excluded
        for ruling in self.facts.rulings["exclude_entry"]:
            if ruling.entry == entry.key and ruling.track in ("", self.track.key):
                return f"{cite(ruling)}不参加排名"
        return self._why_part_year(entry)

    def _why_part_year(self, entry) -> str:
        """Part-year terms: counted, excluded, prorated, or decided by a recorded ruling."""
        track, months = self.track, entry.months_in_office
        if months is None or months >= track.part_year_months:
            return ""
        way = track.part_year
        because = "按办法规定"
        if way == "ruling":
            decisions = [
                ruling
                for ruling in self.facts.rulings["part_year"]
                if ruling.entry == entry.key and ruling.track in ("", track.key)
            ]
            if not decisions:
                self.lack(
                    f"任职 {months} 个月，不满 {track.part_year_months} 个月，"
                    "是否参加排名尚无会议决定，请录入裁定。",
                    entry=entry.key,
                )
                return ""
            way, because = decisions[-1].value, "经会议研究"
            if way not in ("count", "exclude", "prorate"):
                self.lack(f"任职不满考核期的裁定“{way}”不明确，请更正。", entry=entry.key)
        if way == "exclude":
            return f"任职 {months} 个月，不满 {track.part_year_months} 个月，{because}不参加排名"
        if way == "prorate":
            self.months[entry.key] = (months, track.part_year_months)
        return ""


def lookup(entry, table):
    """This function will find a secretary's own value, or that of the unit, in `{entry: value}`."""
    found = table.get(entry.key)
    return table.get(entry.of) if found is None and entry.of else found
