"""Bring a competition from a bundle 卷宗 into the database: from the command line, whole or not at
all."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from competitions.models import Role, User
from competitions.roles import RoleKind
from publication.bundle.problems import BundleError
from publication.bundle.read import read_bundle
from publication.carried import table_titles
from publication.import_plan import plan_import
from publication.importing import import_bundle


class Command(BaseCommand):
    help = (
        "导入一份整卷导出的卷宗（文件夹或 zip）：先核验，再把这项比武连同存证一字不差地放进本系统。"
        "有一处不符就什么也不导入。不建立任何账号。"
    )

    def add_arguments(self, parser):
        parser.add_argument("bundle", metavar="卷宗", help="卷宗的 zip 文件或文件夹")
        parser.add_argument(
            "--host", default="", metavar="代码", help="只接受这个县（区）或它所辖的卷宗，如 150802"
        )
        parser.add_argument("--by", metavar="账号", help="办理的系统管理员")
        parser.add_argument(
            "--check", action="store_true", help="只看卷宗里有什么、能不能导入，不改动任何内容"
        )

    def handle(self, *args, **options):
        now = timezone.now()
        try:
            with read_bundle(options["bundle"]) as bundle:
                if options["check"]:
                    return self._tell(plan_import(bundle, host_code=options["host"]))
                by = _administrator(options["by"], timezone.localdate(now))
                made = import_bundle(bundle=bundle, by=by, now=now, host_code=options["host"])
        except BundleError as error:
            raise CommandError("\n".join(error.problems)) from None
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from None
        self.stdout.write(f"已导入「{made.title}」：/work/{made.slug}/")
        self.stdout.write("没有建立账号：评委、书记和工作人员要登录的，请在本系统另建账号。")

    def _tell(self, plan):
        if plan.competition is not None:
            item = plan.competition
            self.stdout.write(f"「{item.title}」，{item.host_name}，{item.year} 年")
        for name, title in table_titles().items():
            if plan.counts[name]:
                self.stdout.write(f"{title}　{plan.counts[name]}")
        for person in plan.same.values():
            self.stdout.write(f"认作本系统里的同一个人：{person.name}")
        for name in plan.missing:
            self.stdout.write(
                f"公布过的页面用到的样式文件不在本系统，请从原系统的 static 拷来：{name}"
            )
        if plan.problems:
            raise CommandError("\n".join(plan.problems))
        self.stdout.write("可以导入。")


def _administrator(username, today):
    """The person of an administrator's account, or CommandError."""
    if not username:
        raise CommandError("请用 --by 写明由哪个系统管理员（账号）办理，存证要记下来。")
    user = User.objects.filter(username=username, is_active=True).select_related("person").first()
    admins = Role.objects.filter(kind=RoleKind.ADMIN).held_on(today)
    if user is None or not admins.filter(person=user.person_id).exists():
        raise CommandError(f"账号「{username}」不是系统管理员，或者已经停用，请核对。")
    return user.person
