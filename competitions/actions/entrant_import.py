"""Taking over a list of entrants from a sheet: new ones are added, known ones changed, at once."""

from django.core.exceptions import ValidationError
from django.db import transaction

from competitions import kinds
from competitions.actions import basis
from competitions.actions.belonging import place_units
from competitions.actions.entries import enter_units
from competitions.actions.listing import record_entries
from competitions.actions.recusals import refresh_recusals
from competitions.actions.secretaries import follow_terms
from competitions.models import Entry, Unit
from competitions.queries.entrant_import import plan_import


@transaction.atomic
def import_entries(*, competition, rows, by, now, op_id=None, revision=basis.ANY):
    """This function will import rows of a sheet (queries.entrant_import.read_rows).

    `revision` is the list in force when the preview was made; with another in force by now
    StaleRevision is raised. It returns (number added, number changed). Adding, and changing peer
    groups, factors, tracks and towns, is refused once evidence has come in.
    """
    competition = basis.lock(competition)
    if basis.done_before(op_id, kinds.ENTRIES_CHANGED, by):
        return 0, 0
    basis.refuse_when_closed(competition)
    basis.refuse_when_stale(competition, revision)
    plan = plan_import(competition, rows)
    if plan.problems:
        raise ValidationError([problem["text"] for problem in plan.problems])
    changes = {key for _, values in plan.changed for key in values}
    if plan.added or changes & {"peer_group", "factor", "of", "tracks"}:
        what = "不能再增加参评单位或改类别组、难度系数、所属单位、参加的榜单"
        basis.refuse_after_evidence(competition, what)
    units, entries, orders = [], [], {}
    for entry, values in plan.changed:
        unit = entry.unit
        unit.kind = values.get("kind", unit.kind)
        unit.aliases = list(dict.fromkeys([*unit.aliases, *values.get("aliases", [])]))
        units.append(unit)
        entry.peer_group = values.get("peer_group", entry.peer_group)
        entry.factor = values.get("factor", entry.factor)
        entry.tracks = values.get("tracks", entry.tracks)
        entry.people = values.get("people", entry.people)
        entries.append(entry)
        if "order" in values:
            orders[entry.pk] = values["order"]
    Unit.objects.bulk_update(units, ["kind", "aliases"], batch_size=200)
    Entry.objects.bulk_update(entries, ["peer_group", "factor", "tracks", "people"], batch_size=200)
    new = enter_units(competition, [entrant for entrant, _ in plan.added])
    place_units(
        competition, {entry.pk: values["of"] for entry, values in plan.changed if "of" in values}
    )
    for entry, (_, order) in zip(new, plan.added, strict=True):
        if order is not None:
            orders[entry.pk] = order
    if orders:
        _put_in_order(competition, orders)
    follow_terms(competition)
    record_entries(competition, by=by, now=now, op_id=op_id)
    refresh_recusals(competition=competition, by=by, now=now)
    return len(plan.added), len(plan.changed)


def _put_in_order(competition, orders):
    """Number all units anew; those with a wanted number come at it, before others that have it."""
    rows = list(
        Entry.objects.filter(
            competition=competition, subject=Entry.Subject.UNIT
        ).in_official_order()
    )
    rows.sort(key=lambda row: (orders.get(row.pk, row.official_order), row.pk not in orders))
    for number, row in enumerate(rows, start=1):
        row.official_order = number
    Entry.objects.bulk_update(rows, ["official_order"], batch_size=200)
