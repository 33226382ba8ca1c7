"""The year's road map: each app says its steps and what is still to be done in them.

An app that stands higher than this one registers its providers when it starts, so that the frame of
every work page can show the whole year without this app importing upwards.
"""

from dataclasses import replace

from competitions.todo import reminder

_step_providers: list = []
_todo_providers: list = []


def register(*, steps=None, todos=None):
    """This function will add providers: steps(competition, scheme) -> [(position, Step)],
    todos(competition, scheme, now) -> [Todo]. Positions order the steps across apps."""
    if steps is not None and steps not in _step_providers:
        _step_providers.append(steps)
    if todos is not None and todos not in _todo_providers:
        _todo_providers.append(todos)


def find_steps(competition, scheme):
    """This function will return all steps of the year in order."""
    found = [item for provider in _step_providers for item in provider(competition, scheme)]
    return [step for _position, step in sorted(found, key=lambda item: item[0])]


def find_todos(competition, scheme, now):
    """This function will return what is missing, late or waiting: late first, then by due time;
    otherwise as the providers gave it, which is along the road and in the official order."""
    found = [
        _with_reminder(competition, todo)
        for provider in _todo_providers
        for todo in provider(competition, scheme, now)
    ]
    order = {"late": 0, "second_person": 1, "decide": 2, "missing": 3}
    return sorted(
        found,
        key=lambda todo: (order[todo.kind], todo.due_at is None, todo.due_at or now),
    )


def _with_reminder(competition, todo):
    """The to-do with a text to paste: its provider's own, else one made of who and what."""
    if todo.reminder:
        return todo
    words = reminder(competition, todo.who, f"办理“{todo.title}”", todo.due_at)
    return replace(todo, reminder=words)
