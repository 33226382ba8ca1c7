"""Verification 核验: everything that a bundle says is computed again and compared.

Each check says of what it is, whether it holds, fails or could not be made, and why.
"""

from dataclasses import asdict, dataclass, field

from competitions.scheme.write import to_document as scheme_document
from publication.bundle.beside import RELEASED, TOLD, Told, check_beside
from publication.bundle.compare import Words, differences
from publication.bundle.problems import Problems, shown
from publication.bundle.published import check_contents
from publication.bundle.read import RECORD, Bundle
from publication.bundle.timed import HEARD, StageTold, check_overtime
from record.chain.canonical import decode
from record.chain.commitments import commit, commitments_in
from record.chain.digests import EVIDENCE_TAG, RESULT_TAG, SALT, document_digest
from record.chain.verify import verify as verify_chain
from rewards.rules.decide import apply_decision, decide
from rewards.rules.outcome import Change
from scoring.rules.evidence import to_document as evidence_document
from scoring.rules.exact import read_number
from scoring.rules.result import without_words
from scoring.rules.tabulate import tabulate

HOLDS, FAILS, LEFT_OUT = "holds", "fails", "left_out"
TABULATION_STORED = "tabulation.stored"
SCHEME_READ = "办法"
OUTCOME_WORDS = ("reason", "choice", "notes")


@dataclass
class Check:
    """One check: its title, state (holds, fails, left_out), a note and the problems found."""

    title: str
    state: str
    note: str = ""
    problems: list[str] = field(default_factory=list)


@dataclass
class Report:
    """All checks of a bundle."""

    checks: list[Check] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """This function will say whether nothing failed and something was compared: that the
        scheme can be read proves nothing yet."""
        failed = any(check.state == FAILS for check in self.checks)
        return not failed and any(
            check.state == HOLDS and check.title != SCHEME_READ for check in self.checks
        )

    def add(self, title, problems, note=""):
        """This function will note a check by its problems."""
        listed = problems.all() if isinstance(problems, Problems) else list(problems)
        self.checks.append(Check(title, FAILS if listed else HOLDS, note, listed))

    def leave_out(self, title, note):
        """This function will note what could not be checked, and why."""
        self.checks.append(Check(title, LEFT_OUT, note))

    def to_document(self) -> dict:
        """This function will return the report as JSON-able data."""
        return {"ok": self.ok, "checks": [asdict(check) for check in self.checks]}


def verify_bundle(bundle: Bundle) -> Report:
    """This function will recompute and compare whatever the bundle lets be recomputed."""
    report = Report()
    words = Words(bundle)
    _check_files(bundle, report)
    told, stage = Told(), StageTold(bundle.about.get("tabulation"))
    bodies, committed = _check_record(bundle, report, told, stage)
    _check_private(bundle, report, committed)
    _check_scheme(bundle, report, bodies)
    tabulation = outcome = None
    if bundle.evidence is None:
        report.leave_out("统分", "卷宗没有打分和数据（按办法不公开），不能重新计算总分。")
    else:
        tabulation = tabulate(bundle.scheme, bundle.evidence)
        _check_result(bundle, tabulation, report, words, bodies)
        check_overtime(bundle, report, stage, words)
        outcome = _check_outcome(bundle, tabulation, report, words)
    for version in bundle.publications:
        _check_publication(bundle, version, tabulation, outcome, report, words, bodies)
    check_beside(bundle, report, told)
    return report


# --- files and record ----------------------------------------------------------------------------


def _check_files(bundle, report):
    listed = bundle.about.get("files")
    if listed is None:
        report.leave_out("文件清单", "卷宗没有文件清单（手工卷宗），文件是否被改动无从核对。")
        return
    problems = Problems()
    for name in bundle.files.names():
        if name == "bundle.json":
            continue
        if name not in listed:
            problems.add(f"文件「{shown(name)}」不在清单里。")
            continue
        size, digest = bundle.files.digest(name)
        if (listed[name].get("size"), listed[name].get("sha256")) != (size, digest):
            problems.add(f"文件「{shown(name)}」与清单上的摘要不符，被改动过。")
    for name in listed:
        if name not in bundle.files:
            problems.add(f"清单上的文件「{shown(name)}」不在卷宗里。")
    report.add("文件清单", problems, f"{len(listed)} 个文件")


def _check_record(bundle, report, told, stage):
    """Check the chain; {(kind, number): body} of the tabulations and versions in it, and the
    commitments in all its bodies, where the bundle has texts to hold against them."""
    bodies, committed = {}, set()
    if RECORD not in bundle.files:
        report.leave_out("存证链", "卷宗没有存证记录。")
        return bodies, committed

    def rows():
        for row in bundle.record_rows():
            if isinstance(row, dict) and row.get("kind") in (TABULATION_STORED, RELEASED):
                _keep_body(row, bodies)
            if bundle.private:
                committed.update(commitments_in(_read_body(row)))
            if isinstance(row, dict) and row.get("kind") in TOLD:
                told.hear(row, _read_body(row))
            if isinstance(row, dict) and row.get("kind") in HEARD:
                stage.hear(row["kind"], _read_body(row))
            yield row

    chain = bundle.about.get("chain")
    checkpoints = {}
    for seq, digest in _table(bundle.about.get("checkpoints")).items():
        if seq.isascii() and seq.isdigit():
            checkpoints[int(seq)] = digest
    found = verify_chain(
        rows(), chain=chain if isinstance(chain, str) and chain else None, checkpoints=checkpoints
    )
    problems = list(found.problems)
    if found.problems_left_out:
        problems.append(f"另有 {found.problems_left_out} 处没有列出。")
    head = bundle.about.get("head")
    if head is not None and head != found.head:
        problems.append("末条摘要与卷宗封面所写的不一致，链的末尾被截去或改写。")
    withheld = f"，其中 {found.withheld} 条正文按规定不公开" if found.withheld else ""
    report.add("存证链", problems, f"{found.length} 条{withheld}，末条摘要 {shown(found.head, 70)}")
    if checkpoints and found.ok:
        compared = (f"第 {seq} 条 {shown(checkpoints[seq], 70)}" for seq in sorted(checkpoints))
        report.add("核对点", [], "；".join(compared))
    return bodies, committed


def _check_private(bundle, report, committed):
    """Each text that goes with the record must be the one that was committed to."""
    if not bundle.private:
        return
    problems = Problems()
    for digest, (salt, text) in bundle.private.items():
        if digest not in committed:
            problems.add(f"文字「{shown(text, 20)}」不属于这份存证。")
        elif not SALT.fullmatch(salt) or commit(text, salt) != digest:
            problems.add(f"文字「{shown(text, 20)}」与存证里的摘要不符，被改动过。")
    erased = len(committed - bundle.private.keys())
    note = f"，另有 {erased} 段已经抹去" if erased else ""
    report.add("事由等文字", problems, f"{len(bundle.private)} 段{note}")


def _read_body(row):
    body = row.get("body") if isinstance(row, dict) else None
    if not isinstance(body, str):
        return body
    try:
        return decode(body)
    except ValueError:
        return None


def _keep_body(row, bodies):
    body = _read_body(row)
    if isinstance(body, dict) and isinstance(body.get("number"), int):
        bodies[row["kind"], body["number"]] = body


def _body(bodies, kind, number):
    return bodies.get((kind, number)) if isinstance(number, int) else None


def _table(value):
    return value if isinstance(value, dict) else {}


def _check_scheme(bundle, report, bodies):
    # A scheme.json counts as it was published: a later language may have fields it did not know.
    document = bundle.scheme_document
    digest = document_digest(document or scheme_document(bundle.scheme))
    problems = Problems()
    stated = bundle.about.get("scheme_digest")
    if stated is not None and stated != digest:
        problems.add("办法与卷宗封面所写的摘要不符，被改动过。")
    body = _body(bodies, TABULATION_STORED, bundle.about.get("tabulation"))
    if body is not None and body.get("scheme") != digest:
        problems.add("办法与存证里统分所依据的办法不符。")
    report.add(SCHEME_READ, problems, f"「{shown(bundle.scheme.title)}」，摘要 {digest[:16]}…")


# --- result and outcome --------------------------------------------------------------------------


def _check_result(bundle, tabulation, report, words, bodies):
    body = _body(bodies, TABULATION_STORED, bundle.about.get("tabulation"))
    left_bare = bundle.about.get("trees") is False
    whole = tabulation.to_document() if bundle.result is not None or body is not None else None
    if body is not None and not bundle.about.get("redacted"):
        problems = Problems()
        if document_digest(evidence_document(bundle.evidence), EVIDENCE_TAG) != body.get(
            "evidence"
        ):
            problems.add("打分和数据与存证里统分所依据的不符，被改动过。")
        # The stored result as it came, in the words of its time, where it came whole.
        stored = whole if bundle.result is None or left_bare else bundle.result
        if document_digest(stored, RESULT_TAG) != body.get("result"):
            problems.add("结果与存证里的结果摘要不符。")
        report.add("统分存证", problems, f"第 {body['number']} 次统分")
    count = sum(len(track.entries) for track in tabulation.tracks.values())
    note = f"{len(tabulation.tracks)} 个榜单，{count} 个参评对象"
    if not tabulation.complete:
        note += f"，还缺 {len(tabulation.missing)} 项"
    if bundle.result is None:
        report.leave_out(
            "总分与名次", f"卷宗没有 result.json，重新计算了{note}，没有可比对的结果。"
        )
        return
    found = tabulation.to_document(trees=False) if left_bare else whole
    try:
        problems = differences(without_words(bundle.result), without_words(found), words)
    except (KeyError, TypeError, AttributeError):
        problems = ["「result.json」的格式不正确，不能比对。"]
    report.add("总分、名次和得分过程", problems, note)


def _check_outcome(bundle, tabulation, report, words):
    """Compare flags, awards and amounts; the outcome as it stands after the meeting."""
    computed = decide(tabulation, bundle.scheme, bundle.evidence)
    final = computed
    if bundle.decision is not None:
        final = _after_meeting(bundle, computed, report)
    if bundle.outcome is None:
        report.leave_out("旗、奖项和金额", "卷宗没有 outcome.json，没有可比对的结果。")
        return final
    stored = bundle.outcome
    if "computed" not in stored and "final" not in stored:
        stored = {"final": stored}
    if "computed" in stored:
        report.add(
            "按办法计算的旗、奖项和金额",
            _outcome_differences(stored["computed"], computed, words),
            f"旗 {len(computed.flags)} 面，奖项 {len(computed.awards)} 个，共 {computed.total} 元",
        )
    if "final" in stored and final is not None:
        report.add(
            "会议决定以后的旗、奖项和金额" if bundle.decision else "旗、奖项和金额",
            _outcome_differences(stored["final"], final, words),
            f"旗 {len(final.flags)} 面，奖项 {len(final.awards)} 个，共 {final.total} 元",
        )
    return final


def _outcome_differences(stored, outcome, words):
    return differences(_bare(stored), _bare(outcome.to_document()), words)


def _bare(item):
    """An outcome without its sentences: another wording is no other outcome."""
    if isinstance(item, dict):
        return {key: _bare(value) for key, value in item.items() if key not in OUTCOME_WORDS}
    return [_bare(part) for part in item] if isinstance(item, list) else item


def _after_meeting(bundle, computed, report):
    changes = bundle.decision.get("changes")
    try:
        listed = [Change(**change) for change in changes]
        if not all(item.amount is None or read_number(item.amount) is not None for item in listed):
            raise ValueError("金额应为普通写法的数字。")
        final = apply_decision(computed, listed)
    except (TypeError, AttributeError):
        report.add("会议决定", ["「decision.json」的 changes 格式不正确。"])
        return None
    except ValueError as error:
        report.add("会议决定", [f"会议的调整与计算结果对不上：{error}"])
        return None
    report.add("会议决定", [], f"调整 {len(listed)} 处，只改奖项，不改分数")
    return final


# --- publications --------------------------------------------------------------------------------


def _check_publication(bundle, version, tabulation, outcome, report, words, bodies):
    number = version.get("number")
    title = f"第 {shown(number, 10)} 版公布内容（{shown(version.get('circle_title', ''), 20)}）"
    contents = version.get("contents")
    if not isinstance(contents, dict):
        report.add(title, ["没有公布的内容。"])
        return
    problems = Problems()
    try:
        digest = document_digest(contents)
    except ValueError as error:
        report.add(title, [f"公布的内容没有规范写法：{error}"])
        return
    if version.get("contents_digest") != digest:
        problems.add("内容与公布时的摘要不符，被改动过。")
    body = _body(bodies, RELEASED, number)
    if body is None:
        problems.add("存证里没有这一版，或其正文没有附上。")
    elif body.get("contents") != digest:
        problems.add("内容与存证里的摘要不符，被改动过。")
    note = f"内容摘要 {digest}"
    if contents.get("kind") == "results":
        own = version.get("tabulation") == bundle.about.get("tabulation")
        if tabulation is None or not own:
            note += "；没有附上所依据的打分和数据，只核对了公布内容自身和摘要"
            tabulation = outcome = None
        check_contents(bundle.scheme, contents, tabulation, outcome, words, problems)
    report.add(title, problems, note)
