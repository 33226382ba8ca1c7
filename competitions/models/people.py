"""People, their accounts and the roles they hold."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from competitions.roles import GRANTED_ROLES, RoleKind


class PersonQuerySet(models.QuerySet):
    def in_reading_order(self):
        return self.order_by("name", "id")


class Person(models.Model):
    """A human being. “Two persons” always means two rows of this table, never two accounts."""

    # The same in every installation: a bundle that comes back meets the same people again.
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("姓名", max_length=60)
    phone = models.CharField("电话", max_length=30, blank=True)
    post = models.CharField("职务", max_length=120, blank=True)
    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = "人员"

    def __str__(self):
        return self.name


class UserManager(BaseUserManager):
    def get_queryset(self):
        return super().get_queryset().select_related("person")

    def create_user(self, username, password=None, *, person):
        user = self.model(username=username, person=person)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username):
        return self.get(username=username)


class User(AbstractBaseUser):
    """An account: a name and a password by which a person signs in."""

    username = models.CharField(
        "账号",
        max_length=60,
        unique=True,
        error_messages={"unique": "这个账号已被使用，请换一个。"},
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="accounts", verbose_name="人员"
    )
    is_active = models.BooleanField("可以登录", default=True)
    must_change_password = models.BooleanField("下次登录须改密码", default=False)
    large_type = models.BooleanField("特大字", default=False)
    objects = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        verbose_name = "账号"

    def __str__(self):
        return self.username


class RoleQuerySet(models.QuerySet):
    def held_on(self, day):
        return self.filter(since__lte=day).filter(Q(until__isnull=True) | Q(until__gte=day))


class Role(models.Model):
    """A role granted to a person: for one host county, or for the whole installation (admin).

    Judges and secretaries are not granted here: a panel and a term of office say who they are.
    """

    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="roles", verbose_name="人员"
    )
    kind = models.CharField(
        "角色", max_length=20, choices=[(kind.value, kind.label) for kind in GRANTED_ROLES]
    )
    host_code = models.CharField("主办县（区）代码", max_length=12, blank=True)
    since = models.DateField("开始日期")
    until = models.DateField("结束日期", null=True, blank=True)
    objects = RoleQuerySet.as_manager()

    class Meta:
        verbose_name = "角色"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "host_code", "since"],
                name="a_role_is_granted_once",
                violation_error_message="这位人员已有这个角色。",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="a_role_ends_after_it_begins",
                violation_error_message="结束日期不能早于开始日期。",
            ),
            models.CheckConstraint(
                condition=Q(kind=RoleKind.ADMIN.value, host_code="")
                | (~Q(kind=RoleKind.ADMIN.value) & ~Q(host_code="")),
                name="every_role_but_admin_names_its_county",
                violation_error_message="除系统管理员外，角色必须写明所在县（区）。",
            ),
        ]

    def __str__(self):
        return f"{self.person} {self.get_kind_display()}"
