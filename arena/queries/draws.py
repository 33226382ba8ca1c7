"""What was announced of an event's draw, and its draws as the record holds them."""

from dataclasses import dataclass
from datetime import datetime

from arena.kinds import ANNOUNCED, DRAWN
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


def find_announced(event):
    """This function will return the entry keys that the announcement in force fixed before anybody
    could know the seed, in order: nobody else is drawn by it. Empty without a record of it."""
    said = [
        revision.facts["entries"]
        for revision in Revision.objects.of_chain(event.competition.chain).of_kind(ANNOUNCED)
        if revision.facts["round"] == event.round_key
    ]
    return said[-1] if said else []


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
