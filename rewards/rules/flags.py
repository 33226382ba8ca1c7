"""Red and yellow flags of a track: number of places, share and threshold taken together."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from rewards.rules.outcome import Boundary, Flag
from rewards.rules.select import Choice, choose, from_the_end

COLOURS = {"red": "红旗", "yellow": "黄旗"}


def decide_flags(track, fields, rulings, history):
    """This function will return (flags, boundaries, notes) of one track.

    fields: one list of EntryResult for each peer group, only entries with a place. Red comes
    first; who holds a red flag of the track never gets a yellow one.
    """
    flags: list[Flag] = []
    boundaries: list[Boundary] = []
    notes: list[str] = []
    for rule in sorted(track.flags, key=lambda rule: rule.colour != "red"):
        for results in fields:
            if not results:
                continue
            if len(results) < rule.smallest:
                few = f"参评对象 {len(results)} 个，少于 {rule.smallest} 个，不授旗。"
                notes.append(f"「{rule.title}」：{few}")
                continue
            choice = _choose(rule, results, rulings)
            if choice.note:
                notes.append(f"「{rule.title}」{choice.note}")
            if choice.tied:
                boundaries.append(
                    Boundary(
                        rule.key,
                        "flag",
                        track.key,
                        choice.tied,
                        choice.left,
                        f"「{rule.title}」名额边界有 {len(choice.tied)} 个并列，"
                        f"还有 {choice.left} 个名额，请由会议研究确定。",
                    )
                )
            holders = {flag.entry for flag in flags if flag.colour != rule.colour}
            by_key = {result.entry: result for result in results}
            for rank, entry in sorted(choice.chosen, key=lambda pair: by_key[pair[1]].place):
                if entry in holders:
                    notes.append(f"「{rule.title}」：已授另一颜色旗帜的不再亮旗。")
                    continue
                flags.append(_flag(rule, track, by_key[entry], rank, history))
    return flags, boundaries, notes


def _choose(rule, results, rulings) -> Choice:
    ranked = [(result.place, result.entry) for result in results]
    if rule.colour == "yellow":
        ranked = from_the_end(ranked)
    quota = _quota(rule, len(results))
    fitting = {result.entry for result in results if _fits(rule, result)}
    choice = choose(ranked, quota, rule.boundary, rulings.get(rule.key))
    return Choice(
        tuple(pair for pair in choice.chosen if pair[1] in fitting),
        tuple(entry for entry in choice.tied if entry in fitting),
        choice.left,
        choice.note if fitting else "",
    )


def _quota(rule, count: int) -> int:
    """Number of places: fixed, a share of the field, or everybody (threshold alone decides)."""
    quotas = []
    if rule.places is not None:
        quotas.append(rule.places)
    if rule.percent is not None:
        share = Fraction(rule.percent) * count / 100
        whole = share.numerator // share.denominator
        if (rule.percent_rounding == "up" and share != whole) or (
            rule.percent_rounding == "half" and share - whole >= Fraction(1, 2)
        ):
            whole += 1
        quotas.append(whole)
    return min(quotas, default=count)


def _fits(rule, result) -> bool:
    total = Decimal(result.total)
    if rule.colour == "red" and result.barred:
        return False
    if rule.at_least is not None and total < rule.at_least:
        return False
    return rule.below is None or total < rule.below


def _flag(rule, track, result, rank, history) -> Flag:
    words = [f"{track.title}第{result.place}名，总分 {result.total}"]
    if rule.colour == "yellow":
        words = [f"{track.title}列倒数第{rank}名，总分 {result.total}"]
    if rule.at_least is not None:
        words.append(f"不低于 {rule.at_least}")
    if rule.below is not None:
        words.append(f"低于 {rule.below}")
    effect = ""
    if rule.repeat:
        times = history.get((rule.key, result.entry), 0) + 1
        if times >= rule.repeat:
            effect = f"连续 {times} 次：{rule.repeat_effect}"
    return Flag(
        rule.key,
        track.key,
        result.entry,
        rule.colour,
        rule.title,
        result.place,
        "，".join(words) + "。",
        effect,
    )
