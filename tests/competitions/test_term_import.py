"""A sheet of secretaries: it follows who is in office, after a look, and by two persons once there
is evidence."""

import datetime
import re
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from competitions import actions
from competitions.models import PartySecretary, TermChange
from record.actions import append

IMPORT = "/work/linhe/secretaries/import/"
AUGUST = "单位\t姓名\t任职日期\t免职日期\n狼山镇\t李书记\t2022-08-01\t\n"


@pytest.fixture
def client(client, organiser):
    client.force_login(organiser)
    return client


@pytest.fixture
def holder(ready, entries):
    """Who is in office in 狼山镇 since 2021."""
    return PartySecretary.objects.select_related("person").get(unit=entries[0].unit)


@pytest.fixture
def marked(ready, now):
    body = {"judge": "j01", "sheets": [{"round": "review1", "entry": "e01", "site": ""}]}
    append(chain=ready.chain, kind="sheets.submitted", body=body, by="1", now=now)
    return ready


def terms_of(unit):
    return list(
        PartySecretary.objects.filter(unit=unit)
        .in_order()
        .values_list("person__name", "since", "until")
    )


def preview(client, text):
    """The preview's text, and its confirmation as a browser would send it."""
    page = client.post(IMPORT, {"text": text}).content.decode()
    found = {name: re.search(rf'name="{name}" value="([^"]*)"', page) for name in ("op", "rows")}
    return page, {name: match[1] for name, match in found.items() if match}


def day(month, number, year=2022):
    return datetime.date(year, month, number)


def test_new_secretary_follows_the_one_in_office_after_a_look(client, holder, organiser):
    page, confirm = preview(client, AUGUST)
    assert "1</strong> 人接替在任的党委书记" in page
    assert f"接替{holder.person.name}：在任 → 任期到2022年7月31日为止" in page
    assert terms_of(holder.unit) == [(holder.person.name, day(1, 1, 2021), None)]
    for _ in range(2):
        assert client.post(IMPORT, confirm).status_code == 302
    assert terms_of(holder.unit) == [
        (holder.person.name, day(1, 1, 2021), day(7, 31)),
        ("李书记", day(8, 1), None),
    ]
    page, confirm = preview(client, AUGUST)
    assert "已登记，不变" in page and "rows" not in confirm


def test_sheet_given_out_comes_back_with_an_end_and_a_successor(client, holder):
    name = holder.person.name
    text = f"单位\t姓名\t任职日期\t免职日期\n狼山镇\t{name}\t2021-01-01\t2022-07-31\n"
    page, confirm = preview(client, text + "狼山镇\t李书记\t2022-08-01\t\n")
    assert "已登记在任 → 任期到2022年7月31日为止" in page
    client.post(IMPORT, confirm)
    assert terms_of(holder.unit) == [
        (name, day(1, 1, 2021), day(7, 31)),
        ("李书记", day(8, 1), None),
    ]


def test_end_alone_or_before_a_gap_is_taken_over(client, holder):
    name = holder.person.name
    text = f"单位\t姓名\t任职日期\t免职日期\n狼山镇\t{name}\t2021-01-01\t2022-06-30\n"
    _, confirm = preview(client, text + "狼山镇\t李书记\t2022-08-01\t\n")
    client.post(IMPORT, confirm)
    assert terms_of(holder.unit) == [
        (name, day(1, 1, 2021), day(6, 30)),
        ("李书记", day(8, 1), None),
    ]


@pytest.mark.parametrize(
    "rows",
    [
        "狼山镇\t李书记\t2020-08-01\t\n",  # He began before who is in office.
        "狼山镇\t李书记\t2022-08-01\t\n狼山镇\t王书记\t2022-09-01\t\n",  # Two follow him.
    ],
)
def test_what_no_eve_can_settle_is_refused(client, holder, rows):
    page, confirm = preview(client, f"单位\t姓名\t任职日期\t免职日期\n{rows}")
    assert "的任期重叠，请调整日期" in page and "rows" not in confirm


def test_after_evidence_the_sheet_only_proposes(
    client, marked, entries, holder, organiser, colleague, now
):
    _, confirm = preview(client, AUGUST)
    refused = client.post(IMPORT, confirm).content.decode()
    assert "请写明变更依据" in refused and 'name="reason"' in refused
    answer = client.post(IMPORT, {**confirm, "reason": "任免文件3号"}, follow=True)
    assert "1 项任期变更等候另一位工作人员确认" in answer.content.decode()
    assert terms_of(holder.unit) == [(holder.person.name, day(1, 1, 2021), None)]
    client.post(IMPORT, {**confirm, "reason": "任免文件3号"})
    change = TermChange.objects.get()
    with pytest.raises(ValidationError, match="必须是两个人"):
        actions.verify_term_change(change=change, by=organiser.person, now=now)
    actions.verify_term_change(change=change, by=colleague.person, now=now)
    assert terms_of(holder.unit) == [
        (holder.person.name, day(1, 1, 2021), day(7, 31)),
        ("李书记", day(8, 1), None),
    ]


def test_after_evidence_what_changes_no_day_of_the_year_is_recorded_at_once(
    marked, entries, organiser, now
):
    rows = [
        {"row": number, "cells": {}, "unit": entries[index].unit.name, "name": name, "post": None}
        | {"since": since, "until": until, "acting": None}
        for number, index, name, since, until in (
            (2, 0, "前书记", "2015-01-01", "2016-12-31"),
            (3, 1, "李书记", "2022-08-01", None),
            (4, 2, "王书记", "2022-09-01", None),
        )
    ]
    common = {"competition": marked, "by": organiser.person, "now": now, "op_id": uuid.uuid4()}
    assert actions.import_terms(rows=rows, reason="文件", **common) == (1, 2)
    assert actions.import_terms(rows=rows, reason="文件", **common) == (0, 0)
    assert terms_of(entries[0].unit)[0] == ("前书记", day(1, 1, 2015), day(12, 31, 2016))
    assert TermChange.objects.waiting().count() == 2


def test_number_of_queries_does_not_grow_with_those_who_are_followed(ready, organiser, now):
    units = list(PartySecretary.objects.order_by("id").values_list("unit__name", flat=True))

    def count(names):
        rows = [
            {"row": n, "cells": {}, "unit": name, "name": f"新书记{n}", "since": "2022-08-01"}
            | {"until": "", "acting": "", "post": ""}
            for n, name in enumerate(names, 2)
        ]
        with transaction.atomic(), CaptureQueriesContext(connection) as found:
            said = {"competition": ready, "rows": rows, "by": organiser.person, "now": now}
            assert actions.import_terms(**said) == (len(names), 0)
            transaction.set_rollback(True)
        return len(found)

    assert len(units) > 2
    assert count(units) == count(units[:1])
