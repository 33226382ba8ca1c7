"""One operation, sent twice, is done once; another content under the same id is never lost."""

import uuid

import pytest
from django.core.exceptions import ValidationError

from competitions import actions
from record.actions import OperationReused
from record.models import Revision
from scoring.actions.measurements import enter_measurements
from scoring.actions.paper_sheets import enter_paper_sheets, verify_paper_sheets
from scoring.models import Sheet
from tests.kept import keep
from tests.properties.small_year import SmallYear

pytestmark = pytest.mark.django_db


@pytest.fixture
def year(organiser, colleague, clerk):
    people = [user.person for user in (organiser, colleague, clerk)]
    return keep("two", lambda: SmallYear(units=2, judges=3, slug="small", staff=people), alone=True)


def type_paper(year, sheets, by, *, op=None, seen=None):
    return enter_paper_sheets(
        round_key="review1",
        judge=year.judges[0].judge,
        sheets=sheets,
        revisions=seen or {},
        **(year.once(by) | {"op": op or uuid.uuid4()}),
    )


def read_again(year, by, seen, **reading):
    return verify_paper_sheets(
        round_key="review1",
        judge=year.judges[0].judge,
        revisions=seen,
        **reading,
        **year.once(by),
    )


def stored():
    rows = Sheet.objects.select_related("entry")
    return {(row.entry.key, ""): row.revision.hex for row in rows}


def test_paper_of_which_a_part_is_new_may_be_sent_twice(year):
    first, second = (year.sheets("review1", [unit], "10") for unit in year.entries("unit"))
    type_paper(year, first, year.staff[0])
    op, revisions = uuid.uuid4(), stored()
    done = type_paper(year, first | second, year.staff[0], op=op, seen=revisions)
    assert type_paper(year, first | second, year.staff[0], op=op, seen=revisions) == done
    changed = year.sheets("review1", year.entries("unit")[:1], "11")
    with pytest.raises(OperationReused):
        type_paper(year, changed | second, year.staff[0], op=op, seen=revisions)


def test_third_person_does_not_drop_a_second_reading_by_typing_the_first(year):
    unit = year.entries("unit")[:1]
    type_paper(year, year.sheets("review1", unit, "10"), year.staff[0])
    read_again(year, year.staff[1], stored(), sheets=year.sheets("review1", unit, "11"))
    with pytest.raises(ValidationError, match="已有另一份评分表"):
        type_paper(year, year.sheets("review1", unit, "10"), year.staff[2], seen=stored())
    assert Sheet.objects.get().second_by == year.staff[1]


def test_confirming_a_sheet_that_nobody_asked_for_is_refused(year):
    type_paper(year, year.sheets("review1", year.entries("unit")), year.staff[0])
    before = Revision.objects.count()
    with pytest.raises(ValidationError, match="不在参评名单"):
        read_again(year, year.staff[1], stored(), confirmed=[("e99", "")])
    assert Revision.objects.count() == before


def test_figures_of_which_a_part_is_new_may_be_sent_twice(year):
    call = {"round_key": "routine", **year.once()}
    enter_measurements(values={("e01", "jobs"): {"value": "1"}}, revisions={}, **call)
    call = {"round_key": "routine", **year.once()}
    both = {("e01", "jobs"): {"value": "1"}, ("e02", "jobs"): {"value": "2"}}
    done = enter_measurements(values=both, revisions={}, **call)
    assert enter_measurements(values=both, revisions={}, **call) == done
    both["e01", "jobs"]["value"] = "3"
    with pytest.raises(OperationReused):
        enter_measurements(values=both, revisions={}, **call)


def test_operation_of_another_kind_does_not_pass_for_done(year):
    figures = {("e01", "jobs"): {"value": "1"}}
    done = enter_measurements(round_key="routine", values=figures, revisions={}, **year.once())
    judge = year.judges[0].judge
    with pytest.raises(OperationReused):
        actions.remove_judge(
            competition=year.competition, judge=judge, op_id=done.op_id, **year.by()
        )


def test_page_gone_back_to_and_changed_is_not_taken_for_the_first_save(client, year, organiser):
    client.force_login(organiser)
    address = f"/work/small/judges/{year.judges[0].judge.key}/"
    form = client.get(address).context["form"]
    page = {"op": form["op"].value(), "revision": form["revision"].value()}
    page |= {"number": 1, "group_key": "panel", "seniority": 7}
    assert client.post(address, page).status_code == 302
    assert client.post(address, page).status_code == 302
    again = client.post(address, page | {"seniority": 8})
    assert again.status_code == 200
    assert "已被别人先改过" in again.content.decode()
    year.judges[0].judge.refresh_from_db()
    assert year.judges[0].judge.seniority == 7
