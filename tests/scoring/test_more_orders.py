"""The pad, the rulings and the list of what is missing stand in the orders that they offer."""

import datetime
import uuid

import pytest
from django.utils import timezone

from competitions.models import Entry
from competitions.queries import scheme_of
from competitions.queries.names import find_entry_names
from scoring.actions.rulings import RulingDraft, enter_ruling
from scoring.queries.tabulations import missing_sections
from tests.scoring.stage import NOW

pytestmark = pytest.mark.django_db
PAD = "/judge/linhe-2022/"
OFFICIAL = ["狼山镇", "新华镇", "干召庙镇"]
STROKES = ["干召庙镇", "狼山镇", "新华镇"]  # 3, 10 and 13 strokes
CUSTOM = ["新华镇", "干召庙镇", "狼山镇"]
ORDERS = {"official": OFFICIAL, "strokes": STROKES, "custom": CUSTOM}


@pytest.fixture
def arranged(stage):
    for entry in Entry.objects.select_related("unit"):
        entry.hand_order = CUSTOM.index(entry.unit.name) + 1
        entry.save()
    return stage


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("round_key", ["arena", "review1"])
def test_pad_stands_in_the_order_that_the_judge_asked(client, arranged, round_key, order):
    client.force_login(arranged.judges[0].user)
    page = client.get(f"{PAD}{round_key}/?order={order}")
    entrants = page.context["desk"].entrants
    assert [one.entry.unit.name for one in entrants] == ORDERS[order]
    assert [one.number for one in entrants] == [1, 2, 3]
    text = page.content.decode()
    assert "?order=strokes" in text and "order=place" not in text


def test_pad_keeps_its_order_from_page_to_page_and_has_none_by_place(client, arranged):
    client.force_login(arranged.judges[0].user)
    listed = client.get(f"{PAD}arena/?order=custom").content.decode()
    assert f"{PAD}arena/e03/?order=custom" in listed
    page = client.get(f"{PAD}arena/e03/?order=custom")
    assert page.context["following"].entry.unit.name == "狼山镇"
    assert "第 2 个，共 3 个" in page.content.decode()
    assert f'href="{PAD}arena/?order=custom"' in page.content.decode()
    placed = client.get(f"{PAD}arena/?order=place")
    assert placed.context["arrangement"].order == "official"


def rule(stage, user, kind, **subject):
    draft = RulingDraft(kind, "会议决定", "县委常委会", datetime.date(2022, 8, 1), "", subject)
    return enter_ruling(
        competition=stage.competition,
        draft=draft,
        by=user.person,
        now=timezone.now(),
        op=uuid.uuid4(),
    )


def test_rulings_stand_by_date_or_by_the_entry_that_they_name(client, arranged, organiser):
    rule(arranged, organiser, "exclude_judge", round="arena", judge="j01")
    for key in ("e02", "e01", "e03"):
        rule(arranged, organiser, "exclude_entry", track="township", entry=key)
    client.force_login(organiser)
    address = "/work/linhe-2022/rulings/"

    def shown(order=""):
        rows = client.get(address, {"order": order} if order else {}).context["rows"]
        return [ruling.subject.get("entry", "") for ruling, _kind, _text in rows]

    assert shown() == ["e03", "e01", "e02", ""]
    assert shown("official") == ["e01", "e02", "e03", ""]
    assert shown("strokes") == ["e03", "e01", "e02", ""]
    assert shown("custom") == ["e02", "e03", "e01", ""]


def test_what_is_missing_names_the_entries_in_the_order_asked(client, arranged, organiser):
    client.force_login(organiser)
    arranged.competition.scheme_versions.update(published_at=NOW)
    for order, expected in ORDERS.items():
        page = client.get("/work/linhe-2022/tabulation/", {"order": order})
        rows = [row for section in page.context["sections"] for row in section["rows"]]
        units = [row["names"] for row in rows if set(row["names"]) == set(OFFICIAL)]
        assert units and all(names == expected for names in units)


def test_what_is_missing_for_one_entry_each_stands_in_the_order_asked(arranged):
    scheme = arranged.competition.scheme_versions.get()
    names = find_entry_names(arranged.competition)
    items = [
        {"track": "township", "round": "", "criterion": "", "judge": "", "entry": key}
        | {"message": f"缺{key}"}
        for key in ("e01", "e02", "e03")
    ]
    found = missing_sections(arranged.competition, scheme_of(scheme), items, names, "custom")
    assert [row["names"][0] for row in found[0]["rows"]] == CUSTOM
