"""What is told to the pages of a live event, item by item."""

from django.db import models
from django.db.models import Q

# In the data of an item that makes all before it in its channel void.
WHOLE = "whole"
# In the data of an item before which something was erased: what a process has kept is read anew.
ERASED = "erased"


class FeedItem(models.Model):
    """One thing told to one audience: written in the transaction that caused it, and changed only
    where a name in it is erased (arena.private), or emptied once a later one says everything anew.

    A channel is one audience of one round of one competition; its numbers run 1, 2, 3, … and a
    number is seen only after all before it, so a page that knows its last number misses nothing.
    """

    channel = models.CharField("频道", max_length=120)
    number = models.PositiveBigIntegerField("序号")
    kind = models.CharField("类别", max_length=40)
    data = models.JSONField("内容")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "现场消息"
        ordering = ["channel", "number"]
        constraints = [
            # It is also the index by which items after a number are found.
            models.UniqueConstraint(
                fields=["channel", "number"],
                name="a_number_is_used_once_in_a_channel",
                violation_error_message="这个频道里已有这个序号的消息。",
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1),
                name="a_feed_counts_from_one",
                violation_error_message="消息的序号从 1 开始。",
            ),
        ]

    def __str__(self):
        return f"{self.channel} {self.number} {self.kind}"
