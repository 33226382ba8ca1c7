"""Checks of single rules: holes that the scheme must fill, numbers that contradict each other."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from competitions.scheme.expression import ExpressionError, divides, names_in, parse
from competitions.scheme.fields import plain

UNDEFINED = "等候专项裁定（ruling）、得 0 分（zero）或得满分（full）"


def check_criterion_rule(known, track, criterion, place) -> Iterator[tuple[str, str]]:
    """This function will yield `(place, message)` for one criterion's rule and overrides."""
    where = f"{place}.rule"
    if not known.fine(where):
        return
    rule = criterion.rule
    check = CHECKS.get(rule.kind)
    if check is not None:
        yield from check(known, track, criterion, rule, where)
    for i, item in enumerate(criterion.overrides):
        yield from _override(item, f"{place}.overrides[{i}]")


def _override(item, place):
    if item.when == "below":
        if item.threshold is None:
            yield f"{place}.threshold", "须写明分数线，请补充。"
        if item.points is None:
            yield f"{place}.points", "须写明改计多少分，请补充。"
    elif item.last is None or item.last < 1:
        yield f"{place}.last", "须写明最后几名，请补充。"


def _marks(known, track, criterion, rule, place):
    if rule.high <= rule.low:
        yield f"{place}.high", f"最高分应大于最低分 {plain(rule.low)}，请改正。"
    elif rule.step <= 0:
        yield f"{place}.step", "最小间隔应大于 0，请改正。"
    elif (rule.high - rule.low) % rule.step:
        yield f"{place}.step", "从最低分起按此间隔到不了最高分，请改正间隔。"
    if rule.factor is None and rule.high <= 0:
        yield f"{place}.high", "最高分应大于 0，请改正。"


def _measured(known, track, criterion, rule, place):
    yield from _part(criterion, rule, place)


def _part(criterion, part, place):
    conversion, less = part.conversion, part.better == "less"
    relative = part.quantity.endswith(("growth", "completion"))
    ratio = conversion.kind == "best" or (
        conversion.kind == "reach"
        and conversion.mode != "all"
        and (less or (conversion.target is None and not part.quantity.endswith("completion")))
    )
    if (relative or ratio) and not part.undefined:
        yield (
            f"{place}.undefined",
            f"基期、目标或最优值为零（负）时算不出得分，请写明怎样处理：{UNDEFINED}。",
        )
    yield from CONVERSIONS.get(conversion.kind, _nothing)(
        criterion, conversion, less, f"{place}.conversion"
    )


def _nothing(criterion, rule, less, place):
    return iter(())


def _within(criterion, points, place):
    if points is not None and points > criterion.full and not criterion.above_full:
        yield (
            place,
            f"{plain(points)} 分超过满分 {plain(criterion.full)}，"
            "请改正，或写明可以超过满分（above_full）。",
        )


def _reach(criterion, rule, less, place):
    if rule.target is not None and rule.target <= 0 and rule.mode != "all":
        yield f"{place}.target", "按比例计分的目标应大于 0，请改正。"
    if rule.mode == "uncapped" and not criterion.above_full:
        yield f"{place}.mode", "不封顶的评分项须写明可以超过满分（above_full = true）。"


def _per_unit(criterion, rule, less, place):
    if rule.unit <= 0:
        yield f"{place}.unit", "一个单位应大于 0，请改正。"
    yield from _within(criterion, rule.start, f"{place}.start")


def _segments(criterion, rule, less, place):
    yield from _within(criterion, rule.start, f"{place}.start")
    for i, segment in enumerate(rule.segments):
        if segment.width is None and i < len(rule.segments) - 1:
            yield f"{place}.segments[{i}].width", "只有最后一段可以不写宽度，请补充。"
        elif segment.width is not None and segment.width <= 0:
            yield f"{place}.segments[{i}].width", "宽度应大于 0，请改正。"
        if (segment.points is None) == (segment.divisor is None):
            yield f"{place}.segments[{i}]", "每单位得分与满分的几分之一，须填且只填一个。"
        elif segment.divisor == 0:
            yield f"{place}.segments[{i}].divisor", "应大于 0，请改正。"


def _rank(criterion, rule, less, place):
    if rule.mode == "linear":
        if rule.first is None:
            yield f"{place}.first", "等差赋分须写明第一名得分，请补充。"
        if rule.last is None:
            yield f"{place}.last", "等差赋分须写明末名得分，请补充。"
        yield from _within(criterion, rule.first, f"{place}.first")
    elif rule.step is None:
        yield f"{place}.step", "须写明每降一名减多少，请补充。"


def _bands(criterion, rule, less, place):
    previous = None
    for i, band in enumerate(rule.bands):
        where = f"{place}.bands[{i}]"
        yield from _within(criterion, band.points, f"{where}.points")
        if band.least is None:
            if i < len(rule.bands) - 1:
                yield f"{where}.least", "只有最后一档可以不写分档线，请补充。"
            continue
        if previous is not None and (band.least <= previous if less else band.least >= previous):
            order = "由小到大" if less else "由大到小"
            yield f"{where}.least", f"分档线应{order}排列，请调整。"
        previous = band.least
    if rule.bands and rule.bands[-1].least is not None:
        yield f"{place}.bands", "达不到各档时怎样计分没有写明，请加一个不写分档线的末档。"


CONVERSIONS = {
    "reach": _reach,
    "per_unit": _per_unit,
    "segments": _segments,
    "rank": _rank,
    "bands": _bands,
}


def _blend(known, track, criterion, rule, place):
    total = sum((part.weight for part in rule.parts), Decimal(0))
    if total != 100:
        yield f"{place}.parts", f"各部分权重之和为 {plain(total)}，应为 100。"
    for i, part in enumerate(rule.parts):
        yield from _part(criterion, part, f"{place}.parts[{i}]")


def _formula(known, track, criterion, rule, place):
    yield from _repeated(rule.inputs, f"{place}.inputs", "数据")
    for i, item in enumerate(rule.inputs):
        if "-" in item.key or not item.key[:1].isalpha():
            yield f"{place}.inputs[{i}].key", "算式中的名称须以字母开头、不能含「-」，请改正。"
    try:
        tree = parse(rule.expression)
    except ExpressionError as error:
        yield f"{place}.expression", str(error)
        return
    unknown = names_in(tree) - {item.key for item in rule.inputs} - {"full"}
    if unknown:
        named = "、".join(sorted(unknown))
        yield f"{place}.expression", f"算式中的 {named} 没有在数据中列出，请补充或改正。"
    if divides(tree) and not rule.undefined:
        yield f"{place}.undefined", f"算式中有除法，请写明除数为零时怎样处理：{UNDEFINED}。"


def _repeated(items, place, what):
    seen = set()
    for i, item in enumerate(items):
        if not item.key:
            yield f"{place}[{i}].key", f"{what}的键不能为空，请填写。"
        elif item.key in seen:
            yield f"{place}[{i}].key", f"{what}的键「{item.key}」重复，请改用不同的键。"
        seen.add(item.key)


def _ledger(known, track, criterion, rule, place):
    yield from _repeated(rule.items, f"{place}.items", "加减分项")


def _votes(rule, place):
    yield from _repeated(rule.grades, f"{place}.grades", "等次")
    if not any(grade.valid for grade in rule.grades):
        yield f"{place}.grades", "至少要有一个等次计入有效票，请改正。"
    yield from _no_votes(rule, place)


def _no_votes(rule, place):
    if not rule.no_votes:
        yield f"{place}.no_votes", f"须写明没有有效票时怎样计分：{UNDEFINED}。"


def _grade_votes(known, track, criterion, rule, place):
    yield from _votes(rule, place)
    yield from _repeated(rule.groups, f"{place}.groups", "投票人分组")
    total = sum((group.weight for group in rule.groups), Decimal(0))
    if rule.groups and total != 100:
        yield f"{place}.groups", f"各投票人分组权重之和为 {plain(total)}，应为 100。"


def _share_bands(known, track, criterion, rule, place):
    yield from _votes(rule, place)
    keys = {grade.key for grade in rule.grades}
    valid = {grade.key for grade in rule.grades if grade.valid}
    for i, name in enumerate(rule.counted):
        if name not in valid:
            yield f"{place}.counted[{i}]", f"「{name}」不是计入有效票的等次，请改正。"
    previous = None
    for i, band in enumerate(rule.bands):
        yield from _within(criterion, band.points, f"{place}.bands[{i}].points")
        if previous is not None and band.least >= previous:
            yield f"{place}.bands[{i}].least", "分档线应由大到小排列，请调整。"
        previous = band.least
    for i, item in enumerate(rule.overrides):
        if not set(item.grades) <= keys:
            yield f"{place}.overrides[{i}].grades", "例外中的等次没有列出，请改正。"
        if item.numerator > item.denominator:
            yield f"{place}.overrides[{i}].numerator", "比例不能大于 1，请改正。"
        if item.points < 0 and not criterion.below_zero:
            yield f"{place}.overrides[{i}].points", "得分为负的须写明可以为负（below_zero）。"


def _rank_votes(known, track, criterion, rule, place):
    yield from _no_votes(rule, place)
    for i, points in enumerate(rule.points):
        yield from _within(criterion, points, f"{place}.points[{i}]")


def _carried(known, track, criterion, rule, place):
    if rule.of <= 0:
        yield f"{place}.of", "来源满分应大于 0，请改正。"
    if rule.divisor is not None and (rule.divisor <= 0 or rule.how != "sum"):
        yield f"{place}.divisor", "只有取合计时才写除数，且应大于 0，请改正。"
    if rule.source == "outside":
        if rule.members:
            yield f"{place}.members", "只有结转本办法的榜单时才取所属各对象的平均，请去掉。"
        if not rule.periods:
            yield f"{place}.periods", "须列出外部结果的各期，请补充。"
        yield from _same(rule.periods, f"{place}.periods")
        return
    source = known.tracks.get(rule.track)
    if not rule.track:
        yield f"{place}.track", "须选定结转的来源榜单，请补充。"
        return
    if source is None:
        yield f"{place}.track", f"没有榜单「{rule.track}」，请填写结转的来源榜单。"
        return
    if rule.source == "rounds":
        if not rule.rounds:
            yield f"{place}.rounds", "须列出结转的环节，请补充。"
        names = {item.key for item in source.rounds}
        for i, name in enumerate(rule.rounds):
            if name not in names:
                yield f"{place}.rounds[{i}]", f"来源榜单中没有环节「{name}」，请改正。"
        yield from _same(rule.rounds, f"{place}.rounds")
    if rule.unit_of and (track.subject == "unit" or source.subject != "unit"):
        yield f"{place}.unit_of", "只有书记榜、个人榜结转单位榜时才取所在单位的结果，请改正。"
    if rule.members:
        yield from _members(track, rule, place)
    elif not rule.unit_of and track.subject != source.subject:
        yield (
            f"{place}.unit_of",
            "来源榜单的参评对象不同，请写明取所在单位的结果（unit_of = true）。",
        )


def _members(track, rule, place):
    if rule.unit_of:
        yield f"{place}.members", "所在单位的结果与所属各对象的平均只能取一种，请去掉其一。"
    if track.subject != "unit":
        yield f"{place}.members", "只有单位榜才取所属各对象的平均，请改正。"
    if not rule.no_members:
        yield f"{place}.no_members", f"须写明没有所属对象时怎样计分：{UNDEFINED}。"


def _same(names, place):
    for i, name in enumerate(names):
        if name in names[:i]:
            yield f"{place}[{i}]", f"「{name}」重复，请删除。"


CHECKS = {
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
