"""Erase a text that the record only commits to: from the command line, by two people."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from competitions.models import Competition, Role, User
from competitions.roles import RoleKind
from publication.revision_words import private_words
from record.actions import erase_private
from record.queries import revisions


class Command(BaseCommand):
    help = (
        "抹去存证里一条记录的文字（事由、理由、姓名等）：存证只留摘要，仍能核验；页面上改为「（已抹去）」。"
        "不写 --digest 时只列出这条记录里的文字。"
    )

    def add_arguments(self, parser):
        parser.add_argument("slug", metavar="比武", help="比武的网址名，如 linhe-2023")
        parser.add_argument("number", type=int, metavar="序号", help="存证页上的序号")
        parser.add_argument("--digest", metavar="摘要", help="要抹去的那段文字的摘要")
        parser.add_argument("--by", metavar="账号", help="办理的系统管理员")
        parser.add_argument("--witness", metavar="账号", help="在场的监督员")

    def handle(self, *args, **options):
        competition = Competition.objects.filter(slug=options["slug"]).first()
        if competition is None:
            raise CommandError(f"没有网址名是「{options['slug']}」的比武，请核对。")
        revision = revisions(competition.chain).filter(seq=options["number"]).first()
        if revision is None:
            raise CommandError(f"这项比武的存证里没有第 {options['number']} 条，请核对。")
        words = private_words(revision)
        if not words:
            raise CommandError("这条记录里没有可以抹去的文字。")
        if not options["digest"]:
            self.stdout.write(f"第 {revision.seq} 条（{revision.kind_title}）里的文字：")
            for title, text, digest in words:
                self.stdout.write(f"{title}　{text}　{digest}")
            return
        if options["digest"] not in {digest for _, _, digest in words}:
            raise CommandError("这条记录里没有这个摘要，请先不写 --digest 列出来看。")
        now = timezone.now()
        today = timezone.localdate(now)
        by = _holder(options["by"], "--by", RoleKind.ADMIN, "", today)
        witness = _holder(
            options["witness"], "--witness", RoleKind.AUDITOR, competition.host_code, today
        )
        try:
            erased = erase_private(
                digest=options["digest"], by=str(by.id), now=now, witness=str(witness.id)
            )
        except ValidationError as error:
            raise CommandError("；".join(error.messages)) from None
        count = len(erased.facts["digests"])
        self.stdout.write(f"已抹去，这项比武里同样的文字共 {count} 处；存证另记一条（账号链）。")
        self.stdout.write("以前的备份和已经导出的内部卷宗里还有这段文字，请一并处理。")


def _holder(username, option, kind, host_code, today):
    """The person of an account that may sign in and holds the role today, or CommandError."""
    if not username:
        raise CommandError(f"抹去文字要两个人办理，请写明 {option}（{kind.label}的账号）。")
    user = User.objects.filter(username=username, is_active=True).select_related("person").first()
    roles = Role.objects.filter(kind=kind, host_code=host_code).held_on(today)
    if user is None or not roles.filter(person=user.person_id).exists():
        raise CommandError(f"账号「{username}」不是{kind.label}，或者已经停用，请核对。")
    return user.person
