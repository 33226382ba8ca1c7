"""Let the demonstration's judges mark in the hall, and say what the organiser does next."""

import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from competitions.models import Competition
from publication.demo import event_2024
from publication.demo.hall import mark_open_turn, play_along, verify_waiting_decision
from scoring.queries.panels import load_marking_round

SECONDS = 1


class Command(BaseCommand):
    help = (
        "让演示评委给擂台上开放打分的单位打分、第二人核对会议决定，"
        "并说出下一步做什么，直到颁奖仪式结束。只用于演示和测试。"
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "slug",
            nargs="?",
            default=event_2024.SLUG,
            help=f"比赛的地址名，不写的是备好的一场（{event_2024.SLUG}）",
        )
        parser.add_argument(
            "round",
            nargs="?",
            default=event_2024.ROUND,
            help=f"擂台环节的代号，不写的是 {event_2024.ROUND}",
        )
        parser.add_argument("--once", action="store_true", help="只看一次，打完就停")

    def handle(self, *args, slug, round, once, **options):
        competition = _find(slug, round)
        now = timezone.now
        if once:
            self._look_once(competition, round, now)
            return
        self.stdout.write(f"{competition}　按 Ctrl-C 停止")
        try:
            for sentence in play_along(
                competition, round, now=now, wait=lambda: time.sleep(SECONDS)
            ):
                self.stdout.write(sentence)
        except KeyboardInterrupt:
            self.stdout.write("已停止。")

    def _look_once(self, competition, round_key, now):
        count = 0
        for name, judge, receipt in mark_open_turn(competition, round_key, now=now):
            count += 1
            self.stdout.write(f"「{name}」{judge.number} 号评委已交，回执 {receipt}")
        if second := verify_waiting_decision(competition, now=now):
            self.stdout.write(f"{second}作为第二人，已核对会议决定。")
        self.stdout.write(f"交了 {count} 份。" if count else "现在没有要演示评委交的打分。")


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
