"""The only door to what has been published, circle by circle."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db import connection
from django.db.models import Q, Subquery
from django.http import Http404
from django.utils import timezone

from competitions.access import find_competitions
from competitions.models import Entry, PartySecretary
from competitions.roles import RoleKind
from publication.models import Circle, PublicationVersion
from scoring.models import LedgerEvent, Tabulation

# A secretary reads what was opened to her own unit or to the whole county, never the notice alone.
OWN_CIRCLES = [Circle.UNIT, Circle.COUNTY]


# Where the fragments stand that only the entry's own secretary may read.
OWN = "own/"
NO_PAGE = "这一页没有公布，或者已经撤回。"


# The one query behind every public page, written by hand: building it anew for each request would
# take several times as long as running it.
PAGE_IN_FORCE = """
    SELECT page.etag, page.content_type, {column}, page.gzipped IS NOT NULL, version.kind
    FROM publication_publishedpage page
    JOIN publication_publicationversion version ON version.id = page.version_id
    JOIN competitions_competition competition ON competition.id = version.competition_id
    WHERE competition.slug = %s AND version.circle = %s AND version.withdrawn_at IS NULL
        AND page.path = %s
    ORDER BY version.kind, page.id
    LIMIT 1
"""


class Withdrawn(Http404):
    """The circle's results were withdrawn, and none have been published since: `version` is the
    one that was; `rules` says whether the county can still read the page of the rules, `early`
    whether the page asked for stands there, as it was before the results."""

    def __init__(self, version, rules, early):
        super().__init__("结果已经撤回。")
        self.version, self.rules, self.early = version, rules, early


def _find_withdrawn(slug, circle):
    """The latest version of results that a circle could read, if it was withdrawn, or None."""
    latest = (
        PublicationVersion.objects.filter(
            competition__slug=slug, circle=circle, kind=PublicationVersion.Kind.RESULTS
        )
        .select_related("competition")
        .defer("contents")
        .order_by("-number")
        .first()
    )
    return latest if latest is not None and latest.withdrawn_at is not None else None


def _page_in_force(slug, circle, path, packed=False):
    column = "COALESCE(page.gzipped, page.body)" if packed else "page.body"
    with connection.cursor() as cursor:
        cursor.execute(PAGE_IN_FORCE.format(column=column), [slug, circle, path])
        return cursor.fetchone()


def get_page(slug, circle, path, *, packed=False):
    """This function will return (etag, content type, body, packed) of a page in force: packed by
    gzip if so asked and the page was stored so.

    A page of published results stands before the same page of the published rules. 404 when the
    circle has no such page; a unit's private fragment is no page of any circle. One query; after
    the results were withdrawn Withdrawn is raised but for what the rules say, by two more.
    """
    if path.startswith(OWN):
        raise Http404(NO_PAGE)
    row = _page_in_force(slug, circle, path, packed)
    # The overview of the rules was made before the results and says that they are still to come.
    early = row is None or (not path and row[-1] == PublicationVersion.Kind.RULES)
    if early and (withdrawn := _find_withdrawn(slug, circle)):
        # The notice of the public web leads to no page of another circle.
        rules = circle != Circle.PUBLIC and _page_in_force(slug, Circle.COUNTY, "rules/")
        raise Withdrawn(withdrawn, rules=bool(rules), early=row is not None)
    if row is None:
        raise Http404(NO_PAGE)
    etag, content_type, body, is_packed, _ = row
    return etag, content_type, body, packed and bool(is_packed)


def get_leading_page(role, slug, path, *, packed=False):
    """This function will return a page of the leading group's version for its reader, or 404."""
    if not find_competitions(role).filter(slug=slug).exists() or role.kind is RoleKind.JUDGE:
        raise Http404("没有这个比武。")
    return get_page(slug, Circle.LEADING, path, packed=packed)


def find_leading_competitions(role):
    """This function will return the competitions whose results the leading group may read now."""
    return (
        find_competitions(role)
        .filter(publications__withdrawn_at__isnull=True, publications__circle=Circle.LEADING)
        .distinct()
    )


def find_own_competitions(role):
    """This function will return the competitions of which the secretary may read something."""
    return (
        find_competitions(role)
        .filter(
            publications__withdrawn_at__isnull=True,
            publications__circle__in=OWN_CIRCLES,
        )
        .distinct()
    )


# The one query behind a secretary's own page: his entries, the latest results for his unit or
# the county, and the fragment of each entry in them unless they were withdrawn. Written by hand
# like PAGE_IN_FORCE.
OWN_FRAGMENTS = """
    SELECT competition.title, competition.year, competition.demo, term.since, term.until,
        version.number, version.released_at, version.withdrawn_at, page.body
    FROM competitions_entry entry
    JOIN competitions_competition competition ON competition.id = entry.competition_id
    JOIN competitions_partysecretary term ON term.unit_id = entry.unit_id AND term.id = %s
    LEFT JOIN publication_publicationversion version ON version.id = (
        SELECT latest.id FROM publication_publicationversion latest
        WHERE latest.competition_id = competition.id AND latest.kind = 'results'
            AND latest.circle IN ('unit', 'county')
        ORDER BY latest.number DESC LIMIT 1
    )
    LEFT JOIN publication_publishedpage page ON version.withdrawn_at IS NULL
        AND page.version_id = version.id AND page.path = 'own/' || entry.key
    WHERE competition.slug = %s AND (entry.subject = 'unit' OR entry.term_id = term.id)
    ORDER BY entry.official_order, entry.id
"""


@dataclass(frozen=True)
class OwnResults:
    """What a secretary reads of one competition; `number` and `released_at` are None while nothing
    is published. There are no fragments then, nor after `withdrawn_at`."""

    title: str
    year: int
    demo: bool
    number: int | None
    released_at: datetime | None
    withdrawn_at: datetime | None
    fragments: list[str]


def get_own_results(role, slug):
    """This function will return the OwnResults of a secretary, or raise 404.

    In office he reads every year of his unit; no longer in office, the years of his term; not yet
    in office, nothing. The secretary's entry of somebody else never comes with it. One query.
    """
    if role is None or role.kind is not RoleKind.SECRETARY:
        raise Http404("没有这个比武。")
    with connection.cursor() as cursor:
        cursor.execute(OWN_FRAGMENTS, [role.subject, slug])
        rows = cursor.fetchall()
    if not rows:
        raise Http404("没有这个比武。")
    title, year, demo, since, until, number, released_at, withdrawn_at, _ = rows[0]
    if not may_read_year(_day(since), _day(until), year, timezone.localdate()):
        raise Http404("没有这个比武。")
    return OwnResults(
        title=title,
        year=year,
        demo=bool(demo),
        number=number,
        released_at=_moment(released_at),
        withdrawn_at=_moment(withdrawn_at),
        fragments=[bytes(row[-1]).decode() for row in rows if row[-1] is not None],
    )


def may_read_year(since, until, year, today):
    """This function will say whether a term of office opens a unit's results of a year.

    In office every year; no longer in office, the years of the term; not yet in office, none.
    """
    if since > today:
        return False
    return until is None or until >= today or since.year <= year <= until.year


def get_own_version(competition, number):
    """This function will return a version of which the secretaries read, or read, their own part,
    withdrawn ones too; 404 for any other."""
    version = get_version(competition, number)
    if version.kind != PublicationVersion.Kind.RESULTS or version.circle not in OWN_CIRCLES:
        raise Http404("这一版没有送各单位的页面。")
    return version


def find_version_read_by_units(competition):
    """This function will return the version that secretaries read their own part of now, or None:
    the latest for the units or the county, and nothing while that one is withdrawn."""
    versions = PublicationVersion.objects.filter(competition=competition)
    return versions.latest_results_for(OWN_CIRCLES)


def get_entry(competition, key):
    """This function will return an entry of the competition by its key, or raise 404."""
    entry = Entry.objects.filter(competition=competition, key=key).with_subjects().first()
    if entry is None:
        raise Http404("参评名单里没有这个单位。")
    return entry


def get_own_fragments(version, entry):
    """This function will return the fragments that an entry's secretary reads, as stored: the
    unit's, and his own after it when `entry` is a secretary's. 404 when the version has none."""
    unit = entry.of if entry.is_secretary else None
    wanted = [f"{OWN}{item.key}" for item in (unit, entry) if item is not None]
    pages = version.pages.filter(path__in=wanted).values_list("path", "body")
    stored = {path: bytes(body).decode() for path, body in pages}
    if wanted[-1] not in stored:
        raise Http404("这一版没有送这个单位的页面。")
    return [stored[path] for path in wanted if path in stored]


def find_own_reasons(role, slug):
    """This function will return the counted ledger events behind a secretary's own results, by
    date: his unit's, and those of his own entry.

    The published pages say item, date and points; why each was noted may name somebody, so that it
    is read where it can still be erased, by the unit that it is about. What was verified after the
    tabulation is not in the results yet. One query; only for a competition of which
    `get_own_results` has given results.
    """
    versions = PublicationVersion.objects.filter(competition__slug=slug).results_for(OWN_CIRCLES)
    version = versions.values("tabulation__made_at")[:1]
    unit = PartySecretary.objects.filter(pk=role.subject).values("unit")
    events = LedgerEvent.objects.filter(competition__slug=slug, entry__unit__in=unit)
    return _of_term(events, role.subject, Subquery(version))


def find_reasons_of(version, entry):
    """This function will return what `find_own_reasons` gives the secretary of an entry, for staff.
    Two queries."""
    made_at = Tabulation.objects.values_list("made_at", flat=True).get(pk=version.tabulation_id)
    events = LedgerEvent.objects.filter(competition=entry.competition_id, entry__unit=entry.unit_id)
    return _of_term(events, entry.term_id, made_at)


def _of_term(events, term, made_at):
    own = Q(entry__subject=Entry.Subject.UNIT)
    if term is not None:
        own |= Q(entry__term=term)
    counted = events.filter(own).counted().filter(verified_at__lte=made_at)
    return list(counted.order_by("happened_on", "id"))


def _day(value):
    """SQLite gives dates as text where no model reads them."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def _moment(value):
    """SQLite gives moments as text, or without a zone: they are kept in UTC."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


def get_version(competition, number):
    """This function will return a version of the competition by its number, or raise 404."""
    version = PublicationVersion.objects.filter(competition=competition, number=number).first()
    if version is None:
        raise Http404("没有这一版公布。")
    return version
