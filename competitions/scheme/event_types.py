"""How a round is held live 擂台现场: the parts of a turn, and when scores are shown."""

from __future__ import annotations

from dataclasses import dataclass

from competitions.scheme.fields import choice, integer, slug, tables, text

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
