"""What validation asks for: contradictions and holes, each with its place and the remedy."""

import dataclasses
from importlib.resources import files

import pytest

from competitions.scheme.check_rules import UNDEFINED
from competitions.scheme.describe import (
    describe_criterion,
    describe_panel,
    describe_round,
    describe_track,
)
from competitions.scheme.read import Problem, SchemeError, read_toml
from competitions.scheme.shipped import read_shipped
from competitions.scheme.types import Panel

LINHE = (files("competitions") / "schemes" / "linhe-2022.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "weight = 20",
            "weight = 15",
            "tracks[0].rounds[3].weight：各环节权重之和为 95，应为 100。",
        ),
        (
            "step = 0.5",
            "step = 0.7",
            "tracks[0].rounds[0].criteria[0].rule.step：从最低分起按此间隔到不了最高分，"
            "请改正间隔。",
        ),
        (
            'undefined = "ruling"',
            "",
            "tracks[0].rounds[2].criteria[0].rule.undefined：基期、目标或最优值为零（负）时"
            "算不出得分，请写明怎样处理：等候专项裁定（ruling）、得 0 分（zero）或得满分（full）。",
        ),
        (
            "trim_from = 5, ",
            "",
            "tracks[0].rounds[0].panel.parts[0].trim_from：去掉最高最低分时，须写明达到几名评委"
            "才去分（评委回避或缺席时依此处理）。",
        ),
        (
            'key = "output"',
            'key = "income"',
            "tracks[0].rounds[2].criteria[2].key：评分项的键「income」与 "
            "tracks[0].rounds[2].criteria[0] 重复，请改用不同的键。",
        ),
        (
            "quota = 5",
            "quota = 4",
            "tracks[0].awards[0].amounts：名额 4 个而金额有 5 个，请逐名填写，"
            "或只填一个表示各名相同。",
        ),
        (
            'no_votes = "ruling"',
            "",
            "tracks[1].rounds[1].criteria[0].rule.no_votes：须写明没有有效票时怎样计分："
            "等候专项裁定（ruling）、得 0 分（zero）或得满分（full）。",
        ),
        (
            "full = 12",
            "full = 13",
            "tracks[0].rounds[0].full：各评分项满分之和为 101，与环节满分 100 不等，"
            "请改正其一，或写明折算（scaled）。",
        ),
        (
            'of = "arena"',
            'of = "elsewhere"',
            "tracks[0].ties[0].of：本榜单中没有「elsewhere」，请填写要比较的环节、评分项或维度。",
        ),
        (
            'group = "arena"',
            'group = "nobody"',
            "tracks[0].rounds[3].panel.parts[0].group：没有评委组「nobody」，"
            "请先列入评委组（judge_groups）或改正。",
        ),
        (
            'dimension = "industry"',
            'dimension = "weather"',
            "tracks[0].rounds[0].criteria[0].dimension：没有维度「weather」，"
            "请先列入维度（dimensions）或改正。",
        ),
        (
            'track = "township"',
            'track = "elsewhere"',
            "tracks[1].rounds[0].criteria[0].rule.track：没有榜单「elsewhere」，"
            "请填写结转的来源榜单。",
        ),
        (
            'boundary = "extend"',
            'boundary = "luck"',
            "tracks[0].flags[0].boundary：「名额边界并列」应为下列之一："
            "extend（并列者都给予，名额相应增加）、exclude（并列者都不给予，名额相应减少）、"
            "ruling（由会议研究确定并记录）。",
        ),
    ],
)
def test_flaw_is_named_with_place_and_remedy(old, new, problem):
    assert old in LINHE
    with pytest.raises(SchemeError) as caught:
        read_toml(LINHE.replace(old, new, 1))
    assert problem in [str(item) for item in caught.value.problems]


def test_circle_of_carried_results_is_refused():
    with pytest.raises(SchemeError) as caught:
        read_toml(LINHE.replace('track = "township"', 'track = "secretary"'))
    assert "「党委书记榜」的结转又依赖它自己的结果，请去掉循环结转。" in [
        problem.message for problem in caught.value.problems
    ]


def test_unreadable_weight_is_not_also_reported_as_a_wrong_sum():
    with pytest.raises(SchemeError) as caught:
        read_toml(LINHE.replace("weight = 20", "weight = true", 1))
    assert [str(problem) for problem in caught.value.problems] == [
        "tracks[0].rounds[0].weight：「权重」应为数字，请改正。"
    ]


def test_scheme_cannot_be_changed_in_place():
    with pytest.raises(dataclasses.FrozenInstanceError):
        read_shipped("linhe-2022").title = "x"


def test_words_of_the_language_stand_behind_what_pages_say():
    problem = Problem("a.undefined", f"请写明怎样处理：{UNDEFINED}。")
    assert problem.said == "请写明怎样处理：等候专项裁定、得 0 分或得满分。"
    problem = Problem("a.floor", "须写明可以为负（below_zero = true）。")
    assert problem.said == "须写明可以为负。"


def test_rules_are_explained_in_words():
    scheme = read_shipped("linhe-2022")
    _, _, income = scheme.find_criterion("income")
    assert describe_criterion(income) == [
        "比增速，即（本期−基期）÷基期，越大越好。",
        "功效系数法：得分＝8×［0.6＋0.4×（本单位值−最小值）÷（最大值−最小值）］。",
        "各单位数值全部相等时，都得满分。",
        "基期、目标或最优值为零（负）而无法计算时，等候专项裁定。",
        "本项得分四舍五入保留 2 位小数。",
    ]
    track = scheme.track("township")
    assert describe_round(track.round("arena"), scheme)[:3] == [
        "擂台评委：评委总分中去掉 1 个最高分和 1 个最低分，其余平均。",
        "计入的评委少于 5 人时不去分，全部计入。",
        "计入的评委少于 3 人时成绩不成立，由会议研究裁定。",
    ]
    (part,) = track.round("arena").panel.parts
    whole = Panel(parts=(dataclasses.replace(part, drop_high=0, drop_low=0),))
    assert describe_panel(whole, scheme)[0] == "擂台评委：各评委的打分平均。"
    words = describe_track(track, scheme)
    assert (
        words[0]
        == "总分 100 分：第一次联评 20 分＋第二次联评 20 分＋日常考核 30 分＋擂台比武 30 分。"
    )
    assert "总分相同的，依次比擂台比武、日常考核；仍相同的名次并列，其后名次顺延空缺。" in words


def test_every_criterion_round_and_track_of_linhe_says_something():
    scheme = read_shipped("linhe-2022")
    for track in scheme.tracks:
        assert describe_track(track, scheme)
        for round_ in track.rounds:
            assert describe_round(round_, scheme)
            for criterion in round_.criteria:
                assert all(line.endswith("。") for line in describe_criterion(criterion))
