"""Staff who hold a competition's row do not stop a judge's hand-in, which at its end looks the row
up as a foreign key: on PostgreSQL a stronger lock than needed made the two wait for each other."""

import threading
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction

from competitions.actions import basis, terms
from record import actions as record
from record import kinds
from scoring.actions.evidence import lock_competition
from scoring.actions.sheets import submit_sheets
from scoring.models import Sheet
from tests import factories
from tests.scoring.stage import NOW, build_stage

FACT = kinds.register("test.locks", "测试事实")
PLACES = ["arena", "competitions", "config", "publication", "record", "rewards", "scoring"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "lock",
    [lock_competition, basis.lock, terms.lock_county],
    ids=["evidence", "rules", "terms"],
)
def test_judge_hands_in_while_staff_hold_the_competition(lock):
    stage = build_stage(factories.CompetitionFactory())
    judge = stage.judges[0]
    raised = []

    def hand_in():
        try:
            with connection.cursor() as cursor:
                # Instead of hanging for ever: staff end only after the judge.
                cursor.execute("SET lock_timeout = '10s'")
            submit_sheets(
                judge=judge,
                round_key="arena",
                sheets=stage.speech(),
                op=uuid.uuid4(),
                by=judge.person,
                now=NOW,
            )
        except Exception as error:
            raised.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=hand_in)
    with transaction.atomic():
        lock(stage.competition)
        thread.start()
        thread.join()
        # What staff do last: they take the chain, which the judge has given back.
        chain = stage.competition.chain
        record.append(chain=chain, kind=FACT, body={}, by="", now=NOW)
    assert raised == []
    assert Sheet.objects.filter(judge=judge).count() == 2


def test_no_row_is_locked_more_strongly_than_needed():
    weak = "select_for_update(no_key=True)", 'select_for_update(of=("self",), no_key=True)'
    found = []
    for place in PLACES:
        for path in Path(settings.BASE_DIR, place).rglob("*.py"):
            source = path.read_text("utf-8")
            if source.count("select_for_update") != sum(source.count(call) for call in weak):
                found.append(str(path))
    assert found == []
