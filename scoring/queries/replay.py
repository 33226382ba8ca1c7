"""What the record alone says was marked, measured, credited and ruled, beside the rows."""

from dataclasses import dataclass
from uuid import UUID

from competitions.queries.replay import roads_agree
from record.models import Revision
from record.private import reveal_all
from scoring import kinds
from scoring.models import (
    Checked,
    Correction,
    LateDecision,
    LateSheet,
    LedgerEvent,
    Measurement,
    Ruling,
    Sheet,
    Tabulation,
)

VERIFIED, ENTERED, RETURNED = (
    Checked.State.VERIFIED.value,
    Checked.State.ENTERED.value,
    Checked.State.RETURNED.value,
)
FAMILIES = (
    "sheets.",
    "sheet.",
    "correction.",
    "late.",
    "measurements.",
    "ledger.",
    "ruling.",
)
ON_SHEETS = {kinds.SHEETS_SUBMITTED, kinds.SHEET_ENTERED, kinds.SHEET_VERIFIED}
CORRECTION_ROAD = {
    kinds.CORRECTION_ENTERED: ENTERED,
    kinds.CORRECTION_VERIFIED: VERIFIED,
    kinds.CORRECTION_RETURNED: RETURNED,
}
LATE_ROAD = {
    kinds.LATE_PROPOSED: ENTERED,
    kinds.LATE_VERIFIED: VERIFIED,
    kinds.LATE_RETURNED: RETURNED,
}
LEDGER = ("entry", "round", "criterion", "item", "date", "points")


def find_unlike_record(competition, ids):
    """This function will return the titles of the kinds of rows that are not what the record of a
    competition says: a row more or less, another value, another state, somebody else who entered,
    verified or withdrew it, or at another time. `ids` are Identities
    (competitions.queries.replay). Six queries.
    """
    told = _Told(ids)
    revisions = Revision.objects.of_chain(competition.chain).order_by("seq")
    for revision in revisions.iterator():
        if revision.kind.startswith(FAMILIES):
            told.hear(revision)
    pairs = (
        (Sheet, _sheets_agree(competition, told.sheets)),
        (Measurement, _measurements_agree(competition, told.measurements)),
        (LedgerEvent, _events_agree(competition, told.events)),
        (Ruling, _rulings_agree(competition, told.rulings)),
    )
    return [str(model._meta.verbose_name) for model, agrees in pairs if not agrees]


NOBODY = (None, None)


class _Told:
    """What stands after the revisions heard so far. A hand is (a person's id here, when).

    sheets {(judge, round, entry, site): _SheetTold}; measurements {(round, entry, criterion):
    (values, state, verified values that go on counting, hand that entered, hand that verified)};
    events and rulings {key: [facts, state, withdrawn, hands]}, hands by the fields of the row.
    """

    def __init__(self, ids):
        self.ids = ids
        self.sheets, self.measurements, self.events, self.rulings = {}, {}, {}, {}
        # Who began what others settle: {operation: hand}.
        self.begun = {}

    def hear(self, revision):
        """This function will take one revision in."""
        kind, facts = revision.kind, revision.facts
        hand = (self.ids.person(revision, revision.by), revision.at)
        admitted = kind == kinds.LATE_VERIFIED and facts["admit"]
        if kind == kinds.CORRECTION_ENTERED or kind == kinds.SHEETS_LATE:
            self.begun[revision.op_id] = hand
        elif admitted:
            # They count as the judge handed them in.
            self._hear_sheets(kind, facts, self.begun[UUID(facts["late"])])
        elif kind in ON_SHEETS:
            self._hear_sheets(kind, facts, hand)
        elif kind == kinds.CORRECTION_VERIFIED:
            entered = self.begun[revision.replaces]
            place = _place(facts["judge"], facts)
            self.sheets[place] = _SheetTold(facts["marks"], VERIFIED, entered, hand)
        elif kind.startswith("measurements."):
            self._hear_measurements(kind, facts, hand)
        elif kind.startswith("ledger."):
            self._hear_row(self.events, kind.partition(".")[2], facts, hand)
        elif kind.startswith("ruling."):
            self._hear_row(self.rulings, kind.partition(".")[2], facts, hand)

    def _hear_sheets(self, kind, facts, hand):
        for line in facts["sheets"]:
            place, marks = _place(facts["judge"], line), line["marks"]
            if kind == kinds.SHEET_VERIFIED:
                self.sheets[place].read_again(marks, line["verified"], hand)
            else:
                state = ENTERED if kind == kinds.SHEET_ENTERED else VERIFIED
                self.sheets[place] = _SheetTold(marks, state, hand)

    def _hear_measurements(self, kind, facts, hand):
        for row in facts["rows"]:
            place = (facts["round"], row["entry"], row["criterion"])
            was, state, kept, entered, _ = self.measurements.get(
                place, ({}, "", {}, NOBODY, NOBODY)
            )
            if kind == kinds.MEASUREMENTS_ENTERED:
                kept = was if state == VERIFIED else kept
                told = (ENTERED, kept, hand, NOBODY)
            elif kind == kinds.MEASUREMENTS_COUNTED:
                told = (VERIFIED, {}, hand, NOBODY)
            elif kind == kinds.MEASUREMENTS_VERIFIED:
                told = (VERIFIED, {}, entered, hand)
            else:
                told = (RETURNED, kept, entered, NOBODY)
            self.measurements[place] = (row["values"], *told)

    @staticmethod
    def _hear_row(rows, what, facts, hand):
        if what == "entered":
            rows[facts["key"]] = [facts, ENTERED, False, dict(HANDS, entered=hand)]
            return
        row = rows[facts["key"]]
        if "withdrawn" not in facts:
            row[1] = VERIFIED if what == "verified" else RETURNED
            row[3]["verified"] = hand if what == "verified" else NOBODY
            return
        row[2] = facts["withdrawn"]
        if what == "withdrawn":
            row[3]["withdrawal"] = hand
        elif row[2]:
            row[3]["withdrawal_checked"] = hand
        else:
            row[3]["withdrawal"] = NOBODY


HANDS = dict.fromkeys(("entered", "verified", "withdrawal", "withdrawal_checked"), NOBODY)


@dataclass(slots=True)
class _SheetTold:
    """How one judge's sheet stands; `second` is a reading that differs, and who read it."""

    marks: dict
    state: str
    entered: tuple
    verified: tuple = NOBODY
    second: tuple = NOBODY

    def read_again(self, marks, agreed, hand):
        """This function will take in a second reading, None where the sheet was compared with the
        paper: it differs, or two persons now agree."""
        if not agreed and hand[0] == self.entered[0]:
            self.marks, self.entered = marks, hand
        elif not agreed:
            self.second = (marks, hand[0])
        else:
            if marks is not None and marks != self.marks:
                # What the other one had read holds; whoever came round to it verifies it.
                self.marks, self.entered = marks, (self.second[1], self.entered[1])
            self.state, self.verified, self.second = VERIFIED, hand, NOBODY


def _place(judge, line):
    return judge, line["round"], line["entry"], line["site"]


def _sheets_agree(competition, told):
    rows = Sheet.objects.filter(competition=competition).order_by("id")
    found = rows.values_list(
        "judge__key",
        "round_key",
        "entry__key",
        "site",
        "marks",
        "state",
        "entered_by_id",
        "entered_at",
        "verified_by_id",
        "verified_at",
        "second_marks",
        "second_by_id",
    )
    places = set()
    for (
        *place,
        marks,
        state,
        by,
        at,
        verified_by,
        verified_at,
        second,
        second_by,
    ) in found.iterator():
        hands = ((by, at), (verified_by, verified_at), (second, second_by))
        if told.get(tuple(place)) != _SheetTold(marks, state, *hands):
            return False
        places.add(tuple(place))
    return len(places) == len(told)


def _measurements_agree(competition, told):
    rows = Measurement.objects.filter(competition=competition).order_by("id")
    found = rows.values_list(
        "round_key",
        "entry__key",
        "criterion_key",
        "values",
        "state",
        "verified_values",
        "entered_by_id",
        "entered_at",
        "verified_by_id",
        "verified_at",
    )
    places = set()
    for *place, values, state, kept, by, at, verified_by, verified_at in found.iterator():
        said = told.get(tuple(place))
        own = (values, state, (by, at), (verified_by, verified_at))
        # Rows that were changed before verified values went on counting have none kept.
        if said is None or (*said[:2], *said[3:]) != own or kept not in (said[2], {}):
            return False
        places.add(tuple(place))
    return len(places) == len(told)


def _hands_of(row):
    """Who did what to a row that can be withdrawn, and when, in the shape of what was told."""
    return {name: (getattr(row, f"{name}_by_id"), getattr(row, f"{name}_at")) for name in HANDS}


def _events_agree(competition, told):
    rows = LedgerEvent.objects.filter(competition=competition).select_related("entry")
    found = list(rows.order_by("id"))
    texts = reveal_all(facts for facts, *_ in told.values())
    said = {
        key: (facts, *rest) for (key, (_, *rest)), facts in zip(told.items(), texts, strict=True)
    }
    return len(found) == len(said) and all(_event_agrees(row, said.get(row.key)) for row in found)


def _event_agrees(row, said):
    if said is None:
        return False
    facts, state, withdrawn, hands = said
    # Older records name a matter by its words alone.
    matter = facts.get("matter_key", row.matter_key if facts["matter"] else "")
    stored = (
        row.entry.key,
        row.round_key,
        row.criterion_key,
        row.item_key,
        row.happened_on.isoformat(),
        row.points,
    )
    return (
        stored == tuple(facts[name] for name in LEDGER)
        and row.matter_key == matter
        and (row.reason, row.matter) == (facts["reason"], facts["matter"])
        and row.evidence_digest == facts.get("evidence", {}).get("sha256", "")
        and (row.state, row.withdrawn, _hands_of(row)) == (state, withdrawn, hands)
    )


def _rulings_agree(competition, told):
    found = list(Ruling.objects.filter(competition=competition).order_by("id"))
    texts = reveal_all(facts for facts, *_ in told.values())
    said = {
        key: (facts, *rest) for (key, (_, *rest)), facts in zip(told.items(), texts, strict=True)
    }
    return len(found) == len(said) and all(_ruling_agrees(row, said.get(row.key)) for row in found)


def _ruling_agrees(row, said):
    if said is None:
        return False
    facts, state, withdrawn, hands = said
    stored = (row.kind, row.subject, row.document_number, row.decided_on.isoformat())
    recorded = (facts["kind"], facts["subject"], facts["document"], facts["decided_on"])
    stored += (row.reason, row.decided_by)
    recorded += (facts["reason"], facts["decided_by"])
    stored += (row.state, row.withdrawn, _hands_of(row))
    return stored == (*recorded, state, withdrawn, hands)


def find_unlike_settled(competition, ids):
    """This function will do what `find_unlike_record` does for corrections, for marks that came
    late and what was decided about them, and for tabulations. `ids` are Identities
    (competitions.queries.replay). Half a dozen queries and one for each correction or decision.
    """
    corrections = Correction.objects.filter(sheet__competition=competition).order_by("id")
    decisions = LateDecision.objects.filter(late__competition=competition).order_by("id")
    pairs = (
        (
            Correction,
            roads_agree(
                corrections.select_related("sheet__judge", "sheet__entry"),
                competition,
                CORRECTION_ROAD,
                ids,
                _correction_agrees,
            ),
        ),
        (
            LateDecision,
            roads_agree(
                decisions.select_related("late"), competition, LATE_ROAD, ids, _late_decision_agrees
            ),
        ),
        (LateSheet, _late_agree(competition)),
        (Tabulation, _tabulations_agree(competition, ids)),
    )
    return [str(model._meta.verbose_name) for model, agrees in pairs if not agrees]


def _correction_agrees(row, facts, _revision):
    sheet = row.sheet
    place = (sheet.judge.key, sheet.round_key, sheet.entry.key, sheet.site)
    return (
        place == _place(facts["judge"], facts)
        and row.marks == facts["marks"]
        and row.reason == facts["reason"]
    )


def _late_decision_agrees(row, facts, _revision):
    told = (facts["late"], facts["admit"], facts["reason"], facts["decided_by"])
    return (row.late.revision.hex, row.admit, row.reason, row.decided_by) == told


def _late_agree(competition):
    outcomes, told = LateSheet.Outcome, {}
    late = (kinds.SHEETS_LATE, kinds.LATE_VERIFIED)
    for item in Revision.objects.of_chain(competition.chain).of_kind(*late):
        facts = item.facts
        if item.kind == kinds.SHEETS_LATE:
            told[item.op_id.hex] = [facts["judge"], facts["sheets"], item.at, outcomes.WAITING]
        else:
            told[facts["late"]][3] = outcomes.ADMITTED if facts["admit"] else outcomes.DISMISSED
    rows = LateSheet.objects.filter(competition=competition).select_related("judge")
    return {
        row.revision.hex: [row.judge.key, row.lines, row.received_at, row.outcome]
        for row in rows.order_by("id")
    } == told


def _tabulations_agree(competition, ids):
    """What went in and came out is held against its digests elsewhere (scoring.queries.sealed)."""
    stored = Revision.objects.of_chain(competition.chain).of_kind(kinds.TABULATION_STORED)
    told = {item.facts["number"]: (item.op_id, ids.person(item, item.by)) for item in stored}
    rows = Tabulation.objects.filter(competition=competition).order_by("id")
    found = rows.values_list("number", "revision", "made_by_id")
    return {number: (revision, by) for number, revision, by in found} == told
