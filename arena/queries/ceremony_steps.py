"""The ceremony on the year's road map, and one whose script is out of date."""

from django.urls import reverse

from arena.models import Ceremony
from arena.queries.ceremony import find_ceremony, find_fault, load_show
from competitions.roadmap import Known
from competitions.todo import Step, Todo
from record.prepared import Prepared
from scoring.queries.tabulations import find_latest_tabulation

# After the awards (85), before the publication (90).
POSITION = 86
HELD = Prepared(
    lambda competition: (
        Ceremony.objects.filter(competition=competition)
        .exclude(state=Ceremony.State.REPLACED)
        .order_by("id")
        .values_list("state")[:1]
    )
)
SAID = {
    Ceremony.State.PREPARED: ("current", "脚本已制作，待开始"),
    Ceremony.State.RUNNING: ("current", "正在进行"),
    Ceremony.State.ENDED: ("done", "已举行"),
}


def find_ceremony_steps(competition, scheme, known=None):
    """This function will return the ceremony's step once a tabulation is complete; in the archive
    only where one was held. One query then, none before."""
    latest = (known or Known()).once(find_latest_tabulation, competition)
    if latest is None or not latest.complete:
        return []
    state, *_ = HELD.first(competition=competition.pk) or (None,)
    if state is None and competition.stage == competition.Stage.CLOSED:
        return []
    said = SAID[state] if state else ("todo", "")
    url = reverse("work_ceremony", args=[competition.slug])
    return [(POSITION, Step("ceremony", "颁奖仪式", url, *said))]


def find_ceremony_todos(competition, scheme, now, known=None):
    """This function will ask to make a ceremony anew that cannot go on as it was made."""
    if competition.stage != competition.Stage.RUNNING:
        return []
    ceremony = find_ceremony(competition)
    if ceremony is None or ceremony.state == Ceremony.State.ENDED:
        return []
    fault = find_fault(load_show(ceremony), deep=False)
    if not fault:
        return []
    url = reverse("work_ceremony", args=[competition.slug])
    return [Todo(kind="late", title=f"颁奖仪式不能继续：{fault}", who="组织部", url=url)]
