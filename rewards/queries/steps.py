"""Flags and awards on the road map, and what still has to be decided about them."""

from django.urls import reverse

from competitions.roadmap import Known
from competitions.todo import Step, Todo
from rewards.queries import TabulationMismatch, find_outcome, find_standing, say_due
from scoring.queries.tabulations import find_latest_tabulation

WHO = "组织部"


def find_award_steps(competition, scheme, known=None):
    """This function will say how far the awards have come. Two queries."""
    known = known or Known()
    state, note = _state(known.once(find_latest_tabulation, competition), known)
    url = reverse("work_awards", args=[competition.slug])
    return [(85, Step("awards", "授旗与奖励", url, state, note))]


def _state(latest, known):
    if latest is None or not latest.complete:
        return "todo", ""
    standing = known.once(find_standing, latest)
    if standing.waiting is not None:
        return "current", "会议决定待核对"
    if standing.due is not None:
        return "current", "原会议决定待确认"
    if standing.decision is not None:
        return "done", "会议已决定"
    return "current", "待会议决定"


def find_award_todos(competition, scheme, now, known=None):
    """This function will ask for what the awards wait for: a ruling, a decision, a second person.

    A few queries; the outcome itself is computed once per tabulation and process.
    """
    if competition.stage != competition.Stage.RUNNING:
        return []
    latest = (known or Known()).once(find_latest_tabulation, competition)
    if latest is None or not latest.complete:
        return []
    url = reverse("work_awards", args=[competition.slug])
    try:
        outcome = find_outcome(latest)
    except TabulationMismatch as error:
        return [Todo(kind="late", title=str(error), who=WHO, url=url)]
    todos = [
        Todo(kind="decide", title=item.choice, who="会议", url=url)
        for item in outcome.final.undecided
    ]
    if outcome.waiting is not None:
        return [*todos, _second_person(competition, outcome.waiting)]
    entry = reverse("work_decision", args=[competition.slug])
    if outcome.returned is not None:
        title = f"会议决定已退回：{outcome.returned.return_reason}，请更正后重新录入"
        todos.append(Todo(kind="decide", title=title, who=WHO, url=entry))
    if outcome.due is not None:
        title = f"{say_due(outcome.due)}，请重新确认，或改按规则计算的结果决定"
        todos.append(Todo(kind="decide", title=title, who=WHO, url=url))
    elif outcome.decision is None and outcome.returned is None:
        title = f"第 {latest.number} 次统分已完整，请录入会议对授旗与奖励的决定"
        todos.append(Todo(kind="decide", title=title, who=WHO, url=entry))
    return todos


def _second_person(competition, decision):
    url = reverse("work_decision_verify", args=[competition.slug, decision.number])
    return Todo(
        kind="second_person",
        title=f"会议决定（{decision.document_number}）等待第二人核对",
        who=f"{decision.entered_by.name}以外的组织部工作人员",
        url=url,
        reminder=(
            f"【擂台办提醒】{competition.title}的会议决定（{decision.document_number}）已由"
            f"{decision.entered_by.name}录入，请另一位工作人员对照纪要原件核对后确认。"
        ),
    )
