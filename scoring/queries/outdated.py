"""Whether a tabulation is still what the rules in force and the evidence give."""

from competitions.models import SchemeVersion
from record.chain.digests import EVIDENCE_TAG, document_digest
from scoring.queries.evidence import load_evidence
from scoring.rules.evidence import to_document


def find_outdated(competition, scheme, tabulation):
    """This function will say in half a sentence why a tabulation by `scheme` is outdated: the rules
    or the evidence have changed since. Empty when nothing has."""
    in_force = SchemeVersion.objects.filter(
        competition=competition, state=SchemeVersion.State.PUBLISHED
    ).values_list("id", flat=True)
    if any(version != tabulation.scheme_version_id for version in in_force):
        return "统分之后规则改过，这次统分已经过时，请重新统分后再"
    now_counts = to_document(load_evidence(competition, scheme))
    if document_digest(now_counts, EVIDENCE_TAG) != tabulation.evidence_digest:
        return "统分之后数据又有改动，这次统分已经过时，请重新统分后再"
    return ""
