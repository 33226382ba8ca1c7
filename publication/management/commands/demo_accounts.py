"""Print one account per role of the demonstration, with the common password."""

import unicodedata

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from publication.demo.accounts import PASSWORD, find_accounts


class Command(BaseCommand):
    help = "列出演示账号、共用密码和各自的首页。只用于演示和测试。"

    def handle(self, *args, **options):
        if settings.MODE not in {"demo", "test"}:
            raise CommandError("演示账号只在演示和测试中列出。")
        rows = find_accounts()
        if not rows:
            raise CommandError("演示数据还没有载入，请先运行 load_demo。")
        lines = [("角色", "账号", "姓名", "首页"), *rows]
        widths = [max(_width(line[i]) for line in lines) for i in range(4)]
        self.stdout.write(f"所有演示账号的密码：{PASSWORD}")
        self.stdout.write("不用登录：全区公布 /c/linhe-2022/　社会公示 /g/linhe-2022/")
        for line in lines:
            cells = [_pad(text, width) for text, width in zip(line, widths, strict=True)]
            self.stdout.write("  ".join(cells).rstrip())


def _width(text):
    """The columns that a text takes in a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _pad(text, width):
    return text + " " * (width - _width(text))
