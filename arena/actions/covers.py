"""The hall's large screen black, or with the emblem: for slides between two turns."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from arena.actions.events import lock_event
from arena.models import Cover
from arena.queries.screens import find_cover
from arena.telling import tell_covered


@transaction.atomic
def cover_screen(*, event, kind, shown, now: datetime) -> str:
    """This function will let the large screen show `kind` (Cover.Kind) instead of the stage, or the
    stage again when it is empty, and return it.

    `shown` is what the operator saw: whoever comes second with another wish is refused. The stage,
    the record and the other audiences are not touched. Raises ValidationError.
    """
    event = lock_event(event)
    if event.called_off:
        raise ValidationError("这个现场已经取消，请刷新页面。")
    if kind and kind not in Cover.Kind.values:
        raise ValidationError("大屏没有这种画面，请刷新页面。")
    current = find_cover(event)
    if kind == current:
        return kind
    if shown != current:
        raise ValidationError(
            "大屏已由别人切换，您的这一步没有执行；请看清现在的画面再操作。", code="stale"
        )
    if kind:
        Cover.objects.update_or_create(event=event, defaults={"kind": kind})
    else:
        Cover.objects.filter(event=event).delete()
    tell_covered(event, now=now)
    return kind
