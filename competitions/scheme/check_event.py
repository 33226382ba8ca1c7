"""What must hold of a round that is held live on the stage."""

from __future__ import annotations

from collections.abc import Iterator

from competitions.scheme.fields import plain
from competitions.scheme.rule_types import GradeVotes, ShareBands


def check_event(known, round_, place) -> Iterator[tuple[str, str]]:
    """This function will yield `(place, message)` for what is wrong with a round's live event."""
    event, where = round_.event, f"{place}.event"
    if event is None:
        return
    if event.overtime is not None:
        yield from _check_overtime(known, round_, event, f"{where}.overtime")
    if not known.fine(where):
        return
    if round_.kind != "arena":
        yield where, "只有擂台比武环节可以约定现场，请去掉现场（event）或把环节改为擂台比武。"
    elif round_.panel is None:
        yield where, "现场由评委打分，请写明评委组成（panel），或去掉现场（event）。"
    if event.reveal == "held" and event.held is None:
        yield f"{where}.held", "须写明前几位暂不亮分，请补充。"
    if event.reveal != "at_end" and is_standardised(round_):
        yield (
            f"{where}.reveal",
            "评委分标准化后，每位的成绩都取决于全部打分，只能全部结束后亮分（at_end）。",
        )
    if event.jury and known.fine(place):
        yield from _check_jury(round_, f"{where}.jury")
    for i, segment in enumerate(event.segments):
        if segment.warning >= segment.seconds:
            yield (
                f"{where}.segments[{i}].warning",
                f"提醒应早于 {segment.seconds} 秒的限时用完，请改小。",
            )


def _check_jury(round_, where):
    """One ballot is one grade of one entry: only such votes can be cast in the hall."""
    found = [item for item in round_.criteria if item.key == round_.event.jury]
    if not found:
        yield where, f"本环节没有「{round_.event.jury}」这个评分项，请填本环节评分项的键，或去掉。"
    elif not isinstance(found[0].rule, GradeVotes | ShareBands):
        yield (
            where,
            f"「{found[0].title}」不是按等次投票计分的；大众评委的评分项须用民主测评或得票率分档。",
        )
    elif getattr(found[0].rule, "groups", ()):
        yield where, f"「{found[0].title}」分组投票，不能由大众评委投；请去掉投票人分组。"


def _check_overtime(known, round_, event, where):
    """What a deduction for overtime leaves open or contradicts, of all that could be read."""
    if where in known.broken:
        return
    found = [*_check_segments(known, event, where), *_check_points(known, round_, event, where)]
    yield from ((place, words) for place, words in found if known.fine(place))


def _check_segments(known, event, where):
    """The parts that count are parts of the turn, each told from the others by its name."""
    counted, titles = event.overtime.segments, [part.title for part in event.segments]
    if not known.fine(where.replace(".overtime", ".segments")):
        return
    place = f"{where}.segments"
    if not titles:
        yield place, "没有登台时段就没有限时，不能扣超时分，请先写明登台时段（segments）。"
    for i, title in enumerate(counted):
        if titles and title not in titles:
            yield place, f"登台时段里没有「{title}」，应为：{'、'.join(titles)}。"
        elif titles.count(title) > 1:
            yield place, f"有几个登台时段都叫「{title}」，请改成不同的名称。"
        elif title in counted[:i]:
            yield place, f"「{title}」重复，请去掉一个。"


def _check_points(known, round_, event, where):
    """How much is taken, how often, and how far down."""
    rule = event.overtime
    if rule.points <= 0:
        yield f"{where}.points", "一次扣的分须大于 0；不扣分的，请去掉超时扣分。"
    if not known.fine(f"{where}.how"):
        pass
    elif rule.how == "each":
        if rule.every is None:
            yield f"{where}.every", "须写明每超几秒扣一次，请补充。"
        if rule.cap is None:
            yield f"{where}.cap", "须写明最多扣几分，请补充；不设上限的填环节满分。"
        elif rule.cap < rule.points:
            yield f"{where}.cap", f"最多扣的分不能少于一次扣的 {plain(rule.points)} 分。"
    else:
        for name, words in (("every", "每超几秒扣一次"), ("cap", "最多扣几分")):
            if getattr(rule, name) is not None:
                yield f"{where}.{name}", f"只扣一次的不用写{words}，请去掉。"
    if not rule.below and has_minimum(round_):
        yield f"{where}.below", "须写明扣分后低于环节最低分的怎么办：只扣到最低分，还是照扣。"
    for name, words in (("points", "一次扣的分"), ("cap", "最多扣的分")):
        value = getattr(rule, name)
        if value is None or round_.decimals is None:
            continue
        if len(plain(value).partition(".")[2]) > round_.decimals:
            yield (
                f"{where}.{name}",
                f"环节得分保留 {round_.decimals} 位小数，{words}不能有更多位小数。",
            )


def has_minimum(round_) -> bool:
    """This function will say whether a round's points are held at a lowest value."""
    return not round_.below_zero or round_.floor is not None


def is_standardised(round_) -> bool:
    """This function will say whether a score of the round depends on the marks of others."""
    return round_.panel is not None and any(part.standard != "none" for part in round_.panel.parts)
