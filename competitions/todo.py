"""The plain shapes that every app hands to the road map and the to-do list."""

from dataclasses import dataclass
from datetime import datetime


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

    `state` is `done`, `current`, `todo`, `late` or `locked`.
    """

    key: str
    title: str
    url: str
    state: str
    note: str = ""
