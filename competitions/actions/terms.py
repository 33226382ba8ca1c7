"""Party secretaries: their terms of office."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from competitions import kinds
from competitions.actions import basis
from competitions.actions.secretaries import refresh_secretary_entries
from competitions.models import Competition, Entry, PartySecretary, Person
from competitions.queries.state import has_evidence
from competitions.queries.term_import import plan_import
from record.models import Revision

ONE_DAY = datetime.timedelta(days=1)


@transaction.atomic
def record_term(
    *,
    competition,
    unit,
    person,
    since,
    by,
    now,
    until=None,
    acting=False,
    term=None,
    ends_former=False,
    op_id=None,
):
    """This function will record a term of office, or correct `term`, and return it.

    A person that is not saved yet is saved with it.
    With `ends_former` the full term that is open in the unit ends on the day before `since`.
    Overlapping full terms of one unit raise ValidationError. Entries of secretaries and recusals
    follow at once, in every open competition of the county. Once a competition has evidence, the
    time in office of its secretaries stands fast, except that an open term may end.
    """
    competition, others = _lock_county(competition)
    if basis.done_before(op_id, kinds.TERM_RECORDED, by):
        recorded = Revision.objects.get(op_id=op_id).facts["terms"][-1]["term"]
        return PartySecretary.objects.get(pk=recorded)
    basis.refuse_when_closed(competition)
    if unit.host_code != competition.host_code:
        raise ValidationError(f"「{unit.name}」不是{competition.host_name}的单位，请核对。")
    settled = _settled_years((competition, *others))
    changed = []
    if ends_former:
        former = _open_term(unit, exclude=term)
        if former is not None:
            if former.since >= since:
                raise ValidationError(
                    f"前任{former.person.name}{_chinese(former.since)}才任职，"
                    f"新任的任职日期应晚于这一天。"
                )
            former.until = since - ONE_DAY
            former.full_clean()
            former.save(update_fields=["until"])
            changed.append(former)
    if person.pk is None:
        person.full_clean()
        person.save()
    term = term or PartySecretary()
    term.person, term.unit = person, unit
    term.since, term.until, term.acting = since, until, acting
    term.full_clean()
    _refuse_overlap(term)
    term.save()
    changed.append(term)
    _refuse_changed_years(settled)
    body = {"terms": [_as_fact(item) for item in changed]}
    basis.append(competition, kinds.TERM_RECORDED, body, by=by, now=now, op_id=op_id)
    for affected in (competition, *others):
        refresh_secretary_entries(competition=affected, by=by, now=now)
    return term


def _lock_county(competition):
    """The competition and the county's others that are open, all locked, in the order of their ids.

    A term of office belongs to the unit, so that it counts in every competition of its year.
    """
    rows = list(
        Competition.objects.select_for_update()
        .filter(host_code=competition.host_code)
        .order_by("id")
    )
    own = next(row for row in rows if row.pk == competition.pk)
    closed = Competition.Stage.CLOSED
    return own, [row for row in rows if row.pk != own.pk and row.stage != closed]


def _settled_years(competitions):
    """(competition, {entry: its spans}) of every competition that has evidence."""
    return [(item, _spans(item)) for item in competitions if has_evidence(item)]


def _spans(competition):
    """{secretary's entry: [(person, since, until, still open)]} within the competition's year.

    They decide who is ranked and how a part of the year counts.
    """
    first, last = (datetime.date(competition.year, *day) for day in ((1, 1), (12, 31)))
    entries = list(
        Entry.objects.filter(competition=competition, term__isnull=False, withdrawn=False)
        .with_subjects()
        .order_by("id")
    )
    spans = {}
    held = PartySecretary.objects.filter(unit__in={entry.unit_id for entry in entries})
    for term in held.held_during(first, last).in_order():
        until = term.until or last
        span = (term.person_id, max(term.since, first), min(until, last), term.until is None)
        spans.setdefault((term.person_id, term.unit_id), []).append(span)
    return {
        entry: sorted(spans.get((entry.term.person_id, entry.unit_id), [])) for entry in entries
    }


def _refuse_changed_years(settled):
    """Raise ValidationError when a secretary's time in office has changed since, but for its end.

    One person alone must not change who is ranked: that is for a ruling, which takes two.
    """
    for competition, before in settled:
        after = _spans(competition)
        for entry, spans in before.items():
            if not _only_ended(spans, after.get(entry, [])):
                raise ValidationError(
                    f"「{competition.title}」已经有打分或数据录入，{entry.name}在{competition.year}年"
                    "的任期不能再更正，只能登记离任和新任；任期确有出入的，"
                    "请在「裁定」中办理任职不满考核期如何计入，由另一人核对。"
                )


def _only_ended(before, after):
    return len(before) == len(after) and all(
        old == new or (old[:2] == new[:2] and (old[3] or old[2] == new[2]))
        for old, new in zip(before, after, strict=True)
    )


def _open_term(unit, exclude):
    rows = PartySecretary.objects.filter(unit=unit, until__isnull=True, acting=False)
    if exclude is not None:
        rows = rows.exclude(pk=exclude.pk)
    return rows.select_related("person").order_by("-since", "-id").first()


def _refuse_overlap(term):
    if term.acting:
        return
    others = (
        PartySecretary.objects.filter(unit=term.unit, acting=False)
        .exclude(pk=term.pk)
        .held_during(term.since, term.until or datetime.date.max)
    )
    other = others.select_related("person").in_order().first()
    if other is not None:
        until = _chinese(other.until) if other.until else "今"
        raise ValidationError(
            f"{term.unit.name}{_chinese(other.since)}至{until}的党委书记是{other.person.name}，"
            f"与所填的任期重叠，请调整日期后再保存。"
        )


def _chinese(day):
    return f"{day.year}年{day.month}月{day.day}日"


def _as_fact(term):
    return {
        "term": term.id,
        "person": str(term.person_id),
        "unit": term.unit_id,
        "since": term.since.isoformat(),
        "until": term.until.isoformat() if term.until else None,
        "acting": term.acting,
    }


@transaction.atomic
def import_terms(*, competition, rows, by, now, op_id=None):
    """This function will record the terms in rows of a sheet (queries.term_import.read_rows).

    People of a name that the county knows are used again. It returns the number of terms recorded.
    """
    competition, others = _lock_county(competition)
    if basis.done_before(op_id, kinds.TERM_RECORDED, by):
        return 0
    basis.refuse_when_closed(competition)
    plan = plan_import(competition, rows)
    if plan.problems:
        raise ValidationError([problem["text"] for problem in plan.problems])
    settled = _settled_years((competition, *others))
    people = {}
    for item in plan.terms:
        if item.person is None and item.name not in people:
            people[item.name] = Person(name=item.name, post=item.post)
    Person.objects.bulk_create(people.values())
    terms = PartySecretary.objects.bulk_create(
        PartySecretary(
            person=item.person or people[item.name],
            unit=item.unit,
            since=item.since,
            until=item.until,
            acting=item.acting,
        )
        for item in plan.terms
    )
    _refuse_changed_years(settled)
    body = {"terms": [_as_fact(term) for term in terms]}
    basis.append(competition, kinds.TERM_RECORDED, body, by=by, now=now, op_id=op_id)
    for affected in (competition, *others):
        refresh_secretary_entries(competition=affected, by=by, now=now)
    return len(terms)
