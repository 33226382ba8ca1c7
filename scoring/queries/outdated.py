"""Whether a tabulation is still what the rules in force and the evidence give."""

from django.db.models import CharField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Replace

from competitions.models import Competition, SchemeVersion
from competitions.queries import scheme_of
from record.chain.digests import EVIDENCE_TAG, document_digest
from record.models import Revision
from record.prepared import Prepared
from scoring.queries.evidence import load_evidence
from scoring.rules.evidence import to_document


def _find_heads(county, previous):
    """(competition, last operation) of a county's chains, in one query: a term of office that
    counts here may be recorded with another competition, and results of the year before are.

    Within a chain revisions are committed one after another. Over all chains the highest id tells
    nothing: what was begun earlier may be committed later, under a lower one.
    """
    chain = Replace(Cast("uuid", CharField()), Value("-"), Value(""))
    last = Revision.objects.filter(chain=OuterRef("hex")).order_by("-seq").values("op_id")[:1]
    own = Q(host_code=county) | Q(pk=previous)
    rows = Competition.objects.filter(own).order_by("pk").annotate(hex=chain)
    return rows.values_list("pk", Subquery(last))


HEADS = Prepared(_find_heads)
IN_FORCE = Prepared(
    lambda competition: SchemeVersion.objects.filter(
        competition=competition, state=SchemeVersion.State.PUBLISHED
    ).values_list("id")
)
# The digest of what counts, by competition, rules, and how far the county's chains have come.
MOST_KEPT = 64
_digests: dict = {}


def find_outdated(competition, scheme, tabulation):
    """This function will say in half a sentence why a tabulation by `scheme` is outdated: the rules
    or the evidence have changed since. Empty when nothing has."""
    if _rules_changed(tabulation):
        return "统分之后规则改过，这次统分已经过时，请重新统分后再"
    if _digest_of_evidence(competition, scheme) != tabulation.evidence_digest:
        return "统分之后数据又有改动，这次统分已经过时，请重新统分后再"
    return ""


def find_newer(competition, tabulation):
    """This function will name what has changed since a tabulation, 规则 or 数据, or be empty.

    Every work page asks it for the road map, so the evidence is read again only after something
    has entered the record of the county's competitions: nothing that counts changes without.
    """
    if _rules_changed(tabulation):
        return "规则"
    heads = HEADS.all(county=competition.host_code, previous=competition.previous_id)
    place = (competition.id, tabulation.scheme_version_id, *heads)
    if place not in _digests:
        if len(_digests) >= MOST_KEPT:
            _digests.clear()
        _digests[place] = _digest_of_evidence(competition, scheme_of(tabulation.scheme_version))
    return "" if _digests[place] == tabulation.evidence_digest else "数据"


def _rules_changed(tabulation):
    in_force = IN_FORCE.all(competition=tabulation.competition_id)
    return any(version != tabulation.scheme_version_id for (version,) in in_force)


def _digest_of_evidence(competition, scheme):
    return document_digest(to_document(load_evidence(competition, scheme)), EVIDENCE_TAG)
