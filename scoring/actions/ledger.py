"""Bonuses and deductions 加减分台账: entered with evidence, corrected, verified, withdrawn."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from record.actions import OperationReused, append
from record.chain.canonical import decimal_text
from record.private import ERASED, Private, reveal
from scoring import kinds
from scoring.actions import checking
from scoring.actions.attachments import drop_attachment, read_attachment, store_attachment
from scoring.actions.evidence import (
    active_entries,
    find_recorded,
    lock_competition,
    published_scheme,
)
from scoring.models import Checked, LedgerEvent
from scoring.queries.inputs import read_value
from scoring.queries.terms import year_bounds

MOST_PLACES = 4


@dataclass(frozen=True)
class LedgerDraft:
    """What somebody writes down of one bonus or deduction. `points` is positive for both.

    Events of one matter are joined by the same words in `matter`, or by `same_as`, the key of an
    event of that matter, which also joins one whose words were erased.
    """

    entry_key: str
    criterion_key: str
    item_key: str
    happened_on: date
    points: str
    reason: str
    matter: str = ""
    same_as: str = ""


def enter_ledger_event(*, competition, draft, file=None, op, by, now):
    """This function will record a bonus or deduction with its evidence file and return the event.

    Raises ValidationError for an item that the rules do not have, points that are not a positive
    multiple of the item's, a date outside the competition's year, or a file that is not evidence.
    A repeated `op` returns the first event.
    """
    attachment = read_attachment(file)

    def save(competition, facts):
        key = checking.next_key(LedgerEvent, competition, "l", 3)
        return LedgerEvent(competition=competition, key=key), None

    return _write(competition, draft, attachment, op, by, now, save)


def correct_ledger_event(
    *, competition, key, revision, draft, file=None, drop_file=False, op, by, now
):
    """This function will replace an event that is not verified yet by a corrected one.

    `revision` is the state that the page was made from: an event that has changed since raises
    ValidationError with code `stale_revision`. Without `file` the evidence stays, unless
    `drop_file`. The file of the earlier revision is kept: its digest is in the record.
    """
    attachment = read_attachment(file)

    def save(competition, facts):
        event = checking.lock_row(LedgerEvent, competition, key)
        checking.refuse_correction(event)
        checking.refuse_stale(event, revision)
        if drop_file and attachment is None:
            event.evidence, event.evidence_name, event.evidence_digest = "", "", ""
        elif attachment is None and event.evidence_digest:
            facts["evidence"] = {"sha256": event.evidence_digest}
        return event, event.revision

    return _write(competition, draft, attachment, op, by, now, save)


def verify_ledger_event(*, competition, key, revision, op, by, now):
    """This function will mark an event as verified by a second person, or agree to withdraw it."""
    return checking.verify(
        LedgerEvent,
        kinds.LEDGER_VERIFIED,
        competition=competition,
        key=key,
        revision=revision,
        op=op,
        by=by,
        now=now,
    )


def return_ledger_event(*, competition, key, revision, reason, op, by, now):
    """This function will send an event, or the request to withdraw it, back with a reason."""
    return checking.return_(
        LedgerEvent,
        kinds.LEDGER_RETURNED,
        competition=competition,
        key=key,
        revision=revision,
        reason=reason,
        op=op,
        by=by,
        now=now,
    )


def withdraw_ledger_event(*, competition, key, revision, reason, op, by, now):
    """This function will ask for a verified event to be withdrawn, or take back one's own that was
    never verified; nothing is deleted."""
    return checking.withdraw(
        LedgerEvent,
        kinds.LEDGER_WITHDRAWN,
        competition=competition,
        key=key,
        revision=revision,
        reason=reason,
        op=op,
        by=by,
        now=now,
    )


def _write(competition, draft, attachment, op, by, now, save):
    stored = store_attachment(attachment) if attachment else ""
    try:
        with transaction.atomic():
            competition = lock_competition(competition)
            event = _save(competition, draft, attachment, stored, op, by, now, save)
    except BaseException:
        if stored:
            drop_attachment(stored)
        raise
    if stored and event.evidence.name != stored:
        drop_attachment(stored)
    return event


def _save(competition, draft, attachment, stored, op, by, now, save):
    entry, facts = _read(competition, draft, attachment, now)
    earlier = find_recorded(op, kind=kinds.LEDGER_ENTERED, by=by, competition=competition)
    if earlier is not None:
        said = reveal(earlier.facts)
        if {**said, **facts} != said:
            raise OperationReused(earlier)
        return LedgerEvent.objects.get(competition=competition, key=earlier.facts["key"])
    event, replaces = save(competition, facts)
    matter_key = _find_matter_key(competition, event, facts["matter"], draft.same_as)
    revision = append(
        chain=competition.chain,
        kind=kinds.LEDGER_ENTERED,
        # What somebody wrote may name a person, and must stay erasable.
        body={
            "key": event.key,
            **facts,
            "reason": Private(facts["reason"]),
            "matter": Private(facts["matter"]),
            **({"matter_key": matter_key} if matter_key else {}),
        },
        by=str(by.id),
        now=now,
        op_id=op,
        replaces=replaces,
    )
    event.entry, event.round_key = entry, facts["round"]
    event.criterion_key, event.item_key = draft.criterion_key, draft.item_key
    event.happened_on, event.points = draft.happened_on, facts["points"]
    event.reason, event.matter = facts["reason"], facts["matter"]
    event.matter_key = matter_key
    if attachment:
        event.evidence.name = stored
        event.evidence_name, event.evidence_digest = attachment.name, attachment.digest
    event.state = Checked.State.ENTERED
    event.entered_by, event.entered_at = by, now
    event.verified_by = event.verified_at = None
    event.return_reason = ""
    event.revision = revision.op_id
    event.save()
    return event


def _find_matter_key(competition, event, words, same_as):
    """The key that joins an event to the others of its matter, "" where it names none."""
    others = LedgerEvent.objects.filter(competition=competition).exclude(matter_key="")
    if same_as:
        found = others.exclude(key=event.key).filter(key=same_as).first()
        if found is None:
            raise ValidationError({"same_as": "台账里没有这一事项，请重新选择。"})
        return found.matter_key
    if not words:
        return ""
    if event.matter_key and words == event.matter:
        return event.matter_key
    # Words that stand for erased ones say nothing about what the matter was.
    if not words.startswith(ERASED):
        found = others.exclude(key=event.key).filter(matter=words).order_by("id").first()
        if found is not None:
            return found.matter_key
    numbers = [int(key[1:]) for key in others.values_list("matter_key", flat=True)]
    return f"m{max(numbers, default=0) + 1:03d}"


def _read(competition, draft, attachment, now):
    """The entry that a draft names, and what the record will say of it."""
    round_, entry, points = _check(competition, draft, now)
    facts = {
        "entry": entry.key,
        "round": round_.key,
        "criterion": draft.criterion_key,
        "item": draft.item_key,
        "date": draft.happened_on.isoformat(),
        "points": points,
        "reason": " ".join(draft.reason.split()),
        "matter": " ".join(draft.matter.split()),
    }
    if attachment:
        facts["evidence"] = attachment.body
    return entry, facts


def _check(competition, draft, now):
    """The round and entry that a draft names, and its points as decimal text."""
    track, round_, item = _find_item(published_scheme(competition), draft)
    entry = active_entries(competition, track).get(draft.entry_key)
    if entry is None:
        raise ValidationError(
            {"entry": f"「{track.title}」的参评名单里没有所选的对象，请重新选择。"}
        )
    first, last = year_bounds(competition.year)
    if not first <= draft.happened_on <= last:
        raise ValidationError({"happened_on": f"日期应在 {competition.year} 年以内，请核对。"})
    if draft.happened_on > timezone.localdate(now):
        raise ValidationError({"happened_on": "日期还没有到，请核对。"})
    if not draft.reason.strip():
        raise ValidationError({"reason": "请写明事由。"})
    return round_, entry, read_points(draft.points, item)


def _find_item(scheme, draft):
    try:
        track, round_, criterion = scheme.find_criterion(draft.criterion_key)
    except KeyError:
        criterion = None
    items = criterion.rule.items if criterion and criterion.evidence == "ledger" else ()
    item = next((item for item in items if item.key == draft.item_key), None)
    if item is None:
        raise ValidationError({"item": "规则的加减分项里没有这一项，请重新选择。"})
    return track, round_, item


def read_points(text, item):
    """This function will return an event's points as positive decimal text.

    Without a text the item's own points are taken; where the item has points, a multiple of them
    is asked for. Deductions are written positive too: the item says which way they count.
    """
    text = str(text or "").strip()
    if not text and item.points is not None:
        return decimal_text(item.points)
    try:
        value = read_value(text, _PointsInput)
    except ValidationError as error:
        raise ValidationError({"points": error.messages}) from None
    word = "加分" if item.sign == "bonus" else "扣分"
    if not value or Decimal(value) <= 0:
        raise ValidationError(
            {"points": f"分值应大于零；「{item.title}」是{word}项，不用写正负号。"}
        )
    number = Decimal(value)
    if -number.normalize().as_tuple().exponent > MOST_PLACES:
        raise ValidationError({"points": f"分值最多 {MOST_PLACES} 位小数。"})
    if item.points is not None and item.points > 0 and number % item.points:
        each = decimal_text(item.points)
        raise ValidationError({"points": f"「{item.title}」每次 {each} 分，分值应是它的整数倍。"})
    return value


class _PointsInput:
    title, unit = "分值", "分"
