"""A small year with every kind of round, lived through the product's own actions."""

import datetime
import uuid
from pathlib import Path

from django.utils import timezone

from competitions import actions
from competitions.entrants import Entrant
from competitions.models import Entry
from competitions.scheme.read import read_toml
from publication.actions import publish_results
from publication.models import Circle
from rewards.actions import record_decision, verify_decision
from scoring.actions.corrections import propose_correction
from scoring.actions.ledger import LedgerDraft, enter_ledger_event, verify_ledger_event
from scoring.actions.measurements import enter_measurements, verify_measurements
from scoring.actions.paper_sheets import enter_paper_sheets
from scoring.actions.rulings import RulingDraft, enter_ruling, verify_ruling
from scoring.actions.sheets import submit_sheets
from scoring.actions.tabulation import tabulate_competition
from scoring.models import Measurement, Sheet
from tests import factories

RULES = (Path(__file__).parents[1] / "browser" / "road.toml").read_text(encoding="utf-8")
YEAR = 2022
MARKED = ["review1", "review2", "arena", "sec-arena"]


class SmallYear:
    """A competition under the rules of the long road, with `units` entrants and `judges` judges.

    `staff` are people who may enter and verify; the first does what takes one person.
    """

    def __init__(self, *, units, judges, slug, staff, rules=RULES):
        self.staff, self.scheme = staff, read_toml(rules)
        names = [f"{slug}第{number}镇" for number in range(1, units + 1)]
        self.competition = actions.create_competition(
            host_code=factories.HOST,
            host_name="临河区",
            year=YEAR,
            title=f"{slug}的比武",
            slug=slug,
            scheme=self.scheme,
            entrants=[Entrant(name) for name in [*names, f"{slug}退出镇"]],
            is_first=True,
            **self.by(),
        )
        self.secretaries = [self._appoint_secretary(entry) for entry in self.entries("unit")]
        self.judges = [self.appoint_judge() for _ in range(judges)]
        actions.approve_scheme(competition=self.competition, **self.by(self.staff[1]))
        actions.publish_scheme(competition=self.competition, **self.by())
        leaving = self.entries("unit")[-1]
        actions.withdraw_entry(competition=self.competition, entry=leaving, **self.by())
        self.competition.refresh_from_db()

    def by(self, person=None):
        """This function will return the `by` and `now` of an action."""
        return {"by": person or self.staff[0], "now": timezone.now()}

    def once(self, person=None):
        """This function will return what every action on evidence asks for, but its own."""
        return {"competition": self.competition, "op": uuid.uuid4(), **self.by(person)}

    def entries(self, subject):
        """This function will return the entries that compete, in official order."""
        rows = Entry.objects.filter(competition=self.competition, subject=subject)
        return list(rows.active().with_subjects().in_official_order())

    def _appoint_secretary(self, entry):
        user = factories.UserFactory()
        actions.record_term(
            competition=self.competition,
            unit=entry.unit,
            person=user.person,
            since=datetime.date(YEAR - 1, 1, 1),
            **self.by(),
        )
        return user

    def appoint_judge(self):
        """This function will appoint one more judge to every panel; `.judge` of his account."""
        user = factories.UserFactory()
        user.judge = actions.appoint_judge(
            competition=self.competition,
            person=user.person,
            group_key="panel",
            rounds=MARKED,
            **self.by(),
        )
        return user

    # ------------------------------------------------------------------ evidence

    def sheets(self, round_key, entries, mark="30"):
        """This function will return {entry key: {"": {criterion key: mark}}} of a round."""
        keys = [item.key for item in self.scheme.find_round(round_key)[1].criteria]
        return {entry.key: {"": dict.fromkeys(keys, mark)} for entry in entries}

    def arena_sheets(self, unit, mark="30"):
        """This function will return the sheets of one speaker: the unit's and the secretary's."""
        speaker = [entry for entry in self.entries("secretary") if entry.of_id == unit.id]
        return self.sheets("arena", [unit], mark) | self.sheets("sec-arena", speaker, mark)

    def mark(self):
        """This function will let every judge hand in all his marks; better units get more."""
        units = self.entries("unit")
        for user in self.judges:
            call = {"judge": user.judge, "by": user.person, "now": timezone.now()}
            for key in ("review1", "review2"):
                tour = {}
                for number, unit in enumerate(units):
                    tour |= self.sheets(key, [unit], str(35 - number))
                submit_sheets(round_key=key, sheets=tour, op=uuid.uuid4(), **call)
            for number, unit in enumerate(units):
                speech = self.arena_sheets(unit, str(38 - number))
                submit_sheets(round_key="arena", sheets=speech, op=uuid.uuid4(), **call)

    def measure(self, checker):
        """This function will enter all figures and votes, and let `checker` verify them."""
        routine, votes = {}, {}
        for number, unit in enumerate(self.entries("unit")):
            routine[unit.key, "jobs"] = {"value": str(90 - number), "target": "100"}
            routine[unit.key, "investment"] = {"baseline": "100", "value": str(150 - number)}
        for number, secretary in enumerate(self.entries("secretary")):
            given = {"excellent": str(30 - number), "good": "5", "poor": "0"}
            votes[secretary.key, "s-vote"] = given
        for key, values in (("routine", routine), ("sec-vote", votes)):
            entered = enter_measurements(round_key=key, values=values, revisions={}, **self.once())
            looked_at = dict.fromkeys(values, entered.op_id.hex)
            verify_measurements(round_key=key, revisions=looked_at, **self.once(checker))

    def draft_event(self, entry_key, points="1", reason="获市级表彰"):
        """This function will return a bonus as somebody writes it down."""
        return LedgerDraft(
            entry_key=entry_key,
            criterion_key="ledger",
            item_key="city-honour",
            happened_on=datetime.date(YEAR, 5, 4),
            points=points,
            reason=reason,
        )

    def draft_ruling(self, entry_key, kind="part_year", reason="照常计入"):
        """This function will return a ruling on a secretary's year as somebody writes it down."""
        return RulingDraft(
            kind=kind,
            subject={"track": "secretary", "entry": entry_key, "value": "count"},
            reason=reason,
            decided_by="领导小组会议",
            decided_on=datetime.date(YEAR, 8, 20),
        )

    def note(self, checker):
        """This function will enter a bonus for each unit and a ruling for each secretary."""
        for unit in self.entries("unit"):
            event = enter_ledger_event(draft=self.draft_event(unit.key), **self.once())
            seen = {"key": event.key, "revision": event.revision.hex}
            verify_ledger_event(**seen, **self.once(checker))
        for secretary in self.entries("secretary"):
            ruling = enter_ruling(draft=self.draft_ruling(secretary.key), **self.once())
            seen = {"key": ruling.key, "revision": ruling.revision.hex}
            verify_ruling(**seen, **self.once(checker))

    def fill(self):
        """This function will enter everything that a complete tabulation needs."""
        self.mark()
        self.measure(self.staff[1])
        self.note(self.staff[1])

    def tabulate(self):
        """This function will tabulate and return the Tabulation."""
        return tabulate_competition(**self.once())

    def finish(self):
        """This function will tabulate complete evidence, decide, publish in every circle; `sent`
        is the number of the version for the units."""
        tabulation = self.tabulate()
        assert tabulation.complete, tabulation.result["missing"]
        decision = record_decision(
            tabulation=tabulation,
            meeting="常委会",
            decided_on=timezone.localdate(),
            document_number="〔2022〕1号",
            changes=[],
            **self.once(),
        )
        verify_decision(decision=decision, by=self.staff[1], now=timezone.now(), op=uuid.uuid4())
        notice = {"since": "1日", "until": "7日", "telephone": "0", "address": "组织部"}
        for circle in Circle:
            version = publish_results(
                competition=self.competition,
                circle=circle,
                tabulation=tabulation,
                notice=notice if circle == Circle.PUBLIC else None,
                **self.by(),
            )
            if circle == Circle.UNIT:
                self.sent = version.number

    def begin_again(self):
        """This function will leave work of each kind in each unit: a sheet to verify, one whose
        correction waits, a value and a bonus to check; `late` is the judge of the first."""
        units, call = self.entries("unit"), {"round_key": "review1", "now": timezone.now()}
        for sheet in Sheet.objects.filter(judge=self.judges[0].judge, round_key="review1"):
            propose_correction(
                sheet=sheet,
                marks=dict.fromkeys(sheet.marks, "1"),
                reason="原件是 1",
                revision=sheet.revision.hex,
                op=uuid.uuid4(),
                **self.by(),
            )
        self.late = self.appoint_judge().judge
        enter_paper_sheets(
            judge=self.late,
            sheets=self.sheets("review1", units),
            revisions={},
            **(self.once() | call),
        )
        figures = {(unit.key, "jobs"): {"value": "7"} for unit in units}
        rows = Measurement.objects.filter(competition=self.competition, criterion_key="jobs")
        seen = {(row.entry.key, "jobs"): row.revision.hex for row in rows.select_related("entry")}
        enter_measurements(round_key="routine", values=figures, revisions=seen, **self.once())
        for unit in units:
            enter_ledger_event(draft=self.draft_event(unit.key), **self.once())
