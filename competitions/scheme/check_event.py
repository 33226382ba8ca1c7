"""What must hold of a round that is held live on the stage."""

from __future__ import annotations

from collections.abc import Iterator


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
    for i, segment in enumerate(event.segments):
        if segment.warning >= segment.seconds:
            yield (
                f"{where}.segments[{i}].warning",
                f"提醒应早于 {segment.seconds} 秒的限时用完，请改小。",
            )


def is_standardised(round_) -> bool:
    """This function will say whether a score of the round depends on the marks of others."""
    return round_.panel is not None and any(part.standard != "none" for part in round_.panel.parts)
