"""The only door to what has been published, circle by circle."""

from django.http import Http404

from competitions.access import find_competitions, get_own_entries_for
from competitions.models import Competition
from competitions.roles import RoleKind
from publication.models import Circle, PublicationVersion, PublishedPage

# A secretary reads what was opened to her own unit or to the whole county, never the notice alone.
CIRCLES_OF_SECRETARY = [Circle.UNIT, Circle.COUNTY]


# Where the fragments stand that only the entry's own secretary may read.
OWN = "own/"


def get_page(slug, circle, path):
    """This function will return (etag, content type, body, gzipped body) of a page in force.

    A page of published results stands before the same page of the published rules. 404 when the
    circle has no such page; a unit's private fragment is no page of any circle. One query.
    """
    if path.startswith(OWN):
        raise Http404("这一页没有公布，或者已经撤回。")
    row = (
        PublishedPage.objects.filter(
            version__competition__slug=slug,
            version__circle=circle,
            version__withdrawn_at__isnull=True,
            path=path,
        )
        .order_by("version__kind", "id")
        .values_list("etag", "content_type", "body", "gzipped")
        .first()
    )
    if row is None:
        raise Http404("这一页没有公布，或者已经撤回。")
    return row


def get_leading_page(role, slug, path):
    """This function will return a page of the leading group's version for its reader, or 404."""
    if not find_competitions(role).filter(slug=slug).exists() or role.kind is RoleKind.JUDGE:
        raise Http404("没有这个比武。")
    return get_page(slug, Circle.LEADING, path)


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
            publications__circle__in=CIRCLES_OF_SECRETARY,
        )
        .distinct()
    )


def get_own_fragments(role, slug):
    """This function will return (competition, version, [fragment]) for a secretary's own page.

    The latest results in force for his unit or the whole county decide. `version` is None and the
    list empty while nothing is published; 404 when the competition is not his.
    """
    if role is None or role.kind is not RoleKind.SECRETARY:
        raise Http404("没有这个比武。")
    competition = Competition.objects.filter(slug=slug).first()
    if competition is None:
        raise Http404("没有这个比武。")
    entries = get_own_entries_for(role, competition)
    version = (
        PublicationVersion.objects.in_force()
        .filter(
            competition=competition,
            kind=PublicationVersion.Kind.RESULTS,
            circle__in=CIRCLES_OF_SECRETARY,
        )
        .order_by("-number")
        .first()
    )
    if version is None:
        return competition, None, []
    wanted = [f"{OWN}{entry.key}" for entry in entries]
    found = dict(version.pages.filter(path__in=wanted).values_list("path", "body"))
    return competition, version, [bytes(found[path]) for path in wanted if path in found]


def get_version(competition, number):
    """This function will return a version of the competition by its number, or raise 404."""
    version = PublicationVersion.objects.filter(competition=competition, number=number).first()
    if version is None:
        raise Http404("没有这一版公布。")
    return version
