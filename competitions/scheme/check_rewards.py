"""Checks of gates, flags and awards."""

from __future__ import annotations

from collections.abc import Iterator


def check_gate(known, track, gate, place) -> Iterator[tuple[str, str]]:
    """This function will yield what is wrong with a gate."""
    if gate.when == "ruling":
        return
    if gate.threshold is None:
        yield f"{place}.threshold", "须写明分数线，请补充。"
    names = {
        "total_below": None,
        "round_below": {item.key for item in track.rounds},
        "criterion_below": {c.key for item in track.rounds for c in item.criteria},
    }[gate.when]
    if names is not None and gate.of not in names:
        yield f"{place}.of", f"本榜单中没有「{gate.of}」，请填写所指的环节或评分项。"


def check_flag(known, track, rule, place) -> Iterator[tuple[str, str]]:
    """This function will yield what is wrong with a flag rule."""
    if (
        rule.places is None
        and rule.percent is None
        and rule.at_least is None
        and rule.below is None
    ):
        yield place, "须写明名额、占比或分数线中的至少一项，请补充。"
    if rule.colour == "red" and rule.below is not None:
        yield f"{place}.below", "红旗不能以低于某分为条件，请改为不低于（at_least）。"
    if rule.colour == "yellow" and rule.at_least is not None:
        yield f"{place}.at_least", "黄旗不能以不低于某分为条件，请改为低于（below）。"
    if rule.repeat and not rule.repeat_effect:
        yield f"{place}.repeat_effect", "写了连续次数，须写明连续的后果，请补充。"
    if rule.repeat == 1:
        yield f"{place}.repeat", "连续次数应至少为 2，请改正。"
    rounds = {item.key: item for item in track.rounds}
    for i, name in enumerate(rule.rounds):
        where = f"{place}.rounds[{i}]"
        if name not in rounds:
            yield where, f"本榜单中没有环节「{name}」，请改正。"
        elif name in rule.rounds[:i]:
            yield where, f"环节「{name}」重复，请删除。"
        elif rounds[name].decimals is None:
            yield where, f"按期授旗的环节「{name}」须写明得分保留几位小数（decimals）。"


def check_award(known, track, award, place) -> Iterator[tuple[str, str]]:
    """This function will yield what is wrong with an award."""
    if not known.fine(place):
        return
    by_place = award.quota > 0 or award.percent is not None
    ways = sum([bool(award.tiers), bool(award.progress), award.red_flag, by_place])
    if ways == 0:
        yield f"{place}.quota", "须写明名额、占比、档次、进步奖或按红旗发放中的一种，请补充。"
    if ways > 1:
        yield place, "名额（占比）、档次、进步奖和按红旗发放只能用一种，请去掉其余。"
    if award.quota and award.percent is not None:
        yield f"{place}.percent", "名额和占比只能写一种，请去掉其一。"
    if award.percent is not None and len(award.amounts) > 1:
        yield f"{place}.amounts", "按占比确定名额的只填一个金额，请改正。"
    if award.quota and len(award.amounts) not in (0, 1, award.quota):
        yield (
            f"{place}.amounts",
            f"名额 {award.quota} 个而金额有 {len(award.amounts)} 个，"
            "请逐名填写，或只填一个表示各名相同。",
        )
    if award.red_flag and len(award.amounts) > 1:
        yield f"{place}.amounts", "按红旗发放的只填一个金额，请改正。"
    if award.per == "month" and award.months < 1:
        yield f"{place}.months", "按月发放的须写明发放几个月，请补充。"
    if award.to == "secretary" and track.subject == "unit" and award.promotion:
        yield f"{place}.promotion", "优先推荐使用应写在书记榜的奖项中，请改正。"
    for i, tier in enumerate(award.tiers):
        if (tier.places > 0) == (tier.percent is not None):
            yield f"{place}.tiers[{i}].places", "名额和占比须填且只填一个，请改正。"
    for i, step in enumerate(award.progress):
        if i and step.up <= award.progress[i - 1].up:
            yield f"{place}.progress[{i}].up", "上升名次应由小到大排列，请调整。"
