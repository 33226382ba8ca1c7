"""The plain shapes that every app hands to the road map and the to-do list."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone


@dataclass(frozen=True)
class Todo:
    """One thing to do (待办): who owes what, until when, and a reminder ready to paste.

    `kind` is `missing`, `late`, `second_person` or `decide`; `url` leads to where it is done.
    """

    kind: str
    title: str
    who: str
    url: str
    due_at: datetime | None = None
    reminder: str = ""


@dataclass(frozen=True)
class Step:
    """One step of the year's road map, which is also the navigation.

    `state` is `done`, `current`, `todo`, `late` or `locked`; `phase` is the part of the
    year, which the road map writes beside its steps.
    """

    key: str
    title: str
    url: str
    state: str
    note: str = ""
    phase: str = ""


def reminder(competition, who, what, until=None):
    """This function will return a text to paste into a work group: who, what, until when.

    「【临河区擂台比武】请狼山镇于10月31日18:00前补报……。」 `who` may be empty.
    """
    due = ""
    if until is not None:
        local = timezone.localtime(until)
        due = f"于{local.month}月{local.day}日{local:%H:%M}前"
    return f"【{competition.title}】请{who}{due}{what}。"
