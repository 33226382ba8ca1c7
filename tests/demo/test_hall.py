"""The demonstration's judges in the hall: they mark what is open, and only in a demonstration."""

import io
import uuid

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from arena.actions.draw import announce_draw, draw_order
from arena.actions.moves import move_stage
from arena.models import Event
from competitions.models import Competition, User
from publication.demo.hall import mark_until_over
from scoring.models import Sheet

pytestmark = [pytest.mark.usefixtures("demonstration"), pytest.mark.django_db]
SLUG = "linhe-2023"
JUDGES = 5


def _who():
    person = User.objects.get(username="zuzhi1").person
    return {"op": uuid.uuid4(), "by": person, "now": timezone.now()}


def _move(*moves):
    for move in moves:
        event = Event.objects.get()
        reason = "没有到场" if move == "miss" else ""
        move_stage(event=event, move=move, step=event.step, reason=reason, **_who())


def _run(*arguments):
    out = io.StringIO()
    call_command("demo_judges", SLUG, "arena", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def event():
    announced = announce_draw(
        competition=Competition.objects.get(slug=SLUG),
        round_key="arena",
        method="seed",
        source="第 2023096 期开奖号码",
        **_who(),
    )
    return draw_order(event=announced, step=0, seed="03 07 12", **_who())


@pytest.fixture
def sheets():
    return Sheet.objects.filter(
        competition__slug=SLUG, round_key__in=["arena", "sec-arena"], source=Sheet.Source.PAD
    )


def test_demo_judges_mark_the_open_turn_and_nothing_else(event, sheets):
    assert "现在没有要演示评委交的打分" in _run("--once")
    _move("begin")
    assert "现在没有要演示评委交的打分" in _run("--once")
    _move("open_marking")
    first = event.turns.get(position=1).entry
    said = _run("--once")
    assert said.count(f"「{first.unit.name}」") == JUDGES and f"交了 {JUDGES} 份" in said
    found = sheets.values_list("judge__person__name", "round_key", "entry__unit")
    assert {row[1] for row in found} == {"arena", "sec-arena"}
    assert {row[2] for row in found} == {first.unit_id}
    assert sheets.filter(round_key="arena").count() == JUDGES
    assert "现在没有要演示评委交的打分" in _run("--once")
    _move("close", "reveal")


def test_demo_judges_go_on_until_every_turn_is_over(event, sheets):
    last = event.turns.count()
    # What the operator does between two looks of the judges: two turns are played, nine missed.
    steps = [["begin"], ["open_marking"], ["close"], ["reveal", "begin"], ["open_marking"]]
    steps += [["close", "reveal"], ["miss"] * (last - 2)]
    done = list(
        mark_until_over(
            Competition.objects.get(slug=SLUG),
            "arena",
            now=timezone.now,
            wait=lambda: _move(*steps.pop(0)),
        )
    )
    assert steps == [] and len(done) == 2 * JUDGES
    assert sheets.filter(round_key="arena").count() == 2 * JUDGES
    assert "全部单位都已登台亮分" in _run()


def test_competition_that_is_no_demonstration_is_refused(event, sheets):
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
    [("nowhere", "arena", "没有地址名为「nowhere」"), (SLUG, "review1", "没有代号为「review1」")],
)
def test_arena_that_is_not_there_is_named(slug, round_key, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("demo_judges", slug, round_key)
