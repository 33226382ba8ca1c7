"""What travels beside the figures (names, pages, attachments, rows): held against the record and
the published contents as far as these speak of it, and named where they do not."""

import base64
import binascii
import hashlib
from dataclasses import dataclass, field

from publication.bundle.problems import Problems, shown
from publication.bundle.read import ATTACHMENTS, PAGES_FILE, TABLES_FILE

RELEASED, ENTRIES_CHANGED = "publication.released", "entries.changed"
FILED = {"ledger.entered": "evidence", "decision.entered": "scan"}
TOLD = {RELEASED, ENTRIES_CHANGED, *FILED}
# What the system itself calls the attachments of these.
OWN_FILES = ("ledger-", "decision-")
NAMES_FILE = "names.json"
VERIFY = "verify/"


@dataclass
class Told:
    """What the bodies in the record say of what stands beside: digests of attachments, the digest
    of each version's pages, and what the units are called, by the key of their entry."""

    files: set = field(default_factory=set)
    pages: dict = field(default_factory=dict)
    names: dict = field(default_factory=dict)

    def hear(self, row, body):
        """This function will take in one row of the record and its body, which may be withheld."""
        if not isinstance(body, dict):
            return
        kind, number = row.get("kind"), body.get("number")
        if kind == ENTRIES_CHANGED:
            self.names = _unit_names(body)
        if kind == RELEASED and isinstance(number, int):
            self.pages[number] = body.get("pages")
        filed = body.get(FILED.get(kind, ""))
        if isinstance(filed, dict) and isinstance(filed.get("sha256"), str):
            self.files.add(filed["sha256"])


def check_beside(bundle, report, told):
    """This function will add to the report what holds, fails or cannot be told of the names, pages,
    attachments and rows that a bundle carries."""
    if NAMES_FILE in bundle.files:
        _check_names(bundle, report, told)
    if PAGES_FILE in bundle.files:
        _check_pages(bundle, report, told)
    _check_attachments(bundle, report, told)
    if TABLES_FILE in bundle.files:
        report.leave_out(
            "登记表",
            f"「{TABLES_FILE}」的各行在这里没有逐行核对；导入时由系统逐行与存证比对，不符的不导入。"
            "没有导入以前，不要以这个文件为准。",
        )


def _unit_names(body):
    entries = body.get("entries")
    return {
        item["key"]: item["name"]
        for item in (entries if isinstance(entries, list) else ())
        if isinstance(item, dict)
        and item.get("subject") == "unit"
        and isinstance(item.get("key"), str)
        and isinstance(item.get("name"), str)
    }


def _published_names(publications):
    """The names in published contents, whose digest is in the record."""
    said = {}
    for version in publications:
        contents = version.get("contents")
        names = contents.get("names") if isinstance(contents, dict) else None
        for key, item in (names if isinstance(names, dict) else {}).items():
            if isinstance(item, dict) and isinstance(item.get("name"), str):
                said[key] = item["name"]
    return said


def _check_names(bundle, report, told):
    """Units are called in the record by their names; a public bundle, in which the bodies of lists
    are withheld, has the names of what was published."""
    where = "存证" if told.names else "公布内容"
    said = told.names or _published_names(bundle.publications)
    names, judges = bundle.names.get("entries", {}), len(bundle.names.get("judges", {}))
    problems, shared = Problems(), sorted(names.keys() & said.keys())
    for key in shared:
        if names[key] != said[key]:
            problems.add(
                f"编号「{shown(key)}」在「{NAMES_FILE}」里是「{shown(names[key])}」，"
                f"在{where}里是「{shown(said[key])}」。"
            )
    if shared:
        report.add("名称", problems, f"{len(shared)} 个，比对{where}")
    alone = len(names.keys() - said.keys())
    if alone or judges:
        parts = [f"{alone} 个参评对象" if alone else "", f"{judges} 位评委" if judges else ""]
        report.leave_out(
            "其他名称",
            f"「{NAMES_FILE}」里{'、'.join(filter(None, parts))}的姓名或名称，{where}里没有，"
            "是否被改动无从核对。",
        )


def _check_pages(bundle, report, told):
    """The record has one digest of each version's pages, in the order in which they were made."""
    found, beside, problems = {}, 0, Problems()
    for place, line in bundle.lines_of(PAGES_FILE):
        try:
            number, path, data = line["version"], line["path"], _bytes(line)
            if not (isinstance(number, int) and isinstance(path, str)):
                raise TypeError
        except (KeyError, TypeError, ValueError, binascii.Error):
            problems.add(f"{place}不是一页。")
            continue
        if path.startswith(VERIFY):
            beside += 1
            continue
        digest = hashlib.sha256(data).hexdigest()[:32]
        found.setdefault(number, hashlib.sha256()).update(f"{path} {digest}\n".encode())
    empty = hashlib.sha256()
    for number in sorted({*found, *told.pages}):
        if found.get(number, empty).hexdigest() != told.pages.get(number):
            problems.add(f"第 {number} 版的页面与存证里的摘要不符，被改动过。")
    report.add("公布过的页面", problems, f"{len(found)} 版")
    if beside:
        report.leave_out(
            "核验页",
            f"{beside} 个核验页、公开卷宗和核验程序在公布以后才做成，存证里没有它们的摘要；"
            "导入时核验页和程序由系统重新生成。",
        )


def _bytes(line):
    if "text" in line:
        return line["text"].encode()
    return base64.b64decode(line["base64"], validate=True)


def _check_attachments(bundle, report, told):
    problems, held, others = Problems(), 0, []
    for name in bundle.files.names():
        if not name.startswith(ATTACHMENTS):
            continue
        if bundle.files.digest(name)[1] in told.files:
            held += 1
        elif name.removeprefix(ATTACHMENTS).startswith(OWN_FILES):
            problems.add(f"附件「{shown(name)}」与存证里的摘要不符，被改动过。")
        else:
            others.append(shown(name))
    listed = problems.all()
    if held or listed:
        report.add("附件", listed, f"{held} 个")
    if others:
        report.leave_out("另附的文件", f"「{'」「'.join(others)}」不在存证里，是否被改动无从核对。")
