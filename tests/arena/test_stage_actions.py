"""The draw and the moves of a live event: each once, recorded, and seen by who made it."""

import contextlib
import uuid
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.utils.html import escape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arena.actions.draw import announce_draw, call_off, draw_order
from arena.actions.moves import MOVES, move_stage, name_speaker
from arena.feed import channel_of, last_number
from arena.feed.hub import Channel
from arena.feed.reading import read_items
from arena.models import Event, FeedItem, Turn
from arena.queries.rules_change import find_live_obstacles
from arena.queries.scores import Scores
from arena.queries.stage import load_live
from arena.stage.draw import draw_lots
from competitions import actions as setup
from competitions.models import Entry
from competitions.scheme.shipped import read_shipped
from record.actions import OperationReused, erase_private
from record.models import PrivateValue, Revision
from record.private import ERASED
from record.queries import verify_chain
from scoring.actions.sheet_rules import RoundClosed
from scoring.models import LateSheet, Sheet
from tests import factories
from tests.arena.live_case import SEED, announce, build_case, exclude
from tests.scoring.stage import NOW, add_judge, build_stage, recuse

pytestmark = pytest.mark.django_db


def once(live):
    return {"op": uuid.uuid4(), "by": live.operator, "now": NOW}


def everything_told():
    items = FeedItem.objects.filter(data__has_key="slots")
    return "".join(html for item in items for html in item.data["slots"].values())


# --- the draw ------------------------------------------------------------------------------------


def test_draw_follows_the_announced_seed(live):
    assert live.order() == [lot.key for lot in draw_lots(SEED, ["e01", "e02", "e03"])]
    kinds = list(Revision.objects.values_list("kind", flat=True).order_by("seq"))
    assert kinds == ["arena.announced", "arena.drawn"]
    facts = Revision.objects.last().facts
    assert (facts["seed"], facts["order"]) == (SEED, live.order())


def test_slips_are_entered_as_they_were_drawn(competition, organiser):
    hall = build_stage(competition)
    event = announce(hall, organiser.person, method="slips", source="各单位领队当场摸签")
    act = {"by": organiser.person, "now": NOW}
    with pytest.raises(ValidationError, match="签号要各填一次"):
        draw_order(event=event, step=0, order=["e01", "e01", "e03"], op=uuid.uuid4(), **act)
    draw_order(event=event, step=0, order=["e03", "e01", "e02"], op=uuid.uuid4(), **act)
    assert list(event.turns.values_list("entry__key", flat=True)) == ["e03", "e01", "e02"]


def test_second_draw_needs_a_reason_and_that_nobody_has_begun(live):
    with pytest.raises(ValidationError, match="重新抽签请写明理由"):
        draw_order(event=live.event, step=1, seed="别的", **once(live))
    draw_order(event=live.event, step=1, seed="别的", reason="漏了一个单位", **once(live))
    assert Event.objects.get().seed == "别的" and Turn.objects.count() == 3
    live.move("begin")
    with pytest.raises(ValidationError, match="已经有单位登台"):
        draw_order(event=live.event, step=3, seed="又一个", reason="再来", **once(live))


@pytest.mark.parametrize("round_key", ["review1", "sec-arena", "routine", "nothing"])
def test_event_is_held_in_a_marked_arena_only(round_key, competition, organiser):
    hall = build_stage(competition)
    with pytest.raises(ValidationError, match="没有这个由评委打分的擂台环节"):
        announce_draw(
            competition=hall.competition,
            round_key=round_key,
            method="seed",
            source="号码",
            op=uuid.uuid4(),
            by=organiser.person,
            now=NOW,
        )


def test_round_with_marks_or_an_event_takes_no_other_event(live, organiser):
    with pytest.raises(ValidationError, match="不能再公布一次"):
        announce(live.hall, organiser.person)
    live.move("begin", "open_marking")
    live.hand_in()
    call_off(event=live.event, step=3, reason="停电", **once(live))
    with pytest.raises(ValidationError, match="已经有打分"):
        announce(live.hall, organiser.person)


def test_operation_sent_twice_is_one_draw(live, organiser):
    act = {"op": uuid.uuid4(), "by": organiser.person, "now": NOW}
    for _ in range(2):
        draw_order(event=live.event, step=1, seed="再抽", reason="漏人", **act)
    assert Event.objects.get().step == 2
    with pytest.raises(OperationReused):
        draw_order(event=live.event, step=1, seed="三抽", reason="漏人", **act)


# --- the moves -----------------------------------------------------------------------------------


def test_whole_turn_is_written_into_the_record(live):
    live.move("begin", "pause", "resume", "open_marking")
    live.everybody()
    live.move("close", "reveal", "begin")
    assert live.states() == ["revealed", "speaking", "waiting"]
    moved = [
        item.facts["move"]
        for item in Revision.objects.of_chain(live.hall.competition.chain).of_kind("arena.moved")
    ]
    assert moved == ["begin", "pause", "resume", "open_marking", "close", "reveal", "begin"]
    assert verify_chain(live.hall.competition.chain).ok


def test_second_operator_does_not_advance_the_stage_twice(live):
    live.move("begin")
    with pytest.raises(ValidationError, match="现场已由别人推进"):
        move_stage(event=live.event, move="begin", step=1, **once(live))
    act = once(live)
    for _ in range(2):
        move_stage(event=live.event, move="open_marking", step=2, **act)
    assert live.states()[0] == "marking" and live.fresh().step == 3


def test_move_that_the_machine_refuses_changes_nothing(live):
    with pytest.raises(ValidationError, match="现在没有单位在汇报"):
        live.move("open_marking")
    with pytest.raises(ValidationError, match="请写明理由"):
        live.move("miss", reason=" ")
    with pytest.raises(ValidationError, match="「对调」请写明理由"):
        live.move("swap", entries=live.order()[:2], reason="")
    assert live.fresh().step == 1 and Revision.objects.count() == 2


def test_closing_waits_for_the_whole_panel_or_a_ruling(live, organiser, colleague):
    live.move("begin", "open_marking")
    live.hand_in(0)
    live.hand_in(1)
    with pytest.raises(ValidationError, match="还缺 3 号评委的打分"):
        live.move("close")
    exclude(live, "j03", [organiser, colleague])
    live.move("close")
    assert live.states()[0] == "closed"


def test_absent_turn_is_put_at_the_end_and_others_change_places(live):
    first, second, third = live.order()
    live.move("miss")
    live.move("recall", entries=[first])
    live.move("swap", entries=[third, first])
    assert live.order() == [second, first, third]
    # Whoever speaks when: what was drawn, and stands on printed sheets, is theirs.
    assert live.numbers() == {second: 2, first: 1, third: 3}


def test_entrant_withdrawn_since_the_draw_is_called_absent_and_not_on_stage(live):
    first = live.event.turns.select_related("entry").order_by("position").first()
    Entry.objects.filter(pk=first.entry_id).update(withdrawn=True)
    with pytest.raises(ValidationError, match=r"已经退出参评.*登记缺席"):
        live.move("begin")
    live.move("miss", "begin")
    assert live.states()[:2] == [Turn.State.ABSENT, Turn.State.SPEAKING]


def test_mark_is_taken_for_the_open_turn_only(live):
    first, second, _third = live.order()
    with pytest.raises(RoundClosed, match="还没有开放打分"):
        live.hand_in(0, first)
    live.move("begin", "open_marking")
    assert live.hand_in(0, first).late == ""
    with pytest.raises(RoundClosed, match="还没有开放打分"):
        live.hand_in(0, second)
    assert Sheet.objects.count() == 2


def test_mark_after_closing_is_kept_as_late(live, organiser, colleague):
    live.move("begin", "open_marking")
    live.hand_in(0)
    live.hand_in(1)
    exclude(live, "j03", [organiser, colleague])
    live.move("close")
    done = live.hand_in(2)
    assert done.late.endswith("打分已经关闭，这一份迟到，待裁定。")
    assert (Sheet.objects.count(), LateSheet.objects.count()) == (4, 1)


def test_mark_before_the_draw_is_refused(competition):
    live = build_case(competition, drawn=False)
    with pytest.raises(RoundClosed, match="还没有排定登台顺序"):
        live.hand_in(0, "e01")


def test_event_called_off_gives_the_round_back(live):
    call_off(event=live.event, step=1, reason="场地停电，改为书面评审", **once(live))
    assert live.hand_in(0, "e02").late == ""
    with pytest.raises(ValidationError, match="已经取消"):
        live.move("begin")


def test_deputy_who_speaks_is_recorded_until_marks_are_closed(live):
    key = live.order()[0]
    say = {"event": live.event, "entry_key": key}
    name_speaker(step=1, speaker="王副书记", **say, **once(live))
    assert live.event.turns.get(entry__key=key).speaker == "王副书记"
    assert "王副书记" not in "".join(Revision.objects.values_list("body", flat=True))
    live.move("begin", "open_marking")
    live.everybody()
    live.move("close")
    with pytest.raises(ValidationError, match="已经关闭"):
        name_speaker(step=5, speaker="别人", **say, **once(live))


def test_speaker_who_is_erased_stands_in_nothing_that_was_told(live):
    name = "王<副>书记"
    key = live.order()[0]
    name_speaker(event=live.event, step=1, entry_key=key, speaker=name, **once(live))
    live.move("begin", "open_marking")
    assert f"{escape(name)} 代表发言" in everything_told()
    channel = Channel(channel_of(live.hall.competition, "arena", "screen"), 0)
    channel.take(read_items(channel.name, 0))
    before, timer = channel.last, last_number(channel_of(live.hall.competition, "arena", "timer"))
    value = PrivateValue.objects.get(value=name)
    erase_private(digest=value.digest, by=str(live.operator.id), now=NOW)
    assert escape(name) not in everything_told() and f"{ERASED} 代表发言" in everything_told()
    assert live.event.turns.get(entry__key=key).speaker == ERASED
    # Pages that are open get the stage without the name, and the process that sends reads anew.
    channel.take(read_items(channel.name, before))
    assert f"{ERASED} 代表发言" in channel.since(before).decode()
    assert channel.last == before + 1 and channel.since(0) is None
    assert last_number(channel_of(live.hall.competition, "arena", "timer")) == timer


def test_speaker_of_an_event_called_off_is_erased_from_what_was_told_of_it(live):
    name_speaker(event=live.event, step=1, entry_key=live.order()[0], speaker="甲", **once(live))
    live.move("begin")
    call_off(event=live.fresh(), step=3, reason="停电", **once(live))
    assert "甲 代表发言" in everything_told()
    value = PrivateValue.objects.get(value="甲")
    erase_private(digest=value.digest, by=str(live.operator.id), now=NOW)
    assert "甲 代表发言" not in everything_told()
    last = FeedItem.objects.filter(channel__endswith="/screen").latest("number")
    assert last.data == {"erased": True}


def test_rules_of_a_live_round_are_not_changed(live):
    old = read_shipped("linhe-2022")
    assert find_live_obstacles(live.hall.competition, old, old) == []
    other = read_shipped("yishui-arenas")
    assert "已经开设擂台现场" in find_live_obstacles(live.hall.competition, old, other)[0]


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.sampled_from(sorted(MOVES)), max_size=14))
def test_rows_are_what_the_record_says_whatever_is_pressed(live, moves):
    for move in moves:
        entries = live.order()[: MOVES[move].entries]
        if move == "close":
            on_stage = load_live(live.fresh()).stage.on_stage
            if on_stage is not None and on_stage.state == "marking":
                with contextlib.suppress(ValidationError):
                    live.everybody(on_stage.key)
        try:
            live.move(move, entries=entries)
        except ValidationError:
            continue
    told = {key: {"state": "waiting", "position": n} for n, key in enumerate(live_drawn(live), 1)}
    for revision in Revision.objects.of_chain(live.hall.competition.chain).of_kind("arena.moved"):
        for turn in revision.facts["turns"]:
            told[turn["entry"]] = {name: turn[name] for name in ("state", "position")}
    rows = Turn.objects.values_list("entry__key", "state", "position")
    assert {key: {"state": state, "position": place} for key, state, place in rows} == told


def live_drawn(live):
    chain = Revision.objects.of_chain(live.hall.competition.chain)
    return chain.of_kind("arena.drawn").last().facts["order"]


# --- the panel -----------------------------------------------------------------------------------


def test_nobody_comes_to_owe_a_mark_once_the_turn_is_closed(competition):
    live = build_case(competition, judges=4)
    recused = live.hall.judges[3]
    key, said = live.order()[0], {"competition": competition, "by": live.operator, "now": NOW}
    recusal = recuse(live.hall, recused, key)
    joins = {"person": factories.PersonFactory(), "group_key": "arena", "rounds": ["sec-arena"]}
    panel = {"arena": [*live.hall.judges, add_judge(live.hall, 5, rounds=())]}
    blank = dict.fromkeys(("number", "post", "seats", "seniority"), "")
    listed = [{"row": 2, "cells": {}, "name": "新评委", "group": "arena", **blank}]
    refused = [
        ("不能再增加评委", partial(setup.seat_judges, **said, seats=panel)),
        ("不能再增加评委", partial(setup.appoint_judge, **said, **joins)),
        ("不能再增加评委", partial(setup.import_judges, **said, rows=listed)),
        ("不能再取消回避", partial(setup.lift_recusal, **said, recusal=recusal)),
    ]
    live.move("begin", "open_marking")
    for number in range(3):
        live.hand_in(number)
    live.move("close", "reveal")
    assert setup.find_free_seats(competition, recused) == ["review1", "review2"]
    for words, act in refused:
        with pytest.raises(ValidationError, match=words):
            act()
    assert Scores(load_live(live.fresh())).of_turn(key)[0].points == "92.50"
    # Another unit's recusal may still be lifted, and before a turn is closed everything may.
    other = recuse(live.hall, recused, live.order()[1])
    setup.lift_recusal(**said, recusal=other)
    Turn.objects.filter(entry__key=key).update(state="marking")
    for _words, act in refused:
        act()
