"""A live event on which the audience votes: the Linhe arena with ten points by grade votes."""

import dataclasses
import uuid
from decimal import Decimal

from arena.actions.jury import cast_ballot, issue_seats, take_seat
from arena.models import JurySeat
from competitions.models import SchemeVersion
from competitions.queries import scheme_of
from competitions.scheme.event_types import Event as EventRules
from competitions.scheme.read import read_document
from competitions.scheme.rule_types import Grade, GradeVotes
from competitions.scheme.types import Criterion
from competitions.scheme.write import to_document
from record.chain.digests import document_digest
from tests.arena.live_case import build_case
from tests.scoring.stage import NOW

GRADES = (("good", "优秀", "1"), ("fair", "良好", "0.5"), ("poor", "一般", "0"))
VOTED = "a-public"


def let_audience_vote(competition):
    """This function will give the published arena round a criterion that the audience votes on."""
    version = SchemeVersion.objects.get(competition=competition)
    scheme = scheme_of(version)
    grades = tuple(
        Grade(key=key, title=title, coefficient=Decimal(part)) for key, title, part in GRADES
    )
    rule = GradeVotes(grades=grades, no_votes="zero")
    voted = Criterion(key=VOTED, title="大众评委", full=Decimal(10), rule=rule)
    track = scheme.tracks[0]
    rounds = tuple(
        dataclasses.replace(
            item, criteria=(*item.criteria, voted), scaled=True, event=EventRules(jury=VOTED)
        )
        if item.key == "arena"
        else item
        for item in track.rounds
    )
    track = dataclasses.replace(track, rounds=rounds)
    document = to_document(dataclasses.replace(scheme, tracks=(track, *scheme.tracks[1:])))
    SchemeVersion.objects.filter(pk=version.pk).update(
        document=document, digest=document_digest(document)
    )


def rename_grade(scheme, key, other):
    """This function will return the scheme with another key for one grade of the audience."""
    document = to_document(scheme)
    round_ = next(item for item in document["tracks"][0]["rounds"] if item["key"] == "arena")
    voted = next(item for item in round_["criteria"] if item["key"] == VOTED)
    next(grade for grade in voted["rule"]["grades"] if grade["key"] == key)["key"] = other
    return read_document(document)


def build_jury(competition, seats=4, **more):
    """This function will return (LiveCase, [JurySeat held by phone-1 …]) of such an event."""
    live = build_case(competition, **more)
    let_audience_vote(competition)
    issue(live, range(1, seats + 1))
    for seat in JurySeat.objects.order_by("number"):
        take_seat(seat=seat, token=f"phone-{seat.number}", now=NOW)
    return live, list(JurySeat.objects.select_related("event__competition").order_by("number"))


def issue(live, numbers, by=None, **more):
    """This function will issue codes for seats: [(JurySeat, secret, short code)]."""
    said = {"op": uuid.uuid4(), "by": by or live.operator, "now": NOW, **more}
    return issue_seats(event=live.fresh(), numbers=numbers, **said)


def cast(live, seat, choice="good", key=None, op=None):
    """This function will cast a seat's ballot on an entry: the first unless said."""
    return cast_ballot(
        seat=seat,
        entry_key=key or live.order()[0],
        choice=choice,
        op=op or uuid.uuid4(),
        now=NOW,
    )
