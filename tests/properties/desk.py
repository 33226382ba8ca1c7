"""The product's actions that carry the random steps of a year out."""

import datetime

from competitions import actions as setup
from competitions.models import Competition, Entry
from publication.actions import publish_results, withdraw_version
from publication.models import PublicationVersion
from scoring.actions import corrections, ledger, measurements, rulings
from scoring.actions.paper_sheets import enter_paper_sheets, verify_paper_sheets
from scoring.actions.sheets import submit_sheets
from scoring.actions.tabulation import tabulate_competition
from scoring.models import Correction, Sheet, Tabulation

NOW = datetime.datetime(2022, 9, 1, 8, 0, tzinfo=datetime.UTC)
NOTICE = {"since": "1日", "until": "7日", "telephone": "0", "address": "组织部"}


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
