"""Each rule in words, as a published 评分细则 says it."""

from __future__ import annotations

from competitions.scheme.fields import plain, specs

QUANTITY_WORDS = {
    "value": "本期值",
    "increment": "增量（本期−基期）",
    "growth": "增速，即（本期−基期）÷基期",
    "completion": "完成率（本期÷目标）",
    "deviation": "与平均值之差（本期−平均值）",
    "percent_growth": "增速（%）",
    "percent_completion": "完成率（%）",
}
PEER_WORDS = {"track": "", "all": "在全体参评对象中", "group": "在本组参评对象中"}


def choice_words(item, name: str) -> str:
    """This function will return the Chinese of a choice field's present value."""
    spec, _ = specs(type(item))[name]
    return dict(spec.choices)[getattr(item, name)]


def describe_rule(criterion) -> list[str]:
    """This function will explain a criterion's rule in full Chinese sentences."""
    return RULE_WORDS[criterion.rule.kind](criterion, criterion.rule)


def _marks(criterion, rule):
    words = [
        f"评委在 {plain(rule.low)} 至 {plain(rule.high)} 分之间打分，间隔 {plain(rule.step)} 分。"
    ]
    if rule.factor is not None:
        words.append(f"评委组得分乘以 {plain(rule.factor)} 计入。")
    elif rule.high != criterion.full:
        words.append(f"评委组得分按满分 {plain(criterion.full)} 分折算。")
    return words


def _measured(criterion, rule):
    return measured_words(criterion, rule)


def measured_words(criterion, part) -> list[str]:
    """This function will explain one measured rule or one part of a blend."""
    quantity = QUANTITY_WORDS[part.quantity]
    direction = "越大越好" if part.better == "more" else "越小越好"
    rounding = "" if part.decimals is None else f"，保留 {part.decimals} 位小数"
    scope = PEER_WORDS[part.peers]
    words = [f"比{quantity}，{direction}{rounding}。"]
    words += [scope + line for line in conversion_words(criterion, part)]
    if part.undefined:
        words.append(
            f"基期、目标或最优值为零（负）而无法计算时，{choice_words(part, 'undefined')}。"
        )
    return words


def conversion_words(criterion, part) -> list[str]:
    """This function will explain a conversion in words, with the criterion's full marks."""
    rule, full = part.conversion, plain(criterion.full)
    if rule.kind == "direct":
        return [f"每单位计 {plain(rule.factor)} 分。"]
    if rule.kind == "reach":
        target = "各自目标" if rule.target is None else f"目标 {plain(rule.target)}"
        if part.quantity.endswith("completion"):
            target = "全部完成"
        how = {
            "all": f"达到{target}得 {full} 分，未达到不得分。",
            "capped": f"按与{target}之比计分，满分 {full} 分封顶。",
            "uncapped": f"按与{target}之比计分，{full} 分为基准，不封顶。",
        }
        return [how[rule.mode]]
    if rule.kind == "best":
        if part.better == "less":
            return [f"得分＝{full}×最小值÷本单位值。"]
        return [f"得分＝{full}×本单位值÷最大值。"]
    if rule.kind == "per_unit":
        return _per_unit(rule)
    if rule.kind == "segments":
        return _segments(rule)
    if rule.kind == "rank":
        return _rank(rule, full)
    if rule.kind == "bands":
        sign = "不超过" if part.better == "less" else "不低于"
        levels = [
            f"其余得 {plain(band.points)} 分"
            if band.least is None
            else f"{sign} {plain(band.least)} 得 {plain(band.points)} 分"
            for band in rule.bands
        ]
        return ["；".join(levels) + "。"]
    base = plain(rule.base)
    rest = plain(1 - rule.base)
    top = (
        "（最大值−本单位值）÷（最大值−最小值）"
        if part.better == "less"
        else "（本单位值−最小值）÷（最大值−最小值）"
    )
    return [
        f"功效系数法：得分＝{full}×［{base}＋{rest}×{top}］。",
        f"各单位数值全部相等时，{choice_words(rule, 'all_equal')}。",
    ]


def _per_unit(rule):
    target = "各自目标" if rule.target is None else plain(rule.target)
    unit = plain(rule.unit)
    words = f"以{target}为准，恰好完成得 {plain(rule.start)} 分"
    if rule.over:
        cap = "" if rule.over_cap is None else f"，最多加 {plain(rule.over_cap)} 分"
        words += f"；每优于 {unit} 个单位加 {plain(rule.over)} 分{cap}"
    if rule.under:
        cap = "" if rule.under_cap is None else f"，最多减 {plain(rule.under_cap)} 分"
        words += f"；每差 {unit} 个单位减 {plain(rule.under)} 分{cap}"
    return [words + ("；不足一个单位的不计。" if rule.whole else "；不足一个单位的按比例计。")]


def _segments(rule):
    parts = []
    for segment in rule.segments:
        width = "其余部分" if segment.width is None else f"再超 {plain(segment.width)} 个单位以内"
        if segment.points is None:
            parts.append(f"{width}每单位得满分的 {plain(segment.divisor)} 分之一")
        else:
            parts.append(f"{width}每单位 {plain(segment.points)} 分")
    words = f"达到 {plain(rule.origin)} 得 {plain(rule.start)} 分，超过部分分段累进：" + "；".join(
        parts
    )
    if rule.under:
        words += f"；低于起点的每单位减 {plain(rule.under)} 分"
    return [words + "。"]


def _rank(rule, full):
    if rule.mode == "percent":
        words = f"按排名赋分：第一名 {full} 分，每降一名减满分的 {plain(rule.step)}%"
    elif rule.mode == "step":
        words = f"按排名赋分：第一名 {full} 分，每降一名减 {plain(rule.step)} 分"
    else:
        words = f"按排名赋分：第一名 {plain(rule.first)} 分，末名 {plain(rule.last)} 分，其间等差"
    return [words + "，数值相等的名次相同。"]


def _blend(criterion, rule):
    words = []
    for part in rule.parts:
        lines = measured_words(criterion, part)
        words.append(f"占 {plain(part.weight)}%：{lines[0]}")
        words += lines[1:]
    return words


def _formula(criterion, rule):
    named = "、".join(f"{item.key} 为{item.title}" for item in rule.inputs)
    words = [f"得分＝{rule.expression}，其中{named}。"]
    if rule.undefined:
        words.append(f"除数为零时，{choice_words(rule, 'undefined')}。")
    return words


def _ledger(criterion, rule):
    words = []
    if rule.start:
        words.append(f"起始分 {plain(rule.start)} 分。")
    for item in rule.items:
        each = "按记录的分值" if item.points is None else f"每次 {plain(item.points)} 分"
        cap = "" if item.cap is None else f"，本项封顶 {plain(item.cap)} 分"
        sign = "加分" if item.sign == "bonus" else "扣分"
        words.append(f"{sign}：{item.title}，{each}{cap}。{item.standard}".strip())
    if rule.bonus_cap is not None:
        words.append(f"加分合计不超过 {plain(rule.bonus_cap)} 分。")
    if rule.deduction_cap is not None:
        words.append(f"扣分合计不超过 {plain(rule.deduction_cap)} 分。")
    if rule.same_matter == "highest":
        words.append("同一事项多次加分的，只按最高分计一次。")
    return words


def _grade_votes(criterion, rule):
    counted = "、".join(f"{g.title} {plain(g.coefficient)}" for g in rule.grades if g.valid)
    words = [f"得分＝{plain(criterion.full)}×Σ（系数×票数）÷有效票数，系数：{counted}。"]
    outside = "、".join(g.title for g in rule.grades if not g.valid)
    if outside:
        words.append(f"{outside}不计入有效票。")
    if rule.groups:
        named = "、".join(f"{g.title}占 {plain(g.weight)}%" for g in rule.groups)
        words.append(f"分组计票：{named}。")
    words.append(f"没有有效票时，{choice_words(rule, 'no_votes')}。")
    return words


def _share_bands(criterion, rule):
    titles = {grade.key: grade.title for grade in rule.grades}
    share = "、".join(titles[name] for name in rule.counted if name in titles)
    levels = [f"不低于 {plain(b.least)}% 得 {plain(b.points)} 分" for b in rule.bands]
    levels.append(f"其余得 {plain(rule.otherwise)} 分")
    words = [f"按“{share}”票占有效票的比例分档：" + "；".join(levels) + "。"]
    for override in rule.overrides:
        named = "、".join(titles[name] for name in override.grades if name in titles)
        words.append(
            f"“{named}”票达到有效票的 {override.denominator} 分之 {override.numerator} 的，"
            f"改得 {plain(override.points)} 分。"
        )
    words.append(f"没有有效票时，{choice_words(rule, 'no_votes')}。")
    return words


def _rank_votes(criterion, rule):
    listed = "、".join(f"第{r}名 {plain(p)} 分" for r, p in enumerate(rule.points, 1))
    return [
        f"得分＝Σ（各名次票数×该名次得分）÷总票数：{listed}。",
        f"没有有效票时，{choice_words(rule, 'no_votes')}。",
    ]


def _carried(criterion, rule):
    source = choice_words(rule, "source")
    whose = "所在单位的" if rule.unit_of else "所属各对象的" if rule.members else ""
    # A total is one number: there is nothing to take the latest or the best of.
    how = "" if rule.source == "track" else f"，{choice_words(rule, 'how')}"
    words = f"结转{whose}{source}{how}"
    if rule.divisor is not None:
        words += f"，除以 {plain(rule.divisor)}"
    if rule.of != criterion.full:
        words += f"，按满分 {plain(rule.of)} 折算为 {plain(criterion.full)} 分"
    if not rule.members:
        return [words + "。"]
    none = f"没有所属对象的，{choice_words(rule, 'no_members')}。"
    return [f"{words}；各对象的结果再求平均。", none]


RULE_WORDS = {
    "marks": _marks,
    "measured": _measured,
    "blend": _blend,
    "formula": _formula,
    "ledger": _ledger,
    "grade_votes": _grade_votes,
    "share_bands": _share_bands,
    "rank_votes": _rank_votes,
    "carried": _carried,
}
