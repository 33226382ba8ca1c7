"""Judges: who they are, in which group and order, and on which rounds' panels they sit.

Every change writes the whole list into the record in place of the one before (judges.changed).
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError

from competitions import kinds
from competitions.actions import basis
from competitions.actions.listing import next_number
from competitions.actions.recusals import refresh_recusals, refuse_tied_now
from competitions.frontdoor import (
    find_marking_now,
    find_marking_over,
    hold_pages,
    tell_judge_replaced,
)
from competitions.models import Judge, Seat
from competitions.queries import current_scheme_version, scheme_of
from competitions.queries.state import find_marked
from record import actions as record
from record.models import Revision

ORDERS = {"seniority": "seniority", "custom": "hand_order"}


def record_judges(competition, *, by, now, op_id=None, revision=basis.ANY):
    """This function will append the list of judges with their seats as it stands now."""
    rows = Judge.objects.filter(competition=competition).order_by("key").prefetch_related("seats")
    body = {
        "judges": [
            {
                "key": judge.key,
                "person": str(judge.person_id),
                "number": judge.number,
                "group": judge.group_key,
                "seniority": judge.seniority,
                "hand_order": judge.hand_order,
                "seats": sorted(seat.round_key for seat in judge.seats.all()),
            }
            for judge in rows
        ]
    }
    return basis.append_state(
        competition,
        kinds.JUDGES_CHANGED,
        body,
        by=by,
        now=now,
        op_id=op_id,
        revision=revision,
    )


@transaction.atomic
def appoint_judge(
    *,
    competition,
    person,
    by,
    now,
    number=None,
    group_key="",
    seniority=None,
    rounds=(),
    op_id=None,
):
    """This function will appoint a person as judge, seat him in `rounds` (keys) and return him.

    A person that is not saved yet is saved with him. Without a number or a seniority he gets
    the next. His recusals follow at once. A group or a
    round that the rules do not know, or a taken number, raises ValidationError.
    """
    competition = basis.lock(competition)
    judges = Judge.objects.filter(competition=competition)
    if basis.done_before(op_id, kinds.JUDGES_CHANGED, by):
        return _appointed_by(op_id, judges, person)
    basis.refuse_when_closed(competition, rehearsed=True)
    if person.pk is None:
        person.full_clean()
        person.save()
    known = list(judges.values_list("key", "number", "seniority", "hand_order"))
    judge = Judge(
        competition=competition,
        key=f"j{next_number(row[0] for row in known):02d}",
        person=person,
        number=number or max((row[1] for row in known), default=0) + 1,
        group_key=group_key,
        seniority=seniority or max((row[2] for row in known), default=0) + 1,
        hand_order=max((row[3] for row in known), default=0) + 1,
    )
    _refuse_unknown_group(competition, group_key)
    judge.full_clean()
    judge.save()
    _refuse_wrong_seats(competition, [(judge, key) for key in rounds])
    _refuse_late_seats(competition, rounds)
    refuse_tied_now(judge, rounds)
    Seat.objects.bulk_create(Seat(judge=judge, round_key=round_key) for round_key in rounds)
    record_judges(competition, by=by, now=now, op_id=op_id)
    refresh_recusals(competition=competition, by=by, now=now)
    return judge


@transaction.atomic
def replace_judge(*, competition, judge, person, by, now, op_id=None):
    """This function will let a person take over the seats of a judge in every round that he has not
    marked, in his group, and return the new judge.

    The judge stays on the list, with the seats in which he has marked: what he gave stands, and
    whether it counts is for a ruling. Numbered sheets that were printed for him are voided. Raises
    ValidationError when there is no seat to take over.
    """
    competition = basis.lock(competition)
    judges = Judge.objects.filter(competition=competition)
    if basis.done_before(op_id, kinds.JUDGES_CHANGED, by):
        return _appointed_by(op_id, judges, person)
    basis.refuse_when_closed(competition, rehearsed=True)
    _lock_judges([judge.pk])
    hold_pages(competition)
    free = find_free_seats(competition, judge)
    if not free:
        raise ValidationError(
            f"{judge.number} 号评委{judge.person.name}没有可以接替的评委席：打过分的环节、"
            "已有单位关闭打分的环节不能换人，不再打分的，请在「裁定」中办理评委不计，由另一人核对。"
        )
    Seat.objects.filter(judge=judge, round_key__in=free).delete()
    successor = appoint_judge(
        competition=competition,
        person=person,
        group_key=judge.group_key,
        rounds=free,
        by=by,
        now=now,
        op_id=op_id,
    )
    tell_judge_replaced(judge, successor, by=by, now=now)
    return successor


def find_free_seats(competition, judge):
    """This function will return the keys of the rounds on whose panels a judge sits and in which he
    has not marked anything, nor has the marking of anybody been closed; in the order of the rules.
    """
    marked = {key for who, key, _entry in find_marked(competition) if who == judge.key}
    over = {key for key, _unit in find_marking_over(competition)}
    held = set(judge.seats.values_list("round_key", flat=True)) - marked - over
    return [item.key for _track, item in marked_rounds(competition) if item.key in held]


def _appointed_by(op_id, judges, person):
    """The judge whom an operation appointed: the one on its list who was not on the list before.

    A name would not tell: there are namesakes. None when he has left the list since.
    """
    revision = Revision.objects.get(op_id=op_id)
    before = Revision.objects.filter(op_id=revision.replaces).first()
    known = {row["key"] for row in before.facts["judges"]} if before else set()
    new = [row for row in revision.facts["judges"] if row["key"] not in known]
    if len(new) != 1 or str(person.pk or new[0]["person"]) != new[0]["person"]:
        raise record.OperationReused(revision)
    return judges.filter(key=new[0]["key"], person_id=int(new[0]["person"])).first()


def marked_rounds(competition):
    """This function will return (track, round) for every round of the rules that a panel marks."""
    version = current_scheme_version(competition)
    scheme = scheme_of(version) if version else None
    tracks = scheme.tracks if scheme else ()
    return [(track, item) for track in tracks for item in track.rounds if item.panel]


def _refuse_wrong_seats(competition, seats):
    """Raise ValidationError unless every (judge, round key) fits: a panel knows its groups only."""
    rounds = {item.key: item for _, item in marked_rounds(competition)}
    for judge, key in seats:
        if key not in rounds:
            raise ValidationError(f"规则里没有需要评委打分的环节「{key}」，请核对。")
        if judge is not None and not sits_on(judge, rounds[key]):
            raise ValidationError(
                f"「{rounds[key].title}」不由 {judge.number} 号评委所在的评委组打分，"
                "请取消这个评委席，或改他的评委组。"
            )


def _refuse_late_seats(competition, rounds):
    """Raise ValidationError when a round that gets a new seat has closed the marking of somebody.

    A judge who owes a mark there takes the score away again that the hall has seen.
    """
    over = {key for key, _unit in find_marking_over(competition)} & set(rounds)
    for _track, item in marked_rounds(competition):
        if item.key in over:
            raise ValidationError(
                f"「{item.title}」已有单位关闭打分，不能再增加评委：他没有给这些单位打过分，"
                "关闭了的成绩会变成不齐。有评委不再打分的，请在「裁定」中办理评委不计。"
            )


def _lock_judges(keys):
    """Marks are taken under their judge's lock: those that are being handed in are there once it
    is had, and those that come later find the seat gone."""
    list(Judge.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))


def refuse_marked_seats(competition, seats):
    """This function will raise ValidationError when a judge has marked in a round whose seat he is
    to give up, or others are marking there before an audience; `seats` are (Judge, round key), and
    the judges are locked.

    His marks would count no longer, or nobody would miss them: that is for a ruling, which takes
    two persons.
    """
    _lock_judges({judge.pk for judge, _key in seats})
    marked = {(judge, key) for judge, key, _ in find_marked(competition)} if seats else set()
    titles = {item.key: item.title for _, item in marked_rounds(competition)}
    for judge, key in seats:
        if (judge.key, key) in marked:
            raise ValidationError(
                f"{judge.number} 号评委{judge.person.name}已在「{titles.get(key, key)}」打过分，"
                "不能取消评委席；他的打分不应计入的，请在「裁定」中办理评委不计，由另一人核对。"
            )
    held = find_marking_now(competition) | find_marking_over(competition) if seats else set()
    begun = {key for key, _unit in held}
    for judge, key in seats:
        if key in begun:
            raise ValidationError(
                f"「{titles.get(key, key)}」已经有单位开放打分，不能取消 {judge.number} 号评委"
                f"{judge.person.name}的评委席。请换人接替；不再等他打分的，"
                "请在「裁定」中办理评委不计，由另一人核对。"
            )


def sits_on(judge, round_):
    """This function will return whether a judge's group belongs to the panel of a round."""
    return judge.group_key in {part.group for part in round_.panel.parts}


def _refuse_unknown_group(competition, group_key):
    version = current_scheme_version(competition)
    groups = {group.key for group in scheme_of(version).judge_groups} if version else set()
    if groups and group_key not in groups:
        raise ValidationError("请从规则所列的评委组中选择一个。")


@transaction.atomic
def update_judge(
    *, competition, judge, number, group_key, seniority, by, now, op_id=None, revision=basis.ANY
):
    """This function will change a judge's number, group and place in the order of seniority.

    Number and group stand fast once evidence has come in, for they decide how marks count. Seats
    that do not fit a new group are given up.
    """
    competition = basis.lock(competition)
    if basis.done_before(op_id, kinds.JUDGES_CHANGED, by):
        return judge
    basis.refuse_when_closed(competition, rehearsed=True)
    judge = Judge.objects.get(competition=competition, pk=judge.pk)
    if (number, group_key) != (judge.number, judge.group_key):
        basis.refuse_after_evidence(competition, "不能再改评委号和评委组")
    _refuse_unknown_group(competition, group_key)
    judge.number, judge.group_key, judge.seniority = number, group_key, seniority
    judge.full_clean()
    judge.save()
    fitting = [item.key for _, item in marked_rounds(competition) if sits_on(judge, item)]
    unfit = judge.seats.exclude(round_key__in=fitting)
    refuse_marked_seats(competition, [(judge, seat.round_key) for seat in unfit])
    unfit.delete()
    record_judges(competition, by=by, now=now, op_id=op_id, revision=revision)
    return judge


@transaction.atomic
def move_judge(*, competition, judge, to, by, now, order="seniority", op_id=None):
    """This function will put a judge on place `to` (from 1) among the judges of his group.

    `order` is seniority, or custom for the order by hand. The members of other groups keep their
    places in the whole list. No result depends on either order.
    """
    competition = basis.lock(competition)
    if basis.done_before(op_id, kinds.JUDGES_CHANGED, by):
        return
    basis.refuse_when_closed(competition, rehearsed=True)
    field = ORDERS[order]
    rows = list(
        Judge.objects.filter(competition=competition).order_by(field, "seniority", "number", "id")
    )
    group = next((row.group_key for row in rows if row.pk == judge.pk), None)
    slots = [number for number, row in enumerate(rows) if row.group_key == group]
    members = [rows[slot] for slot in slots]
    own = next(row for row in members if row.pk == judge.pk)
    members.remove(own)
    members.insert(max(0, min(to - 1, len(members))), own)
    for slot, row in zip(slots, members, strict=True):
        rows[slot] = row
    for number, row in enumerate(rows, start=1):
        setattr(row, field, number)
    Judge.objects.bulk_update(rows, [field], batch_size=500)
    record_judges(competition, by=by, now=now, op_id=op_id)


@transaction.atomic
def remove_judge(*, competition, judge, by, now, op_id=None):
    """This function will take a judge off the list as long as he has not marked anything and no
    numbered sheet bears his name."""
    competition = basis.lock(competition)
    if basis.done_before(op_id, kinds.JUDGES_CHANGED, by):
        return
    basis.refuse_when_closed(competition, rehearsed=True)
    refuse_marked_seats(competition, [(judge, seat.round_key) for seat in judge.seats.all()])
    try:
        with transaction.atomic():
            judge.delete()
    except ProtectedError:
        raise ValidationError(
            f"{judge.person.name}已经打过分，或者已经有编号的评分表，不能从名单中删除；"
            "不再参加的环节请取消评委席。"
        ) from None
    record_judges(competition, by=by, now=now, op_id=op_id)


@transaction.atomic
def seat_judges(*, competition, seats, by, now, op_id=None, revision=basis.ANY):
    """This function will seat judges: `seats` maps a round's key to the Judges on its panel.

    Rounds that are not named keep their panels. `revision` is the list in force when the form was
    made. A round without a panel in the rules, a foreign judge, or a seat taken from a judge who
    has marked in the round raises ValidationError.
    """
    competition = basis.lock(competition)
    if basis.done_before(op_id, kinds.JUDGES_CHANGED, by):
        return
    basis.refuse_when_closed(competition, rehearsed=True)
    judges = Judge.objects.filter(competition=competition).select_related("person")
    own = {judge.id: judge for judge in judges}
    wanted = {(judge.id, key) for key, panel in seats.items() for judge in panel}
    if any(judge not in own for judge, _ in wanted):
        raise ValidationError("名单里有不属于本比武的评委，请刷新页面后重试。")
    named = [(judge, key) for key, panel in seats.items() for judge in panel]
    _refuse_wrong_seats(competition, [*named, *((None, key) for key in seats)])
    rows = Seat.objects.filter(judge__competition=competition, round_key__in=seats)
    present = {(row.judge_id, row.round_key): row.id for row in rows}
    gone = [pair for pair in present if pair not in wanted]
    refuse_marked_seats(competition, [(own[judge], key) for judge, key in gone])
    _refuse_late_seats(competition, {key for _judge, key in wanted - set(present)})
    Seat.objects.filter(id__in=[present[pair] for pair in gone]).delete()
    Seat.objects.bulk_create(
        Seat(judge_id=judge, round_key=key) for judge, key in sorted(wanted - set(present))
    )
    record_judges(competition, by=by, now=now, op_id=op_id, revision=revision)
