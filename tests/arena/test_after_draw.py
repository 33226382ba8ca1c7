"""Who comes on the list after the draw, and marks that are decided upon after their turn."""

import asyncio
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import Error

from arena.actions.draw import append_turns, draw_order
from arena.feed import hub as hubs
from arena.models import Event, FeedItem
from record.models import Revision
from scoring.actions.late_sheets import propose_late, verify_late
from scoring.models import LateSheet, Sheet
from tests import factories
from tests.apart import run_apart
from tests.arena.live_case import SEED, exclude
from tests.arena.markup import attributes, find_all, read_markup, sent_by
from tests.arena.test_stage_replay import told
from tests.scoring.stage import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def newcomer(live):
    unit = factories.UnitFactory(name="城关镇", official_order=9)
    return factories.EntryFactory(
        competition=live.hall.competition, unit=unit, key="e09", official_order=9
    )


def append(live, event=None):
    event = event or live.fresh()
    return append_turns(event=event, step=event.step, op=uuid.uuid4(), by=live.operator, now=NOW)


def test_newcomer_is_named_on_the_console_and_put_last(client, live, newcomer, clerk):
    client.force_login(clerk)
    here = f"/work/{live.hall.competition.slug}/arena/arena/"
    page = client.get(here).content.decode()
    assert "城关镇没有登台顺序" in page and "去重新抽签" not in page
    forms = find_all(read_markup(page), "form")
    form = next(one for one in forms if attributes(one).get("action") == f"{here}append/")
    data = sent_by(form, "")
    assert "已补入登台顺序" in client.post(f"{here}append/", data, follow=True).content.decode()
    assert live.order()[-1] == "e09" and len(live.order()) == 4
    client.post(f"{here}append/", data)
    assert len(live.order()) == 4
    said = Revision.objects.filter(kind="arena.appended").get()
    assert said.facts["entries"] == ["e09"]
    assert "没有登台顺序" not in client.get(here).content.decode()


def test_nobody_is_put_last_while_slips_may_be_drawn_again(live, newcomer):
    Event.objects.update(method="slips")
    with pytest.raises(ValidationError, match="请重新抽签"):
        append(live)
    Event.objects.update(method="seed")
    stale = live.fresh()
    live.move("begin")
    with pytest.raises(ValidationError, match="已由别人推进"):
        append(live, stale)
    append(live)
    assert told(live) == []
    with pytest.raises(ValidationError, match="没有需要补入的单位"):
        append(live)


def test_seed_draws_only_whom_the_announcement_named(client, live, newcomer, clerk):
    first, second, third = live.order()
    live.hall.competition.entries.filter(key=second).update(withdrawn=True)
    again = {"seed": SEED, "reason": "名单有变", "by": live.operator, "now": NOW}
    draw_order(event=live.fresh(), step=1, op=uuid.uuid4(), **again)
    assert live.order() == [first, third, "e09"]
    client.force_login(clerk)
    here = f"/work/{live.hall.competition.slug}/arena/arena/"
    page = client.get(f"{here}draw/print/").content.decode()
    assert "抽签公告以后加入的：城关镇" in page and "抽签公告以后退出的" in page
    assert f"|{first}" in page and "|e09" not in page
    Event.objects.update(drawn_at=None, drawn_by=None)
    notice = client.get(f"{here}draw/print/").content.decode()
    listed = [key for key in (first, second, third, "e09") if f">{key}</code>" in notice]
    assert listed == [first, second, third]


def test_who_comes_back_after_the_draw_has_no_lot_in_what_is_printed(client, live, clerk):
    # The smallest digest: the announcement named him, but the draw was made without him.
    first, second, third = live.order()
    listed = live.hall.competition.entries.filter(key=first)
    listed.update(withdrawn=True)
    again = {"seed": SEED, "reason": "名单有变", "by": live.operator, "now": NOW}
    draw_order(event=live.fresh(), step=1, op=uuid.uuid4(), **again)
    listed.update(withdrawn=False)
    append(live)
    assert live.order() == [second, third, first]
    client.force_login(clerk)
    page = client.get(f"/work/{live.hall.competition.slug}/arena/arena/draw/print/")
    assert list(page.context["lots"]) == [second, third]
    assert f"'{first}'" not in page.context["powershell"]
    back = f"抽签以后补入、排在最后的：{listed.get().heading}。不参加计算。"
    assert back in page.content.decode() and "不参加计算，排在最后" in page.content.decode()


def test_consoles_are_told_when_late_marks_are_admitted(live, organiser, colleague):
    live.move("begin", "open_marking")
    live.hand_in(0)
    live.hand_in(1)
    exclude(live, "j03", [organiser, colleague])
    live.move("close")
    live.hand_in(2)
    live.hall.competition.rulings.all().delete()
    decision = propose_late(
        late=LateSheet.objects.get(),
        admit=True,
        reason="网络中断",
        decided_by="评委会",
        op=uuid.uuid4(),
        by=organiser.person,
        now=NOW,
    )
    changed = FeedItem.objects.filter(channel__endswith="/console", kind="changed")
    assert not changed.exists()
    verify_late(late_decision=decision, op=uuid.uuid4(), by=colleague.person, now=NOW)
    assert changed.count() == 1
    assert Sheet.objects.filter(judge=live.hall.judges[2]).count() == 2


def test_looks_do_not_pile_up_while_the_database_is_away(monkeypatch):
    asked = []

    def away(names):
        asked.append(list(names))
        if len(asked) < 3:
            raise Error("away")
        return {}

    monkeypatch.setattr(hubs, "last_numbers", away)
    monkeypatch.setattr(hubs, "PAUSE", 0)

    async def run():
        hub = hubs.Hub(None)
        hub.loop = asyncio.get_running_loop()
        hub.channels["c"] = hubs.Channel("c", 0)
        for _ in range(50):
            hub.check()
            assert len(hub.tasks) == 1
        while hub.tasks:
            await asyncio.gather(*hub.tasks)
            await asyncio.sleep(0)
        hub.pool.shutdown()

    run_apart(run)
    # Two that failed, and one answer for all who asked.
    assert asked == [["c"]] * 3
