"""Terms of office as the page of a competition shows them."""

import datetime
from dataclasses import dataclass

from competitions.models import Entry, PartySecretary, TermChange


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
    units = [entry for entry in entries if entry.subject == Entry.Subject.UNIT]
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


def find_term_changes(competition):
    """This function will return the changes of terms that wait for a second person, of all units
    that enter the competition, oldest first. One query."""
    units = Entry.objects.filter(competition=competition, subject=Entry.Subject.UNIT)
    units = units.values("unit")
    return TermChange.objects.waiting().filter(unit__in=units).with_names().order_by("id")


def describe_change(change):
    """This function will return [(name, value)] of what a change of a term would do, in Chinese."""
    was = "没有登记"
    if change.was is not None:
        was = _span(
            datetime.date.fromisoformat(change.was["since"]),
            datetime.date.fromisoformat(change.was["until"]) if change.was["until"] else None,
            change.was["acting"],
        )
    facts = [
        ("单位", change.unit.name),
        (change.unit.office, change.person.name),
        ("原任期", was),
        ("变更为", _span(change.since, change.until, change.acting)),
    ]
    if change.ends_former:
        eve = change.since - datetime.timedelta(days=1)
        facts.append(("前任", f"在任的前任，任期到{_day(eve)}为止"))
    return [*facts, ("变更依据", change.reason)]


def _span(since, until, acting):
    word = "（主持工作）" if acting else ""
    return f"{_day(since)}至{_day(until) if until else '今'}{word}"


def _day(day):
    return f"{day.year}年{day.month}月{day.day}日"
