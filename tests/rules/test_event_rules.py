"""The live event of a round in the scheme language: read, checked, explained, written back."""

from importlib.resources import files

import pytest

from competitions.scheme.describe import describe_round
from competitions.scheme.read import SchemeError, read_toml
from competitions.scheme.write import to_document, to_toml

LINHE = (files("competitions") / "schemes" / "linhe-2022.toml").read_text(encoding="utf-8")
ARENA = 'key = "arena"\ntitle = "擂台比武"\nkind = "arena"\n'
FILM = '{ title = "展示片", seconds = 90, warning = 10 }'
SEGMENTS = f'segments = [{FILM}, {{ title = "演讲", seconds = 360 }}]'


def with_event(table, text=LINHE, header=ARENA):
    """This function will return the Linhe rules with a live event in the arena round."""
    assert header in text
    return text.replace(header, f"{header}event = {{ {table} }}\n", 1)


def problems_of(text):
    """This function will return what is wrong with rules, as text."""
    with pytest.raises(SchemeError) as caught:
        read_toml(text)
    return [str(item) for item in caught.value.problems]


def test_event_is_read_explained_and_written_back():
    scheme = read_toml(with_event(f'reveal = "held", held = 3, {SEGMENTS}'))
    arena = scheme.track("township").round("arena")
    assert [segment.warning for segment in arena.event.segments] == [10, 60]
    words = describe_round(arena, scheme)
    assert "每位依次登台：展示片 1 分钟 30 秒、演讲 6 分钟。" in words
    assert words[-1] == "前 3 位打分结束后一并亮分，其后当场亮分。"
    assert read_toml(to_toml(scheme)) == scheme


def test_rules_without_an_event_keep_their_document():
    assert "event" not in to_document(read_toml(LINHE))["tracks"][0]["rounds"][3]


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ('reveal = "held"', "event.held：须写明前几位暂不亮分，请补充。"),
        (
            'segments = [{ title = "演讲", seconds = 60 }]',
            "event.segments[0].warning：提醒应早于 60 秒的限时用完，请改小。",
        ),
    ],
)
def test_flaw_of_an_event_is_named(table, problem):
    assert f"tracks[0].rounds[3].{problem}" in problems_of(with_event(table))


def test_event_outside_an_arena_is_refused():
    text = with_event('reveal = "at_once"', header='key = "review1"\ntitle = "第一次联评"\n')
    assert any("rounds[0].event：只有擂台比武环节" in problem for problem in problems_of(text))


def test_standardised_marks_are_revealed_at_the_end_only():
    text = LINHE.replace(
        '{ group = "arena", ',
        '{ group = "arena", standard = "sample", equal_standard = "fifty", ',
        1,
    )
    found = problems_of(with_event('reveal = "at_once"', text))
    assert any("event.reveal：评委分标准化后" in problem for problem in found)


VOTE = (
    '[[tracks.rounds.criteria]]\nkey = "a-public"\ntitle = "大众评委"\nfull = 10\n'
    'rule = { kind = "grade_votes", no_votes = "zero", grades = [ { key = "good", title = "好", '
    'coefficient = 1 }, { key = "poor", title = "差" } ]GROUPS }\n\n'
)


def with_jury(key, groups=""):
    """This function will return the Linhe rules with a criterion in the arena that is voted on."""
    text = with_event(f'jury = "{key}"', header=ARENA)
    arena = text.index(ARENA)
    place = text.index("[[tracks.rounds.criteria]]", arena)
    text = text[:place] + VOTE.replace("GROUPS", groups) + text[place:]
    return text.replace("event = {", "scaled = true\nevent = {", 1)


def test_audience_jury_is_explained_and_written_back():
    scheme = read_toml(with_jury("a-public"))
    arena = scheme.track("township").round("arena")
    words = describe_round(arena, scheme)
    assert words[-1] == "设大众评委：观众一席一票，关闭打分时计票，计入“大众评委”。"
    assert read_toml(to_toml(scheme)) == scheme


@pytest.mark.parametrize(
    ("key", "groups", "problem"),
    [
        ("nothing", "", "本环节没有「nothing」这个评分项"),
        ("a-results", "", "不是按等次投票计分的"),
        (
            "a-public",
            ', groups = [ { key = "a", title = "A票", weight = 50 }, '
            '{ key = "b", title = "B票", weight = 50 } ]',
            "分组投票，不能由大众评委投",
        ),
    ],
)
def test_flaw_of_an_audience_jury_is_named(key, groups, problem):
    (found,) = problems_of(with_jury(key, groups))
    assert found.startswith("tracks[0].rounds[3].event.jury：") and problem in found
