"""The outcome of a tabulation: what the rules give, and what a meeting made of it."""

from dataclasses import asdict, dataclass
from functools import lru_cache

from competitions.queries import scheme_of
from competitions.scheme.types import Scheme
from record.chain.canonical import encode
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
    person has not verified yet; `returned` the latest one when it was sent back.
    """

    scheme: Scheme
    computed: Outcome
    final: Outcome
    decision: MeetingDecision | None
    waiting: MeetingDecision | None
    returned: MeetingDecision | None = None

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
    check_tabulation(tabulation)
    version = tabulation.scheme_version
    computed = _computed(
        tabulation.id, tabulation.result_digest, tabulation.evidence_digest, version.digest
    )
    scheme = scheme_of(version)
    decisions = list(find_decisions(tabulation).select_related("entered_by", "verified_by"))
    State = MeetingDecision.State
    decision = next((item for item in decisions if item.state == State.VERIFIED), None)
    newest = decisions[0] if decisions else None
    final = computed
    if decision is not None:
        final = apply_decision(computed, changes_of(decision))
    return DecidedOutcome(
        scheme,
        computed,
        final,
        decision,
        waiting=newest if newest is not None and newest.state == State.ENTERED else None,
        returned=newest if newest is not None and newest.state == State.RETURNED else None,
    )


def find_decisions(tabulation):
    """This function will return the decisions that hold for a tabulation, the latest first.

    A tabulation repeated on the same rules and evidence has the same digests, and what a meeting
    decided on the first holds for the second.
    """
    return MeetingDecision.objects.filter(
        competition=tabulation.competition_id,
        tabulation__scheme_version=tabulation.scheme_version_id,
        tabulation__evidence_digest=tabulation.evidence_digest,
        tabulation__result_digest=tabulation.result_digest,
    ).order_by("-number", "-id")


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
