"""The audience jury: seat codes issued, a seat taken by a phone, a ballot cast, ballots counted."""

import secrets
import uuid
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from arena import kinds
from arena.actions.events import lock_event, refuse_other
from arena.jury_rules import criterion_of, jury_criterion
from arena.models import Ballot, JurySeat, Turn
from arena.queries.jury import COUNTED, find_seat, find_seats, keyed_digest, tally_ballots
from arena.stage.seats import (
    MOST_SEATS,
    REAL,
    REHEARSED,
    SECRET_LENGTH,
    digest_sorted,
    make_code,
)
from competitions.actions import basis
from competitions.actions.accounts import LETTERS
from record.prepared import Prepared
from scoring.actions.evidence import find_recorded
from scoring.actions.votes import put_votes

NO_JURY = "规则里本环节不设大众评委。"
IN_FORCE = Prepared(
    lambda event, seat: JurySeat.objects.filter(
        event=event, id=seat, voided_at__isnull=True
    ).values_list("id")
)
TURN = Prepared(
    lambda event, entry_key: Turn.objects.filter(event=event, entry__key=entry_key).order_by()
)
CAST = Prepared(
    lambda op, turn, number: Ballot.objects.filter(
        Q(op_id=op) | Q(turn=turn, number=number)
    ).order_by()
)
VOID = "这个席位码不能用：可能已经重新印制。请找现场工作人员。"


class CodeVoid(ValidationError):
    """The code of a seat is unknown or no longer in force: it counts as a guess."""


class AlreadyVoted(ValidationError):
    """The seat has voted on this turn already; `ballot` is what counts."""

    def __init__(self, ballot):
        super().__init__(f"{ballot.number} 号席位已经给这个单位投过票，只计第一次投的一票。")
        self.ballot = ballot


@transaction.atomic
def issue_seats(*, event, numbers, op: uuid.UUID, by, now: datetime) -> list:
    """This function will issue codes for the seats with these numbers (1 … 2000) and return
    [(JurySeat, secret, short code)] in their order.

    Codes are returned here and never again. Seats that had codes get new ones: the old are void,
    and the phones that held them with them; what they voted stays, and a seat votes once.
    Raises ValidationError, also when the operation comes again: its codes are gone.
    """
    event = lock_event(event)
    numbers = sorted(set(numbers))
    earlier = find_recorded(op, kind=kinds.SEATS_ISSUED, by=by, competition=event.competition)
    if earlier is not None:
        refuse_other(earlier, {"round": event.round_key, "seats": numbers})
        raise ValidationError(
            "这些席位码刚才已经制作过，同一页不能再打印第二次；没有打印出来的，请重新制作。"
        )
    if event.called_off:
        raise ValidationError("这个现场已经取消，请刷新页面。")
    if criterion_of(event) is None:
        raise ValidationError(NO_JURY)
    if not numbers or numbers[0] < 1 or numbers[-1] > MOST_SEATS:
        raise ValidationError(f"席位号从 1 到 {MOST_SEATS}，请更正。")
    codes = REHEARSED if event.competition.is_rehearsal else REAL
    made = [(number, _make_secret(), make_code(secrets.choice(codes))) for number in numbers]
    seats = [
        JurySeat(
            event=event,
            number=number,
            digest=keyed_digest(secret),
            code_digest=keyed_digest(code),
            issued_by=by,
            issued_at=now,
            revision=op,
        )
        for number, secret, code in made
    ]
    find_seats(event).filter(number__in=numbers).update(voided_at=now, device="")
    body = {
        "round": event.round_key,
        "seats": numbers,
        "codes": digest_sorted([seat.digest + seat.code_digest for seat in seats]),
    }
    basis.append(event.competition, kinds.SEATS_ISSUED, body, by=by, now=now, op_id=op)
    JurySeat.objects.bulk_create(seats)
    return [(seat, *codes) for seat, (_number, *codes) in zip(seats, made, strict=True)]


@transaction.atomic
def take_seat(*, seat, token, now: datetime) -> JurySeat:
    """This function will let the phone that keeps the secret `token` hold a seat, and return it.

    The first phone has it: another one is refused. A phone that holds another seat of the event
    keeps that one. Raises ValidationError, CodeVoid for a code that is no longer in force.
    """
    event, own = lock_event(seat.event), keyed_digest(token)
    seat = JurySeat.objects.get(id=seat.id)
    if seat.voided_at is not None or event.called_off:
        raise CodeVoid(VOID)
    if seat.device == own:
        return seat
    if seat.device:
        raise ValidationError(
            f"{seat.number} 号席位已在另一部手机上启用，一个席位只能用一部手机；"
            "请找现场工作人员重新印制。"
        )
    held = find_seat(event, token)
    if held is not None:
        raise ValidationError(f"这部手机已经是 {held.number} 号席位，不能再启用另一个席位。")
    seat.device, seat.taken_at = own, now
    seat.save(update_fields=["device", "taken_at"])
    return seat


@transaction.atomic
def cast_ballot(*, seat, entry_key, choice, op: uuid.UUID, now: datetime) -> Ballot:
    """This function will take a seat's ballot on the turn of an entry, and return it.

    It locks the event, as every move does: of a ballot and a closing at one instant one is first.
    After the closing the ballot is `late`: kept and not counted. The same `op` again returns what
    it cast. Raises AlreadyVoted for a second ballot, ValidationError before the turn is open.
    """
    event = lock_event(seat.event)
    # Read after the lock has been had: the code may have been issued anew while waiting for it.
    if event.called_off or not IN_FORCE.all(event=event.id, seat=seat.id):
        raise ValidationError(VOID)
    turn = TURN.first(event=event.id, entry_key=entry_key)
    own = {"turn": turn.id if turn else 0, "number": seat.number}
    cast = sorted(CAST.all(op=op, **own), key=lambda ballot: ballot.late)
    earlier = next((ballot for ballot in cast if ballot.op_id == op), None)
    if earlier is not None:
        said = (earlier.seat_id, earlier.turn_id, earlier.choice)
        if said != (seat.id, turn.id if turn else None, choice):
            raise ValidationError("这一票的编号已经用过，请刷新页面后重投。")
        return earlier
    criterion = criterion_of(event)
    if criterion is None:
        raise ValidationError(NO_JURY)
    if turn is None or choice not in {item.key for item in criterion.inputs}:
        raise ValidationError("没有这个单位或这个选项，请刷新页面。")
    late = turn.state in COUNTED
    if not late and turn.state != Turn.State.MARKING:
        raise ValidationError("这个单位还没有开放投票，请等主持人宣布。")
    if cast and cast[0].late <= late:
        raise AlreadyVoted(cast[0])
    return Ballot.objects.create(
        turn=turn,
        seat=seat,
        number=seat.number,
        choice=choice,
        salt=secrets.token_hex(16),
        late=late,
        op_id=op,
        received_at=now,
    )


def count_ballots(live, key, op, by, now):
    """This function will count the ballots of the turn of an entry into the evidence, as one
    revision: a part of the move that closes it. Without seats nothing is counted: votes are then
    typed in."""
    criterion, row = jury_criterion(live.panel.round), live.row(key)
    seats = find_seats(live.event).count()
    entries = [line.entry for line in live.lines_of(key) if line.round.key == live.event.round_key]
    if criterion is None or not seats or not entries:
        return
    ballots = list(row.ballots.filter(late=False))
    proof = {
        "seats": seats,
        "ballots": len(ballots),
        "digest": digest_sorted([ballot.hash for ballot in ballots]),
    }
    put_votes(
        live.event.competition,
        live.event.round_key,
        criterion.key,
        entries[0],
        tally_ballots(criterion, ballots),
        proof,
        uuid.uuid5(op, "votes"),
        by,
        now,
    )


def refuse_voted(live, key):
    """This function will raise ValidationError when ballots have been cast on an open turn: its
    speech cannot be held again, a seat votes once."""
    row = live.row(key)
    voted = row.ballots.filter(late=False).count() if row.state == Turn.State.MARKING else 0
    if voted:
        raise ValidationError(f"大众评委已投 {voted} 票，不能退回；请关闭打分。")


def _make_secret():
    return "".join(secrets.choice(LETTERS) for _ in range(SECRET_LENGTH))
