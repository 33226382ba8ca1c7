"""Putting a competition into the archive and opening it again, by two persons."""

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from competitions.actions import basis
from competitions.models import Checked, Competition, Judge
from competitions.queries import current_scheme_version, scheme_of
from competitions.roadmap import find_todos
from publication import kinds, queries
from publication.actions import refuse_outdated
from publication.models import Circle, Closing, PublicationVersion
from record.actions import append
from record.models import Revision
from record.private import Private
from rewards.models import MeetingDecision
from rewards.queries import find_standing, say_due
from scoring.actions.evidence import find_recorded

TWO_PERSONS = "申请和确认必须是两个人，请由另一位工作人员确认。"
DAY = re.compile(r"(\d+)年(\d+)月(\d+)日")
PROPOSED = {
    Closing.Kind.CLOSE: kinds.CLOSING_PROPOSED,
    Closing.Kind.REOPEN: kinds.REOPENING_PROPOSED,
}
RETURNED = {
    Closing.Kind.CLOSE: kinds.CLOSING_RETURNED,
    Closing.Kind.REOPEN: kinds.REOPENING_RETURNED,
}
DONE = {
    Closing.Kind.CLOSE: kinds.COMPETITION_CLOSED,
    Closing.Kind.REOPEN: kinds.COMPETITION_REOPENED,
}


def find_obstacles(competition, now):
    """This function will return a sentence for everything that stands in the way of the archive:
    results that are not published or out of date in some circle, a decision that is open, and
    whatever waits for a second person, and a rehearsal that is under way."""
    if competition.stage == Competition.Stage.DRAFT:
        return ["规则还没有公布，比武还没有开始。"]
    latest = queries.latest_tabulation(competition)
    if latest is None or not latest.complete:
        return ["还没有完整的统分，请补齐数据、统分并公布结果。"]
    scheme = scheme_of(current_scheme_version(competition))
    found = []
    try:
        refuse_outdated(competition, scheme, latest)
    except ValidationError as error:
        found += error.messages
    published = PublicationVersion.objects.in_force().filter(competition=competition)
    if not published.filter(kind="results", tabulation=latest).exists():
        found.append(f"第 {latest.number} 次统分的结果还没有公布，请先公布。")
    outdated = queries.find_outdated(latest, queries.find_released(competition))
    found += [f"{sentence}。" for _, sentence in outdated]
    found += _find_open_decisions(competition, latest)
    under_way = competition.rehearsals.exclude(stage=Competition.Stage.CLOSED)
    found += [f"「{item.title}」还没有结束，请先结束演练。" for item in under_way]
    own = reverse("work_closing", args=[competition.slug])
    waiting = [
        todo.title
        for todo in find_todos(competition, scheme, now)
        if todo.kind == "second_person" and todo.url != own
    ]
    return [*found, *(f"{title}。" for title in waiting)]


def _find_open_decisions(competition, latest):
    """A sentence for each decision that nobody has settled; the one that waits for its second
    person on the latest tabulation is a to-do already."""
    standing = find_standing(latest)
    found = []
    if standing.due is not None:
        found.append(f"{say_due(standing.due)}，请重新确认，或改按规则计算的结果决定。")
    left = MeetingDecision.objects.filter(
        competition=competition, state=MeetingDecision.State.ENTERED
    ).order_by("number")
    return found + [
        f"第 {decision.number} 项会议决定录入以后又重新统分，没有办完，请退回。"
        for decision in left
        if decision != standing.waiting
    ]


def find_running_notice(competition, now):
    """This function will return the last day of a public notice that is not over, as text.

    Empty when there is none or it is over; a period that cannot be read counts as not over.
    """
    version = (
        PublicationVersion.objects.in_force()
        .filter(competition=competition, circle=Circle.PUBLIC)
        .order_by("-number")
        .first()
    )
    notice = (version.contents.get("notice") or {}) if version else {}
    until = notice.get("until", "")
    day = DAY.fullmatch(until)
    if not until or (day and date(*map(int, day.groups())) < timezone.localdate(now)):
        return ""
    return until


@transaction.atomic
def propose_closing(*, competition, kind, reason, by, now, op, objections_settled=False):
    """This function will ask for a competition to be put into the archive, or opened again.

    `kind` is a Closing.Kind; opening again needs a reason. Raises ValidationError with everything
    that stands in the way, while a public notice runs unless `objections_settled`, and while
    another request waits. A repeated `op` returns the first request.
    """
    competition, kind = _lock(competition), Closing.Kind(kind)
    earlier = find_recorded(op, kind=PROPOSED[kind], by=by, competition=competition)
    if earlier is not None:
        settled = Revision.objects.filter(replaces=op).values_list("op_id", flat=True)
        return Closing.objects.get(competition=competition, revision__in=[op, *settled])
    reason = " ".join(reason.split())
    if Closing.objects.waiting().filter(competition=competition).exists():
        raise ValidationError("已有一项归档办理等待确认，请先确认或退回。")
    _refuse(competition, kind, objections_settled, now)
    if kind is Closing.Kind.REOPEN and not reason:
        raise ValidationError("请写明为什么要重新打开。")
    body = {"reason": Private(reason), "objections_settled": objections_settled}
    revision = append(
        chain=competition.chain, kind=PROPOSED[kind], body=body, by=str(by.id), now=now, op_id=op
    )
    return Closing.objects.create(
        competition=competition,
        kind=kind,
        reason=reason,
        objections_settled=objections_settled,
        entered_by=by,
        entered_at=now,
        revision=revision.op_id,
    )


@transaction.atomic
def verify_closing(*, closing, by, now, op):
    """This function will close a competition, or open it again, confirmed by a second person.

    What stands in the way is asked again. Raises ValidationError for one's own request, and when
    somebody else has settled it.
    """
    competition, closing, repeated = _take(closing, DONE, by, op)
    if repeated:
        return closing
    if closing.entered_by_id == by.id:
        raise ValidationError(TWO_PERSONS)
    kind = Closing.Kind(closing.kind)
    _refuse(competition, kind, closing.objections_settled, now)
    closing.state = Checked.State.VERIFIED
    closing.verified_by, closing.verified_at = by, now
    basis.settle(closing, competition, DONE[kind], {}, by=by, now=now, op_id=op)
    closes = kind is Closing.Kind.CLOSE
    competition.stage = Competition.Stage.CLOSED if closes else Competition.Stage.RUNNING
    competition.save(update_fields=["stage"])
    return closing


@transaction.atomic
def return_closing(*, closing, reason, by, now, op):
    """This function will turn a request down, with a reason; who made it may take it back too."""
    competition, closing, repeated = _take(closing, RETURNED, by, op)
    if repeated:
        return closing
    reason = " ".join(reason.split())
    if not reason:
        raise ValidationError("请写明退回原因。")
    closing.state, closing.return_reason = Checked.State.RETURNED, reason
    kind, body = RETURNED[Closing.Kind(closing.kind)], {"reason": Private(reason)}
    basis.settle(closing, competition, kind, body, by=by, now=now, op_id=op)
    return closing


def _refuse(competition, kind, objections_settled, now):
    closed = competition.stage == Competition.Stage.CLOSED
    if kind is Closing.Kind.REOPEN:
        if not closed:
            raise ValidationError("该比武没有归档，不用重新打开。")
        return
    if closed:
        raise ValidationError("该比武已经归档。")
    obstacles = find_obstacles(competition, now)
    if obstacles:
        raise ValidationError(obstacles)
    until = find_running_notice(competition, now)
    if until and not objections_settled:
        raise ValidationError(
            f"社会公示到{until}为止，公示期还没有满；异议确已处理完毕的，请勾选说明后再归档。"
        )


def _lock(competition):
    """The competition, then its judges: sheets that are being handed in end first."""
    locked = basis.lock(competition)
    basis.refuse_rehearsal(locked)
    list(Judge.objects.select_for_update(no_key=True).filter(competition=locked).order_by("id"))
    return locked


def _take(closing, told, by, op):
    competition = _lock(closing.competition)
    closing = Closing.objects.with_names().get(id=closing.id)
    kind = told[Closing.Kind(closing.kind)]
    if find_recorded(op, kind=kind, by=by, competition=competition) is not None:
        return competition, closing, True
    if closing.state != Checked.State.ENTERED:
        raise ValidationError("这项申请已有人处理，请刷新页面查看结果。")
    return competition, closing, False
