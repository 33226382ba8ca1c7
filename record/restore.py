"""A whole chain that was written elsewhere, put into the record word by word.

Nothing is appended to it here: what continues a chain goes through `record.actions.append`. The
guards of the database stay on, they accept a row that continues its chain.
"""

from datetime import UTC, datetime
from itertools import islice
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connections, router

from record import kinds
from record.actions import AUDIT, INSERT_CHUNK, LOOKUP_CHUNK
from record.chain.canonical import decode, encode
from record.chain.commitments import commit, commitments_in
from record.chain.digests import SALT
from record.chain.verify import verify
from record.models import PrivateValue, Revision

INSTANT = "%Y-%m-%dT%H:%M:%S.%fZ"


def restore_chain(*, chain, read_rows, texts):
    """This function will put a chain into the record as it stands and return its verification
    Report.

    `read_rows()` yields its rows as `Revision.as_row` makes them, every one with its body; it is
    called twice, so that a chain of any length is never held whole. `texts` are the private values
    that go with it: {commitment: (salt, text)}. It must run inside `transaction.atomic`, else
    RuntimeError. ValidationError when the chain is here already, when it does not verify, when a
    body is withheld or of an unknown kind, when an operation is recorded in another chain, and when
    a text is not the one that was committed to.
    """
    using = router.db_for_write(Revision)
    if not connections[using].in_atomic_block:
        raise RuntimeError("放回记录必须在 transaction.atomic 之内。")
    if chain == AUDIT or Revision.objects.filter(chain=chain).exists():
        raise ValidationError("这条存证链已在本系统里，不能再导入一次。", code="chain_is_here")
    report = verify(read_rows(), chain=chain)
    if report.problems:
        raise ValidationError(["存证链核验没有通过，没有导入。", *report.problems])
    if report.withheld:
        raise ValidationError("存证里有没有附上的正文：这样的卷宗（公开卷宗）只能核验，不能导入。")
    carriers = {}
    rows = iter(read_rows())
    while batch := [_as_revision(row, carriers) for row in islice(rows, LOOKUP_CHUNK)]:
        _refuse_unknown(batch)
        Revision.objects.bulk_create(batch, batch_size=INSERT_CHUNK)
    _keep_texts(texts, carriers)
    return report


def _as_revision(row, carriers):
    """The row as it will be stored; what its body commits to is noted in `carriers`."""
    body = row["body"] if isinstance(row["body"], str) else encode(row["body"]).decode("utf-8")
    revision = Revision(
        chain=row["chain"],
        seq=row["seq"],
        op_id=UUID(row["op"]),
        replaces=UUID(row["replaces"]) if row["replaces"] else None,
        kind=row["kind"],
        body=body,
        body_digest=row["body_digest"],
        at=datetime.strptime(row["at"], INSTANT).replace(tzinfo=UTC),
        by=row["by"],
        previous=row["previous"],
        digest=row["digest"],
    )
    for digest in commitments_in(decode(body)):
        carriers.setdefault(digest, revision.op_id)
    return revision


def _refuse_unknown(batch):
    unknown = sorted({item.kind for item in batch if not kinds.is_known(item.kind)})
    if unknown:
        raise ValidationError(
            f"存证里有本系统不认识的类别「{'」「'.join(unknown)}」，"
            "卷宗出自更新的版本，请先升级本系统。"
        )
    if Revision.objects.filter(op_id__in=[item.op_id for item in batch]).exists():
        raise ValidationError("存证里的一次操作已记在本系统的另一处，卷宗不能导入。")


def _keep_texts(texts, carriers):
    values = []
    for digest, (salt, text) in texts.items():
        carrier = carriers.get(digest)
        if carrier is None or not SALT.fullmatch(salt) or commit(text, salt) != digest:
            raise ValidationError("事由等文字与存证里的摘要不符，卷宗不能导入。")
        values.append(PrivateValue(digest=digest, salt=salt, value=text, op_id=carrier))
    PrivateValue.objects.bulk_create(values, batch_size=INSERT_CHUNK)
