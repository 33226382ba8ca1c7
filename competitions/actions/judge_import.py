"""Judges from a sheet: new ones, and what changes of those who are on the list."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from competitions import kinds
from competitions.actions import basis
from competitions.actions.judges import record_judges, refuse_marked_seats
from competitions.actions.listing import next_number
from competitions.actions.recusals import refresh_recusals
from competitions.models import Judge, Person, Seat
from competitions.queries.judge_import import plan_judges

FIELDS = ("number", "group_key", "seniority")
# Above every number: two judges may change theirs with each other, and a number is given once.
ASIDE = 1_000_000


@transaction.atomic
def import_judges(*, competition, rows, by, now, op_id=None, revision=basis.ANY):
    """This function will import rows of a sheet (queries.judge_import.read_rows): (number added,
    number changed). `revision` is the list in force when the preview was made.

    Nobody is taken off the list. The list goes into the record once, and recusals follow.
    """
    competition = basis.lock(competition)
    if basis.done_before(op_id, kinds.JUDGES_CHANGED, by):
        return 0, 0
    basis.refuse_when_closed(competition, rehearsed=True)
    basis.refuse_when_stale(competition, revision, kinds.JUDGES_CHANGED)
    plan = plan_judges(competition, rows)
    if plan.problems:
        raise ValidationError([problem["text"] for problem in plan.problems])
    lost = [(item.judge, key) for item in plan.changed for key in item.held - item.seats]
    # Marks may have come in since the plan was made.
    refuse_marked_seats(competition, lost)
    gone = {
        seat.pk
        for item in plan.changed
        for seat in item.judge.seats.all()
        if seat.round_key not in item.seats
    }
    Seat.objects.filter(pk__in=gone).delete()
    _change(plan.changed)
    added = _appoint(competition, plan.added)
    Seat.objects.bulk_create(
        Seat(judge=judge, round_key=key)
        for judge, item in [*((item.judge, item) for item in plan.changed), *added]
        for key in sorted(item.seats - item.held)
    )
    record_judges(competition, by=by, now=now, op_id=op_id)
    refresh_recusals(competition=competition, by=by, now=now)
    return len(plan.added), len(plan.changed)


def _change(items):
    """Give the judges on the list their new numbers, groups and places."""
    moved = [item.judge.pk for item in items if item.number != item.judge.number]
    Judge.objects.filter(pk__in=moved).update(number=F("number") + ASIDE)
    for item in items:
        for name in FIELDS:
            setattr(item.judge, name, getattr(item, name))
    Judge.objects.bulk_update([item.judge for item in items], FIELDS, batch_size=200)


def _appoint(competition, items):
    """Create the new judges, with people whom the county did not know: [(Judge, PlannedJudge)]."""
    people = {
        item.name: Person(name=item.name, post=item.post) for item in items if item.person is None
    }
    Person.objects.bulk_create(people.values())
    known = list(Judge.objects.filter(competition=competition).values_list("key", "hand_order"))
    number = next_number(key for key, _ in known)
    hand = max((order for _, order in known), default=0)
    judges = Judge.objects.bulk_create(
        Judge(
            competition=competition,
            key=f"j{number + i:02d}",
            person=item.person or people[item.name],
            hand_order=hand + i + 1,
            **{name: getattr(item, name) for name in FIELDS},
        )
        for i, item in enumerate(items)
    )
    return list(zip(judges, items, strict=True))
