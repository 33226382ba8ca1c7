"""The draws of an event as the record holds them, first to last."""

from dataclasses import dataclass
from datetime import datetime

from arena.kinds import DRAWN
from competitions.models import Entry
from competitions.queries.signers import find_signers
from record.models import Revision
from record.private import reveal_all


@dataclass(frozen=True)
class Draw:
    """One recorded draw: when, by whom, the seed, the names in order, why it was drawn again."""

    at: datetime
    by: str
    seed: str
    order: list
    reason: str


def find_draws(event):
    """This function will return the event's draws; more than one where it was drawn again."""
    found = [
        revision
        for revision in Revision.objects.of_chain(event.competition.chain).of_kind(DRAWN)
        if revision.facts["round"] == event.round_key and revision.at >= event.announced_at
    ]
    facts = reveal_all([revision.facts for revision in found])
    entries = Entry.objects.filter(competition=event.competition).with_subjects()
    names = {entry.key: entry.heading for entry in entries} if found else {}
    people = find_signers(found)
    return [
        Draw(
            at=revision.at,
            by=people[revision.op_id],
            seed=said["seed"],
            order=[names.get(key, key) for key in said["order"]],
            reason=said["reason"],
        )
        for revision, said in zip(found, facts, strict=True)
    ]
