"""Open the first administrator's account, who then opens everybody else's in the browser."""

import uuid

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from competitions import actions
from competitions.models import Role
from competitions.roles import RoleKind


class Command(BaseCommand):
    help = "开通第一位系统管理员，显示一次初始密码；已有能登录的系统管理员时拒绝。"

    def add_arguments(self, parser):
        parser.add_argument("account", metavar="账号")
        parser.add_argument("name", metavar="姓名")

    def handle(self, *args, **options):
        try:
            account, password = _open_account(options["account"], options["name"])
        except ValidationError as error:
            raise CommandError("；".join(error.messages)) from None
        self.stdout.write(f"系统管理员{account.person.name}，账号：{account.username}")
        self.stdout.write(f"初始密码：{password}")
        self.stdout.write("只显示这一次；第一次登录时须改密码。其他账号请登录后在网页上开通。")


@transaction.atomic
def _open_account(username, name):
    now = timezone.now()
    admins = Role.objects.select_for_update(no_key=True).filter(
        kind=RoleKind.ADMIN, person__accounts__is_active=True
    )
    if admins.held_on(timezone.localdate(now)).exists():
        raise ValidationError("已有能登录的系统管理员，请由其在网页上开通账号、授予角色。")
    person = actions.create_person(name=name)
    account, password = actions.create_account(
        person=person, username=username, by=None, now=now, op_id=uuid.uuid4()
    )
    actions.grant_role(person=person, kind=RoleKind.ADMIN, by=None, now=now)
    return account, password
