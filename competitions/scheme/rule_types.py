"""The rule families: how the evidence on one criterion becomes points.

A measured rule is composed: a quantity (what is compared) and a conversion (how it earns points).
B stands for the criterion's full marks. Tables of `rules.md` section 1 are named in brackets.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from competitions.scheme.conversion_types import CONVERSIONS
from competitions.scheme.fields import (
    choice,
    flag,
    integer,
    long_text,
    number,
    numbers,
    slug,
    slugs,
    tables,
    text,
    variant,
)

UNDEFINED = {
    "ruling": "等候专项裁定",
    "zero": "得 0 分",
    "full": "得满分",
}
PEERS = {"track": "与排名范围相同", "all": "全体参评对象", "group": "本组参评对象"}


@dataclass(frozen=True)
class Input:
    """One field of an entry grid: its key, Chinese title and unit."""

    key: str
    title: str
    unit: str = ""


# --- marks ---------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Marks:
    """Panel marks 评委打分 [1]: each judge gives low … high in steps; the round's panel decides."""

    kind: ClassVar[str] = "marks"
    title: ClassVar[str] = "评委打分"
    low: Decimal = number("最低分", "0")
    high: Decimal = number("最高分")
    step: Decimal = number("最小间隔", "0.5")
    factor: Decimal | None = number(
        "折算系数", None, hint="不填时：求平均的按 满分÷最高分 折算，求和的不折算。"
    )


# --- measured rules ------------------------------------------------------------------------------

QUANTITIES = {
    "value": "本期值",
    "increment": "增量（本期−基期）",
    "growth": "增速（本期−基期）÷基期",
    "completion": "完成率 本期÷目标",
    "deviation": "与平均值之差",
    "percent_growth": "增速（%）",
    "percent_completion": "完成率（%）",
}


@dataclass(frozen=True, kw_only=True)
class Measured:
    """A measured indicator: quantity [11] and conversion [4–10]."""

    kind: ClassVar[str] = "measured"
    title: ClassVar[str] = "指标计分"
    quantity: str = choice("比较的量", QUANTITIES)
    conversion: object = variant("赋分方法", CONVERSIONS)
    better: str = choice("以何为优", {"more": "越大越好", "less": "越小越好"}, "more")
    undefined: str = choice(
        "基期、目标或最优值为零（负）而无法计算时", {"": "（未说明）", **UNDEFINED}, ""
    )
    peers: str = choice("比较范围", PEERS, "track")
    decimals: int | None = integer("比较的量保留小数", None, high=8)


@dataclass(frozen=True, kw_only=True)
class BlendPart:
    """One part of a blend: its percentage and its own quantity and conversion."""

    weight: Decimal = number("权重（%）", low=0, high=100)
    quantity: str = choice("比较的量", QUANTITIES)
    conversion: object = variant("赋分方法", CONVERSIONS)
    better: str = choice("以何为优", {"more": "越大越好", "less": "越小越好"}, "more")
    undefined: str = choice(
        "基期、目标或最优值为零（负）而无法计算时", {"": "（未说明）", **UNDEFINED}, ""
    )
    peers: str = choice("比较范围", PEERS, "track")
    decimals: int | None = integer("比较的量保留小数", None, high=8)


@dataclass(frozen=True, kw_only=True)
class Blend:
    """Static and dynamic blend [12]: Σ weight · rule, over the same evidence."""

    kind: ClassVar[str] = "blend"
    title: ClassVar[str] = "静态与动态结合"
    parts: tuple[BlendPart, ...] = tables("组成", BlendPart, least=2)


@dataclass(frozen=True, kw_only=True)
class FormulaInput:
    """A value that a formula needs from the evidence."""

    key: str = slug("键")
    title: str = text("名称")
    unit: str = text("单位", "")


@dataclass(frozen=True, kw_only=True)
class Formula:
    """A small arithmetic expression [17] over named values, e.g. `5*a + 3*b + 2*c`."""

    kind: ClassVar[str] = "formula"
    title: ClassVar[str] = "算式"
    expression: str = text("算式", longest=500)
    inputs: tuple[FormulaInput, ...] = tables("数据", FormulaInput, least=1)
    undefined: str = choice("除数为零时", {"": "（未说明）", **UNDEFINED}, "")


# --- ledger --------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class LedgerItem:
    """An item of bonus or deduction. `points` is one event's points, always written positive."""

    key: str = slug("键")
    title: str = text("名称")
    sign: str = choice("加或减", {"bonus": "加分", "deduction": "扣分"})
    points: Decimal | None = number("每次分值", None, low=0, hint="不填：由每条记录给出。")
    cap: Decimal | None = number("本项封顶", None, low=0)
    standard: str = long_text("说明")


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """Points ledger 加减分 [13]: start + Σ bonuses − Σ deductions with caps."""

    kind: ClassVar[str] = "ledger"
    title: ClassVar[str] = "加减分台账"
    items: tuple[LedgerItem, ...] = tables("加减分项", LedgerItem, least=1)
    start: Decimal = number("起始分", "0")
    bonus_cap: Decimal | None = number("加分合计封顶", None, low=0)
    deduction_cap: Decimal | None = number("扣分合计封顶", None, low=0)
    same_matter: str = choice(
        "同一事项多次加分", {"each": "逐次计分", "highest": "只按最高分计一次"}, "each"
    )


# --- votes ---------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Grade:
    """A grade on a vote: its coefficient, or not counted as a valid vote."""

    key: str = slug("键")
    title: str = text("名称")
    coefficient: Decimal = number("系数", "0")
    valid: bool = flag("计入有效票", True)


@dataclass(frozen=True, kw_only=True)
class VoterGroup:
    """A group of voters (A票, B票) and its percentage."""

    key: str = slug("键")
    title: str = text("名称")
    weight: Decimal = number("权重（%）", low=0, high=100)


@dataclass(frozen=True, kw_only=True)
class GradeVotes:
    """Grade votes 民主测评 [3]: B·Σ(coefficient·votes) ÷ valid votes."""

    kind: ClassVar[str] = "grade_votes"
    title: ClassVar[str] = "民主测评"
    grades: tuple[Grade, ...] = tables("等次", Grade, least=2)
    groups: tuple[VoterGroup, ...] = tables("投票人分组", VoterGroup)
    no_votes: str = choice("没有有效票时", {"": "（未说明）", **UNDEFINED}, "")


@dataclass(frozen=True, kw_only=True)
class ShareBand:
    """A band on the share of some grades: from `least` per cent the points are `points`."""

    least: Decimal = number("不低于（%）", low=0, high=100)
    points: Decimal = number("得分")


@dataclass(frozen=True, kw_only=True)
class ShareOverride:
    """A condition that overrides the bands: the share of `grades` reaches a fraction."""

    grades: tuple[str, ...] = slugs("等次", least=1)
    numerator: int = integer("分子", low=0)
    denominator: int = integer("分母", low=1)
    points: Decimal = number("得分")


@dataclass(frozen=True, kw_only=True)
class ShareBands:
    """Bands on the share of grades [3]: ≥ 90 % → 200 …, with an overriding second condition."""

    kind: ClassVar[str] = "share_bands"
    title: ClassVar[str] = "得票率分档"
    grades: tuple[Grade, ...] = tables("等次", Grade, least=2)
    counted: tuple[str, ...] = slugs("计算得票率的等次", least=1)
    bands: tuple[ShareBand, ...] = tables("档次", ShareBand, least=1)
    otherwise: Decimal = number("低于各档时得分", "0")
    overrides: tuple[ShareOverride, ...] = tables("例外", ShareOverride)
    no_votes: str = choice("没有有效票时", {"": "（未说明）", **UNDEFINED}, "")


@dataclass(frozen=True, kw_only=True)
class RankVotes:
    """Ranking ballots 排名票 [2]: Σ votes_r · points_r ÷ ballots; points given for each rank."""

    kind: ClassVar[str] = "rank_votes"
    title: ClassVar[str] = "排名票"
    points: tuple[Decimal, ...] = numbers("各名次得分", least=1)
    no_votes: str = choice("没有有效票时", {"": "（未说明）", **UNDEFINED}, "")


# --- carried -------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Carried:
    """Carried 结转 [15]: the result of another track or round, or of another competition."""

    kind: ClassVar[str] = "carried"
    title: ClassVar[str] = "结转"
    source: str = choice(
        "来源",
        {
            "track": "本办法另一榜单的总分",
            "rounds": "本办法另一榜单的环节得分",
            "outside": "其他考核的结果（由数据给出）",
        },
    )
    track: str = slug("榜单", "")
    rounds: tuple[str, ...] = slugs("环节")
    periods: tuple[str, ...] = slugs("外部结果各期")
    how: str = choice(
        "取法",
        {"mean": "平均", "sum": "合计", "best": "最好一期", "latest": "最近一期"},
        "latest",
    )
    divisor: Decimal | None = number("合计后除以", None, low=0)
    of: Decimal = number("来源满分", "100", low=0)
    unit_of: bool = flag("取所在单位的结果", False)
    members: bool = flag("取所属各对象的平均", False, hint="例如乡镇取所属各村成绩的平均。")
    no_members: str = choice("没有所属对象时", {"": "（未说明）", **UNDEFINED}, "")


@dataclass(frozen=True, kw_only=True)
class Override:
    """Override [14]: where the condition holds the points are replaced."""

    when: str = choice("条件", {"below": "得分低于", "last": "名列最后几名"})
    threshold: Decimal | None = number("分数线", None)
    last: int | None = integer("最后几名", None)
    points: Decimal | None = number("改计", None, hint="名列末位的不填：按 −（k＋1−倒数名次）计。")
    cap: Decimal | None = number("扣分上限", None, low=0)


RULES = (Marks, Measured, Blend, Formula, Ledger, GradeVotes, ShareBands, RankVotes, Carried)

EVIDENCE = {
    "marks": "marks",
    "measured": "measurement",
    "blend": "measurement",
    "formula": "measurement",
    "ledger": "ledger",
    "grade_votes": "votes",
    "share_bands": "votes",
    "rank_votes": "votes",
    "carried": "carried",
}
