"""Order by strokes: the convention for lists of names, tried with invented people."""

import random

import pytest

from competitions import strokes


@pytest.mark.parametrize(
    ("char", "count"),
    [("一", 1), ("丁", 2), ("王", 4), ("杨", 7), ("欧", 8), ("龙", 5), ("镇", 15), ("〇", 1),
     ("𠮷", 6), ("A", None), ("·", None)],
)  # fmt: skip
def test_stroke_count_follows_the_mainland_form(char, count):
    assert strokes.stroke_count(char) == count


def test_stroke_count_covers_the_basic_block():
    basic = map(chr, range(0x4E00, 0x9FA6))
    assert [char for char in basic if not strokes.stroke_count(char)] == []


def test_people_are_ordered_by_the_number_of_strokes():
    assert sorted(["黄春", "王明", "丁一", "李华", "魏军"], key=strokes.surname_key) == [
        "丁一", "王明", "李华", "黄春", "魏军",
    ]  # fmt: skip


def test_people_with_equal_strokes_are_ordered_by_the_kinds_of_strokes():
    # Seven strokes: 李 横竖撇点, 杨 横竖撇点折, 吴 竖, 何 撇竖, 汪 点点, 张 折.
    names = ["张明", "何明", "杨明", "汪明", "吴明", "李明"]
    expected = ["李明", "杨明", "吴明", "何明", "汪明", "张明"]
    assert sorted(names, key=strokes.surname_key) == expected


def test_main_strokes_stand_before_their_variants():
    # 干 and 于 differ only in the last stroke: 竖 before 竖钩.
    assert sorted("于干", key=strokes.surname_key) == ["干", "于"]


def test_short_given_names_stand_first_within_a_surname():
    # 飚 has fifteen strokes, 一 has one; the single given name still comes first.
    assert sorted(["马一鸣", "马飚", "马力"], key=strokes.surname_key) == ["马力", "马飚", "马一鸣"]


def test_compound_surnames_stand_by_their_first_character_after_the_single_one():
    assert strokes.split_name("欧阳春") == ("欧阳", "春")
    assert strokes.split_name("欧阳") == ("欧", "阳")
    names = ["欧阳春", "欧一", "林青", "金山"]
    assert sorted(names, key=strokes.surname_key) == ["林青", "欧一", "欧阳春", "金山"]


def test_spaces_and_dots_in_names_do_not_matter():
    assert strokes.surname_key("王　明") == strokes.surname_key("王明")
    assert strokes.surname_key("阿拉·腾") == strokes.surname_key("阿拉腾")


def test_unknown_characters_stand_last_and_never_fail():
    assert sorted(["A", "龘山", "", "王"], key=strokes.surname_key) == ["", "王", "龘山", "A"]


def test_units_are_ordered_character_by_character():
    names = ["新华镇", "双河镇", "八一乡", "白脑包镇"]
    expected = ["八一乡", "双河镇", "白脑包镇", "新华镇"]
    assert sorted(names, key=strokes.stroke_key) == expected


def test_order_does_not_depend_on_the_order_given():
    names = ["马力", "马飚", "干明", "于明", "欧阳春", "欧一", "李华", "杨华", "王一", "王丁"]
    expected = sorted(names, key=strokes.surname_key)
    for seed in range(20):
        random.Random(seed).shuffle(names)
        assert sorted(names, key=strokes.surname_key) == expected
