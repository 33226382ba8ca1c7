"""The live event on the year's road map, and late marks that wait for a decision."""

from django.urls import reverse

from arena.models import Event, Turn
from competitions.todo import Step, Todo
from scoring.models import Checked, LateDecision, LateSheet, Sheet
from scoring.queries.panels import marked_rounds

# After the marked rounds (50 … 69), before the ledger.
POSITION = 69


def find_steps(competition, scheme, known=None):
    """This function will return (position, Step) for each arena round that has a live event, or may
    still have one. A round that was marked without one has no such step."""
    if scheme is None or competition.stage == competition.Stage.DRAFT:
        return []
    rounds = [item for _track, item, _companion in marked_rounds(scheme) if item.kind == "arena"]
    if not rounds:
        return []
    events = {
        event.round_key: event
        for event in Event.objects.filter(competition=competition, called_off=False)
    }
    sheets = Sheet.objects.filter(competition=competition)
    marked = set(sheets.order_by().values_list("round_key", flat=True).distinct())
    steps = []
    for number, item in enumerate(rounds):
        event = events.get(item.key)
        if event is None and item.key in marked:
            continue
        title = "擂台现场" if len(rounds) == 1 else f"{item.title}现场"
        url = reverse("work_arena", args=[competition.slug, item.key])
        state, note = _state(event)
        position = POSITION + number / (len(rounds) + 1)
        steps.append((position, Step(f"live-{item.key}", title, url, state, note)))
    return steps


def _state(event):
    if event is None:
        return "todo", "还没有抽签"
    states = list(event.turns.values_list("state", flat=True))
    if not states:
        return "current", "抽签办法已公布"
    done = sum(state in (Turn.State.REVEALED, Turn.State.ABSENT) for state in states)
    if done == len(states):
        return "done", f"{done} 个单位已亮分"
    begun = any(state != Turn.State.WAITING for state in states)
    return ("current", f"已亮分 {done}/{len(states)}") if begun else ("current", "已抽签，待开始")


def find_todos(competition, scheme, now, known=None):
    """This function will return the late marks that wait for two persons' decision."""
    if competition.stage != competition.Stage.RUNNING:
        return []
    todos = []
    waiting = LateSheet.objects.filter(
        competition=competition, outcome=LateSheet.Outcome.WAITING
    ).select_related("judge")
    proposed = set(
        LateDecision.objects.filter(
            late__competition=competition, state=Checked.State.ENTERED
        ).values_list("late_id", flat=True)
    )
    for late in waiting.order_by("id"):
        second = late.id in proposed
        what = "的处理意见等待另一人核对" if second else "等待裁定是否计入"
        todos.append(
            Todo(
                kind="second_person" if second else "decide",
                title=f"{late.judge.number} 号评委迟到的打分{what}",
                who="提出人以外的工作人员" if second else "组织部工作人员",
                url=reverse("work_late", args=[competition.slug, late.round_key, late.id]),
            )
        )
    return todos
