"""Entering, verifying and returning measured values."""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from record.actions import OperationReused
from record.models import Revision
from scoring.actions.measurements import (
    CellErrors,
    StaleCells,
    enter_measurements,
    return_measurements,
    verify_measurements,
)
from scoring.models import Measurement
from scoring.queries.measurements import load_measured_round
from tests.scoring.evidence_case import add_units, publish

NAMES = [
    "狼山镇",
    "新华镇",
    "干召庙镇",
    "乌兰图克镇",
    "双河镇",
    "城关镇",
    "白脑包镇",
    "曙光乡",
    "八一乡",
    "狼山农场",
    "临河农场",
]


@pytest.fixture
def case(competition, organiser):
    publish(competition, organiser.person)
    add_units(competition, *NAMES[:2])
    return competition


def enter(competition, user, values, revisions=None, op=None):
    return enter_measurements(
        competition=competition,
        round_key="routine",
        values=values,
        revisions=current(competition) if revisions is None else revisions,
        op=op or uuid.uuid4(),
        by=user.person,
        now=timezone.now(),
    )


def current(competition):
    return {
        (row.entry.key, row.criterion_key): row.revision.hex
        for row in Measurement.objects.filter(competition=competition).select_related("entry")
    }


def verify(competition, user, revisions, op=None):
    return verify_measurements(
        competition=competition,
        round_key="routine",
        revisions=revisions,
        op=op or uuid.uuid4(),
        by=user.person,
        now=timezone.now(),
    )


def test_a_save_is_one_revision_and_rows(case, organiser):
    revision = enter(
        case,
        organiser,
        {("e01", "income"): {"baseline": "２１，０００", "value": "22 050.5元"}},
    )
    row = Measurement.objects.get()
    assert row.values == {"baseline": "21000", "value": "22050.5"}
    assert row.state == "entered" and row.entered_by == organiser.person
    assert row.revision == revision.op_id
    assert revision.facts == {
        "round": "routine",
        "rows": [
            {
                "entry": "e01",
                "criterion": "income",
                "values": {"baseline": "21000", "value": "22050.5"},
            }
        ],
    }


@pytest.mark.parametrize("written", ["", "/", "／", "—", "——", "－", "无"])
def test_a_missing_value_is_never_zero(case, organiser, written):
    enter(case, organiser, {("e01", "income"): {"baseline": "1", "value": "2"}})
    enter(case, organiser, {("e01", "income"): {"value": written}})
    assert Measurement.objects.get().values == {"baseline": "1"}


@pytest.mark.parametrize(
    ("criterion", "input_key", "written", "words"),
    [
        ("income", "value", "约两万", "不是数字"),
        ("income", "value", "12.5%", "单位应为「元」"),
        ("income", "value", "=1+1", "不是数字"),
        ("income", "value", "1e9", "科学计数法"),
        ("income", "value", "1" * 13, "过大"),
        ("visitors", "value", "-3", "不能是负数"),
        ("visitors", "value", "3万元", "单位应为「万人次」"),
        ("visitors", "nothing", "3", "没有这一格"),
        ("speech", "value", "3", "没有这一格"),
        ("points", "value", "3", "没有这一格"),
    ],
)
def test_a_cell_that_cannot_be_read_is_refused_by_name(
    case, organiser, criterion, input_key, written, words
):
    with pytest.raises(CellErrors) as caught:
        enter(case, organiser, {("e01", criterion): {input_key: written}})
    assert words in caught.value.cells["e01", criterion, input_key]
    assert (
        not Measurement.objects.exists()
        and not Revision.objects.exclude(kind="scheme.drafted").exists()
    )


def test_a_per_cent_sign_is_understood_where_the_unit_is_per_cent(case, organiser):
    enter(case, organiser, {("e01", "pass-rate"): {"value": "12.5％"}})
    assert Measurement.objects.get().values == {"value": "12.5"}


@pytest.mark.parametrize(
    ("criterion", "written", "value"),
    [
        ("income", "2.2万元", "22000"),
        ("visitors", "35,000人次", "3.5"),
        ("pass-rate", "０", "0"),
        ("pass-rate", "98.50", "98.5"),
    ],
)
def test_units_of_one_kind_are_converted(case, organiser, criterion, written, value):
    enter(case, organiser, {("e01", criterion): {"value": written}})
    assert Measurement.objects.get().values == {"value": value}


def test_nothing_changed_records_nothing(case, organiser):
    enter(case, organiser, {("e01", "income"): {"value": "2"}})
    assert enter(case, organiser, {("e01", "income"): {"value": "２"}}) is None
    assert Revision.objects.exclude(kind="scheme.drafted").count() == 1


def test_rules_not_published_takes_no_values(competition, organiser):
    add_units(competition, "狼山镇")
    with pytest.raises(ValidationError, match="规则还没有公布"):
        enter(competition, organiser, {("e01", "income"): {"value": "2"}})


def test_a_double_click_saves_once(case, organiser):
    op = uuid.uuid4()
    values = {("e01", "income"): {"value": "2"}}
    first = enter(case, organiser, values, revisions={}, op=op)
    second = enter(case, organiser, values, revisions={}, op=op)
    assert second.op_id == first.op_id and second.repeated
    assert Revision.objects.exclude(kind="scheme.drafted").count() == 1


def test_an_operation_used_for_other_values_is_refused(case, organiser):
    op = uuid.uuid4()
    enter(case, organiser, {("e01", "income"): {"value": "2"}}, revisions={}, op=op)
    with pytest.raises(OperationReused):
        enter(case, organiser, {("e01", "income"): {"value": "3"}}, revisions={}, op=op)


def test_a_stale_cell_refuses_the_save_and_shows_both_versions(case, organiser, colleague):
    enter(case, organiser, {("e01", "income"): {"baseline": "10", "value": "20"}})
    seen = current(case)
    enter(case, colleague, {("e01", "income"): {"value": "21"}})
    with pytest.raises(StaleCells) as caught:
        enter(
            case,
            organiser,
            {("e01", "income"): {"value": "22"}, ("e02", "income"): {"value": "5"}},
            revisions=seen,
        )
    (cell,) = caught.value.cells
    assert (cell.was, cell.theirs, cell.mine) == ("20", "21", "22")
    assert cell.by == colleague.person and cell.entry.name == "狼山镇"
    assert Measurement.objects.get().values == {"baseline": "10", "value": "21"}


def test_two_people_in_different_cells_of_a_row_are_merged(case, organiser, colleague):
    enter(case, organiser, {("e01", "income"): {"baseline": "10", "value": "20"}})
    seen = current(case)
    enter(case, colleague, {("e01", "income"): {"value": "21"}})
    enter(case, organiser, {("e01", "income"): {"baseline": "11"}}, revisions=seen)
    assert Measurement.objects.get().values == {"baseline": "11", "value": "21"}


def test_two_people_who_fill_the_same_empty_cell_are_told(case, organiser, colleague):
    enter(case, colleague, {("e01", "income"): {"value": "21"}})
    with pytest.raises(StaleCells):
        enter(case, organiser, {("e01", "income"): {"value": "22"}}, revisions={})


def counted(case):
    return {row.entry.key: row.counted_values for row in case.measurements.counted()}


def test_verified_by_a_second_person_counts_until_its_change_is_verified(
    case, organiser, colleague, clerk
):
    enter(case, organiser, {("e01", "income"): {"value": "20"}, ("e02", "income"): {"value": "1"}})
    assert counted(case) == {}
    verify(case, colleague, current(case))
    before = {"e01": {"value": "20"}, "e02": {"value": "1"}}
    assert counted(case) == before
    for value in ("21", "22", "/"):
        enter(case, colleague, {("e01", "income"): {"value": value}})
        changed = Measurement.objects.get(entry__key="e01")
        assert changed.state == "entered" and changed.verified_by is None
        assert counted(case) == before
    enter(case, colleague, {("e01", "income"): {"value": "23"}})
    verify(case, clerk, {("e01", "income"): current(case)["e01", "income"]})
    assert counted(case) == before | {"e01": {"value": "23"}}


def test_verified_value_that_is_taken_out_counts_until_that_is_verified(case, organiser, colleague):
    enter(case, organiser, {("e01", "income"): {"value": "20"}})
    verify(case, colleague, current(case))
    enter(case, organiser, {("e01", "income"): {"value": "/"}})
    (line,) = load_measured_round(case, "routine").waiting
    assert line.compared[1][1:] == ("", "20") and counted(case) == {"e01": {"value": "20"}}
    verify(case, colleague, current(case))
    assert counted(case) == {"e01": {}}
    assert load_measured_round(case, "routine").waiting == []


def test_returned_change_leaves_what_was_verified(case, organiser, colleague):
    enter(case, organiser, {("e01", "income"): {"value": "20"}})
    verify(case, colleague, current(case))
    enter(case, organiser, {("e01", "income"): {"value": "200"}})
    return_measurements(
        competition=case,
        round_key="routine",
        revisions=current(case),
        reason="多了一个零",
        op=uuid.uuid4(),
        by=colleague.person,
        now=timezone.now(),
    )
    assert Measurement.objects.get().state == "returned"
    assert counted(case) == {"e01": {"value": "20"}}


def test_nobody_verifies_her_own_values(case, organiser):
    enter(case, organiser, {("e01", "income"): {"value": "20"}})
    with pytest.raises(ValidationError, match="必须是两个人"):
        verify(case, organiser, current(case))


def test_a_row_changed_since_it_was_looked_at_is_not_verified(case, organiser, colleague):
    enter(case, organiser, {("e01", "income"): {"value": "20"}})
    seen = current(case)
    enter(case, organiser, {("e01", "income"): {"value": "21"}})
    with pytest.raises(ValidationError, match="又有改动"):
        verify(case, colleague, seen)


def test_returned_rows_say_why_and_do_not_count(case, organiser, colleague):
    enter(case, organiser, {("e01", "income"): {"value": "20"}})
    with pytest.raises(ValidationError, match="退回原因"):
        return_measurements(
            competition=case,
            round_key="routine",
            revisions=current(case),
            reason=" ",
            op=uuid.uuid4(),
            by=colleague.person,
            now=timezone.now(),
        )
    return_measurements(
        competition=case,
        round_key="routine",
        revisions=current(case),
        reason="与统计局口径不一致",
        op=uuid.uuid4(),
        by=colleague.person,
        now=timezone.now(),
    )
    row = Measurement.objects.get()
    assert (row.state, row.return_reason) == ("returned", "与统计局口径不一致")
    assert not Measurement.objects.counted().exists()


def test_a_whole_round_is_saved_in_a_constant_number_of_queries(case, organiser):
    add_units(case, *NAMES[2:])

    def count(entries, value):
        values = {
            (f"e{number:02d}", criterion): {"value": value}
            for number in range(1, entries + 1)
            for criterion in ("income", "visitors", "pass-rate")
        }
        revisions = current(case)
        with CaptureQueriesContext(connection) as queries:
            enter(case, organiser, values, revisions=revisions)
        return len(queries)

    count(11, "1")
    assert count(1, "2") == count(11, "3") <= 20


def test_a_cell_left_as_the_page_showed_it_does_not_undo_somebody_elses_change(
    case, organiser, colleague
):
    enter(case, organiser, {("e01", "income"): {"baseline": "10", "value": "20"}})
    seen = current(case)
    enter(case, colleague, {("e01", "income"): {"value": "21"}})
    enter(case, organiser, {("e01", "income"): {"baseline": "11", "value": "20"}}, revisions=seen)
    assert Measurement.objects.get().values == {"baseline": "11", "value": "21"}


def test_nobody_verifies_a_row_with_a_value_of_her_own_that_another_left_as_it_was(
    case, organiser, colleague, clerk
):
    enter(case, organiser, {("e01", "income"): {"baseline": "1", "value": "2"}})
    enter(case, colleague, {("e01", "income"): {"value": "3"}})
    for user in (organiser, colleague):
        with pytest.raises(ValidationError, match="必须是两个人"):
            verify(case, user, current(case))
    verify(case, clerk, current(case))
    # What was verified is nobody's own any more; who deletes a value has a hand in it.
    enter(case, colleague, {("e01", "income"): {"baseline": ""}})
    verify(case, organiser, current(case))
    # The value of the last hand alone counts as hers.
    enter(case, organiser, {("e01", "income"): {"baseline": "4"}})
    enter(case, colleague, {("e01", "income"): {"baseline": "5"}})
    verify(case, organiser, current(case))
    assert Measurement.objects.counted().get().values == {"baseline": "5", "value": "3"}


def test_pages_are_held_before_the_rows_are_locked(case, organiser, colleague):
    enter(case, organiser, {("e01", "income"): {"value": "3"}})
    seen = current(case)
    with CaptureQueriesContext(connection) as queries:
        verify(case, colleague, seen)
    asked = [query["sql"] for query in queries]
    held, locked = (
        next(place for place, sql in enumerate(asked) if f'FROM "{table}"' in sql)
        for table in ("arena_event", "scoring_measurement")
    )
    assert held < locked
