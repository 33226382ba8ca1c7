"""How a round is held live 擂台现场: the parts of a turn, and when scores are shown."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from competitions.scheme.fields import choice, integer, number, slug, table, tables, text, texts

REVEALS = {
    "at_once": "当场亮分",
    "one_later": "下一位打分结束后亮上一位",
    "held": "前几位暂不亮分，之后一并亮出",
    "at_end": "全部结束后逐一亮分",
}


@dataclass(frozen=True, kw_only=True)
class TurnPart:
    """One part of a turn on the stage: a film, a speech, questions."""

    title: str = text("名称", longest=40)
    seconds: int = integer("限时（秒）", low=1, high=14400)
    warning: int = integer("剩余几秒时提醒", 60, high=14400)


@dataclass(frozen=True, kw_only=True)
class Overtime:
    """What overtime on the stage costs: so many points once, or for each started stretch of time
    beyond the allowance, taken from the round's score."""

    segments: tuple[str, ...] = texts(
        "计入超时的时段", least=1, hint="各时段超出限时的秒数相加；一段没有用完的，不抵另一段。"
    )
    allowance: int = integer("宽限（秒）", high=14400, hint="合计超时多少秒以内不扣，没有就填 0。")
    how: str = choice("怎样扣", {"each": "每超一段扣一次", "once": "超过宽限的只扣一次"})
    every: int | None = integer("每超几秒扣一次", None, low=1, high=14400, hint="不足的按一次计。")
    points: Decimal = number("一次扣几分", low=0)
    cap: Decimal | None = number("最多扣几分", None, low=0)
    below: str = choice(
        "扣分后低于环节最低分",
        {"": "（未说明）", "stop": "只扣到最低分", "through": "照扣，可以低于最低分"},
        "",
    )


@dataclass(frozen=True, kw_only=True)
class Event:
    """The live event of an arena round."""

    reveal: str = choice("亮分方式", REVEALS, "at_once")
    held: int | None = integer("前几位暂不亮分", None, low=1, high=500)
    segments: tuple[TurnPart, ...] = tables("登台时段", TurnPart)
    jury: str = slug(
        "大众评委投票计入的评分项",
        "",
        hint="本环节里按票计分的一项；观众凭席位码在手机上投票。不填：不设大众评委。",
    )
    overtime: Overtime | None = table("超时扣分", Overtime, None)

    def seconds_over(self, used: tuple[int, ...]) -> int:
        """This function will return the seconds that count as overtime: Σ max(0, used − limit) over
        the parts that the rule names. `used` has the whole seconds of the parts that are over."""
        return sum(
            max(0, seconds - part.seconds)
            for seconds, part in zip(used, self.segments, strict=False)
            if self.overtime is not None and part.title in self.overtime.segments
        )
