"""The append-only record and the erasable store beside it.

The columns of these tables never change: new facts go into a revision's body. The database itself
refuses UPDATE, DELETE and TRUNCATE on revisions (see `guards.py`).
"""

from django.db import models
from django.db.models import F, Q

from record import kinds
from record.chain.canonical import decode
from record.chain.digests import instant_text


class RevisionQuerySet(models.QuerySet):
    def of_chain(self, chain):
        """This function will keep one chain, in the order of its seq."""
        return self.filter(chain=chain).order_by("seq", "id")

    def of_kind(self, *names):
        """This function will keep revisions of these kinds."""
        return self.filter(kind__in=names)

    def in_force(self):
        """This function will keep revisions that no later one replaces."""
        later = Revision.objects.filter(replaces=models.OuterRef("op_id"))
        return self.exclude(models.Exists(later))


class Revision(models.Model):
    """One fact, said once: who did what when. A correction is a new revision that replaces it."""

    chain = models.CharField("链", max_length=40)
    seq = models.PositiveBigIntegerField("序号")
    op_id = models.UUIDField("操作号")
    replaces = models.UUIDField("所更正的操作", null=True)
    kind = models.CharField("类别", max_length=64)
    body = models.TextField("正文")
    body_digest = models.CharField("正文摘要", max_length=64)
    at = models.DateTimeField("时间")
    by = models.CharField("经手人", max_length=40, blank=True)
    previous = models.CharField("前一条摘要", max_length=64)
    digest = models.CharField("摘要", max_length=64)

    objects = RevisionQuerySet.as_manager()

    # True on what `append` returns when the operation had been recorded before.
    repeated = False

    class Meta:
        verbose_name = verbose_name_plural = "记录"
        ordering = ["chain", "seq", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["chain", "seq"],
                name="a_seq_is_used_once_in_a_chain",
                violation_error_message="同一条链里已有这个序号的记录。",
            ),
            models.UniqueConstraint(
                fields=["op_id"],
                name="an_operation_is_recorded_once",
                violation_error_message="这次操作已经记录过。",
            ),
            models.UniqueConstraint(
                fields=["replaces"],
                name="a_revision_is_replaced_once",
                violation_error_message="这条记录已被别人更正过，请刷新后再改。",
            ),
            models.UniqueConstraint(
                fields=["previous"],
                name="a_chain_does_not_fork",
                violation_error_message="记录链已有下一条，不能分叉。",
            ),
            models.UniqueConstraint(
                fields=["digest"],
                name="a_digest_belongs_to_one_revision",
                violation_error_message="已有摘要相同的记录。",
            ),
            models.CheckConstraint(
                condition=Q(seq__gte=1),
                name="a_seq_counts_from_one",
                violation_error_message="序号从 1 开始。",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(replaces=F("op_id")),
                name="a_revision_does_not_replace_itself",
                violation_error_message="一条记录不能更正它自己。",
            ),
        ]
        indexes = [models.Index(fields=["chain", "kind", "seq"], name="revisions_by_kind")]

    def __str__(self):
        return f"{self.chain} {self.seq} {self.kind}"

    @property
    def kind_title(self):
        """This function will return the Chinese title of the kind."""
        return kinds.title(self.kind)

    @property
    def facts(self):
        """This function will return the body as a dict, without its salt."""
        body = decode(self.body)
        body.pop("salt", None)
        return body

    def as_row(self):
        """This function will return the plain row that verification and bundles use."""
        return {
            "chain": self.chain,
            "seq": self.seq,
            "op": self.op_id.hex,
            "replaces": self.replaces.hex if self.replaces else None,
            "kind": self.kind,
            "at": instant_text(self.at),
            "by": self.by,
            "body": self.body,
            "body_digest": self.body_digest,
            "previous": self.previous,
            "digest": self.digest,
        }


class PrivateValue(models.Model):
    """A name or telephone number whose commitment stands in the record; it can be erased."""

    digest = models.CharField("摘要", max_length=64)
    salt = models.CharField("盐", max_length=32)
    value = models.TextField("值")
    # The operation that first carried the commitment; empty until `append` has seen it.
    op_id = models.UUIDField("操作号", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "私密值"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["digest"],
                name="a_private_value_is_kept_once",
                violation_error_message="已有摘要相同的私密值。",
            )
        ]
        indexes = [models.Index(fields=["op_id"], name="private_values_by_operation")]

    def __str__(self):
        return self.digest
