"""Makes the halls of a measurement, `BENCH_HALLS` says how many and how large; prints as JSON the
sessions of two operators and, of each hall, its judges' sessions and its order of appearance."""

import json
import os

from django.conf import settings

from bench.sessions import open_session
from competitions.models import Seat
from competitions.roles import RoleKind
from record.models import Revision
from tests import factories
from tests.arena.live_case import build_case, exclude
from tests.scoring.stage import ARENA, PERSON


def main():
    """This function will make halls as {"prefix", "halls", "entrants", "judges", "excluded"} says:
    in so many of them (the last ones) a ruling says that nobody waits for the last judge. With
    "rounds" the judges sit on the panels of these only."""
    # Nobody signs in with a password here, and hashing hundreds of them takes minutes.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    wanted = json.loads(os.environ["BENCH_HALLS"])
    operators = [factories.UserFactory(username=f"{wanted['prefix']}-{n}") for n in (1, 2)]
    for user in operators:
        factories.grant(user.person, RoleKind.ORGANISER)
    halls = [_build(wanted, number) for number in range(1, wanted["halls"] + 1)]
    cookies = [open_session(user) for user in operators]
    print(json.dumps({"operators": cookies, "halls": halls, "marks": [ARENA, PERSON]}))


def _build(wanted, number):
    slug = f"{wanted['prefix']}-{number}"
    competition = factories.CompetitionFactory(slug=slug, title=f"测量用现场 {number}（演示）")
    units = [f"{wanted['prefix']}第{number}场第{n}镇" for n in range(1, wanted["entrants"] + 1)]
    live = build_case(competition, units=units, judges=wanted["judges"])
    if number > wanted["halls"] - wanted.get("excluded", 0):
        people = [factories.UserFactory(username=f"{slug}-{n}") for n in (1, 2)]
        exclude(live, live.hall.judges[-1].key, people)
    if "rounds" in wanted:
        seats = Seat.objects.filter(judge__competition=competition)
        seats.exclude(round_key__in=wanted["rounds"]).delete()
    return {
        "slug": slug,
        "step": live.fresh().step,
        "order": live.order(),
        "judges": {judge.key: open_session(judge.user) for judge in live.hall.judges},
        "revisions": Revision.objects.of_chain(competition.chain).count(),
    }
