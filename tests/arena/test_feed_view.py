"""The feed's address: who may follow, and what comes after a number."""

from datetime import UTC, datetime

import pytest

from arena.feed import audiences, tell
from tests import factories
from tests.arena.served.audiences import open_all

NOW = datetime(2022, 8, 20, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def opened():
    kept = dict(audiences._audiences)
    open_all()
    yield
    audiences._audiences.clear()
    audiences._audiences.update(kept)


@pytest.fixture
def told(db):
    """A competition whose hall has been told three things, and its judges one."""
    competition = factories.CompetitionFactory(slug="told")
    for audience, text in [("hall", "甲"), ("hall", "乙"), ("judge", "丁丁"), ("hall", "丙")]:
        tell(competition, "arena", f"test-{audience}", "said", {"text": text}, now=NOW)
    return competition


def texts(answer):
    return [item["data"]["text"] for item in answer.json()]


def test_poll_gives_what_was_told_after_the_number(told, client):
    address = "/feed/told/arena/test-hall/?poll=1"
    answer = client.get(address)
    assert answer.json()[0] == {
        "number": 1,
        "kind": "said",
        "data": {"text": "甲"},
        "at": "2022-08-20T09:30:00+00:00",
    }
    assert texts(answer) == ["甲", "乙", "丙"]
    assert texts(client.get(f"{address}&after=2")) == ["丙"]
    assert texts(client.get(f"{address}&after=3")) == []
    assert answer["Cache-Control"] == "no-store, no-transform"


def test_other_round_and_other_audience_are_other_channels(told, client):
    assert texts(client.get("/feed/told/review1/test-hall/?poll=1")) == []


def test_stream_of_a_server_that_cannot_wait_ends_after_what_there_is(told, client):
    answer = client.get("/feed/told/arena/test-hall/?after=1", headers={"Last-Event-ID": "2"})
    assert answer["Content-Type"].startswith("text/event-stream")
    retry, event, rest = answer.content.decode().split("\n\n")
    assert retry.startswith("retry: ") and rest == ""
    number, data = event.split("\n")
    assert number == "id: 3"
    assert data.startswith('data: {"number":3,"kind":"said","data":{"text":"丙"}')


@pytest.mark.parametrize("after", ["x", "-1", "1.5", "９", "9" * 16])
def test_number_that_is_none_is_refused(after, told, client):
    assert client.get("/feed/told/arena/test-hall/", {"after": after}).status_code == 400


def test_reader_ahead_of_the_database_is_told_so(told, client):
    for more in ({}, {"poll": "1"}):
        answer = client.get("/feed/told/arena/test-hall/", {"after": "4", **more})
        assert answer.status_code == 409
        assert "刷新" in answer.content.decode()


def test_who_may_not_open_the_page_may_not_follow_it(told, client, organiser, outsider, auditor):
    judge = factories.UserFactory(person=factories.JudgeFactory(competition=told).person)
    other = factories.UserFactory(person=factories.JudgeFactory().person)
    cases = [
        (None, "judge", 302),
        (None, "staff", 302),
        (judge, "judge", 200),
        (other, "judge", 404),
        (organiser, "judge", 403),
        (organiser, "staff", 200),
        (auditor, "staff", 403),
        (outsider, "staff", 404),
        (organiser, "nobody", 404),
    ]
    for user, audience, expected in cases:
        if user:
            client.force_login(user)
        for more in ("", "?poll=1"):
            answer = client.get(f"/feed/told/arena/test-{audience}/{more}")
            assert answer.status_code == expected, (user, audience, more)
            assert expected == 200 or "丁丁" not in answer.content.decode()
        client.logout()


def test_account_with_an_initial_password_follows_nothing(told, client, organiser):
    organiser.must_change_password = True
    organiser.save()
    client.force_login(organiser)
    answer = client.get("/feed/told/arena/test-staff/?poll=1")
    assert (answer.status_code, answer["Location"]) == (302, "/account/password/")
