"""Reading a bundle 卷宗: a folder or zip becomes checked data, or is refused in full sentences."""

from collections import Counter
from dataclasses import dataclass, field

from competitions.scheme.types import Scheme
from publication.bundle import limits
from publication.bundle.files import Files, open_files
from publication.bundle.problems import BundleError, Problems, shown
from publication.bundle.shapes import read_evidence
from publication.bundle.strict import Budget, read_json, read_scheme
from publication.bundle.tables import TABLES, read_tables
from scoring.rules.evidence import Evidence

FORMAT = "leitai-bundle/1"
SCHEMES = ("scheme.json", "scheme.toml")
DOCUMENTS = (
    "bundle.json",
    "names.json",
    "private.json",
    "evidence.json",
    "result.json",
    "outcome.json",
    "decision.json",
    "publications.json",
)
RECORD = "record.jsonl"
# For the installation that takes the competition over; nothing is computed from them.
TABLES_FILE = "tables.jsonl"
PAGES_FILE = "pages.jsonl"
ATTACHMENTS = "attachments/"
ENDINGS = (".csv", ".json", ".toml", ".jsonl")


@dataclass
class Bundle:
    """What a bundle holds; what it does not hold is None (or empty).

    about: bundle.json; names: {"entries": {key: name}, "judges": {key: name}}; result: a Tabulation
    document; outcome: {"computed": Outcome document, "final": the same after the meeting};
    decision: the meeting's; private: {digest: [salt, text]} of what the record only commits
    to; publications: the released versions with their contents; files: for the
    record and the attachments, which are read piece by piece.
    """

    files: Files
    scheme: Scheme
    about: dict = field(default_factory=dict)
    evidence: Evidence | None = None
    names: dict[str, dict[str, str]] = field(default_factory=dict)
    result: dict | None = None
    outcome: dict | None = None
    decision: dict | None = None
    publications: list = field(default_factory=list)
    scheme_document: dict | None = None
    private: dict[str, list[str]] = field(default_factory=dict)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.files.close()

    def name_of(self, entry):
        """This function will return the name of an entry, or its key."""
        return self.names.get("entries", {}).get(entry) or entry

    def record_rows(self):
        """This function will yield the rows of the record, one revision each."""
        if RECORD not in self.files:
            return
        lines = self.files.lines(RECORD, limits.RECORD, limits.LINE)
        for number, line in enumerate(lines, 1):
            if line.strip():
                budget = Budget(limits.LINE_VALUES)
                yield read_json(line, f"{RECORD} 第 {number} 行", budget)

    def lines_of(self, name):
        """This function will yield (place, what the line holds) of tables.jsonl or pages.jsonl;
        the place is how a sentence names the line."""
        if name not in self.files:
            return
        lines = self.files.lines(name, limits.UNPACKED, limits.DOCUMENT)
        for number, line in enumerate(lines, 1):
            place = f"{name} 第 {number} 行"
            yield place, read_json(line, place, Budget())


def read_bundle(source) -> Bundle:
    """This function will read a bundle from the path of a folder or zip, or from a zip's binary
    stream. BundleError lists what is wrong with it."""
    files = open_files(source)
    try:
        return _read(files)
    except BaseException:
        files.close()
        raise


def _read(files) -> Bundle:
    problems = Problems()
    _check_known(files, problems)
    schemes = [name for name in SCHEMES if name in files]
    if not schemes:
        problems.add("缺少 scheme.toml 或 scheme.json（办法），不能计算。")
    if len(schemes) > 1:
        problems.add("同时有 scheme.toml 和 scheme.json，请只留一个。")
    tables = [name for name in TABLES if name in files]
    if tables and "evidence.json" in files:
        problems.add(f"同时有 evidence.json 和 {tables[0]}，请只留一种。")
    problems.refuse()
    budget = Budget()
    scheme_data = files.read(schemes[0], limits.SCHEME)
    bundle = Bundle(files, read_scheme(scheme_data, schemes[0], budget))
    if schemes[0].endswith(".json"):
        bundle.scheme_document = read_json(scheme_data, schemes[0])
    read = {
        name: read_json(files.read(name, limits.DOCUMENT), name, budget)
        for name in DOCUMENTS
        if name in files
    }
    _check_documents(read, problems)
    problems.refuse()
    bundle.about = read.get("bundle.json", {})
    bundle.names = read.get("names.json", {})
    if "evidence.json" in read:
        bundle.evidence = read_evidence(read.pop("evidence.json"), "evidence.json")
    elif tables:
        if sum(files.sizes[name] for name in tables) > limits.TABLES:
            raise BundleError(f"CSV 表格合计超过 {limits.TABLES // limits.MEGABYTE} MB，不予读取。")
        document, bundle.names = read_tables(
            lambda name: files.read(name, limits.TABLES) if name in files else None, budget
        )
        bundle.evidence = read_evidence(document, "CSV 表格")
    if bundle.evidence is not None:
        _check_work(bundle.scheme, bundle.evidence)
    bundle.private = read.get("private.json", {})
    bundle.result = read.get("result.json")
    bundle.outcome = read.get("outcome.json")
    bundle.decision = read.get("decision.json")
    bundle.publications = read.get("publications.json", [])
    return bundle


def _check_known(files, problems):
    known = {*SCHEMES, *DOCUMENTS, *TABLES, RECORD, TABLES_FILE, PAGES_FILE}
    for name in files.names():
        if "/" in name and not name.startswith(ATTACHMENTS):
            problems.add(f"不认识的文件夹里有「{shown(name)}」，附件请放在 attachments/ 里。")
        elif "/" not in name and name not in known and name.endswith(ENDINGS):
            problems.add(f"不认识的文件「{shown(name)}」，请核对文件名。")


def _check_work(scheme, evidence):
    """Refuse what would take memory without end: a small file can ask for a huge computation."""
    judges = Counter(judge.group for judge in evidence.judges)
    each = 0
    for track in scheme.tracks:
        for round_ in track.rounds:
            marked = sum(1 for criterion in round_.criteria if criterion.rule.kind == "marks")
            parts = round_.panel.parts if round_.panel else ()
            each += len(round_.criteria) + marked * sum(judges[part.group] for part in parts)
    sites = max((len(keys) for keys in evidence.sites.values()), default=1)
    if each * len(evidence.entries) * max(1, sites) > limits.WORK:
        raise BundleError(
            f"要计算的分数超过 {limits.WORK // 10_000} 万个"
            f"（参评对象 {len(evidence.entries)} 个），请按榜单分成几份卷宗。"
        )


def _check_documents(read, problems):
    """The outer shape of each document; what is compared later is compared as it stands."""
    for name, value in read.items():
        if name == "publications.json":
            if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
                problems.add("「publications.json」应为列表，每项一个公布版本。")
        elif not isinstance(value, dict):
            problems.add(f"「{name}」最外层应为一个表（花括号）。")
    about = read.get("bundle.json")
    if isinstance(about, dict):
        if about.get("format") != FORMAT:
            problems.add(
                f"「bundle.json」的 format 是「{shown(about.get('format', ''))}」，"
                f"这个版本只认识 {FORMAT}，请换用相应版本的核验程序。"
            )
        listed = about.get("files", {})
        if not isinstance(listed, dict) or not all(isinstance(v, dict) for v in listed.values()):
            problems.add("「bundle.json」的 files 应为 {文件名: {size, sha256}}。")
    private = read.get("private.json")
    if isinstance(private, dict) and not all(
        isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, str) for part in pair)
        for pair in private.values()
    ):
        problems.add("「private.json」应为 {摘要: [盐, 文字]}。")
    names = read.get("names.json")
    if isinstance(names, dict) and not all(
        isinstance(table, dict) and all(isinstance(name, str) for name in table.values())
        for table in names.values()
    ):
        problems.add("「names.json」应为 {entries: {编号: 名称}, judges: {编号: 姓名}}。")
