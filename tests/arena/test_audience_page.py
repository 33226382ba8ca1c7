"""The audience's page of an event without a jury: opened by staff, never ahead of the screen."""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from arena.actions.audience import close_page, open_page
from arena.actions.covers import cover_screen
from arena.actions.draw import call_off
from arena.models import AudiencePage, FeedItem
from competitions.models import Competition
from record.actions import AUDIT
from record.models import Revision
from tests import factories
from tests.arena.jury_case import let_audience_vote
from tests.scoring.stage import NOW

pytestmark = pytest.mark.django_db
SHUT = "请现场工作人员打开以后"


@pytest.fixture
def page(live):
    return f"/hall/{live.hall.competition.slug}/arena/"


@pytest.fixture
def feed(live):
    return f"/feed/{live.hall.competition.slug}/arena/phone/"


def work(live, part=""):
    return f"/work/{live.hall.competition.slug}/arena/arena/{part}"


def told():
    return FeedItem.objects.filter(channel__endswith="/phone").order_by("number")


def set_open(live, change=open_page):
    return change(event=live.fresh(), by=live.operator, now=NOW)


def cover(live, kind, shown=""):
    cover_screen(event=live.fresh(), kind=kind, shown=shown, now=NOW)


def test_page_that_is_not_open_says_so_and_nothing_else(client, live, page, feed):
    live.move("begin")
    name = live.event.turns.order_by("position").first().entry.unit.name
    answer = client.get(page)
    text = answer.content.decode()
    assert answer.status_code == 404 and SHUT in text and "no-store" in answer["Cache-Control"]
    assert name not in text and live.hall.competition.title not in text
    assert client.get(feed).status_code == client.get(f"{feed}?poll=1").status_code == 404
    elsewhere = client.get("/hall/no-such-year/arena/").content.decode()
    assert text.replace(page, "") == elsewhere.replace("/hall/no-such-year/arena/", "")
    assert not told().exists()


def test_phone_shows_what_the_large_screen_has_revealed_and_no_more(client, live, page, feed):
    live.move("begin")
    set_open(live)
    first = live.event.turns.order_by("position").first().entry.unit.name

    def seen():
        text = client.get(page).content.decode()
        stream = client.get(feed).content.decode() + client.get(f"{feed}?poll=1").content.decode()
        last = told().last().data["slots"]
        if "data-clock" not in last.get("stage", "data-clock"):
            assert last["stage"].strip() in text
        return text, stream

    text, _stream = seen()
    assert first in text and "data-clock" in text and "data-now" in text
    live.move("open_marking")
    live.hand_in(0)
    text, stream = seen()
    assert "评委已交 1 / 3" in text and "评委已交 1 / 3" in stream
    live.hand_in(1)
    live.hand_in(2)
    live.move("close")
    text, stream = seen()
    assert "打分结束" in text
    assert not any("92.50" in one or "1 号" in one for one in (text, stream))
    live.move("reveal")
    text, stream = seen()
    assert "92.50" in text and "目前排名" in text and "92.50" in stream
    assert "1 号" not in text and "stage-marks" not in text
    # What was told before is emptied: only the last picture can be read up.
    assert "打分结束" not in stream


def test_cover_covers_the_phones_and_marks_beneath_it_are_not_told(client, live, page, feed):
    live.move("begin", "open_marking")
    set_open(live)
    name = live.event.turns.order_by("position").first().entry.unit.name
    for kind, shown in (("black", ""), ("emblem", "black")):
        cover(live, kind, shown)
        for address in (page, feed, f"{feed}?poll=1"):
            assert name not in client.get(address).content.decode()
    before = told().count()
    live.hand_in(0)
    assert told().count() == before
    live.hand_in(1)
    live.hand_in(2)
    live.move("close", "reveal")
    for address in (page, feed, f"{feed}?poll=1"):
        assert "92.50" not in client.get(address).content.decode()
    cover(live, "", "emblem")
    assert "92.50" in client.get(page).content.decode()
    assert "92.50" in client.get(f"{feed}?poll=1").content.decode()


def test_page_closes_for_who_asks_and_for_who_follows(client, live, page, feed):
    live.move("begin")
    set_open(live)
    steps = live.fresh().step, Revision.objects.of_chain(live.hall.competition.chain).count()
    set_open(live)
    set_open(live, close_page)
    set_open(live, close_page)
    assert client.get(page).status_code == client.get(feed).status_code == 404
    *earlier, last = told()
    assert not any(item.data for item in earlier) and "观众页已经关闭" in str(last.data)
    live.move("pause")
    assert told().last() == last
    # Neither a step of the stage nor a fact of the year: who opened and closed stands in the audit.
    assert Revision.objects.of_chain(AUDIT).filter(kind__startswith="audience.").count() == 2
    opened = Revision.objects.of_chain(AUDIT).get(kind="audience.opened")
    assert opened.by == str(live.operator.id) and opened.facts["round"] == "arena"
    set_open(live)
    assert steps[0] + 1 == live.fresh().step
    chain = Revision.objects.of_chain(live.hall.competition.chain)
    assert steps[1] + 1 == chain.count()


def test_page_of_what_is_over_shows_nothing(client, live, page, feed):
    set_open(live)
    assert client.get(page).status_code == 200
    here = Competition.objects.filter(pk=live.hall.competition.pk)
    here.update(stage=Competition.Stage.CLOSED)
    assert client.get(page).status_code == client.get(feed).status_code == 404
    here.update(stage=Competition.Stage.RUNNING)
    event = live.fresh()
    call_off(
        event=event, step=event.step, reason="停电", op=uuid.uuid4(), by=live.operator, now=NOW
    )
    assert client.get(page).status_code == client.get(feed).status_code == 404
    with pytest.raises(ValidationError, match="现场已经取消"):
        set_open(live)


def test_where_the_audience_votes_nothing_is_opened(client, live, page, feed, organiser):
    let_audience_vote(live.hall.competition)
    with pytest.raises(ValidationError, match="随投票开放"):
        set_open(live)
    assert client.get(feed).status_code == 404 and "大众评委" in client.get(page).content.decode()
    client.force_login(organiser)
    assert "打开观众页" not in client.get(work(live)).content.decode()
    assert client.get(work(live, "poster/")).status_code == 404


def test_operator_opens_with_the_confirmed_sentence_and_prints_the_poster(
    client, live, page, clerk, auditor
):
    client.force_login(clerk)
    assert "我知道：打开以后" in client.get(work(live)).content.decode()
    refused = client.post(work(live, "audience/"), {"open": "1"}, follow=True).content.decode()
    assert "请先勾选确认的一句" in refused and not AudiencePage.objects.exists()
    poster = client.get(work(live, "poster/")).content.decode()
    assert 'class="qr"' in poster and f"http://testserver{page}" in poster
    assert "观众页还没有打开" in poster
    client.post(work(live, "audience/"), {"open": "1", "sure": "1"})
    assert AudiencePage.objects.count() == 1
    assert "观众页还没有打开" not in client.get(work(live, "poster/")).content.decode()
    client.force_login(auditor)
    assert "关闭观众页</button>" not in client.get(work(live)).content.decode()
    client.force_login(clerk)
    assert "关闭观众页</button>" in client.get(work(live)).content.decode()
    client.post(work(live, "audience/"), {})
    assert not AudiencePage.objects.exists()


def test_page_asks_as_much_of_the_database_for_two_turns_as_for_one(client, live, page):
    set_open(live)
    counts = []
    for key in live.order()[:2]:
        live.move("begin", "open_marking")
        live.everybody(key)
        live.move("close", "reveal")
        with CaptureQueriesContext(connection) as asked:
            assert "目前排名" in client.get(page).content.decode()
        counts.append(len(asked))
    assert counts[1] <= counts[0] <= 25, counts
    client.force_login(factories.UserFactory())
    assert client.get(page).status_code == 200
