"""What the record alone says of the audience jury, beside its seats and ballots."""

from arena import kinds
from arena.models import Ballot, JurySeat, Turn
from arena.queries.jury import COUNTED
from arena.stage.seats import digest_sorted
from record.models import Revision
from scoring.kinds import MEASUREMENTS_COUNTED


def find_unlike_jury(competition, ids):
    """This function will return the titles of seats and ballots of a competition that are not as
    its record says: which seats were issued by whom, and the ballots that were counted when a turn
    was closed. `ids` are Identities (competitions.queries.replay). Four queries and one a turn."""
    pairs = (
        (JurySeat, _seats_agree(competition, ids)),
        (Ballot, _ballots_agree(competition)),
    )
    return [str(model._meta.verbose_name) for model, agrees in pairs if not agrees]


def _seats_agree(competition, ids):
    rows = JurySeat.objects.filter(event__competition=competition).select_related("event")
    found, voided = {}, {}
    for row in rows.order_by("id"):
        found.setdefault(row.revision, []).append(row)
    for item in Revision.objects.of_chain(competition.chain).of_kind(kinds.SEATS_ISSUED):
        seats, facts = found.pop(item.op_id, []), item.facts
        who = (ids.person(item, item.by), item.at, facts["round"])
        if (
            sorted(row.number for row in seats) != facts["seats"]
            or digest_sorted([row.digest + row.code_digest for row in seats]) != facts["codes"]
            or any((row.issued_by_id, row.issued_at, row.event.round_key) != who for row in seats)
        ):
            return False
        for row in seats:
            before = voided.get((row.event_id, row.number))
            if before is not None and before.voided_at != item.at:
                return False
            voided[row.event_id, row.number] = row
    return not found and all(row.voided_at is None for row in voided.values())


def _ballots_agree(competition):
    counted = {}
    for item in Revision.objects.of_chain(competition.chain).of_kind(MEASUREMENTS_COUNTED):
        facts = item.facts
        for row in facts["rows"]:
            counted[facts["round"], row["entry"]] = (facts["ballots"], facts["digest"])
    turns = Turn.objects.filter(
        event__competition=competition, event__called_off=False, state__in=COUNTED
    ).select_related("event", "entry")
    for turn in turns.order_by("id"):
        hashes = [ballot.hash for ballot in turn.ballots.filter(late=False)]
        said = counted.get((turn.event.round_key, turn.entry.key), (0, digest_sorted([])))
        if (len(hashes), digest_sorted(hashes)) != said:
            return False
    return True
