"""Conversions 赋分: how a measured quantity earns points. Rows of `rules.md` 1 are in brackets.

B stands for the criterion's full marks.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from competitions.scheme.fields import choice, flag, number, tables


@dataclass(frozen=True, kw_only=True)
class Direct:
    """The quantity itself, times a factor, is the points."""

    kind: ClassVar[str] = "direct"
    title: ClassVar[str] = "直接计分"
    factor: Decimal = number("每单位得分", "1")


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Reaching the target [4]: all or nothing, in proportion up to B, or in proportion uncapped."""

    kind: ClassVar[str] = "reach"
    title: ClassVar[str] = "完成目标"
    mode: str = choice(
        "计分方式",
        {
            "all": "完成得满分，未完成不得分",
            "capped": "按比例得分，满分封顶",
            "uncapped": "按比例得分，不封顶",
        },
    )
    target: Decimal | None = number("统一目标", None, hint="各单位目标不同的，不填，由数据给出。")


@dataclass(frozen=True, kw_only=True)
class Best:
    """Ratio to the best [5]: B·x ÷ x_max; where less is better B·x_min ÷ x."""

    kind: ClassVar[str] = "best"
    title: ClassVar[str] = "与最优值之比"


@dataclass(frozen=True, kw_only=True)
class PerUnit:
    """Per unit over or under [6]: start ± points for each unit above or below the target."""

    kind: ClassVar[str] = "per_unit"
    title: ClassVar[str] = "每超（欠）一个单位加（减）分"
    start: Decimal = number("起评分", hint="恰好完成时的得分。")
    unit: Decimal = number("一个单位", "1")
    over: Decimal = number("每超一个单位加", "0", low=0)
    over_cap: Decimal | None = number("加分上限", None, low=0)
    under: Decimal = number("每欠一个单位减", "0", low=0)
    under_cap: Decimal | None = number("减分上限", None, low=0)
    target: Decimal | None = number("统一目标", None)
    whole: bool = flag("不足一个单位不计", False)


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A segment: its width (None for the rest) and the points of a unit, or B ÷ divisor."""

    width: Decimal | None = number("宽度", None, low=0)
    points: Decimal | None = number("每单位得分", None)
    divisor: Decimal | None = number("或每单位得满分的几分之一", None, low=0)


@dataclass(frozen=True, kw_only=True)
class Segments:
    """Marginal segments [7]: start + Σ part of each segment · its points."""

    kind: ClassVar[str] = "segments"
    title: ClassVar[str] = "超额分段累进"
    start: Decimal = number("起评分")
    origin: Decimal = number("起点", hint="超过起点的部分才分段计分。")
    segments: tuple[Segment, ...] = tables("分段", Segment, least=1)
    under: Decimal = number("每低于起点一个单位减", "0", low=0)


@dataclass(frozen=True, kw_only=True)
class Rank:
    """Rank points [8]: by share, by step, or linear from `first` to `last`."""

    kind: ClassVar[str] = "rank"
    title: ClassVar[str] = "排名赋分"
    mode: str = choice(
        "方式",
        {
            "percent": "每降一名减满分的百分之几",
            "step": "每降一名减几分",
            "linear": "从第一名到末名等差",
        },
    )
    step: Decimal | None = number("每名差", None, low=0)
    first: Decimal | None = number("第一名得分", None)
    last: Decimal | None = number("末名得分", None)
    alone: str = choice(
        "只有一个参评对象时", {"first": "按第一名", "ruling": "等候专项裁定"}, "first"
    )


@dataclass(frozen=True, kw_only=True)
class Band:
    """A band: from `least` upwards (None for the rest) the points are `points`."""

    least: Decimal | None = number("不低于", None)
    points: Decimal = number("得分")


@dataclass(frozen=True, kw_only=True)
class Bands:
    """Bands [9]: the first band whose threshold is reached decides; the last has no threshold."""

    kind: ClassVar[str] = "bands"
    title: ClassVar[str] = "分档赋分"
    bands: tuple[Band, ...] = tables("档次", Band, least=1)


@dataclass(frozen=True, kw_only=True)
class Efficacy:
    """Efficacy coefficient 功效系数 [10]: B·[f + (1 − f)·(x − min) ÷ (max − min)]."""

    kind: ClassVar[str] = "efficacy"
    title: ClassVar[str] = "功效系数法"
    base: Decimal = number("基础系数", "0.6", low=0, high=1)
    all_equal: str = choice(
        "各单位数值全部相等时", {"full": "都得满分", "base": "都得基础分", "zero": "都得 0 分"}
    )


CONVERSIONS = (Direct, Reach, Best, PerUnit, Segments, Rank, Bands, Efficacy)
