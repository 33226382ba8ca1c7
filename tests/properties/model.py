"""What the product promises about evidence, in plain dictionaries: written from the promises, not
from the product, and small enough to be believed."""

from dataclasses import dataclass, field

# What typed text means; None is refused.
NUMBERS = {"1": "1", "2.0": "2", "２": "2", "30": "30", "/": "", "": "", "x": None, "0.3": "0.3"}
POINTS = {"": "1", "1": "1", "2": "2", "0.5": None, "-1": None}
# Of marks: on the step of a half, none missing, at most 40.
MARKS = {"1": "1", "2.0": "2", "２.5": "2.5", "30": "30", "0.3": None, "": None, "101": None}


@dataclass
class Done:
    """What became of an operation: `taken`, `repeated`, `nothing`, `refused`, or `open` where the
    model does not know."""

    word: str


TAKEN, REPEATED, NOTHING, REFUSED, OPEN = (
    Done(word) for word in ("taken", "repeated", "nothing", "refused", "open")
)


class Refused(Exception):
    """The product must refuse this."""


@dataclass
class Model:
    """The evidence of one competition. Places and keys are those of the record."""

    units: list
    secretaries: dict  # unit key -> key of its secretary
    judges: list
    criteria: dict  # round -> [criterion]
    inputs: dict  # (round, criterion) -> [input]
    numbers: dict = field(default_factory=lambda: dict(NUMBERS))
    withdrawn: set = field(default_factory=set)
    sheets: dict = field(default_factory=dict)  # (judge, round, entry) -> row
    corrections: dict = field(default_factory=dict)  # (judge, round, entry) -> row, the latest
    figures: dict = field(default_factory=dict)  # (round, entry, criterion) -> row
    events: dict = field(default_factory=dict)  # key -> row
    rulings: dict = field(default_factory=dict)  # key -> row
    tabulations: list = field(default_factory=list)  # whether each is complete
    tabulated: list = field(default_factory=list)  # what counted in the last
    versions: dict = field(default_factory=dict)  # number -> [circle, in force]
    done: dict = field(default_factory=dict)  # op -> content
    figures_of: dict = field(default_factory=dict)  # op -> {place: values}

    # ------------------------------------------------------------------ what is asked for

    def active(self):
        """This function will return the units that compete."""
        return [key for key in self.units if key not in self.withdrawn]

    def lines(self, round_key):
        """This function will return [(round, entry)] of one judge's page of a round."""
        if round_key != "arena":
            return [(round_key, unit) for unit in self.active()]
        return [
            line
            for unit in self.active()
            for line in (("arena", unit), ("sec-arena", self.secretaries[unit]))
        ]

    def asked(self):
        """This function will return every (round, entry, criterion) of figures and votes."""
        return [
            (round_key, entry if round_key == "routine" else self.secretaries[entry], criterion)
            for round_key, criterion in self.inputs
            for entry in self.active()
        ]

    def is_complete(self):
        """This function will say whether nothing is missing that a tabulation needs."""
        counted = {place for place, row in self.sheets.items() if row["state"] == "verified"}
        owed = {
            (judge, *line)
            for judge in self.judges
            for round_key in ("review1", "review2", "arena")
            for line in self.lines(round_key)
        }
        return owed <= counted and all(
            place in self.figures
            and set(_in_force(self.figures[place])) == set(self.inputs[place[0], place[2]])
            for place in self.asked()
        )

    def counting(self):
        """This function will return all that counts now, to be compared with what counted."""
        tables = (self.sheets, self.events, self.rulings)
        figures = {place: _in_force(row) for place, row in self.figures.items()}
        return [
            {place: values for place, values in figures.items() if values},
            *(
                {
                    key: row["marks"]
                    for key, row in table.items()
                    if row["state"] == "verified" and not row.get("withdrawn")
                }
                for table in tables
            ),
        ]

    # ------------------------------------------------------------------ one operation

    def apply(self, step):
        """This function will take one step (see steps.Step) and say what must become of it."""
        if step.op in self.done:
            return REPEATED if self.done[step.op] == step.content else REFUSED
        try:
            word = getattr(self, step.name)(step.op.hex, step.by, **step.args) or TAKEN
        except Refused:
            return REFUSED
        if word is TAKEN:
            self.done[step.op] = step.content
        return word

    def settle_open(self, step, taken):
        """This function will note what became of a step about which the model did not know."""
        if taken:
            self.done[step.op] = step.content
            circle = step.args["circle"]
            for version in self.versions.values():
                version[1] = version[1] and version[0] != circle
            # The published rules are version 1.
            self.versions[len(self.versions) + 2] = [circle, True]

    def _has_evidence(self):
        return bool(self.sheets or self.figures or self.events or self.rulings)

    def withdraw_entry(self, _op, _by, entry):
        if self._has_evidence():
            raise Refused
        self.withdrawn.add(entry)

    def restore_entry(self, _op, _by, entry):
        if self._has_evidence():
            raise Refused
        self.withdrawn.discard(entry)

    # ------------------------------------------------------------------ sheets

    def _read(self, judge, page, sheets):
        """{place: marks} of typed sheets; refused when one is unknown or breaks the rules."""
        rounds = {entry: round_key for round_key, entry in self.lines(page)}
        found = {}
        for entry, typed in sheets.items():
            mark = MARKS[typed]
            if entry not in rounds or mark is None:
                raise Refused
            place = (judge, rounds[entry], entry)
            found[place] = dict.fromkeys(self.criteria[rounds[entry]], mark)
        if not found:
            raise Refused
        return found

    def submit(self, op, by, judge, page, sheets):
        """A judge hands in a tour whole, or whole speakers of the arena; once."""
        if by != judge:
            raise Refused
        given = self._read(judge, page, sheets)
        if any(place in self.sheets for place in given):
            raise Refused
        speakers = {self._speaker(entry) for _judge, _round, entry in given}
        for line in self.lines(page):
            place = (judge, *line)
            wanted = page != "arena" or self._speaker(line[1]) in speakers
            if wanted and place not in given and place not in self.sheets:
                raise Refused
        for place, marks in given.items():
            self.sheets[place] = _row(marks, "verified", by, op, source="pad")

    def _speaker(self, entry):
        return next((u for u, secretary in self.secretaries.items() if secretary == entry), entry)

    def type_paper(self, op, by, judge, page, sheets, seen):
        """One person types paper; nothing of somebody else's, or newer, is overwritten."""
        given = self._read(judge, page, sheets)
        changed = []
        for place, marks in given.items():
            row = self.sheets.get(place)
            same = row is not None and (row["source"], row["marks"]) == ("paper", marks)
            if same and row["second"] is None:
                continue
            if row is not None:
                waiting = row["source"] == "paper" and row["state"] == "entered"
                ours = by in (row["by"], row["second"] and row["second"][1])
                if not (waiting and ours and seen.get(place) == row["rev"]):
                    raise Refused
            changed.append((place, marks))
        for place, marks in changed:
            self.sheets[place] = _row(marks, "entered", by, op, source="paper")
        return TAKEN if changed else NOTHING

    def read_again(self, op, by, judge, page, sheets, confirmed, seen):
        """A second person types again, or compares with the paper; two must agree."""
        readings = dict(self._read(judge, page, sheets)) if sheets else {}
        rounds = {entry: round_key for round_key, entry in self.lines(page)}
        for entry in confirmed:
            if entry not in rounds:
                raise Refused
            readings.setdefault((judge, rounds[entry], entry), None)
        if not readings:
            raise Refused
        after = {}
        for place, marks in readings.items():
            row = self.sheets.get(place)
            waiting = row and row["source"] == "paper" and row["state"] == "entered"
            if not waiting or seen.get(place) != row["rev"]:
                raise Refused
            after[place] = self._second_reading(row, marks, by) | {"rev": op}
        self.sheets.update(after)

    def _second_reading(self, row, marks, by):
        second, second_by = row["second"] or (None, None)
        if by == row["by"]:
            if second is None or marks is None:
                raise Refused
            if marks != second:
                return {**row, "marks": marks}
            return {**row, "marks": second, "by": second_by, **_verified(by)}
        if marks is not None and marks == second and by != second_by:
            return {**row, "marks": second, "by": second_by, **_verified(by)}
        if marks is not None and marks != row["marks"]:
            return {**row, "second": (marks, by)}
        if marks is None and second is not None and second_by != by:
            raise Refused
        return {**row, **_verified(by)}

    def propose(self, op, by, place, mark, seen):
        """A counted sheet is to be changed; a second person decides."""
        row, value = self.sheets[place], MARKS[mark]
        open_one = self.corrections.get(place, {}).get("state") == "entered"
        if row["rev"] != seen or row["state"] != "verified" or open_one or value is None:
            raise Refused
        marks = dict.fromkeys(self.criteria[place[1]], value)
        if marks == row["marks"]:
            raise Refused
        self.corrections[place] = {"marks": marks, "by": by, "state": "entered", "rev": op}

    def settle_correction(self, op, by, place, accept):
        correction = self.corrections[place]
        if correction["state"] != "entered" or (accept and by == correction["by"]):
            raise Refused
        correction["state"], correction["rev"] = ("verified" if accept else "returned"), op
        if accept:
            row = _row(correction["marks"], "verified", correction["by"], op, source="paper")
            self.sheets[place] = {**row, "checked": by}

    # ------------------------------------------------------------------ figures

    def enter_figures(self, op, by, round_key, typed, seen):
        """What differs from the page is this person's change; two changes of a cell collide."""
        changes = {}
        for (entry, criterion), cells in typed.items():
            place = (round_key, entry, criterion)
            if place not in self.asked():
                raise Refused
            if not set(cells) <= set(self.inputs[round_key, criterion]):
                raise Refused
            mine = {key: self.numbers[text] for key, text in cells.items()}
            if None in mine.values():
                raise Refused
            changes[place] = mine
        after = {}
        for place, mine in changes.items():
            row = self.figures.get(place)
            now = row["values"] if row else {}
            if row and row["rev"] != seen.get(place, ""):
                was = self.figures_of.get(seen.get(place, ""), {}).get(place, {})
                mine = {key: text for key, text in mine.items() if text != was.get(key, "")}
                for key, text in mine.items():
                    if now.get(key, "") not in (was.get(key, ""), text):
                        raise Refused
            merged = {key: text for key, text in {**now, **mine}.items() if text}
            if merged != now:
                after[place] = merged
        for place, values in after.items():
            kept = _in_force(self.figures[place]) if place in self.figures else {}
            self.figures[place] = {**_row(values, "entered", by, op), "values": values}
            self.figures[place]["kept"] = kept
        self.figures_of[op] = after
        return TAKEN if after else NOTHING

    def check_figures(self, op, by, round_key, seen, accept):
        if not seen:
            raise Refused
        for place, revision in seen.items():
            row = self.figures.get(place)
            if not row or row["rev"] != revision or row["state"] != "entered" or row["by"] == by:
                raise Refused
        for place in seen:
            row = self.figures[place]
            row.update(rev=op, state="verified" if accept else "returned")
            row["checked"], row["kept"] = (by, {}) if accept else (None, row["kept"])
        self.figures_of[op] = {place: self.figures[place]["values"] for place in seen}

    # ------------------------------------------------------------------ ledger and rulings

    def enter_event(self, op, by, entry, points, reason):
        key = f"l{len(self.events) + 1:03d}"
        self.events[key] = self._event(op, by, entry, points, reason)

    def _event(self, op, by, entry, points, reason):
        if entry not in self.active() or POINTS[points] is None or not reason:
            raise Refused
        row = _row((entry, POINTS[points], reason), "entered", by, op)
        return {**row, "withdrawn": False, "asked": None}

    def correct_event(self, op, by, key, entry, points, reason, seen):
        row = self._event(op, by, entry, points, reason)
        self._refuse_stale(self.events, key, seen)
        self.events[key] = row

    def enter_ruling(self, op, by, entry, reason):
        key = f"r{len(self.rulings) + 1:02d}"
        self.rulings[key] = self._ruling(op, by, entry, reason)

    def _ruling(self, op, by, entry, reason):
        competing = {self.secretaries[unit] for unit in self.active()}
        if entry not in competing or not reason:
            raise Refused
        return {**_row((entry, reason), "entered", by, op), "withdrawn": False, "asked": None}

    def correct_ruling(self, op, by, key, entry, reason, seen):
        row = self._ruling(op, by, entry, reason)
        self._refuse_stale(self.rulings, key, seen)
        self.rulings[key] = row

    def _refuse_stale(self, rows, key, seen):
        row = rows.get(key)
        if row is None or row["rev"] != seen or row["withdrawn"] or row["state"] == "verified":
            raise Refused

    def settle(self, op, by, table, key, how, seen):
        """Verify, return or ask to withdraw an event or a ruling."""
        row = getattr(self, table).get(key)
        if row is None or row["rev"] != seen:
            raise Refused
        if row["withdrawn"] or (how == "withdraw" and row["asked"]):
            raise Refused
        if how == "withdraw":
            alone = row["state"] != "verified"
            if alone and row["by"] != by:
                raise Refused
            row.update(withdrawn=alone, asked=by, rev=op)
            return
        if row["asked"]:
            if row["asked"] == by:
                raise Refused
            agreed = how == "verify"
            row.update(withdrawn=agreed, asked=row["asked"] if agreed else None, rev=op)
            return
        if row["state"] != "entered" or row["by"] == by:
            raise Refused
        if how == "verify":
            row.update(state="verified", checked=by, rev=op)
        else:
            row.update(state="returned", rev=op)

    # ------------------------------------------------------------------ results

    def tabulate(self, _op, _by):
        self.tabulations.append(self.is_complete())
        self.tabulated = self.counting()

    def publish(self, _op, _by, circle):
        """The latest tabulation, complete and of what counts now; a tie may still stop it."""
        if not (self.tabulations and self.tabulations[-1] and self.tabulated == self.counting()):
            raise Refused
        return OPEN

    def withdraw_version(self, _op, _by, number):
        if not self.versions[number][1]:
            raise Refused
        self.versions[number][1] = False


def _in_force(figures):
    """The values of a row that count: verified ones, until a change of them is verified too."""
    return figures["values"] if figures["state"] == "verified" else figures["kept"]


def _row(marks, state, by, op, source=""):
    return {
        "marks": marks,
        "source": source,
        "state": state,
        "by": by,
        "checked": None,
        "second": None,
        "rev": op,
    }


def _verified(by):
    return {"state": "verified", "checked": by, "second": None}
