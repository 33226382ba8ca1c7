"""Where a competition that came in a bundle came from."""

from django.db import models

from competitions.models.competition import Competition
from competitions.models.people import Person


class ImportedRecord(models.Model):
    """The part of a competition's record that came in a bundle 卷宗 from another installation.

    The record stays as it was written there, so its ids of people are those of that installation:
    `spans` says up to which number of the chain which ids stand for whom, as a list of
    {"until": seq, "people": {id: the person's uuid in hex}, "units": {id: the unit's name}}, the
    first part first. Whatever comes after the last span was written here.
    """

    competition = models.OneToOneField(
        Competition, on_delete=models.CASCADE, related_name="imported"
    )
    spans = models.JSONField("编号对照")
    seq = models.PositiveBigIntegerField("末条序号")
    head = models.CharField("末条摘要", max_length=64)
    bundle_digest = models.CharField("卷宗摘要", max_length=64)
    imported_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField("导入时间")

    class Meta:
        verbose_name = "卷宗导入"

    def __str__(self):
        return f"{self.competition} 第 1—{self.seq} 条"
