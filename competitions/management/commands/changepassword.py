"""Django's changepassword, with its trace in the audit chain: nothing is changed in silence."""

from django.contrib.auth.management.commands import changepassword
from django.db import transaction
from django.utils import timezone

from competitions import actions
from competitions.models import User


class Command(changepassword.Command):
    help = "更改一个账号的密码（在服务器上），并记入审计记录。"

    @transaction.atomic
    def handle(self, *args, **options):
        """This function will ask for the new password twice, keep it and record the change."""
        name = options["username"] or ""
        before = dict(User.objects.filter(username=name).values_list("id", "password"))
        said = super().handle(*args, **options)
        for user in User.objects.filter(username=name):
            if before.get(user.id) != user.password:
                actions.note_password_set(user=user, now=timezone.now())
        return said
