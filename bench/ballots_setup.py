"""Makes a hall of 500 seats whose ballot is open, for bench/ballots.py; prints its address and the
entry that is voted on."""

from bench.ballots import SEATS
from competitions.models import Competition
from tests import factories
from tests.arena.jury_case import build_jury


def main():
    """This function will make the hall; the phone of seat n holds the secret `phone-n`."""
    competition = factories.CompetitionFactory(
        slug="hall", title="测量用大众评委（演示）", stage=Competition.Stage.RUNNING
    )
    live, _seats = build_jury(competition, seats=SEATS)
    live.move("begin", "open_marking")
    live.everybody()
    print("/hall/hall/arena/", live.order()[0])
