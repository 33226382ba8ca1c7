"""Flags, awards, honours and shared money in words."""

from __future__ import annotations

from competitions.scheme.describe_rules import choice_words
from competitions.scheme.fields import plain
from competitions.scheme.reward_types import COLOURS


def describe_flag(rule, track=None) -> str:
    """This function will explain a flag rule in one sentence."""
    side = "前" if rule.colour == "red" else "末"
    what = "本期得分" if rule.rounds else "总分"
    parts = []
    if rule.places is not None:
        parts.append(f"{side} {rule.places} 名")
    if rule.percent is not None:
        parts.append(
            f"{side} {plain(rule.percent)}%（名额{choice_words(rule, 'percent_rounding')}）"
        )
    if rule.at_least is not None:
        parts.append(f"{what}不低于 {plain(rule.at_least)}")
    if rule.below is not None:
        parts.append(f"{what}低于 {plain(rule.below)}")
    verb = "授" if rule.colour == "red" else "亮"
    issues = ""
    if rule.rounds:
        titles = {} if track is None else {item.key: item.title for item in track.rounds}
        issues = f"按{'、'.join(titles.get(name, name) for name in rule.rounds)}逐期："
    words = f"{issues}{'且'.join(parts)}的{verb}{rule.title}；"
    words += f"名额边界并列的，{choice_words(rule, 'boundary')}"
    if rule.smallest:
        words += f"；参评对象少于 {rule.smallest} 个时不授旗"
    if rule.repeat:
        words += f"；连续 {rule.repeat} 次的，{rule.repeat_effect}"
    return words + "。"


def _share(percent, award) -> str:
    return f"前 {plain(percent)}%（名额{choice_words(award, 'percent_rounding')}）"


def _tier_size(tier, award) -> str:
    return f"{tier.places} 名" if tier.percent is None else _share(tier.percent, award)


def _money(amount) -> str:
    """Yuan with thousands separated: 500,000."""
    whole, point, part = plain(amount).partition(".")
    return f"{int(whole):,}{point}{part}"


def describe_award(award) -> list[str]:
    """This function will explain an award: who, how many, how much, on what basis."""
    per = f"元/月，发放 {award.months} 个月" if award.per == "month" else "元"
    if award.people > 1:
        per = f"元/人{per.removeprefix('元')}，每个对象 {award.people} 人（以实际人数为准）"
    to = choice_words(award, "to")
    role = f"（{award.role}）" if award.role else ""
    if award.tiers:
        listed = "；".join(
            f"{tier.title} {_tier_size(tier, award)}"
            + ("" if tier.amount is None else f"，{_money(tier.amount)} {per}")
            + ("" if tier.minimum is None else f"，总分不低于 {plain(tier.minimum)}")
            for tier in award.tiers
        )
        words = [f"“{award.title}”授予{to}{role}：{listed}。"]
    elif award.progress:
        listed = "；".join(f"上升 {s.up} 位奖 {_money(s.amount)} 元" for s in award.progress)
        words = [f"“{award.title}”授予{to}{role}：比上期{listed}。"]
    else:
        count = "凡获红旗的都给予" if award.red_flag else f"{award.quota} 名"
        if award.percent is not None:
            count = _share(award.percent, award)
        money = ""
        if award.amounts:
            amounts = "、".join(_money(amount) for amount in award.amounts)
            money = f"，{'各奖' if len(award.amounts) == 1 else '奖励依次为'} {amounts} {per}"
        words = [f"“{award.title}”授予{to}{role}，{count}{money}。"]
    if not award.red_flag and not award.progress:
        words.append(
            f"名额边界并列的，{choice_words(award, 'boundary')}；"
            f"名额内有不合条件者，{choice_words(award, 'vacated')}。"
        )
    if award.minimum is not None:
        words.append(f"总分不低于 {plain(award.minimum)} 分方可获奖。")
    if award.no_yellow:
        words.append("亮黄旗的不授予。")
    if award.pool is not None:
        words.append(f"总额不超过 {_money(award.pool)} 元，超过的按比例核减。")
    return words + _basis(award)


def _basis(award) -> list[str]:
    basis = [
        f"{label}：{value}"
        for label, value in (
            ("依据", award.legal_basis),
            ("批准文号", award.approval),
            ("资金来源", award.source_of_money),
        )
        if value
    ]
    return ["；".join(basis) + "。"] if basis else []


def describe_honour(honour, scheme) -> list[str]:
    """This function will explain an honour: which flags count, how many lead to what."""
    colour = COLOURS[honour.colour]
    counted = scheme.counted_flags(honour)
    where = "、".join(dict.fromkeys(f"“{track.title}”" for track, _ in counted))
    if not honour.rules:
        where = f"全部 {len({track.key for track, _ in counted})} 个榜单"
    issues = "，逐期授旗的各期都计入" if any(rule.rounds for _, rule in counted) else ""
    words = f"“{honour.title}”计{where}的{colour}（{choice_words(honour, 'count')}{issues}）："
    role = f"（{honour.role}）" if honour.role else ""
    if honour.gives == "flag":
        verb = "授" if honour.colour == "red" else "亮"
        steps = f"{honour.steps[0].held} 面以上的{verb}{honour.title}"
    else:
        per = f"元/月，发放 {honour.months} 个月" if honour.per == "month" else "元"
        steps = f"授予{choice_words(honour, 'to')}{role}，" + "；".join(
            f"{step.held} 面以上" + ("" if step.amount is None else _step_money(honour, step, per))
            for step in honour.steps
        )
    more = ["同时达到几档的，只按最高一档。"] if len(honour.steps) > 1 else []
    if honour.colour == "red":
        more.append("在所计榜单中被取消评先资格的不授予。")
    if honour.no_yellow:
        more.append("在任一榜单亮黄旗的不授予。")
    return [f"{words}{steps}。", *more, *_basis(honour)]


def _step_money(honour, step, per) -> str:
    each = ("每个榜单" if honour.count == "tracks" else "每面") if step.each else ""
    return f"{each}奖 {_money(step.amount)} {per}"


CUT = {
    "proportion": "超过总额的，各项按同一比例核减",
    "order": "超过总额的，按所列奖项先后足额发放，余额不足的一项按比例核减，其后不发",
    "share": "总额按各项金额的比例全部分完，可增可减",
}


def describe_pool(pool, scheme) -> str:
    """This function will explain a sum of money that awards share, in one sentence."""
    titles = {award.key: award.title for award in scheme.every_award}
    listed = "、".join(f"“{titles.get(name, name)}”" for name in pool.keys)
    return (
        f"“{pool.title}”：{listed}共用总额 {_money(pool.amount)} 元，{CUT[pool.how]}；"
        "金额舍去不足 1 元的部分。"
    )
