"""The outcome of a tabulation: what the rules give, and what a meeting made of it."""

from dataclasses import asdict, dataclass
from functools import lru_cache

from django.db.models import BooleanField, ExpressionWrapper, Q

from competitions.queries import scheme_of
from competitions.scheme.types import Scheme
from record.chain.canonical import encode
from record.prepared import Prepared
from rewards.models import MeetingDecision
from rewards.rules.decide import apply_decision, decide
from rewards.rules.outcome import Change, Outcome
from scoring.models import Tabulation
from scoring.queries.sealed import TabulationMismatch, check_tabulation
from scoring.rules.evidence import from_document
from scoring.rules.result import without_words
from scoring.rules.tabulate import tabulate


@dataclass(frozen=True)
class DecidedOutcome:
    """What the rules computed, what stands after the meeting, the decision and one that waits.

    `decision` is the verified decision that `final` follows; `waiting` a later one that a second
    person has not verified yet; `returned` the latest one when it was sent back. `due` is
    the verified decision of an earlier tabulation that said something else: until a meeting's
    decision on this one is verified, nothing may be published.
    """

    scheme: Scheme
    computed: Outcome
    final: Outcome
    decision: MeetingDecision | None
    waiting: MeetingDecision | None
    returned: MeetingDecision | None = None
    due: MeetingDecision | None = None

    @property
    def red(self):
        """The number of red flags."""
        return sum(1 for flag in self.final.flags if flag.colour == "red")

    @property
    def yellow(self):
        """The number of yellow flags."""
        return sum(1 for flag in self.final.flags if flag.colour == "yellow")

    def to_document(self):
        """This function will return flags, awards and the total as plain data for publication."""
        return {
            "flags": [asdict(flag) for flag in self.final.flags],
            "awards": [asdict(award) for award in self.final.awards],
            "total": self.final.total,
        }


def find_outcome(tabulation):
    """This function will return the DecidedOutcome of a complete tabulation.

    The rules are applied to the stored evidence again and compared with the stored result;
    TabulationMismatch is raised when they differ in anything but the words of an explanation, and
    when evidence, result or rules are not those of the record, before anything cached is used.
    """
    computed = find_computed(tabulation)
    standing = find_standing(tabulation)
    final = computed
    if standing.decision is not None:
        final = apply_decision(computed, changes_of(standing.decision))
    return DecidedOutcome(
        scheme_of(tabulation.scheme_version),
        computed,
        final,
        standing.decision,
        waiting=standing.waiting,
        returned=standing.returned,
        due=standing.due,
    )


def find_computed(tabulation):
    """This function will return the Outcome of a complete tabulation by the rules alone.

    It raises TabulationMismatch as find_outcome does.
    """
    check_tabulation(tabulation)
    return _computed(
        tabulation.id,
        tabulation.result_digest,
        tabulation.evidence_digest,
        tabulation.scheme_version.digest,
    )


@dataclass(frozen=True)
class Standing:
    """The decisions as they stand for a tabulation; the fields are those of DecidedOutcome."""

    decision: MeetingDecision | None
    waiting: MeetingDecision | None
    returned: MeetingDecision | None
    due: MeetingDecision | None


def _find_decisions(competition, number, version, evidence, result):
    """A competition's decisions on a tabulation, or one that repeats it (`holds`), and on earlier
    ones; the latest first."""
    same = _made_on(version, evidence, result)
    return (
        MeetingDecision.objects.filter(competition=competition)
        .annotate(holds=ExpressionWrapper(same, output_field=BooleanField()))
        .filter(Q(holds=True) | Q(tabulation__number__lt=number))
        .select_related("entered_by", "verified_by", "tabulation__scheme_version")
        .defer("tabulation__evidence", "tabulation__result", "tabulation__scheme_version__document")
        .order_by("-number", "-id")
    )


def _made_on(version, evidence, result):
    return Q(
        tabulation__scheme_version=version,
        tabulation__evidence_digest=evidence,
        tabulation__result_digest=result,
    )


DECISIONS = Prepared(_find_decisions)


def find_standing(tabulation):
    """This function will return the Standing of the decisions for a tabulation. One query.

    What a meeting verified last stands or is due: an earlier word of it never comes back by
    itself, even if a later tabulation repeats the numbers of that time.
    """
    decisions = DECISIONS.all(
        competition=tabulation.competition_id,
        number=tabulation.number,
        version=tabulation.scheme_version_id,
        evidence=tabulation.evidence_digest,
        result=tabulation.result_digest,
    )
    State = MeetingDecision.State
    verified = next((item for item in decisions if item.state == State.VERIFIED), None)
    newest = next((item for item in decisions if item.holds), None)
    state = newest.state if newest is not None else None
    return Standing(
        decision=verified if verified is not None and verified.holds else None,
        waiting=newest if state == State.ENTERED else None,
        returned=newest if state == State.RETURNED else None,
        due=verified if verified is not None and not verified.holds else None,
    )


def say_due(decision):
    """This function will say that a verified decision was made on an earlier tabulation."""
    return (
        f"上一次统分的会议决定（第 {decision.tabulation.number} 次统分，"
        f"{decision.document_number}）还没有按新的统分确认"
    )


def find_decisions(tabulation):
    """This function will return the decisions that hold for a tabulation, the latest first.

    A tabulation repeated on the same rules and evidence has the same digests, and what a meeting
    decided on the first holds for the second.
    """
    same = _made_on(
        tabulation.scheme_version_id, tabulation.evidence_digest, tabulation.result_digest
    )
    return MeetingDecision.objects.filter(same, competition=tabulation.competition_id).order_by(
        "-number", "-id"
    )


def changes_of(decision):
    """This function will return a decision's changes as rewards.rules.outcome.Change."""
    return [Change(**change) for change in decision.changes]


@lru_cache(maxsize=32)
def _computed(tabulation_id, _result_digest, _evidence_digest, _scheme_digest):
    stored = Tabulation.objects.select_related("scheme_version").get(id=tabulation_id)
    scheme = scheme_of(stored.scheme_version)
    evidence = from_document(stored.evidence)
    result = tabulate(scheme, evidence)
    if not _same_result(stored.result, result.to_document()):
        raise TabulationMismatch(
            f"第 {stored.number} 次统分存储的结果与依据不符，请停止公布并核验存证。"
        )
    return decide(result, scheme, evidence)


def _same_result(stored, computed):
    """Whether the two say the same numbers, places and flags, however they put it into words."""
    try:
        return encode(without_words(stored)) == encode(without_words(computed))
    except (KeyError, TypeError, AttributeError, ValueError):
        return False
