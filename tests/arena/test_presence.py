"""Who is in the hall: phones of judges that are heard, and a judge replaced in the last minute."""

import datetime
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from arena.actions.presence import note_presence
from arena.models import FeedItem, Presence
from competitions.models import Judge, Seat
from record.models import Revision
from tests.arena.markup import find_all, read_markup, text_of

pytestmark = pytest.mark.django_db


def test_beat_is_seen_by_the_operator_and_leaves_no_trace(client, live, work, clerk):
    phone, judge = Client(), live.hall.judges[0]
    phone.force_login(judge.user)
    before = Revision.objects.count()
    assert phone.post("/judge/beat/", '{"unsent": 2}', "application/json").status_code == 200
    for body in ("[]", "[" * 100_000):
        assert phone.post("/judge/beat/", body, "application/json").status_code == 400
    assert Revision.objects.count() == before
    client.force_login(clerk)
    lines = find_all(
        read_markup(client.get(f"{work}signin/?part=1&round=arena").content.decode()), "li"
    )
    texts = [text_of(line) for line in lines]
    assert "已连接" in texts[0] and "2 份" in texts[0] and "没有来过" in texts[1]
    Presence.objects.update(seen_at=timezone.now() - datetime.timedelta(minutes=5))
    part = client.get(f"{work}signin/?part=1&round=arena").content.decode()
    assert "未连接" in part and "断开前待上传" in part


def test_consoles_are_told_of_changes_and_not_of_every_beat(live):
    now, judge = timezone.now(), live.hall.judges[0]
    told = FeedItem.objects.filter(channel__endswith="/console", kind="judges")
    steps = [(0, 0, 1), (15, 0, 1), (30, 1, 2), (45, 1, 2), (200, 1, 3)]
    for seconds, unsent, expected in steps:
        moment = now + datetime.timedelta(seconds=seconds)
        note_presence(judge.id, unsent=unsent, now=moment)
        assert told.count() == expected
    assert all(item.data == {} for item in told)


# --- the replacement of a judge -----------------------------------------------------------------


def test_judge_who_does_not_come_is_replaced_by_one_form(client, live, work, organiser):
    seats_of_the_arena_only()
    client.force_login(organiser)
    here = f"{work}judges/j02/replace/"
    answer = client.post(here, {"op": uuid.uuid4(), "name": "替补评委"}, follow=True)
    said = [text_of(item) for item in find_all(read_markup(answer.content.decode()), "li")]
    assert any("4 号评委替补评委接替 2 号评委评委2" in text for text in said), said
    new = Judge.objects.get(person__name="替补评委")
    assert new.seats.count() == 2 and new.group_key == "arena"
    assert not live.hall.judges[1].seats.exists()
    live.move("begin", "open_marking")
    with pytest.raises(ValidationError, match="不在「擂台比武」的评委名单中"):
        live.hand_in(1)


def test_judge_who_has_marked_is_not_replaced(client, live, work, organiser):
    seats_of_the_arena_only()
    live.move("begin", "open_marking")
    live.hand_in(0)
    client.force_login(organiser)
    here = f"{work}judges/j01/replace/"
    assert "没有可以接替的评委席" in client.get(here).content.decode()
    refused = client.post(here, {"op": uuid.uuid4(), "name": "替补评委"})
    assert "请在「裁定」中办理评委不计" in refused.content.decode()
    assert live.hall.judges[0].seats.count() == 2


def seats_of_the_arena_only():
    """The judges' group marks no review: they have no seat there."""
    Seat.objects.filter(round_key__startswith="review").delete()
