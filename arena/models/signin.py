"""Judges who sign in by a card: the card, the device that asked, and whether it is still there."""

from django.db import models
from django.db.models import Q

from competitions.models import Judge, Person


class Card(models.Model):
    """The card (评委卡) that a judge holds: the one printed last. Of its secret only the digest is
    kept; whoever has it may ask to be let in, and nothing more."""

    judge = models.OneToOneField(Judge, on_delete=models.CASCADE, related_name="card")
    digest = models.CharField("密钥摘要", max_length=64, unique=True)
    issued_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField("制作时间")

    class Meta:
        verbose_name = "评委卡"

    def __str__(self):
        return f"{self.judge_id} {self.issued_at:%m-%d %H:%M}"


class Device(models.Model):
    """A device that asked by a judge's card to be let in, and what became of that.

    It shows `code`; a person of the staff who sees judge and device approves it. A judge has one
    bound device: approving another one ends it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "等待核对"
        BOUND = "bound", "已批准"
        REFUSED = "refused", "没有批准"
        ENDED = "ended", "已退出"

    judge = models.ForeignKey(Judge, on_delete=models.CASCADE, related_name="devices")
    code = models.CharField("核对码", max_length=4)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    label = models.CharField("设备", max_length=60)
    address = models.CharField("网络地址", max_length=60, blank=True)
    # Who made the card by which it asked: whoever approves it should be somebody else.
    card_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField("请求时间")
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField("核对时间", null=True)
    entered_at = models.DateTimeField("登录时间", null=True)
    ended_at = models.DateTimeField("退出时间", null=True)

    class Meta:
        verbose_name = "评委设备"
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["judge"],
                condition=Q(state="bound"),
                name="a_judge_has_one_bound_device",
                violation_error_message="这位评委已有一台设备。",
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(state="waiting"),
                name="a_code_waits_on_one_device",
                violation_error_message="这个核对码正在使用。",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(state="ended") | Q(decided_by__isnull=False),
                name="a_decided_device_says_by_whom",
            ),
        ]

    def __str__(self):
        return f"{self.judge_id} {self.code} {self.get_state_display()}"

    @property
    def is_alone(self):
        """Whether one person made the card and approved the device."""
        return self.card_by_id is not None and self.card_by_id == self.decided_by_id


class Presence(models.Model):
    """When a judge's pages were last heard of, by the server's clock, and how many sheets wait on
    the device. The picture of a moment: not in the record, not in a bundle."""

    judge = models.OneToOneField(Judge, on_delete=models.CASCADE, related_name="presence")
    seen_at = models.DateTimeField("最近联系")
    unsent = models.PositiveIntegerField("待上传份数", default=0)

    class Meta:
        verbose_name = "评委在线情况"

    def __str__(self):
        return f"{self.judge_id} {self.seen_at:%H:%M:%S} {self.unsent}"
