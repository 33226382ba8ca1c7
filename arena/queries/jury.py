"""The audience jury of a live event: who may vote, how many have, the counts of closed turns."""

from collections import Counter
from dataclasses import dataclass

from django.utils.crypto import salted_hmac

from arena.jury_rules import jury_criterion
from arena.models import Ballot, JurySeat, Turn
from record.prepared import Prepared
from scoring.kinds import MEASUREMENTS_COUNTED
from scoring.queries.round_bodies import find_round_bodies

COUNTED = (Turn.State.CLOSED, Turn.State.REVEALED)
VOTER = Prepared(
    lambda slug, round_key, device: JurySeat.objects.filter(
        event__competition__slug=slug,
        event__round_key=round_key,
        event__called_off=False,
        voided_at__isnull=True,
        device=device,
    ).select_related("event__competition")
)


@dataclass(frozen=True)
class Turnout:
    """How many seats there are, how many a phone holds, and how many have voted on a turn: no more
    than that before its marks are closed."""

    seats: int
    taken: int
    voted: int
    late: int


@dataclass(frozen=True)
class Count:
    """The ballots of a closed turn as they were counted when it was closed: (grade, number of
    votes) in the order of the rules, the seats there were and those that voted; and how many came
    late."""

    options: list
    seats: int
    voted: int
    late: int


def keyed_digest(secret):
    """This function will return what is kept of a seat's code or of a phone's secret: keyed, so
    that whoever reads the database cannot try the short codes out."""
    return salted_hmac("arena.seat", secret, algorithm="sha256").hexdigest()


def find_seats(event):
    """This function will return the seats in force of an event, in the order of their numbers."""
    return JurySeat.objects.filter(event=event, voided_at__isnull=True)


def find_seat(event, token):
    """This function will return the seat that a phone holds by its secret, or None."""
    if not token:
        return None
    return find_seats(event).filter(device=keyed_digest(token)).first()


def find_voter(slug, round_key, token):
    """This function will return the seat that a phone holds in the live event of a round, with its
    event and competition, or None: one query, for five hundred phones vote within seconds."""
    if not token:
        return None
    return VOTER.first(slug=slug, round_key=round_key, device=keyed_digest(token))


def find_ballot(turn, seat):
    """This function will return a seat's ballot on a turn, the counted rather than a late one, or
    None."""
    rows = Ballot.objects.filter(turn=turn, number=seat.number)
    return rows.order_by("late").first()


def find_turnout(event, turn=None):
    """This function will return the Turnout of an event, for one turn if it is named."""
    seats = list(find_seats(event).values_list("device", flat=True))
    late = list(turn.ballots.values_list("late", flat=True)) if turn else []
    return Turnout(
        len(seats), sum(bool(device) for device in seats), late.count(False), late.count(True)
    )


def tally_ballots(criterion, ballots):
    """This function will return {input of the criterion: number of votes as text}."""
    votes = Counter(ballot.choice for ballot in ballots)
    return {item.key: str(votes[item.key]) for item in criterion.inputs}


def find_counts(live):
    """This function will return {entry key: Count} of the closed turns whose ballots were counted,
    of others nothing: not of those that were closed before there were seats. The record says how
    many seats there were then; more may have been issued since. Two queries."""
    criterion = jury_criterion(live.panel.round)
    if criterion is None:
        return {}
    told = {}
    event = live.event
    for _, facts in find_round_bodies(event.competition, event.round_key, MEASUREMENTS_COUNTED):
        told |= {row["entry"]: (facts, row["values"]) for row in facts["rows"]}
    late = Counter(
        Ballot.objects.filter(turn__event=live.event, late=True).values_list("turn", flat=True)
    )
    counts = {}
    for row in live.rows:
        if row.state in COUNTED and row.entry.key in told:
            facts, values = told[row.entry.key]
            options = [(item.title, values[item.key]) for item in criterion.inputs]
            counts[row.entry.key] = Count(options, facts["seats"], facts["ballots"], late[row.id])
    return counts
