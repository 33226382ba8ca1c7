"""A unit whose secretary changed in the year: every page keeps the two persons' marks apart."""

import datetime
import re
import uuid
from dataclasses import replace

import pytest

from competitions.actions.secretaries import follow_terms
from competitions.models import Entry
from competitions.queries.names import find_entry_names
from scoring.models import Sheet
from scoring.queries.judging import Desk
from scoring.queries.panels import load_marking_round
from tests import factories
from tests.scoring.stage import ARENA, PERSON, recuse

pytestmark = pytest.mark.django_db
ROUND = "/work/linhe-2022/rounds/arena/"
PAPER = f"{ROUND}paper/j01/"
VERIFY = f"{ROUND}verify/j01/"
LATER = {"s-drive": "35", "s-ability": "26.5", "s-answers": "25"}
PEOPLE = {"s01": "书记1", "s11": "继任者", "s02": "书记2", "s03": "书记3"}


def add_successor(stage, key="s11", of="e01", name="继任者"):
    """This function will put a second secretary in a unit, from the middle of the year."""
    unit = stage.entries[of].unit
    change = datetime.date(2022, 6, 30)
    unit.secretaries.update(until=change)
    term = factories.PartySecretaryFactory(
        unit=unit, person__name=name, since=change + datetime.timedelta(days=1)
    )
    stage.entries[key] = factories.EntryFactory(
        competition=stage.competition,
        unit=unit,
        key=key,
        subject=Entry.Subject.SECRETARY,
        term=term,
        of=stage.entries[of],
        official_order=stage.entries[of].official_order,
    )


@pytest.fixture
def two(stage):
    add_successor(stage)
    return stage


def fields(sheets, **more):
    found = {"op": str(uuid.uuid4()), **more}
    for entry, marks in sheets.items():
        found |= {f"m.{entry}..{criterion}": text for criterion, text in marks.items()}
    for row in Sheet.objects.select_related("entry"):
        found[f"r.{row.entry.key}.{row.site}"] = row.revision.hex
    return found


def post(client, user, address, sheets, **more):
    client.force_login(user)
    return client.post(address, fields(sheets, **more), follow=True)


ALL = {"e01": ARENA, "s01": PERSON, "s11": LATER}


def rows_of(client, user, address):
    """The rows of the grid as the page shows them: [(heading, keys of the entries of its boxes)]"""
    client.force_login(user)
    text = client.get(address).content.decode()
    found = []
    for row in re.findall(r"<tr[^>]*><th scope=\"row\".*?</tr>", text, re.S):
        heading = re.sub(r"<[^>]+>", " ", row.split("</th>")[0]).split()
        found.append((" ".join(heading), re.findall(r'name="m\.(\w+)\.\.([\w-]+)"', row)))
    return found


def assert_boxes_belong_to_the_named(rows):
    seen = []
    for heading, boxes in rows:
        secretaries = {entry for entry, _criterion in boxes if entry.startswith("s")}
        assert len(secretaries) == 1
        key = secretaries.pop()
        assert heading.endswith(f"党委书记 {PEOPLE[key]}")
        own = [criterion for entry, criterion in boxes if entry == key]
        assert own == list(PERSON)
        seen.append(key)
    assert seen == list(PEOPLE)
    assert [len(boxes) for _heading, boxes in rows] == [8, 3, 8, 8]
    assert rows[1][0] == "狼山镇 党委书记 继任者"


def test_typing_gives_each_secretary_his_own_row(client, two, clerk):
    assert_boxes_belong_to_the_named(rows_of(client, clerk, PAPER))


def test_typing_keeps_each_secretarys_own_marks(client, two, clerk):
    post(client, clerk, PAPER, ALL)
    stored = {row.entry.key: row.marks for row in Sheet.objects.select_related("entry")}
    assert stored == ALL


def test_typing_one_of_two_says_whose_marks_are_lacking(client, two, clerk):
    text = post(client, clerk, PAPER, {"e01": ARENA, "s01": PERSON}).content.decode()
    assert "同一份评分表上的继任者（狼山镇）还没有录入，这一份不完整" in text
    assert "已录入 1 份" not in text
    text = post(client, clerk, PAPER, {"s11": LATER}).content.decode()
    assert "已录入 1 份" in text and "不完整" not in text


def test_verifying_by_typing_again_gives_each_secretary_his_own_row(client, two, clerk, organiser):
    post(client, clerk, PAPER, {**ALL, **_others()})
    assert_boxes_belong_to_the_named(rows_of(client, organiser, VERIFY))
    text = post(client, organiser, VERIFY, {**ALL, **_others()}).content.decode()
    assert "已核对 3 份，计入成绩" in text
    assert Sheet.objects.counted().count() == 7


def _others():
    return {"e02": ARENA, "s02": PERSON, "e03": ARENA, "s03": PERSON}


def test_verifying_only_secretaries_keeps_two_rows(client, two, clerk, organiser):
    post(client, clerk, PAPER, ALL)
    post(client, organiser, VERIFY, {"e01": ARENA})
    rows = rows_of(client, organiser, VERIFY)
    assert [(heading, {entry for entry, _ in boxes}) for heading, boxes in rows] == [
        ("狼山镇 党委书记 书记1", {"s01"}),
        ("狼山镇 党委书记 继任者", {"s11"}),
    ]


def test_verifying_does_not_claim_a_sheet_complete_when_one_is_lacking(
    client, two, clerk, organiser
):
    typed = {"e01": ARENA, "s01": PERSON, **_others()}
    post(client, clerk, PAPER, typed)
    text = post(client, organiser, VERIFY, typed).content.decode()
    assert "已核对 2 份，计入成绩" in text and "已核对 3 份" not in text
    assert "同一份评分表上的继任者（狼山镇）还没有录入或核对，这一份不完整" in text


def test_verifying_against_the_paper_names_each_secretary(client, two, clerk, organiser):
    post(client, clerk, PAPER, ALL)
    client.force_login(organiser)
    text = client.get(f"{VERIFY}?how=paper").content.decode()
    for key, name, marks in (("s01", "书记1", PERSON), ("s11", "继任者", LATER)):
        part = next(one for one in text.split("<section") if f'value="{key}."' in one)
        assert f"<strong>{name}（狼山镇）</strong>" in part
        assert [*re.findall(r"<dd>(.*?)</dd>", part)] == list(marks.values())
    answer = post(client, organiser, f"{VERIFY}?how=paper", {}, confirmed=["e01.", "s11."])
    text = answer.content.decode()
    assert "已核对 1 份" not in text and "同一份评分表上的书记1（狼山镇）还没有" in text
    counted = Sheet.objects.counted().values_list("entry__key", flat=True)
    assert sorted(counted) == ["e01", "s11"]


def test_blank_sheet_has_a_table_for_each_secretary(client, two, clerk):
    client.force_login(clerk)
    text = client.get(f"{ROUND}blank/?judge=j01").content.decode()
    sheet = next(one for one in text.split("<section")[1:] if "狼山镇" in one)
    captions = re.findall(r"<caption>(.*?)</caption>", sheet)
    assert captions == ["狼山镇", "党委书记 书记1", "党委书记 继任者"]
    assert sheet.count("担当作为") == 2


def test_matrix_tells_each_secretarys_state_and_leads_to_his_sheet(client, two, clerk):
    page = post(client, clerk, PAPER, {"e01": ARENA, "s11": LATER})
    first, second, _third = page.context["matrix"]["rows"][0].cells
    assert [(part.title, part.name) for part in first.parts] == [
        ("单位", "entered"),
        ("书记1", "missing"),
        ("继任者", "entered"),
    ]
    assert first.name == "missing" and second.parts == ()
    row = Sheet.objects.get(entry__key="s11")
    text = page.content.decode()
    assert f'{row.id}/" aria-label="继任者 纸质待核对，查看"' in text
    assert "评委1：书记1（狼山镇）、新华镇" in text


def test_matrix_leaves_out_nobody_where_the_judge_is_recused(client, two, clerk):
    recuse(two, two.judges[0], "e01")
    client.force_login(clerk)
    cell = client.get(ROUND).context["matrix"]["rows"][0].cells[0]
    assert {part.name for part in cell.parts} == {"recused"}


def test_arena_pad_names_each_secretary_above_his_own_boxes(client, two):
    client.force_login(two.judges[0].user)
    assert "党委书记 书记1</small><small>党委书记 继任者" in client.get(
        "/judge/linhe-2022/arena/"
    ).content.decode().replace("\n", "")
    text = client.get("/judge/linhe-2022/arena/e01/").content.decode()
    for key in ("s01", "s11"):
        part = next(one for one in text.split("<section") if f'data-entry="{key}"' in one)
        assert f"党委书记 {PEOPLE[key]}" in part
        assert set(re.findall(r'name="m\.(\w+)\.', part)) == {key}


def test_arena_pad_names_the_only_secretary_still_to_be_marked(client, two, clerk):
    post(client, clerk, PAPER, {"e01": ARENA, "s01": PERSON})
    client.force_login(two.judges[0].user)
    text = client.get("/judge/linhe-2022/arena/e01/").content.decode()
    assert "党委书记 继任者</span>" in text and 'name="m.s01..' not in text
    listed = client.get("/judge/linhe-2022/arena/").content.decode()
    assert "92.50 / 89.50 / —" in listed


def test_tour_pad_gives_each_secretary_a_page_of_his_own(two):
    panel = load_marking_round(two.competition, "arena")
    # A copy: the rules themselves are read once and kept for the whole process.
    panel.round, panel.companion = replace(panel.companion, kind="review"), None
    panel.lines = [line for line in panel.lines if line.entry.term_id]
    judge = two.judges[0]
    desk = Desk(panel, judge, panel.lines_of(judge))
    assert [(one.number, one.entry.key) for one in desk.entrants] == [
        (1, "s01"),
        (2, "s11"),
        (3, "s02"),
        (4, "s03"),
    ]
    assert all(len(one.lines) == 1 for one in desk.entrants)


def test_one_name_with_two_terms_is_told_apart_by_their_dates_on_every_page(client, two, clerk):
    """The same person, acting and then in full office; a namesake would stand so too."""
    two.entries["s11"].term.person = two.entries["s01"].term.person
    two.entries["s11"].term.save()
    follow_terms(two.competition)
    spans = ["2022.1.1—2022.6.30", "2022.7.1起"]
    client.force_login(clerk)
    names = find_entry_names(two.competition)
    assert [names[key]["name"] for key in ("s01", "s11")] == [
        f"书记1（狼山镇，{span}）" for span in spans
    ]
    assert names["s02"]["name"] == "书记2（新华镇）"
    headings = [heading for heading, _boxes in rows_of(client, clerk, PAPER)]
    assert [one.split(" ")[-1] for one in headings[:2]] == [f"书记1（{span}）" for span in spans]
    assert headings[2].endswith("党委书记 书记2")
    blank = client.get(f"{ROUND}blank/?judge=j01").content.decode()
    post(client, clerk, PAPER, {"e01": ARENA, "s11": LATER})
    parts = client.get(ROUND).context["matrix"]["rows"][0].cells[0].parts
    assert [part.title for part in parts[1:]] == [f"书记1（{span}）" for span in spans]
    client.force_login(two.judges[1].user)
    pad = client.get("/judge/linhe-2022/arena/e01/").content.decode()
    listed = client.get("/judge/linhe-2022/arena/").content.decode()
    for span in spans:
        for page in (blank, pad, listed):
            assert f"党委书记 书记1（{span}）" in page
