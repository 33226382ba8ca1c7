"""The audience's page of an event without a jury: opened to everybody, and closed again."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from arena import kinds
from arena.actions.events import lock_event
from arena.jury_rules import criterion_of
from arena.models import AudiencePage
from arena.telling import tell_page
from record import actions as record


@transaction.atomic
def open_page(*, event, by, now: datetime) -> AudiencePage:
    """This function will let everybody follow on a phone what the large screen shows, and return
    the page; one that is open stays so, without a word more in the record. Raises ValidationError
    for an event that was called off or not drawn, and where the audience votes: there the page is
    open anyway.
    """
    event = lock_event(event)
    if event.called_off:
        raise ValidationError("这个现场已经取消，请刷新页面。")
    if event.drawn_at is None:
        raise ValidationError("还没有抽签，请先录入抽签结果，再打开观众页。")
    if criterion_of(event) is not None:
        raise ValidationError("本环节设大众评委，观众页随投票开放，不用另外打开。")
    page, is_new = AudiencePage.objects.get_or_create(event=event)
    if is_new:
        _record(event, kinds.PAGE_OPENED, by, now)
    return page


@transaction.atomic
def close_page(*, event, by, now: datetime) -> None:
    """This function will close the page again; nothing that was told to it can be read any more.
    Closing one that is closed does nothing."""
    event = lock_event(event)
    deleted, _rows = AudiencePage.objects.filter(event=event).delete()
    if deleted:
        _record(event, kinds.PAGE_CLOSED, by, now)


def _record(event, kind, by, now):
    """Who may look is no fact of the year: it stands with accounts and devices."""
    body = {"chain": event.competition.chain, "round": event.round_key}
    record.append(chain=record.AUDIT, kind=kind, body=body, by=str(by.id), now=now)
    tell_page(event, now=now)
