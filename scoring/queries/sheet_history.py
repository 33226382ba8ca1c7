"""What became of a judge's sheets, from the record: as handed in, and every correction."""

from dataclasses import dataclass, field

from competitions.queries.signers import find_signers
from record.models import Revision
from record.private import reveal_all
from scoring import kinds
from scoring.models import Correction

HANDED = (
    kinds.SHEETS_SUBMITTED,
    kinds.SHEETS_LATE,
    kinds.LATE_VERIFIED,
    kinds.SHEET_ENTERED,
    kinds.SHEET_VERIFIED,
)
SETTLED = (kinds.CORRECTION_VERIFIED, kinds.CORRECTION_RETURNED)
APPROVED = (kinds.CORRECTION_VERIFIED, kinds.MEASUREMENTS_VERIFIED)
# What the receipt was given for.
RECEIVED = (kinds.SHEETS_SUBMITTED, kinds.SHEETS_LATE)


@dataclass(frozen=True)
class Act:
    """One revision that concerns a sheet, with the name of who did it ("" once erased)."""

    revision: Revision
    name: str
    reason: str = ""

    @property
    def received(self):
        return self.revision.kind in RECEIVED


@dataclass
class Change:
    """One correction: the marks (or counted votes) before and after it, who proposed it and who
    settled it (None while it waits)."""

    before: dict
    after: dict
    proposed: Act
    settled: Act | None = None

    @property
    def approved(self):
        return self.settled is not None and self.settled.revision.kind in APPROVED


@dataclass
class History:
    """How one sheet came in, the marks with which it did, and its corrections, first to last."""

    handed: list = field(default_factory=list)
    marks: dict = field(default_factory=dict)
    changes: list = field(default_factory=list)

    @property
    def settled(self):
        return [change for change in self.changes if change.settled is not None]

    @property
    def approved(self):
        return [change for change in self.changes if change.approved]


def find_histories(judge):
    """This function will return {(round key, entry key, site): History} of all sheets of a judge,
    in a constant number of queries."""
    revisions = list(
        Revision.objects.of_chain(judge.competition.chain)
        .of_kind(*HANDED, kinds.CORRECTION_ENTERED, *SETTLED)
        .filter(body__contains=f'"judge":"{judge.key}"')
    )
    names, found = find_signers(revisions), {}
    bodies = reveal_all(revision.facts for revision in revisions)
    for revision, facts in zip(revisions, bodies, strict=True):
        act = Act(revision, names[revision.op_id], facts.get("reason", ""))
        for item in facts["sheets"] if revision.kind in HANDED else [facts]:
            place = (item["round"], item["entry"], item["site"])
            _follow(found.setdefault(place, History()), act, item)
    return found


def find_history(sheet):
    """This function will return the History of one stored sheet; empty if the record has none."""
    place = (sheet.round_key, sheet.entry.key, sheet.site)
    return find_histories(sheet.judge).get(place, History())


def find_corrected(judge, sheets):
    """This function will return {sheet id: History} of those of a judge's sheets that have been
    corrected. One query where none has."""
    rows = Correction.objects.filter(sheet__in=sheets, state=Correction.State.VERIFIED)
    corrected = set(rows.values_list("sheet_id", flat=True))
    if not corrected:
        return {}
    found = find_histories(judge)
    return {
        sheet.id: found.get((sheet.round_key, sheet.entry.key, sheet.site), History())
        for sheet in sheets
        if sheet.id in corrected
    }


def _follow(history, act, item):
    kind = act.revision.kind
    if kind in HANDED:
        _hand_in(history, act, item)
    elif kind == kinds.CORRECTION_ENTERED:
        before = history.approved[-1].after if history.approved else history.marks
        history.changes.append(Change(before, item["marks"], act))
    elif history.changes:
        history.changes[-1].settled = act


def _hand_in(history, act, item):
    """A second person's reading that differs is not the sheet's; one by ticking has no marks."""
    history.handed.append(act)
    kind = act.revision.kind
    if kind == kinds.SHEET_VERIFIED:
        entered = [one for one in history.handed if one.revision.kind == kinds.SHEET_ENTERED]
        typist = entered[-1].revision.by if entered else ""
        if item["marks"] and (item["verified"] or act.revision.by == typist):
            history.marks = item["marks"]
    elif kind != kinds.SHEETS_LATE:
        history.marks = item["marks"]
