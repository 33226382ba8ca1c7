"""Evidence as it stands now (projections of the record), and what was computed from it.

Values are kept as decimal text, exactly as recorded: no database column may round them.
"""

from django.db import models
from django.db.models import F, Q

from competitions.models import Checked, Competition, Entry, Judge, Person, SchemeVersion
from competitions.models.checked import TWO_PERSONS

TWO_WITHDRAW = "申请撤回和同意撤回必须是两个人，请由另一位工作人员处理。"
WITHDRAWAL_ASKED = "已核对，正在申请撤回，仍计入"


class SheetQuerySet(models.QuerySet):
    def counted(self):
        return self.filter(
            Q(source=Sheet.Source.PAD) | Q(state=Checked.State.VERIFIED), entry__withdrawn=False
        )

    def in_order(self):
        return self.order_by("judge__number", "entry__official_order", "site", "id")


class Sheet(models.Model):
    """One judge's marks for one entry (and site) in one round, as last handed in (评分表).

    Marks handed in on a judge's own pad count at once; a paper sheet counts when a second person
    has verified it. `marks` maps criterion key to decimal text.
    """

    class Source(models.TextChoices):
        PAD = "pad", "评委打分页"
        PAPER = "paper", "纸质评分表"

    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="sheets")
    round_key = models.SlugField("环节", max_length=60)
    judge = models.ForeignKey(Judge, on_delete=models.PROTECT, related_name="sheets")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="sheets")
    site = models.SlugField("点位", max_length=20, blank=True)
    source = models.CharField("来源", max_length=10, choices=Source.choices)
    marks = models.JSONField("打分")
    receipt = models.CharField("回执号", max_length=12, blank=True)
    state = models.CharField("状态", max_length=20, choices=Checked.State.choices)
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    verified_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    verified_at = models.DateTimeField(null=True)
    # The second person's own reading of a paper sheet when it differs from the first.
    second_marks = models.JSONField("第二次录入", null=True)
    second_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    revision = models.UUIDField()
    objects = SheetQuerySet.as_manager()

    class Meta:
        verbose_name = "评分表"
        constraints = [
            models.UniqueConstraint(
                fields=["competition", "round_key", "judge", "entry", "site"],
                name="a_judge_has_one_sheet_an_entry_and_site",
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("entered_by")),
                name="sheet_is_verified_by_a_second_person",
                violation_error_message=TWO_PERSONS,
            ),
            models.CheckConstraint(
                condition=Q(source="pad") | ~Q(state="verified") | Q(verified_by__isnull=False),
                name="a_verified_paper_sheet_says_by_whom",
            ),
        ]

    def __str__(self):
        return f"{self.judge_id} → {self.entry_id} ({self.round_key})"


class Correction(Checked):
    """A proposal to change a sheet that already counts (评分更正): the marks as they should stand.

    It changes the sheet when a second person has verified it; until then the sheet stands.
    """

    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="corrections")
    marks = models.JSONField("更正后打分")
    reason = models.CharField("更正原因", max_length=300)

    class Meta(Checked.Meta):
        verbose_name = "评分更正"
        constraints = [
            *Checked.Meta.constraints,
            models.UniqueConstraint(
                fields=["sheet"],
                condition=Q(state="entered"),
                name="a_sheet_has_one_open_correction",
                violation_error_message="这张评分表已有一项更正等待核对，请先核对或退回。",
            ),
        ]

    def __str__(self):
        return f"更正 {self.sheet_id} {self.get_state_display()}"


class LateSheet(models.Model):
    """Marks that came when their turn had been closed (迟到的打分): neither counted nor lost.

    `lines` is what was handed in: [{round, entry, site, marks}]; `why` the sentence that the judge
    was told. Two persons decide whether they are admitted.
    """

    class Outcome(models.TextChoices):
        WAITING = "waiting", "迟到，待裁定"
        ADMITTED = "admitted", "迟到，准予计入"
        DISMISSED = "dismissed", "迟到，不予计入"

    competition = models.ForeignKey(
        Competition, on_delete=models.CASCADE, related_name="late_sheets"
    )
    round_key = models.SlugField("环节", max_length=60)
    judge = models.ForeignKey(Judge, on_delete=models.PROTECT, related_name="late_sheets")
    lines = models.JSONField("打分")
    why = models.CharField("情况", max_length=300)
    receipt = models.CharField("回执号", max_length=12)
    received_at = models.DateTimeField("收到时间")
    outcome = models.CharField(
        "处理", max_length=20, choices=Outcome.choices, default=Outcome.WAITING
    )
    revision = models.UUIDField(unique=True)

    class Meta:
        verbose_name = "迟到的打分"

    def __str__(self):
        return f"{self.judge_id} {self.round_key} {self.get_outcome_display()}"


class LateDecision(Checked):
    """A proposal to admit or dismiss late marks; it holds when a second person has verified it."""

    late = models.ForeignKey(LateSheet, on_delete=models.PROTECT, related_name="decisions")
    admit = models.BooleanField("准予计入")
    reason = models.CharField("理由", max_length=300)
    decided_by = models.CharField("决定人或会议", max_length=120)

    class Meta(Checked.Meta):
        verbose_name = "迟到打分的处理"
        constraints = [
            *Checked.Meta.constraints,
            models.UniqueConstraint(
                fields=["late"],
                condition=Q(state="entered"),
                name="late_marks_have_one_open_decision",
                violation_error_message="这份迟到的打分已有一项处理意见等待核对。",
            ),
        ]

    def __str__(self):
        return f"迟到打分 {self.late_id} {self.get_state_display()}"


class MeasurementQuerySet(models.QuerySet):
    def counted(self):
        """Rows of which something counts: `counted_values`."""
        verified = Q(state=Checked.State.VERIFIED) | ~Q(verified_values={})
        return self.filter(verified, entry__withdrawn=False)


class Measurement(Checked):
    """One entry's value of one criterion: `values` maps input key to decimal text.

    The inputs are the criterion's own: baseline, value and target of an indicator, or the number of
    votes of each grade.
    """

    competition = models.ForeignKey(
        Competition, on_delete=models.CASCADE, related_name="measurements"
    )
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="measurements")
    round_key = models.SlugField("环节", max_length=60)
    criterion_key = models.SlugField("指标", max_length=60)
    values = models.JSONField("指标值")
    # What was verified last, while a change of it waits or was returned; else empty.
    verified_values = models.JSONField("核对过的指标值", default=dict)
    objects = MeasurementQuerySet.as_manager()

    class Meta(Checked.Meta):
        verbose_name = "指标值"
        constraints = [
            *Checked.Meta.constraints,
            models.UniqueConstraint(
                fields=["competition", "entry", "round_key", "criterion_key"],
                name="an_entry_has_one_measurement_a_criterion",
            ),
        ]

    def __str__(self):
        return f"{self.entry_id} {self.criterion_key}"

    @property
    def counted_values(self):
        """What a second person has verified: it counts until another one verifies its change."""
        return self.values if self.state == Checked.State.VERIFIED else self.verified_values


class WithdrawableQuerySet(models.QuerySet):
    def in_force(self):
        """What has been verified counts until a second person has agreed to its withdrawal."""
        return self.filter(state=Checked.State.VERIFIED, withdrawn=False)

    def waiting(self):
        """What a second person has to look at: entered rows, and withdrawals asked for."""
        return self.filter(withdrawn=False).filter(
            Q(state=Checked.State.ENTERED) | Q(withdrawal_by__isnull=False)
        )

    def asking_withdrawal(self):
        return self.filter(withdrawn=False, withdrawal_by__isnull=False)


class Withdrawable(Checked):
    """What may be withdrawn. Nothing is deleted: the row stays and says why and by whom.

    What was never verified its author takes back alone. What was verified goes on counting while a
    withdrawal is only asked for, until a second person agrees to it.
    """

    withdrawn = models.BooleanField("撤回", default=False)
    withdrawal_reason = models.CharField("撤回原因", max_length=200, blank=True)
    withdrawal_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="申请撤回"
    )
    withdrawal_at = models.DateTimeField(null=True)
    withdrawal_checked_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="同意撤回"
    )
    withdrawal_checked_at = models.DateTimeField(null=True)

    class Meta(Checked.Meta):
        abstract = True
        constraints = [
            *Checked.Meta.constraints,
            models.CheckConstraint(
                condition=Q(withdrawal_checked_by__isnull=True)
                | ~Q(withdrawal_checked_by=F("withdrawal_by")),
                name="%(class)s_is_withdrawn_by_a_second_person",
                violation_error_message=TWO_WITHDRAW,
            ),
            models.CheckConstraint(
                condition=Q(withdrawn=False)
                | ~Q(state="verified")
                | Q(withdrawal_by__isnull=False, withdrawal_checked_by__isnull=False),
                name="%(class)s_once_verified_is_withdrawn_by_two",
            ),
        ]

    @property
    def number(self):
        """What people call the row by: 5 of l005, 1 of r01."""
        return int(self.key[1:])

    @property
    def asks_withdrawal(self):
        """Whether a withdrawal has been asked for and nobody has answered."""
        return self.withdrawal_by_id is not None and not self.withdrawn

    @property
    def state_title(self):
        if self.withdrawn:
            return "已撤回"
        return WITHDRAWAL_ASKED if self.asks_withdrawal else self.get_state_display()


class LedgerEventQuerySet(WithdrawableQuerySet):
    def counted(self):
        return self.in_force().filter(entry__withdrawn=False)

    def latest_first(self):
        return self.order_by("-happened_on", "-id")


class LedgerEvent(Withdrawable):
    """One bonus or deduction: date, item, points, reason and the evidence for it (加减分台账)."""

    competition = models.ForeignKey(
        Competition, on_delete=models.CASCADE, related_name="ledger_events"
    )
    key = models.SlugField("编号", max_length=20)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="ledger_events")
    round_key = models.SlugField("环节", max_length=60)
    criterion_key = models.SlugField("指标", max_length=60)
    item_key = models.SlugField("事项", max_length=60)
    happened_on = models.DateField("日期")
    points = models.CharField("分值", max_length=20)
    reason = models.CharField("事由", max_length=300)
    # Events of one matter count once where the scheme says so: those with the same key, which
    # says nothing and outlives the words.
    matter = models.CharField("同一事项", max_length=80, blank=True)
    matter_key = models.SlugField("同一事项编号", max_length=20, blank=True)
    evidence = models.FileField("佐证材料", upload_to="ledger/", blank=True)
    evidence_name = models.CharField("材料名称", max_length=160, blank=True)
    evidence_digest = models.CharField(max_length=64, blank=True)
    objects = LedgerEventQuerySet.as_manager()

    class Meta(Withdrawable.Meta):
        verbose_name = "加减分记录"
        constraints = [
            *Withdrawable.Meta.constraints,
            models.UniqueConstraint(
                fields=["competition", "key"], name="a_ledger_event_has_its_key"
            ),
        ]

    def __str__(self):
        return f"{self.entry_id} {self.item_key} {self.points}"


class RulingQuerySet(WithdrawableQuerySet):
    def counted(self):
        return self.in_force()

    def latest_first(self):
        return self.order_by("-decided_on", "-id")


class Ruling(Withdrawable):
    """A recorded decision that the rules ask for: a judge left out, a tie broken, a term counted.

    `kind` and `subject` are those of scoring.rules.evidence.RulingFact.
    """

    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="rulings")
    key = models.SlugField("编号", max_length=20)
    kind = models.SlugField("类别", max_length=40)
    subject = models.JSONField("裁定内容")
    reason = models.CharField("理由", max_length=300)
    decided_by = models.CharField("决定人或会议", max_length=120)
    decided_on = models.DateField("决定日期")
    document_number = models.CharField("文号", max_length=80, blank=True)
    objects = RulingQuerySet.as_manager()

    class Meta(Withdrawable.Meta):
        verbose_name = "裁定"
        constraints = [
            *Withdrawable.Meta.constraints,
            models.UniqueConstraint(fields=["competition", "key"], name="a_ruling_has_its_key"),
        ]

    def __str__(self):
        return f"{self.kind} {self.reason}"


class Tabulation(models.Model):
    """One computation of the standings: what went in (by digest) and what came out, whole."""

    competition = models.ForeignKey(
        Competition, on_delete=models.CASCADE, related_name="tabulations"
    )
    number = models.PositiveIntegerField("次数")
    scheme_version = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="+")
    evidence = models.JSONField("依据")
    evidence_digest = models.CharField(max_length=64)
    result = models.JSONField("结果")
    result_digest = models.CharField(max_length=64)
    complete = models.BooleanField("完整")
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    revision = models.UUIDField()

    class Meta:
        verbose_name = "统分"
        constraints = [
            models.UniqueConstraint(
                fields=["competition", "number"], name="a_tabulation_has_its_number"
            )
        ]

    def __str__(self):
        return f"{self.competition_id} 第 {self.number} 次统分"
