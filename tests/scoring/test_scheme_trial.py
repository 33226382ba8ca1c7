"""Trying a draft on a sample or on an earlier year before it is approved."""

import pytest

from tests.scoring.editor_case import EDIT, GROWTH, send


@pytest.fixture
def client(client, organiser):
    client.force_login(organiser)
    return client


TRY = "/work/linhe/rules/try/"


def test_draft_is_tried_on_a_shipped_sample_with_both_rankings(client, linhe):
    sources = dict(client.get(TRY).context["sources"])
    assert "sample:linhe-2022" in sources
    before = client.get(f"{TRY}?source=sample:linhe-2022").context["tracks"]
    assert [track.movers for track in before] == [[] for _ in before]
    assert all(row.old_total == row.new_total for track in before for row in track.rows)
    # The first review alone decides.
    for number, weight in enumerate(["100", "0", "0", "0"]):
        send(client, f"{EDIT}tracks.0.rounds.{number}/", weight=weight)
    page = client.get(f"{TRY}?source=sample:linhe-2022")
    track = page.context["tracks"][0]
    assert not track.missing
    assert track.movers
    for row in track.movers:
        assert row.moved == row.old_place - row.new_place
        first = next(reason for reason in row.reasons if reason.title == "第一次联评")
        assert first.change > 0
        assert first.why == "权重 20→100"
        assert sum(reason.change > 0 for reason in row.reasons) == 1
    assert "第一次联评 · 每分的份量" in [effect.title for effect in track.effects]
    text = page.content.decode()
    assert f"{track.movers[0].name} {track.movers[0].old_place}→" in text
    # Who moves across the quotas gets other flags and sums.
    outcomes = page.context["outcomes"]
    assert outcomes.rows and "旗和奖怎样变化" in text
    assert outcomes.change == sum(row.change for row in outcomes.rows)


def test_draft_with_problems_is_not_tried(client, linhe):
    send(client, GROWTH, full="x")
    page = client.get(f"{TRY}?source=sample:linhe-2022")
    assert page.context["tracks"] == []
    assert "改好以后才能试算" in page.content.decode()


def test_trial_on_evidence_that_does_not_fit_says_what_is_missing(client, linhe):
    page = client.get(f"{TRY}?source=sample:baise-townships")
    assert page.context["tracks"][0].missing
    assert not page.context["tracks"][0].known
    assert all(row.new_place is None for row in page.context["tracks"][0].rows)


@pytest.mark.parametrize("source", ["sample:nothing", "year:1", "x"])
def test_trial_on_data_that_are_not_offered_is_not_there(client, linhe, source):
    assert client.get(f"{TRY}?source={source}").status_code == 404
