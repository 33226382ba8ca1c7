"""Judges stand by groups in order of seniority or by hand; the record tells how that came to be."""

import uuid

import pytest

from competitions import actions
from competitions.models import Judge

JUDGES = "/work/linhe/judges/"


@pytest.fixture
def client(client, organiser):
    client.force_login(organiser)
    return client


def keys(competition, order="seniority"):
    """This function will return the judges' keys in order."""
    rows = Judge.objects.filter(competition=competition).order_by(order, "number")
    return list(rows.values_list("key", flat=True))


def press(client, key, to, order="seniority", op=None):
    """This function will press the button that puts a judge on a place of his group."""
    return client.post(f"{JUDGES}move/", {"op": op or uuid.uuid4(), "move": f"{key}:{to}:{order}"})


def test_judge_moves_among_his_group_and_the_other_group_stays(client, ready):
    assert keys(ready) == ["j01", "j02", "j03", "j04", "j05", "j06"]
    answer = press(client, "j06", 1)
    assert answer.url == JUDGES
    assert keys(ready) == ["j01", "j02", "j03", "j06", "j04", "j05"]
    page = client.get(JUDGES).content.decode()
    assert page.index('value="j06:0:seniority"') < page.index('value="j04:1:seniority"')


def test_order_by_hand_leaves_the_order_of_seniority(client, ready):
    answer = press(client, "j01", 3, "custom")
    assert answer.url == f"{JUDGES}?judges=custom"
    assert keys(ready, "hand_order") == ["j02", "j03", "j01", "j04", "j05", "j06"]
    assert keys(ready) == ["j01", "j02", "j03", "j04", "j05", "j06"]


def test_second_click_moves_nobody_again(client, ready):
    op = uuid.uuid4()
    for _ in range(2):
        press(client, "j02", 1, op=op)
    assert keys(ready)[:3] == ["j02", "j01", "j03"]


@pytest.mark.parametrize("move", ["", "j01", "j01:1:place", "J01:1:seniority", "j01:x:custom"])
def test_move_that_no_button_sends_is_refused(client, ready, move):
    answer = client.post(f"{JUDGES}move/", {"op": uuid.uuid4(), "move": move}, follow=True)
    assert "没有移动" in answer.content.decode()
    assert keys(ready) == ["j01", "j02", "j03", "j04", "j05", "j06"]


def test_archived_competition_keeps_its_order(client, ready):
    ready.stage = ready.Stage.CLOSED
    ready.save()
    assert press(client, "j02", 1).status_code == 403
    assert keys(ready)[:2] == ["j01", "j02"]


def test_judges_stand_under_their_groups(client, ready, scheme):
    groups = client.get(JUDGES).context["groups"]
    assert [group["title"] for group in groups] == [group.title for group in scheme.judge_groups]
    members = [[row["judge"].key for row in group["rows"]] for group in groups]
    assert ["j01", "j02", "j03"] in members and ["j04", "j05", "j06"] in members


def test_history_tells_who_changed_the_group_and_when(client, ready, colleague, now, scheme):
    judge = ready.judges.get(key="j01")
    actions.update_judge(
        competition=ready,
        judge=judge,
        number=judge.number,
        group_key="arena",
        seniority=judge.seniority,
        by=colleague.person,
        now=now,
    )
    titles = {group.key: group.title for group in scheme.judge_groups}
    changes = client.get(f"{JUDGES}history/?judge=j01").context["changes"]
    name = judge.person.name
    assert changes[0]["who"] == colleague.person.name
    assert changes[0]["at"] == now
    assert changes[0]["lines"] == [
        f"{name}的评委组由「{titles['review']}」改为「{titles['arena']}」。",
        f"{name}不再参加「{scheme.find_round('review1')[1].title}」、"
        f"「{scheme.find_round('review2')[1].title}」。",
    ]
    assert f"{name}进入名单" in changes[-1]["lines"][0]
    assert len(changes) == 2


def test_history_tells_the_new_order(client, ready):
    press(client, "j03", 1)
    names = [ready.judges.get(key=key).person.name for key in ("j03", "j01", "j02")]
    lines = client.get(f"{JUDGES}history/").context["changes"][0]["lines"]
    assert len(lines) == 1
    assert lines[0].endswith(f"资历顺序改为：{'、'.join(names)}。")
