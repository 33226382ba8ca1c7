"""Random work on score sheets: the record alone tells what the rows say, whatever was done."""

import random
import uuid

import pytest
from django.core.exceptions import ValidationError

from record.models import Revision
from record.queries import verify_chain
from scoring.actions.corrections import propose_correction, return_correction, verify_correction
from scoring.actions.paper_sheets import enter_paper_sheets, verify_paper_sheets
from scoring.actions.sheets import submit_sheets
from scoring.models import Correction, Sheet
from scoring.queries.replay import find_unlike_record
from tests import factories
from tests.people import identities
from tests.scoring.stage import ARENA, NOW, PERSON

pytestmark = pytest.mark.django_db
STEPS = 70


class Hall:
    """Judges and three members of staff who do what comes to mind, often on outdated pages."""

    def __init__(self, stage, people, seed):
        self.stage, self.people = stage, people
        self.random = random.Random(seed)
        self.pages = [{}]

    def work(self):
        """One step; what is refused changes nothing, which the replay then shows."""
        step = self.random.choice(
            [self.submit, self.enter, self.enter, self.verify, self.verify, self.correct, self.look]
        )
        try:
            step()
        except ValidationError:
            return False
        return True

    def sheets(self):
        key = self.random.choice(["e01", "e02"])
        first = self.random.choice(["30", "31.5", "40", "40.2", ""])
        return {
            key: {"": {**ARENA, "a-results": first}},
            key.replace("e", "s"): {"": dict(PERSON)},
        }

    def look(self):
        rows = Sheet.objects.select_related("entry", "judge")
        self.pages.append(
            {(row.judge.key, row.entry.key, row.site): row.revision.hex for row in rows}
        )

    def submit(self):
        judge = self.random.choice(self.stage.judges)
        submit_sheets(
            judge=judge,
            round_key="arena",
            sheets=self.sheets(),
            op=uuid.uuid4(),
            by=judge.person,
            now=NOW,
        )

    def paper(self):
        self.look()
        judge = self.random.choice(self.stage.judges)
        page = self.random.choice(self.pages[-2:])
        return {
            "competition": self.stage.competition,
            "round_key": "arena",
            "judge": judge,
            "op": uuid.uuid4(),
            "revisions": {place[1:]: op for place, op in page.items() if place[0] == judge.key},
            "by": self.random.choice(self.people),
            "now": NOW,
        }

    def enter(self):
        enter_paper_sheets(sheets=self.sheets(), **self.paper())

    def verify(self):
        call = self.paper()
        if self.random.random() < 0.3:
            verify_paper_sheets(confirmed=[(self.random.choice(["e01", "s02"]), "")], **call)
        elif self.random.random() < 0.5:
            waiting = Sheet.objects.filter(judge=call["judge"], state="entered")
            again = {row.entry.key: {"": row.marks} for row in waiting.select_related("entry")}
            verify_paper_sheets(sheets=again, **call)
        else:
            verify_paper_sheets(sheets=self.sheets(), **call)

    def correct(self):
        call = {"op": uuid.uuid4(), "by": self.random.choice(self.people), "now": NOW}
        waiting = Correction.objects.filter(state="entered").order_by("id").first()
        if waiting is not None and self.random.random() < 0.7:
            if self.random.random() < 0.7:
                verify_correction(correction=waiting, **call)
            else:
                return_correction(correction=waiting, reason="看不清", **call)
            return
        counted = list(Sheet.objects.filter(round_key="arena", state="verified").order_by("id"))
        if counted:
            sheet = self.random.choice(counted)
            marks = {**ARENA, "a-results": self.random.choice(["1", "2"])}
            propose_correction(
                sheet=sheet, marks=marks, reason="原件", revision=sheet.revision.hex, **call
            )


def replay(chain):
    """This function will tell from the record alone how every sheet stands.

    {(judge, round, entry, site): (marks, source, state, entered by, verified by, second reading)}
    """
    stand, proposed = {}, {}
    for revision in Revision.objects.of_chain(chain):
        facts, by = revision.facts, revision.by
        if revision.kind == "correction.entered":
            proposed[revision.op_id] = by
        elif revision.kind == "correction.verified":
            place = tuple(facts[key] for key in ("judge", "round", "entry", "site"))
            author = proposed[revision.replaces]
            stand[place] = (facts["marks"], "paper", "verified", author, by, None)
        for item in facts.get("sheets", []):
            place = (facts["judge"], item["round"], item["entry"], item["site"])
            if revision.kind == "sheets.submitted":
                stand[place] = (item["marks"], "pad", "verified", by, None, None)
            elif revision.kind == "sheet.entered":
                stand[place] = (item["marks"], "paper", "entered", by, None, None)
            else:
                stand[place] = read(stand[place], item, by)
    return stand


def read(before, item, by):
    """This function will apply a second person's reading to how a sheet stands."""
    marks, _source, _state, author, _checker, second = before
    reading = marks if item["marks"] is None else item["marks"]
    if item["verified"]:
        taken_over = second is not None and reading != marks
        return (reading, "paper", "verified", second[1] if taken_over else author, by, None)
    if by == author:
        return (reading, "paper", "entered", author, None, second)
    return (marks, "paper", "entered", author, None, (reading, by))


def rows():
    """This function will tell how every stored sheet stands, in the shape of `replay`."""
    found = {}
    for row in Sheet.objects.select_related("judge", "entry"):
        second = None if row.second_marks is None else (row.second_marks, str(row.second_by_id))
        checker = str(row.verified_by_id) if row.verified_by_id else None
        found[row.judge.key, row.round_key, row.entry.key, row.site] = (
            row.marks,
            row.source,
            row.state,
            str(row.entered_by_id),
            checker,
            second,
        )
    return found


@pytest.mark.parametrize("seed", range(4))
def test_sheets_after_random_work_stand_as_the_record_says(stage, seed):
    people = [factories.PersonFactory() for _ in range(3)]
    hall = Hall(stage, people, seed)
    done = sum(hall.work() for _ in range(STEPS))
    assert STEPS // 5 < done < STEPS
    assert replay(stage.competition.chain) == rows()
    assert find_unlike_record(stage.competition, identities(stage.competition)) == []
    assert all(row.verified_by_id != row.entered_by_id for row in Sheet.objects.all())
    assert verify_chain(stage.competition.chain).ok
