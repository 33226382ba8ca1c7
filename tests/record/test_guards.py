"""The guards in the database itself, tried with plain SQL as anybody with a connection could."""

import sqlite3
import uuid
from datetime import UTC, datetime

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from record import actions, guards, kinds, queries
from record.models import Revision

FACT = kinds.register("test.fact", "测试事实")
NOW = datetime(2022, 8, 20, 1, 2, 3, 4, tzinfo=UTC)
ALTER_TRIGGER = "ALTER TABLE record_revision {} TRIGGER record_revision_no_change"


@pytest.fixture
def chain(db):
    """Two revisions of the audit chain."""
    return [append({"n": n}) for n in (1, 2)]


def append(body, **more):
    with transaction.atomic():
        return actions.append(chain="audit", kind=FACT, body=body, by="", now=NOW, **more)


def run(sql, parameters=()):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def found_errors():
    return [item.msg for item in run_checks(databases=["default"]) if item.id == "record.E001"]


def insert_like(revision, verb="INSERT", **changes):
    """A raw insert that copies a revision, with changes; new unique values unless given."""
    row = {
        "chain": revision.chain,
        "seq": revision.seq + 1,
        "op_id": uuid.uuid4(),
        "replaces": None,
        "kind": revision.kind,
        "body": revision.body,
        "body_digest": revision.body_digest,
        "at": revision.at,
        "by": "",
        "previous": revision.digest,
        "digest": uuid.uuid4().hex * 2,
        **changes,
    }
    if connection.vendor == "sqlite":
        row = {key: v.hex if isinstance(v, uuid.UUID) else v for key, v in row.items()}
        row["at"] = str(row["at"])
    columns = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join(["%s"] * len(row))
    run(f"{verb} INTO record_revision ({columns}) VALUES ({marks})", list(row.values()))


def assert_refused(work, match=None):
    before = list(Revision.objects.values())
    with pytest.raises(IntegrityError, match=match), transaction.atomic():
        work()
    assert list(Revision.objects.values()) == before


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE record_revision SET body = '{}' WHERE seq = 1",
        "UPDATE record_revision SET id = id + 100",
        "DELETE FROM record_revision WHERE seq = 2",
        "DELETE FROM record_revision",
    ],
)
def test_change_of_the_record_is_refused(chain, sql):
    assert_refused(lambda: run(sql), "记录只能追加")


def test_change_through_django_is_refused(chain):
    assert_refused(lambda: Revision.objects.update(by="x"), "记录只能追加")
    assert_refused(lambda: Revision.objects.all().delete(), "记录只能追加")
    assert_refused(lambda: chain[0].save(), "记录只能追加")
    assert_refused(lambda: chain[0].delete(), "记录只能追加")


@pytest.mark.postgres
def test_truncate_is_refused(chain):
    assert_refused(lambda: run("TRUNCATE record_revision"), "记录只能追加")
    assert_refused(lambda: run("TRUNCATE record_revision CASCADE"), "记录只能追加")


@pytest.mark.postgres
def test_change_in_a_replica_session_is_refused(chain):
    run("SET LOCAL session_replication_role = replica")
    assert_refused(lambda: run("DELETE FROM record_revision"), "记录只能追加")
    run("SET LOCAL session_replication_role = origin")


def test_upsert_is_refused(chain):
    columns = "chain, seq, op_id, kind, body, body_digest, at, by, previous, digest"
    sql = f"""
        INSERT INTO record_revision ({columns}) SELECT {columns} FROM record_revision WHERE seq = 2
        ON CONFLICT (op_id) DO UPDATE SET body = '{{}}'
    """
    assert_refused(lambda: run(sql))


@pytest.mark.sqlite
@pytest.mark.parametrize("verb", ["INSERT OR REPLACE", "REPLACE", "INSERT OR IGNORE"])
def test_insert_or_replace_is_refused(chain, verb):
    first, second = chain
    for changes in (
        {"id": first.pk},
        {"op_id": second.op_id},
        {"digest": first.digest},
        {"previous": first.previous},
        {"seq": 2, "previous": first.digest},
    ):
        assert_refused(lambda changes=changes: insert_like(second, verb, **changes))


@pytest.mark.sqlite
def test_insert_or_replace_without_recursive_triggers_is_refused(chain):
    """Somebody opens the file with another program, where recursive triggers are off."""
    run("PRAGMA recursive_triggers = OFF")
    try:
        first, second = chain
        for changes in ({"id": first.pk}, {"op_id": second.op_id}, {"digest": first.digest}):
            assert_refused(
                lambda changes=changes: insert_like(second, "INSERT OR REPLACE", **changes), "覆盖"
            )
        assert any("recursive_triggers" in sentence for sentence in found_errors())
    finally:
        run("PRAGMA recursive_triggers = ON")
    assert found_errors() == []


def test_insert_that_does_not_continue_the_chain_is_refused(chain):
    _, second = chain
    assert_refused(lambda: insert_like(second, seq=4), "序号必须紧接")
    assert_refused(lambda: insert_like(second, seq=0), "序号必须紧接")
    assert_refused(lambda: insert_like(second, chain="f" * 32), "序号必须紧接")
    assert_refused(lambda: insert_like(second, previous="f" * 64), "摘要之后")
    assert_refused(lambda: insert_like(second, replaces=uuid.uuid4()), "不在这条链里")
    insert_like(second, replaces=second.op_id)
    assert queries.head("audit").seq == 3


def test_insert_that_repeats_a_unique_value_is_refused(chain):
    first, second = chain
    append({"n": 3}, replaces=first.op_id)
    third = queries.head("audit")
    for changes in (
        {"op_id": first.op_id},
        {"digest": second.digest},
        {"replaces": first.op_id},
    ):
        assert_refused(lambda changes=changes: insert_like(third, **changes))


def test_check_with_all_guards_in_place(db):
    assert found_errors() == []


def test_check_is_silent_without_the_table(db):
    run("ALTER TABLE record_revision RENAME TO record_away")
    assert found_errors() == []
    guards.install_after_migrate(sender=None, using="default")
    run("ALTER TABLE record_away RENAME TO record_revision")


def test_check_reports_a_missing_guard(db):
    names = guards.SQLITE_TRIGGERS
    if connection.vendor == "postgresql":
        names = guards.POSTGRESQL_TRIGGERS
    for name in names:
        with transaction.atomic():
            table = "" if connection.vendor == "sqlite" else " ON record_revision"
            run(f"DROP TRIGGER {name}{table}")
            assert found_errors() == [f"记录表的守卫 {name} 不见了。"]
            transaction.set_rollback(True)
    assert found_errors() == []


@pytest.mark.sqlite
def test_check_reports_an_altered_guard_on_sqlite(db):
    name = "record_revision_no_delete"
    run(f"DROP TRIGGER {name}")
    run(f"CREATE TRIGGER {name} BEFORE DELETE ON record_revision BEGIN SELECT 1; END")
    assert found_errors() == [f"记录表的守卫 {name} 被改过。"]
    guards.install_guards()
    assert found_errors() == []


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        (ALTER_TRIGGER.format("DISABLE"), "被关掉了"),
        (ALTER_TRIGGER.format("ENABLE"), "被关掉了"),
        (
            "CREATE OR REPLACE FUNCTION record_revision_refuse() RETURNS trigger "
            "LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
            "被改过",
        ),
        (
            "CREATE OR REPLACE TRIGGER record_revision_no_change BEFORE DELETE ON record_revision "
            "FOR EACH STATEMENT EXECUTE FUNCTION record_revision_refuse(); "
            "ALTER TABLE record_revision ENABLE ALWAYS TRIGGER record_revision_no_change",
            "被改过",
        ),
        (
            "CREATE OR REPLACE TRIGGER record_revision_no_change "
            "BEFORE UPDATE OF body OR DELETE OR TRUNCATE ON record_revision "
            "FOR EACH STATEMENT EXECUTE FUNCTION record_revision_refuse(); "
            "ALTER TABLE record_revision ENABLE ALWAYS TRIGGER record_revision_no_change",
            "被改过",
        ),
    ],
)
def test_check_reports_an_altered_guard_on_postgresql(db, sql, sentence):
    run(sql)
    assert found_errors() == [f"记录表的守卫 record_revision_no_change {sentence}。"]
    guards.install_guards()
    assert found_errors() == []


def test_check_reports_a_foreign_trigger(db):
    if connection.vendor == "sqlite":
        run("CREATE TRIGGER stranger AFTER INSERT ON record_revision BEGIN SELECT 1; END")
    else:
        run(
            "CREATE TRIGGER stranger AFTER INSERT ON record_revision "
            "EXECUTE FUNCTION record_revision_refuse()"
        )
    assert found_errors() == ["记录表上有来历不明的触发器 stranger。"]


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_migrate_puts_back_guards_that_a_rebuilt_table_lost():
    """On SQLite a change of the table makes a new one, without triggers and without a word."""
    append({"n": 1})
    field = Revision._meta.get_field("by")
    with connection.schema_editor() as editor:
        editor._remake_table(Revision, alter_fields=[(field, field)])
    assert len(found_errors()) == 3
    call_command("migrate", verbosity=0)
    assert found_errors() == []
    assert queries.verify_chain("audit").length == 1


@pytest.mark.django_db(transaction=True)
def test_migrate_with_a_missing_guard_stops_and_says_how_to_go_on():
    name = "record_revision_append_only"
    run(f"DROP TRIGGER {name}{'' if connection.vendor == 'sqlite' else ' ON record_revision'}")
    with pytest.raises(Exception, match="不见了") as caught:
        call_command("migrate", verbosity=0, skip_checks=False)
    assert "--skip-checks" in str(caught.value)
    call_command("migrate", verbosity=0, skip_checks=True)
    assert found_errors() == []


def test_tables_are_as_the_first_migration_made_them(db):
    """The tables never change columns: new facts go into the body."""
    loader = MigrationExecutor(connection).loader
    names = [name for app, name in loader.disk_migrations if app == "record"]
    columns = [field.name for field in Revision._meta.get_fields()]
    assert names == ["0001_initial"]
    assert columns == [
        *("id", "chain", "seq", "op_id", "replaces", "kind", "body", "body_digest", "at", "by"),
        *("previous", "digest"),
    ]


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_change_by_another_program_is_refused():
    """sqlite3's own connection, without any of Django's settings."""
    append({"n": 1})
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA database_list")
        path = cursor.fetchall()[0][2]
    other = sqlite3.connect(path)
    try:
        for sql in ("UPDATE record_revision SET by = 'x'", "DELETE FROM record_revision"):
            with pytest.raises(sqlite3.IntegrityError, match="记录只能追加"):
                other.execute(sql)
    finally:
        other.close()
