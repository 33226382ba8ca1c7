"""Rows and items that the editor adds, moves, copies and deletes."""

import pytest

from competitions.models import SchemeDraft
from competitions.queries.drafts import working_draft
from tests.scoring.editor_case import EDIT, GROWTH, press, send, table


@pytest.fixture
def client(client, organiser):
    client.force_login(organiser)
    return client


def test_rows_are_added_moved_copied_and_deleted_within_the_form(client, linhe):
    address = f"{EDIT}judge_groups/"
    page = send(client, address, do="add:judge_groups")
    page = send(client, address, page, judge_groups__2__title="群众评委", do="up:judge_groups:2")
    page = send(client, address, page, do="delete:judge_groups:0")
    page = send(client, address, page, do="copy:judge_groups:0")
    assert SchemeDraft.objects.count() == 1
    send(client, address, page)
    groups = table(linhe, "")["judge_groups"]
    assert [item["title"] for item in groups] == ["群众评委", "群众评委（副本）", "擂台评委"]
    assert len({item["key"] for item in groups}) == 3


@pytest.mark.parametrize(
    "button", ["add:nothing", "delete:overrides:7", "explode:rule", "up:rule.items:x", "drop:full"]
)
def test_button_that_is_not_there_is_refused(client, linhe, button):
    assert send(client, GROWTH, do=button).status_code == 404
    assert SchemeDraft.objects.count() == 1


def test_items_of_a_list_are_added_moved_copied_and_deleted(client, linhe):
    address = f"{EDIT}tracks.0.rounds/"
    before = [item["key"] for item in table(linhe, "tracks.0")["rounds"]]
    assert press(client, address, "down:0").url == address
    assert press(client, address, "copy:0").url == address
    assert press(client, address, "add").url == f"{EDIT}tracks.0.rounds.5/"
    press(client, address, "delete:2")
    rounds = table(linhe, "tracks.0")["rounds"]
    assert rounds[0]["key"] == before[1]
    assert rounds[1]["title"] == "第二次联评（副本）"
    assert [item["key"] for item in rounds[2:4]] == before[2:]
    keys = [c["key"] for item in rounds for c in item["criteria"]]
    assert len(keys) == len(set(keys)), "A copy took the original's keys."
    assert working_draft(linhe).number == 5
