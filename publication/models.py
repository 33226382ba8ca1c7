"""What has been made known to whom: frozen versions and their rendered pages."""

from django.db import models
from django.db.models import Q

from competitions.models import Checked, Competition, Person
from rewards.models import MeetingDecision
from scoring.models import Tabulation

HTML = "text/html; charset=utf-8"


class PublicationVersionQuerySet(models.QuerySet):
    def in_force(self):
        return self.filter(withdrawn_at__isnull=True)

    def results_for(self, circles):
        """Results for any of the circles, withdrawn ones too, the latest first."""
        found = self.filter(kind=PublicationVersion.Kind.RESULTS, circle__in=circles)
        return found.order_by("-number")

    def latest_results_for(self, circles):
        """The latest results for any of the circles; None while these are withdrawn: an older
        version never comes back."""
        latest = self.results_for(circles).first()
        return None if latest is None or latest.withdrawn_at is not None else latest

    def open_to_everyone(self):
        return self.filter(circle__in=[Circle.COUNTY, Circle.PUBLIC])


class Circle(models.TextChoices):
    """Who may read a version, from the narrowest to the widest."""

    UNIT = "unit", "本单位"
    LEADING = "leading", "领导小组"
    COUNTY = "county", "全县（区）"
    PUBLIC = "public", "社会公示"


class PublicationVersion(models.Model):
    """A frozen version of rules or results for one circle of readers; a correction adds another."""

    class Kind(models.TextChoices):
        RULES = "rules", "规则"
        RESULTS = "results", "结果"

    competition = models.ForeignKey(
        Competition, on_delete=models.CASCADE, related_name="publications"
    )
    number = models.PositiveIntegerField("版本")
    kind = models.CharField("内容", max_length=10, choices=Kind.choices)
    circle = models.CharField("公布范围", max_length=10, choices=Circle.choices)
    tabulation = models.ForeignKey(
        Tabulation, on_delete=models.PROTECT, null=True, related_name="publications"
    )
    decision = models.ForeignKey(
        MeetingDecision, on_delete=models.PROTECT, null=True, related_name="+"
    )
    contents = models.JSONField("冻结的数据")
    contents_digest = models.CharField(max_length=64)
    released_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField("撤回原因", max_length=200, blank=True)
    # The version that took its place; empty when it was withdrawn by hand.
    replaced_by = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="replaced"
    )
    revision = models.UUIDField()
    objects = PublicationVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "公布版本"
        constraints = [
            models.UniqueConstraint(
                fields=["competition", "number"], name="a_publication_has_its_number"
            ),
            models.UniqueConstraint(
                fields=["competition", "circle", "kind"],
                condition=Q(withdrawn_at__isnull=True),
                name="a_circle_has_one_version_in_force",
                violation_error_message="该范围已有公布的版本，请先以新版本替换。",
            ),
            models.CheckConstraint(
                condition=Q(kind="rules") | Q(tabulation__isnull=False),
                name="published_results_name_their_tabulation",
            ),
            models.CheckConstraint(
                condition=Q(replaced_by__isnull=True) | Q(withdrawn_at__isnull=False),
                name="a_replaced_version_is_no_longer_in_force",
            ),
        ]

    def __str__(self):
        return f"{self.competition_id} 第 {self.number} 版（{self.get_circle_display()}）"

    @property
    def ended(self):
        """How the version ceased to be in force: replaced or withdrawn; empty while it is."""
        if self.withdrawn_at is None:
            return ""
        return "已被新版替代" if self.replaced_by_id else "已撤回"


class PublishedPage(models.Model):
    """One rendered page (or one entry's private fragment) of a version, as stored bytes."""

    version = models.ForeignKey(PublicationVersion, on_delete=models.CASCADE, related_name="pages")
    path = models.CharField(max_length=120)
    content_type = models.CharField(max_length=80, default=HTML)
    body = models.BinaryField()
    gzipped = models.BinaryField(null=True)
    etag = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "path"], name="a_version_has_one_page_at_a_path"
            )
        ]

    def __str__(self):
        return self.path


class ClosingQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(state=Checked.State.ENTERED)

    def with_names(self):
        return self.select_related("competition", "entered_by", "verified_by")


class Closing(Checked):
    """Putting a competition into the archive (归档), or opening it again: proposed by one person,
    done when a second has confirmed it."""

    class Kind(models.TextChoices):
        CLOSE = "close", "归档"
        REOPEN = "reopen", "重新打开"

    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="closings")
    kind = models.CharField("办理", max_length=10, choices=Kind.choices)
    reason = models.CharField("说明", max_length=300, blank=True)
    # That the objections are settled, said by hand while the notice period still runs.
    objections_settled = models.BooleanField("异议已处理完毕", default=False)
    objects = ClosingQuerySet.as_manager()

    class Meta(Checked.Meta):
        verbose_name = "归档办理"
        constraints = [
            *Checked.Meta.constraints,
            models.UniqueConstraint(
                fields=["competition"],
                condition=Q(state="entered"),
                name="a_competition_has_one_open_closing",
                violation_error_message="已有一项归档办理等待确认，请先确认或退回。",
            ),
            models.CheckConstraint(
                condition=~Q(state="verified") | Q(verified_by__isnull=False),
                name="a_confirmed_closing_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(kind="close") | ~Q(reason=""), name="a_reopening_says_why"
            ),
        ]

    def __str__(self):
        return f"{self.competition_id} {self.get_kind_display()} {self.get_state_display()}"
