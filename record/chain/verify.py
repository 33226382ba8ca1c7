"""Verification of a chain from plain rows: no database, nothing but the standard library."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from record.chain import digests
from record.chain.canonical import WHOLE_LIMIT, decode

PROBLEMS_SHOWN = 100


@dataclass
class Report:
    """What verification of one chain found; problems are full Chinese sentences with their seq."""

    chain: str = ""
    length: int = 0
    head: str = ""
    withheld: int = 0
    problems: list[str] = field(default_factory=list)
    problems_left_out: int = 0

    @property
    def ok(self) -> bool:
        """This function will say whether the chain holds."""
        return not self.problems

    def add(self, sentence: str) -> None:
        """This function will note a problem; beyond a hundred they are only counted."""
        if len(self.problems) < PROBLEMS_SHOWN:
            self.problems.append(sentence)
        else:
            self.problems_left_out += 1


def verify(
    rows: Iterable[Mapping],
    *,
    chain: str | None = None,
    checkpoints: Mapping[int, str] | None = None,
) -> Report:
    """This function will check one chain and return a Report.

    Each row is a mapping with chain, seq, op, replaces, kind, at, by, body_digest, previous and
    digest, and `body`: the canonical JSON text, the dict itself, or None (or absent) when it is
    withheld. `checkpoints` are digests that were printed or published, by seq: only they can show
    that the end of a chain was cut off or that the whole chain was written anew.
    """
    expected = dict(checkpoints or {})
    report = Report(chain=chain or "")
    if chain is not None:
        report.head = digests.first_previous(chain)
    seen: dict[str, int] = {}
    replaced: dict[str, int] = {}
    for position, row in enumerate(rows, start=1):
        report.length = position
        if not isinstance(row, Mapping):
            report.add(f"第 {position} 条：不是一条记录。")
            continue
        if not report.chain and isinstance(row.get("chain"), str):
            report.chain = row["chain"]
            report.head = digests.first_previous(report.chain)
        wrong = list(_shape_problems(row))
        if wrong:
            for sentence in wrong:
                report.add(f"第 {position} 条：{sentence}")
            if isinstance(row.get("digest"), str):
                report.head = row["digest"]
            continue
        _check_place(report, row, position)
        _check_body(report, row, position)
        _check_line(report, row, position, seen, replaced)
        wanted = expected.pop(position, None)
        if wanted is not None and wanted != row["digest"]:
            report.add(f"第 {position} 条：摘要与已公布的核对点不一致，这条链被改写过。")
        report.head = row["digest"]
    for seq in sorted(expected):
        report.add(f"第 {seq} 条：已公布过它的核对点，现在却没有这一条，链的末尾被截去。")
    return report


def _shape_problems(row):
    for name, pattern in _PATTERNS.items():
        value = row.get(name)
        if not isinstance(value, str) or not pattern(value):
            yield f"「{_TITLES[name]}」缺失或写法不对。"
    seq = row.get("seq")
    if type(seq) is not int or not 1 <= seq <= WHOLE_LIMIT:
        yield "「序号」缺失或写法不对。"
    replaces = row.get("replaces")
    if replaces is not None and not (
        isinstance(replaces, str) and digests.OPERATION.fullmatch(replaces)
    ):
        yield "「所更正的操作」写法不对。"


def _check_place(report, row, position):
    if row["chain"] != report.chain:
        report.add(f"第 {position} 条：属于另一条链「{row['chain']}」。")
    if row["seq"] != position:
        report.add(f"第 {position} 条：序号是 {row['seq']}，不连续。")
    if row["previous"] != report.head:
        report.add(f"第 {position} 条：与前一条的摘要接不上。")
    if digests.revision_digest(row) != row["digest"]:
        report.add(f"第 {position} 条：内容与摘要不符，被改动过。")


def _check_body(report, row, position):
    body = row.get("body")
    if body is None:
        report.withheld += 1
        return
    try:
        if isinstance(body, str):
            # decode has made sure that the text is its own canonical form.
            digests.require_salt(decode(body))
            found = digests.canonical_body_digest(body.encode("utf-8"))
        else:
            found = digests.body_digest(body)
    except ValueError as error:
        report.add(f"第 {position} 条：正文不能核验：{error}")
        return
    if found != row["body_digest"]:
        report.add(f"第 {position} 条：正文与摘要不符，被改动过。")


def _check_line(report, row, position, seen, replaced):
    operation, replaces = row["op"], row["replaces"]
    if operation in seen:
        report.add(f"第 {position} 条：操作号与第 {seen[operation]} 条重复。")
    if replaces is not None:
        if replaces not in seen:
            report.add(f"第 {position} 条：所更正的操作不在它之前。")
        if replaces in replaced:
            report.add(f"第 {position} 条：与第 {replaced[replaces]} 条更正的是同一条。")
        replaced.setdefault(replaces, position)
    seen.setdefault(operation, position)


_PATTERNS = {
    "chain": digests.CHAIN.fullmatch,
    "op": digests.OPERATION.fullmatch,
    "kind": digests.KIND.fullmatch,
    "at": digests.INSTANT.fullmatch,
    "by": digests.PERSON.fullmatch,
    "body_digest": digests.DIGEST.fullmatch,
    "previous": digests.DIGEST.fullmatch,
    "digest": digests.DIGEST.fullmatch,
}
_TITLES = {
    "chain": "链",
    "op": "操作号",
    "kind": "类别",
    "at": "时间",
    "by": "经手人",
    "body_digest": "正文摘要",
    "previous": "前一条摘要",
    "digest": "摘要",
}
