"""Load the demonstration into the database, once."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from publication.demo.load import SLUGS, load_demonstration


class Command(BaseCommand):
    help = (
        "载入临河区的演示数据（两个年度和一场备好的擂台）；已经载入的不再重复。只用于演示和测试。"
    )

    def handle(self, *args, **options):
        if settings.MODE not in {"demo", "test"}:
            raise CommandError("演示数据只能载入演示库：请用 script/demo，不要在正式运行中载入。")
        if load_demonstration():
            self.stdout.write(f"已载入演示数据：{'、'.join(SLUGS)}。")
        else:
            self.stdout.write("演示数据已经在库中，没有改动。")
