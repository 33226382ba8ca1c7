"""The scheme language: what a county's published rules say, as plain frozen data.

    Scheme → Track → Round → Criterion → rule

Numbers are exact decimals. Keys are stable: round, criterion, flag, award and gate keys are
unique in the whole scheme, so that evidence can name them.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from competitions.scheme.event_types import Event
from competitions.scheme.fields import (
    choice,
    flag,
    integer,
    long_text,
    number,
    slug,
    table,
    tables,
    text,
    texts,
    variant,
)
from competitions.scheme.inputs import inputs_of
from competitions.scheme.reward_types import (
    SUBJECTS,
    Award,
    FlagRule,
    Gate,
    Honour,
    Pool,
)
from competitions.scheme.rule_types import EVIDENCE, RULES, Carried, Input, Marks, Override

PERIOD_KINDS = {
    "week": "周",
    "month": "月",
    "quarter": "季度",
    "half": "半年",
    "issue": "期",
    "year": "年度",
}
ROUND_KINDS = {
    "joint_review": "联评",
    "routine": "日常考核",
    "arena": "擂台比武",
    "vote": "民主测评",
    "carried": "结转",
}


@dataclass(frozen=True, kw_only=True)
class Dimension:
    """A dimension (五大振兴) along which criteria are grouped."""

    key: str = slug("键")
    title: str = text("名称")


@dataclass(frozen=True, kw_only=True)
class Category:
    """A category (分类设榜) that tracks belong to."""

    key: str = slug("键")
    title: str = text("名称")


@dataclass(frozen=True, kw_only=True)
class Period:
    """A period that rounds and tracks belong to: a week of a month, a month of a quarter …"""

    key: str = slug("键")
    title: str = text("名称")
    kind: str = choice("类别", PERIOD_KINDS)
    within: str = slug("属于", "", hint="更长的时期的键，例如某周属于某月。")


@dataclass(frozen=True, kw_only=True)
class JudgeGroup:
    """A group of judges: leaders, departments, delegates, public."""

    key: str = slug("键")
    title: str = text("名称")
    size: int | None = integer("应到人数", None)


@dataclass(frozen=True, kw_only=True)
class Disclosure:
    """What is made known, and of whom."""

    judges: str = choice(
        "评委公开方式", {"none": "不公开", "number": "按编号公开", "name": "按姓名公开"}, "number"
    )
    yellow_flags_public: bool = flag("黄旗对社会公开", False)
    last_places_public: bool = flag("末位名次对社会公开", False)
    scores_public: bool = flag("总分对社会公开", True)


@dataclass(frozen=True, kw_only=True)
class PanelPart:
    """One judge group's part of a panel: its percentage, its trimming and its average."""

    group: str = slug("评委组")
    weight: Decimal = number("权重（%）", "100", low=0, high=100)
    drop_high: int = integer("去掉最高分个数", 0, high=50)
    drop_low: int = integer("去掉最低分个数", 0, high=50)
    trim_from: int | None = integer(
        "达到几名评委才去掉最高最低分", None, hint="到场评委少于此数时全部计入平均。"
    )
    average: str = choice("汇总", {"mean": "平均", "median": "中位数", "sum": "求和"}, "mean")
    minimum: int = integer(
        "最少评委数",
        1,
        hint="少于此数的，成绩不成立，等候裁定。求和的可以填 0：无人打分的计 0 分。",
    )
    standard: str = choice(
        "评委分标准化",
        {
            "none": "不作标准化",
            "population": "50+10×（分−均值）÷总体标准差",
            "sample": "50+10×（分−均值）÷样本标准差",
        },
        "none",
    )
    equal_standard: str = choice(
        "某评委各分全部相等时", {"": "（未说明）", "fifty": "标准分都记 50 分"}, ""
    )


@dataclass(frozen=True, kw_only=True)
class Panel:
    """Who marks a round and how the marks are brought together."""

    parts: tuple[PanelPart, ...] = tables("评委组成", PanelPart, least=1)
    trim: str = choice(
        "去分对象",
        {"criterion": "逐项去掉最高最低分", "total": "按每名评委的总分去掉"},
        "criterion",
    )
    decimals: int | None = integer("评委平均分保留小数", None, high=6)
    sites: str = choice(
        "多点位打分",
        {"none": "不分点位", "judge": "先求每名评委各点位平均", "site": "先求各点位成绩再平均"},
        "none",
    )


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """A criterion: full marks and the rule by which its evidence becomes points."""

    key: str = slug("键")
    title: str = text("名称")
    full: Decimal = number("满分", low=0)
    rule: object = variant("计分规则", RULES)
    dimension: str = slug("维度", "")
    description: str = long_text("评分标准")
    unit: str = text("单位", "")
    weight: Decimal = number("权重", "1", low=0)
    decimals: int | None = integer("得分保留小数", None, high=6)
    below_zero: bool = flag("可以为负", False)
    above_full: bool = flag("可以超过满分", False)
    floor: Decimal | None = number("最低计", None, hint="可以为负时，最低计到几分。")
    cap: Decimal | None = number("最高计", None, hint="最高计到几分。")
    factor: bool = flag("乘难度系数", False)
    overrides: tuple[Override, ...] = tables("替换规则", Override)

    @property
    def evidence(self) -> str:
        """The kind of evidence it needs: marks, measurement, votes, ledger or carried."""
        return EVIDENCE[self.rule.kind]

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The fields of an entry grid for this criterion, in order; empty for marks and ledger."""
        return inputs_of(self.rule, self.unit)


@dataclass(frozen=True, kw_only=True)
class Round:
    """A round 环节 of a track: its criteria, its full marks and its weight in the total."""

    key: str = slug("键")
    title: str = text("名称")
    kind: str = choice("类别", ROUND_KINDS)
    weight: Decimal = number("权重", "0", low=0)
    full: Decimal = number("满分", "100", low=0)
    criteria: tuple[Criterion, ...] = tables("评分项", Criterion, least=1)
    panel: Panel | None = table("评委", Panel, None)
    event: Event | None = table("现场", Event, None)
    combine: str = choice(
        "评分项汇总", {"sum": "相加", "weighted": "按权重相加", "mean": "平均"}, "sum"
    )
    scaled: bool = flag("折算为满分", False, hint="各评分项满分之和不等于环节满分时按比例折算。")
    decimals: int | None = integer("环节得分保留小数", None, high=6)
    below_zero: bool = flag("可以为负", False)
    above_full: bool = flag("可以超过满分", False)
    floor: Decimal | None = number("最低计", None, hint="可以为负时，最低计到几分。")
    cap: Decimal | None = number("最高计", None, hint="最高计到几分。")
    outside: bool = flag("在百分之外另加", False)
    factor: bool = flag("乘难度系数", False)
    period: str = slug("所属时期", "", hint="时期（periods）的键。")
    description: str = long_text("说明")

    def criterion(self, name: str) -> Criterion:
        """This function will return the criterion of that key, or raise KeyError."""
        return _named(self.criteria, name)


@dataclass(frozen=True, kw_only=True)
class TieBreak:
    """One step of breaking a tie: a round, criterion or dimension, decimals, or a decision."""

    by: str = choice(
        "依据",
        {
            "round": "某环节得分高者在前",
            "criterion": "某评分项得分高者在前",
            "dimension": "某维度得分高者在前",
            "decimals": "总分再多保留小数",
            "decision": "会议研究确定",
        },
    )
    of: str = slug("环节、评分项或维度", "")
    decimals: int | None = integer("保留小数", None, high=12)


@dataclass(frozen=True, kw_only=True)
class Track:
    """A track 榜单: its own entrants, rounds, standing, flags and awards."""

    key: str = slug("键")
    title: str = text("名称")
    subject: str = choice("参评对象", SUBJECTS, "unit")
    category: str = slug("所属类别", "", hint="类别（categories）的键。")
    period: str = slug("所属时期", "", hint="时期（periods）的键。")
    rounds: tuple[Round, ...] = tables("环节", Round, least=1)
    combine: str = choice(
        "环节汇总",
        {
            "weighted": "按权重相加",
            "sum": "直接相加",
            "mean": "平均",
            "best": "取最好的几个环节平均",
        },
        "weighted",
    )
    best_of: int | None = integer("取最好的几个", None, low=1)
    full: Decimal = number("总分", "100", low=0)
    decimals: int = integer("总分保留小数", 2, high=6)
    below_zero: bool = flag("总分可以为负", False)
    above_full: bool = flag("总分可以超过满分", False)
    floor: Decimal | None = number("总分最低计", None, hint="可以为负时，最低计到几分。")
    cap: Decimal | None = number("总分最高计", None, hint="最高计到几分。")
    peers: str = choice("排名范围", {"all": "全体统一排名", "group": "分组排名"}, "all")
    ties: tuple[TieBreak, ...] = tables("同分处理", TieBreak)
    part_year: str = choice(
        "任职不满考核期",
        {
            "count": "照常计入",
            "exclude": "不参加排名",
            "prorate": "按任职月数折算",
            "ruling": "由会议研究确定",
        },
        "count",
    )
    part_year_months: int = integer("任职满几个月视为全期", 12, high=60)
    gates: tuple[Gate, ...] = tables("门槛与否决", Gate)
    flags: tuple[FlagRule, ...] = tables("授旗", FlagRule)
    awards: tuple[Award, ...] = tables("奖项", Award)
    description: str = long_text("说明")

    def round(self, name: str) -> Round:
        """This function will return the round of that key, or raise KeyError."""
        return _named(self.rounds, name)


@dataclass(frozen=True, kw_only=True)
class Scheme:
    """A whole scheme 办法, as approved and published."""

    key: str = slug("键")
    title: str = text("名称")
    version: str = text("版本", "1")
    issuer: str = text("制定单位", "")
    basis: str = long_text("依据")
    assumptions: tuple[str, ...] = texts("补充约定")
    dimensions: tuple[Dimension, ...] = tables("维度", Dimension)
    categories: tuple[Category, ...] = tables("榜单类别", Category)
    periods: tuple[Period, ...] = tables("时期", Period)
    judge_groups: tuple[JudgeGroup, ...] = tables("评委组", JudgeGroup)
    disclosure: Disclosure = table("公开范围", Disclosure, Disclosure())
    tracks: tuple[Track, ...] = tables("榜单", Track, least=1)
    honours: tuple[Honour, ...] = tables("综合荣誉", Honour)
    pools: tuple[Pool, ...] = tables("共用总额", Pool)

    @property
    def every_award(self) -> tuple:
        """Every award of a track and every honour that is an award, in the order of the rules."""
        own = [award for track in self.tracks for award in track.awards]
        return (*own, *(honour for honour in self.honours if honour.gives == "award"))

    def counted_flags(self, honour: Honour) -> list[tuple[Track, FlagRule]]:
        """This function will return the tracks' flags that an honour counts, in the order of the
        rules: those it names, or all of its colour."""
        named = set(honour.rules)
        return [
            (track, rule)
            for track in self.tracks
            for rule in track.flags
            if rule.colour == honour.colour and (not named or rule.key in named)
        ]

    def track(self, name: str) -> Track:
        """This function will return the track of that key, or raise KeyError."""
        return _named(self.tracks, name)

    def dimension_title(self, name: str) -> str:
        """This function will return the title of a dimension, or an empty text."""
        return next((item.title for item in self.dimensions if item.key == name), "")

    def category_title(self, name: str) -> str:
        """This function will return the title of a category, or an empty text."""
        return next((item.title for item in self.categories if item.key == name), "")

    def period_title(self, name: str) -> str:
        """This function will return the title of a period, or an empty text."""
        return next((item.title for item in self.periods if item.key == name), "")

    def find_round(self, name: str) -> tuple[Track, Round]:
        """This function will return the track and the round of that key, or raise KeyError."""
        for track in self.tracks:
            for item in track.rounds:
                if item.key == name:
                    return track, item
        raise KeyError(name)

    def find_criterion(self, name: str) -> tuple[Track, Round, Criterion]:
        """This function will return track, round and criterion of that key, or raise KeyError."""
        for track in self.tracks:
            for item in track.rounds:
                for criterion in item.criteria:
                    if criterion.key == name:
                        return track, item, criterion
        raise KeyError(name)


def _named(items, name):
    for item in items:
        if item.key == name:
            return item
    raise KeyError(name)


__all__ = [
    "Award",
    "Carried",
    "Category",
    "Criterion",
    "Dimension",
    "Disclosure",
    "Event",
    "FlagRule",
    "Gate",
    "Honour",
    "JudgeGroup",
    "Marks",
    "Panel",
    "PanelPart",
    "Period",
    "Pool",
    "Round",
    "Scheme",
    "TieBreak",
    "Track",
]
