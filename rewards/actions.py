"""A meeting's decision: entered by one person, verified or returned by another. Nothing is edited:
a corrected decision is a new one, and the record keeps the line of them."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from competitions.actions import basis
from competitions.frontdoor import tell_results_changed
from record.actions import OperationReused, append
from record.private import Private, reveal
from rewards import kinds
from rewards.changes import decide_changes, tidy_changes
from rewards.models import MeetingDecision
from rewards.queries import changes_of, find_decisions, find_outcome
from rewards.rules.decide import apply_decision
from scoring.actions.attachments import drop_attachment, read_attachment, store_attachment
from scoring.actions.evidence import NEEDS_REASON, TWO_PERSONS, find_recorded
from scoring.queries.tabulations import find_latest_tabulation

LONGEST = {"meeting": 120, "document_number": 80, "note": 2000, "reason": 200}
NAMES = {"meeting": "会议或决定人", "document_number": "文号", "note": "说明", "reason": "理由"}
State = MeetingDecision.State


def record_decision(
    *,
    competition,
    tabulation,
    meeting,
    decided_on,
    document_number,
    changes,
    by,
    now,
    op,
    note="",
    scan=None,
):
    """This function will record what a meeting decided on the latest tabulation and return it.

    `changes` is a list of dicts (award, entry, give, reason, and amount in yuan where the table of
    the award does not say it); an empty list confirms the computed result. `scan` is an uploaded
    PDF or picture, or None. The decision counts when a second person has verified it. Raises
    ValidationError for a tabulation that is not the latest or not complete, a change that does not
    fit the outcome, and while another decision waits. A repeated `op` returns the first decision.
    """
    attachment = read_attachment(scan, "扫描件")
    words = {
        "meeting": _text("meeting", meeting),
        "document_number": _text("document_number", document_number),
        "note": _text("note", note, required=False, lines=True),
    }
    facts = {
        "tabulation": tabulation.number,
        "decided_on": decided_on.isoformat(),
        "document": words["document_number"],
        "changes": tidy_changes(changes),
    }
    if attachment:
        facts["scan"] = attachment.body
    if decided_on > timezone.localdate(now):
        raise ValidationError({"decided_on": "决定日期还没有到，请核对。"})
    stored = store_attachment(attachment, "decisions") if attachment else ""
    try:
        decision = _record(competition, tabulation, words, facts, attachment, stored, by, now, op)
    except BaseException:
        if stored:
            drop_attachment(stored)
        raise
    if stored and decision.scan.name != stored:
        drop_attachment(stored)
    return decision


@transaction.atomic
def _record(competition, tabulation, words, facts, attachment, stored, by, now, op):
    competition = basis.lock_open(competition, rehearsed=True)
    earlier = find_recorded(op, kind=kinds.DECISION_ENTERED, by=by, competition=competition)
    if earlier is not None:
        said = reveal(earlier.facts)
        if {**said, **facts} != said:
            raise OperationReused(earlier)
        return MeetingDecision.objects.get(competition=competition, number=earlier.facts["number"])
    latest = _require_latest(competition, tabulation)
    before = find_decisions(latest).first()
    if before is not None and before.state == State.ENTERED:
        raise ValidationError("已有一项会议决定等待核对，请先核对或退回。")
    decide_changes(competition, latest, facts["changes"])
    number = _next_number(competition)
    # Who decided, why, and the note may name a person: all must stay erasable.
    private = {name: Private(words[name]) for name in ("meeting", "note") if words[name]}
    private["changes"] = [
        {**change, "reason": Private(change["reason"])} for change in facts["changes"]
    ]
    revision = append(
        chain=competition.chain,
        kind=kinds.DECISION_ENTERED,
        body={"number": number, **facts, **private},
        by=str(by.id),
        now=now,
        op_id=op,
        replaces=before.revision if before else None,
    )
    decision = MeetingDecision.objects.create(
        competition=competition,
        number=number,
        tabulation=latest,
        decided_on=date.fromisoformat(facts["decided_on"]),
        scan=stored,
        scan_name=attachment.name if attachment else "",
        scan_digest=attachment.digest if attachment else "",
        changes=facts["changes"],
        entered_by=by,
        entered_at=now,
        revision=revision.op_id,
        **words,
    )
    tell_results_changed(competition, now=now)
    return decision


def verify_decision(*, decision, by, now, op):
    """This function will make a decision count: a second person compared it with the paper.

    Raises ValidationError when it is not waiting, was entered by the same person, or when the
    competition has been tabulated anew since.
    """

    def change(competition, row):
        if row.entered_by_id == by.id:
            raise ValidationError(TWO_PERSONS)
        latest = _require_latest(competition, row.tabulation)
        apply_decision(find_outcome(latest).computed, changes_of(row))
        row.state, row.verified_by, row.verified_at = State.VERIFIED, by, now

    return _settle(decision, kinds.DECISION_VERIFIED, {}, change, by=by, now=now, op=op)


def return_decision(*, decision, reason, by, now, op):
    """This function will send a waiting decision back with a reason; it never counted.

    Whoever entered it may take it back too: that verifies nothing.
    """
    reason = " ".join((reason or "").split())
    if not reason:
        raise ValidationError({"reason": NEEDS_REASON})
    reason = _text("reason", reason)

    def change(competition, row):
        row.state, row.return_reason = State.RETURNED, reason
        row.returned_by, row.returned_at = by, now

    body = {"reason": Private(reason)}
    return _settle(decision, kinds.DECISION_RETURNED, body, change, by=by, now=now, op=op)


def _settle(decision, kind, body, change, *, by, now, op):
    with transaction.atomic():
        competition = basis.lock_open(decision.competition, rehearsed=True)
        row = (
            MeetingDecision.objects.select_for_update(of=("self",), no_key=True)
            .select_related("tabulation")
            .defer("tabulation__evidence", "tabulation__result")
            .get(pk=decision.pk)
        )
        earlier = find_recorded(op, kind=kind, by=by, competition=competition)
        if earlier is not None:
            if earlier.facts["number"] != row.number:
                raise OperationReused(earlier)
            return row
        if row.state != State.ENTERED:
            raise ValidationError("这项会议决定不在待核对状态，请刷新页面后重试。")
        change(competition, row)
        body = {"number": row.number, **body}
        basis.settle(row, competition, kind, body, by=by, now=now, op_id=op)
        tell_results_changed(competition, now=now)
        return row


def _require_latest(competition, tabulation):
    """The latest tabulation, when it is complete and says the same as the one decided on."""
    latest = find_latest_tabulation(competition)
    if latest is None or not latest.complete:
        raise ValidationError("最近一次统分还缺数据，不能录入会议决定。请补齐后重新统分。")
    same = (latest.evidence_digest, latest.result_digest) == (
        tabulation.evidence_digest,
        tabulation.result_digest,
    )
    if not same or tabulation.competition_id != competition.id:
        raise ValidationError(
            f"结果已在第 {latest.number} 次统分时更新，请看过新的结果后再办理会议决定。"
        )
    return latest


def _next_number(competition):
    last = MeetingDecision.objects.filter(competition=competition).aggregate(Max("number"))
    return (last["number__max"] or 0) + 1


def _text(name, value, *, required=True, lines=False):
    value = str(value or "").strip() if lines else " ".join(str(value or "").split())
    if required and not value:
        raise ValidationError({name: f"请写明{NAMES[name]}。"})
    if len(value) > LONGEST[name]:
        raise ValidationError({name: f"{NAMES[name]}不能超过 {LONGEST[name]} 字，请精简。"})
    return value
