"""Random steps of a year. See desk.py for the actions that carry them out."""

import random
import uuid
from dataclasses import dataclass, field

from tests.properties.model import MARKS, NUMBERS, POINTS

CIRCLES = ["unit", "leading", "county", "public"]
PAGES = ["review1", "review2", "arena"]


@dataclass
class Step:
    """One operation: its name in the model, who does it (a key of the people), its arguments.

    `seen` among the arguments is what the page showed: it is not part of what the operation says.
    """

    name: str
    by: str
    args: dict = field(default_factory=dict)
    op: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def content(self):
        """What a repeated operation must say again."""
        said = {key: value for key, value in self.args.items() if key != "seen"}
        if self.name == "check_figures":
            said["places"] = sorted(self.args["seen"])
        return (self.name, self.by, repr(sorted(said.items())))


class Office:
    """Staff and judges who do what comes to mind, often on pages that are out of date."""

    def __init__(self, model, seed):
        self.model, self.random = model, random.Random(seed)
        self.staff = ["a", "b", "c"]
        self.pages = [({}, {})]
        self.taken = []

    def look(self):
        """This function will open the pages anew: {place: revision} of sheets and of figures."""
        sheets = {place: row["rev"] for place, row in self.model.sheets.items()}
        figures = {place: row["rev"] for place, row in self.model.figures.items()}
        self.pages.append((sheets, figures))

    def page(self, which):
        """This function will return a page, mostly the latest: 0 of sheets, 1 of figures."""
        self.look()
        return self.random.choice([*self.pages[-2:-1], *self.pages[-1:] * 4])[which]

    def draw(self):
        """This function will return the next step."""
        chance = self.random.random()
        if self.taken and chance < 0.08:
            return self.random.choice(self.taken)
        step = self._draw()
        if self.taken and chance < 0.12:
            other = self.random.choice(self.taken)
            if other.name != step.name or step.name in ("submit", "type_paper", "read_again"):
                step.op = other.op
        return step

    def _draw(self):
        names = ["submit", "type_paper", "read_again", "enter_figures", "check_figures"]
        names += ["enter_event", "enter_ruling", "correct", "settle", "settle", "settle"]
        names += ["propose", "settle_correction", "tabulate", "publish", "withdraw_version"]
        names += ["read_again", "check_figures", "enter_figures", "enter_figures"]
        names += ["withdraw_entry", "restore_entry"]
        while True:
            step = getattr(self, self.random.choice(names))()
            if step is not None:
                return step

    def _some(self, keys, most=3):
        return self.random.sample(keys, self.random.randint(1, min(most, len(keys))))

    def _mark(self, good=0.85):
        usual = [text for text, value in MARKS.items() if value is not None]
        return self.random.choice(usual if self.random.random() < good else list(MARKS))

    def _entries(self, page):
        keys = [entry for _round, entry in self.model.lines(page)]
        if self.random.random() < 0.03:
            return ["e99"]
        if page == "arena":
            unit = self.random.choice(self.model.active())
            both = [unit, self.model.secretaries[unit]]
            return both if self.random.random() < 0.8 else both[:1]
        return keys if self.random.random() < 0.7 else self._some(keys)

    # ------------------------------------------------------------------ what may be done

    def withdraw_entry(self, name="withdraw_entry"):
        # Rarely later on, when it is refused.
        if self.model.sheets and self.random.random() < 0.7:
            return None
        return Step(name, "a", {"entry": self.random.choice(self.model.units[2:])})

    def restore_entry(self):
        return self.withdraw_entry("restore_entry")

    def submit(self):
        judge, page = self.random.choice(self.model.judges), self.random.choice(PAGES)
        sheets = {entry: self._mark() for entry in self._entries(page)}
        by = judge if self.random.random() < 0.95 else self.random.choice(self.staff)
        return Step("submit", by, {"judge": judge, "page": page, "sheets": sheets})

    def _paper(self):
        judge, page = self.random.choice(self.model.judges), self.random.choice(PAGES)
        rounds = {round_key for round_key, _entry in self.model.lines(page)}
        seen = {
            place: rev
            for place, rev in self.page(0).items()
            if place[0] == judge and place[1] in rounds
        }
        return judge, page, seen

    def type_paper(self):
        judge, page, seen = self._paper()
        sheets = {entry: self._mark() for entry in self._entries(page)}
        args = {"judge": judge, "page": page, "sheets": sheets, "seen": seen}
        return Step("type_paper", self.random.choice(self.staff), args)

    def read_again(self):
        judge, page, seen = self._paper()
        waiting = [
            place[2]
            for place, row in self.model.sheets.items()
            if (place[0], row["state"]) == (judge, "entered")
            and place[1:] in self.model.lines(page)
        ]
        entries = self._some(waiting) if waiting else self._entries(page)
        args = {"judge": judge, "page": page, "sheets": {}, "confirmed": [], "seen": seen}
        if self.random.random() < 0.4:
            args["confirmed"] = entries
        else:
            args["sheets"] = {entry: self._typed_again(judge, entry) for entry in entries}
        return Step("read_again", self.random.choice(self.staff), args)

    def _typed_again(self, judge, entry):
        """Mostly what one of the two readers has typed."""
        for place, row in self.model.sheets.items():
            if (place[0], place[2]) == (judge, entry) and self.random.random() < 0.9:
                marks = row["second"][0] if row["second"] else row["marks"]
                value = next(iter(marks.values()))
                return next(text for text, number in MARKS.items() if number == value)
        return self._mark()

    def propose(self):
        if not self.model.sheets:
            return None
        place = self.random.choice(sorted(self.model.sheets))
        seen = self.page(0).get(place, "0" * 32)
        args = {"place": place, "mark": self._mark(), "seen": seen}
        return Step("propose", self.random.choice(self.staff), args)

    def settle_correction(self):
        if not self.model.corrections:
            return None
        place = self.random.choice(sorted(self.model.corrections))
        accept = self.random.random() < 0.7
        return Step(
            "settle_correction", self.random.choice(self.staff), {"place": place, "accept": accept}
        )

    def enter_figures(self):
        asked = self.model.asked()
        round_key = self.random.choice(["routine", "routine", "sec-vote"])
        typed = {}
        for place in self._some([place for place in asked if place[0] == round_key], 4):
            inputs = self.model.inputs[place[0], place[2]]
            whole = self.random.random() < 0.5
            typed[place[1:]] = {
                key: self._number(round_key) for key in (inputs if whole else self._some(inputs, 2))
            }
        if self.random.random() < 0.02:
            typed["e99", "jobs"] = {"value": "1"}
        page = self.page(1)
        seen = {
            (round_key, *key): page[round_key, *key] for key in typed if (round_key, *key) in page
        }
        args = {"round_key": round_key, "typed": typed, "seen": seen}
        return Step("enter_figures", self.random.choice(self.staff), args)

    def _number(self, round_key):
        texts = [text for text in NUMBERS if text not in ("x", "0.3")]
        if self.random.random() < 0.04:
            return "x"
        return self.random.choice(texts)

    def check_figures(self):
        page = self.page(1)
        round_key = self.random.choice(["routine", "sec-vote"])
        own = sorted(place for place in page if place[0] == round_key)
        if not own:
            return None
        waiting = [place for place in own if self.model.figures[place]["state"] == "entered"]
        chosen = self._some(waiting if waiting and self.random.random() < 0.9 else own, 4)
        args = {"round_key": round_key, "seen": {place: page[place] for place in chosen}}
        args["accept"] = self.random.random() < 0.75
        return Step("check_figures", self.random.choice(self.staff), args)

    def _event(self):
        entry = self.random.choice([*self.model.units, "e99"])
        points = self.random.choice(["", "1", "2", *POINTS])
        return {
            "entry": entry,
            "points": points,
            "reason": self.random.choice(["表彰", "推广", ""]),
        }

    def enter_event(self):
        return Step("enter_event", self.random.choice(self.staff), self._event())

    def _ruling(self):
        entry = self.random.choice([*self.model.secretaries.values(), "s99"])
        return {"entry": entry, "reason": self.random.choice(["照常计入", "会议研究", ""])}

    def enter_ruling(self):
        return Step("enter_ruling", self.random.choice(self.staff), self._ruling())

    def _old(self, table):
        rows = getattr(self.model, table)
        key = self.random.choice([*rows, "x99"]) if rows else "x99"
        seen = rows[key]["rev"] if key in rows and self.random.random() < 0.85 else "0" * 32
        return {"key": key, "seen": seen}

    def correct(self):
        if self.random.random() < 0.5:
            return Step(
                "correct_event", self.random.choice(self.staff), self._event() | self._old("events")
            )
        return Step(
            "correct_ruling", self.random.choice(self.staff), self._ruling() | self._old("rulings")
        )

    def settle(self):
        table = self.random.choice(["events", "rulings"])
        how = self.random.choice(["verify", "verify", "return", "withdraw"])
        args = {"table": table, "how": how, **self._old(table)}
        return Step("settle", self.random.choice(self.staff), args)

    def tabulate(self):
        return (
            Step("tabulate", self.random.choice(self.staff)) if self.random.random() < 0.5 else None
        )

    def publish(self):
        ready = self.model.tabulations and self.model.tabulations[-1]
        if not ready and self.random.random() < 0.8:
            return None
        return Step("publish", "a", {"circle": self.random.choice(CIRCLES)})

    def withdraw_version(self):
        if not self.model.versions:
            return None
        return Step(
            "withdraw_version", "b", {"number": self.random.choice(list(self.model.versions))}
        )

    # ------------------------------------------------------------------ finishing honestly

    def finish(self):
        """This function will yield the steps that complete the evidence, as the model stands."""
        model = self.model
        for place, row in list(model.sheets.items()):
            if row["state"] == "entered":
                # Both readings are brought together, then a third person reads the paper.
                yield from self._read_by_two(place, row)
        for judge in model.judges:
            for page in PAGES:
                owed = [
                    entry
                    for round_key, entry in model.lines(page)
                    if (judge, round_key, entry) not in model.sheets
                ]
                if owed:
                    sheets = dict.fromkeys(owed, "30")
                    yield Step("submit", judge, {"judge": judge, "page": page, "sheets": sheets})
        for round_key in ("routine", "sec-vote"):
            yield from self._complete_figures(round_key)

    def _read_by_two(self, place, row):
        judge, round_key, entry = place
        page = "arena" if round_key == "sec-arena" else round_key
        value = next(iter(row["marks"].values()))
        text = next(text for text, number in MARKS.items() if number == value)
        call = {"judge": judge, "page": page}
        if row["second"]:
            seen = {place: row["rev"]}
            yield Step("type_paper", row["by"], {**call, "sheets": {entry: text}, "seen": seen})
        other = next(person for person in self.staff if person != self.model.sheets[place]["by"])
        seen = {place: self.model.sheets[place]["rev"]}
        args = {**call, "sheets": {entry: text}, "confirmed": [], "seen": seen}
        yield Step("read_again", other, args)

    def _complete_figures(self, round_key):
        model = self.model
        places = [place for place in model.asked() if place[0] == round_key]
        typed = {}
        for place in places:
            row = model.figures.get(place)
            if not row or row["state"] != "entered" or row["by"] != "a":
                number = str(len(typed) + 40 + len(model.done))
                inputs = model.inputs[round_key, place[2]]
                typed[place[1:]] = dict.fromkeys(inputs, number)
                model.numbers[number] = number
            elif len(row["values"]) < len(model.inputs[round_key, place[2]]):
                typed[place[1:]] = dict.fromkeys(model.inputs[round_key, place[2]], "1")
        seen = {place: row["rev"] for place, row in model.figures.items()}
        if typed:
            yield Step("enter_figures", "a", {"round_key": round_key, "typed": typed, "seen": seen})
        seen = {
            place: model.figures[place]["rev"]
            for place in places
            if model.figures[place]["state"] == "entered"
        }
        if seen:
            yield Step("check_figures", "b", {"round_key": round_key, "seen": seen, "accept": True})
