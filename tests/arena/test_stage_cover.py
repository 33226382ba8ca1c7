"""The large screen black, or with the emblem: nothing else in its markup, and nobody else told."""

import uuid

import pytest
from django.core.exceptions import ValidationError

from arena.actions.covers import cover_screen
from arena.actions.draw import call_off
from arena.models import Cover, FeedItem
from record.models import Revision
from tests.arena.markup import attributes, find_all, read_markup, sent_by, text_of
from tests.scoring.stage import NOW

pytestmark = pytest.mark.django_db
HERE = "/work/{}/arena/arena/{}"


@pytest.fixture
def shown(client, live, organiser):
    """The stage's place on the large screen, as a page and as the last thing told to it."""
    client.force_login(organiser)

    def read():
        page = client.get(HERE.format(live.hall.competition.slug, "screen/")).content.decode()
        slot = FeedItem.objects.filter(channel__endswith="/screen").last().data["slots"]["stage"]
        assert slot in page
        return page, slot

    return read


def cover(live, kind, shown=""):
    return cover_screen(event=live.fresh(), kind=kind, shown=shown, now=NOW)


def test_black_screen_holds_nothing_whatever_happens_on_the_stage(live, shown):
    name = live.event.turns.first().entry.unit.name
    live.move("begin", "open_marking")
    cover(live, "black")
    live.everybody()
    live.move("close", "reveal")
    page, slot = shown()
    assert slot.strip() == '<div id="slot-stage" class="stage-slot stage-black"></div>'
    assert name not in page and "92.50" not in page and "1 号" not in page
    cover(live, "", "black")
    page, _slot = shown()
    assert name in page and "92.50" in page


def test_emblem_shows_the_title_and_nobody(live, shown):
    live.move("begin")
    cover(live, "emblem")
    page, slot = shown()
    place = read_markup(slot)
    assert text_of(find_all(place, "h1")[0]) == "擂台比武"
    assert text_of(find_all(place, "p")[0]) == live.hall.competition.title
    assert not any(turn.entry.unit.name in page for turn in live.event.turns.all())
    assert "data-clock" not in page


def test_large_screen_and_consoles_are_told_and_the_stage_stays(live):
    before = live.fresh().step, Revision.objects.count(), FeedItem.objects.count()
    cover(live, "black")
    cover(live, "emblem", "black")
    assert (live.fresh().step, Revision.objects.count()) == before[:2]
    told = FeedItem.objects.order_by("id")[before[2] :]
    assert [(item.channel.rsplit("/", 1)[-1], item.kind) for item in told] == [
        ("console", "covered"),
        ("screen", "covered"),
    ] * 2


def test_of_two_operators_with_different_wishes_the_second_is_told(live):
    cover(live, "black")
    before = FeedItem.objects.count()
    assert cover(live, "black") == "black"  # the same wish: nothing to say
    with pytest.raises(ValidationError, match="大屏已由别人切换"):
        cover(live, "emblem")
    assert Cover.objects.get().kind == "black" and FeedItem.objects.count() == before


def test_cover_that_there_is_not_or_of_no_event_is_refused(live):
    with pytest.raises(ValidationError, match="没有这种画面"):
        cover(live, "slides")
    stopped = live.fresh()
    call_off(
        event=stopped, step=stopped.step, reason="停电", op=uuid.uuid4(), by=live.operator, now=NOW
    )
    with pytest.raises(ValidationError, match="现场已经取消"):
        cover(live, "black")


def test_event_that_is_called_off_leaves_no_face_on_any_screen(live, shown):
    live.move("begin")
    name = live.event.turns.order_by("position").first().entry.unit.name
    event = live.fresh()
    call_off(
        event=event, step=event.step, reason="停电", op=uuid.uuid4(), by=live.operator, now=NOW
    )
    for audience in ("screen", "host", "timer"):
        told = FeedItem.objects.filter(channel__endswith=f"/{audience}").last()
        assert name not in told.data["slots"]["stage"]
    shown()


def test_operator_switches_from_the_console(client, live, clerk):
    client.force_login(clerk)
    here = HERE.format(live.hall.competition.slug, "")

    def buttons(page):
        form = next(
            form
            for form in find_all(read_markup(page), "form")
            if attributes(form).get("action") == f"{here}cover/"
        )
        return form, {text_of(button): attributes(button) for button in find_all(form, "button")}

    form, found = buttons(client.get(here).content.decode())
    keys = {words: said["data-code"] for words, said in found.items()}
    assert list(found) == ["黑屏B", "会标E", "现场画面Esc"]
    assert list(keys.values()) == ["KeyB", "KeyE", "Escape"]
    stale = sent_by(form, "")
    answer = client.post(f"{here}cover/", {**stale, "kind": "black"}, follow=True)
    _form, found = buttons(answer.content.decode())
    assert [words for words, said in found.items() if said["aria-pressed"] == "true"] == ["黑屏B"]
    answer = client.post(f"{here}cover/", {**stale, "kind": "emblem"}, follow=True)
    assert "大屏已由别人切换" in answer.content.decode()
    answer = client.post(f"{here}cover/", {"kind": "other"}, follow=True)
    assert "页面内容不完整" in answer.content.decode()


def test_auditor_sees_no_switch(client, live, auditor):
    client.force_login(auditor)
    assert (
        "data-code" not in client.get(HERE.format(live.hall.competition.slug, "")).content.decode()
    )
