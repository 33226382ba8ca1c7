"""Random steps of a year, and the product's actions that carry them out."""

import datetime
import random
import uuid
from dataclasses import dataclass, field

from competitions import actions as setup
from competitions.models import Competition, Entry
from publication.actions import publish_results, withdraw_version
from publication.models import PublicationVersion
from scoring.actions import corrections, ledger, measurements, rulings
from scoring.actions.paper_sheets import enter_paper_sheets, verify_paper_sheets
from scoring.actions.sheets import submit_sheets
from scoring.actions.tabulation import tabulate_competition
from scoring.models import Correction, Sheet, Tabulation
from tests.properties.model import MARKS, NUMBERS, POINTS

NOW = datetime.datetime(2022, 9, 1, 8, 0, tzinfo=datetime.UTC)
CIRCLES = ["unit", "leading", "county", "public"]
NOTICE = {"since": "1日", "until": "7日", "telephone": "0", "address": "组织部"}
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


class Desk:
    """Carries steps out through the product's actions."""

    def __init__(self, year, people):
        self.year, self.people = year, people
        self.judges = {user.judge.key: user.judge for user in year.judges}

    def run(self, step):
        """This function will run the step; what the product refuses is raised."""
        call = {"by": self.people[step.by], "now": NOW}
        getattr(self, step.name)(call, step.op, **step.args)

    @property
    def competition(self):
        return Competition.objects.get(id=self.year.competition.id)

    def _entry(self, key):
        return Entry.objects.get(competition=self.competition, key=key)

    def withdraw_entry(self, call, op, entry):
        setup.withdraw_entry(
            competition=self.competition, entry=self._entry(entry), op_id=op, **call
        )

    def restore_entry(self, call, op, entry):
        setup.restore_entry(
            competition=self.competition, entry=self._entry(entry), op_id=op, **call
        )

    def _typed(self, page, sheets):
        own = self.year.scheme
        return {
            entry: {
                "": dict.fromkeys(
                    (item.key for item in own.find_round(self._round(page, entry))[1].criteria),
                    mark,
                )
            }
            for entry, mark in sheets.items()
        }

    @staticmethod
    def _round(page, entry):
        return "sec-arena" if page == "arena" and entry.startswith("s") else page

    def submit(self, call, op, judge, page, sheets):
        submit_sheets(
            judge=self.judges[judge],
            round_key=page,
            sheets=self._typed(page, sheets),
            op=op,
            **call,
        )

    def _page(self, judge, page, seen):
        return {
            "competition": self.competition,
            "round_key": page,
            "judge": self.judges[judge],
            "revisions": {(place[2], ""): revision for place, revision in seen.items()},
        }

    def type_paper(self, call, op, judge, page, sheets, seen):
        enter_paper_sheets(
            sheets=self._typed(page, sheets), op=op, **self._page(judge, page, seen), **call
        )

    def read_again(self, call, op, judge, page, sheets, confirmed, seen):
        verify_paper_sheets(
            sheets=self._typed(page, sheets),
            confirmed=[(entry, "") for entry in confirmed],
            op=op,
            **self._page(judge, page, seen),
            **call,
        )

    def _sheet(self, place):
        judge, round_key, entry = place
        return Sheet.objects.select_related("judge", "entry", "competition").get(
            judge__key=judge, round_key=round_key, entry__key=entry
        )

    def propose(self, call, op, place, mark, seen):
        criteria = self.year.scheme.find_round(place[1])[1].criteria
        corrections.propose_correction(
            sheet=self._sheet(place),
            marks=dict.fromkeys((item.key for item in criteria), mark),
            reason="原件如此",
            revision=seen,
            op=op,
            **call,
        )

    def settle_correction(self, call, op, place, accept):
        found = Correction.objects.filter(sheet=self._sheet(place)).order_by("id").last()
        if accept:
            corrections.verify_correction(correction=found, op=op, **call)
        else:
            corrections.return_correction(correction=found, reason="看不清", op=op, **call)

    def enter_figures(self, call, op, round_key, typed, seen):
        measurements.enter_measurements(
            competition=self.competition,
            round_key=round_key,
            values=typed,
            revisions={place[1:]: revision for place, revision in seen.items()},
            op=op,
            **call,
        )

    def check_figures(self, call, op, round_key, seen, accept):
        call |= {
            "competition": self.competition,
            "round_key": round_key,
            "revisions": {place[1:]: revision for place, revision in seen.items()},
        }
        if accept:
            measurements.verify_measurements(op=op, **call)
        else:
            measurements.return_measurements(op=op, reason="请核对", **call)

    def enter_event(self, call, op, entry, points, reason):
        draft = self.year.draft_event(entry, points, reason)
        ledger.enter_ledger_event(competition=self.competition, draft=draft, op=op, **call)

    def correct_event(self, call, op, key, entry, points, reason, seen):
        draft = self.year.draft_event(entry, points, reason)
        call |= {"competition": self.competition, "key": key, "revision": seen}
        ledger.correct_ledger_event(draft=draft, op=op, **call)

    def enter_ruling(self, call, op, entry, reason):
        draft = self.year.draft_ruling(entry, reason=reason)
        rulings.enter_ruling(competition=self.competition, draft=draft, op=op, **call)

    def correct_ruling(self, call, op, key, entry, reason, seen):
        draft = self.year.draft_ruling(entry, reason=reason)
        call |= {"competition": self.competition, "key": key, "revision": seen}
        rulings.correct_ruling(draft=draft, op=op, **call)

    def settle(self, call, op, table, key, how, seen):
        module, word = (ledger, "ledger_event") if table == "events" else (rulings, "ruling")
        action = getattr(module, f"{how}_{word}")
        call |= {"competition": self.competition, "key": key, "revision": seen, "op": op}
        action(**call) if how == "verify" else action(reason="原因", **call)

    def tabulate(self, call, op):
        tabulate_competition(competition=self.competition, op=op, **call)

    def publish(self, call, op, circle):
        publish_results(
            competition=self.competition,
            circle=circle,
            tabulation=Tabulation.objects.order_by("number").last() or Tabulation(),
            notice=NOTICE if circle == "public" else None,
            op=op,
            **call,
        )

    def withdraw_version(self, call, op, number):
        version = PublicationVersion.objects.get(competition=self.competition, number=number)
        withdraw_version(version=version, reason="有误", op=op, **call)
