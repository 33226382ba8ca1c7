"""What still waits for somebody although a tabulation can be made, or a result published."""

from competitions.queries.year import find_earlier_todos, find_rules_todos, find_term_todos
from competitions.roadmap import Known
from competitions.todo import Todo
from scoring import doors
from scoring.queries.evidence_steps import find_held_todos, find_record_todos
from scoring.queries.sheet_steps import find_late_todos, find_waiting_sheets


def find_waiting(competition, scheme, now, known=None):
    """This function will return a to-do for everything that would change the evidence or the rules
    once somebody settles it, and so make a tabulation of today outdated; and for every turn of a
    live event that the hall has not seen the end of."""
    known = known or Known()
    running = competition.stage == competition.Stage.RUNNING
    return [
        *(find_rules_todos(competition) if running else []),
        *(find_waiting_sheets(competition, known) if running else []),
        *find_late_todos(competition, scheme, now, known),
        *find_record_todos(competition, scheme, now, known),
        *find_held_todos(competition, scheme),
        *find_term_todos(competition),
        *find_earlier_todos(competition, scheme),
        *(_name_turn(turn) for turn in (doors.find_open_turns(competition) if running else [])),
    ]


def _name_turn(turn):
    seen = "打分已经关闭，还没有亮分，亮分以前只能公布给领导小组"
    what = "正在打分，关闭打分以后才能统分" if turn.is_marked else seen
    return Todo(kind="missing", title=f"「{turn.name}」{what}", who="现场控制台", url=turn.url)
