"""What every action on a live event does first and last: lock, refuse, advance."""

from django.core.exceptions import ValidationError

from arena.actions.door import name_stage
from arena.models import Event
from competitions.actions import basis
from record.actions import OperationReused
from record.prepared import Prepared
from record.private import reveal
from record.turns import take_turn

LOCKED = Prepared(
    lambda event: Event.objects.select_for_update(of=("self",), no_key=True).filter(id=event)
)


def lock_event(event):
    """This function will return the event locked, its open competition locked before it; no mark
    of its round is taken meanwhile."""
    competition = basis.lock_open(event.competition, rehearsed=True)
    take_turn(name_stage(competition, event.round_key))
    locked = LOCKED.first(event=event.id)
    if locked is None:
        raise Event.DoesNotExist
    locked.competition = competition
    return locked


def refuse_stale(event, step):
    """This function will raise ValidationError when another step was made since the page."""
    if event.called_off:
        raise ValidationError("这个现场已经取消，请刷新页面。")
    if event.step != step:
        raise ValidationError(
            "现场已由别人推进，您的这一步没有执行；请看清现在的状态再操作。", code="stale"
        )


def refuse_other(earlier, said):
    """This function will raise OperationReused when an operation comes again with other content."""
    facts = reveal(earlier.facts)
    if any(facts.get(name) != value for name, value in said.items()):
        raise OperationReused(earlier)


def advance(event, kind, body, *, op, by, now):
    """This function will count one more step of the event and append it in place of the revision
    on which the event stands."""
    event.step += 1
    body = {**body, "step": event.step}
    return basis.settle(event, event.competition, kind, body, by=by, now=now, op_id=op)
