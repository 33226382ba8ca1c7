"""What the record alone says was marked, measured, credited and ruled, beside the rows."""

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


def find_unlike_record(competition):
    """This function will return the titles of the kinds of rows that are not what the record of a
    competition says: a row more or less, another value, another state. Six queries.

    What was typed of a paper sheet before two persons agreed may be either reading.
    """
    told = _Told()
    revisions = Revision.objects.of_chain(competition.chain).order_by("seq")
    for revision in revisions.iterator():
        if revision.kind.startswith(FAMILIES):
            told.hear(revision.kind, revision.facts)
    pairs = (
        (Sheet, _sheets_agree(competition, told.sheets)),
        (Measurement, _measurements_agree(competition, told.measurements)),
        (LedgerEvent, _events_agree(competition, told.events)),
        (Ruling, _rulings_agree(competition, told.rulings)),
    )
    return [str(model._meta.verbose_name) for model, agrees in pairs if not agrees]


class _Told:
    """What stands after the revisions heard so far.

    sheets {(judge, round, entry, site): (state, [marks that it may have])}; measurements
    {(round, entry, criterion): (values, state, verified values that go on counting)}; events and
    rulings {key: [facts, state, withdrawn]}.
    """

    def __init__(self):
        self.sheets, self.measurements, self.events, self.rulings = {}, {}, {}, {}

    def hear(self, kind, facts):
        """This function will take one revision in."""
        admitted = kind == kinds.LATE_VERIFIED and facts["admit"]
        if admitted or kind in ON_SHEETS:
            self._hear_sheets(kind, facts)
        elif kind == kinds.CORRECTION_VERIFIED:
            self.sheets[_place(facts["judge"], facts)] = (VERIFIED, [facts["marks"]])
        elif kind.startswith("measurements."):
            self._hear_measurements(kind, facts)
        elif kind.startswith("ledger."):
            self._hear_row(self.events, kind.partition(".")[2], facts)
        elif kind.startswith("ruling."):
            self._hear_row(self.rulings, kind.partition(".")[2], facts)

    def _hear_sheets(self, kind, facts):
        for line in facts["sheets"]:
            place, marks = _place(facts["judge"], line), line["marks"]
            if kind != kinds.SHEET_VERIFIED:
                state = ENTERED if kind == kinds.SHEET_ENTERED else VERIFIED
                self.sheets[place] = (state, [marks])
                continue
            # Nothing was typed where the sheet was compared with the paper.
            before = self.sheets[place][1]
            if line["verified"]:
                self.sheets[place] = (VERIFIED, before if marks is None else [marks])
            else:
                self.sheets[place] = (ENTERED, [*before, marks])

    def _hear_measurements(self, kind, facts):
        for row in facts["rows"]:
            place = (facts["round"], row["entry"], row["criterion"])
            was, state, kept = self.measurements.get(place, ({}, "", {}))
            if kind == kinds.MEASUREMENTS_ENTERED:
                kept = was if state == VERIFIED else kept
                self.measurements[place] = (row["values"], ENTERED, kept)
            elif kind in (kinds.MEASUREMENTS_VERIFIED, kinds.MEASUREMENTS_COUNTED):
                self.measurements[place] = (row["values"], VERIFIED, {})
            else:
                self.measurements[place] = (row["values"], RETURNED, kept)

    @staticmethod
    def _hear_row(rows, what, facts):
        if what == "entered":
            rows[facts["key"]] = [facts, ENTERED, False]
        elif "withdrawn" in facts:
            rows[facts["key"]][2] = facts["withdrawn"]
        else:
            rows[facts["key"]][1] = VERIFIED if what == "verified" else RETURNED


def _place(judge, line):
    return judge, line["round"], line["entry"], line["site"]


def _sheets_agree(competition, told):
    rows = Sheet.objects.filter(competition=competition).order_by("id")
    found = rows.values_list("judge__key", "round_key", "entry__key", "site", "state", "marks")
    places = set()
    for *place, state, marks in found.iterator():
        said, may = told.get(tuple(place), ("", ()))
        if said != state or marks not in may:
            return False
        places.add(tuple(place))
    return len(places) == len(told)


def _measurements_agree(competition, told):
    rows = Measurement.objects.filter(competition=competition).order_by("id")
    found = rows.values_list(
        "round_key", "entry__key", "criterion_key", "values", "state", "verified_values"
    )
    places = set()
    for *place, values, state, kept in found.iterator():
        said = told.get(tuple(place))
        # Rows that were changed before verified values went on counting have none kept.
        if said is None or said[:2] != (values, state) or kept not in (said[2], {}):
            return False
        places.add(tuple(place))
    return len(places) == len(told)


def _events_agree(competition, told):
    rows = LedgerEvent.objects.filter(competition=competition).select_related("entry")
    found = list(rows.order_by("id"))
    texts = reveal_all(facts for facts, _, _ in told.values())
    said = {
        key: (facts, *rest) for (key, (_, *rest)), facts in zip(told.items(), texts, strict=True)
    }
    return len(found) == len(said) and all(_event_agrees(row, said.get(row.key)) for row in found)


def _event_agrees(row, said):
    if said is None:
        return False
    facts, state, withdrawn = said
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
        and (row.state, row.withdrawn) == (state, withdrawn)
    )


def _rulings_agree(competition, told):
    found = list(Ruling.objects.filter(competition=competition).order_by("id"))
    texts = reveal_all(facts for facts, _, _ in told.values())
    said = {
        key: (facts, *rest) for (key, (_, *rest)), facts in zip(told.items(), texts, strict=True)
    }
    return len(found) == len(said) and all(_ruling_agrees(row, said.get(row.key)) for row in found)


def _ruling_agrees(row, said):
    if said is None:
        return False
    facts, state, withdrawn = said
    stored = (row.kind, row.subject, row.document_number, row.decided_on.isoformat())
    recorded = (facts["kind"], facts["subject"], facts["document"], facts["decided_on"])
    stored += (row.reason, row.decided_by)
    recorded += (facts["reason"], facts["decided_by"])
    return stored == recorded and (row.state, row.withdrawn) == (state, withdrawn)


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
