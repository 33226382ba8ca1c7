"""The judge's phone during a live event: it follows the stage, and knows nothing of any score."""

from datetime import timedelta

import pytest

from arena.models import Event, FeedItem, Turn
from competitions.models import RoundPlan
from tests.arena.markup import attributes, find_all, read_markup, text_of
from tests.scoring.stage import NOW

pytestmark = pytest.mark.django_db
CLOSED_WORDS = "的打分已经关闭。现在提交算迟到"
EARLY_WORDS = "的打分还没有开放。可以先填"


@pytest.fixture
def phone(client, live):
    client.force_login(live.hall.judges[0].user)

    def read(key=""):
        where = f"/judge/{live.hall.competition.slug}/arena/" + (f"{key}/" if key else "")
        answer = client.get(where)
        assert answer.status_code == 200
        return read_markup(answer.content.decode())

    return read


def rows_of(page):
    return [row for row in find_all(page, "li") if "data-stage-key" in attributes(row)]


def links_of(page):
    links = (attributes(link) for link in find_all(page, "a"))
    return [link["href"] for link in links if "data-stage-link" in link]


def hidden_by_words(page):
    return {
        words: "hidden" in attributes(note)
        for note in find_all(page, "p")
        for words in (EARLY_WORDS, CLOSED_WORDS)
        if words in text_of(note)
    }


def test_list_has_the_order_of_the_stage_and_says_who_is_marked(live, phone):
    first, second, third = live.order()
    live.move("begin", "open_marking")
    rows = rows_of(phone())
    assert [attributes(row)["data-stage-key"] for row in rows] == [first, second, third]
    assert ["pad-open" in attributes(row).get("class", "") for row in rows] == [True, False, False]
    assert "打分中" in text_of(rows[0]) and "候场" in text_of(rows[1])
    assert [link.split("/")[-2] for link in links_of(phone())] == [first]


def test_stage_says_when_marking_opens_and_closes_and_not_the_schedule(client, live, phone):
    due = {"round_key": "arena", "due_at": NOW - timedelta(days=1)}
    RoundPlan.objects.create(competition=live.hall.competition, **due)
    first, words = live.order()[0], "打分由现场开放、关闭"
    pages = [phone(), phone(first), read_markup(client.get("/judge/").content.decode())]
    assert all(words in text_of(page) and "截止" not in text_of(page) for page in pages)
    Event.objects.update(called_off=True)
    pages = [phone(), phone(first), read_markup(client.get("/judge/").content.decode())]
    assert all(words not in text_of(page) and "截止" in text_of(page) for page in pages)


def test_page_of_another_entrant_says_before_marking_that_it_is_not_open(live, phone):
    first, second, _third = live.order()
    live.move("begin", "open_marking")
    assert hidden_by_words(phone(first)) == {EARLY_WORDS: True, CLOSED_WORDS: True}
    assert hidden_by_words(phone(second)) == {EARLY_WORDS: False, CLOSED_WORDS: True}
    assert "出场序号 2，共 3 个" in text_of(phone(second))


def test_list_says_that_a_turn_is_over_and_not_whether_it_was_revealed(live, phone):
    first, second, _third = live.order()
    live.move("begin", "open_marking")
    live.everybody()
    live.move("close", "reveal")
    page = phone(second)
    assert links_of(page) == [] and "下一个登台" in text_of(page)
    closed = next(row for row in rows_of(phone()) if attributes(row)["data-stage-key"] == first)
    # Whether its score has been shown is not for the pad to say.
    assert "打分已关闭" in text_of(closed) and "亮分" not in text_of(closed)


def test_receipt_leads_to_whoever_is_marked_next_on_stage(live, phone):
    first, second, _third = live.order()
    live.move("begin", "open_marking")
    live.everybody()
    assert links_of(phone(first)) == [f"/judge/{live.hall.competition.slug}/arena/{first}/"]
    live.move("close", "reveal", "begin", "open_marking")
    page = phone(first)
    assert "由服务器收到" in text_of(page)
    assert [link.split("/")[-2] for link in links_of(page)] == [second]
    assert not [a for a in find_all(page, "a") if text_of(a).startswith("下一个：")]


def test_judges_feed_tells_the_stage_and_no_score(live, phone):
    live.move("begin", "open_marking")
    live.everybody()
    live.move("close", "reveal")
    items = list(FeedItem.objects.filter(channel__endswith="/judge").order_by("number"))
    assert items and items[-1].data["closed"] == [live.order()[0]]
    assert all("分）" not in str(item.data) and "92" not in str(item.data) for item in items)


def test_feed_of_the_judges_is_closed_to_others(client, live, organiser):
    where = f"/feed/{live.hall.competition.slug}/arena/judge/?poll=1&after=0"
    client.force_login(live.hall.judges[0].user)
    assert client.get(where).status_code == 200
    client.force_login(organiser)
    assert client.get(where).status_code in (403, 404)


def test_page_of_a_turn_closed_without_this_judge_says_that_marks_would_be_late(live, phone):
    first = live.order()[0]
    live.move("begin", "open_marking")
    Turn.objects.filter(event=live.event, entry__key=first).update(state=Turn.State.CLOSED)
    assert hidden_by_words(phone(first)) == {EARLY_WORDS: True, CLOSED_WORDS: False}
