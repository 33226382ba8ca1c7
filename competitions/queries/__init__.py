"""Questions about competitions that pages and other apps ask."""

from functools import lru_cache

from django.urls import reverse

from competitions.models import Entry, RoundPlan, SchemeVersion
from competitions.roadmap import Known, find_steps
from competitions.scheme.read import read_document
from record.chain.digests import document_digest
from record.prepared import Prepared

VERSIONS = Prepared(
    lambda competition: (
        SchemeVersion.objects.filter(competition=competition).order_by().defer("document")
    )
)
ENTRIES = Prepared(
    lambda competition: Entry.objects.filter(competition=competition).select_related(
        "unit", "term__person", "person"
    )
)
PLANS = Prepared(lambda competition: RoundPlan.objects.filter(competition=competition).order_by())


def current_scheme_version(competition):
    """This function will return the published version of the rules, else the latest draft."""
    versions = VERSIONS.all(competition=competition.pk)
    published = SchemeVersion.State.PUBLISHED
    return max(versions, key=lambda item: (item.state == published, item.number), default=None)


def load_entries(competition, withdrawn=False):
    """This function will return the entries that compete, with units and people, in official order;
    with `withdrawn` also those that do so no longer. One query.

    They are put in order and side by side here: every page asks for them, and Django took longer to
    write the ordered join of the table with itself down than the database to answer it.
    """
    entries = {entry.id: entry for entry in ENTRIES.all(competition=competition.pk)}
    for entry in entries.values():
        if entry.of_id:
            entry.of = entries[entry.of_id]
    found = sorted(entries.values(), key=lambda entry: (entry.official_order, entry.id))
    return [entry for entry in found if withdrawn or not entry.withdrawn]


def load_plans(competition):
    """This function will return {round key: RoundPlan}, in the order in which they were made."""
    plans = PLANS.all(competition=competition.pk)
    return {plan.round_key: plan for plan in sorted(plans, key=lambda plan: plan.id)}


def pending_scheme_version(competition):
    """This function will return the version that waits to be published, or None."""
    waiting = SchemeVersion.objects.filter(competition=competition, state=SchemeVersion.State.DRAFT)
    return waiting.select_related("written_by", "approved_by").order_by("-number").first()


class _OtherDocument(Exception):
    """The stored document is not the one that the digest names."""


@lru_cache(maxsize=64)
def _read(version_id, digest):
    document = SchemeVersion.objects.only("document").get(id=version_id).document
    if not _fits(document, digest):
        raise _OtherDocument(document)
    return read_document(document)


def _fits(document, digest):
    try:
        return document_digest(document) == digest
    except ValueError:  # It has no canonical form any more.
        return False


def scheme_of(version):
    """This function will return the Scheme of a version, read once per process and digest.

    A document that its digest does not name is shown but never kept: results refuse it
    (competitions.queries.sealed.check_rules), and pages must open for whoever puts it right.
    """
    try:
        return _read(version.id, version.digest)
    except _OtherDocument as other:
        return read_document(other.args[0])


def work_frame(competition, current, *crumbs, known=None):
    """This function will return the context that base_work.html needs for a page of a competition.

    `current` is the key of the page's step; `crumbs` are (title, url or None) after the
    competition's own; `known` what the page has looked up already (a roadmap.Known).
    """
    known = known or Known()
    version = known.once(current_scheme_version, competition)
    scheme = scheme_of(version) if version else None
    overview = reverse("work_overview", args=[competition.slug])
    return {
        "competition": competition,
        "competition_url": overview,
        "scheme_version": version,
        "scheme": scheme,
        "steps": find_steps(competition, scheme, known),
        "current_step": current,
        "entrant_tabs": _entrant_tabs(scheme),
        "breadcrumbs": [("比武", reverse("work_list")), (competition.title, overview), *crumbs],
        "demo": competition.mark,
    }


def _entrant_tabs(scheme):
    """Which lists of entrants a competition has beside units and secretaries."""
    tracks = scheme.tracks if scheme else ()
    people = any(track.subject == "person" for track in tracks)
    return {"people": people, "tracks": len(tracks) > 1}
