"""The secretaries' own entries, which follow from terms of office and the units that compete; and
the units of other people who compete."""

import datetime
from collections import Counter

from django.db import transaction

from competitions import kinds
from competitions.actions import basis
from competitions.actions.listing import next_number, record_entries
from competitions.actions.recusals import refresh_recusals
from competitions.models import Entry, PartySecretary
from competitions.queries import current_scheme_version, scheme_of

FOLLOWING = ["official_order", "hand_order", "peer_group", "factor", "tracks", "withdrawn"]


@transaction.atomic
def refresh_secretary_entries(*, competition, by, now, op_id=None):
    """This function will enter every secretary whose term falls into the competition's year.

    It does so where the rules have a track of secretaries: one entry a term that overlaps the year,
    of each unit that competes. An entry whose term no longer does is withdrawn; none is deleted.
    The entries of secretaries that compete are returned in official order.
    """
    competition = basis.lock(competition)
    basis.refuse_when_closed(competition, rehearsed=True)
    if not basis.done_before(op_id, kinds.ENTRIES_CHANGED, by):
        follow_terms(competition)
        record_entries(competition, by=by, now=now, op_id=op_id)
        refresh_recusals(competition=competition, by=by, now=now)
    own = Entry.objects.filter(competition=competition, subject=Entry.Subject.SECRETARY)
    return list(own.active().with_subjects().in_official_order())


def follow_units(competition):
    """This function will let the entries of people point to the entries of their units, where
    these compete. Three queries at most."""
    entries = Entry.objects.filter(competition=competition).order_by("id")
    people = list(entries.filter(subject=Entry.Subject.PERSON))
    if people:
        units = entries.filter(subject=Entry.Subject.UNIT)
        by_unit = dict(units.values_list("unit_id", "id"))
        for person in people:
            person.of_id = by_unit.get(person.unit_id)
        Entry.objects.bulk_update(people, ["of"], batch_size=500)


def follow_terms(competition):
    """This function will bring the secretaries' entries in line with terms and units.

    Four queries whatever the number of entries; the caller records the list.
    """
    version = current_scheme_version(competition)
    scheme = scheme_of(version) if version else None
    if scheme is None or all(track.subject != "secretary" for track in scheme.tracks):
        return
    entries = list(
        Entry.objects.filter(competition=competition).select_related("term__person").order_by("id")
    )
    units = {entry.unit_id: entry for entry in entries if entry.subject == Entry.Subject.UNIT}
    known = {entry.term_id: entry for entry in entries if entry.term_id is not None}
    first, last = (datetime.date(competition.year, *day) for day in ((1, 1), (12, 31)))
    terms = PartySecretary.objects.filter(unit__in=units).held_during(first, last)
    terms = terms.select_related("person").in_order()
    number = next_number(entry.key for entry in known.values())
    new, kept = [], []
    for term in terms:
        unit_entry = units[term.unit_id]
        entry = known.pop(term.id, None)
        if entry is None:
            entry = Entry(
                competition=competition,
                key=f"s{number + len(new):02d}",
                subject=Entry.Subject.SECRETARY,
                term=term,
            )
            new.append(entry)
        else:
            kept.append(entry)
        entry.unit_id, entry.of = term.unit_id, unit_entry
        for field in FOLLOWING:
            setattr(entry, field, getattr(unit_entry, field))
    for entry in known.values():
        entry.withdrawn = True
        kept.append(entry)
    _date_namesakes([*kept, *new])
    Entry.objects.bulk_update(kept, [*FOLLOWING, "unit", "of", "dated"], batch_size=200)
    Entry.objects.bulk_create(new)


def _date_namesakes(entries):
    """Marks the entries of a unit that would bear one name: two terms of one person, or two persons
    of one name."""
    names = [(entry.unit_id, entry.term.person.name) for entry in entries]
    counted = Counter(names)
    for entry, name in zip(entries, names, strict=True):
        entry.dated = counted[name] > 1
