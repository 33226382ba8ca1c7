"""The audience's phone and the staff's pages of the audience jury, as the browser gets them."""

import re
import uuid

import pytest
from django.db.models import F
from django.test import Client

from arena.models import Ballot, FeedItem, JurySeat
from arena.queries.jury import keyed_digest
from arena.stage.seats import make_code
from competitions.actions.guesses import BREATH
from competitions.models import FailedSignins
from tests import factories
from tests.arena.jury_case import build_jury, cast, let_audience_vote
from tests.arena.live_case import build_case

HALL = "/hall/{}/arena/"


@pytest.fixture
def live(competition):
    case = build_case(competition)
    let_audience_vote(competition)
    return case


def address(live, page=""):
    return f"/work/{live.hall.competition.slug}/arena/arena/{page}"


def hall(live):
    return HALL.format(live.hall.competition.slug)


def print_codes(client, live, organiser, first=1, last=3):
    """The printed page, and (seat number, typed code) of each card."""
    client.force_login(organiser)
    said = {"op": str(uuid.uuid4()), "first": first, "last": last}
    page = client.post(address(live, "jury/issue/"), said)
    client.logout()
    return page, [(card["seat"].number, card["code"]) for card in page.context["cards"]]


def vote(client, live, choice="good", op=None, **more):
    said = {"op": op or uuid.uuid4().hex, "entry": live.order()[0], "choice": choice, **more}
    return client.post(hall(live), said, headers={"accept": "application/json"})


def test_seat_is_taken_by_a_button_and_votes_once(client, live, organiser):
    page, codes = print_codes(client, live, organiser)
    assert page.content.decode().count('class="qr"') == 3
    assert "no-store" in page["Cache-Control"]
    answer = client.post("/seat/", {"code": codes[0][1]})
    assert answer.status_code == 302 and answer["Location"] == hall(live)
    assert JurySeat.objects.get(number=1).device
    text = client.get(hall(live)).content.decode()
    assert "1 号席位" in text and re.search(r'id="ballot"[^>]* hidden', text)
    live.move("begin", "open_marking")
    live.everybody()
    assert not re.search(r'id="ballot"[^>]* hidden', client.get(hall(live)).content.decode())
    op = uuid.uuid4().hex
    first, again = vote(client, live, op=op), vote(client, live, op=op)
    assert first.status_code == 200 and first.json() == again.json()
    assert Ballot.objects.get().receipt in first.json()["words"]
    second = vote(client, live, "poor")
    assert (second.status_code, second.json()["state"]) == (409, "already")
    assert "已投票" in client.get(hall(live)).content.decode()
    assert Ballot.objects.get().choice == "good"


def test_scanned_address_alone_takes_nothing(client, live, organiser):
    print_codes(client, live, organiser, last=1)
    seat = JurySeat.objects.get()
    # The secret stands in the picture only.
    JurySeat.objects.update(digest=keyed_digest("abcdefghjkmnpqrs"))
    scanned = "/seat/abcdefghjkmnpqrs/"
    assert "用这部手机投票" in client.get(scanned).content.decode()
    seat.refresh_from_db()
    assert seat.device == ""
    assert client.post(scanned)["Location"] == hall(live)
    cookie = client.cookies["hallseat"]
    assert cookie["httponly"] and cookie.value not in str(JurySeat.objects.values())
    assert client.get(scanned)["Location"] == hall(live)
    client.cookies.clear()
    refused = client.post(scanned)
    assert refused.status_code == 409 and "另一部手机" in refused.content.decode()


def test_guessing_of_codes_is_slowed_down(client, live, organiser):
    _page, codes = print_codes(client, live, organiser)
    assert "有一位不对" in client.post("/seat/", {"code": "1234567890"}).content.decode()
    assert not FailedSignins.objects.exists()
    assert client.get("/seat/nothing/").status_code == 404
    assert client.post("/seat/", {"code": make_code(7)}).status_code == 200
    assert FailedSignins.objects.count() == 2
    FailedSignins.objects.update(count=60)
    typed = {"code": codes[0][1]}
    assert "请等几秒再试，或扫座位上的二维码" in client.post("/seat/", typed).content.decode()
    assert not JurySeat.objects.exclude(device="").exists()
    # Whoever types waits for seconds only.
    FailedSignins.objects.update(last_at=F("last_at") - BREATH)
    assert client.post("/seat/", typed)["Location"] == hall(live)


def test_ballot_needs_a_seat_a_token_and_few_bytes(client, live, organiser):
    live.move("begin", "open_marking")
    answer = vote(client, live)
    assert answer.status_code == 403 and "扫座位上的二维码" in answer.json()["words"]
    assert vote(client, live, more="x" * 5000).status_code == 413
    assert Client(enforce_csrf_checks=True).post(hall(live), {}).status_code == 403
    assert not Ballot.objects.exists()


def test_nothing_is_counted_aloud_before_the_closing(client, competition, organiser):
    live, seats = build_jury(competition)
    live.move("begin", "open_marking")
    live.everybody()
    cast(live, seats[0])
    cast(live, seats[1], "poor")
    client.force_login(organiser)
    for page in ("", "tally/", "jury/?part=1", "screen/"):
        assert "一般" not in client.get(address(live, page)).content.decode()
    assert "已投 <strong" in client.get(address(live)).content.decode()
    live.move("close")
    tallied = client.get(address(live, "tally/")).content.decode()
    assert "一般 <strong>1</strong> 票" in tallied and "其中大众评委 5.00 分" in tallied
    assert "已投 2 席" in client.get(address(live, "tally/print/")).content.decode()
    told = [str(item.data) for item in FeedItem.objects.filter(channel__endswith="/hall")]
    assert told and not any("一般" in text for text in told)
    client.logout()
    client.cookies["hallseat"] = "phone-3"
    late = vote(client, live, "poor")
    assert (late.status_code, late.json()["state"]) == (409, "late")
    assert "迟到" in late.json()["words"] and "迟到" in client.get(hall(live)).content.decode()
    live.move("reveal")
    score = str(FeedItem.objects.filter(channel__endswith="/screen").last().data)
    # Without it nobody in the hall could follow from the judges' marks to the score.
    assert "stage-score" in score and "大众评委 5.00 分（满分 10 分）" in score
    assert "stage-score" not in client.get(hall(live)).content.decode()


def test_hall_is_open_to_everybody_only_where_the_rules_have_a_jury(client, competition):
    live = build_case(competition)
    feed = f"/feed/{competition.slug}/arena/hall/?poll=1"
    assert {client.get(page).status_code for page in (hall(live), feed)} == {404}
    live.move("begin")
    assert not FeedItem.objects.filter(channel__endswith="/hall").exists()
    client.force_login(factories.UserFactory())
    assert client.get(address(live, "jury/")).status_code in (403, 404)
    client.logout()
    let_audience_vote(competition)
    assert client.get(hall(live)).status_code == 200
    live.move("pause")
    (item,) = client.get(feed).json()
    assert 'data-face="speaking"' in item["data"]["slots"]["stage"]
