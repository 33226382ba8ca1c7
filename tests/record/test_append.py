"""Appending: what is written, what is refused, what a repeated submit gets."""

import uuid
from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from record import actions, kinds, queries
from record.actions import Operation, OperationReused, StaleRevision
from record.chain.commitments import commit
from record.models import PrivateValue, Revision
from record.private import ERASED, Private, reveal

FACT = kinds.register("test.fact", "测试事实")
NOW = datetime(2022, 8, 20, 1, 2, 3, 4, tzinfo=UTC)
CHAIN = "0" * 31 + "a"
OTHER = "0" * 31 + "b"
PERSON = "person-1"


def append(body, *, chain=CHAIN, kind=FACT, by=PERSON, now=NOW, **ids):
    with transaction.atomic():
        return actions.append(chain=chain, kind=kind, body=body, by=by, now=now, **ids)


@pytest.mark.django_db
def test_append_first_and_second_revision():
    first = append({"mark": "92.50"})
    second = append({"mark": "93.00"})
    other = append({"mark": "1"}, chain=OTHER)
    assert [(r.chain, r.seq) for r in (first, second, other)] == [
        (CHAIN, 1),
        (CHAIN, 2),
        (OTHER, 1),
    ]
    assert second.previous == first.digest
    assert (first.facts, first.repeated, first.kind_title) == ({"mark": "92.50"}, False, "测试事实")
    assert queries.verify_chain(CHAIN).problems == []


@pytest.mark.django_db
def test_append_same_moment_from_another_zone_recomputes_the_same_digest():
    shanghai = NOW.astimezone(timezone(timedelta(hours=8)))
    written = append({}, now=shanghai)
    stored = Revision.objects.get(pk=written.pk)
    assert stored.as_row() == written.as_row()
    assert stored.as_row()["at"] == "2022-08-20T01:02:03.000004Z"
    assert stored.at == NOW


@pytest.mark.django_db
def test_append_body_is_written_as_it_was_at_the_call():
    body = {"items": ["e\u0301"]}
    revision = append(body)
    body["items"].append("later")
    assert revision.facts == {"items": ["\u00e9"]}
    assert "salt" not in body


@pytest.mark.django_db(transaction=True)
def test_append_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError, match=r"transaction\.atomic"):
        actions.append(chain=CHAIN, kind=FACT, body={}, by=PERSON, now=NOW)
    assert Revision.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "test.unknown"}, "没有登记"),
        ({"chain": "县里"}, "链名"),
        ({"chain": "A" * 32}, "链名"),
        ({"by": "张三"}, "不含姓名"),
        ({"by": "x" * 41}, "不含姓名"),
        ({"body": {"salt": "0" * 32}}, "salt"),
        ({"body": ["list"]}, "字典"),
        ({"body": {"marks": [1.5]}}, r"marks\[0\]"),
        ({"now": datetime(2022, 8, 20)}, "时区"),
        ({"op_id": "not a uuid"}, "UUID"),
        ({"replaces": "not a uuid"}, "UUID"),
    ],
)
def test_append_malformed_call_is_refused(change, message):
    call = {"chain": CHAIN, "kind": FACT, "body": {}, "by": PERSON, "now": NOW, **change}
    with pytest.raises(ValueError, match=message):
        actions.append(**call)
    assert Revision.objects.count() == 0


@pytest.mark.django_db
def test_append_same_operation_again_returns_the_first():
    op_id = uuid.uuid4()
    first = append({"mark": "92.50", "n": 1}, op_id=op_id)
    again = append({"n": 1, "mark": "92.50"}, op_id=op_id, now=NOW + timedelta(seconds=9))
    assert (again.pk, again.repeated, again.at) == (first.pk, True, NOW)
    assert Revision.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"body": {"mark": "92.5"}},
        {"by": "person-2"},
        {"chain": OTHER},
        {"kind": "test.other"},
        {"replaces": uuid.UUID(int=1)},
    ],
)
def test_append_same_operation_with_other_content_is_refused(change):
    kinds.register("test.other", "别的事实")
    op_id = uuid.uuid4()
    first = append({"mark": "92.50"}, op_id=op_id)
    with pytest.raises(OperationReused) as caught:
        append(**{"body": {"mark": "92.50"}, "op_id": op_id, **change})
    assert caught.value.revision == first
    assert "操作号" in caught.value.messages[0]
    assert Revision.objects.count() == 1


@pytest.mark.django_db
def test_append_replacement_twice_is_stale_and_carries_the_newer():
    first = append({"mark": "1"})
    second = append({"mark": "2"}, replaces=first.op_id)
    with pytest.raises(StaleRevision) as caught:
        append({"mark": "3"}, replaces=first.op_id)
    assert caught.value.newer == second
    third = append({"mark": "3"}, replaces=second.op_id)
    assert Revision.objects.in_force().get() == third


@pytest.mark.django_db
def test_append_same_replacement_again_returns_the_first():
    first, op_id = append({"mark": "1"}), uuid.uuid4()
    second = append({"mark": "2"}, replaces=first.op_id, op_id=op_id)
    again = append({"mark": "2"}, replaces=first.op_id, op_id=op_id)
    assert (again.pk, again.repeated) == (second.pk, True)


@pytest.mark.django_db
def test_append_replacement_of_unknown_or_foreign_revision_is_refused():
    foreign = append({}, chain=OTHER)
    for target in (uuid.uuid4(), foreign.op_id):
        with pytest.raises(ValidationError, match="不在这项比赛里"):
            append({}, replaces=target)
    assert queries.revisions(CHAIN).count() == 0


@pytest.mark.django_db
def test_append_many_writes_all_in_order_with_few_queries(django_assert_max_num_queries):
    old = append({"n": 0})
    ids = [uuid.uuid4() for _ in range(120)]
    batch = [Operation(FACT, {"n": n}, op_id=op_id) for n, op_id in enumerate(ids, start=1)]
    batch.append(Operation(FACT, {"n": 121}, replaces=ids[0]))
    batch.append(Operation(FACT, {"n": 122}, replaces=old.op_id))
    with django_assert_max_num_queries(8), transaction.atomic():
        written = actions.append_many(chain=CHAIN, operations=batch, by=PERSON, now=NOW)
    assert [r.seq for r in written] == list(range(2, 124))
    assert all(r.pk for r in written)
    assert queries.verify_chain(CHAIN).problems == []
    with transaction.atomic():
        again = actions.append_many(chain=CHAIN, operations=batch[:120], by=PERSON, now=NOW)
    assert [(r.seq, r.repeated) for r in again] == [(seq, True) for seq in range(2, 122)]


@pytest.mark.django_db
def test_append_many_with_one_stale_operation_writes_nothing():
    first = append({"n": 1})
    append({"n": 2}, replaces=first.op_id)
    batch = [Operation(FACT, {"n": 3}), Operation(FACT, {"n": 4}, replaces=first.op_id)]
    with pytest.raises(StaleRevision), transaction.atomic():
        actions.append_many(chain=CHAIN, operations=batch, by=PERSON, now=NOW)
    assert queries.head(CHAIN).seq == 2


@pytest.mark.django_db
def test_append_many_with_nothing_or_a_doubled_id():
    with transaction.atomic():
        assert actions.append_many(chain=CHAIN, operations=[], by=PERSON, now=NOW) == []
    doubled = [Operation(FACT, {}, op_id=uuid.UUID(int=5))] * 2
    with pytest.raises(ValueError, match="重复"), transaction.atomic():
        actions.append_many(chain=CHAIN, operations=doubled, by=PERSON, now=NOW)


@pytest.mark.django_db
def test_changes_of_a_fact_from_any_of_its_operations():
    first = append({"n": 1})
    append({"n": "other"})
    second = append({"n": 2}, replaces=first.op_id)
    third = append({"n": 3}, replaces=second.op_id)
    for revision in (first, second, third):
        assert queries.changes(revision.op_id) == [first, second, third]
        assert queries.latest(revision.op_id) == third
    assert queries.changes(uuid.uuid4()) == []
    assert queries.latest(uuid.uuid4()) is None


@pytest.mark.django_db
def test_chains_and_heads():
    assert (queries.chains(), queries.head(CHAIN)) == ([], None)
    append({}, chain="audit")
    append({})
    last = append({})
    assert queries.chains() == [CHAIN, "audit"]
    assert queries.head(CHAIN) == last
    assert [r.seq for r in queries.revisions(CHAIN).of_kind(FACT)] == [1, 2]


@pytest.mark.django_db
def test_private_value_stored_read_and_erased():
    revision = append({"judge": {"id": "j1", "name": Private("张三")}})
    digest = revision.facts["judge"]["name"]["commit"]
    value = PrivateValue.objects.get()
    assert commit("张三", value.salt) == digest
    assert value.op_id == revision.op_id
    assert "张三" not in revision.body
    assert actions.read_private(digest) == "张三"
    assert reveal(revision.facts) == {"judge": {"id": "j1", "name": "张三"}}
    erased = actions.erase_private(digest=digest, by=PERSON, now=NOW, witness="5")
    assert (erased.chain, erased.kind, erased.facts) == (
        "audit",
        "private.erased",
        {"chain": CHAIN, "digests": [digest], "witness": "5"},
    )
    assert actions.read_private(digest) is None
    assert reveal(revision.facts) == {"judge": {"id": "j1", "name": ERASED}}
    assert queries.verify_chain(CHAIN).problems == []
    with pytest.raises(ValidationError, match="没有这个私密值"):
        actions.erase_private(digest=digest, by=PERSON, now=NOW)
    assert queries.verify_chain("audit").length == 1


@pytest.mark.django_db
def test_private_value_erased_goes_wherever_its_chain_says_it():
    said = [append({"why": [{"reason": Private("张三说情")}]}) for _ in range(2)]
    other = append({"why": Private("李四说情")})
    elsewhere = append({"why": Private("张三说情")}, chain=OTHER)
    digest = said[0].facts["why"][0]["reason"]["commit"]
    erased = actions.erase_private(digest=digest, by=PERSON, now=NOW)
    assert len(erased.facts["digests"]) == 2
    assert reveal(said[1].facts) == {"why": [{"reason": ERASED}]}
    assert reveal(other.facts) == {"why": "李四说情"}
    assert reveal(elsewhere.facts) == {"why": "张三说情"}


@pytest.mark.django_db
def test_private_value_of_a_repeated_operation_leaves_no_second_copy():
    op_id = uuid.uuid4()
    first = append({"name": Private("张三")}, op_id=op_id)
    again = append({"name": Private("张三")}, op_id=op_id)
    assert (again.pk, again.repeated) == (first.pk, True)
    assert PrivateValue.objects.get().digest == first.facts["name"]["commit"]
    with pytest.raises(OperationReused), transaction.atomic():
        append({"name": Private("李四")}, op_id=op_id)
    assert PrivateValue.objects.count() == 1


@pytest.mark.django_db
def test_private_value_that_is_empty_hides_nothing():
    assert append({"name": Private("")}).facts == {"name": ""}
    assert not PrivateValue.objects.exists()


@pytest.mark.django_db
def test_private_value_that_is_no_text_is_refused():
    for value in (None, 5, "a\x00b"):
        with pytest.raises(ValidationError):
            append({"name": Private(value)})
