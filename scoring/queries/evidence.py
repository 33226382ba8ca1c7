"""The bridge from the database to the rules: everything that counts, as plain facts.

Only what counts crosses it: sheets handed in or verified, verified measurements, ledger events and
rulings, entries that have not withdrawn; and no free text, which may name somebody. The number of
queries does not depend on their number.
"""

from competitions.models import Entry, Judge, Recusal, Seat, Site
from scoring import doors
from scoring.models import LedgerEvent, Measurement, Ruling, Sheet
from scoring.queries.earlier import find_earlier
from scoring.queries.left_out import find_months
from scoring.rules.evidence import (
    EntryFacts,
    Evidence,
    JudgeFacts,
    LedgerFact,
    MarkFact,
    RulingFact,
)


def load_evidence(competition, scheme):
    """This function will return the competition's counted evidence for scoring.rules.tabulate.

    Measurements are sorted by what their criterion asks for: measured values, votes, or results
    carried from elsewhere. Those of criteria that the scheme does not have are left out.
    """
    entries = list(
        Entry.objects.filter(competition=competition)
        .active()
        .select_related("term")
        .in_official_order()
    )
    evidence = Evidence(
        entries=_entry_facts(competition, entries),
        judges=[
            JudgeFacts(judge.key, judge.number, judge.group_key)
            for judge in Judge.objects.filter(competition=competition).in_seniority_order()
        ],
        recusals=set(
            Recusal.objects.filter(
                judge__competition=competition, entry__withdrawn=False
            ).values_list("judge__key", "entry__key")
        ),
        marks=_mark_facts(competition),
        sites=_sites(competition),
        seats=_seats(competition),
        ledger=_ledger_facts(competition),
        rulings=_ruling_facts(competition),
        people=_people(scheme, entries),
        overtime=doors.find_overtime(competition, scheme),
    )
    _put_measurements(evidence, competition, scheme)
    evidence.history, evidence.previous, evidence.earlier = find_earlier(
        competition, scheme, entries
    )
    return evidence


def _entry_facts(competition, entries):
    keys = {entry.id: entry.key for entry in entries}
    months = find_months(competition, entries)
    return [
        EntryFacts(
            key=entry.key,
            order=entry.official_order,
            group=entry.peer_group,
            subject=entry.subject,
            of=keys.get(entry.of_id, ""),
            factor=entry.factor,
            months_in_office=months.get(entry.id),
            tracks=tuple(entry.tracks),
        )
        for entry in entries
    ]


def _people(scheme, entries):
    """{(award key, entry key): how many people get it each}, of the awards that are paid a head."""
    counted = [entry for entry in entries if entry.people is not None]
    return {
        (award.key, entry.key): entry.people
        for track in scheme.tracks
        for award in track.awards
        if award.people > 1
        for entry in counted
        if entry.competes_in(track)
    }


def _mark_facts(competition):
    sheets = (
        Sheet.objects.filter(competition=competition)
        .counted()
        .in_order()
        .values_list("round_key", "entry__key", "judge__key", "site", "marks")
    )
    return [
        MarkFact(round_key, entry, judge, criterion, value, site)
        for round_key, entry, judge, site, marks in sheets
        for criterion, value in marks.items()
        if value not in ("", None)
    ]


def _sites(competition):
    found = {}
    sites = (
        Site.objects.filter(competition=competition, entry__withdrawn=False)
        .order_by("position", "id")
        .values_list("round_key", "entry__key", "key")
    )
    for round_key, entry, key in sites:
        found[round_key, entry] = (*found.get((round_key, entry), ()), key)
    return found


def _seats(competition):
    """{round key: judges who sit on its panel}; a round without seats is left out."""
    found = {}
    seats = (
        Seat.objects.filter(judge__competition=competition)
        .order_by("round_key", "judge__number", "id")
        .values_list("round_key", "judge__key")
    )
    for round_key, judge in seats:
        found[round_key] = (*found.get(round_key, ()), judge)
    return found


def _put_measurements(evidence, competition, scheme):
    tables = {
        criterion.key: evidence.inputs(criterion.evidence)
        for track in scheme.tracks
        for round_ in track.rounds
        for criterion in round_.criteria
        if criterion.inputs
    }
    rows = (
        Measurement.objects.filter(competition=competition)
        .counted()
        .select_related("entry")
        .order_by("id")
    )
    for row in rows:
        values = row.counted_values
        present = {key: value for key, value in values.items() if value not in ("", None)}
        if row.criterion_key in tables and present:
            tables[row.criterion_key][row.entry.key, row.criterion_key] = present


def _ledger_facts(competition):
    events = (
        LedgerEvent.objects.filter(competition=competition)
        .counted()
        .select_related("entry")
        .order_by("id")
    )
    matters = {}
    return [
        LedgerFact(
            key=event.key,
            entry=event.entry.key,
            criterion=event.criterion_key,
            item=event.item_key,
            date=event.happened_on.isoformat(),
            points=event.points,
            # Events of one matter are joined by the key of the first of them.
            matter=matters.setdefault(event.matter_key, event.key) if event.matter_key else "",
        )
        for event in events
    ]


def _ruling_facts(competition):
    rulings = Ruling.objects.filter(competition=competition).counted().order_by("id")
    return [ruling_fact(ruling) for ruling in rulings]


def ruling_fact(ruling):
    """This function will return a Ruling row as the fact that the rules read."""
    subject = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in ruling.subject.items()
    }
    return RulingFact(
        key=ruling.key,
        kind=ruling.kind,
        document=ruling.document_number,
        **subject,
    )
