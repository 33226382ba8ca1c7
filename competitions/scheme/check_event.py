"""What must hold of a round that is held live on the stage."""

from __future__ import annotations

from collections.abc import Iterator

from competitions.scheme.rule_types import GradeVotes, ShareBands


def check_event(known, round_, place) -> Iterator[tuple[str, str]]:
    """This function will yield `(place, message)` for what is wrong with a round's live event."""
    event, where = round_.event, f"{place}.event"
    if event is None or not known.fine(where):
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


def is_standardised(round_) -> bool:
    """This function will say whether a score of the round depends on the marks of others."""
    return round_.panel is not None and any(part.standard != "none" for part in round_.panel.parts)
