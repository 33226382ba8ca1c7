"""The demonstration's judges in the hall: they mark what is open, and only in a demonstration; and
its event is ready to be played to the end of its ceremony."""

import datetime
import io
import uuid

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from arena.actions.ceremony import make_ceremony, move_ceremony
from arena.actions.moves import move_stage
from arena.models import Event, Turn
from arena.queries.ceremony import find_ceremony, load_show
from arena.queries.ceremony_console import find_buttons
from arena.queries.console import find_choices
from arena.queries.stage import load_live
from competitions.models import Competition, Entry, User
from publication.demo.event_2024 import SLUG
from publication.demo.hall import OVER, find_next_step, play_along
from rewards.actions import record_decision
from rewards.models import MeetingDecision
from scoring.actions.tabulation import tabulate_competition
from scoring.models import Sheet
from scoring.queries.tabulations import find_latest_tabulation

pytestmark = [pytest.mark.usefixtures("demonstration"), pytest.mark.django_db]
JUDGES, DAY = 5, datetime.date(2024, 1, 19)


def _who():
    person = User.objects.get(username="zuzhi1").person
    return {"op": uuid.uuid4(), "by": person, "now": timezone.now()}


def _event():
    return Event.objects.get(competition__slug=SLUG)


def _move(*moves):
    for move in moves:
        event = _event()
        reason = "没有到场" if move == "miss" else ""
        move_stage(event=event, move=move, step=event.step, reason=reason, **_who())


def _run(*arguments):
    out = io.StringIO()
    call_command("demo_judges", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def sheets():
    return Sheet.objects.filter(competition__slug=SLUG, source=Sheet.Source.PAD)


def test_demo_judges_mark_the_open_turn_and_nothing_else(sheets):
    assert "现在没有要演示评委交的打分" in _run("--once")
    _move("begin")
    assert "现在没有要演示评委交的打分" in _run("--once")
    _move("open_marking")
    first = _event().turns.get(position=1).entry
    said = _run("--once")
    assert said.count(f"「{first.unit.name}」") == JUDGES and f"交了 {JUDGES} 份" in said
    assert set(sheets.values_list("entry__unit", flat=True)) == {first.unit_id}
    assert sheets.count() == JUDGES
    assert "现在没有要演示评委交的打分" in _run("--once")
    _move("close", "reveal")


class Organiser:
    """Who does what the helper says, one step between two of its looks."""

    def __init__(self):
        self.competition = Competition.objects.get(slug=SLUG)

    def step(self):
        """Make the step that comes next, if it is hers."""
        competition, who = self.competition, _who()
        live = load_live(_event())
        main, _others = find_choices(live.stage)
        waits = live.stage.on_stage and find_next_step(competition, "arena").endswith("交齐。")
        ceremony = find_ceremony(competition)
        if waits:
            return
        if main is not None:
            _move(main.move)
        elif find_latest_tabulation(competition) is None:
            tabulate_competition(competition=competition, **who)
        elif not MeetingDecision.objects.filter(competition=competition).exists():
            record_decision(
                competition=competition,
                tabulation=find_latest_tabulation(competition),
                meeting="会议（演示）",
                decided_on=DAY,
                document_number="演示纪要〔2024〕1号",
                changes=[],
                **who,
            )
        elif ceremony is None:
            make_ceremony(competition=competition, **who)
        else:
            button, _others = find_buttons(load_show(ceremony).stage)
            move_ceremony(ceremony=ceremony, move=button.move, step=ceremony.step, **who)


def test_event_is_played_to_the_end_of_its_ceremony_by_doing_what_is_said(sheets):
    # One contestant instead of eleven: what is said of the others is the same.
    Turn.objects.filter(event=_event(), position__gt=1).delete()
    first = _event().turns.get().entry
    Entry.objects.filter(competition__slug=SLUG).exclude(pk=first.pk).update(withdrawn=True)
    organiser, name = Organiser(), first.unit.name
    said = list(play_along(organiser.competition, "arena", now=timezone.now, wait=organiser.step))
    assert sheets.count() == JUDGES
    assert [line for line in said if "评委已交，回执" not in line] == [
        f"下一步：在擂台现场按「请「{name}」登台」。",
        f"下一步：在擂台现场按「「{name}」讲完，开放打分」。",
        f"下一步：「{name}」打分中，请等评委交齐。",
        f"下一步：评委已交齐，在擂台现场按「关闭「{name}」的打分」。",
        f"下一步：在擂台现场按「亮「{name}」的分」。",
        "下一步：全部单位都已登台亮分，请打开「统分」，按「统分」。",
        "下一步：还没有经核对的会议决定，请先在授旗与奖励页录入并由另一人核对。",
        "　赵海峰（演示）作为第二人，已核对会议决定。",
        "下一步：打开「颁奖仪式」，按「制作颁奖仪式脚本」。",
        "下一步：在颁奖仪式按「开始仪式」。",
        "下一步：在颁奖仪式按「进入“新春擂台优胜单位”」。",
        "下一步：在颁奖仪式按「揭晓第 1 名」。",
        "下一步：在颁奖仪式按「进入“乡镇（农场）榜排名”」。",
        "下一步：在颁奖仪式按「结束仪式」。",
        OVER,
    ]


def test_competition_that_is_no_demonstration_is_refused(sheets):
    _move("begin", "open_marking")
    Competition.objects.filter(slug=SLUG).update(demo=False)
    with pytest.raises(CommandError, match="不是演示比赛，打分只能由评委本人提交"):
        _run("--once")
    assert not sheets.exists()


def test_demo_judges_refuse_real_use(settings):
    settings.MODE = "production"
    with pytest.raises(CommandError, match="不是演示比赛"):
        _run("--once")


@pytest.mark.parametrize(
    ("slug", "round_key", "sentence"),
    [
        ("nowhere", "arena", "没有地址名为「nowhere」"),
        ("linhe-2023", "review1", "没有代号为「review1」"),
    ],
)
def test_arena_that_is_not_there_is_named(slug, round_key, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("demo_judges", slug, round_key)
