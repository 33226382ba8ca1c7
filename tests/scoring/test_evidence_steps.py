"""Values, ledger and rulings on the road map and in the to-do list."""

import datetime
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from competitions.models import RoundPlan
from competitions.scheme.read import read_toml
from scoring.models import LedgerEvent, Measurement, Ruling
from scoring.queries.evidence_steps import (
    find_measurement_steps,
    find_measurement_todos,
    find_record_steps,
    find_record_todos,
)
from scoring.queries.left_out import find_left_out
from scoring.queries.measurements import load_measured_round
from tests.scoring.evidence_case import RULES, SCHEME, add_secretary, add_units, publish

NOW = timezone.now()
DAY = datetime.timedelta(days=1)
WHOLE = {
    "income": {"baseline": "1", "value": "2"},
    "visitors": {"value": "1", "target": "1"},
    "pass-rate": {"value": "1"},
}


@pytest.fixture
def case(competition, organiser):
    publish(competition, organiser.person)
    add_units(competition, "狼山镇", "新华镇")
    return competition


def measure(competition, user, entry, criterion, state="entered", second=None, **values):
    return Measurement.objects.create(
        competition=competition,
        entry=competition.entries.get(key=entry),
        round_key="routine",
        criterion_key=criterion,
        values=values,
        state=state,
        entered_by=user.person,
        entered_at=NOW,
        verified_by=second.person if second else None,
        revision=uuid.uuid4(),
    )


def step(competition):
    found = {step.key: step for _place, step in find_measurement_steps(competition, SCHEME)}
    return found["routine"]


def todos(competition, now=NOW):
    return [
        todo
        for todo in find_measurement_todos(competition, SCHEME, now)
        if todo.title.startswith("日常考核")
    ]


def test_the_rounds_stand_at_their_place_in_the_rules(case):
    add_secretary(case.entries.get(key="e01"), "书记")
    places = [(place, item.key) for place, item in find_measurement_steps(case, SCHEME)]
    assert places == [(51, "routine"), (52, "opinion")]
    assert [place for place, _item in find_record_steps(case, SCHEME)] == [70, 75]
    assert find_measurement_steps(case, None) == [] == find_record_steps(case, None)


def test_a_step_goes_from_locked_to_done(case, organiser, colleague):
    case.stage = "draft"
    assert (step(case).state, step(case).note) == ("locked", "规则公布后开始")
    case.stage = "running"
    assert (step(case).state, step(case).note) == ("todo", "应填 10 格")
    first = measure(case, organiser, "e01", "income", value="1")
    assert (step(case).state, step(case).note) == ("current", "还缺 9 格，共 10 格")
    plan = RoundPlan.objects.create(competition=case, round_key="routine", due_at=NOW - DAY)
    assert (step(case).state, step(case).note) == ("late", "还缺 9 格")
    first.delete()
    for entry in ("e01", "e02"):
        for criterion, values in WHOLE.items():
            measure(case, organiser, entry, criterion, **values)
    assert (step(case).state, step(case).note) == ("current", "6 行待核对")
    Measurement.objects.update(state="verified", verified_by=colleague.person)
    assert (step(case).state, step(case).note) == ("done", "10 格已核对")
    plan.delete()


def test_the_reminder_names_unit_indicator_input_and_deadline(case, organiser):
    due = datetime.datetime(2022, 8, 20, 10, 0, tzinfo=datetime.UTC)
    RoundPlan.objects.create(competition=case, round_key="routine", due_at=due)
    measure(case, organiser, "e01", "income", baseline="1", value="2")
    measure(case, organiser, "e01", "visitors", target="2")
    for criterion, values in WHOLE.items():
        measure(case, organiser, "e02", criterion, **values)
    late, waiting = todos(case)
    assert (late.kind, late.title, late.who) == ("late", "日常考核：还缺 2 格数据", "狼山镇")
    assert late.reminder == (
        "【临河区2022年擂台比武】日常考核数据报送提醒\n"
        "请狼山镇于8月20日18:00前报送“接待游客人次”本期值、“厕所合格率”本期值。"
    )
    assert (waiting.kind, waiting.title) == (
        "second_person",
        "日常考核：5 行数值等待另一人核对",
    )
    assert waiting.url.endswith("/measurements/routine/verify/")


def test_reminders_are_grouped_by_unit_and_votes_are_asked_for_as_votes(case):
    add_secretary(case.entries.get(key="e01"), "张一")
    found = find_measurement_todos(case, SCHEME, NOW)
    assert [todo.reminder.count("\n请") for todo in found] == [2, 1]
    assert "请张一（狼山镇）尽快报送“测评票”票数。" in found[1].reminder


def test_nothing_is_asked_for_before_the_round_begins(case, organiser):
    plan = RoundPlan.objects.create(
        competition=case, round_key="routine", starts_on=timezone.localdate(NOW) + DAY
    )
    assert todos(case) == []
    plan.starts_on = timezone.localdate(NOW)
    plan.save()
    assert [todo.kind for todo in todos(case)] == ["missing"]


@pytest.mark.parametrize(
    ("kind", "subject", "left_out"),
    [
        ("exclude_entry", {"entry": "e01", "track": ""}, True),
        ("exclude_entry", {"entry": "e01", "track": "person"}, False),
        ("part_year", {"entry": "e01", "track": "township", "value": "exclude"}, True),
        ("part_year", {"entry": "e01", "track": "township", "value": "prorate"}, False),
    ],
)
def test_nothing_is_asked_of_whoever_takes_no_part(
    case, organiser, colleague, kind, subject, left_out
):
    ruling = Ruling.objects.create(
        competition=case,
        key="r01",
        kind=kind,
        subject=subject,
        reason="理由",
        decided_by="会议",
        decided_on=datetime.date(2022, 8, 20),
        entered_by=organiser.person,
        entered_at=NOW,
        revision=uuid.uuid4(),
    )
    assert step(case).note == "应填 10 格"
    ruling.state, ruling.verified_by = "verified", colleague.person
    ruling.save()
    assert step(case).note == ("应填 5 格" if left_out else "应填 10 格")
    measured = load_measured_round(case, "routine")
    assert len(measured.entries) == (1 if left_out else 2)


def test_the_rules_may_leave_out_part_years_themselves(case):
    scheme = read_toml(RULES.replace('part_year = "ruling"', 'part_year = "exclude"'))
    add_secretary(case.entries.get(key="e01"), "甲", since=datetime.date(2022, 3, 1))
    add_secretary(case.entries.get(key="e02"), "乙", since=datetime.date(2022, 9, 1))
    entries = list(case.entries.select_related("term"))
    assert find_left_out(case, scheme, entries) == {("person", "s02")}
    assert find_left_out(case, SCHEME, entries) == set()


def test_returned_rows_go_back_to_whoever_entered_them(case, organiser):
    measure(case, organiser, "e01", "income", state="returned", baseline="1", value="2")
    assert "日常考核：1 行数值被退回，等待更正" in [todo.title for todo in todos(case)]


def test_a_draft_or_closed_competition_asks_for_nothing(case):
    for stage in ("draft", "closed"):
        case.stage = stage
        assert find_measurement_todos(case, SCHEME, NOW) == []
        assert find_record_todos(case, SCHEME, NOW) == []


def test_ledger_and_rulings_say_what_waits(case, organiser, colleague):
    def states():
        return [(item.state, item.note) for _place, item in find_record_steps(case, SCHEME)]

    assert states() == [("todo", "还没有记录"), ("todo", "还没有记录")]
    common = {
        "competition": case,
        "entered_by": organiser.person,
        "entered_at": NOW,
        "reason": "事由",
    }
    for number, state in enumerate(("entered", "returned", "entered"), 1):
        LedgerEvent.objects.create(
            **common,
            key=f"l00{number}",
            entry=case.entries.first(),
            round_key="routine",
            criterion_key="points",
            item_key="honour",
            happened_on=datetime.date(2022, 5, 4),
            points="0.5",
            state=state,
            revision=uuid.uuid4(),
        )
    Ruling.objects.create(
        **common,
        key="r01",
        kind="exclude_entry",
        subject={"entry": "e01"},
        decided_by="会议",
        decided_on=datetime.date(2022, 8, 20),
        state="verified",
        verified_by=colleague.person,
        revision=uuid.uuid4(),
    )
    assert states() == [("current", "3 条待办，共 3 条"), ("done", "1 项已核对")]
    found = [(todo.kind, todo.title) for todo in find_record_todos(case, SCHEME, NOW)]
    assert found == [
        ("second_person", "加减分台账：2 条记录等待另一人核对"),
        ("missing", "加减分台账：1 条记录被退回，等待更正"),
    ]


def test_providers_take_few_queries_whatever_the_number_of_entrants(case, organiser):
    add_units(case, *(f"第{number}乡" for number in range(9)))
    for entry in case.entries.all():
        measure(case, organiser, entry.key, "income", value="1")
    for find, most in (
        (lambda: find_measurement_steps(case, SCHEME), 4),
        (lambda: find_measurement_todos(case, SCHEME, NOW), 4),
        (lambda: find_record_steps(case, SCHEME), 2),
        (lambda: find_record_todos(case, SCHEME, NOW), 2),
    ):
        with CaptureQueriesContext(connection) as queries:
            find()
        assert len(queries) <= most
