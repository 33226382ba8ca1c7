"""People who compete for themselves: add, change. They withdraw as units do."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from competitions import kinds
from competitions.actions import basis
from competitions.actions.entries import find_or_create_units
from competitions.actions.listing import next_number, record_entries
from competitions.actions.recusals import refresh_recusals
from competitions.actions.secretaries import follow_units
from competitions.divisions.names import kind_of
from competitions.entrants import Entrant, clean_factor
from competitions.models import Entry
from competitions.queries import current_scheme_version, scheme_of
from competitions.queries.contestants import plan_contestants
from competitions.tracks import has_track_evidence, tracks_for


@transaction.atomic
def add_contestants(*, competition, contestants, by, now, op_id=None):
    """This function will enter people after those on the list and return their entries in order.

    `contestants` are competitions.entrants.Contestant; people that are not saved yet are, and units
    that the county does not have yet are created. Somebody who is on the list already, and a
    namesake in the same unit, raise ValidationError.
    """
    competition = basis.lock(competition)
    if basis.done_before(op_id, kinds.ENTRIES_CHANGED, by):
        return []
    basis.refuse_when_closed(competition)
    _refuse_when_begun(competition, "不能再增加参评人")
    entries = _enter(competition, contestants)
    record_entries(competition, by=by, now=now, op_id=op_id)
    refresh_recusals(competition=competition, by=by, now=now)
    return entries


@transaction.atomic
def import_contestants(*, competition, rows, by, now, op_id=None, revision=basis.ANY):
    """This function will import rows of a sheet (queries.contestants.read_rows): (number added,
    number changed). `revision` is the list in force when the preview was made.

    Once a track of people has evidence nobody is added, and nothing of theirs changes.
    """
    competition = basis.lock(competition)
    if basis.done_before(op_id, kinds.ENTRIES_CHANGED, by):
        return 0, 0
    basis.refuse_when_closed(competition)
    basis.refuse_when_stale(competition, revision)
    plan = plan_contestants(competition, rows)
    if plan.problems:
        raise ValidationError([problem["text"] for problem in plan.problems])
    if plan.added or plan.changed:
        _refuse_when_begun(competition, "不能再增加参评人或改类别组、难度系数、参加的榜单")
    for entry, values in plan.changed:
        for name, value in values.items():
            setattr(entry, name, value)
    changed = [entry for entry, _ in plan.changed]
    Entry.objects.bulk_update(changed, ["peer_group", "factor", "tracks"], batch_size=200)
    _enter(competition, plan.added)
    record_entries(competition, by=by, now=now, op_id=op_id)
    refresh_recusals(competition=competition, by=by, now=now)
    return len(plan.added), len(changed)


@transaction.atomic
def update_contestant(
    *, competition, entry, peer_group, factor, by, now, op_id=None, revision=basis.ANY
):
    """This function will change a person's peer group and difficulty factor, which stand fast once
    a track of people has evidence. `revision` is the list in force when the form was made."""
    competition = basis.lock(competition)
    if basis.done_before(op_id, kinds.ENTRIES_CHANGED, by):
        return entry
    basis.refuse_when_closed(competition)
    _refuse_when_begun(competition, "不能再改类别组和难度系数")
    own = Entry.objects.filter(competition=competition, subject=Entry.Subject.PERSON)
    own.filter(pk=entry.pk).update(peer_group=peer_group, factor=clean_factor(factor))
    record_entries(competition, by=by, now=now, op_id=op_id, revision=revision)
    entry.refresh_from_db()
    return entry


def _refuse_when_begun(competition, what):
    """Raise ValidationError once evidence has come in for a track of people: rules that change in
    the middle of the year may bring one."""
    version = current_scheme_version(competition)
    scheme = scheme_of(version) if version else None
    for track in tracks_for(scheme, "person"):
        if has_track_evidence(competition, track):
            raise ValidationError(f"「{track.title}」已经有打分或数据录入，{what}。")


def _enter(competition, contestants):
    """Create people, units and entries; the caller holds the lock and records them."""
    names = [contestant.unit for contestant in contestants]
    units = find_or_create_units(competition, [Entrant(name, kind_of(name)) for name in names])
    own = Entry.objects.filter(competition=competition, subject=Entry.Subject.PERSON)
    _refuse_doubles(own.with_subjects(), contestants, units)
    people = [contestant.person for contestant in contestants]
    for person in people:
        if person.pk is None:
            person.full_clean()
            person.save()
    last = own.aggregate(official=Max("official_order"), hand=Max("hand_order"))
    order, hand = last["official"] or 0, last["hand"] or 0
    number = next_number(own.values_list("key", flat=True))
    entries = Entry.objects.bulk_create(
        Entry(
            competition=competition,
            key=f"p{number + i:02d}",
            subject=Entry.Subject.PERSON,
            person=contestant.person,
            unit=unit,
            peer_group=contestant.peer_group,
            official_order=order + i + 1,
            hand_order=hand + i + 1,
            factor=clean_factor(contestant.factor),
            tracks=list(contestant.tracks),
        )
        for i, (contestant, unit) in enumerate(zip(contestants, units, strict=True))
    )
    follow_units(competition)
    return entries


def _refuse_doubles(entries, contestants, units):
    known = {entry.person_id for entry in entries}
    seen = {(entry.person.name, entry.unit_id) for entry in entries}
    errors = []
    for contestant, unit in zip(contestants, units, strict=True):
        person = contestant.person
        if (person.pk and person.pk in known) or (person.name, unit.pk) in seen:
            errors.append(
                f"「{person.name}（{unit.name}）」已在参评名单中，请从新增名单里去掉；"
                "同一单位确有两人同名的，请在姓名后加以区别。"
            )
        known.add(person.pk)
        seen.add((person.name, unit.pk))
    if errors:
        raise ValidationError(errors)
