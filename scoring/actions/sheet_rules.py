"""What every change of score sheets shares: what is refused, how conflicts are told, receipts."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError

from competitions.models import Competition, Judge
from record.actions import OperationReused
from record.models import Revision
from record.prepared import Prepared
from scoring.models import Checked, Correction, Sheet
from scoring.queries.marks import Problem, read_marks, tidy_mark
from scoring.queries.panels import find_judge, load_marking_round

# Read aloud over a telephone: no letter that looks like a digit.
RECEIPT_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
RECEIPT_LENGTH = 6
LOCK = Prepared(
    lambda judge: Judge.objects.select_for_update(no_key=True).filter(id=judge).values_list("id")
)
JUDGE = Prepared(
    lambda judge: Judge.objects.select_related("competition", "person").filter(id=judge)
)
RECORDED = Prepared(lambda op: Revision.objects.filter(op_id=op))
EXISTING = Prepared(
    lambda judge, rounds, entries: Sheet.objects.filter(
        judge=judge, round_key__in=rounds, entry__id__in=entries
    )
)


class MarksRefused(ValidationError):
    """Marks that break the published rules; `problems` says where, one sentence each."""

    def __init__(self, problems):
        self.problems = list(problems)
        super().__init__([problem.message for problem in self.problems], code="marks")


class SheetConflict(ValidationError):
    """Another version of the same sheets is already there; `existing` are the rows as they stand.

    Nothing has been changed: the page shows both versions and says what can be done.
    """

    def __init__(self, message, existing):
        self.existing = list(existing)
        super().__init__(message, code="conflict")


class RoundClosed(ValidationError):
    """The round takes no sheets (now); the draft stays with the person who wrote it."""

    def __init__(self, message):
        super().__init__(message, code="closed")


def receipt_of(digest):
    """This function will make the short receipt code of a revision from its hexadecimal digest."""
    number = int(digest, 16)
    letters = []
    for _ in range(RECEIPT_LENGTH):
        number, place = divmod(number, len(RECEIPT_LETTERS))
        letters.append(RECEIPT_LETTERS[place])
    return "".join(letters)


def lock_judge(judge_id):
    """This function will lock a judge and return him: all changes of his sheets queue here."""
    # Asked once the lock is had: the competition may have been closed while waiting for it.
    judge = JUDGE.first(LOCK.write(judge=judge_id), judge=judge_id)
    if judge is None:
        raise Judge.DoesNotExist
    if judge.competition.stage != Competition.Stage.RUNNING:
        raise RoundClosed("该比武现在不接收打分：规则尚未公布或比武已经归档，请与组织部联系。")
    return judge


def load_panel(judge, round_key, entry_keys=None):
    """This function will load the round on whose panel the judge sits, or refuse; with
    `entry_keys` what a hand-in of these needs of it (scoring.queries.panels)."""
    panel = load_marking_round(judge.competition, round_key, entry_keys=entry_keys)
    if panel is None:
        raise RoundClosed("已公布的规则里没有这个需要评委打分的环节，请刷新页面。")
    if find_judge(panel, judge.key) is None:
        raise RoundClosed(f"{judge.person.name}不在「{panel.round.title}」的评委名单中。")
    return panel


def check_sheets(panel, judge, sheets, may=None):
    """This function will return [(Line, marks)] in the order of the sheet, or raise MarksRefused.

    `sheets` is {entry key: {site key or "": {criterion key: decimal text}}}. Recused entries,
    unknown entries and sites, and marks against the rules are refused, all problems at once.
    `may(judge, line)` says whose marks are taken: of those who owe them, unless given.
    """
    may = may or panel.owes
    problems, found = [], {}
    for entry_key, by_site in sheets.items():
        for site_key, given in by_site.items():
            line = panel.find_line(entry_key, site_key)
            if line is None:
                text = f"评分表里的「{entry_key}」不在参评名单或点位中，请刷新页面。"
                problems.append(Problem(entry_key, site_key, "", text))
            elif not may(judge, line):
                why = "回避" if panel.is_recused(judge, line) else "不参加打分"
                text = f"{judge.person.name}对{line.name}{why}，不能打分，请刷新页面。"
                problems.append(Problem(entry_key, site_key, "", text))
            else:
                marks, wrong = read_marks(line, given)
                problems += wrong
                found[line.key] = (line, marks)
    if problems:
        raise MarksRefused(problems)
    if not found:
        raise MarksRefused([Problem("", "", "", "没有任何打分，请填写后再提交。")])
    return [found[line.key] for line in panel.lines if line.key in found]


def check_marks(line, given):
    """This function will return one line's marks in canonical form, or raise MarksRefused."""
    marks, problems = read_marks(line, given)
    if problems:
        raise MarksRefused(problems)
    return marks


def find_existing(panel, judge):
    """This function will return {(round key, entry key, site): Sheet} of the judge on the panel's
    lines, one query."""
    # The panel knows its entries by name; joining them once more took longer than the rest.
    entries = {line.entry.id: line.entry for line in panel.lines}
    rows = EXISTING.all(judge=judge.id, rounds=panel.round_keys, entries=list(entries))
    found = {}
    for row in rows:
        row.entry = entries[row.entry_id]
        found[row.round_key, row.entry.key, row.site] = row
    return found


def find_operation(op, *, chain, kind, by, sheets, confirmed=(), judge=None):
    """This function will return the revision that already holds this operation, or None.

    `kind` is what it may have been recorded as: one kind, or a tuple of them. A repeated send must
    bring the same marks, and confirm the same sheets ((entry key, site key) pairs); otherwise
    OperationReused is raised. What has been accepted once stays accepted, whatever has changed
    since (a recusal, a withdrawn entry). With `judge`, sheets of his that were stored just so
    already count as brought: nothing was recorded of them.
    """
    earlier = RECORDED.first(op=op)
    if earlier is None:
        return None
    allowed = (kind,) if isinstance(kind, str) else kind
    same = earlier.kind in allowed and (earlier.chain, earlier.by) == (chain, str(by.id))
    if same:
        said = {**dict.fromkeys(confirmed), **_flat(sheets)}
        kept = {(item["entry"], item["site"]): item["marks"] for item in earlier.facts["sheets"]}
        if judge is not None:
            kept = {**_stored_beside(earlier, judge, said), **kept}
        same = said == kept
    if not same:
        raise OperationReused(earlier)
    return earlier


def _stored_beside(earlier, judge, said):
    rounds = {item["round"] for item in earlier.facts["sheets"]}
    rows = Sheet.objects.filter(judge=judge, round_key__in=rounds).select_related("entry")
    places = {(row.entry.key, row.site): row.marks for row in rows}
    return {place: places[place] for place in said if place in places}


def _flat(sheets):
    flat = {}
    for entry_key, by_site in sheets.items():
        for site_key, given in by_site.items():
            flat[entry_key, site_key] = tidy_marks(given)
    return flat


def tidy_marks(given):
    """This function will return {criterion key: text} with every mark as it would be stored."""
    return {key: _tidy(text) for key, text in given.items()}


def _tidy(text):
    try:
        return tidy_mark(text)
    except ValueError:
        return str(text)


def sheet_fact(line, marks, **more):
    """This function will return the record's body of one line: keys and decimal text only."""
    where = {"round": line.round.key, "entry": line.entry.key, "site": line.site_key}
    return {**where, "marks": marks, **more}


def new_sheet(panel, judge, line, marks, *, source, by, now: datetime, revision: UUID, receipt=""):
    """This function will build a Sheet row that is not yet stored."""
    pad = source == Sheet.Source.PAD
    return Sheet(
        competition=panel.competition,
        round_key=line.round.key,
        judge=judge,
        entry=line.entry,
        site=line.site_key,
        source=source,
        marks=marks,
        receipt=receipt,
        state=Checked.State.VERIFIED if pad else Checked.State.ENTERED,
        entered_by=by,
        entered_at=now,
        revision=revision,
    )


def has_open_correction(sheet):
    """This function will say whether a correction of the sheet waits for a second person."""
    return Correction.objects.filter(sheet=sheet, state=Checked.State.ENTERED).exists()
