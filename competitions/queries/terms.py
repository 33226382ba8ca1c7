"""Terms of office as the page of a competition shows them."""

import datetime
from dataclasses import dataclass

from competitions.models import Entry, PartySecretary


@dataclass
class TermLine:
    """A term with what it means for the competition's year; `share` is empty outside the year."""

    term: PartySecretary
    entry: Entry | None
    share: str
    part_year: bool


def find_terms(competition):
    """This function will return [(unit's entry, [TermLine])] in official order. Two queries."""
    entries = list(
        Entry.objects.filter(competition=competition).with_subjects().in_official_order()
    )
    own = {entry.term_id: entry for entry in entries if entry.term_id is not None}
    units = [entry for entry in entries if entry.term_id is None]
    lines = {}
    terms = PartySecretary.objects.filter(unit__in=[entry.unit_id for entry in units])
    for term in terms.select_related("person", "unit").in_order():
        share, part_year = share_of_year(term, competition.year)
        line = TermLine(term, own.get(term.id), share, part_year)
        lines.setdefault(term.unit_id, []).append(line)
    return [(entry, lines.get(entry.unit_id, [])) for entry in units]


def share_of_year(term, year):
    """This function will return (text, whether it is a part only) of a term within a year.

    The text is 全年, a span such as 8月1日至12月31日, or empty when the term lies outside.
    """
    first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    since = max(term.since, first)
    until = min(term.until or last, last)
    if since > until:
        return "", False
    if (since, until) == (first, last):
        return "全年", False
    return f"{since.month}月{since.day}日至{until.month}月{until.day}日", True
