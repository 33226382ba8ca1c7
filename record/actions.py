"""The only way into the record: one append, in the transaction that makes the fact true."""

import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connections, router, transaction
from django.db.models import Q, Subquery

from record import kinds, private
from record.chain.canonical import decode, encode
from record.chain.commitments import commitments_in
from record.chain.digests import (
    CHAIN,
    DIGEST,
    PERSON,
    canonical_body_digest,
    first_previous,
    instant_text,
    revision_digest,
)
from record.models import PrivateValue, Revision
from record.prepared import Inserted, Prepared
from record.turns import take_turn, turn_of

AUDIT = "audit"
PRIVATE_ERASED = kinds.register("private.erased", "私密值已抹去")
LOOKUP_CHUNK = 250
INSERT_CHUNK = 75
HEAD = Prepared(lambda chain: Revision.objects.filter(chain=chain).order_by("-seq")[:1])
NEW = Inserted(Revision)


def _recorded_or_last(chain, op_id):
    last = Revision.objects.filter(chain=chain).order_by("-seq").values("id")[:1]
    return Revision.objects.filter(Q(op_id=op_id) | Q(id=Subquery(last)))


# In one question what a single append asks: who hands in at once waits for each of them.
RECORDED_OR_LAST = Prepared(_recorded_or_last)


class OperationReused(ValidationError):
    """The operation id was used before for something else; `revision` is what it recorded."""

    def __init__(self, revision):
        super().__init__(
            "这次提交的操作号已用于另一项内容，没有保存，请刷新页面后重新填写。",
            code="operation_reused",
        )
        self.revision = revision


class StaleRevision(ValidationError):
    """Somebody else replaced it first; `newer` is the revision that did, so a page shows both."""

    def __init__(self, newer):
        super().__init__(
            "您修改的内容已被别人先改过，没有保存，请对照两个版本后再提交。",
            code="stale_revision",
        )
        self.newer = newer


@dataclass(frozen=True)
class Operation:
    """One revision to be appended: its kind, its body (without salt), its id, what it replaces.

    `values` are the private values of the body, filled in by `append_many`.
    """

    kind: str
    body: dict
    op_id: UUID | None = None
    replaces: UUID | None = None
    values: tuple[PrivateValue, ...] = ()


def append(
    *,
    chain: str,
    kind: str,
    body: dict,
    by: str,
    now: datetime,
    op_id: UUID | None = None,
    replaces: UUID | None = None,
) -> Revision:
    """This function will append one revision to a chain and return it.

    `chain` is `audit` or a competition's uuid as 32 hex digits; `by` an opaque person id, empty
    for the system; `body` plain JSON values without a salt, and `record.private.Private` around
    every text that may name somebody: it enters as a commitment. It must run inside
    `transaction.atomic`, else RuntimeError. The same `op_id` with the same content returns the
    first revision with `repeated` true; with other content it raises OperationReused. A revision
    that has been replaced already raises StaleRevision. A transaction that appends to several
    chains takes the competition's chain first and `audit` last, so that no two wait in a circle.
    """
    operation = Operation(kind=kind, body=body, op_id=op_id, replaces=replaces)
    return append_many(chain=chain, operations=[operation], by=by, now=now)[0]


def append_many(
    *, chain: str, operations: Iterable[Operation], by: str, now: datetime
) -> list[Revision]:
    """This function will append several revisions in their order, with a handful of queries.

    All or nothing: the rules and errors are those of `append`, and an operation may replace an
    earlier one of the same call.
    """
    operations = [_checked(operation) for operation in operations]
    using = router.db_for_write(Revision)
    _check_call(chain, by, operations, using)
    at = instant_text(now)
    recorded, replaced, head = _recorded_before(chain, operations, using)
    seq, previous = (head.seq, head.digest) if head else (0, first_previous(chain))
    revisions, new = [], []
    for operation in operations:
        earlier = recorded.get(operation.op_id)
        if earlier is not None:
            revisions.append(_repeated(earlier, operation, chain, by))
            continue
        if operation.replaces is not None:
            if operation.replaces in replaced:
                raise StaleRevision(replaced[operation.replaces])
            target = recorded.get(operation.replaces)
            if target is None or target.chain != chain:
                raise ValidationError(
                    "要更正的记录不在这项比赛里，请刷新页面后重试。", code="unknown_revision"
                )
        seq += 1
        revision = _build(operation, chain=chain, seq=seq, by=by, now=now, at=at, previous=previous)
        previous = revision.digest
        recorded[operation.op_id] = revision
        if operation.replaces is not None:
            replaced[operation.replaces] = revision
        revisions.append(revision)
        new.append(revision)
    if len(new) == 1:
        NEW.put(new)
    else:
        Revision.objects.bulk_create(new, batch_size=INSERT_CHUNK)
    _keep_private_values(operations, {revision.op_id for revision in new})
    return revisions


def read_private(digest: str) -> str | None:
    """This function will return a private value by its commitment, None once it is erased."""
    return private.find_texts([digest]).get(digest)


def erase_private(*, digest: str, by: str, now: datetime, witness: str = "") -> Revision:
    """This function will erase a private text for good and say so in the audit chain.

    The text goes wherever its competition holds it: all commitments of the same chain to the same
    words, and the rows of the apps (`private.register_blanker`). The record keeps the commitments
    and still verifies. `witness` is the id of a second person who was present. An unknown or
    erased digest raises ValidationError.
    """
    with transaction.atomic():
        if not DIGEST.fullmatch(digest):
            raise ValidationError("私密值的摘要写法不对。", code="unknown_private_value")
        value = PrivateValue.objects.select_for_update(no_key=True).filter(digest=digest).first()
        if value is None:
            raise ValidationError("没有这个私密值，它可能已经抹去。", code="unknown_private_value")
        chain = Revision.objects.values_list("chain", flat=True).get(op_id=value.op_id)
        operations = Revision.objects.filter(chain=chain).values("op_id")
        same = PrivateValue.objects.filter(value=value.value, op_id__in=operations)
        digests = sorted(same.values_list("digest", flat=True))
        if chain != AUDIT:
            private.blank_rows(chain, value.value)
        same.delete()
        body = {"chain": chain, "digests": digests, "witness": witness}
        revision = append(chain=AUDIT, kind=PRIVATE_ERASED, body=body, by=by, now=now)
        if chain != AUDIT:
            private.tell_erased(chain, value.value, now=now)
        return revision


def _checked(operation):
    if not kinds.is_known(operation.kind):
        raise ValueError(f"记录类别「{operation.kind}」没有登记。")
    if not isinstance(operation.body, dict) or "salt" in operation.body:
        raise ValueError("记录的正文应为字典，并且自己不带 salt。")
    op_id = operation.op_id or uuid.uuid4()
    for value in (op_id, operation.replaces):
        if value is not None and not isinstance(value, UUID):
            raise ValueError("操作号应为 UUID。")
    # The body that is written is the normalised one, whatever the caller does with its own.
    body, values = private.hide(operation.body)
    return Operation(
        kind=operation.kind,
        body=decode(encode(body)),
        op_id=op_id,
        replaces=operation.replaces,
        values=tuple(values),
    )


def _check_call(chain, by, operations, using):
    if not CHAIN.fullmatch(chain):
        raise ValueError(f"链名「{chain}」应为 audit 或 32 位十六进制的比赛编号。")
    if not PERSON.fullmatch(by):
        raise ValueError("经手人应为不含姓名的编号。")
    if len({operation.op_id for operation in operations}) != len(operations):
        raise ValueError("同一次追加里操作号重复。")
    if not connections[using].in_atomic_block:
        raise RuntimeError("追加记录必须在 transaction.atomic 之内。")


def _recorded_before(chain, operations, using):
    """What is recorded under the ids that the operations name, what replaced their targets, and
    the last revision of the chain, whose turn is taken."""
    recorded, replaced, turn = {}, {}, f"leitai/record/{chain}"
    if len(operations) == 1 and operations[0].replaces is None:
        op_id = operations[0].op_id
        found = RECORDED_OR_LAST.all(turn_of(turn), chain=chain, op_id=op_id)
        recorded = {row.op_id: row for row in found if row.op_id == op_id}
        ours = [row for row in found if row.chain == chain]
        return recorded, replaced, max(ours, key=lambda row: row.seq, default=None)
    take_turn(turn, using)
    for start in range(0, len(operations), LOOKUP_CHUNK):
        chunk = operations[start : start + LOOKUP_CHUNK]
        targets = {operation.replaces for operation in chunk if operation.replaces}
        ids = {operation.op_id for operation in chunk} | targets
        wanted = Q(op_id__in=ids) | Q(replaces__in=targets) if targets else Q(op_id__in=ids)
        for revision in Revision.objects.filter(wanted).order_by("id"):
            recorded[revision.op_id] = revision
            if revision.replaces is not None:
                replaced[revision.replaces] = revision
    return recorded, replaced, HEAD.first(chain=chain)


def _build(operation, *, chain, seq, by, now, at, previous):
    body = encode({**operation.body, "salt": secrets.token_hex(16)})
    header = {
        "chain": chain,
        "seq": seq,
        "op": operation.op_id.hex,
        "replaces": operation.replaces.hex if operation.replaces else None,
        "kind": operation.kind,
        "at": at,
        "by": by,
        "body_digest": canonical_body_digest(body),
        "previous": previous,
    }
    return Revision(
        chain=chain,
        seq=seq,
        op_id=operation.op_id,
        replaces=operation.replaces,
        kind=operation.kind,
        body=body.decode("utf-8"),
        body_digest=header["body_digest"],
        at=now,
        by=by,
        previous=previous,
        digest=revision_digest(header),
    )


def _repeated(earlier, operation, chain, by):
    same = (
        earlier.chain == chain
        and earlier.kind == operation.kind
        and earlier.by == by
        and earlier.replaces == operation.replaces
        and _in_the_clear(earlier.facts) == _in_the_clear(operation.body, operation.values)
    )
    if not same:
        raise OperationReused(earlier)
    earlier.repeated = True
    return earlier


def _in_the_clear(body, values=()):
    """The canonical body with every commitment that can still be read put in the clear.

    A repeated submit commits to the same words with a fresh salt; it is the same content.
    """
    digests = commitments_in(body)
    if not digests:
        return encode(body)
    texts = {value.digest: value.value for value in values} or private.find_texts(digests)
    shown = {digest: {"private": text} for digest, text in texts.items()}
    return encode(private.put_in_place(body, shown, missing=lambda digest: {"commit": digest}))


def _keep_private_values(operations, new):
    """Keep the values of new revisions; a repeated submit's are dropped with it."""
    values = []
    for operation in operations:
        for value in operation.values if operation.op_id in new else ():
            value.op_id = operation.op_id
            values.append(value)
    if values:
        PrivateValue.objects.bulk_create(values, batch_size=INSERT_CHUNK)
