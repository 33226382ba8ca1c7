"""The list of entrants: add, change, put in order, withdraw.

Every change writes the whole list into the record in place of the one before (entries.changed).
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from competitions import kinds
from competitions.actions import basis
from competitions.actions.belonging import place_units
from competitions.actions.listing import next_number, record_entries
from competitions.actions.recusals import refresh_recusals
from competitions.actions.secretaries import follow_terms, follow_units
from competitions.entrants import clean_factor
from competitions.models import Entry, Unit

ORDERS = {"official": "official_order", "custom": "hand_order"}


@transaction.atomic
def add_entries(*, competition, entrants, by, now, op_id=None):
    """This function will enter units after those on the list and return the new entries in order.

    `entrants` are competitions.entrants.Entrant. A unit of the county with the name or the division
    code is used again, and learns new aliases. A unit that is on the list already, or twice among
    the entrants, raises ValidationError, and nothing is entered.
    """
    competition = basis.lock(competition)
    if basis.done_before(op_id, kinds.ENTRIES_CHANGED, by):
        return []
    basis.refuse_when_closed(competition)
    basis.refuse_after_evidence(competition, "不能再增加参评单位")
    entries = enter_units(competition, entrants)
    follow_terms(competition)
    record_entries(competition, by=by, now=now, op_id=op_id)
    refresh_recusals(competition=competition, by=by, now=now)
    return entries


def enter_units(competition, entrants):
    """This function will create units and entries; the caller holds the lock and records them."""
    rows = Entry.objects.filter(competition=competition, subject=Entry.Subject.UNIT)
    entered = set(rows.values_list("unit_id", flat=True))
    units = find_or_create_units(competition, entrants)
    _refuse_doubles(units, entered)
    last = rows.aggregate(official=Max("official_order"), hand=Max("hand_order"))
    order, hand = last["official"] or 0, last["hand"] or 0
    number = next_number(rows.values_list("key", flat=True))
    new = Entry.objects.bulk_create(
        Entry(
            competition=competition,
            key=f"e{number + i:02d}",
            subject=Entry.Subject.UNIT,
            unit=unit,
            peer_group=entrant.peer_group,
            official_order=order + i + 1,
            hand_order=hand + i + 1,
            factor=clean_factor(entrant.factor),
            tracks=list(entrant.tracks),
            people=entrant.people,
        )
        for i, (entrant, unit) in enumerate(zip(entrants, units, strict=True))
    )
    if any(entrant.of for entrant in entrants):
        place_units(competition, {row.pk: e.of for row, e in zip(new, entrants, strict=True)})
    follow_units(competition)
    return new


def find_or_create_units(competition, entrants):
    """This function will return the unit of each entrant, in order; new ones are created in one
    query."""
    known = list(Unit.objects.of_host(competition.host_code).in_official_order())
    by_name = {unit.name: unit for unit in known}
    by_code = {unit.division_code: unit for unit in known if unit.division_code}
    order = max((unit.official_order for unit in known), default=0)
    units, new, learning = [], {}, []
    for entrant in entrants:
        unit = by_name.get(entrant.name) or by_code.get(entrant.division_code)
        unit = unit or new.get(entrant.name)
        if unit is None:
            order += 1
            unit = new[entrant.name] = Unit(
                host_code=competition.host_code,
                name=entrant.name,
                kind=entrant.kind,
                aliases=list(entrant.aliases),
                division_code=entrant.division_code,
                official_order=order,
            )
            unit.clean_fields()
        names = [*entrant.aliases, entrant.name]
        learned = [name for name in names if name != unit.name and name not in unit.aliases]
        if learned and unit.pk:
            unit.aliases = [*unit.aliases, *learned]
            learning.append(unit)
        units.append(unit)
    Unit.objects.bulk_create(new.values())
    Unit.objects.bulk_update(learning, ["aliases"], batch_size=500)
    return units


def _refuse_doubles(units, entered):
    errors, seen = [], set()
    for unit in units:
        if unit.id in entered:
            errors.append(f"「{unit.name}」已在参评名单中，请从新增名单里去掉。")
        elif unit.id in seen:
            errors.append(f"「{unit.name}」在新增名单里出现了两次，请只保留一个。")
        seen.add(unit.id)
    if errors:
        raise ValidationError(errors)


@transaction.atomic
def update_entry(
    *,
    competition,
    entry,
    name,
    kind,
    aliases,
    peer_group,
    factor,
    by,
    now,
    of=basis.ANY,
    people=basis.ANY,
    op_id=None,
    revision=basis.ANY,
):
    """This function will change an entrant's names, kind, peer group and difficulty factor, and
    where given the name of the unit to which it belongs ("" for none) and its number of people.

    All but names, kind and people stand fast once evidence has come in. `revision` is the list in
    force when the form was made.
    """
    competition = basis.lock(competition)
    if basis.done_before(op_id, kinds.ENTRIES_CHANGED, by):
        return entry
    basis.refuse_when_closed(competition)
    entry = Entry.objects.with_subjects().get(competition=competition, pk=entry.pk)
    factor = clean_factor(factor)
    if (peer_group, factor) != (entry.peer_group, entry.factor):
        basis.refuse_after_evidence(competition, "不能再改类别组和难度系数")
    if of is not basis.ANY and of != (entry.of.unit.name if entry.of_id else ""):
        basis.refuse_after_evidence(competition, "不能再改所属单位")
        place_units(competition, {entry.pk: of})
    unit = entry.unit
    unit.name, unit.kind = name, kind
    unit.aliases = [alias for alias in dict.fromkeys(aliases) if alias and alias != name]
    unit.full_clean()
    unit.save()
    Entry.objects.filter(competition=competition, pk=entry.pk).update(
        peer_group=peer_group, factor=factor, **({} if people is basis.ANY else {"people": people})
    )
    follow_terms(competition)
    record_entries(competition, by=by, now=now, op_id=op_id, revision=revision)
    entry.refresh_from_db()
    return entry


@transaction.atomic
def move_entry(*, competition, entry, to, by, now, order="official", op_id=None):
    """This function will put a unit's entry on place `to` (from 1) of the official or custom order.

    The secretaries' entries follow their units in the official order.
    """
    competition = basis.lock(competition)
    if basis.done_before(op_id, kinds.ENTRIES_CHANGED, by):
        return
    basis.refuse_when_closed(competition)
    field = ORDERS[order]
    rows = list(
        Entry.objects.filter(competition=competition, subject=Entry.Subject.UNIT).order_by(
            field, "official_order", "id"
        )
    )
    place = next(i for i, row in enumerate(rows) if row.pk == entry.pk)
    rows.insert(max(0, min(to - 1, len(rows) - 1)), rows.pop(place))
    for number, row in enumerate(rows, start=1):
        setattr(row, field, number)
    Entry.objects.bulk_update(rows, [field], batch_size=500)
    follow_terms(competition)
    record_entries(competition, by=by, now=now, op_id=op_id)


@transaction.atomic
def withdraw_entry(*, competition, entry, by, now, op_id=None):
    """This function will take a unit, and its secretary, out of the list before any marks."""
    _set_withdrawn(competition, entry, True, "不能再退出", by=by, now=now, op_id=op_id)


@transaction.atomic
def restore_entry(*, competition, entry, by, now, op_id=None):
    """This function will put a withdrawn unit, and its secretary, back on the list."""
    _set_withdrawn(competition, entry, False, "不能再恢复参评", by=by, now=now, op_id=op_id)


def _set_withdrawn(competition, entry, withdrawn, refusal, *, by, now, op_id):
    competition = basis.lock(competition)
    if basis.done_before(op_id, kinds.ENTRIES_CHANGED, by):
        return
    basis.refuse_when_closed(competition)
    basis.refuse_after_evidence(competition, refusal)
    Entry.objects.filter(competition=competition, pk=entry.pk).update(withdrawn=withdrawn)
    follow_terms(competition)
    record_entries(competition, by=by, now=now, op_id=op_id)
