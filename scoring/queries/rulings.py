"""Rulings as pages show them, and what a new one may choose from."""

from dataclasses import dataclass

from competitions.models import Entry, Judge, SchemeVersion
from competitions.queries import current_scheme_version, scheme_of
from scoring.models import Ruling
from scoring.queries.ledger import in_state
from scoring.queries.panels import is_marked
from scoring.queries.ruling_kinds import KINDS, describe, timed_choices
from scoring.rules.evidence import RULING_KINDS


@dataclass
class RulingChoices:
    """What the rules, the entries and the panel offer, as (key, title) pairs."""

    scheme: object
    tracks: list
    rounds: list
    criteria: list
    entries: list
    judges: list
    timed: list  # the rounds in which overtime costs points
    rows: dict  # {entry key: Entry}, by which rulings are put in the order of their entries

    def describe(self, ruling):
        """This function will say in Chinese what a ruling decides."""
        return describe(
            ruling.kind, ruling.subject, self.scheme, dict(self.entries), dict(self.judges)
        )


def load_choices(competition):
    """This function will return the choices under the published rules, or None without them."""
    version = current_scheme_version(competition)
    if version is None or version.state != SchemeVersion.State.PUBLISHED:
        return None
    scheme = scheme_of(version)
    entries = Entry.objects.filter(competition=competition).active().with_subjects()
    judges = Judge.objects.filter(competition=competition).select_related("person")
    rows = {entry.key: entry for entry in entries.in_official_order()}
    pairs = [(track, round_) for track in scheme.tracks for round_ in track.rounds]
    return RulingChoices(
        scheme=scheme,
        tracks=[(track.key, track.title) for track in scheme.tracks],
        rounds=[
            (round_.key, _joined(scheme, track, round_.title))
            for track, round_ in pairs
            if is_marked(round_)
        ],
        criteria=[
            (criterion.key, _joined(scheme, track, f"{round_.title} · {criterion.title}"))
            for track, round_ in pairs
            for criterion in round_.criteria
        ],
        entries=[(key, entry.name) for key, entry in rows.items()],
        judges=[
            (judge.key, f"{judge.number} 号评委 {judge.person.name}")
            for judge in judges.in_seniority_order()
        ],
        timed=timed_choices(scheme),
        rows=rows,
    )


def _joined(scheme, track, title):
    return f"{track.title} · {title}" if len(scheme.tracks) > 1 else title


def find_rulings(competition, state=""):
    """This function will return the rulings, latest first; `state` may narrow them."""
    rulings = Ruling.objects.filter(competition=competition).select_related(
        "entered_by", "verified_by"
    )
    known = [*Ruling.State.values, "withdrawn"]
    return in_state(rulings, state if state in known else "").latest_first()


def sort_rulings(rulings, choices, arrangement):
    """This function will put rulings, latest first, in the order of the entry that each names, the
    first of several; those that name none of the list come last. By date they stand so already."""
    if arrangement.order == "date":
        return list(rulings)
    named = {ruling.id: _first_entry(ruling, choices) for ruling in rulings}
    known = [ruling for ruling in rulings if named[ruling.id] is not None]
    found = arrangement.sort(known, of=lambda ruling: named[ruling.id])
    return found + [ruling for ruling in rulings if named[ruling.id] is None]


def _first_entry(ruling, choices):
    subject = ruling.subject
    keys = [subject.get("entry", ""), *subject.get("entries", ())]
    return next((choices.rows[key] for key in keys if key in choices.rows), None)


def kind_titles(choices):
    """This function will return the kinds of ruling (RulingKind) in the order of the rules; those
    on overtime only where it costs points."""
    return [KINDS[key] for key in RULING_KINDS if key != "set_overtime" or choices.timed]
