"""The command that verifies the whole record."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction

from record import actions, kinds
from record.models import PrivateValue
from record.private import Private
from tests.database import guards_aside

FACT = kinds.register("test.fact", "测试事实")
NOW = datetime(2022, 8, 20, tzinfo=UTC)
CHAIN = "d" * 32


@pytest.fixture
def record(db):
    with transaction.atomic():
        for n in range(3):
            last = actions.append(chain=CHAIN, kind=FACT, body={"n": n}, by="", now=NOW)
        actions.append(chain="audit", kind=FACT, body={"name": Private("张三")}, by="", now=NOW)
    return last


def tamper(sql):
    with guards_aside(), connection.cursor() as cursor:
        cursor.execute(sql)


def refused_output(capsys, *arguments):
    with pytest.raises(CommandError) as caught:
        call_command("verify_record", *arguments)
    assert caught.value.returncode == 1
    return capsys.readouterr().out


def test_verify_record_whole(record, capsys):
    call_command("verify_record", "--checkpoint", f"{CHAIN}:3:{record.digest}")
    out = capsys.readouterr().out
    assert f"链 {CHAIN}：3 条，完好，末条摘要 {record.digest}\n" in out
    assert "链 audit：1 条，完好" in out
    assert out.endswith("记录核验通过。\n")


def test_verify_record_empty(db, capsys):
    call_command("verify_record")
    assert capsys.readouterr().out == "记录核验通过。\n"


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        (
            "UPDATE record_revision SET by = 'x' WHERE seq = 2",
            "第 2 条：内容与摘要不符，被改动过。",
        ),
        ("UPDATE record_revision SET body = '{}' WHERE seq = 2", "第 2 条：正文不能核验"),
        ("UPDATE record_revision SET kind = '' WHERE seq = 2", "第 2 条：「类别」缺失"),
        ("DELETE FROM record_revision WHERE seq = 2", "第 2 条：序号是 3，不连续。"),
    ],
)
def test_verify_record_tampered(record, capsys, sql, sentence):
    tamper(sql)
    assert f"× 链 {CHAIN} {sentence}" in refused_output(capsys)


def test_verify_record_cut_or_unknown_chain_against_a_checkpoint(record, capsys):
    tamper(f"DELETE FROM record_revision WHERE seq = 3 AND chain = '{CHAIN}'")
    call_command("verify_record")
    capsys.readouterr()
    out = refused_output(capsys, "--checkpoint", f"{CHAIN}:3:{record.digest}")
    assert "链的末尾被截去" in out
    out = refused_output(capsys, "--checkpoint", f"{'e' * 32}:1:{record.digest}")
    assert f"链 {'e' * 32} 第 1 条：已公布过它的核对点" in out


def test_verify_record_private_value_changed(record, capsys):
    PrivateValue.objects.update(value="李四")
    assert "× 私密值" in refused_output(capsys)


def test_verify_record_guard_missing(record, capsys):
    table = "" if connection.vendor == "sqlite" else " ON record_revision"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER record_revision_append_only{table}")
    assert "× 记录表的守卫 record_revision_append_only 不见了。" in refused_output(capsys)


@pytest.mark.parametrize(
    "text", ["", "audit", "audit:1:abc", f"audit:0:{'a' * 64}", f"x:1:{'a' * 64}"]
)
def test_verify_record_malformed_checkpoint(db, text):
    with pytest.raises(CommandError, match="核对点"):
        call_command("verify_record", "--checkpoint", text)
