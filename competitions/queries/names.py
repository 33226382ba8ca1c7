"""What tables call the entries and judges of a competition, and the ranks that order them."""

from competitions.models import Judge, PartySecretary
from competitions.orders import sort_entries
from competitions.queries import load_entries


def find_entry_names(competition):
    """This function will return entry key -> what a table says of the entry.

    name, unit, secretary (in office at the year's end, or who competes himself), office (what he
    is called), subject, and the ranks official, custom and strokes by which a table is ordered.
    Two queries in all.
    """
    entries = load_entries(competition, withdrawn=True)
    terms = (
        PartySecretary.objects.filter(
            unit__entries__competition=competition, since__year__lte=competition.year
        )
        .select_related("person")
        .order_by("unit_id", "since", "id")
        .distinct()
    )
    in_office = {term.unit_id: term.person.name for term in terms}
    by_strokes = _ranks(entries, "strokes")
    by_hand = _ranks(entries, "custom")
    return {
        entry.key: {
            "name": entry.name,
            "unit": entry.unit.name,
            "secretary": entry.person_name or in_office.get(entry.unit_id, ""),
            "office": entry.unit.office,
            "subject": entry.subject,
            "official": rank,
            "custom": by_hand[entry.id],
            "strokes": by_strokes[entry.id],
        }
        for rank, entry in enumerate(entries)
    }


def find_judge_names(competition):
    """This function will return judge key -> (number, name)."""
    judges = Judge.objects.filter(competition=competition).select_related("person")
    return {judge.key: (judge.number, judge.person.name) for judge in judges.in_seniority_order()}


def _ranks(entries, order):
    """{entry id: rank} in one of competitions.orders.ORDERS."""
    return {entry.id: rank for rank, entry in enumerate(sort_entries(entries, order))}
