"""Checks of gates, flags, awards, honours and the money that awards share."""

from __future__ import annotations

from collections.abc import Iterator

from competitions.scheme.reward_types import COLOURS


def check_gate(known, track, gate, place) -> Iterator[tuple[str, str]]:
    """This function will yield what is wrong with a gate."""
    tiered = any(award.tiers for award in track.awards)
    if gate.effect == "lowest" and not tiered and known.rewards_fine():
        words = "本榜单没有分档的奖项，不能定为最低一档，请设分档的奖项或改用其他后果。"
        yield f"{place}.effect", words
    if gate.when == "ruling":
        return
    if gate.threshold is None:
        yield f"{place}.threshold", "须写明分数线，请补充。"
    names = {
        "total_below": None,
        "round_below": {item.key for item in track.rounds},
        "criterion_below": {c.key for item in track.rounds for c in item.criteria},
    }[gate.when]
    if names is not None and not gate.of:
        yield f"{place}.of", "须选定所指的环节或评分项，请补充。"
    elif names is not None and gate.of not in names:
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


def check_honour(known, honour, place) -> Iterator[tuple[str, str]]:
    """This function will yield what is wrong with an honour."""
    if not honour.title.strip() and f"{place}.title" not in known.broken:
        yield f"{place}.title", "名称不能为空，请填写。"
    if not known.rewards_fine() or not known.fine(place):
        return
    colour = COLOURS[honour.colour]
    counted = known.counted(honour)
    seen: set[str] = set()
    for i, name in enumerate(honour.rules):
        where = f"{place}.rules[{i}]"
        if name not in known.flags:
            yield where, f"各榜单中没有旗「{name}」，请先在榜单中设旗或改正。"
        elif name not in counted.keys:
            yield where, f"「{name}」不是{colour}，请改正所计的旗或颜色。"
        elif name in seen:
            yield where, f"旗「{name}」重复，请删除。"
        seen.add(name)
    if not counted.keys:
        if not honour.rules:
            yield f"{place}.rules", f"各榜单都没有设{colour}，请先在榜单中设旗或改正颜色。"
        return
    if len(counted.subjects) > 1:
        yield f"{place}.rules", "计入的旗分属不同的参评对象，请只选同一种参评对象的榜单的旗。"
    most = counted.most if honour.count == "flags" else counted.tracks
    yield from _check_steps(honour, most, place)
    if honour.gives == "award" and honour.colour == "yellow":
        yield f"{place}.gives", "计黄旗的不能给予奖项，请改为综合旗（flag）或改计红旗。"
    if honour.gives == "flag" and any(step.amount is not None for step in honour.steps):
        yield f"{place}.steps", "综合旗不带金额，请去掉金额，或改为奖项（award）。"
    if honour.per == "month" and honour.months < 1:
        yield f"{place}.months", "按月发放的须写明发放几个月，请补充。"
    if honour.to == "secretary" and counted.subjects == {"unit"} and honour.promotion:
        yield f"{place}.promotion", "优先推荐使用应计书记榜的旗，请改正。"


def _check_steps(honour, most, place) -> Iterator[tuple[str, str]]:
    for i, step in enumerate(honour.steps):
        where = f"{place}.steps[{i}]"
        if i and step.held <= honour.steps[i - 1].held:
            yield f"{where}.held", "面数应由小到大排列，请调整。"
        if step.held > most:
            yield f"{where}.held", f"计入的旗最多只能得 {most} 面，达不到 {step.held} 面，请改正。"
        if step.each and step.amount is None:
            yield f"{where}.amount", "按每面旗发放的须写明每面的金额，请补充。"


def check_pool(known, pool, place, taken) -> Iterator[tuple[str, str]]:
    """This function will yield what is wrong with a shared sum; `taken` holds {award: place} of
    the sums before it and gets its own."""
    if not pool.title.strip() and f"{place}.title" not in known.broken:
        yield f"{place}.title", "名称不能为空，请填写。"
    if pool.amount <= 0 and known.fine(place):
        yield f"{place}.amount", "总额须大于 0，请填写。"
    if not known.rewards_fine():
        return
    awards, seen = known.awards, set()
    for i, name in enumerate(pool.keys):
        where = f"{place}.awards[{i}].award"
        if where in known.broken:
            continue
        if not name:
            yield where, "须选定奖项，请补充。"
        elif name not in awards:
            yield where, f"没有奖项「{name}」，请先设置奖项或改正。"
        elif name in seen:
            yield where, f"奖项「{name}」重复，请删除。"
        elif name in taken:
            yield (
                where,
                f"奖项「{name}」已列入 {taken[name]}，一个奖项只能属于一个总额，请去掉其一。",
            )
        elif not _has_money(awards[name]):
            yield where, f"奖项「{name}」没有金额，不必列入总额，请去掉或写明金额。"
        elif pool.how == "share" and getattr(awards[name], "pool", None) is not None:
            yield (
                where,
                f"奖项「{name}」另有总额上限，按比例全部分完时可能超出，请去掉上限或改用其他分配办法。",
            )
        seen.add(name)
    taken |= {name: place for name in seen if name not in taken}


def _has_money(award) -> bool:
    if hasattr(award, "steps"):
        return any(step.amount is not None for step in award.steps)
    return bool(award.amounts or award.progress) or any(t.amount is not None for t in award.tiers)
