"""How much one address may ask of the pages of a hall: 500 phones yes, a flood no."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from competitions.machine import network_of
from config import limits, middleware
from config.limits import BURST, RATE, Pace, shuts_out


def test_hall_of_500_phones_that_ask_instead_of_listening_is_never_refused():
    pace = Pace(BURST, RATE)
    # All open the page, its stream and what follows, in one instant; then each asks every 2 s.
    assert all(pace.allows("hall", 0.0) for _ in range(3 * 500))
    asked = [second + phone / 250 for second in range(0, 120, 2) for phone in range(500)]
    assert all(pace.allows("hall", at) for at in asked)


def test_flood_is_told_to_wait_and_stops_nobody_else():
    pace = Pace(10, 5)
    assert [pace.allows("flood", 0.0) for _ in range(12)] == [True] * 10 + [False] * 2
    assert pace.allows("other", 0.0)
    assert [pace.allows("flood", 1.0) for _ in range(6)] == [True] * 5 + [False]


def test_addresses_by_the_thousand_fill_no_memory(monkeypatch):
    monkeypatch.setattr(limits, "MOST_ADDRESSES", 3)
    pace = Pace(1, 1)
    assert all(pace.allows(number, 0.0) for number in range(10)) and len(pace.left) <= 3


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("10.0.0.7", "10.0.0.7"),
        ("::ffff:10.0.0.7", "10.0.0.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", ""),
    ],
)
def test_network_counts_as_one_address(address, network):
    assert network_of(address) == network


def test_crowd_waits_and_ballots_cards_and_staff_do_not_wait_for_it(monkeypatch):
    monkeypatch.setattr(middleware, "BURST", 2)
    monkeypatch.setattr(middleware, "RATE", 0)
    ask = middleware.patient_halls(lambda request: HttpResponse("ok"))
    requests = RequestFactory()
    answers = [ask(requests.get("/hall/a/arena/")) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2]["Retry-After"] and "请等几秒" in answers[2].content.decode()
    assert "no-store" in answers[2]["Cache-Control"]
    assert ask(requests.get("/feed/a/arena/phone/?poll=1")).status_code == 429
    assert ask(requests.post("/hall/a/arena/")).status_code == 200
    assert ask(requests.get("/card/abc/")).status_code == 200
    assert ask(requests.get("/hall/a/arena/", REMOTE_ADDR="10.0.0.8")).status_code == 200


def test_stream_outlives_a_crowd_at_its_address_and_no_refusal():
    assert [shuts_out(status) for status in (404, 403, 302, 429, 503)] == [True] * 3 + [False] * 2


def test_who_has_signed_in_is_not_counted(client, clerk, monkeypatch):
    monkeypatch.setattr(middleware, "BURST", 0)
    address = "/feed/none/arena/console/"
    assert client.get(address).status_code == 429
    client.force_login(clerk)
    assert client.get(address).status_code == 404
