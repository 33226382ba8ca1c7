"""Who marks what in a round: the lines of a score sheet, and the judges who owe them."""

import json
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.db.models import IntegerField, Q, TextField, Value
from django.db.models.functions import Cast

from competitions.models import Entry, Judge, Recusal, RoundPlan, SchemeVersion, Seat, Site
from competitions.queries import (
    current_scheme_version,
    load_entries,
    load_plans,
    scheme_of,
)
from competitions.roadmap import Known
from competitions.tracks import name_rounds
from record.prepared import Prepared
from scoring.models import Ruling


def _find_judges(competition):
    judges = Judge.objects.filter(competition=competition).select_related("person")
    return judges.in_seniority_order()


JUDGES = Prepared(_find_judges)
# What a hand-in needs of a whole panel; the rest of a judge is asked for when it is wanted.
MARKERS = Prepared(
    lambda competition: _find_judges(competition).only(
        "competition_id", "key", "number", "person__name"
    )
)


def _find_panel(competition):
    """Who sits where, who must not mark whom, and who is left out by a ruling: (a judge's id and a
    round's key), (a judge's id and an entry's), (a ruling's subject), in one question."""
    seats = Seat.objects.filter(judge__competition=competition)
    recusals = Recusal.objects.filter(judge__competition=competition)
    rulings = Ruling.objects.filter(competition=competition, kind="exclude_judge").counted()
    none, said = Value(None, IntegerField()), Cast("subject", TextField())
    parts = [
        seats.values_list("judge_id", none, "round_key"),
        recusals.values_list("judge_id", "entry_id", Value("")),
        rulings.values_list(none, none, said),
    ]
    return parts[0].union(*parts[1:], all=True)


PANEL = Prepared(_find_panel)


def _find_bundles(competition, keys):
    named = Entry.objects.filter(competition=competition, key__in=keys)
    heads = Q(id__in=named.values("id")) | Q(id__in=named.values("of_id"))
    beside = Q(of_id__in=named.values("id")) | Q(of_id__in=named.values("of_id"))
    found = Entry.objects.filter(heads | beside, competition=competition)
    return found.active().with_subjects().in_official_order()


# The entries of some keys, those to whose units they belong, and who belongs to either.
BUNDLES = Prepared(_find_bundles)


@dataclass(frozen=True)
class Line:
    """One row of a score sheet: an entry, at one site where the round has sites, in one round."""

    round: object
    entry: Entry
    site: Site | None = None

    @cached_property
    def key(self):
        return (self.entry.key, self.site_key)

    @property
    def site_key(self):
        return self.site.key if self.site else ""

    @property
    def name(self):
        return f"{self.entry.name}（{self.site.name}）" if self.site else self.entry.name

    @property
    def criteria(self):
        return marked_criteria(self.round)

    @cached_property
    def bundle(self):
        """The key of the entry with which it is marked on one page: a secretary's is his unit's."""
        return self.entry.of.key if self.entry.is_secretary else self.entry.key


@dataclass
class MarkingRound:
    """A marked round of the published rules, with its entries, sites, panel and recusals.

    `companion` is the round in which the same judges mark the secretary in the same arena. Lines
    are in official order, or arranged; a unit's secretary follows his unit.
    """

    competition: object
    version: object
    scheme: object
    track: object
    round: object
    companion: object = None
    plan: RoundPlan | None = None
    lines: list = field(default_factory=list)
    judges: list = field(default_factory=list)
    seats: set = field(default_factory=set)  # (judge id, round key)
    recused: set = field(default_factory=set)  # (judge id, entry id)
    excluded: set = field(default_factory=set)  # (judge key, round key, entry key or '')
    arrangement: object = None  # of the lines; None in official order
    judge_arrangement: object = None
    moment: object = None  # of the live event, while whoever loaded this holds the stage

    @property
    def whole_tour(self):
        """Whether all entrants are handed in at once (联评) rather than one by one (擂台)."""
        return self.round.kind != "arena"

    @property
    def title(self):
        """What the round is called, with its track where others are called the same."""
        return name_rounds(self.scheme)[self.round.key]

    @property
    def rounds(self):
        return [self.round] + ([self.companion] if self.companion else [])

    @property
    def round_keys(self):
        return [item.key for item in self.rounds]

    def is_recused(self, judge, line):
        """This function will say whether the judge must not mark the line (回避)."""
        # Nobody is, on most panels, and a hall asks of everybody at every hand-in.
        if not self.recused:
            return False
        entry = line.entry
        return (judge.id, entry.id) in self.recused or (judge.id, entry.of_id) in self.recused

    def is_excluded(self, judge, line):
        """This function will say whether a verified ruling leaves the judge out."""
        if not self.excluded:
            return False
        place, excluded = (judge.key, line.round.key), self.excluded
        return (*place, "") in excluded or (*place, line.entry.key) in excluded

    def may_mark(self, judge, line):
        """This function will say whether the judge sits on the panel and is not recused."""
        return (judge.id, line.round.key) in self.seats and not self.is_recused(judge, line)

    def owes(self, judge, line):
        """This function will say whether a mark is asked of the judge on the line."""
        return self.may_mark(judge, line) and not self.is_excluded(judge, line)

    def lines_of(self, judge):
        """This function will return the lines that the judge is asked to mark."""
        return [line for line in self.lines if self.owes(judge, line)]

    def seated_lines_of(self, judge):
        """This function will return the lines of the judge's rounds, recused ones included."""
        return [line for line in self.lines if (judge.id, line.round.key) in self.seats]

    def arrange(self, entries, judges=None):
        """This function will put lines, and judges if asked, in the order of these Arrangements.

        A secretary's line stays with his unit's.
        """
        self.arrangement, self.judge_arrangement = entries, judges
        self.lines = entries.sort(
            self.lines, of=lambda line: line.entry.of if line.entry.is_secretary else line.entry
        )
        if judges is not None:
            self.judges = judges.sort(self.judges)

    def find_line(self, entry_key, site_key=""):
        """This function will return the line of that entry and site, or None."""
        return next((line for line in self.lines if line.key == (entry_key, site_key)), None)


def marked_criteria(item):
    """This function will return the criteria of a round that judges mark."""
    return [criterion for criterion in item.criteria if criterion.evidence == "marks"]


def is_marked(item):
    """This function will say whether judges mark in the round."""
    return bool(marked_criteria(item))


def find_companion(scheme, track, item):
    """This function will return the round in which the person is marked beside the unit, or None.

    In an arena one speaker is judged as the unit's voice and as a person (既评事又评人): the marked
    arena round of a secretaries' track goes with the units' arena of the same period, if there is
    exactly one of each.
    """
    if item.kind != "arena" or track.subject != "unit":
        return None
    peers = _arenas(scheme, "unit", item.period)
    companions = _arenas(scheme, "secretary", item.period)
    return companions[0] if len(peers) == len(companions) == 1 else None


def _arenas(scheme, subject, period):
    return [
        item
        for track in scheme.tracks
        if track.subject == subject
        for item in track.rounds
        if item.kind == "arena" and item.period == period and is_marked(item)
    ]


def marked_rounds(scheme):
    """This function will return (track, round, companion) for each sheet that judges fill in."""
    found = []
    companions = set()
    for track in scheme.tracks:
        for item in track.rounds:
            if is_marked(item):
                companion = find_companion(scheme, track, item)
                companions.update([companion.key] if companion else [])
                found.append((track, item, companion))
    return [row for row in found if row[1].key not in companions]


def load_marking_rounds(competition, known=None, only=None, entry_keys=None):
    """This function will load every marked round of the published rules, in the rules' order; with
    `only`, a round's key, that round or the one with which it is marked.

    With `entry_keys` an arena has the lines of those entries and of what is marked together with
    them, and no plan: what a hand-in needs.
    Empty while the rules are not published. Constant number of queries.
    """
    known = known or Known()
    version = known.once(current_scheme_version, competition)
    if version is None or version.state != SchemeVersion.State.PUBLISHED:
        return []
    scheme = scheme_of(version)
    rows = marked_rounds(scheme)
    keys = None
    if only is not None:
        # A hand-in has no use for the panels of all other rounds: they took longer than the rest.
        rows = [row for row in rows if only in _keys_of(row)]
        keys = {key for row in rows for key in _keys_of(row)}
    if not rows:
        return []
    if entry_keys is not None and all(item.kind == "arena" for _track, item, _beside in rows):
        plans, entries = {}, BUNDLES.all(competition=competition.pk, keys=sorted(entry_keys))
        judges = MARKERS.all(competition=competition.pk)
    else:
        plans = known.once(load_plans, competition)
        entries = known.once(load_entries, competition)
        judges = JUDGES.all(competition=competition.pk)
    sites = _load_sites(competition, rows, keys)
    seats, recused, excluded = _load_panel(competition)
    found = []
    for track, item, companion in rows:
        panel = MarkingRound(competition, version, scheme, track, item, companion)
        panel.plan = plans.get(item.key)
        panel.lines = _lines(panel, entries, sites)
        own = panel.round_keys
        panel.seats = {seat for seat in seats if seat[1] in own}
        seated = {judge_id for judge_id, _round_key in panel.seats}
        panel.judges = [judge for judge in judges if judge.id in seated]
        panel.recused, panel.excluded = recused, excluded
        found.append(panel)
    return found


def _keys_of(row):
    _track, item, companion = row
    return [item.key, companion.key] if companion else [item.key]


def load_marking_round(competition, round_key, known=None, entry_keys=None):
    """This function will load one marked round of the published rules, or return None; with
    `entry_keys` what a hand-in of these needs of it.

    A companion's own key leads to the round with which it is marked.
    """
    if known is None:
        panels = load_marking_rounds(competition, only=round_key, entry_keys=entry_keys)
    else:
        panels = known.once(load_marking_rounds, competition, known)
    found = next((panel for panel in panels if round_key in panel.round_keys), None)
    # A page arranges its own copy.
    return replace(found) if found else None


def find_judge(panel, judge_key):
    """This function will return a judge of the round's panel by key, or None."""
    return next((judge for judge in panel.judges if judge.key == judge_key), None)


def _load_panel(competition):
    """The sets of a MarkingRound for all rounds: seats, recused, excluded."""
    rows = PANEL.all(competition=competition.pk)
    seats = {(judge, text) for judge, entry, text in rows if entry is None and judge is not None}
    recused = {(judge, entry) for judge, entry, _text in rows if entry is not None}
    excluded = {_excluded_by(json.loads(text)) for judge, _entry, text in rows if judge is None}
    return seats, recused, excluded


def _excluded_by(subject):
    return (subject.get("judge", ""), subject.get("round", ""), subject.get("entry", ""))


def _load_sites(competition, rows, keys):
    """{(round key, entry id): [Site]}; no query where none of the rounds is marked by sites."""
    both = [item for _track, *pair in rows for item in pair if item is not None]
    sites = {}
    if not any(map(_is_by_site, both)):
        return sites
    wanted = {} if keys is None else {"round_key__in": keys}
    for site in Site.objects.filter(competition=competition, **wanted).order_by("position", "id"):
        sites.setdefault((site.round_key, site.entry_id), []).append(site)
    return sites


def _is_by_site(item):
    return item.panel is not None and item.panel.sites != "none"


def _lines(panel, entries, sites):
    secretaries = {}
    for entry in entries:
        if entry.is_secretary:
            secretaries.setdefault(entry.of_id, []).append(entry)
    beside = next((t for t in panel.scheme.tracks if panel.companion in t.rounds), None)
    lines = []
    for entry in entries:
        if entry.competes_in(panel.track):
            lines += _lines_of(panel.round, entry, sites)
        if beside is not None:
            for secretary in secretaries.get(entry.id, []):
                if secretary.competes_in(beside):
                    lines += _lines_of(panel.companion, secretary, sites)
    return lines


def _lines_of(item, entry, sites):
    found = sites.get((item.key, entry.id), []) if _is_by_site(item) else []
    return [Line(item, entry, site) for site in found] or [Line(item, entry)]
