"""Entrants by track, people who compete for themselves, villages of towns, and people paid a head,
in the browser's requests and in the evidence that the rules read."""

import io
import re
import uuid

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from competitions import actions
from competitions.entrants import Contestant, Entrant
from competitions.models import Entry, Person
from competitions.queries import current_scheme_version, scheme_of
from competitions.queries.readiness import find_track_obstacles
from competitions.scheme.read import read_document
from competitions.scheme.shipped import read_shipped
from competitions.tracks import name_rounds
from record.models import Revision
from scoring.actions.measurements import enter_measurements
from scoring.queries.evidence import load_evidence
from scoring.queries.evidence_steps import load_round_states
from scoring.queries.ledger import load_book
from tests import factories
from tests.rules.test_members import town_document, town_evidence
from tests.scoring.evidence_case import publish

NOW = timezone.now()


@pytest.fixture
def client(client, organiser):
    client.force_login(organiser)
    return client


@pytest.fixture
def start(organiser):
    """Makes a competition of a scheme with entrants, at /work/many/."""

    def make(scheme, entrants, year=2024):
        return actions.create_competition(
            host_code=factories.HOST,
            host_name="临河区",
            year=year,
            scheme=scheme,
            slug="many",
            entrants=entrants,
            is_first=True,
            by=organiser.person,
            now=NOW,
        )

    return make


@pytest.fixture
def arenas(start):
    """Ten tracks, three towns."""
    return start(read_shipped("yishui-arenas"), [Entrant("一镇"), Entrant("二镇"), Entrant("三镇")])


@pytest.fixture
def heads(start):
    """A track of secretaries and one of people, two villages."""
    villages = [Entrant("一村", "village"), Entrant("二村", "village")]
    return start(read_shipped("village-heads-arena"), villages)


def paste(client, address, text):
    """Paste a table, and confirm its preview; the last answer is returned."""
    answer = client.post(address, {"text": text})
    found = {
        name: re.search(rf'name="{name}" value="([^"]*)"', answer.content.decode())
        for name in ("rows", "op", "revision")
    }
    if found["rows"] is None:
        return answer
    return client.post(address, {name: match[1] for name, match in found.items() if match})


def tracks_by_name(competition):
    return {entry.name: entry.tracks for entry in competition.entries.with_subjects()}


def test_sheet_assigns_tracks_by_title_and_a_blank_changes_nothing(client, arenas):
    titles = [track.title for track in read_shipped("yishui-arenas").tracks]
    text = f"单位\t赛道\n一镇\t{titles[0]}、{titles[2]}\n二镇\t全部\n三镇\t\n"
    answer = paste(client, "/work/many/entrants/import/", text)
    assert answer.status_code == 302
    assert tracks_by_name(arenas) == {"一镇": ["t01", "t03"], "二镇": [], "三镇": []}
    facts = {item.order: item.tracks for item in load_evidence(arenas, _scheme(arenas)).entries}
    assert facts == {1: ("t01", "t03"), 2: (), 3: ()}
    listed = Revision.objects.of_chain(arenas.chain).of_kind("entries.changed").last().facts
    assert [entry.get("tracks") for entry in listed["entries"]] == [["t01", "t03"], None, None]
    page = client.get("/work/many/entrants/").content.decode()
    assert f"参加{titles[0]}、{titles[2]}" in page


def test_sheet_with_an_unknown_track_is_refused_with_the_tracks_there_are(client, arenas):
    answer = client.post("/work/many/entrants/import/", {"text": "单位\t参加榜单\n一镇\t不存在\n"})
    page = answer.content.decode()
    assert "没有榜单「不存在」" in page and "确认导入</button>" not in page


def test_unit_that_is_listed_twice_is_one_problem(client, arenas):
    answer = client.post("/work/many/entrants/import/", {"text": "单位\n一镇\n一镇\n"})
    (problem,) = answer.context["problems"]
    assert problem["cell"] == "A3" and "请只保留一行" in problem["text"]


def test_template_carries_the_tracks_and_comes_back_unchanged(client, arenas):
    paste(client, "/work/many/entrants/import/", "单位\t赛道\n一镇\tt01\n")
    content = client.get("/work/many/entrants/template.xlsx").content
    rows = list(openpyxl.load_workbook(io.BytesIO(content)).active.values)
    header = next(row for row in rows if "参加榜单" in row)
    assert "发放人数" not in header
    column = header.index("参加榜单")
    title = read_shipped("yishui-arenas").tracks[0].title
    assert [row[column] for row in rows[rows.index(header) + 1 :]] == [title, "全部", "全部"]


def test_rounds_of_the_same_title_are_told_apart_by_their_track(client, arenas):
    scheme = _scheme(arenas)
    names = name_rounds(scheme)
    assert len(set(names.values())) == len(names) == sum(len(t.rounds) for t in scheme.tracks)
    title = scheme.tracks[1].title
    assert f"{title} · 日常考核" in client.get("/work/many/").content.decode()
    assert name_rounds(read_shipped("linhe-2022"))["arena"] == "擂台比武"


def test_track_page_assigns_and_nothing_is_asked_of_the_others(client, arenas, organiser):
    page = client.get("/work/many/tracks/t02/").content.decode()
    form = {
        name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("op", "revision")
    }
    answer = client.post("/work/many/tracks/t02/", {**form, "keys": ["e01", "e03"]})
    assert answer.status_code == 302
    listed = client.get("/work/many/tracks/").content.decode()
    assert "2 / 3 个" in listed and "二镇" in listed
    scheme = _scheme(arenas)
    publish_as_it_is(arenas, organiser)
    for state in load_round_states(arenas, scheme):
        names = {line.entry.name for line in state.lines}
        assert names == ({"一镇", "三镇"} if state.track.key == "t02" else {"一镇", "二镇", "三镇"})
    book = load_book(arenas)
    item = next(item for item in book.items if item.track.key == "t02")
    assert [entry.name for entry in book.entries if entry.competes_in(item.track)] == [
        "一镇",
        "三镇",
    ]


def test_nobody_is_left_without_a_track(arenas, organiser):
    def assign(track, *keys):
        actions.assign_track(
            competition=arenas, track_key=track, keys=set(keys), by=organiser.person, now=NOW
        )

    for track in read_shipped("yishui-arenas").tracks[1:]:
        assign(track.key, "e02", "e03")
    with pytest.raises(ValidationError, match="一镇只参加"):
        assign("t01", "e02", "e03")
    with pytest.raises(ValidationError, match="没有这个榜单"):
        assign("t99", "e01")


def test_track_with_one_entrant_stands_in_the_way_of_publishing(arenas, organiser):
    actions.assign_track(
        competition=arenas, track_key="t04", keys={"e01"}, by=organiser.person, now=NOW
    )
    entries = list(arenas.entries.with_subjects())
    (said,) = find_track_obstacles(_scheme(arenas).tracks, entries)
    assert "只有 1 个参评对象" in said


def test_track_with_evidence_keeps_its_entrants_and_another_may_change(arenas, organiser):
    publish_as_it_is(arenas, organiser)
    scheme = _scheme(arenas)
    round_ = next(item for item in scheme.track("t01").rounds if item.criteria[0].inputs)
    criterion = round_.criteria[0]
    enter_measurements(
        competition=arenas,
        round_key=round_.key,
        values={("e01", criterion.key): {criterion.inputs[0].key: "1"}},
        revisions={},
        op=uuid.uuid4(),
        by=organiser.person,
        now=NOW,
    )
    who = {"competition": arenas, "by": organiser.person, "now": NOW}
    with pytest.raises(ValidationError, match="已有打分或数据"):
        actions.assign_track(track_key="t01", keys={"e01", "e02"}, **who)
    actions.assign_track(track_key="t02", keys={"e01", "e02"}, **who)
    assert "t02" not in Entry.objects.get(competition=arenas, key="e03").tracks


def test_secretary_is_in_his_units_tracks(start, organiser):
    competition = start(read_shipped("county-annual"), [Entrant("一镇"), Entrant("二镇")])
    unit = competition.entries.get(key="e01")
    who = {"competition": competition, "by": organiser.person, "now": NOW}
    actions.record_term(unit=unit.unit, person=Person(name="演示甲"), since=_day(2020), **who)
    actions.assign_track(track_key="leaders-annual", keys={"e02"}, **who)
    facts = {item.key: item for item in load_evidence(competition, _scheme(competition)).entries}
    assert (facts["e01"].tracks, facts["s01"].tracks) == (("annual",), ("annual",))
    track = _scheme(competition).track("leaders-annual")
    assert not competition.entries.get(key="s01").competes_in(track)


def test_people_are_pasted_with_their_villages_and_known_again(client, heads, organiser):
    text = "姓名\t所在村\t职务\n演示张\t一村\t会计\n演示李\t三村\t\n"
    assert paste(client, "/work/many/people/import/", text).status_code == 302
    people = list(heads.entries.filter(subject="person").with_subjects().in_official_order())
    assert [(entry.key, entry.name) for entry in people] == [
        ("p01", "演示张（一村）"),
        ("p02", "演示李（三村）"),
    ]
    assert people[0].of.unit.name == "一村" and people[1].of is None
    assert people[1].unit.kind == "village"
    facts = {item.key: item for item in load_evidence(heads, _scheme(heads)).entries}
    assert (facts["p01"].subject, facts["p01"].of, facts["p02"].of) == ("person", "e01", "")
    answer = client.post("/work/many/people/import/", {"text": text})
    assert "不需要导入" in answer.content.decode()
    body = Revision.objects.of_chain(heads.chain).of_kind("entries.changed").last().facts
    assert "演示张" not in str(body) and str(people[0].person_id) in str(body)
    page = client.get("/work/many/people/").content.decode()
    assert "演示张" in page and "会计" in page and "2 人自己参评" in page


def test_namesake_elsewhere_is_another_person_and_the_preview_says_so(client, heads, organiser):
    unit = heads.entries.get(key="e02").unit
    term = {"unit": unit, "person": Person(name="演示张"), "since": _day(2020)}
    actions.record_term(competition=heads, by=organiser.person, now=NOW, **term)
    address = "/work/many/people/import/"
    answer = client.post(address, {"text": "姓名\t单位\n演示张\t一村\n演示张\t二村\n"})
    assert answer.content.decode().count("这里按同名的另一个人登记") == 1
    paste(client, address, "姓名\t单位\n演示张\t一村\n演示张\t二村\n")
    people = {e.unit.name: e.person_id for e in heads.entries.filter(subject="person")}
    assert people["二村"] == unit.secretaries.get().person_id != people["一村"]


def test_person_is_added_changed_withdrawn_and_restored_in_pages(client, heads):
    form = {"op": str(uuid.uuid4()), "name": "演示王", "unit": "一村", "factor": "1"}
    assert client.post("/work/many/people/add/", form).status_code == 302
    page = client.get("/work/many/entrants/p01/").content.decode()
    revision = re.search(r'name="revision" value="([^"]*)"', page)[1]
    change = {"op": str(uuid.uuid4()), "revision": revision, "peer_group": "A类", "factor": "1.1"}
    assert client.post("/work/many/entrants/p01/", change).headers["Location"].endswith("/people/")
    entry = heads.entries.get(key="p01")
    assert (entry.peer_group, entry.factor) == ("A类", "1.1")
    for withdrawn in (True, False):
        answer = client.post("/work/many/entrants/p01/withdraw/", {"op": str(uuid.uuid4())})
        assert answer.status_code == 302
        entry.refresh_from_db()
        assert entry.withdrawn is withdrawn
    assert client.post("/work/many/entrants/p01/move/", {"to": 1}).status_code == 404


def test_same_person_twice_is_refused(heads, organiser):
    who = {"competition": heads, "by": organiser.person, "now": NOW}
    actions.add_contestants(contestants=[_person("演示张", "一村")], **who)
    with pytest.raises(ValidationError, match="已在参评名单中"):
        actions.add_contestants(contestants=[_person("演示张", "一村")], **who)
    assert heads.entries.filter(subject="person").count() == 1


def test_rules_of_people_without_people_cannot_be_published(heads):
    said = list(find_track_obstacles(_scheme(heads).tracks, list(heads.entries.with_subjects())))
    assert said == ["「带富致富先锋」评的是个人，还没有参评人，请在“参评个人”里登记。"]


def test_number_of_people_reaches_the_awards_that_are_paid_a_head(client, start):
    villages = [Entrant("一村", "village"), Entrant("二村", "village")]
    competition = start(read_shipped("baise-villages"), villages)
    text = "单位\t人数\n一村\t6\n二村\t\n"
    assert paste(client, "/work/many/entrants/import/", text).status_code == 302
    people = load_evidence(competition, _scheme(competition)).people
    assert people == {
        (f"{track}-cadres", "e01"): 6
        for track in ("industry", "ecology", "manners", "order", "life")
    }
    refused = client.post("/work/many/entrants/import/", {"text": "单位\t人数\n二村\t0\n"})
    assert "应为 1 到 1000 的整数" in refused.content.decode()
    assert 'name="people"' in client.get("/work/many/entrants/e02/").content.decode()


def test_town_carries_the_mean_of_the_villages_that_point_to_it(client, start):
    scheme = read_document(town_document(no_members="zero"))
    competition = start(scheme, [Entrant("一镇"), Entrant("二镇")])
    text = "单位\t所属乡镇\t赛道\n一镇\t\t乡镇\n二镇\t\t乡镇\n一村\t一镇\t村\n二村\t一镇\t村\n"
    assert paste(client, "/work/many/entrants/import/", text).status_code == 302
    facts = [
        (item.of, item.tracks, item.subject)
        for item in sorted(load_evidence(competition, scheme).entries, key=lambda e: e.order)
    ]
    sample = town_evidence("80", "90").entries
    names = {"t1": "e01", "": ""}
    assert facts == [(names[item.of], item.tracks, item.subject) for item in sample]
    missing = client.post("/work/many/entrants/import/", {"text": "村\t所属乡镇\n三村\t没有的镇\n"})
    assert "不参评的，这一格留空" in missing.content.decode()


def test_village_belongs_to_a_town_that_belongs_to_nothing(start, organiser):
    competition = start(
        read_document(town_document(no_members="zero")),
        [Entrant("一镇"), Entrant("一村", "village", of="一镇")],
    )
    with pytest.raises(ValidationError, match="只能有一层"):
        actions.add_entries(
            competition=competition,
            entrants=[Entrant("一组", "other", of="一村")],
            by=organiser.person,
            now=NOW,
        )


def _person(name, unit):
    return Contestant(Person(name=name), unit)


def _day(year):
    return NOW.date().replace(year=year, month=1, day=1)


def _scheme(competition):

    return scheme_of(current_scheme_version(competition))


def publish_as_it_is(competition, organiser):
    """The rules come into force without a panel's seats: no judge is asked here."""
    scheme = _scheme(competition)
    competition.scheme_versions.all().delete()
    publish(competition, organiser.person, scheme)
