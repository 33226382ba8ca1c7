"""To which entrant a unit belongs: a village to its town."""

from django.core.exceptions import ValidationError

from competitions.divisions.entrants import match_unit, names_of
from competitions.models import Entry


def place_units(competition, wanted):
    """This function will let units' entries belong to others: {entry id: name, "" for none}.

    The caller holds the lock and records the list. A name that no other unit on the list has, and
    a chain of more than one step, raise ValidationError.
    """
    if not wanted:
        return
    rows = Entry.objects.filter(competition=competition, subject=Entry.Subject.UNIT)
    entries = {entry.pk: entry for entry in rows.with_subjects().in_official_order()}
    by_name = {entry.unit.name: entry for entry in entries.values()}
    for name in {name for name in wanted.values() if name not in by_name}:
        by_name[name] = match_unit(name, entries.values(), lambda row: names_of(row.unit)).unit
    changed, errors = [], []
    for pk, name in wanted.items():
        entry, found = entries[pk], None
        if name:
            found = by_name[name]
            if found is None or found.pk == pk:
                errors.append(
                    f"「{entry.name}」所属的「{name}」不在参评名单中，请先把它加入名单，再写所属单位。"
                )
                continue
        entry.of = found
        changed.append(entry)
    above = {entry.of_id for entry in entries.values()}
    for entry in changed:
        if entry.of_id and (entry.pk in above or entries[entry.of_id].of_id):
            errors.append(
                f"「{entry.name}」属于「{entry.of.name}」，所属关系只能有一层，"
                "属于别的单位的不能再有所属的单位，请核对。"
            )
    if errors:
        raise ValidationError(errors)
    Entry.objects.bulk_update(changed, ["of"], batch_size=500)
