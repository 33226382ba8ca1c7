"""Random work through the product's actions: the record, the rows and a small model must agree.

Three staff and three judges mark, type, verify, correct, measure, note, rule, withdraw, tabulate
and publish, at times twice with one operation, at times from an old page. After each step an
accepted operation is exactly one revision and a refused one none, and the evidence stands as the
record tells it and as the model expects it.
"""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from record.actions import AUDIT
from record.models import Revision
from record.queries import verify_chain
from scoring.queries.inputs import find_asked
from scoring.queries.replay import find_unlike_record
from tests import factories
from tests.people import identities
from tests.properties.desk import Desk
from tests.properties.model import NOTHING, OPEN, REFUSED, REPEATED, TAKEN, Model
from tests.properties.small_year import SmallYear
from tests.properties.standing import Telling, by_model, by_record, by_rows
from tests.properties.steps import Office, Step

STEPS, LATER_STEPS, UNITS, JUDGES = 110, 30, 3, 3


class Drive:
    """One year: the product beside the model."""

    def __init__(self, seed):
        staff = [factories.PersonFactory() for _ in range(3)]
        self.year = SmallYear(units=UNITS, judges=JUDGES, slug=f"drive-{seed}", staff=staff)
        self.chain = self.year.competition.chain
        judges = {user.judge.key: user.person for user in self.year.judges}
        people = dict(zip("abc", staff, strict=True)) | judges
        self.name_of = {person.id: name for name, person in people.items()}
        self.desk = Desk(self.year, people)
        self.model = self._model(list(judges))
        self.office = Office(self.model, seed)
        self.known = list(Revision.objects.of_chain(self.chain))
        self.telling = Telling(self.name_of)
        self.telling.hear(self.known)
        self.others = Revision.objects.exclude(chain=self.chain).count()
        self.words = {word.word: 0 for word in (TAKEN, REPEATED, NOTHING, REFUSED)}
        self.trace = []

    def _model(self, judges):
        units, scheme = self.year.entries("unit"), self.year.scheme
        # The unit that left before the start may come back.
        left = self.year.competition.entries.filter(subject="unit", withdrawn=True)
        rounds = [item for track in scheme.tracks for item in track.rounds]
        secretaries = self.year.competition.entries.filter(subject="secretary")
        return Model(
            units=[unit.key for unit in [*units, *left]],
            secretaries={entry.of.key: entry.key for entry in secretaries.select_related("of")},
            judges=judges,
            criteria={item.key: [one.key for one in item.criteria] for item in rounds},
            inputs={
                (item.key, asked.key): [one.key for one in asked.inputs]
                for item in rounds
                for asked in find_asked(item)
            },
            withdrawn={entry.key for entry in left},
        )

    def take(self, step):
        """This function will let product and model take a step, and compare."""
        expected = self.model.apply(step)
        try:
            with transaction.atomic():
                self.desk.run(step)
            refusal = None
        except (ValidationError, PermissionDenied) as error:
            refusal = error
        new = list(Revision.objects.of_chain(self.chain).filter(seq__gt=len(self.known)))
        if expected is OPEN:
            expected = TAKEN if new else REFUSED
            self.model.settle_open(step, expected is TAKEN)
        self.trace.append(f"{expected.word:9}{step}")
        story = "\n".join([*self.trace[-12:], f"refusal: {refusal!r}"])
        assert (refusal is not None) == (expected is REFUSED), story
        assert len(new) == (expected is TAKEN), story
        self._check_record(new, step, story)
        if expected is TAKEN:
            self.office.taken.append(step)
        self.words[expected.word] += 1
        self.known += new
        rows = by_rows(self.year.competition, self.name_of)
        assert rows == by_model(self.model), story
        assert rows == self.telling.hear(new), story
        if len(self.known) % 5 == 0:
            ids = identities(self.year.competition)
            assert find_unlike_record(self.year.competition, ids) == [], story

    def _check_record(self, new, step, story):
        for revision in new:
            last = self.known[-1]
            assert (revision.seq, revision.previous) == (last.seq + 1, last.digest), story
            assert (revision.op_id, self.name_of[int(revision.by)]) == (step.op, step.by), story
        assert Revision.objects.exclude(chain=self.chain).count() == self.others, story


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_record_rows_and_model_agree_after_every_step_of_random_work(seed):
    drive = Drive(seed)
    for _ in range(STEPS):
        drive.take(drive.office.draw())
    for step in drive.office.finish():
        drive.take(step)
    drive.take(Step("tabulate", "c"))
    assert drive.model.tabulations[-1]
    for circle in ("unit", "county"):
        drive.take(Step("publish", "a", {"circle": circle}))
    for _ in range(LATER_STEPS):
        drive.take(drive.office.draw())
    assert min(drive.words[word] for word in ("taken", "repeated", "refused")) > 5, drive.words
    assert by_record(drive.chain, drive.name_of) == drive.telling.standing
    report = verify_chain(drive.chain)
    assert (report.problems, report.length) == ([], len(drive.known))
    assert [revision.seq for revision in drive.known] == list(range(1, len(drive.known) + 1))
    assert verify_chain(AUDIT).ok
