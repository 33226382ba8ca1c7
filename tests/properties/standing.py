"""How the evidence stands, told three times in one shape: by the rows, by the record, by the model.

{"sheets": {place: (marks, source, state, author, checker, second reading, revision)}, …}
"""

from competitions.models import Entry
from publication.models import PublicationVersion
from record.models import Revision
from record.private import reveal
from scoring.models import Correction, LedgerEvent, Measurement, Ruling, Sheet, Tabulation


def by_model(model):
    """This function will tell how the model stands."""
    pick = ("state", "by", "checked", "rev")
    return {
        "withdrawn": set(model.withdrawn),
        "sheets": {
            place: (
                row["marks"],
                row["source"],
                *(row[key] for key in ("state", "by", "checked", "second", "rev")),
            )
            for place, row in model.sheets.items()
        },
        "corrections": {
            place: (row["marks"], row["state"], row["by"], row["rev"])
            for place, row in model.corrections.items()
        },
        "figures": {
            place: (row["kept"], row["values"], *(row[key] for key in pick))
            for place, row in model.figures.items()
        },
        "events": {
            key: (*row["marks"], row["withdrawn"], row["asked"], *(row[name] for name in pick))
            for key, row in model.events.items()
        },
        "rulings": {
            key: (*row["marks"], row["withdrawn"], row["asked"], *(row[name] for name in pick))
            for key, row in model.rulings.items()
        },
        "tabulations": list(model.tabulations),
        "versions": {number: tuple(row) for number, row in model.versions.items()},
    }


def by_rows(competition, name_of):
    """This function will tell how the stored rows stand; `name_of` maps person ids to names."""
    own = {"competition": competition}
    checked = ["state", "entered_by_id", "verified_by_id", "revision"]

    def signed(row):
        state, author, checker, revision = (getattr(row, key) for key in checked)
        return (state, name_of[author], name_of.get(checker), revision.hex)

    def asked(row):
        return row.withdrawn, name_of.get(row.withdrawal_by_id)

    corrections = Correction.objects.filter(sheet__competition=competition)
    return {
        "withdrawn": set(
            Entry.objects.filter(**own, subject="unit", withdrawn=True).values_list(
                "key", flat=True
            )
        ),
        "sheets": {
            _place(row): (
                row.marks,
                row.source,
                *signed(row)[:3],
                row.second_marks and (row.second_marks, name_of[row.second_by_id]),
                row.revision.hex,
            )
            for row in Sheet.objects.filter(**own).select_related("judge", "entry")
        },
        "corrections": {
            _place(row.sheet): (row.marks, row.state, name_of[row.entered_by_id], row.revision.hex)
            for row in corrections.select_related("sheet__judge", "sheet__entry").order_by("id")
        },
        "figures": {
            (row.round_key, row.entry.key, row.criterion_key): (
                row.verified_values,
                row.values,
                *signed(row),
            )
            for row in Measurement.objects.filter(**own).select_related("entry")
        },
        "events": {
            row.key: (row.entry.key, row.points, row.reason, *asked(row), *signed(row))
            for row in LedgerEvent.objects.filter(**own).select_related("entry")
        },
        "rulings": {
            row.key: (row.subject["entry"], row.reason, *asked(row), *signed(row))
            for row in Ruling.objects.filter(**own)
        },
        "tabulations": list(
            Tabulation.objects.filter(**own).order_by("number").values_list("complete", flat=True)
        ),
        "versions": {
            row.number: (row.circle, row.withdrawn_at is None)
            for row in PublicationVersion.objects.filter(**own, kind="results")
        },
    }


def _place(row):
    return (row.judge.key, row.round_key, row.entry.key)


def by_record(chain, name_of):
    """This function will tell how everything stands from the record's bodies alone."""
    return Telling(name_of).hear(Revision.objects.of_chain(chain))


class Telling:
    """The record, heard revision by revision."""

    def __init__(self, name_of):
        self.name_of = name_of
        tables = ["sheets", "corrections", "figures", "events", "rulings", "versions"]
        self.standing = {"withdrawn": set(), **{name: {} for name in tables}, "tabulations": []}

    def hear(self, revisions):
        """This function will go on with the next revisions and tell how everything stands then."""
        for revision in revisions:
            family, _, what = revision.kind.partition(".")
            tell = getattr(self, family.replace("sheets", "sheet"), None)
            if tell is not None and revision.by:
                facts = reveal(revision.facts)
                tell(what, facts, self.name_of.get(int(revision.by), "?"), revision.op_id.hex)
        return self.standing

    def entries(self, what, facts, by, op):
        self.standing["withdrawn"] = {
            entry["key"]
            for entry in facts["entries"]
            if entry["subject"] == "unit" and entry["withdrawn"]
        }

    def sheet(self, what, facts, by, op):
        for item in facts["sheets"]:
            place, marks = (facts["judge"], item["round"], item["entry"]), item["marks"]
            sheets = self.standing["sheets"]
            if what == "submitted":
                sheets[place] = (marks, "pad", "verified", by, None, None, op)
            elif what == "entered":
                sheets[place] = (marks, "paper", "entered", by, None, None, op)
            else:
                sheets[place] = self._read(sheets[place], marks, item["verified"], by, op)

    @staticmethod
    def _read(before, marks, verified, by, op):
        first, _source, _state, author, _checker, second, _op = before
        if not verified and by == author:
            return (marks, "paper", "entered", author, None, second, op)
        if not verified:
            return (first, "paper", "entered", author, None, (marks, by), op)
        if second is not None and marks == second[0] and marks != first:
            author = second[1]
        return (first if marks is None else marks, "paper", "verified", author, by, None, op)

    def correction(self, what, facts, by, op):
        place = (facts["judge"], facts["round"], facts["entry"])
        known = self.standing["corrections"]
        author = by if what == "entered" else known[place][2]
        known[place] = (facts["marks"], what, author, op)
        if what == "verified":
            new = (facts["marks"], "paper", "verified", author, by, None, op)
            self.standing["sheets"][place] = new

    def measurements(self, what, facts, by, op):
        for row in facts["rows"]:
            place = (facts["round"], row["entry"], row["criterion"])
            known = self.standing["figures"]
            kept, was, state, author = known.get(place, ({}, {}, "", by))[:4]
            if what == "entered":
                # What was verified goes on counting until its change is.
                kept, author = was if state == "verified" else kept, by
            checker = by if what == "verified" else None
            kept = {} if checker else kept
            known[place] = (kept, row["values"], what, author, checker, op)

    def ledger(self, what, facts, by, op):
        said = tuple(facts.get(name) for name in ("entry", "points", "reason"))
        self._checked("events", what, facts, said, by, op)

    def ruling(self, what, facts, by, op):
        said = (facts.get("subject", {}).get("entry"), facts.get("reason"))
        self._checked("rulings", what, facts, said, by, op)

    def _checked(self, table, what, facts, said, by, op):
        known, key = self.standing[table], facts["key"]
        if what == "entered":
            known[key] = (*said, False, None, "entered", by, None, op)
            return
        *said, _withdrawn, asked, state, author, checker, _op = known[key]
        if "withdrawn" in facts:
            asked = by if what == "withdrawn" else asked if facts["withdrawn"] else None
            known[key] = (*said, facts["withdrawn"], asked, state, author, checker, op)
        elif what == "verified":
            known[key] = (*said, False, None, "verified", author, by, op)
        else:
            known[key] = (*said, False, None, "returned", author, None, op)

    def tabulation(self, what, facts, by, op):
        self.standing["tabulations"].append(facts["complete"])

    def publication(self, what, facts, by, op):
        versions = self.standing["versions"]
        if facts.get("kind") == "rules":
            return
        if what == "withdrawn":
            versions[facts["number"]] = (facts["circle"], False)
            return
        for number, (circle, _in_force) in versions.items():
            if circle == facts["circle"]:
                versions[number] = (circle, False)
        versions[facts["number"]] = (facts["circle"], True)
