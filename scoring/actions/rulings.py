"""Rulings 裁定: recorded decisions that the tabulation follows; one enters, another verifies."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from competitions.models import Judge
from record.actions import OperationReused, append
from record.private import Private, reveal
from scoring import doors, kinds
from scoring.actions import checking
from scoring.actions.evidence import (
    active_entries,
    find_recorded,
    lock_competition,
    published_scheme,
)
from scoring.models import Checked, Ruling
from scoring.queries.inputs import read_value
from scoring.queries.ruling_kinds import KINDS, NAMED, PART_YEAR, timed_choices, tracks_of
from scoring.rules.overtime import read_seconds

NOT_IN_RULES = "规则里没有所选的内容，请刷新页面后重新选择。"


@dataclass(frozen=True)
class RulingDraft:
    """What somebody writes down of a ruling: its kind, what it decides, and by whom.

    `subject` maps the kind's fields (scoring.queries.ruling_kinds) to keys, `value` to text,
    `entries` to a list of keys in order.
    """

    kind: str
    reason: str
    decided_by: str
    decided_on: date
    document_number: str = ""
    subject: dict = field(default_factory=dict)


def enter_ruling(*, competition, draft, op, by, now):
    """This function will record a ruling, which counts when a second person has verified it.

    Raises ValidationError for a subject that the rules or the entries do not have. A repeated `op`
    returns the first ruling.
    """

    def find(competition):
        key = checking.next_key(Ruling, competition, "r", 2)
        return Ruling(competition=competition, key=key), None

    return _write(competition, draft, op, by, now, find)


def correct_ruling(*, competition, key, revision, draft, op, by, now):
    """This function will replace a ruling that is not verified yet by a corrected one."""

    def find(competition):
        ruling = checking.lock_row(Ruling, competition, key)
        checking.refuse_correction(ruling)
        checking.refuse_stale(ruling, revision)
        return ruling, ruling.revision

    return _write(competition, draft, op, by, now, find)


def verify_ruling(*, competition, key, revision, op, by, now):
    """This function will mark a ruling as verified by a second person, or agree to withdraw it."""
    return checking.verify(
        Ruling,
        kinds.RULING_VERIFIED,
        competition=competition,
        key=key,
        revision=revision,
        op=op,
        by=by,
        now=now,
    )


def return_ruling(*, competition, key, revision, reason, op, by, now):
    """This function will send a ruling, or the request to withdraw it, back with a reason."""
    return checking.return_(
        Ruling,
        kinds.RULING_RETURNED,
        competition=competition,
        key=key,
        revision=revision,
        reason=reason,
        op=op,
        by=by,
        now=now,
    )


def withdraw_ruling(*, competition, key, revision, reason, op, by, now):
    """This function will ask for a verified ruling to be withdrawn, or take back one's own that was
    never verified; nothing is deleted."""
    return checking.withdraw(
        Ruling,
        kinds.RULING_WITHDRAWN,
        competition=competition,
        key=key,
        revision=revision,
        reason=reason,
        op=op,
        by=by,
        now=now,
    )


def _write(competition, draft, op, by, now, find):
    with transaction.atomic():
        competition = lock_competition(competition)
        subject = _read_subject(competition, draft)
        facts = _read_facts(draft, subject, now)
        earlier = find_recorded(op, kind=kinds.RULING_ENTERED, by=by, competition=competition)
        if earlier is not None:
            said = reveal(earlier.facts)
            if {**said, **facts} != said:
                raise OperationReused(earlier)
            return Ruling.objects.get(competition=competition, key=earlier.facts["key"])
        ruling, replaces = find(competition)
        revision = append(
            chain=competition.chain,
            kind=kinds.RULING_ENTERED,
            # Why, and who decided, may name a person, and must stay erasable.
            body={
                "key": ruling.key,
                **facts,
                "reason": Private(facts["reason"]),
                "decided_by": Private(facts["decided_by"]),
            },
            by=str(by.id),
            now=now,
            op_id=op,
            replaces=replaces,
        )
        rounds = {said.get("round", "") for said in (ruling.subject or {}, subject)}
        ruling.kind, ruling.subject = draft.kind, subject
        ruling.reason, ruling.document_number = facts["reason"], facts["document"]
        ruling.decided_by, ruling.decided_on = facts["decided_by"], draft.decided_on
        ruling.state = Checked.State.ENTERED
        ruling.entered_by, ruling.entered_at = by, now
        ruling.verified_by = ruling.verified_at = None
        ruling.return_reason = ""
        ruling.revision = revision.op_id
        ruling.save()
        doors.tell_waiting(competition, rounds, now=now)
        return ruling


def _read_facts(draft, subject, now):
    if not draft.reason.strip():
        raise ValidationError({"reason": "请写明理由。"})
    if not draft.decided_by.strip():
        raise ValidationError({"decided_by": "请写明由谁或哪次会议决定。"})
    if draft.decided_on > timezone.localdate(now):
        raise ValidationError({"decided_on": "决定日期还没有到，请核对。"})
    return {
        "kind": draft.kind,
        "subject": subject,
        "reason": " ".join(draft.reason.split()),
        "decided_by": " ".join(draft.decided_by.split()),
        "decided_on": draft.decided_on.isoformat(),
        "document": " ".join(draft.document_number.split()),
    }


def _read_subject(competition, draft):
    """The subject with exactly the kind's fields, each known to the rules and the entries."""
    kind = KINDS.get(draft.kind)
    if kind is None:
        raise ValidationError("没有这一类裁定，请从列表重新选择。")
    subject = {name: draft.subject.get(name) or "" for name in kind.fields}
    if "entries" in subject:
        subject["entries"] = list(subject["entries"] or [])
    for name in kind.fields:
        if not subject[name] and name not in kind.optional:
            raise ValidationError({name: "请填写这一项。"})
    scheme = published_scheme(competition)
    try:
        tracks = tracks_of(scheme, draft.kind, subject)
    except KeyError:
        raise ValidationError(NOT_IN_RULES) from None
    _check_choice(scheme, draft.kind, subject)
    entries = active_entries(competition, *tracks)
    for key in [subject.get("entry"), *subject.get("entries", [])]:
        if key and key not in entries:
            name = "entry" if "entry" in subject else "entries"
            raise ValidationError({name: "所选的参评对象不属于这个榜单，请重新选择。"})
    if len(set(subject.get("entries", []))) != len(subject.get("entries", [])):
        raise ValidationError({"entries": "同一个参评对象只能出现一次。"})
    if draft.kind == "tie_order" and len(subject["entries"]) < 2:
        raise ValidationError({"entries": "同分先后至少要写两个参评对象。"})
    if draft.kind == "exclude_judge":
        judges = Judge.objects.filter(competition=competition, key=subject["judge"])
        if not judges.of_round(subject["round"]).exists():
            raise ValidationError({"judge": "这位评委不在该环节的评委席上，请重新选择。"})
    if draft.kind == "set_overtime":
        if subject["round"] not in dict(timed_choices(scheme)):
            raise ValidationError({"round": "这个环节的办法没有超时扣分，不必认定。"})
        subject["value"] = _read_seconds(subject["value"])
    if draft.kind == "set_points":
        subject["value"] = _read_points(scheme, subject)
    return subject


def _check_choice(scheme, kind, subject):
    if kind in NAMED and subject["of"] not in dict(NAMED[kind](scheme)):
        raise ValidationError({"of": NOT_IN_RULES})
    if kind == "part_year" and subject["value"] not in PART_YEAR:
        raise ValidationError({"value": "请选择照常计入、不参加排名或按月折算。"})


class _Seconds:
    title, unit = "超时", "秒"


def _read_seconds(written):
    try:
        seconds = read_seconds(read_value(written, _Seconds))
    except ValidationError as error:
        raise ValidationError({"value": error.messages}) from None
    if seconds is None:
        raise ValidationError({"value": "超时的秒数应为整数，没有超时的填 0。"})
    return str(seconds)


class _Points:
    title, unit = "得分", "分"


def _read_points(scheme, subject):
    criterion = scheme.find_criterion(subject["criterion"])[2]
    try:
        text = read_value(subject["value"], _Points)
    except ValidationError as error:
        raise ValidationError({"value": error.messages}) from None
    if not text:
        raise ValidationError({"value": "请填写得分。"})
    value = Decimal(text)
    if value > criterion.full and not criterion.above_full:
        raise ValidationError(
            {"value": f"「{criterion.title}」满分 {criterion.full:f} 分，请核对。"}
        )
    if value < 0 and not criterion.below_zero:
        raise ValidationError({"value": f"「{criterion.title}」不能是负分，请核对。"})
    return text
