"""Random operations: the record must always say what a few plain lists say."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from record import actions, kinds, queries
from record.actions import Operation, OperationReused, StaleRevision
from record.models import Revision

FACT = kinds.register("test.fact", "测试事实")
OTHER = kinds.register("test.other", "别的事实")
NOW = datetime(2022, 8, 20, 1, 2, 3, 4, tzinfo=UTC)
CHAINS = ["audit", "a" * 32, "b" * 32]
BODIES = [{"mark": "92.50"}, {"mark": "93"}, {"list": [1, None, {"x": "狼山镇"}]}, {}]

OPERATIONS = st.fixed_dictionaries(
    {
        "chain": st.sampled_from(CHAINS),
        "kind": st.sampled_from([FACT, OTHER]),
        "body": st.sampled_from(BODIES),
        "by": st.sampled_from(["", "p-1"]),
        "seconds": st.integers(-5, 5),
        # A small stock of ids, so that ids meet again; targets likewise.
        "op_id": st.integers(0, 12),
        "replaces": st.none() | st.integers(0, 12),
        "roll_back": st.sampled_from([False, False, False, True]),
    }
)


class Model:
    """The record as plain lists: what append promises, in its simplest words."""

    def __init__(self):
        self.rows = []

    def by_operation(self, op_id):
        return next((row for row in self.rows if row["op_id"] == op_id), None)

    def expect(self, new):
        """What append must answer: the name of the error, or the row and whether it is repeated."""
        earlier = self.by_operation(new["op_id"])
        if earlier is not None:
            same = all(earlier[name] == new[name] for name in new if name != "at")
            return (earlier, True) if same else OperationReused
        if new["replaces"] is not None:
            if any(row["replaces"] == new["replaces"] for row in self.rows):
                return StaleRevision
            target = self.by_operation(new["replaces"])
            if target is None or target["chain"] != new["chain"]:
                return ValidationError
        return new, False

    def chain(self, name):
        return [row for row in self.rows if row["chain"] == name]


@pytest.mark.django_db
@given(st.lists(OPERATIONS, max_size=25))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_append_agrees_with_the_model(operations):
    with transaction.atomic():
        model = Model()
        for operation in operations:
            play(model, operation)
        for chain in CHAINS:
            assert said(queries.revisions(chain)) == model.chain(chain)
            report = queries.verify_chain(chain)
            assert (report.problems, report.length) == ([], len(model.chain(chain)))
        transaction.set_rollback(True)


def play(model, operation):
    new = {
        "chain": operation["chain"],
        "kind": operation["kind"],
        "body": operation["body"],
        "by": operation["by"],
        "at": NOW + timedelta(seconds=operation["seconds"]),
        "op_id": uuid.UUID(int=operation["op_id"]),
        "replaces": target(operation),
    }
    call = {name: value for name, value in new.items() if name != "at"}
    expected = model.expect(new)
    try:
        with transaction.atomic():
            revision = actions.append(now=new["at"], **call)
            transaction.set_rollback(operation["roll_back"])
    except ValidationError as error:
        assert type(error) is expected
        return
    row, repeated = expected
    assert (said([revision])[0], revision.repeated) == (row, repeated)
    if not repeated and not operation["roll_back"]:
        model.rows.append(new)


def target(operation):
    return None if operation["replaces"] is None else uuid.UUID(int=operation["replaces"])


def said(revisions):
    return [
        {
            "chain": revision.chain,
            "kind": revision.kind,
            "body": revision.facts,
            "by": revision.by,
            "at": revision.at,
            "op_id": revision.op_id,
            "replaces": revision.replaces,
        }
        for revision in revisions
    ]


@pytest.mark.django_db
@given(st.lists(OPERATIONS, max_size=15, unique_by=lambda operation: operation["op_id"]))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_append_many_is_all_or_nothing_and_agrees_with_single_appends(operations):
    chain, batch = CHAINS[1], []
    model, refused = Model(), False
    with transaction.atomic():
        for operation in operations:
            new = {
                "chain": chain,
                "op_id": uuid.UUID(int=operation["op_id"]),
                "replaces": target(operation),
                "kind": operation["kind"],
                "body": operation["body"],
            }
            batch.append(Operation(**{k: v for k, v in new.items() if k != "chain"}))
            expected = model.expect(new)
            refused = refused or not isinstance(expected, tuple)
            model.rows.append(new)
        try:
            with transaction.atomic():
                actions.append_many(chain=chain, operations=batch, by="", now=NOW)
        except ValidationError:
            assert refused
            assert Revision.objects.count() == 0
        else:
            assert not refused
            assert [r.op_id for r in queries.revisions(chain)] == [o.op_id for o in batch]
            assert queries.verify_chain(chain).ok
        transaction.set_rollback(True)
