"""What the operator of a ceremony sees: the next step as one big button, and the groups."""

from dataclasses import dataclass

from arena.ceremony import machine
from arena.ceremony.machine import State
from competitions.models import Entry


@dataclass(frozen=True)
class Button:
    """One move on the console: its key, the words, and the key of the keyboard that presses it."""

    move: str
    title: str
    key: str = ""
    code: str = ""


@dataclass(frozen=True)
class GroupRow:
    """One group of the script: whether it is awarded, as which, how far it is, and the names from
    the first that is revealed to the last (empty unless asked for)."""

    group: object
    number: int
    included: bool
    state: str
    names: tuple = ()


def find_buttons(stage):
    """This function will return (the main Button or None, the others) of a machine.Ceremony."""
    ahead = (
        Button("keep_back", "主持人只看当前")
        if stage.ahead
        else Button("let_ahead", "让主持人提前看一步")
    )
    if stage.state == State.PREPARED:
        return (Button("start", "开始仪式") if stage.groups else None), [ahead]
    back = Button("back", "退回一步", "←", "ArrowLeft")
    if stage.state == State.ENDED:
        return None, [back]
    ending = Button("end", "结束仪式")
    if stage.cover:
        covers = [one for one in _COVERS if one.move != stage.cover]
        return Button("resume", "继续", "Esc", "Escape"), [back, *covers, ahead, ending]
    if stage.position == stage.last:
        return ending, [back, *_COVERS]
    return Button("advance", _name_next(stage), "→", "ArrowRight"), [back, *_COVERS, ahead, ending]


_COVERS = [
    Button("black", "暂停：黑屏", "B", "KeyB"),
    Button("emblem", "暂停：会标", "E", "KeyE"),
]


def lay_out_groups(show, competition, *, names=False):
    """This function will return a GroupRow for every group of the script: those that are awarded in
    their order, then those that are left out."""
    by_key = {group.key: group for group in show.script}
    awarded = {group.key: group for group in show.stage.groups}
    states = dict(zip(awarded, machine.count_done(show.stage), strict=True))
    known = {}
    if names:
        entries = Entry.objects.filter(competition=competition).with_subjects()
        known = {entry.key: entry.name for entry in entries}
    order = [key for key in show.ceremony.groups if key in by_key]
    order += [key for key in by_key if key not in order]
    return [
        GroupRow(
            group=awarded.get(key, by_key[key]),
            number=number,
            included=key in show.ceremony.groups,
            state=states.get(key, "left_out"),
            names=tuple(
                known.get(item.entry, item.entry)
                for item in (awarded.get(key, by_key[key]).items if names else ())
            ),
        )
        for number, key in enumerate(order, 1)
    ]


def _name_next(stage):
    following = machine.look_ahead(stage)
    if following.face == "item":
        place = following.item.place
        return f"揭晓第 {place} 名" if place else "揭晓下一个"
    return f"进入“{following.group.title}”"
