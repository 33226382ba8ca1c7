"""What the road map and the to-do list say of flags and awards."""

import uuid

import pytest
from django.utils import timezone

from competitions.queries import current_scheme_version, scheme_of
from competitions.roadmap import find_steps
from rewards.actions import return_decision
from rewards.queries.steps import find_award_steps, find_award_todos
from scoring.models import Tabulation
from tests.rewards import case
from tests.rewards.pages import enter_decision, verified_decision


def step(competition):
    [(position, found)] = find_award_steps(competition, None)
    assert (position, found.key, found.title) == (85, "awards", "授旗与奖励")
    return found.state, found.note


def todos(competition):
    return [(item.kind, item.title) for item in find_award_todos(competition, None, timezone.now())]


def test_awards_wait_for_a_complete_tabulation(competition, organiser, colleague):
    case.build(competition, organiser, colleague)
    assert step(competition) == ("todo", "")
    assert todos(competition) == []


def test_awards_go_from_computed_to_decided(decided, organiser, colleague):
    assert step(decided) == ("current", "待会议决定")
    assert todos(decided) == [("decide", "第 1 次统分已完整，请录入会议对授旗与奖励的决定")]
    made = enter_decision(decided, organiser)
    assert step(decided) == ("current", "会议决定待核对")
    [todo] = find_award_todos(decided, None, timezone.now())
    assert (todo.kind, todo.who) == ("second_person", "组织员甲以外的组织部工作人员")
    assert "临常纪〔2022〕12 号" in todo.reminder
    return_decision(
        decision=made,
        reason="文号不符",
        by=colleague.person,
        now=timezone.now(),
        op=uuid.uuid4(),
    )
    assert todos(decided) == [("decide", "会议决定已退回：文号不符，请更正后重新录入")]
    verified_decision(decided, organiser, colleague)
    assert step(decided) == ("done", "会议已决定")
    assert todos(decided) == []


def test_a_tie_across_the_quota_is_to_be_decided(competition, organiser, colleague):
    case.build(competition, organiser, colleague, ("95", "80", "80"))
    competition.tabulation = case.tabulate(competition, organiser)
    ties = [title for kind, title in todos(competition) if "并列" in title]
    assert ties == [
        "「干事创业好党委」名额边界有 2 个并列，还有 1 个名额，请由会议研究确定。",
    ]
    change = case.give("e02", reason="会议投票决定", amount=None)
    verified_decision(competition, organiser, colleague, change)
    assert todos(competition) == []


def test_a_result_that_was_tampered_with_is_told(decided):
    Tabulation.objects.filter(id=decided.tabulation.id).update(
        result={"tracks": {}}, result_digest="1" * 64
    )
    [(kind, title)] = todos(decided)
    assert kind == "late" and "与存证不符" in title


def test_a_closed_competition_has_nothing_to_do(decided):
    decided.stage = "closed"
    assert todos(decided) == []


def test_the_road_map_has_the_step(decided):
    scheme = scheme_of(current_scheme_version(decided))
    assert "awards" in [found.key for found in find_steps(decided, scheme)]


@pytest.mark.parametrize("count", [1, 11])
def test_steps_and_todos_take_few_queries(
    competition, organiser, colleague, django_assert_max_num_queries, count
):
    case.build(competition, organiser, colleague, [str(90 - i) for i in range(count)])
    case.tabulate(competition, organiser)
    with django_assert_max_num_queries(2):
        find_award_steps(competition, None)
    find_award_todos(competition, None, timezone.now())
    # Two of them hold what is stored against the record.
    with django_assert_max_num_queries(5):
        find_award_todos(competition, None, timezone.now())
