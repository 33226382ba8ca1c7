"""Computing the standings: load what counts, let the rules compute, keep both and their digests."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from competitions.frontdoor import tell_results_changed
from competitions.queries import scheme_of
from competitions.queries.sealed import check_rules
from record.actions import append
from record.chain.digests import EVIDENCE_TAG, RESULT_TAG, document_digest
from scoring import doors, kinds
from scoring.actions.evidence import find_recorded, lock_competition, published_version
from scoring.models import Tabulation
from scoring.queries.evidence import load_evidence
from scoring.rules.evidence import to_document
from scoring.rules.tabulate import tabulate


def tabulate_competition(*, competition, by, now, op):
    """This function will compute the standings under the published rules and store them.

    It may be asked at any time: a result with anything missing is stored as incomplete. The
    evidence and the result are stored whole, with the digests that the record keeps. Returns the
    Tabulation; a repeated `op` returns the first one. Without published rules, when they are not
    those of the record, or while somebody is being marked on the stage (his total is nobody's to
    know before the closing): ValidationError.
    """
    with transaction.atomic():
        competition = lock_competition(competition)
        earlier = find_recorded(op, kind=kinds.TABULATION_STORED, by=by, competition=competition)
        if earlier is not None:
            return Tabulation.objects.get(revision=earlier.op_id)
        for turn in doors.find_open_turns(competition):
            if turn.is_marked:
                raise ValidationError(
                    f"「{turn.name}」正在打分，没有统分。请在现场控制台关闭打分以后再统分。"
                )
        version = published_version(competition)
        check_rules(version.id)
        scheme = scheme_of(version)
        facts = load_evidence(competition, scheme)
        outcome = tabulate(scheme, facts)
        evidence, result = to_document(facts), outcome.to_document()
        evidence_digest = document_digest(evidence, EVIDENCE_TAG)
        result_digest = document_digest(result, RESULT_TAG)
        last = Tabulation.objects.filter(competition=competition).aggregate(Max("number"))
        number = (last["number__max"] or 0) + 1
        revision = append(
            chain=competition.chain,
            kind=kinds.TABULATION_STORED,
            body={
                "number": number,
                "scheme": version.digest,
                "evidence": evidence_digest,
                "result": result_digest,
                "complete": outcome.complete,
            },
            by=str(by.id),
            now=now,
            op_id=op,
        )
        made = Tabulation.objects.create(
            competition=competition,
            number=number,
            scheme_version=version,
            evidence=evidence,
            evidence_digest=evidence_digest,
            result=result,
            result_digest=result_digest,
            complete=outcome.complete,
            made_by=by,
            made_at=now,
            revision=revision.op_id,
        )
        tell_results_changed(competition, now=now)
        return made
