"""The year's road map: each app says its steps and what is still to be done in them.

An app that stands higher than this one registers its providers when it starts, so that the frame of
every work page can show the whole year without this app importing upwards.
"""

from dataclasses import replace

from competitions.todo import reminder

# The parts of the year, each with the position at which it begins.
PHASES = ((0, "筹备"), (50, "评分"), (80, "结果"))

_step_providers: list = []
_todo_providers: list = []


class Known:
    """What has been looked up for one page: several providers ask for the same rows.

    It is made for a page and handed on to whoever helps to make it, and lives no longer: what an
    action changes meanwhile is not seen in it.
    """

    def __init__(self):
        self._found = {}

    def once(self, load, *args):
        """This function will return load(*args), asked only the first time for these objects."""
        key = (load, *map(id, args))
        if key not in self._found:
            # The arguments are kept, so that no other object gets their ids.
            self._found[key] = (load(*args), args)
        return self._found[key][0]


def register(*, steps=None, todos=None):
    """This function will add providers: steps(competition, scheme, known) -> [(position, Step)],
    todos(competition, scheme, now, known) -> [Todo]. Positions order the steps across apps and
    put them into PHASES; what two providers need they look up by `known` (a Known)."""
    if steps is not None and steps not in _step_providers:
        _step_providers.append(steps)
    if todos is not None and todos not in _todo_providers:
        _todo_providers.append(todos)


def find_steps(competition, scheme, known=None):
    """This function will return all steps of the year in order."""
    known = known or Known()
    found = [item for provider in _step_providers for item in provider(competition, scheme, known)]
    return [
        replace(step, phase=_phase_of(position))
        for position, step in sorted(found, key=lambda item: item[0])
    ]


def _phase_of(position):
    return [title for start, title in PHASES if start <= position][-1]


def find_todos(competition, scheme, now, known=None):
    """This function will return what is missing, late or waiting: late first, then by due time;
    otherwise as the providers gave it, which is along the road and in the official order."""
    known = known or Known()
    found = [
        _with_reminder(competition, todo)
        for provider in _todo_providers
        for todo in provider(competition, scheme, now, known)
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
