"""A county that updates has years in its tables: every migration runs over filled ones.

On an empty database of its own all migrations run in their order; before the ones that change
data, and the last of each app, rows are written as the code of that day left them.
"""

import datetime
import uuid
from contextlib import contextmanager

import pytest
from django.db import connection
from django.db.migrations import RunPython
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

pytestmark = pytest.mark.own_database
AT = datetime.datetime(2022, 9, 1, 8, tzinfo=datetime.UTC)
DAY = AT.date()
OWN = {"record", "competitions", "scoring", "rewards", "arena", "publication"}


@contextmanager
def empty_database(path):
    """This function will lead the connection to an empty database, and back again."""
    kept, name = connection.settings_dict["NAME"], str(path)
    connection.close()
    postgresql = connection.vendor == "postgresql"
    if postgresql:
        name = f"test_filled_{uuid.uuid4().hex[:8]}"
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
    connection.settings_dict["NAME"] = name
    try:
        if not postgresql:
            connection.cursor().execute("PRAGMA synchronous=OFF")
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = kept
        if postgresql:
            with connection._nodb_cursor() as cursor:
                cursor.execute(f"DROP DATABASE {name}")


class Rows:
    """Writes rows with the models of one moment of the migrations."""

    def __init__(self, apps):
        self.apps = apps

    def all(self, label):
        return self.apps.get_model(label).objects.order_by("id")

    def one(self, label, **fields):
        return self.apps.get_model(label).objects.create(**fields)

    @property
    def year(self):
        return self.all("competitions.Competition").get()

    @property
    def two(self):
        """Who entered, and who checked."""
        return list(self.all("competitions.Person")[:2])


def before_approval(rows):
    """A year whose rules one person published, with two secretaries of one name in one town."""
    people = [rows.one("competitions.Person", name=name) for name in ("甲", "乙", "张强", "张强")]
    year = rows.one(
        "competitions.Competition",
        slug="linhe",
        title="擂台比武",
        host_code="150802",
        host_name="临河区",
        year=2022,
        stage="running",
        created_at=AT,
    )
    rows.one(
        "competitions.SchemeVersion",
        competition=year,
        number=1,
        state="published",
        document={},
        digest="0" * 64,
        written_by=people[0],
        published_by=people[0],
        published_at=AT,
    )
    unit = rows.one("competitions.Unit", host_code="150802", name="狼山镇")
    town = rows.one(
        "competitions.Entry",
        competition=year,
        key="e01",
        subject="unit",
        unit=unit,
        official_order=1,
    )
    for number, person in enumerate(people[2:], 1):
        term = rows.one(
            "competitions.PartySecretary",
            person=person,
            unit=unit,
            since=datetime.date(2021 + number, 1, 1),
            until=datetime.date(2021 + number, 12, 31),
        )
        rows.one(
            "competitions.Entry",
            competition=year,
            key=f"s0{number}",
            subject="secretary",
            unit=unit,
            term=term,
            of=town,
            official_order=1,
        )


def before_signatures(rows):
    """A bonus and a ruling withdrawn after a check, and a bonus for whose withdrawal one asked."""
    first, second = rows.two
    checked = {"state": "verified", "verified_by": second, "verified_at": AT}
    gone = {"withdrawn": True, "withdrawal_reason": "重复"}
    common = {"competition": rows.year, "entered_by": first, "entered_at": AT}
    for number, more in enumerate(({**gone, **checked}, gone, checked, {}), 1):
        rows.one(
            "scoring.LedgerEvent",
            **common,
            **more,
            key=f"l{number}",
            entry=rows.all("competitions.Entry")[0],
            round_key="ledger",
            criterion_key="bonus",
            item_key="honour",
            happened_on=DAY,
            points="1",
            reason="表彰",
            matter="文明村镇" if number < 3 else "",
            revision=uuid.uuid4(),
        )
    rows.one(
        "scoring.Ruling",
        **common,
        **gone,
        **checked,
        key="r1",
        kind="tie",
        subject={},
        reason="并列",
        decided_by="部务会",
        decided_on=DAY,
        revision=uuid.uuid4(),
    )


def before_returns(rows):
    """A tabulation, decided by a meeting."""
    first, second = rows.two
    tabulation = rows.one(
        "scoring.Tabulation",
        competition=rows.year,
        number=1,
        scheme_version=rows.all("competitions.SchemeVersion")[0],
        evidence={},
        evidence_digest="0" * 64,
        result={},
        result_digest="0" * 64,
        complete=True,
        made_at=AT,
        made_by=first,
        revision=uuid.uuid4(),
    )
    rows.one(
        "rewards.MeetingDecision",
        competition=rows.year,
        tabulation=tabulation,
        number=1,
        meeting="部务会",
        decided_on=DAY,
        document_number="1号",
        state="verified",
        entered_by=first,
        entered_at=AT,
        verified_by=second,
        verified_at=AT,
        revision=uuid.uuid4(),
    )


def before_moved_steps(rows):
    """A round held live, with one turn."""
    event = rows.one(
        "arena.Event",
        competition=rows.year,
        round_key="arena",
        method="slips",
        source="现场摸签",
        announced_at=AT,
        announced_by=rows.two[0],
        revision=uuid.uuid4(),
    )
    entry = rows.all("competitions.Entry")[0]
    rows.one("arena.Turn", event=event, entry=entry, position=1)


def before_replaced_by(rows):
    """Two versions of the results; the first says in words that the second took its place."""
    common = {"competition": rows.year, "kind": "results", "circle": "county", "contents": {}}
    common |= {"contents_digest": "0" * 64, "released_at": AT, "released_by": rows.two[0]}
    common |= {"tabulation": rows.all("scoring.Tabulation")[0]}
    ended = {"withdrawn_at": AT, "withdrawn_reason": "已由第 2 版替代"}
    rows.one("publication.PublicationVersion", **common, **ended, number=1, revision=uuid.uuid4())
    rows.one("publication.PublicationVersion", **common, number=2, revision=uuid.uuid4())


# What is written before which migration.
FILLED = {
    ("competitions", "0010_published_scheme_is_approved"): before_approval,
    ("scoring", "0004_withdrawal_signatures"): before_signatures,
    ("rewards", "0002_returned_decisions"): before_returns,
    ("arena", "0003_moved_step"): before_moved_steps,
    ("publication", "0003_replaced_by"): before_replaced_by,
}
# Run over what the migrations before them filled.
OVER_FILLED = {
    ("competitions", "0012_dated_names"),
    ("competitions", "0013_imported_records"),
    ("scoring", "0007_matter_key"),
}


def migrate_and_fill():
    """This function will run every migration in its order, fill tables on the way and return the
    final rows."""
    executor = MigrationExecutor(connection)
    executor.recorder.ensure_schema()
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    changing = {
        (item.app_label, item.name)
        for item, _ in plan
        if item.app_label in OWN and any(isinstance(done, RunPython) for done in item.operations)
    }
    assert changing <= set(FILLED) | OVER_FILLED, "a new migration of data needs rows here"
    state, filled = ProjectState(), []
    for item, _ in plan:
        key = item.app_label, item.name
        if key in FILLED:
            FILLED[key](Rows(state.apps))
            filled.append(key)
        state = executor.apply_migration(state, item)
    assert set(filled) == set(FILLED)
    return Rows(state.apps)


def test_every_migration_runs_over_filled_tables(tmp_path, django_db_blocker):
    with django_db_blocker.unblock(), empty_database(tmp_path / "test_filled.sqlite3"):
        rows = migrate_and_fill()
        assert rows.all("competitions.SchemeVersion").get().before_approval
        entries = rows.all("competitions.Entry")
        assert list(entries.values_list("key", "dated")) == [
            ("e01", False),
            ("s01", True),
            ("s02", True),
        ]
        people = rows.all("competitions.Person").values_list("uuid", flat=True)
        assert len(set(people)) == 4 and None not in people
        first, second = rows.two
        events = rows.all("scoring.LedgerEvent").values_list(
            "withdrawn", "withdrawal_by", "withdrawal_checked_by", "matter_key"
        )
        assert list(events) == [
            (True, first.id, second.id, "m001"),
            (False, None, None, "m001"),
            (False, None, None, ""),
            (False, None, None, ""),
        ]
        assert rows.all("scoring.Ruling").get().withdrawal_checked_by_id == second.id
        assert rows.all("rewards.MeetingDecision").get().returned_by is None
        assert rows.all("arena.Turn").get().event.round_key == "arena"
        older, newer = rows.all("publication.PublicationVersion")
        assert older.replaced_by_id == newer.id and newer.replaced_by is None
        connection.check_constraints()
