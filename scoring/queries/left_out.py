"""Entries that take no part in a track's standing, so that no evidence is asked of them there."""

from competitions.models import PartySecretary
from record.prepared import Prepared
from scoring.models import Ruling
from scoring.queries.terms import months_in_office

LEAVING_OUT = Prepared(
    lambda competition: (
        Ruling.objects.filter(competition=competition, kind__in=("exclude_entry", "part_year"))
        .counted()
        .order_by("id")
        .values_list("kind", "subject")
    )
)


def find_left_out(competition, scheme, entries):
    """This function will return {(track key, entry key)} of entries that the rules or a verified
    ruling leave out of a track. One query, two where the rules themselves leave out part years."""
    left_out = set()
    for kind, subject in LEAVING_OUT.all(competition=competition.pk):
        if kind == "part_year" and subject.get("value") != "exclude":
            continue
        chosen = subject.get("track")
        tracks = [chosen] if chosen else [track.key for track in scheme.tracks]
        left_out.update((track, subject.get("entry", "")) for track in tracks)
    strict = [track for track in scheme.tracks if track.part_year == "exclude"]
    if strict:
        months = find_months(competition, entries)
        left_out.update(
            (track.key, entry.key)
            for track in strict
            for entry in entries
            if entry.competes_in(track)
            and months.get(entry.id, track.part_year_months) < track.part_year_months
        )
    return left_out


def find_months(competition, entries):
    """This function will return {entry id: completed months in office in the competition's year}
    of the secretaries among the entries (with their terms loaded), with one query."""
    terms = {entry.id: entry.term for entry in entries if entry.term_id is not None}
    if not terms:
        return {}
    spans = {}
    held = PartySecretary.objects.filter(
        person__in={term.person_id for term in terms.values()},
        unit__in={term.unit_id for term in terms.values()},
    )
    for term in held:
        spans.setdefault((term.person_id, term.unit_id), []).append((term.since, term.until))
    return {
        entry_id: months_in_office(spans[term.person_id, term.unit_id], competition.year)
        for entry_id, term in terms.items()
    }
