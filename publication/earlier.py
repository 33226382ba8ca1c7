"""The published results of a year, as the next year's rules ask for them."""

from competitions.queries import scheme_of
from publication.models import Circle, PublicationVersion
from record.chain.digests import document_digest
from record.models import Revision
from scoring.queries.sealed import TabulationMismatch, check_tabulation

# The public notice leaves places out; every narrower circle has all of them.
WHOLE = [Circle.COUNTY, Circle.LEADING, Circle.UNIT]


def find_published_results(competition):
    """This function will return (places, times, version) as scoring.queries.earlier asks for
    them, from the latest version. Only the latest counts: while it is withdrawn, while nothing is
    published, or when what is stored is not what the record says, the answer is None, never an
    older version."""
    versions = PublicationVersion.objects.filter(competition=competition)
    version = versions.select_related("tabulation__scheme_version").latest_results_for(WHOLE)
    if version is None or not _is_intact(version):
        return None
    places = {
        (track["key"], row["entry"]): row["place"]
        for track in version.contents["tracks"]
        for row in track["rows"]
    }
    named = {"version": str(version.number), "contents": version.contents_digest}
    return places, _times(version, places), named


def _is_intact(version):
    released = Revision.objects.filter(op_id=version.revision).first()
    said = released.facts.get("contents") if released else None
    if not said == version.contents_digest == document_digest(version.contents):
        return False
    try:
        check_tabulation(version.tabulation)
    except TabulationMismatch:
        return False
    return True


def _times(version, places):
    """How often in a row each entry holds each flag at the end of the year.

    Counted on from the year before it; where flags are given issue by issue, through the issues.
    """
    held = {(rule, entry): n for rule, entry, n in version.tabulation.evidence.get("history", [])}
    given = {
        (flag["rule"], flag["entry"], flag.get("round", "")) for flag in version.contents["flags"]
    }
    times = {}
    for track in scheme_of(version.tabulation.scheme_version).tracks:
        entries = [entry for name, entry in places if name == track.key]
        order = [item.key for item in track.rounds]
        for rule in track.flags:
            issues = sorted(rule.rounds, key=order.index) or [""]
            for entry in entries:
                count = held.get((rule.key, entry), 0)
                for issue in issues:
                    count = count + 1 if (rule.key, entry, issue) in given else 0
                times[rule.key, entry] = count
    return times
