"""A verified decision and a later tabulation that says something else: neither dropped nor kept."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from publication.models import Circle
from rewards.models import MeetingDecision
from rewards.queries import find_outcome
from rewards.queries.differences import find_differences
from rewards.queries.steps import find_award_steps, find_award_todos
from scoring.models import Measurement
from tests import factories
from tests.publication.releasing import release
from tests.rewards import case
from tests.rewards.pages import SWAP, address, filled, signed_in, verified_decision

DUE = "上一次统分的会议决定（第 1 次统分，临常纪〔2022〕12 号）还没有按新的统分确认"


def correct(competition, organiser, entry="e01", value="96"):
    """This function will correct one value and tabulate again."""
    rows = Measurement.objects.filter(competition=competition, entry__key=entry)
    rows.update(values={"value": value})
    competition.tabulation = case.tabulate(competition, organiser)
    return competition.tabulation


def page(client, name, competition):
    return client.get(address(name, competition)).content.decode()


@pytest.fixture
def due(decided, organiser, colleague):
    """A decision that takes an award from e02 and gives it to e03, then a new tabulation."""
    verified_decision(decided, organiser, colleague, *SWAP)
    correct(decided, organiser)
    return decided


def test_a_due_decision_is_told_and_keeps_the_result_from_being_published(client, due, organiser):
    outcome = find_outcome(due.tabulation)
    assert (outcome.decision, outcome.due.number, outcome.final) == (None, 1, outcome.computed)
    [(_, step)] = find_award_steps(due, None)
    assert (step.state, step.note) == ("current", "原会议决定待确认")
    [todo] = find_award_todos(due, None, timezone.now())
    assert todo.title == f"{DUE}，请重新确认，或改按规则计算的结果决定"
    signed_in(client, organiser)
    shown = page(client, "work_awards", due)
    assert DUE in shown and "awards/decision/?from=rules" in shown
    assert "资金发放表" not in shown
    assert DUE in page(client, "work_awards_print", due)
    assert client.get(address("work_payments", due)).status_code == 302
    shown = page(client, "work_publish", due)
    assert DUE in shown and "按规则计算的结果公布" not in shown
    for circle in Circle:
        with pytest.raises(ValidationError, match="还没有按新的统分确认，请先在授旗与奖励页"):
            release(due.tabulation, organiser, circle)


def test_a_due_decision_says_when_not_even_a_score_has_changed(
    client, decided, organiser, colleague
):
    verified_decision(decided, organiser, colleague, *SWAP)
    factories.JudgeFactory(competition=decided, key="j09", number=9)
    decided.tabulation = case.tabulate(decided, organiser)
    signed_in(client, organiser)
    form = page(client, "work_decision", decided)
    assert "总分也没有变" in form and "变的只是分数" not in form


def test_a_due_decision_is_confirmed_again_by_two(client, due, organiser, colleague):
    signed_in(client, organiser)
    form = page(client, "work_decision", due)
    assert DUE in form and "每一项调整在新的统分里都还可行" in form
    assert "变的只是分数" in form
    assert form.count(" checked") == 2 and 'value="2022-09-01"' in form
    made = verified_decision(due, organiser, colleague, *SWAP)
    outcome = find_outcome(due.tabulation)
    assert (outcome.decision, outcome.due) == (made, None)
    assert find_award_todos(due, None, timezone.now()) == []
    assert DUE not in page(client, "work_awards", due)
    assert release(due.tabulation, organiser, Circle.COUNTY).decision == made


def test_a_due_decision_is_set_aside_by_one_per_the_rules(client, due, organiser, colleague):
    signed_in(client, organiser)
    blank = client.get(address("work_decision", due) + "?from=rules").content.decode()
    assert DUE in blank and not re.search(r"\schecked", blank) and 'value="2022-' not in blank
    client.post(address("work_decision", due) + "?from=rules", filled(due, step="save"))
    waiting = MeetingDecision.objects.get(number=2)
    assert (waiting.changes, waiting.state) == ([], "entered")
    assert "新录入的决定核对后即可" in page(client, "work_awards", due)
    with pytest.raises(ValidationError, match="第二人核对"):
        release(due.tabulation, organiser, Circle.COUNTY)


def test_a_due_decision_that_no_longer_fits_says_where(client, due, organiser):
    correct(due, organiser, "e03", "91")
    form = page(signed_in(client, organiser), "work_decision", due)
    assert "原决定有 2 处已与新的统分不合" in form
    assert "「干事创业好党委」新华镇：该对象不在此奖项名单中，不能取消。" in form
    assert "「干事创业好党委」干召庙镇：该对象已在此奖项名单中，不能重复给予。" in form
    assert "乡镇榜 · 干召庙镇：名次" in form and "第 2 名" in form


def test_an_older_decision_never_comes_back_over_a_later_one(due, organiser, colleague):
    later = verified_decision(due, organiser, colleague)
    correct(due, organiser, value="95")
    outcome = find_outcome(due.tabulation)
    assert (outcome.decision, outcome.due) == (None, later)


def test_differences_name_places_and_awards(due, organiser):
    before = find_outcome(due.tabulation)
    after = find_outcome(correct(due, organiser, "e03", "91")).computed
    entries = {entry.key: entry for entry in due.entries.all()}
    rows = find_differences(before.computed, after, before.scheme, entries)
    assert {"label": "乡镇榜 · 新华镇：名次", "left": "第 2 名", "right": "第 3 名"} in rows
    award = "乡镇榜 · 干召庙镇：干事创业好党委"
    assert {"label": award, "left": None, "right": "授予 300,000 元"} in rows
    assert find_differences(after, after, before.scheme, entries) == []
