"""The audience jury: the seats of the hall that vote, and their ballots."""

from django.db import models
from django.db.models import Q

from arena.models.stage import Event, Turn
from arena.stage.seats import hash_ballot
from competitions.models import Person


class JurySeat(models.Model):
    """A seat of the audience jury (大众评委席位): of its codes only keyed digests are kept. The
    first phone that opens it holds it; nothing says who sits there."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="jury_seats")
    number = models.PositiveIntegerField("席位号")
    digest = models.CharField("二维码摘要", max_length=64, unique=True)
    code_digest = models.CharField("席位码摘要", max_length=64, unique=True)
    # The digest of the secret that the phone which holds the seat keeps in a cookie; void with it.
    device = models.CharField("手机", max_length=64, blank=True)
    taken_at = models.DateTimeField("启用时间", null=True)
    issued_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField("制作时间")
    voided_at = models.DateTimeField("作废时间", null=True)
    # The operation that issued it.
    revision = models.UUIDField()

    class Meta:
        verbose_name = "大众评委席位"
        ordering = ["number", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "number"],
                condition=Q(voided_at__isnull=True),
                name="a_seat_has_one_code_in_force",
            ),
            models.UniqueConstraint(
                fields=["event", "device"],
                condition=~Q(device=""),
                name="a_phone_holds_one_seat_of_an_event",
            ),
        ]

    def __str__(self):
        return f"{self.number} 号席位"


class Ballot(models.Model):
    """One seat's ballot on one turn. `late` came after the closing: kept, never counted."""

    turn = models.ForeignKey(Turn, on_delete=models.CASCADE, related_name="ballots")
    seat = models.ForeignKey(JurySeat, on_delete=models.PROTECT, related_name="ballots")
    # The seat's number, also when its code was issued anew: the seat votes once.
    number = models.PositiveIntegerField("席位号")
    choice = models.SlugField("选项", max_length=60)
    salt = models.CharField("盐", max_length=32)
    late = models.BooleanField("迟到", default=False)
    op_id = models.UUIDField("操作编号", unique=True)
    received_at = models.DateTimeField("收到时间")

    class Meta:
        verbose_name = "大众评委选票"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["turn", "number", "late"], name="a_seat_votes_once_a_turn"
            )
        ]

    def __str__(self):
        return f"{self.turn_id} {self.number} 号席位"

    @property
    def hash(self):
        """What enters the digest that is recorded when the turn is closed."""
        return hash_ballot(self.salt, self.number, self.choice)

    @property
    def receipt(self):
        """What the voter is shown: the beginning of the hash."""
        return self.hash[:8].upper()
