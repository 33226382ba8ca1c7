"""How a competition stands in its record: what is in force, and whether evidence has come in."""

from competitions.kinds import EVIDENCE, MARKS
from record.models import Revision


def latest_revision(competition, kind):
    """This function will return the last revision of a kind in the competition's chain, or None."""
    return Revision.objects.of_chain(competition.chain).of_kind(kind).last()


def has_evidence(competition):
    """This function will return whether any mark, value, point or ruling has been entered."""
    return Revision.objects.of_chain(competition.chain).of_kind(*EVIDENCE).exists()


def find_marked(competition):
    """This function will return {(judge key, round key, entry key)} of the marks in the record."""
    return {
        (facts["judge"], sheet["round"], sheet["entry"])
        for facts in (
            revision.facts
            for revision in Revision.objects.of_chain(competition.chain).of_kind(*MARKS)
        )
        for sheet in facts.get("sheets", ())
    }
