"""The kinds of revision. Each app names its own; an unknown kind is never appended."""

from record.chain.digests import KIND

_titles: dict[str, str] = {}


def register(kind: str, title_zh: str) -> str:
    """This function will make a kind such as `mark.entered` known, with its Chinese title.

    It returns the kind, so that a module may write `MARK = register("mark.entered", "打分")`.
    A second registration under another title raises ValueError.
    """
    if not KIND.fullmatch(kind) or len(kind) > 64:
        raise ValueError(f"记录类别「{kind}」应写成 app.event 的样子。")
    if not title_zh:
        raise ValueError(f"记录类别「{kind}」没有中文名称。")
    if _titles.setdefault(kind, title_zh) != title_zh:
        raise ValueError(f"记录类别「{kind}」已登记为「{_titles[kind]}」。")
    return kind


def is_known(kind: str) -> bool:
    """This function will say whether a kind has been registered."""
    return kind in _titles


def title(kind: str) -> str:
    """This function will return a kind's Chinese title; an unknown kind is shown as it is."""
    return _titles.get(kind, kind)


def choices() -> list[tuple[str, str]]:
    """This function will return (kind, title) pairs in the order of the kinds, for a filter."""
    return sorted(_titles.items())
