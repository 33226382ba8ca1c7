"""`manage.py verify BUNDLE`: see publication.bundle.cli. It needs no database."""

from django.core.management.base import BaseCommand

from publication.bundle.cli import HELP, add_arguments, run


class Command(BaseCommand):
    help = HELP["verify"]
    requires_system_checks = []

    def add_arguments(self, parser):
        add_arguments(parser, "verify")

    def handle(self, *args, **options):
        code = run("verify", options, self.stdout._out, self.stderr._out)
        if code:
            raise SystemExit(code)
