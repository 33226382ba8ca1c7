"""What tables call the entries and judges of a competition, and the ranks that order them."""

from competitions.models import Entry, Judge, PartySecretary
from competitions.strokes import stroke_key, surname_key


def find_entry_names(competition):
    """This function will return entry key -> what a table says of the entry.

    name, unit, secretary (in office at the year's end, or the own term), subject, and the
    ranks official, custom and strokes by which a table is ordered. Two queries in all.
    """
    entries = list(
        Entry.objects.filter(competition=competition).with_subjects().in_official_order()
    )
    terms = (
        PartySecretary.objects.filter(
            unit__entries__competition=competition, since__year__lte=competition.year
        )
        .select_related("person")
        .order_by("unit_id", "since", "id")
        .distinct()
    )
    in_office = {term.unit_id: term.person.name for term in terms}
    by_strokes = sorted(entries, key=lambda entry: (entry.subject, _strokes(entry), entry.id))
    strokes = {entry.id: rank for rank, entry in enumerate(by_strokes)}
    return {
        entry.key: {
            "name": entry.name,
            "unit": entry.unit.name,
            "secretary": entry.term.person.name
            if entry.term_id
            else in_office.get(entry.unit_id, ""),
            "subject": entry.subject,
            "official": rank,
            "custom": entry.hand_order or entry.official_order,
            "strokes": strokes[entry.id],
        }
        for rank, entry in enumerate(entries)
    }


def find_judge_names(competition):
    """This function will return judge key -> (number, name)."""
    judges = Judge.objects.filter(competition=competition).select_related("person")
    return {judge.key: (judge.number, judge.person.name) for judge in judges.in_seniority_order()}


def _strokes(entry):
    """Secretaries go by surname, units by their whole name."""
    return surname_key(entry.term.person.name) if entry.term_id else stroke_key(entry.unit.name)
