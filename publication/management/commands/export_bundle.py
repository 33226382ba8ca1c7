"""Write a whole competition into a bundle 卷宗, for the archive or another installation."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from competitions.models import Competition
from publication.bundles import export_bundle


class Command(BaseCommand):
    help = (
        "整卷导出一项比武（内部卷宗）：办法、名单、打分、数据、裁定、结果、公布的页面、附件和存证。"
        "其中有姓名和事由，按内部材料保管。"
    )

    def add_arguments(self, parser):
        parser.add_argument("slug", metavar="比武", help="比武的网址名，如 linhe-2023")
        parser.add_argument("target", metavar="文件", help="写到哪个 zip 文件，不能已经存在")
        parser.add_argument("--without-attachments", action="store_true", help="不带附件")

    def handle(self, *args, **options):
        competition = Competition.objects.filter(slug=options["slug"]).first()
        if competition is None:
            raise CommandError(f"没有网址名是「{options['slug']}」的比武，请核对。")
        target = Path(options["target"])
        try:
            stream = target.open("xb")
        except OSError as error:
            raise CommandError(f"不能写「{target}」：{error.strerror}。") from None
        try:
            with stream:
                export_bundle(
                    competition,
                    now=timezone.now(),
                    attachments=not options["without_attachments"],
                    target=stream,
                )
        except ValidationError as error:
            target.unlink()
            raise CommandError("\n".join(error.messages)) from None
        except BaseException:
            target.unlink()
            raise
        self.stdout.write(f"已写到 {target}。其中有姓名和事由等文字，请按内部材料保管。")
