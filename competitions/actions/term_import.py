"""Party secretaries from a sheet: new terms, and those that they bring to their end."""

import uuid

from django.core.exceptions import ValidationError
from django.db import transaction

from competitions import kinds
from competitions.actions import basis
from competitions.actions.secretaries import refresh_secretary_entries
from competitions.actions.terms import (
    ONE_DAY,
    YearChanged,
    archived_years,
    as_fact,
    lock_county,
    propose_term,
    proposed_before,
    put_term,
    refuse_archived,
    refuse_changed_years,
    settled_years,
)
from competitions.models import PartySecretary, Person
from competitions.queries.term_import import plan_import


@transaction.atomic
def import_terms(*, competition, rows, by, now, reason="", op_id=None):
    """This function will record the terms in rows of a sheet (queries.term_import.read_rows).

    People of a name that the county knows are used again; who is in office when a new term begins
    ends on the day before. Returned are how many terms are recorded, and how many wait for a
    second person: those that would change a day in office of a year with evidence, for which
    `reason` must say what they rest on.
    """
    competition, others = lock_county(competition)
    if proposed_before(op_id, by) is not None or basis.done_before(op_id, kinds.TERM_RECORDED, by):
        return 0, 0
    basis.refuse_when_closed(competition)
    plan = plan_import(competition, rows)
    if plan.problems:
        raise ValidationError([problem["text"] for problem in plan.problems])
    settled = settled_years((competition, *others))
    archived = archived_years(competition)
    people = _people_of(plan)
    try:
        with transaction.atomic():
            changed, waiting = _put_all(plan, people), []
            refuse_archived(archived)
            refuse_changed_years(settled)
    except YearChanged:
        changed, waiting = _put_each(plan, people, settled, archived)
    if changed:
        body = {"terms": [as_fact(term) for term in changed]}
        basis.append(competition, kinds.TERM_RECORDED, body, by=by, now=now, op_id=op_id)
    for number, (item, year) in enumerate(waiting):
        own = op_id and (op_id if not (changed or number) else uuid.uuid5(op_id, str(number)))
        was = as_fact(item.term) if item.term is not None else None
        wanted = _wanted(item, people)
        propose_term(competition, year, wanted, was, reason, by, now, own)
    if changed:
        for affected in (competition, *others):
            refresh_secretary_entries(competition=affected, by=by, now=now)
    return len(plan.added) - len(waiting), len(waiting)


def _people_of(plan):
    """{name: Person} of those whom the county did not know, saved."""
    people = {}
    for item in plan.added:
        if item.person is None and item.name not in people:
            people[item.name] = Person(name=item.name, post=item.post)
    Person.objects.bulk_create(people.values())
    return people


def _wanted(item, people):
    """What put_term takes; the term on record is read again: a change undone leaves it dirty."""
    return {
        "unit": item.unit,
        "person": item.term.person if item.term else item.person or people[item.name],
        "since": item.since,
        "until": item.until,
        "acting": item.acting,
        "ends_former": item.former is not None,
        "term": PartySecretary.objects.get(pk=item.term.pk) if item.term else None,
    }


def _put_all(plan, people):
    """Every term at once, however long the sheet is; what is saved is returned."""
    due = {}
    for item in plan.added:
        ended = item.term or item.former
        if ended is not None:
            due[ended.pk] = item.until if item.term else item.since - ONE_DAY
    found = PartySecretary.objects.in_bulk(list(due))
    changed = [found[key] for key in due]
    for term in changed:
        term.until = due[term.pk]
    PartySecretary.objects.bulk_update(changed, ["until"], batch_size=500)
    return changed + PartySecretary.objects.bulk_create(
        PartySecretary(
            person=item.person or people[item.name],
            unit=item.unit,
            since=item.since,
            until=item.until,
            acting=item.acting,
        )
        for item in plan.added
        if item.term is None
    )


def _put_each(plan, people, settled, archived):
    """The terms one by one: what is saved, and (PlannedTerm, year) of what must be proposed."""
    changed, waiting = [], []
    # A term is ended before the one that follows it begins.
    for item in sorted(plan.added, key=lambda item: (item.term is None, item.since)):
        try:
            with transaction.atomic():
                saved = put_term(**_wanted(item, people))
                refuse_archived(archived)
                refuse_changed_years(settled)
        except YearChanged as found:
            waiting.append((item, found.year))
        else:
            changed += saved
    return changed, waiting
