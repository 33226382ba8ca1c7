"""Who competes: entries, and the places that a review visits in them."""

from django.db import models
from django.db.models import Q

from competitions.models.competition import Competition
from competitions.models.people import Person
from competitions.models.units import PartySecretary, Unit


class EntryQuerySet(models.QuerySet):
    def active(self):
        return self.filter(withdrawn=False)

    def in_official_order(self):
        return self.order_by("official_order", "id")

    def with_subjects(self):
        return self.select_related("unit", "term__person", "person", "of__unit")


class Entry(models.Model):
    """A unit, a secretary's term of office, or a person who competes for himself. `key` is its
    name in the record.

    `of` is what it belongs to: a secretary's or a person's unit where that competes, a village's
    town. `tracks` are the keys of the tracks it competes in, empty for every track of its subject;
    a secretary's are his unit's.
    """

    class Subject(models.TextChoices):
        UNIT = "unit", "单位"
        SECRETARY = "secretary", "党委书记"
        PERSON = "person", "个人"

    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="entries")
    key = models.SlugField("编号", max_length=20)
    subject = models.CharField("对象", max_length=20, choices=Subject.choices)
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="entries", verbose_name="单位"
    )
    term = models.ForeignKey(
        PartySecretary,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="entries",
        verbose_name="任职经历",
    )
    person = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="entries",
        verbose_name="参评人",
    )
    of = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="members",
        verbose_name="所属单位",
    )
    tracks = models.JSONField("参加的榜单", default=list, blank=True)
    people = models.PositiveIntegerField("按人发放的人数", null=True, blank=True)
    peer_group = models.CharField("类别组", max_length=40, blank=True)
    official_order = models.PositiveIntegerField("建制顺序")
    hand_order = models.PositiveIntegerField("自定义顺序", default=0)
    factor = models.CharField("难度系数", max_length=12, default="1")
    withdrawn = models.BooleanField("退出", default=False)
    # Kept with the terms (actions.secretaries): every page names entries, few may look for others.
    dated = models.BooleanField("与同名者以任期区别", default=False)
    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = "参评单位"
        constraints = [
            models.UniqueConstraint(fields=["competition", "key"], name="an_entry_has_its_key"),
            models.UniqueConstraint(
                fields=["competition", "unit"],
                condition=Q(subject="unit"),
                name="a_unit_enters_once",
                violation_error_message="该单位已在参评名单中。",
            ),
            models.UniqueConstraint(
                fields=["competition", "term"],
                condition=Q(subject="secretary"),
                name="a_term_enters_once",
                violation_error_message="这段任职经历已在参评名单中。",
            ),
            models.UniqueConstraint(
                fields=["competition", "person"],
                condition=Q(subject="person"),
                name="a_person_enters_once",
                violation_error_message="这位参评人已在参评名单中。",
            ),
            models.CheckConstraint(
                condition=Q(subject="unit", term__isnull=True, person__isnull=True)
                | Q(subject="secretary", term__isnull=False, person__isnull=True, of__isnull=False)
                | Q(subject="person", term__isnull=True, person__isnull=False),
                name="an_entry_is_a_unit_a_term_or_a_person",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def name(self):
        """The name on every list: the unit's, or the person's with the unit; with the dates of a
        secretary's term where the same name competes twice for the unit."""
        if not self.is_human:
            return self.unit.name
        details = [self.unit.name, self.term.span] if self.dated else [self.unit.name]
        return f"{self.holder.name}（{'，'.join(details)}）"

    @property
    def person_name(self):
        """A person's name beside that of his unit, with the term's dates where `name` has them;
        empty for a unit."""
        if not self.is_human:
            return ""
        return f"{self.holder.name}（{self.term.span}）" if self.dated else self.holder.name

    @property
    def heading(self):
        """What heads its place where a secretary stands below his unit: a unit's or own name."""
        return self.name if self.subject == self.Subject.PERSON else self.unit.name

    @property
    def is_secretary(self):
        """Whether it is a secretary's entry, which stands beside that of his unit."""
        return self.subject == self.Subject.SECRETARY

    @property
    def is_human(self):
        """Whether a human being is judged: a secretary, or a person for himself."""
        return self.subject != self.Subject.UNIT

    @property
    def holder(self):
        """The Person who competes, None for a unit."""
        return self.person if self.person_id is not None else self.term and self.term.person

    def competes_in(self, track):
        """This function will say whether the entry is in a track of the rules."""
        return self.subject == track.subject and (not self.tracks or track.key in self.tracks)


class Site(models.Model):
    """A place that a joint review visits in one entry (点位)."""

    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="sites")
    round_key = models.SlugField("环节", max_length=60)
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="sites")
    key = models.SlugField("编号", max_length=20)
    name = models.CharField("点位", max_length=80)
    position = models.PositiveIntegerField("顺序", default=0)

    class Meta:
        verbose_name = "点位"
        constraints = [
            models.UniqueConstraint(
                fields=["competition", "round_key", "entry", "key"], name="a_site_has_its_key"
            ),
            models.UniqueConstraint(
                fields=["competition", "round_key", "entry", "name"],
                name="a_site_is_named_once",
                violation_error_message="该单位本环节已有同名点位。",
            ),
        ]

    def __str__(self):
        return self.name
