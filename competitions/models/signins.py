"""Failed sign-ins, counted so that passwords cannot be guessed by trying."""

from django.db import models


class FailedSignins(models.Model):
    """How often signing in has failed in a row for one account name from one address.

    `key` is a digest of both; a row is forgotten when it has rested long enough.
    """

    key = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField("次数", default=0)
    last_at = models.DateTimeField("最近一次")

    class Meta:
        verbose_name = "登录失败"

    def __str__(self):
        return f"{self.key[:8]} {self.count}"
