"""Trying a draft out: old and new ranking side by side on evidence that is there already."""

from dataclasses import dataclass, field

from competitions.queries.names import find_entry_names
from competitions.scheme.shipped import read_sample, read_shipped, shipped_schemes
from scoring.models import Tabulation
from scoring.queries.scheme_reasons import compare_tracks
from scoring.queries.sealed import check_tabulation
from scoring.queries.tabulations import scheme_of_tabulation
from scoring.rules.evidence import from_document
from scoring.rules.tabulate import tabulate

MOST_MISSING = 8
MOST_EFFECTS = 20


@dataclass
class Source:
    """What a draft is tried on: a scheme, its evidence and the names in it."""

    title: str
    scheme: object
    evidence: object
    names: dict


@dataclass(frozen=True)
class Side:
    """What one of two schemes makes of the evidence (a Scheme, an Evidence, a Tabulation)."""

    scheme: object
    evidence: object
    tabulation: object


@dataclass
class TrialRow:
    """One entry: places and totals (text, None where there is none), and what made the change.

    moved: places gained (positive) or lost, None where one of the places is missing; reasons:
    scoring.queries.scheme_reasons.Reason.
    """

    name: str
    old_place: int | None
    new_place: int | None
    old_total: str | None
    new_total: str | None
    moved: int | None
    reasons: list


@dataclass
class TrialTrack:
    """One track of the draft. `missing` says why there are no places; `known`: whether the old
    rules have a track of the same key; `effects`: what each changed part of the rules did
    (scoring.queries.scheme_reasons.Effect)."""

    title: str
    known: bool
    rows: list
    missing: list = field(default_factory=list)
    more_missing: int = 0
    effects: list = field(default_factory=list)

    @property
    def movers(self):
        """The rows of entries whose place changes, the largest change first."""
        moved = [row for row in self.rows if row.moved]
        return sorted(moved, key=lambda row: (-abs(row.moved), row.new_place))


def find_sources(competition):
    """This function will return [(key, title)]: earlier years of the county, then samples."""
    years = (
        Tabulation.objects.filter(competition__host_code=competition.host_code, complete=True)
        .exclude(competition=competition)
        .filter(competition__rehearsal_of__isnull=True)
        .select_related("competition")
        .only("competition__title", "competition__year", "number")
        .order_by("-competition__year", "competition_id", "-number", "id")
    )
    latest = {}
    for tabulation in years:
        latest.setdefault(tabulation.competition_id, tabulation)
    found = [(f"year:{item.id}", f"往年数据：{item.competition.title}") for item in latest.values()]
    for key, title in shipped_schemes().items():
        try:
            read_sample(key)
        except KeyError:
            continue
        found.append((f"sample:{key}", f"演示样例：{title}"))
    return found


def read_source(competition, key):
    """This function will return the Source of a key that find_sources offers; TabulationMismatch
    is raised for a year whose stored evidence is not what the record says."""
    kind, _, name = key.partition(":")
    title = dict(find_sources(competition))[key]
    if kind == "sample":
        sample = read_sample(name)
        return Source(
            title, read_shipped(name), from_document(sample.evidence), sample.names["entries"]
        )
    tabulation = Tabulation.objects.select_related("competition", "scheme_version").get(id=name)
    check_tabulation(tabulation)
    names = find_entry_names(tabulation.competition)
    return Source(
        title,
        scheme_of_tabulation(tabulation),
        from_document(tabulation.evidence),
        {key: item["name"] for key, item in names.items()},
    )


def tabulate_both(old_scheme, new_scheme, evidence, new_evidence=None):
    """This function will compute two schemes on the same evidence, or on what each of them reads of
    it: the Sides before and after. Nothing is stored."""
    if new_evidence is None:
        new_evidence = evidence
    return (
        Side(old_scheme, evidence, tabulate(old_scheme, evidence)),
        Side(new_scheme, new_evidence, tabulate(new_scheme, new_evidence)),
    )


def compare_rankings(before, after, names):
    """This function will return the TrialTracks of two Sides in the order of the new scheme; names:
    {entry key: name}."""
    return [
        _track(
            track,
            compare_tracks(before.scheme, after.scheme, track.key),
            before.tabulation,
            after.tabulation,
            names,
        )
        for track in after.scheme.tracks
    ]


def _track(track, differences, old, new, names):
    after, before = new.tracks[track.key], old.tracks.get(track.key)
    missing = [item.message for item in new.missing if item.track == track.key]
    messages = list(dict.fromkeys(missing))
    rows = []
    for key in after.order:
        now = after.entries[key]
        was = before.entries.get(key) if before else None
        moved = None
        if was and was.place is not None and now.place is not None:
            moved = was.place - now.place
        name, reasons = names.get(key, key), []
        if was and differences:
            reasons = differences.find_reasons(name, was, now)
        rows.append(
            TrialRow(
                name=name,
                old_place=was.place if was else None,
                new_place=now.place,
                old_total=was.total if was else None,
                new_total=now.total,
                moved=moved,
                reasons=reasons,
            )
        )
    return TrialTrack(
        title=track.title,
        known=before is not None,
        rows=rows,
        missing=messages[:MOST_MISSING],
        more_missing=max(0, len(messages) - MOST_MISSING),
        effects=differences.find_effects()[:MOST_EFFECTS] if differences else [],
    )
