"""Recusals 回避: which judge must not mark which entry, and why."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from competitions import kinds
from competitions.actions import basis
from competitions.frontdoor import find_marking_now, find_marking_over
from competitions.models import Entry, Involvement, Judge, PartySecretary, Recusal, Seat
from competitions.queries.state import find_marked, latest_revision
from record.private import Private

REASONS = {
    Recusal.Kind.SECRETARY: "是或曾是该单位书记",
    Recusal.Kind.HELD_OFFICE: "曾在该单位任职",
    Recusal.Kind.IN_CHARGE: "分管或联系该单位",
}


@transaction.atomic
def refresh_recusals(*, competition, by, now, op_id=None):
    """This function will recuse every judge who is tied to an entrant, and lift what fell away.

    A tie is a term of office as the unit's party secretary, now or before, or a recorded
    involvement. Recusals entered by hand stay, and so does everything about an entry that the
    judge has marked: whether those marks count is for a ruling. Nor is a judge recused newly from
    what he is marking before an audience now, as by hand: it follows the next time, when his mark
    is there or a ruling has said that nobody waits for it. All recusals are returned.
    """
    competition = basis.lock(competition)
    if not basis.done_before(op_id, kinds.RECUSAL_RECORDED, by):
        basis.refuse_when_closed(competition, rehearsed=True)
        _follow_ties(competition)
        _record(competition, by=by, now=now, op_id=op_id)
    return list(_all(competition))


def _follow_ties(competition):
    judges = {judge.person_id: judge for judge in Judge.objects.filter(competition=competition)}
    if not judges:
        return
    entries, members = {}, {}
    for entry in Entry.objects.filter(competition=competition).order_by("id"):
        entries.setdefault(entry.unit_id, []).append(entry)
        members.setdefault(entry.of_id, []).append(entry)
    wanted = {}
    for person, unit, kind in _ties(competition, judges, entries):
        for entry in entries[unit]:
            wanted.setdefault((judges[person].id, entry.id), kind)
    present = {(row.judge_id, row.entry_id): row for row in _all(competition)}
    # What was entered by hand for a unit holds for its secretaries too, later ones included.
    by_hand = {
        (row.judge_id, entry.id): row.reason
        for row in present.values()
        if row.kind == Recusal.Kind.MANUAL
        for entry in entries[row.entry.unit_id]
    }
    keys = {judge.id: judge.key for judge in judges.values()}
    # Whom a judge is recused from, with whoever his recusal from the unit reaches.
    reached = {
        entry.id: {entry.key}
        if entry.is_human
        else {item.key for item in [*own, *members.get(entry.id, ())]}
        for own in entries.values()
        for entry in own
    }
    marked = {(judge, entry) for judge, _, entry in find_marked(competition)}

    units = {entry.key: unit for unit, own in entries.items() for entry in own}
    tied = {(judge, row.entry.unit_id) for (judge, _entry), row in present.items()}
    awaited = _find_awaited(competition) if wanted.keys() - present.keys() else set()

    def is_marked(pair):
        return any((keys[pair[0]], entry) in marked for entry in reached[pair[1]])

    def is_awaited(judge, entry):
        # Who is recused from the unit already is not freed by its new secretary's recusal.
        reaches = {(judge, units[key]) for key in reached[entry]}
        return bool(reaches & awaited) and not reaches <= tied

    gone = [
        row.id
        for pair, row in present.items()
        if row.kind != Recusal.Kind.MANUAL and pair not in wanted and not is_marked(pair)
    ]
    Recusal.objects.filter(id__in=gone).delete()
    Recusal.objects.bulk_create(
        Recusal(judge_id=judge, entry_id=entry, kind=kind, reason=REASONS[kind])
        for (judge, entry), kind in wanted.items()
        if (judge, entry) not in present
        and not is_marked((judge, entry))
        and not is_awaited(judge, entry)
    )
    Recusal.objects.bulk_create(
        Recusal(judge_id=judge, entry_id=entry, kind=Recusal.Kind.MANUAL, reason=reason)
        for (judge, entry), reason in by_hand.items()
        if (judge, entry) not in present
        and (judge, entry) not in wanted
        and not is_marked((judge, entry))
    )


def _find_awaited(competition):
    """{(judge id, unit id)} of the judges on whose panels an audience sees the unit marked now."""
    now = find_marking_now(competition)
    seats = Seat.objects.filter(round_key__in={key for key, _unit in now})
    on = seats.filter(judge__competition=competition).values_list("judge", "round_key")
    return {(judge, unit) for judge, seat in on for key, unit in now if key == seat}


def _refuse_marked(competition, judge, unit_id):
    """Raise ValidationError when the judge has marked an entry of the unit.

    A recusal then decides whether marks count: that is for a ruling, which takes two persons.
    """
    marked = {entry for key, _, entry in find_marked(competition) if key == judge.key}
    reached = Q(unit=unit_id) | Q(of__unit=unit_id)
    own = Entry.objects.filter(reached, competition=competition, key__in=marked)
    entry = own.with_subjects().order_by("id").first()
    if entry is not None:
        raise ValidationError(
            f"{judge.person.name}已给{entry.name}打过分，不能再改他的回避；"
            "他的打分不应计入的，请在「裁定」中办理评委不计，由另一人核对。"
        )


def _refuse_now(competition, unit_id):
    """Raise ValidationError while a unit is being marked before an audience: a judge who is recused
    then is missed by nobody. That is for a ruling, which takes two persons."""
    if any(unit == unit_id for _round, unit in find_marking_now(competition)):
        raise ValidationError(
            "这个单位正在打分，现在不能登记回避；不应由他打分、不再等他的，"
            "请在「裁定」中办理评委不计，由另一人核对。"
        )


def refuse_tied_now(judge, rounds):
    """This function will raise ValidationError when a judge who is to sit in `rounds` (keys) is
    tied to a unit that is being marked there before an audience: he may not mark it, and recused
    now he would be missed by nobody."""
    now = find_marking_now(judge.competition)
    units = {unit for key, unit in now if key in rounds}
    tied = {unit for _person, unit, _kind in _ties(judge.competition, {judge.person_id}, units)}
    if tied:
        raise ValidationError(
            f"{judge.person.name}与正在打分的单位有回避关系，现在不能担任评委；"
            "请另换一位，或者等这个单位的打分关闭以后再办理。"
        )


def _refuse_over(competition, unit_id):
    """Raise ValidationError when the marking of a unit has been closed: a judge who is recused no
    longer would owe a mark there, and the score that the hall has seen would not stand."""
    if any(unit == unit_id for _round, unit in find_marking_over(competition)):
        raise ValidationError(
            "这个单位的打分已经关闭，不能再取消回避：他没有给它打过分，关闭了的成绩会变成不齐。"
            "还没有亮分的，可以先在控制台退回一步。"
        )


def _ties(competition, judges, entries):
    """Person, unit and kind of every tie; a term of office comes before an involvement.

    An office that somebody took after the competition's year says nothing about how he judged.
    Who competes himself is tied to his own unit.
    """
    terms = PartySecretary.objects.filter(
        person__in=judges, unit__in=entries, since__lte=datetime.date(competition.year, 12, 31)
    ).in_order()
    ties = [(term.person_id, term.unit_id, Recusal.Kind.SECRETARY) for term in terms]
    competing = Entry.objects.filter(competition=competition, person__in=judges).order_by("id")
    ties += [(row.person_id, row.unit_id, Recusal.Kind.HELD_OFFICE) for row in competing]
    rows = Involvement.objects.filter(person__in=judges, unit__in=entries).order_by("kind", "id")
    return ties + [(row.person_id, row.unit_id, Recusal.Kind(row.kind)) for row in rows]


def _all(competition):
    rows = Recusal.objects.filter(judge__competition=competition)
    return rows.select_related("judge", "entry").order_by("judge__key", "entry__key", "id")


def _record(competition, *, by, now, op_id=None, notes=()):
    rows = list(_all(competition))
    body = {
        "recusals": [
            {"judge": row.judge.key, "entry": row.entry.key, "kind": row.kind} for row in rows
        ]
    }
    if notes:
        body["notes"] = list(notes)
    latest = latest_revision(competition, kinds.RECUSAL_RECORDED)
    before = latest.facts["recusals"] if latest else []
    if before == body["recusals"] and not notes and op_id is None:
        return
    revision = basis.append_state(
        competition, kinds.RECUSAL_RECORDED, body, by=by, now=now, op_id=op_id
    )
    Recusal.objects.filter(judge__competition=competition, revision__isnull=True).update(
        revision=revision.op_id
    )


def _refuse_marked_by(competition, person, unit):
    own = Judge.objects.filter(competition=competition, person=person).select_related("person")
    for judge in own:
        _refuse_marked(competition, judge, unit.pk)


@transaction.atomic
def record_recusal(*, competition, judge, entry, reason, by, now, op_id=None):
    """This function will recuse a judge from an entry for a reason that the program cannot know.

    It holds for all entries of the unit, its secretaries' too. The reason may name people: the
    record carries only a commitment to it.
    """
    competition = basis.lock(competition)
    if basis.done_before(op_id, kinds.RECUSAL_RECORDED, by):
        return Recusal.objects.filter(judge=judge, entry=entry).first()
    basis.refuse_when_closed(competition, rehearsed=True)
    if not reason.strip():
        raise ValidationError("请写明回避的原因。")
    _refuse_marked(competition, judge, entry.unit_id)
    _refuse_now(competition, entry.unit_id)
    recusal = Recusal(judge=judge, entry=entry, kind=Recusal.Kind.MANUAL, reason=reason.strip())
    recusal.full_clean(exclude={"revision"})
    recusal.save()
    _follow_ties(competition)
    note = {"judge": judge.key, "entry": entry.key, "reason": Private(recusal.reason)}
    _record(competition, by=by, now=now, op_id=op_id, notes=[note])
    return recusal


@transaction.atomic
def lift_recusal(*, competition, recusal, by, now, op_id=None):
    """This function will lift a recusal that was entered by hand.

    One that follows from an office or a duty raises ValidationError: its cause must go first.
    """
    competition = basis.lock(competition)
    if basis.done_before(op_id, kinds.RECUSAL_RECORDED, by):
        return
    basis.refuse_when_closed(competition, rehearsed=True)
    if recusal.kind != Recusal.Kind.MANUAL:
        raise ValidationError(
            f"这项回避是按任职或分管情况得出的（{recusal.reason}），请先更正任职经历或关联关系。"
        )
    _refuse_marked(competition, recusal.judge, recusal.entry.unit_id)
    _refuse_over(competition, recusal.entry.unit_id)
    Recusal.objects.filter(
        judge=recusal.judge, entry__unit=recusal.entry.unit_id, kind=Recusal.Kind.MANUAL
    ).delete()
    _record(competition, by=by, now=now, op_id=op_id)


@transaction.atomic
def record_involvement(*, competition, person, unit, kind, by, now, note="", op_id=None):
    """This function will record that a person held office in a unit or is in charge of it.

    `kind` is an Involvement.Kind. Recusals follow at once.
    """
    competition = basis.lock(competition)
    known = Involvement.objects.filter(person=person, unit=unit, kind=kind)
    if basis.done_before(op_id, kinds.RECUSAL_RECORDED, by):
        return known.first()
    basis.refuse_when_closed(competition)
    involvement = Involvement(person=person, unit=unit, kind=kind, note=note)
    involvement.full_clean()
    _refuse_marked_by(competition, person, unit)
    if Judge.objects.filter(competition=competition, person=person).exists():
        _refuse_now(competition, unit.pk)
    involvement.save()
    _follow_ties(competition)
    # What somebody wrote may name a person, and must stay erasable.
    notes = [{"kind": str(kind), "note": Private(note)}] if note else []
    _record(competition, by=by, now=now, op_id=op_id, notes=notes)
    return involvement


@transaction.atomic
def remove_involvement(*, competition, involvement, by, now, op_id=None):
    """This function will take back an involvement that was recorded in error."""
    competition = basis.lock(competition)
    if basis.done_before(op_id, kinds.RECUSAL_RECORDED, by):
        return
    basis.refuse_when_closed(competition)
    _refuse_marked_by(competition, involvement.person, involvement.unit)
    _refuse_over(competition, involvement.unit_id)
    involvement.delete()
    refresh_recusals(competition=competition, by=by, now=now, op_id=op_id)
