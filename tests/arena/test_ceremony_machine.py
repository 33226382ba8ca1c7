"""The ceremony as a state machine: whatever the operator does, nobody is shown too early."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arena.ceremony import machine
from arena.ceremony.machine import Ceremony, Refused, look, look_ahead
from arena.ceremony.script import Group, Item

MOVES = ["start", "advance", "back", "black", "emblem", "resume", "end", "let_ahead", "keep_back"]


def group(key, *entries, kind="award"):
    items = tuple(Item(entry, len(entries) - n) for n, entry in enumerate(entries))
    return Group(key, kind, "township", f"奖项{key}", "乡镇榜", items)


def standing(count):
    items = tuple(Item(f"s{n:02d}", n) for n in range(1, count + 1))
    return Group("g9", "standing", "township", "排名", "乡镇榜", items)


SCRIPT = (group("g1", "a3", "a2", "a1"), group("g2", "b2", "b1", kind="red"), standing(23))
# What each beat from the opening on shows for the first time, in the order of the script.
BEATS = ["", "", "a3", "a2", "a1", "", "b2", "b1"]


def at(position, **more):
    return Ceremony(SCRIPT, machine.State.RUNNING, position, **more)


def after(*moves, ceremony=None):
    ceremony = ceremony or Ceremony(SCRIPT)
    for move in moves:
        ceremony = getattr(machine, move)(ceremony)
    return ceremony


def test_groups_are_revealed_from_the_last_place_to_the_first():
    faces = [look(at(position)) for position in range(at(0).last + 1)]
    assert [one.face for one in faces] == [
        "opening",
        "group",
        *["item"] * 3,
        "group",
        *["item"] * 2,
        *["standing"] * 2,
    ]
    shown = [one.item.entry if one.item else "" for one in faces[:8]]
    assert shown == BEATS
    assert [item.entry for item in faces[4].earlier] == ["a2", "a3"]
    assert [len(one.rows) for one in faces[8:]] == [14, 9]
    assert all(one.group.items == () for one in faces if one.group)


@settings(max_examples=60)
@given(st.lists(st.sampled_from(MOVES), max_size=40))
def test_picture_holds_only_what_the_steps_up_to_now_revealed(moves):
    ceremony = Ceremony(SCRIPT)
    for move in moves:
        try:
            ceremony = getattr(machine, move)(ceremony)
        except Refused as refused:
            assert str(refused).endswith("。")
        picture = look(ceremony)
        names = repr(picture)
        if ceremony.state != machine.State.RUNNING or ceremony.cover:
            assert picture.entries == ()
        revealed = set(BEATS[: ceremony.position + 1])
        hidden = {"a1", "a2", "a3", "b1", "b2"} - revealed
        assert not any(f"'{entry}'" in names for entry in hidden)
        assert ceremony.position >= len(BEATS) or "'s0" not in names
        assert 0 <= ceremony.position <= ceremony.last


def test_back_hides_again_what_the_step_revealed():
    ceremony = after("start", *["advance"] * 4)
    assert "a1" in look(ceremony).entries
    ceremony = after("back", ceremony=ceremony)
    assert look(ceremony).entries == ("a2", "a3")
    assert after(*["back"] * 4, ceremony=ceremony).state == machine.State.PREPARED


def test_paused_ceremony_shows_nobody_and_reveals_nobody():
    ceremony = after("start", "advance", "advance", "black")
    assert look(ceremony) == machine.Look("black")
    with pytest.raises(Refused, match="正在暂停"):
        machine.advance(ceremony)
    # Rewound beneath the cover, it goes on where it was rewound to.
    assert look(after("emblem", "back", "resume", ceremony=ceremony)).face == "group"


def test_end_shows_nobody_and_can_be_taken_back():
    ceremony = after("start", "advance", "advance", "emblem", "end")
    assert look(ceremony) == machine.Look("ended")
    assert look_ahead(ceremony) is None
    assert look(after("back", ceremony=ceremony)).item.entry == "a3"


@pytest.mark.parametrize(
    ("moves", "words"),
    [
        (["advance"], "还没有开始"),
        (["start", "start"], "已经开始"),
        (["start", "resume"], "没有暂停"),
        (["start", "black", "black"], "已经是这个画面"),
        (["start", "end", "advance"], "已经结束"),
        (["keep_back"], "已经是这样"),
        (["start", *["advance"] * 10], "最后一步"),
    ],
)
def test_move_that_does_not_fit_is_refused_in_a_sentence(moves, words):
    with pytest.raises(Refused, match=words):
        after(*moves)


def test_ceremony_without_groups_does_not_begin():
    with pytest.raises(Refused, match="至少选一组"):
        machine.start(Ceremony(()))


def test_next_picture_without_names_keeps_the_group_and_the_place():
    following = look_ahead(at(2))
    assert following.item.entry == "a2" and following.earlier
    bare = machine.without_names(following)
    assert (bare.group.title, bare.item.place, bare.entries) == ("奖项g1", 2, ())


def test_long_group_keeps_the_latest_names_and_counts_the_others():
    entries = [f"e{n:02d}" for n in range(40)]
    ceremony = Ceremony((group("g1", *entries),), machine.State.RUNNING, 41)
    picture = look(ceremony)
    assert picture.item.entry == "e39"
    assert (picture.earlier[0].entry, len(picture.earlier), picture.more) == ("e38", 12, 27)


def test_groups_say_how_far_they_are():
    assert machine.count_done(Ceremony(SCRIPT)) == ["waiting"] * 3
    assert machine.count_done(at(0)) == ["waiting"] * 3
    assert machine.count_done(at(4)) == ["current", "waiting", "waiting"]
    assert machine.count_done(at(5)) == ["done", "current", "waiting"]
    assert machine.count_done(after("start", "end")) == ["done"] * 3
