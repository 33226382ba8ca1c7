"""Guards in the database itself: the record is only ever appended to, whoever holds the pen.

Both databases refuse UPDATE, DELETE, overwriting inserts and inserts that do not continue their
chain; PostgreSQL refuses TRUNCATE too (SQLite has none). Rebuilding a table on SQLite drops its
triggers silently, hence they are put back after every migration and compared word by word at
start. `install_guards` replaces each guard within one transaction; nothing here only removes.

What a trigger cannot stop is an owner who drops it or the whole table: that shows at the next
start, and in the chain, when verified against a published checkpoint.
"""

from django.core import checks
from django.db import connections, transaction

TABLE = "record_revision"

SQLITE_TRIGGERS = {
    "record_revision_no_update": """CREATE TRIGGER record_revision_no_update
BEFORE UPDATE ON record_revision
BEGIN
    SELECT RAISE(ABORT, '记录只能追加，不能修改或删除。');
END""",
    "record_revision_no_delete": """CREATE TRIGGER record_revision_no_delete
BEFORE DELETE ON record_revision
BEGIN
    SELECT RAISE(ABORT, '记录只能追加，不能修改或删除。');
END""",
    # The first test also stops INSERT OR REPLACE from a connection without recursive triggers.
    "record_revision_append_only": """CREATE TRIGGER record_revision_append_only
BEFORE INSERT ON record_revision
BEGIN
    SELECT RAISE(ABORT, '已有同一操作或同一摘要的记录，不能覆盖。') WHERE EXISTS (
        SELECT 1 FROM record_revision WHERE id = NEW.id OR op_id = NEW.op_id
        OR replaces = NEW.replaces OR previous = NEW.previous OR digest = NEW.digest);
    SELECT RAISE(ABORT, '新记录的序号必须紧接这条链的最后一条。') WHERE NEW.seq IS NOT (
        SELECT COALESCE(MAX(seq), 0) + 1 FROM record_revision WHERE chain = NEW.chain);
    SELECT RAISE(ABORT, '新记录必须接在这条链最后一条的摘要之后。')
        WHERE NEW.seq > 1 AND NEW.previous IS NOT (
        SELECT digest FROM record_revision WHERE chain = NEW.chain AND seq = NEW.seq - 1);
    SELECT RAISE(ABORT, '所更正的记录不在这条链里。')
        WHERE NEW.replaces IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM record_revision WHERE chain = NEW.chain AND op_id = NEW.replaces);
END""",
}

POSTGRESQL_FUNCTIONS = {
    "record_revision_refuse": """
BEGIN
    RAISE EXCEPTION '记录只能追加，不能修改或删除。'
        USING ERRCODE = 'integrity_constraint_violation';
END
""",
    "record_revision_continue": """
DECLARE
    last_seq bigint;
    last_digest text;
BEGIN
    SELECT seq, digest INTO last_seq, last_digest FROM record_revision
        WHERE chain = NEW.chain ORDER BY seq DESC LIMIT 1;
    IF NEW.seq IS DISTINCT FROM COALESCE(last_seq, 0) + 1 THEN
        RAISE EXCEPTION '新记录的序号必须紧接这条链的最后一条。'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF last_seq IS NOT NULL AND NEW.previous IS DISTINCT FROM last_digest THEN
        RAISE EXCEPTION '新记录必须接在这条链最后一条的摘要之后。'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.replaces IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM record_revision WHERE chain = NEW.chain AND op_id = NEW.replaces
    ) THEN
        RAISE EXCEPTION '所更正的记录不在这条链里。'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
""",
}
# name: (function, events and level as SQL, the same as PostgreSQL's tgtype bits:
#        row 1, before 2, insert 4, delete 8, update 16, truncate 32)
POSTGRESQL_TRIGGERS = {
    "record_revision_no_change": (
        "record_revision_refuse",
        "BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} FOR EACH STATEMENT",
        2 + 8 + 16 + 32,
    ),
    "record_revision_append_only": (
        "record_revision_continue",
        "BEFORE INSERT ON {table} FOR EACH ROW",
        1 + 2 + 4,
    ),
}


def install_guards(using: str = "default") -> None:
    """This function will put all guards in place, in one transaction, replacing what stands."""
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name, sql in SQLITE_TRIGGERS.items():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                cursor.execute(sql)
            return
        for name, source in POSTGRESQL_FUNCTIONS.items():
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$guard${source}$guard$"
            )
        for name, (function, event, _) in POSTGRESQL_TRIGGERS.items():
            cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {TABLE}")
            cursor.execute(
                f"CREATE TRIGGER {name} {event.format(table=TABLE)} EXECUTE FUNCTION {function}()"
            )
            # ALWAYS: also in a session that calls itself a replica, where others are silent.
            cursor.execute(f"ALTER TABLE {TABLE} ENABLE ALWAYS TRIGGER {name}")


def missing_guards(using: str = "default") -> list[str]:
    """This function will return a Chinese sentence for each guard that is missing or altered."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            return list(_sqlite_problems(cursor))
        return list(_postgresql_problems(cursor))


def install_after_migrate(sender, using, **kwargs):
    """This function will reinstall the guards after a migrate; a receiver of post_migrate."""
    if TABLE in connections[using].introspection.table_names():
        install_guards(using)


def check_guards(app_configs=None, databases=None, **kwargs):
    """This function will report guards that are missing or altered as system check errors."""
    errors = []
    for using in databases or []:
        # Before the first migrate there is nothing to guard.
        if TABLE not in connections[using].introspection.table_names():
            continue
        errors += [
            checks.Error(
                sentence,
                hint=(
                    "先运行 manage.py verify_record 核验记录，查明原因，"
                    "再运行 manage.py migrate --skip-checks 重新装上。"
                ),
                id="record.E001",
            )
            for sentence in missing_guards(using)
        ]
    return errors


def _sqlite_problems(cursor):
    cursor.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE]
    )
    found = dict(cursor.fetchall())
    for name, sql in SQLITE_TRIGGERS.items():
        if name not in found:
            yield f"记录表的守卫 {name} 不见了。"
        elif found.pop(name) != sql:
            yield f"记录表的守卫 {name} 被改过。"
    for name in found:
        if name not in SQLITE_TRIGGERS:
            yield f"记录表上有来历不明的触发器 {name}。"
    cursor.execute("PRAGMA recursive_triggers")
    if cursor.fetchone()[0] != 1:
        yield "SQLite 的 recursive_triggers 没有打开，INSERT OR REPLACE 可能绕过守卫。"


def _postgresql_problems(cursor):
    cursor.execute(
        """
        SELECT t.tgname, t.tgenabled, t.tgtype, t.tgqual IS NULL AND t.tgattr = ''
               AND t.tgnargs = 0, p.proname, p.prosrc, l.lanname
        FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_language l ON l.oid = p.prolang
        WHERE t.tgrelid = %s::regclass AND NOT t.tgisinternal
        """,
        [TABLE],
    )
    found = {row[0]: row[1:] for row in cursor.fetchall()}
    for name, (function, _, bits) in POSTGRESQL_TRIGGERS.items():
        if name not in found:
            yield f"记录表的守卫 {name} 不见了。"
            continue
        enabled, *rest = found.pop(name)
        if enabled != "A":
            yield f"记录表的守卫 {name} 被关掉了。"
        if rest != [bits, True, function, POSTGRESQL_FUNCTIONS[function], "plpgsql"]:
            yield f"记录表的守卫 {name} 被改过。"
    for name in found:
        yield f"记录表上有来历不明的触发器 {name}。"
