"""Django's collectstatic, which here never throws older files away."""

from django.contrib.staticfiles.management.commands import collectstatic
from django.core.management.base import CommandError


class Command(collectstatic.Command):
    def set_options(self, **options):
        """This function will refuse --clear: stored pages name older files by their digests."""
        if options["clear"]:
            raise CommandError(
                "不能使用 --clear：已公布的页面是存下来的，按摘要引用旧版样式和脚本，"
                "清空以后它们会失去样式。直接运行 collectstatic 即可，旧文件会保留。"
            )
        super().set_options(**options)
