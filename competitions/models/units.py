"""Units that compete, and the party secretaries' terms of office in them."""

from itertools import chain

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from competitions.models.people import Person
from competitions.offices import office_of


class UnitQuerySet(models.QuerySet):
    def of_host(self, host_code):
        return self.filter(host_code=host_code)

    def in_official_order(self):
        return self.order_by("official_order", "id")


class Unit(models.Model):
    """A township, farm, department, village …: it may point to an administrative division."""

    class Kind(models.TextChoices):
        TOWN = "town", "镇"
        TOWNSHIP = "township", "乡"
        SUBDISTRICT = "subdistrict", "街道"
        FARM = "farm", "农场"
        DEPARTMENT = "department", "部门"
        VILLAGE = "village", "村"
        OTHER = "other", "其他"

    host_code = models.CharField("主办县（区）代码", max_length=12)
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("类别", max_length=20, choices=Kind.choices, default=Kind.TOWN)
    aliases = models.JSONField("别名", default=list, blank=True)
    division_code = models.CharField("行政区划代码", max_length=12, blank=True)
    official_order = models.PositiveIntegerField("建制顺序", default=0)
    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = "单位"
        constraints = [
            models.UniqueConstraint(
                fields=["host_code", "name"],
                name="a_county_has_one_unit_of_a_name",
                violation_error_message="本县（区）已有同名单位，请核对名称。",
            )
        ]

    def __str__(self):
        return self.name

    @property
    def office(self):
        """What its secretary is called: 党委书记, a village's 党支部书记."""
        return office_of(self.kind)


class PartySecretaryQuerySet(models.QuerySet):
    def held_on(self, day):
        return self.filter(since__lte=day).filter(Q(until__isnull=True) | Q(until__gte=day))

    def held_during(self, first, last):
        return self.filter(since__lte=last).filter(Q(until__isnull=True) | Q(until__gte=first))

    def in_order(self):
        return self.order_by("unit__official_order", "since", "id")


class PartySecretary(models.Model):
    """A term of office: who was party secretary of which unit, since when, until when."""

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="terms", verbose_name="姓名"
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="secretaries", verbose_name="单位"
    )
    since = models.DateField("任职日期")
    until = models.DateField("免职日期", null=True, blank=True)
    acting = models.BooleanField("主持工作（代理）", default=False)
    objects = PartySecretaryQuerySet.as_manager()

    class Meta:
        verbose_name = "任职经历"
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="a_term_ends_after_it_begins",
                violation_error_message="免职日期不能早于任职日期。",
            ),
            models.UniqueConstraint(
                fields=["person", "unit", "since"],
                name="a_term_is_recorded_once",
                violation_error_message="这段任职经历已经登记。",
            ),
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(until__isnull=True, acting=False),
                name="a_unit_has_one_secretary_in_office",
                violation_error_message="该单位已有在任%%(office)s，请先填写前任的免职日期。",
                violation_error_code="in_office",
            ),
        ]

    def __str__(self):
        return f"{self.unit} {self.person}"

    def validate_constraints(self, exclude=None):
        """This function will call a secretary in office what the unit's is called."""
        try:
            super().validate_constraints(exclude)
        except ValidationError as error:
            for one in chain.from_iterable(error.error_dict.values()):
                one.params = {"office": self.unit.office} if one.code == "in_office" else one.params
            raise

    @property
    def span(self):
        """The dates of the term in short: 2022.1.1—2022.6.30, or 2022.7.1起."""
        if self.until is None:
            return f"{_short(self.since)}起"
        return f"{_short(self.since)}—{_short(self.until)}"


def _short(day):
    return f"{day.year}.{day.month}.{day.day}"


class Involvement(models.Model):
    """Why a person must not judge a unit: an office held there, or a duty over it."""

    class Kind(models.TextChoices):
        HELD_OFFICE = "held_office", "曾在该单位任职"
        IN_CHARGE = "in_charge", "分管或联系该单位"

    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="involvements", verbose_name="姓名"
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.CASCADE, related_name="involvements", verbose_name="单位"
    )
    kind = models.CharField("关系", max_length=20, choices=Kind.choices)
    note = models.CharField("说明", max_length=120, blank=True)

    class Meta:
        verbose_name = "关联关系"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "unit", "kind"],
                name="an_involvement_is_recorded_once",
                violation_error_message="这条关联关系已经登记。",
            )
        ]

    def __str__(self):
        return f"{self.person} {self.get_kind_display()} {self.unit}"
