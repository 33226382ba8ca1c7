"""How long a secretary was in office in the year that is judged."""

from datetime import date, timedelta

DAY = timedelta(days=1)


def year_bounds(year):
    """This function will return the first and the last day of a competition's year."""
    return date(year, 1, 1), date(year, 12, 31)


def months_in_office(spans, year):
    """This function will return the completed months in office within a year, 0 … 12.

    `spans` are (since, until or None) of one person in one unit, in any order; spans that meet or
    overlap count as one (acting, then full). A month is completed from one day to the day before
    the same day of the next month: 15 March to 31 December are nine months.
    """
    first, last = year_bounds(year)
    clipped = sorted(
        (max(since, first), min(until or last, last))
        for since, until in spans
        if since <= last and (until is None or until >= first)
    )
    merged = []
    for since, until in clipped:
        if merged and since <= merged[-1][1] + DAY:
            merged[-1][1] = max(merged[-1][1], until)
        else:
            merged.append([since, until])
    return sum(_completed_months(since, until + DAY) for since, until in merged)


def _completed_months(start, end):
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - 1 if end.day < start.day else months
