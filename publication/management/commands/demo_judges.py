"""Let the demonstration's judges mark the turn that is open in the hall."""

import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from competitions.models import Competition
from publication.demo.hall import mark_open_turn, mark_until_over
from scoring.queries.panels import load_marking_round

SECONDS = 1


class Command(BaseCommand):
    help = "让演示评委给擂台上开放打分的单位打分，直到全部亮分。只用于演示和测试。"

    def add_arguments(self, parser):
        parser.add_argument("slug", help="比赛的地址名，例如 linhe-2023")
        parser.add_argument("round", help="擂台环节的代号，例如 arena")
        parser.add_argument("--once", action="store_true", help="只看一次，打完就停")

    def handle(self, *args, slug, round, once, **options):
        competition = _find(slug, round)
        now = timezone.now
        if once:
            found = mark_open_turn(competition, round, now=now)
        else:
            found = mark_until_over(competition, round, now=now, wait=lambda: time.sleep(SECONDS))
            self.stdout.write("开放打分以后，演示评委逐个提交；按 Ctrl-C 停止。")
        count = 0
        try:
            for name, judge, receipt in found:
                count += 1
                self.stdout.write(f"「{name}」{judge.number} 号评委已交，回执 {receipt}")
        except KeyboardInterrupt:
            self.stdout.write("已停止。")
            return
        if once:
            self.stdout.write(f"交了 {count} 份。" if count else "现在没有要演示评委交的打分。")
        else:
            self.stdout.write("全部单位都已登台亮分。")


def _find(slug, round_key):
    """The competition, when it is a demonstration's that has this arena round."""
    competition = Competition.objects.filter(slug=slug).first()
    if competition is None:
        raise CommandError(f"没有地址名为「{slug}」的比赛。")
    if settings.MODE not in {"demo", "test"} or not competition.demo:
        raise CommandError(f"「{competition}」不是演示比赛，打分只能由评委本人提交。")
    panel = load_marking_round(competition, round_key)
    if panel is None or panel.whole_tour or panel.round.key != round_key:
        raise CommandError(f"「{competition}」已公布的规则里没有代号为「{round_key}」的擂台环节。")
    return competition
