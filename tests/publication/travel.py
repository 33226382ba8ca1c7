"""A year that moves house in a bundle, and how a forger changes the bundle on its way."""

import hashlib
import io
import json
import uuid
import zipfile

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from arena.actions.ceremony import make_ceremony, move_ceremony
from competitions import actions as setup
from publication.actions import withdraw_version
from publication.bundles import export_bundle
from publication.models import PublicationVersion
from scoring.actions.ledger import enter_ledger_event
from tests import factories
from tests.database import reset_database
from tests.properties.small_year import SmallYear
from tests.rewards.case import PDF

NOW = timezone.now()
SLUG = "travel"


def live_a_year():
    """A year in which there is something of everything, some of it still waiting."""
    factories.PersonFactory.create_batch(3)
    staff = [factories.UserFactory(person__name=f"演示·{name}").person for name in "甲乙"]
    year = SmallYear(units=3, judges=3, slug=SLUG, staff=staff)
    year.fill()
    entry = year.entries("unit")[1]
    enter_ledger_event(
        draft=year.draft_event(entry.key, reason="受表彰"),
        file=SimpleUploadedFile("表彰决定.pdf", PDF),
        **year.once(),
    )
    year.finish()
    ceremony = make_ceremony(**year.once())
    by = {"op": uuid.uuid4(), **year.by()}
    move_ceremony(ceremony=ceremony, move="start", step=0, **by)
    withdrawn = PublicationVersion.objects.get(competition=year.competition, circle="public")
    withdraw_version(version=withdrawn, reason="电话有误", **year.by())
    year.begin_again()
    setup.record_recusal(
        competition=year.competition,
        judge=year.appoint_judge().judge,
        entry=entry,
        reason="曾联系该镇",
        **year.by(),
    )
    return year


def leave(competition, **options):
    """The bundle of a competition, after which the installation is as good as new."""
    data = export_bundle(competition, now=NOW, **options)
    reset_database()
    return data


def rewrite(data, change):
    """The bundle as a forger makes it: `change(files)` alters {name: bytes}, and the cover agrees
    with it."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    change(files)
    cover = json.loads(files.pop("bundle.json"))
    cover["files"] = {
        name: {"size": len(body), "sha256": hashlib.sha256(body).hexdigest()}
        for name, body in files.items()
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, body in {**files, "bundle.json": json.dumps(cover).encode()}.items():
            packed.writestr(name, body)
    return stream.getvalue()


def change_line(table, change, name="tables.jsonl"):
    """A change for `rewrite`: the first row of a table, or the first page."""

    def apply(files):
        lines = [json.loads(line) for line in files[name].splitlines()]
        if table == "head":
            change(lines[0])
        else:
            line = next(line for line in lines if line.get("table") == (table or None))
            change(line["row"] if table else line)
        files[name] = b"".join(json.dumps(line).encode() + b"\n" for line in lines)

    return apply


def drop_line(table):
    """A change for `rewrite`: the last row of a table goes."""

    def apply(files):
        lines = files["tables.jsonl"].splitlines(keepends=True)
        last = max(i for i, line in enumerate(lines) if json.loads(line).get("table") == table)
        files["tables.jsonl"] = b"".join(lines[:last] + lines[last + 1 :])

    return apply


def everything():
    """How many rows there are of each kind."""
    return {model: model.objects.count() for model in apps.get_models()}


def rename_unit(files):
    """A change for `rewrite`: a unit has another name in the list of names."""
    unit = json.loads(files["names.json"])["entries"]["e01"]
    files["names.json"] = files["names.json"].replace(unit.encode(), "另一镇".encode())


FORGERIES = {
    "name": (rename_unit, "在「names.json」里是「另一镇」，在存证里是「"),
    "page": (
        change_line("", lambda line: line.update(text=line["text"] + " "), "pages.jsonl"),
        "版的页面与存证里的摘要不符",
    ),
    "page that runs": (
        change_line("", lambda line: line.update(type="text/javascript"), "pages.jsonl"),
        "不认识的页面类型",
    ),
    "rules": (
        change_line("scheme_versions", lambda row: row["document"].update(title="改过")),
        "存储的内容与存证不符",
    ),
    "result": (
        change_line("tabulations", lambda row: row["result"].update(complete=False)),
        "与存证不符",
    ),
    "mark of nobody": (
        change_line("sheets", lambda row: row.update(revision=uuid.uuid4().hex)),
        "有一行不在存证里",
    ),
    "mark": (
        change_line("sheets", lambda row: row["marks"].update({min(row["marks"]): "1"})),
        "与存证写的不同",
    ),
    "mark that went": (drop_line("sheets"), "与存证写的不同"),
    "list for a table": (
        change_line("sheets", lambda row: row.update(marks=["9"])),
        "「marks」应为表（花括号）",
    ),
    "judge": (change_line("judges", lambda row: row.update(seniority=7)), "「评委」与存证写的不同"),
    "value": (
        change_line("measurements", lambda row: row["values"].update({min(row["values"]): "99"})),
        "与存证写的不同",
    ),
    "points": (
        change_line("ledger_events", lambda row: row.update(points="9")),
        "与存证写的不同",
    ),
    "ruling": (
        change_line("rulings", lambda row: row.update(document_number="另一份文件")),
        "与存证写的不同",
    ),
    "ceremony": (
        change_line("ceremonies", lambda row: row.update(position=1)),
        "「颁奖仪式」与存证写的不同",
    ),
    "draft": (
        change_line("scheme_drafts", lambda row: row.update(document="{}")),
        "稿与它的摘要不符",
    ),
    "one person": (
        change_line("measurements", lambda row: row.update(verified_by=row["entered_by"])),
        "自相矛盾",
    ),
    "division": (
        change_line("units", lambda row: row.update(division_code="999999999")),
        "不在行政区划目录里",
    ),
    "unit elsewhere": (
        change_line("units", lambda row: row.update(host_code="371323")),
        "不属于主办县（区）",
    ),
    "county": (
        change_line("head", lambda line: line["competition"].update(host_code="371323")),
        "不是同一项比武",
    ),
    "strange column": (
        change_line("judges", lambda row: row.update(salary="1")),
        "不认识的「salary」",
    ),
    "wrong type": (change_line("judges", lambda row: row.update(number="一")), "不合要求"),
    "no such row": (change_line("judges", lambda row: row.update(person="0" * 32)), "不在卷宗里"),
    "year before": (
        change_line(
            "head",
            lambda line: line["competition"].update(
                previous={"chain": "0" * 32, "title": "临河区2021年擂台"}
            ),
        ),
        "请先导入那一届的卷宗",
    ),
    "ids": (change_line("head", lambda line: line.update(record=[])), "编号对照"),
    "attachment": (
        lambda files: files.update({"attachments/ledger-l004.pdf": PDF + b" "}),
        "与存证里的摘要不符",
    ),
    "no attachment": (
        lambda files: files.pop("attachments/ledger-l004.pdf"),
        "请带附件重新导出",
    ),
    "record": (
        lambda files: files.update(
            {"record.jsonl": files["record.jsonl"].replace(b'"seq":2}', b'"seq":3}')}
        ),
        "没有通过核验",
    ),
    "tables": (lambda files: files.pop("tables.jsonl"), "没有 tables.jsonl"),
    "not a line": (lambda files: files.update({"tables.jsonl": b"[1, 2"}), "不是正确的 JSON"),
}
