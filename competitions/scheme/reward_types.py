"""Flags, awards and gates: what a track's places lead to."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

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
)

SUBJECTS = {"unit": "单位", "secretary": "书记", "person": "个人"}
PAID = {"once": "一次性", "month": "按月"}
SHARE_ROUNDING = {"down": "舍去", "up": "进一", "half": "四舍五入"}
COLOURS = {"red": "红旗", "yellow": "黄旗"}
BOUNDARY = {
    "extend": "并列者都给予，名额相应增加",
    "exclude": "并列者都不给予，名额相应减少",
    "ruling": "由会议研究确定并记录",
}


@dataclass(frozen=True, kw_only=True)
class FlagRule:
    """Red or yellow flags of a track: by number of places, percentage and threshold together.

    With `rounds` each of these rounds is an issue: it has its own flags by its own points.
    """

    key: str = slug("键")
    title: str = text("名称")
    colour: str = choice("颜色", COLOURS)
    places: int | None = integer("名额", None, low=1)
    percent: Decimal | None = number("占比（%）", None, low=0, high=100)
    percent_rounding: str = choice("按占比计算名额的取整", SHARE_ROUNDING, "down")
    at_least: Decimal | None = number("总分不低于", None)
    below: Decimal | None = number("总分低于", None)
    rounds: tuple[str, ...] = slugs(
        "按期授旗的环节", hint="逐期授旗的，按先后列出各期的环节；不填的按总分授旗。"
    )
    smallest: int = integer("参评对象少于此数时不授旗", 0)
    boundary: str = choice("名额边界并列", BOUNDARY)
    repeat: int = integer("连续几次触发后果", 0)
    repeat_effect: str = text("连续后果", "")


@dataclass(frozen=True, kw_only=True)
class AwardTier:
    """A tier of an award: a number of places, an amount, a minimum total."""

    title: str = text("档次")
    places: int = integer("名额", 0)
    percent: Decimal | None = number("或占比（%）", None, low=0, high=100)
    amount: Decimal | None = number("金额（元）", None, low=0)
    minimum: Decimal | None = number("总分不低于", None)


@dataclass(frozen=True, kw_only=True)
class Progress:
    """A progress award's step: up at least `up` places earns `amount`."""

    up: int = integer("上升名次", low=1)
    amount: Decimal = number("金额（元）", low=0)


@dataclass(frozen=True, kw_only=True)
class Award:
    """An award of a track. `amounts` is a table place → yuan; `tiers` and `progress` are other
    ways to say who gets how much."""

    key: str = slug("键")
    title: str = text("名称")
    to: str = choice("授予", SUBJECTS)
    quota: int = integer("名额", 0)
    percent: Decimal | None = number("或占参评对象（%）", None, low=0, high=100)
    percent_rounding: str = choice("按占比计算名额的取整", SHARE_ROUNDING, "down")
    amounts: tuple[Decimal, ...] = numbers("各名次金额（元）", low=0)
    tiers: tuple[AwardTier, ...] = tables("档次", AwardTier)
    progress: tuple[Progress, ...] = tables("进步奖", Progress)
    minimum: Decimal | None = number("总分不低于", None)
    boundary: str = choice("名额边界并列", BOUNDARY)
    vacated: str = choice(
        "名额内有不合条件者",
        {"leave": "空缺，不递补", "fill": "由后面的名次递补"},
        "leave",
    )
    tied_amount: str = choice(
        "并列者的金额", {"place": "各按所列名次的金额", "share": "平分所占名次的金额"}, "place"
    )
    red_flag: bool = flag(
        "授予获本榜红旗者", False, hint="不填名额，凡获本榜红旗的都给予，几面旗给几份。"
    )
    per: str = choice("发放方式", PAID, "once")
    months: int = integer("发放月数", 0)
    people: int = integer(
        "每个对象发给几人",
        1,
        low=1,
        high=1000,
        hint="金额按人计的填人数；各对象人数不同的，以数据给出的人数为准。",
    )
    pool: Decimal | None = number("总额上限（元）", None, low=0)
    promotion: bool = flag("优先推荐使用（仅内部掌握）", False)
    no_yellow: bool = flag("亮黄旗的不授予", False)
    role: str = text("对象角色", "")
    reason: str = text("理由", "")
    legal_basis: str = text("依据", "")
    approval: str = text("批准文号", "")
    source_of_money: str = text("资金来源", "")


@dataclass(frozen=True, kw_only=True)
class HonourStep:
    """A step of an honour: who holds at least `held` flags gets it, with `amount` once or for each
    flag."""

    held: int = integer("至少几面", low=1, high=1000)
    amount: Decimal | None = number("金额（元）", None, low=0)
    each: bool = flag("每面旗一份", False, hint="金额乘以所获的面数。")


@dataclass(frozen=True, kw_only=True)
class Honour:
    """A flag or an award for who holds several flags, over all tracks and issues."""

    key: str = slug("键")
    title: str = text("名称")
    colour: str = choice("计哪种旗", COLOURS)
    rules: tuple[str, ...] = slugs(
        "计入的旗", hint="不选的，各榜单这种颜色的旗都计入；逐期授旗的，各期都计入。"
    )
    count: str = choice(
        "怎样计数", {"flags": "每面旗计一面", "tracks": "同一榜单只计一面"}, "flags"
    )
    gives: str = choice("给予", {"award": "奖项", "flag": "同色的综合旗"}, "award")
    steps: tuple[HonourStep, ...] = tables("几面旗给多少", HonourStep, least=1)
    to: str = choice("授予", SUBJECTS, "unit")
    no_yellow: bool = flag("在任一榜单亮黄旗的不授予", False)
    per: str = choice("发放方式", PAID, "once")
    months: int = integer("发放月数", 0)
    promotion: bool = flag("优先推荐使用（仅内部掌握）", False)
    role: str = text("对象角色", "")
    reason: str = text("理由", "")
    legal_basis: str = text("依据", "")
    approval: str = text("批准文号", "")
    source_of_money: str = text("资金来源", "")


@dataclass(frozen=True, kw_only=True)
class PoolAward:
    """An award, or an honour that is one, in the sum that it shares."""

    award: str = slug("奖项")


@dataclass(frozen=True, kw_only=True)
class Pool:
    """One sum of money that several awards share, and how it is cut."""

    key: str = slug("键")
    title: str = text("名称")
    amount: Decimal = number("总额（元）", low=0)
    how: str = choice(
        "分配办法",
        {
            "proportion": "按同一比例核减",
            "order": "按先后足额发放",
            "share": "按比例全部分完",
        },
    )
    awards: tuple[PoolAward, ...] = tables(
        "共用的奖项",
        PoolAward,
        least=1,
        hint="按先后足额发放的，前面的先发；金额舍去不足 1 元的部分。",
    )

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of its awards, in order."""
        return tuple(item.award for item in self.awards)


@dataclass(frozen=True, kw_only=True)
class Gate:
    """A gate 一票否决 or 门槛: what excludes an entry, and what then happens."""

    key: str = slug("键")
    title: str = text("名称")
    when: str = choice(
        "条件",
        {
            "ruling": "经裁定认定",
            "total_below": "总分低于",
            "round_below": "环节得分低于",
            "criterion_below": "指标得分低于",
        },
    )
    of: str = slug("环节或指标", "")
    threshold: Decimal | None = number("分数线", None)
    effect: str = choice(
        "后果",
        {
            "no_award": "取消评先资格",
            "last": "列为末位",
            "lowest": "在分档的奖项中定为最低一档",
            "zero": "总分计零",
            "unranked": "不参加排名",
        },
    )
    standard: str = long_text("说明")
