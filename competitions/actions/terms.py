"""Party secretaries: their terms of office."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from competitions import kinds
from competitions.actions import basis
from competitions.actions.secretaries import refresh_secretary_entries
from competitions.models import Competition, Entry, PartySecretary, TermChange
from competitions.queries import current_scheme_version, scheme_of
from competitions.queries.state import has_evidence
from record.models import Revision
from record.private import Private

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
    reason="",
    op_id=None,
):
    """This function will record a term of office, or correct `term`, and return it.

    A person that is not saved yet is saved with it.
    With `ends_former` the full term that is open in the unit ends on the day before `since`.
    Overlapping full terms of one unit raise ValidationError. Entries of secretaries and recusals
    follow at once, in every open competition of the county. Where one of these has evidence and a
    day in office of its year would change, nothing changes yet: the TermChange that now waits for
    a second person (verify_term_change) is returned, and `reason` must say what it rests on.
    """
    competition, others = lock_county(competition)
    proposed = proposed_before(op_id, by)
    if proposed is not None:
        return proposed
    if basis.done_before(op_id, kinds.TERM_RECORDED, by):
        recorded = Revision.objects.get(op_id=op_id).facts["terms"][-1]["term"]
        return PartySecretary.objects.get(pk=recorded)
    basis.refuse_when_closed(competition)
    if unit.host_code != competition.host_code:
        raise ValidationError(f"「{unit.name}」不是{competition.host_name}的单位，请核对。")
    if person.pk is None:
        person.full_clean()
        person.save()
    wanted = {
        "unit": unit,
        "person": person,
        "since": since,
        "until": until,
        "acting": acting,
        "ends_former": ends_former,
        "term": PartySecretary.objects.get(pk=term.pk) if term is not None else None,
    }
    was = as_fact(wanted["term"]) if term is not None else None
    settled = settled_years((competition, *others))
    archived = archived_years(competition)
    try:
        with transaction.atomic():
            changed = put_term(**wanted)
            refuse_archived(archived)
            refuse_changed_years(settled)
    except YearChanged as found:
        if term is not None:
            wanted["term"] = PartySecretary.objects.get(pk=term.pk)
        return propose_term(competition, found.year, wanted, was, reason, by, now, op_id)
    body = {"terms": [as_fact(item) for item in changed]}
    basis.append(competition, kinds.TERM_RECORDED, body, by=by, now=now, op_id=op_id)
    for affected in (competition, *others):
        refresh_secretary_entries(competition=affected, by=by, now=now)
    return changed[-1]


def put_term(*, unit, person, since, until, acting, ends_former, term):
    """This function will save a term of office and return [a former one that it ends, the term]."""
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
    term = term or PartySecretary()
    term.person, term.unit = person, unit
    term.since, term.until, term.acting = since, until, acting
    term.full_clean()
    _refuse_overlap(term)
    term.save()
    return [*changed, term]


def proposed_before(op_id, by):
    """This function will return the change that the operation proposed, however far it has come
    since, or None if it is new."""
    earlier = Revision.objects.filter(op_id=op_id, kind=kinds.TERM_PROPOSED).first()
    if earlier is None or earlier.by != str(by.id):
        return None
    settled = Revision.objects.filter(replaces=op_id).values_list("op_id", flat=True)
    return TermChange.objects.get(revision__in=[op_id, *settled])


def propose_term(competition, year, wanted, was, reason, by, now, op_id):
    """This function will let a change of a term wait for a second person, and return it: `wanted`
    is what put_term takes, `was` the fact of the term that it changes, or None."""
    reason = " ".join(reason.split())
    if not reason:
        raise ValidationError(
            f"「{year.title}」已经有打分或数据录入，这样改会改变{year.year}年的任职天数："
            "请写明变更依据，保存后由另一人确认才生效。"
        )
    if TermChange.objects.waiting().filter(unit=wanted["unit"]).exists():
        raise ValidationError(
            f"{wanted['unit'].name}已有一项任期变更等待确认，请先确认或退回，再提出新的。"
        )
    until = wanted["until"]
    body = {
        "unit": wanted["unit"].id,
        "person": str(wanted["person"].id),
        "since": wanted["since"].isoformat(),
        "until": until.isoformat() if until else None,
        "acting": wanted["acting"],
        "ends_former": wanted["ends_former"],
        "was": was,
        "reason": Private(reason),
    }
    revision = basis.append(competition, kinds.TERM_PROPOSED, body, by=by, now=now, op_id=op_id)
    return TermChange.objects.create(
        competition=competition,
        was=was,
        reason=reason,
        entered_by=by,
        entered_at=now,
        revision=revision.op_id,
        **wanted,
    )


def lock_county(competition):
    """The competition and the county's others that follow a change, all locked, in the order of
    their ids: those that are open and no rehearsals.

    A term of office belongs to the unit, so that it counts in every competition of its year. A
    rehearsal keeps the roll that it began with: people may stand on its stage at this moment.
    """
    rows = list(
        Competition.objects.select_for_update(no_key=True)
        .filter(host_code=competition.host_code)
        .order_by("id")
    )
    own = next(row for row in rows if row.pk == competition.pk)
    closed = Competition.Stage.CLOSED
    others = [row for row in rows if row.pk != own.pk and not row.is_rehearsal]
    return own, [row for row in others if row.stage != closed]


class YearChanged(Exception):
    """A change alters days in office that the competition `year` counts."""

    def __init__(self, year):
        super().__init__(year.title)
        self.year = year


def settled_years(competitions):
    """This function will return (competition, its spans) of those that have evidence
    which counts: not that of a rehearsal."""
    real = [item for item in competitions if not item.is_rehearsal]
    return [(item, _spans(item)) for item in real if has_evidence(item)]


def archived_years(competition):
    """This function will return (competition, its spans) of the county's closed ones."""
    closed = Competition.objects.filter(
        host_code=competition.host_code, stage=Competition.Stage.CLOSED
    )
    return settled_years(closed.order_by("id"))


def refuse_archived(archived):
    """This function will refuse (ValidationError) changed days in office of a closed year."""
    for competition, before in archived:
        if _spans(competition) != before:
            raise ValidationError(
                f"「{competition.title}」已经归档，这样改会改变{competition.year}年的任职天数，"
                "没有保存；确有错误的，请先重新打开该比武。"
            )


def _spans(competition):
    """{(person, unit): [(first day, last day)]} within the competition's year, where the rules have
    a track of secretaries: they decide who is ranked and how a part of the year counts. Each term
    is an entry of its own, so that two that meet are not the same as one."""
    version = current_scheme_version(competition)
    scheme = scheme_of(version) if version else None
    if scheme is None or all(track.subject != "secretary" for track in scheme.tracks):
        return {}
    first, last = (datetime.date(competition.year, *day) for day in ((1, 1), (12, 31)))
    units = Entry.objects.filter(competition=competition, term__isnull=True, withdrawn=False)
    held = PartySecretary.objects.filter(unit__in=units.values("unit"))
    spans = {}
    for term in held.held_during(first, last).in_order():
        span = (max(term.since, first), min(term.until or last, last))
        spans.setdefault((term.person_id, term.unit_id), []).append(span)
    return {key: sorted(days) for key, days in spans.items()}


def refuse_changed_years(settled):
    """This function will raise YearChanged when somebody's days in office of a year with evidence
    have changed: one person alone must not change who is ranked, and for how much of the year."""
    year = find_changed_year(settled)
    if year is not None:
        raise YearChanged(year)


def find_changed_year(settled):
    """This function will return the first competition of `settled_years` whose days in office are
    no longer what they were, or None."""
    return next((year for year, before in settled if _spans(year) != before), None)


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
            f"{term.unit.name}{_chinese(other.since)}至{until}的{term.unit.office}是{other.person.name}，"
            f"与所填的任期重叠，请调整日期后再保存。"
        )


def _chinese(day):
    return f"{day.year}年{day.month}月{day.day}日"


def as_fact(term):
    return {
        "term": term.id,
        "person": str(term.person_id),
        "unit": term.unit_id,
        "since": term.since.isoformat(),
        "until": term.until.isoformat() if term.until else None,
        "acting": term.acting,
    }
