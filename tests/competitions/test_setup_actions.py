"""Setting a competition up by its actions: what they write, refuse and record."""

import datetime
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from competitions import actions
from competitions.entrants import Entrant
from competitions.models import Competition, Entry, Site, Unit
from competitions.queries import current_scheme_version, scheme_of
from record import queries as record
from record.actions import StaleRevision
from tests import factories
from tests.linhe import enter_evidence, facts


def test_create_competition_from_the_shipped_scheme(linhe, entries):
    assert [(e.key, e.name, e.official_order) for e in entries] == [
        ("e01", "狼山镇", 1),
        ("e02", "新华镇", 2),
        ("e03", "狼山农场", 3),
    ]
    assert linhe.scheme_versions.get().number == 1
    kinds = [row.kind for row in record.revisions(linhe.chain)]
    assert kinds == ["competition.created", "scheme.drafted", "entries.changed"]
    assert record.verify_chain(linhe.chain).ok


def test_create_competition_twice_by_one_operation_makes_one(organiser, scheme, now):
    op_id = uuid.uuid4()
    made = [
        actions.create_competition(
            host_code="150802",
            host_name="临河区",
            year=2023,
            scheme=scheme,
            by=organiser.person,
            now=now,
            op_id=op_id,
        )
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert made[0].slug == "150802-2023"
    assert Competition.objects.count() == 1


def test_create_competition_with_a_title_of_the_year_is_refused(linhe, organiser, scheme, now):
    with pytest.raises(ValidationError, match="已有同名比武"):
        actions.create_competition(
            host_code="150802",
            host_name="临河区",
            year=2022,
            title=linhe.title,
            scheme=scheme,
            by=organiser.person,
            now=now,
        )


def test_add_entries_uses_the_county_s_units_again(linhe, organiser, scheme, now):
    again = actions.create_competition(
        host_code="150802",
        host_name="临河区",
        year=2023,
        scheme=scheme,
        entrants=[Entrant("狼山镇", aliases=("狼山乡",)), Entrant("八一乡", "township")],
        by=organiser.person,
        now=now,
    )
    assert Unit.objects.count() == 4
    assert Unit.objects.get(name="狼山镇").aliases == ["狼山", "狼山乡"]
    assert [entry.name for entry in again.entries.in_official_order()] == ["狼山镇", "八一乡"]


def test_add_entries_that_are_on_the_list_changes_nothing(linhe, organiser, now):
    with pytest.raises(ValidationError) as refusal:
        actions.add_entries(
            competition=linhe,
            entrants=[Entrant("八一乡"), Entrant("狼山镇"), Entrant("八一乡")],
            by=organiser.person,
            now=now,
        )
    assert refusal.value.messages == [
        "「狼山镇」已在参评名单中，请从新增名单里去掉。",
        "「八一乡」在新增名单里出现了两次，请只保留一个。",
    ]
    assert not Unit.objects.filter(name="八一乡").exists()


def test_add_entries_after_evidence_is_refused(linhe, organiser, now):
    enter_evidence(linhe, now)
    with pytest.raises(ValidationError, match="不能再增加参评单位"):
        actions.add_entries(
            competition=linhe, entrants=[Entrant("八一乡")], by=organiser.person, now=now
        )


def test_add_entries_takes_the_same_queries_for_1_and_11(linhe, organiser, now):
    counts = []
    scheme_of(current_scheme_version(linhe))  # Read once in a process, whoever asks first.
    for number in (1, 11):
        entrants = [Entrant(f"第{number}-{i}乡") for i in range(number)]
        with CaptureQueriesContext(connection) as queries:
            actions.add_entries(competition=linhe, entrants=entrants, by=organiser.person, now=now)
        counts.append(len(queries))
    # PostgreSQL takes one more than SQLite: the lock by which appends to the record queue.
    assert counts[0] == counts[1] <= 27


def test_update_entry_from_an_old_page_is_refused_with_the_newer_list(
    linhe, entries, organiser, colleague, now
):
    seen = record.head(linhe.chain).op_id
    change = {
        "competition": linhe,
        "entry": entries[0],
        "kind": "town",
        "peer_group": "",
        "factor": "1.1",
        "now": now,
        "revision": seen,
    }
    actions.update_entry(**change, name="狼山镇", aliases=[], by=organiser.person)
    with pytest.raises(StaleRevision) as refusal:
        actions.update_entry(**change, name="狼山", aliases=[], by=colleague.person)
    assert refusal.value.newer.facts["entries"][0]["factor"] == "1.1"
    assert Unit.objects.filter(name="狼山镇").exists()


@pytest.mark.parametrize("factor", ["0", "-1", "一", "11", "1.00001", "NaN", "1e400"])
def test_update_entry_with_a_wrong_factor_is_refused(linhe, entries, organiser, now, factor):
    with pytest.raises(ValidationError, match="难度系数"):
        actions.update_entry(
            competition=linhe,
            entry=entries[0],
            name="狼山镇",
            kind="town",
            aliases=[],
            peer_group="",
            factor=factor,
            by=organiser.person,
            now=now,
        )


def test_move_entry_changes_one_order_only(linhe, entries, organiser, now):
    actions.move_entry(competition=linhe, entry=entries[2], to=1, by=organiser.person, now=now)
    rows = linhe.entries.in_official_order()
    assert [(row.key, row.hand_order) for row in rows] == [("e03", 3), ("e01", 1), ("e02", 2)]


def test_withdraw_entry_takes_its_secretary_along_and_back(ready, entries, organiser, now):
    change = {"competition": ready, "entry": entries[0], "by": organiser.person, "now": now}
    actions.withdraw_entry(**change)
    active = ready.entries.active().order_by("key").values_list("key", flat=True)
    assert list(active) == ["e02", "e03", "s02", "s03"]
    actions.restore_entry(**change)
    assert ready.entries.active().count() == 6


def test_withdraw_entry_after_evidence_is_refused(linhe, entries, organiser, now):
    enter_evidence(linhe, now)
    with pytest.raises(ValidationError, match="不能再退出"):
        actions.withdraw_entry(competition=linhe, entry=entries[0], by=organiser.person, now=now)


def test_record_term_of_a_successor_ends_the_former_and_enters_both(linhe, entries, organiser, now):
    unit = entries[0].unit
    former, successor = factories.PersonFactory(), factories.PersonFactory()
    common = {"competition": linhe, "unit": unit, "by": organiser.person, "now": now}
    actions.record_term(**common, person=former, since=datetime.date(2020, 5, 1))
    actions.record_term(
        **common, person=successor, since=datetime.date(2022, 8, 1), ends_former=True
    )
    own = linhe.entries.filter(subject="secretary").order_by("key")
    assert [(e.key, e.term.person, e.term.until, e.of) for e in own] == [
        ("s01", former, datetime.date(2022, 7, 31), entries[0]),
        ("s02", successor, None, entries[0]),
    ]
    listed = facts(linhe, "entries.changed")["entries"]
    assert [(row["key"], row.get("until")) for row in listed[3:]] == [
        ("s01", "2022-07-31"),
        ("s02", None),
    ]


def test_record_term_that_overlaps_is_refused(linhe, entries, organiser, now):
    person = factories.PersonFactory(name="张书记")
    common = {"competition": linhe, "unit": entries[0].unit, "by": organiser.person, "now": now}
    actions.record_term(
        **common, person=person, since=datetime.date(2021, 1, 1), until=datetime.date(2022, 6, 30)
    )
    with pytest.raises(ValidationError, match="党委书记是张书记，与所填的任期重叠"):
        actions.record_term(
            **common, person=factories.PersonFactory(), since=datetime.date(2022, 6, 30)
        )


def test_record_term_corrected_out_of_the_year_withdraws_the_secretary(
    linhe, entries, organiser, now
):
    common = {"competition": linhe, "unit": entries[0].unit, "by": organiser.person, "now": now}
    person = factories.PersonFactory()
    term = actions.record_term(**common, person=person, since=datetime.date(2021, 1, 1))
    actions.record_term(
        **common,
        person=person,
        since=datetime.date(2021, 1, 1),
        until=datetime.date(2021, 12, 31),
        term=term,
    )
    assert linhe.entries.get(key="s01").withdrawn


def test_record_term_counts_in_every_open_competition_of_its_year(
    linhe, entries, organiser, scheme, now
):
    common = {"host_code": "150802", "host_name": "临河区", "scheme": scheme}
    others = [
        actions.create_competition(
            **common,
            year=year,
            title=f"另一项{year}",
            entrants=[Entrant("狼山镇")],
            by=organiser.person,
            now=now,
        )
        for year in (2022, 2023, 2024)
    ]
    Competition.objects.filter(pk=others[1].pk).update(stage="closed")
    actions.record_term(
        competition=linhe,
        unit=entries[0].unit,
        person=factories.PersonFactory(),
        since=datetime.date(2021, 1, 1),
        until=datetime.date(2023, 12, 31),
        by=organiser.person,
        now=now,
    )
    counts = [item.entries.filter(subject="secretary").count() for item in (linhe, *others)]
    assert counts == [1, 1, 0, 0]


def test_plan_round_due_before_it_begins_is_refused(linhe, organiser, now):
    with pytest.raises(ValidationError, match="「第一次联评」的截止时间早于开始日期"):
        actions.plan_round(
            competition=linhe,
            round_key="review1",
            starts_on=datetime.date(2022, 6, 2),
            due_at=now,
            by=organiser.person,
            now=now,
        )


def test_add_site_gives_keys_that_stay(linhe, entries, organiser, now):
    common = {
        "competition": linhe,
        "round_key": "review1",
        "by": organiser.person,
        "now": now,
    }
    sites = [actions.add_site(**common, entry=entries[0], name=n) for n in ("果园", "育苗厂")]
    assert [site.key for site in sites] == ["p1", "p2"]
    actions.set_sites(**common, sites={entries[0]: ["育苗厂", "广场"]})
    rows = Site.objects.order_by("position").values_list("key", "name")
    assert list(rows) == [("p2", "育苗厂"), ("p3", "广场")]


def test_closed_competition_takes_no_change(linhe, entries, organiser, now):
    Competition.objects.filter(pk=linhe.pk).update(stage="closed")
    with pytest.raises(ValidationError, match="已经归档"):
        actions.move_entry(competition=linhe, entry=entries[0], to=2, by=organiser.person, now=now)
    assert not Entry.objects.filter(withdrawn=True).exists()
