"""A scheme in words: what the published rules page and the printed 评分细则 say."""

from __future__ import annotations

from competitions.scheme.check_event import has_minimum
from competitions.scheme.describe_rewards import describe_award, describe_flag
from competitions.scheme.describe_rules import choice_words, describe_rule
from competitions.scheme.fields import plain


def describe_criterion(criterion) -> list[str]:
    """This function will explain a criterion in full Chinese sentences, one a line."""
    words = list(describe_rule(criterion))
    for rule in criterion.overrides:
        words.append(_override(rule))
    if criterion.factor:
        words.append("得分乘以各单位的难度系数。")
    if criterion.below_zero and criterion.rule.kind != "ledger":
        words.append("得分可以为负。")
    if criterion.above_full and criterion.rule.kind != "ledger":
        words.append("得分可以超过满分。")
    words += _limits(criterion)
    if criterion.decimals is not None:
        words.append(_rounding("本项得分", criterion.decimals))
    return words


def _override(rule) -> str:
    if rule.when == "below":
        return f"得分低于 {plain(rule.threshold)} 分的，改计 {plain(rule.points)} 分。"
    if rule.points is not None:
        return f"名列最后 {rule.last} 名的，改计 {plain(rule.points)} 分。"
    cap = "" if rule.cap is None else f"，最多扣 {plain(rule.cap)} 分"
    return f"名列最后 {rule.last} 名的改为扣分，倒数第一扣 {rule.last} 分，依次少扣 1 分{cap}。"


def _limits(item) -> list[str]:
    words = []
    if item.floor is not None:
        words.append(f"最低计 {plain(item.floor)} 分。")
    if item.cap is not None:
        words.append(f"最高计 {plain(item.cap)} 分。")
    return words


def _rounding(what: str, decimals: int) -> str:
    return f"{what}四舍五入" + ("取整。" if decimals == 0 else f"保留 {decimals} 位小数。")


def describe_round(round_, scheme=None) -> list[str]:
    """This function will explain how a round's points come about (not its single criteria)."""
    words = []
    if round_.panel is not None and any(c.rule.kind == "marks" for c in round_.criteria):
        words += describe_panel(round_.panel, scheme)
    full = plain(round_.full)
    how = {
        "sum": "各评分项得分相加",
        "weighted": "各评分项得分按权重相加",
        "mean": "各评分项得分平均",
    }[round_.combine]
    words.append(f"{how}，" + (f"折算为满分 {full} 分。" if round_.scaled else f"满分 {full} 分。"))
    if round_.factor:
        words.append("环节得分乘以各单位的难度系数。")
    if round_.below_zero:
        words.append("环节得分可以为负。")
    if round_.above_full:
        words.append("环节得分可以超过满分。")
    words += _limits(round_)
    if round_.decimals is not None:
        words.append(_rounding("环节得分", round_.decimals))
    if round_.outside:
        words.append("本环节得分在总分之外另加。")
    if round_.event is not None:
        words += describe_event(round_)
    return words


def describe_event(round_) -> list[str]:
    """This function will explain how a turn on the stage runs, when its score is shown, and what
    the audience votes on."""
    event, words = round_.event, []
    if event.segments:
        parts = "、".join(f"{item.title} {_duration(item.seconds)}" for item in event.segments)
        words.append(f"每位依次登台：{parts}。")
    if event.reveal == "held":
        words.append(f"前 {event.held} 位打分结束后一并亮分，其后当场亮分。")
    else:
        words.append(f"{choice_words(event, 'reveal')}。")
    voted = [item.title for item in round_.criteria if item.key == event.jury]
    if voted:
        words.append(f"设大众评委：观众一席一票，关闭打分时计票，计入“{voted[0]}”。")
    if event.overtime is not None:
        words.append(describe_overtime(round_))
    return words


def describe_overtime(round_) -> str:
    """This function will explain what overtime on the stage costs."""
    rule, parts = round_.event.overtime, "、".join(round_.event.overtime.segments)
    together = "各段超时相加，" if len(rule.segments) > 1 else ""
    words = f"超时扣分：{parts}超过限时的，{together}"
    if rule.allowance:
        words += f"{_duration(rule.allowance)}以内不扣，再超的"
    points = plain(rule.points)
    if rule.how == "once":
        words += f"扣 {points} 分"
    else:
        every = _duration(rule.every)
        words += f"每 {every}扣 {points} 分，不足 {every}的按 {every}计"
        words += f"，最多扣 {plain(rule.cap)} 分"
    words += "；从环节得分中扣"
    if has_minimum(round_):
        words += "，" + ("可以扣到最低分以下" if rule.below == "through" else "扣到最低分为止")
    return words + "。以现场计时为准。"


def _duration(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return " ".join([f"{minutes} 分钟"] * bool(minutes) + [f"{rest} 秒"] * bool(rest))


def describe_panel(panel, scheme=None) -> list[str]:
    """This function will explain who marks, what is dropped and how the rest is averaged."""
    titles = {} if scheme is None else {group.key: group.title for group in scheme.judge_groups}
    words = []
    for part in panel.parts:
        name = titles.get(part.group, part.group)
        share = "" if len(panel.parts) == 1 else f"占 {plain(part.weight)}%，"
        trimmed = ""
        if part.drop_high or part.drop_low:
            unit = "评委总分中" if panel.trim == "total" else "每项打分中"
            trimmed = f"{unit}去掉 {part.drop_high} 个最高分和 {part.drop_low} 个最低分，"
        rest = f"{trimmed}其余" if trimmed else "各评委的打分"
        words.append(f"{name}：{share}{rest}{choice_words(part, 'average')}。")
        if trimmed and part.trim_from is not None:
            words.append(f"计入的评委少于 {part.trim_from} 人时不去分，全部计入。")
        if part.minimum == 0:
            words.append("没有评委打分的计 0 分。")
        if part.minimum > 1:
            words.append(f"计入的评委少于 {part.minimum} 人时成绩不成立，由会议研究裁定。")
        if part.standard != "none":
            words.append(f"评委分先作标准化：{choice_words(part, 'standard')}。")
    words.append("回避的评委和经裁定不计的评委不参加汇总；其余评委缺分的，等其补齐。")
    if panel.sites == "judge":
        words.append("分点位打分的，先求每名评委各点位的平均分。")
    elif panel.sites == "site":
        words.append("分点位打分的，先求各点位的成绩再平均。")
    if panel.decimals is not None:
        words.append(_rounding("评委组得分", panel.decimals))
    return words


def describe_track(track, scheme=None) -> list[str]:
    """This function will explain totals, places, ties, part-year terms, gates, flags, awards."""
    words = [_total(track), *_limits(track), _rounding("总分", track.decimals)]
    if scheme is not None and track.category:
        words.insert(0, f"属于“{scheme.category_title(track.category)}”类。")
    words.append("全体参评对象统一排名。" if track.peers == "all" else "各组分别排名。")
    words.append(
        "总分相同的名次并列，其后名次顺延空缺。" if not track.ties else _ties(track, scheme)
    )
    if track.part_year != "count":
        way = choice_words(track, "part_year")
        words.append(f"任职不满 {track.part_year_months} 个月的，{way}。")
    words += [_gate(gate, track) for gate in track.gates]
    words += [describe_flag(rule, track) for rule in track.flags]
    for award in track.awards:
        words += describe_award(award)
    return words


def _total(track) -> str:
    inside = [round_ for round_ in track.rounds if not round_.outside]
    if track.combine == "weighted":
        parts = "＋".join(f"{r.title} {plain(r.weight)} 分" for r in inside)
        words = f"总分 {plain(track.full)} 分：{parts}"
    elif track.combine == "sum":
        words = "总分为" + "、".join(r.title for r in inside) + "得分之和"
    elif track.combine == "mean":
        words = f"总分为 {len(inside)} 个环节得分的平均"
    else:
        words = f"总分取得分最高的 {track.best_of} 个环节平均"
    outside = [round_.title for round_ in track.rounds if round_.outside]
    return words + (f"，另加{'、'.join(outside)}得分。" if outside else "。")


def _ties(track, scheme) -> str:
    names = {round_.key: round_.title for round_ in track.rounds}
    names |= {c.key: c.title for round_ in track.rounds for c in round_.criteria}
    dimensions = {} if scheme is None else {d.key: d.title for d in scheme.dimensions}
    steps = []
    for step in track.ties:
        if step.by == "decimals":
            steps.append(f"保留 {step.decimals} 位小数的总分")
        elif step.by == "decision":
            steps.append("会议研究的先后")
        else:
            steps.append((dimensions if step.by == "dimension" else names).get(step.of, step.of))
    return f"总分相同的，依次比{'、'.join(steps)}；仍相同的名次并列，其后名次顺延空缺。"


def _gate(gate, track) -> str:
    names = {round_.key: round_.title for round_ in track.rounds}
    names |= {c.key: c.title for round_ in track.rounds for c in round_.criteria}
    effect = choice_words(gate, "effect")
    if gate.when == "ruling":
        return f"{gate.title}：经裁定认定的，{effect}。{gate.standard}"
    what = "总分" if gate.when == "total_below" else f"“{names.get(gate.of, gate.of)}”得分"
    return f"{gate.title}：{what}低于 {plain(gate.threshold)} 分的，{effect}。{gate.standard}"
