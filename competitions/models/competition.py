"""A competition, the versions of its rules, its timetable and its entries."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property

from competitions.models.people import Person
from competitions.offices import office_among, office_of

TWO_PERSONS_APPROVE = "定稿和审定规则必须是两个人，请由另一位工作人员审定。"


DEMO_MARK = "演示数据，非真实结果"
REHEARSAL_MARK = "演练，不计入成绩"


class CompetitionQuerySet(models.QuerySet):
    def of_host(self, host_code):
        return self.filter(host_code=host_code)

    def real(self):
        """This function will leave out rehearsals, which count for nothing."""
        return self.filter(rehearsal_of__isnull=True)

    def latest_first(self):
        return self.order_by("-year", "-id")


class Competition(models.Model):
    """One county's competition of one year. Its chain in the record is `uuid` in hex."""

    class Stage(models.TextChoices):
        DRAFT = "draft", "规则起草中"
        RUNNING = "running", "规则已公布，进行中"
        CLOSED = "closed", "结果已定，已归档"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField("网址名", max_length=60, unique=True)
    title = models.CharField("名称", max_length=120)
    host_code = models.CharField("主办县（区）代码", max_length=12)
    host_name = models.CharField("主办县（区）", max_length=60)
    year = models.PositiveIntegerField("年度")
    stage = models.CharField("阶段", max_length=20, choices=Stage.choices, default=Stage.DRAFT)
    previous = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="following",
        verbose_name="上一届",
    )
    # Said by the organiser; neither this nor a previous one means that nobody has said it yet.
    is_first = models.BooleanField("本届是第一届", default=False)
    demo = models.BooleanField("演示数据", default=False)
    # A rehearsal (演练) is a competition of its own, made from another's rules and lists, with its
    # own chain; nothing of it reaches the other.
    rehearsal_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="rehearsals",
        verbose_name="所演练的比武",
    )
    # A demonstration stands still on its day: its deadlines are not years past for a newcomer.
    shown_at = models.DateTimeField("演示所处的时间", null=True, blank=True)
    created_at = models.DateTimeField()
    objects = CompetitionQuerySet.as_manager()

    class Meta:
        verbose_name = "比武"
        constraints = [
            models.UniqueConstraint(
                fields=["host_code", "year", "title"],
                name="a_county_holds_one_competition_of_a_title_a_year",
                violation_error_message="本县（区）该年度已有同名比武，请改用别的名称。",
            ),
            models.CheckConstraint(
                condition=Q(previous__isnull=True) | Q(is_first=False),
                name="the_first_competition_has_no_previous",
                violation_error_message="本届是第一届的，不能再选上一届。",
            ),
            models.UniqueConstraint(
                fields=["rehearsal_of"],
                condition=~Q(stage="closed"),
                name="a_competition_has_one_rehearsal_under_way",
                violation_error_message="已有一场演练正在进行，请先结束它。",
            ),
        ]

    def __str__(self):
        return self.title

    @cached_property
    def office(self):
        """What the secretaries of its units are called where all are of one kind, else 书记."""
        units = self.entries.filter(subject="unit", withdrawn=False)
        kinds = units.order_by().values_list("unit__kind", flat=True).distinct()
        return office_among(map(office_of, kinds))

    def moment(self, now):
        """This function will return the moment by which the timetable is judged: `now`, but in a
        demonstration that stands on a day of its year, that day."""
        return self.shown_at or now

    @property
    def is_rehearsal(self):
        """Whether it is a rehearsal of another competition."""
        return self.rehearsal_of_id is not None

    @property
    def mark(self):
        """What every page, print, screen and spreadsheet of it must say; empty for real results."""
        demo = DEMO_MARK if self.demo else ""
        return "；".join(filter(None, (REHEARSAL_MARK if self.is_rehearsal else "", demo)))

    @property
    def chain(self):
        return self.uuid.hex


class SchemeVersion(models.Model):
    """One version of the rules: the canonical document is the truth, its digest its name."""

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        PUBLISHED = "published", "已公布"
        SUPERSEDED = "superseded", "已被替代"

    competition = models.ForeignKey(
        Competition, on_delete=models.CASCADE, related_name="scheme_versions"
    )
    number = models.PositiveIntegerField("版本")
    state = models.CharField("状态", max_length=20, choices=State.choices, default=State.DRAFT)
    document = models.JSONField("规则文本")
    digest = models.CharField(max_length=64)
    revision = models.UUIDField(null=True)
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # Of a change after publication: why, and once marks have come in, by whose decision.
    reason = models.CharField("修改理由", max_length=300, blank=True)
    decided_by = models.CharField("决定人或会议", max_length=120, blank=True)
    decided_on = models.DateField("决定日期", null=True)
    document_number = models.CharField("文号", max_length=80, blank=True)
    approved_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    # Set by a migration only, on rules that were published before a second person had to approve
    # them: nobody is named as having approved what he was never asked about.
    before_approval = models.BooleanField("审定制度以前公布", default=False, editable=False)
    published_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "规则版本"
        constraints = [
            models.UniqueConstraint(
                fields=["competition", "number"], name="a_scheme_version_has_its_number"
            ),
            models.UniqueConstraint(
                fields=["competition"],
                condition=Q(state="published"),
                name="a_competition_has_one_published_scheme",
                violation_error_message="规则已经公布，不能再公布另一版。",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("written_by")),
                name="a_scheme_is_approved_by_a_second_person",
                violation_error_message=TWO_PERSONS_APPROVE,
            ),
            models.CheckConstraint(
                condition=~Q(state="published")
                | Q(before_approval=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="a_published_scheme_is_approved",
                violation_error_message="规则须经另一位工作人员审定才能公布。",
            ),
            models.CheckConstraint(
                condition=~Q(state="published")
                | Q(published_at__isnull=False, published_by__isnull=False),
                name="a_published_scheme_says_who_and_when",
            ),
        ]

    def __str__(self):
        return f"{self.competition} 规则第 {self.number} 版"


class SchemeDraft(models.Model):
    """One saved state of the rules while they are written (第几稿). It may still be wrong.

    Every save is a new row; what is approved and published is a SchemeVersion.
    """

    competition = models.ForeignKey(
        Competition, on_delete=models.CASCADE, related_name="scheme_drafts"
    )
    number = models.PositiveIntegerField("稿次")
    document = models.JSONField("规则文本")
    digest = models.CharField(max_length=64)
    what = models.CharField("改动", max_length=200)
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    # The operation that holds this state in the record; the next save must have seen it.
    revision = models.UUIDField(unique=True)

    class Meta:
        verbose_name = "规则草稿"
        constraints = [
            models.UniqueConstraint(
                fields=["competition", "number"], name="a_scheme_draft_has_its_number"
            )
        ]

    def __str__(self):
        return f"{self.competition} 规则第 {self.number} 稿"


class RoundPlan(models.Model):
    """When a round of the published rules takes place, and until when its evidence is due."""

    competition = models.ForeignKey(
        Competition, on_delete=models.CASCADE, related_name="round_plans"
    )
    round_key = models.SlugField("环节", max_length=60)
    starts_on = models.DateField("开始日期", null=True, blank=True)
    due_at = models.DateTimeField("截止时间", null=True, blank=True)
    venue = models.CharField("地点", max_length=120, blank=True)

    class Meta:
        verbose_name = "环节安排"
        constraints = [
            models.UniqueConstraint(
                fields=["competition", "round_key"], name="a_round_is_planned_once"
            )
        ]

    def __str__(self):
        return f"{self.competition} {self.round_key}"
