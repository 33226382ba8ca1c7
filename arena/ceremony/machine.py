"""A ceremony as a state machine: how far its script is, and what may be shown of it.

    prepared → opening → (group → item → item …) … → standing … → ended

Every move is a function ceremony → ceremony, or it raises Refused with a full sentence. What a page
of the hall may show is `look`: it holds nothing that has not been revealed, and after a step back
nothing of what was taken back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from arena.ceremony.script import Group, Item

# So many rows of a standing, and so many earlier names of a group, fit the smallest screen.
ROWS = 14
EARLIER = 12


class State(StrEnum):
    """Where a ceremony stands."""

    PREPARED = "prepared"
    RUNNING = "running"
    ENDED = "ended"


COVERS = ("black", "emblem")


class Refused(Exception):
    """A move that the ceremony does not allow now; `str()` is a full sentence with the remedy."""


@dataclass(frozen=True)
class Ceremony:
    """The arranged groups, the state, the number of beats that have been from the opening on, what
    covers the screen while it is paused (empty: nothing), and whether the host sees one ahead."""

    groups: tuple[Group, ...]
    state: str = State.PREPARED
    position: int = 0
    cover: str = ""
    ahead: bool = False

    @property
    def last(self) -> int:
        """The position of the last beat; the opening is 0."""
        return sum(_length(group) for group in self.groups)


@dataclass(frozen=True)
class Look:
    """One picture: `face` is `title` (not begun), `opening`, `group`, `item`, `standing`, `ended`,
    `black` or `emblem`; of a group its title only, `earlier` what was revealed before in it, the
    latest first, of which the last `more` are left out; `rows` a page of a standing."""

    face: str
    group: Group | None = None
    count: int = 0
    item: Item | None = None
    earlier: tuple[Item, ...] = ()
    more: int = 0
    rows: tuple[Item, ...] = ()

    @property
    def entries(self) -> tuple[str, ...]:
        """The keys of all who are in the picture."""
        own = (self.item,) if self.item else ()
        return tuple(item.entry for item in (*own, *self.earlier, *self.rows) if item.entry)


# --- moves ---------------------------------------------------------------------------------------


def start(ceremony: Ceremony) -> Ceremony:
    """This function will begin the ceremony at its opening."""
    if ceremony.state != State.PREPARED:
        raise Refused("仪式已经开始，不需要再开始。")
    if not ceremony.groups:
        raise Refused("脚本里没有要颁发的内容，请先在“颁发顺序”里至少选一组。")
    return replace(ceremony, state=State.RUNNING, position=0)


def advance(ceremony: Ceremony) -> Ceremony:
    """This function will reveal what comes next."""
    _running(ceremony)
    if ceremony.cover:
        raise Refused("大屏正在暂停，请先按“继续”，再揭晓下一个。")
    if ceremony.position == ceremony.last:
        raise Refused("已经是最后一步，请结束仪式。")
    return replace(ceremony, position=ceremony.position + 1)


def back(ceremony: Ceremony) -> Ceremony:
    """This function will take back the last step: what it revealed is hidden again. From the
    opening it leads back to before the beginning, from the end to the last step."""
    if ceremony.state == State.ENDED:
        return replace(ceremony, state=State.RUNNING)
    _running(ceremony)
    if ceremony.position == 0:
        return replace(ceremony, state=State.PREPARED, cover="")
    return replace(ceremony, position=ceremony.position - 1)


def black(ceremony: Ceremony) -> Ceremony:
    """This function will pause the ceremony with a black screen."""
    return _cover(ceremony, "black")


def emblem(ceremony: Ceremony) -> Ceremony:
    """This function will pause the ceremony with the emblem on the screen."""
    return _cover(ceremony, "emblem")


def resume(ceremony: Ceremony) -> Ceremony:
    """This function will show again what was shown before the pause, or what it was rewound to."""
    _running(ceremony)
    if not ceremony.cover:
        raise Refused("大屏没有暂停，不需要继续。")
    return replace(ceremony, cover="")


def end(ceremony: Ceremony) -> Ceremony:
    """This function will end the ceremony, wherever it is: the screen shows nobody any more."""
    _running(ceremony)
    return replace(ceremony, state=State.ENDED, cover="")


def let_ahead(ceremony: Ceremony) -> Ceremony:
    """This function will let the host see whom the next step reveals."""
    return _ahead(ceremony, True)


def keep_back(ceremony: Ceremony) -> Ceremony:
    """This function will let the host see no more than the screen."""
    return _ahead(ceremony, False)


# --- what is shown -------------------------------------------------------------------------------


def look(ceremony: Ceremony) -> Look:
    """This function will return what the hall's screen may show now."""
    if ceremony.cover:
        return Look(ceremony.cover)
    return look_beneath(ceremony)


def look_beneath(ceremony: Ceremony) -> Look:
    """This function will return what the screen shows when nothing covers it."""
    if ceremony.state == State.PREPARED:
        return Look("title")
    if ceremony.state == State.ENDED:
        return Look("ended")
    return _look_at(ceremony, ceremony.position)


def look_ahead(ceremony: Ceremony) -> Look | None:
    """This function will return what the next step will show, None where there is none: for the
    operator's console, and the host who may see it."""
    if ceremony.state == State.ENDED or not ceremony.groups:
        return None
    if ceremony.state == State.PREPARED:
        return Look("opening")
    if ceremony.position == ceremony.last:
        return None
    return _look_at(ceremony, ceremony.position + 1)


def without_names(look: Look) -> Look:
    """This function will return a picture of which only the group's title and the place remain."""
    item = Item("", look.item.place, look.item.tied) if look.item else None
    return Look(look.face, look.group, look.count, item)


def count_done(ceremony: Ceremony) -> list[str]:
    """This function will say of every group whether it is `done`, the `current` one, or `waiting`,
    in their order."""
    if ceremony.state != State.RUNNING:
        return ["done" if ceremony.state == State.ENDED else "waiting"] * len(ceremony.groups)
    left, said = ceremony.position, []
    for group in ceremony.groups:
        length = _length(group)
        said.append("waiting" if left <= 0 else "current" if left <= length else "done")
        left -= length
    return said


def _look_at(ceremony, position):
    for group in ceremony.groups:
        length = _length(group)
        if 0 < position <= length:
            return _look_into(group, position)
        position -= length
    return Look("opening")


def _look_into(group, number):
    """The picture of a group's beat, from 1: its title, then one item after another; a standing has
    pages only. The group goes without its items: a picture holds nothing that it does not show."""
    title = replace(group, items=())
    if group.is_standing:
        rows = group.items[(number - 1) * ROWS : number * ROWS]
        return Look("standing", title, len(group.items), rows=rows)
    if number == 1:
        return Look("group", title, len(group.items))
    shown = tuple(reversed(group.items[: number - 1]))
    earlier = shown[1 : 1 + EARLIER]
    more = len(shown) - 1 - len(earlier)
    return Look("item", title, len(group.items), shown[0], earlier, more)


def _length(group):
    """How many beats a group takes."""
    if group.is_standing:
        return -(-len(group.items) // ROWS)
    return 1 + len(group.items)


def _running(ceremony):
    if ceremony.state == State.PREPARED:
        raise Refused("仪式还没有开始，请先按“开始仪式”。")
    if ceremony.state == State.ENDED:
        raise Refused("仪式已经结束；要接着进行，请按“退回一步”。")


def _cover(ceremony, kind):
    _running(ceremony)
    if ceremony.cover == kind:
        raise Refused("大屏已经是这个画面。")
    return replace(ceremony, cover=kind)


def _ahead(ceremony, ahead):
    if ceremony.ahead == ahead:
        raise Refused("主持人提示已经是这样，不需要再改。")
    return replace(ceremony, ahead=ahead)
