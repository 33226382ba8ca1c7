"""The list of entrants in the browser's requests: adding, changing, ordering, importing."""

import io
import re
import uuid

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from competitions import actions
from competitions.models import Competition, Entry, Unit
from competitions.orders import _place_providers, register_places
from record.models import Revision
from tests import factories

LIST = "/work/linhe/entrants/"
IMPORT = "/work/linhe/entrants/import/"


@pytest.fixture
def client(client, organiser):
    client.force_login(organiser)
    return client


def names(response):
    return [row["entry"].unit.name for row in response.context["entries"]]


def hidden(response, name):
    """The value of a hidden field, as a browser would send it back."""
    found = re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())
    return found[1] if found else ""


def upload(text, name="list.csv", encoding="utf-8"):
    return {"file": SimpleUploadedFile(name, text.encode(encoding)), "text": ""}


def list_state(competition):
    entries = Entry.objects.filter(competition=competition).with_subjects().in_official_order()
    return [(e.unit.name, e.unit.kind, e.factor, e.peer_group) for e in entries]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("official", ["狼山镇", "新华镇", "狼山农场"]),
        ("strokes", ["狼山农场", "狼山镇", "新华镇"]),
        ("custom", ["狼山镇", "新华镇", "狼山农场"]),
        ("place", ["狼山农场", "狼山镇", "新华镇"]),
        ("nonsense", ["狼山镇", "新华镇", "狼山农场"]),
    ],
)
def test_entrants_are_listed_in_the_chosen_order(client, linhe, entries, order, expected):
    def places(competition):
        return {entries[2].id: 1, entries[0].id: 2}

    register_places(places)
    try:
        assert names(client.get(f"{LIST}?order={order}")) == expected
    finally:
        _place_providers.remove(places)


def test_entrant_moves_in_the_official_order_once_for_two_clicks(client, linhe):
    post = {"op": uuid.uuid4(), "to": 1, "order": "official"}
    for _ in range(2):
        client.post("/work/linhe/entrants/e03/move/", post)
    assert names(client.get(LIST)) == ["狼山农场", "狼山镇", "新华镇"]
    assert names(client.get(f"{LIST}?order=custom")) == ["狼山镇", "新华镇", "狼山农场"]


def test_entrants_from_the_catalogue_are_added_in_their_order(client, linhe):
    page = client.get("/work/linhe/entrants/add/")
    forms = page.context["entrants"]
    assert "狼山镇" not in [form["name"].value() for form in forms]
    post = {"op": hidden(page, "op"), "u-TOTAL_FORMS": len(forms), "u-INITIAL_FORMS": len(forms)}
    for form in forms:
        for field in ("name", "aliases", "division_code", "kind"):
            post[form[field].html_name] = form[field].value() or ""
        if form["name"].value() in ("八一乡", "双河镇"):
            post[form["pick"].html_name] = "on"
            post[form["order"].html_name] = 1 if form["name"].value() == "八一乡" else 2
    answer = client.post("/work/linhe/entrants/add/", post, follow=True)
    assert names(answer) == ["狼山镇", "新华镇", "狼山农场", "八一乡", "双河镇"]
    assert Unit.objects.get(name="八一乡").division_code == "150802201"


def entry_post(page, **changes):
    return {
        "op": hidden(page, "op"),
        "revision": hidden(page, "revision"),
        "name": "狼山镇",
        "aliases": "狼山、狼镇",
        "kind": "town",
        "peer_group": "A类",
        "factor": "1.10",
        **changes,
    }


def test_entrant_is_changed(client, linhe, entries):
    page = client.get("/work/linhe/entrants/e01/")
    assert client.post("/work/linhe/entrants/e01/", entry_post(page)).status_code == 302
    entry = Entry.objects.with_subjects().get(pk=entries[0].pk)
    assert (entry.unit.aliases, entry.peer_group, entry.factor) == (["狼山", "狼镇"], "A类", "1.1")


def test_second_of_two_staff_sees_both_versions_and_loses_nothing(client, linhe, colleague, now):
    page = client.get("/work/linhe/entrants/e01/")
    actions.update_entry(
        competition=linhe,
        entry=linhe.entries.get(key="e01"),
        name="狼山镇",
        kind="town",
        aliases=["乙填的"],
        peer_group="",
        factor="1.2",
        by=colleague.person,
        now=now,
    )
    answer = client.post("/work/linhe/entrants/e01/", entry_post(page))
    assert {"label": "难度系数", "left": "1.10", "right": "1.2"} in answer.context["differences"]
    assert answer.context["form"]["factor"].value() == "1.10"
    assert linhe.entries.get(key="e01").factor == "1.2"
    again = entry_post(answer)
    assert client.post("/work/linhe/entrants/e01/", again).status_code == 302
    assert linhe.entries.get(key="e01").factor == "1.1"


def test_wrong_factor_is_refused_beside_the_form(client, linhe):
    page = client.get("/work/linhe/entrants/e01/")
    answer = client.post("/work/linhe/entrants/e01/", entry_post(page, factor="十"))
    assert answer.context["form"].non_field_errors() == [
        "难度系数「十」应为大于 0、不超过 10、小数不超过四位的数，例如 1.1。"
    ]


def test_entrant_withdraws_and_comes_back(client, linhe):
    address = "/work/linhe/entrants/e02/withdraw/"
    for withdrawn in (True, False):
        client.post(address, {"op": hidden(client.get(address), "op")})
        assert linhe.entries.get(key="e02").withdrawn is withdrawn


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "utf-8-sig"])
def test_import_previews_then_changes_exactly_what_it_showed(client, linhe, encoding):
    text = "临河区参评单位表\n单位名称,类别,难度系数\n狼山,镇,1.1\n八一乡,,\n新华镇,镇,1\n合计,,\n"
    before = list_state(linhe)
    preview = client.post(IMPORT, upload(text, encoding=encoding))
    plan = preview.context["plan"]
    assert (len(plan.added), len(plan.changed), plan.unchanged) == (1, 1, 1)
    assert plan.rows[0]["cells"][2] == {"text": "1.1", "state": "changed", "old": "1"}
    assert list_state(linhe) == before
    post = {name: hidden(preview, name) for name in ("op", "revision", "rows")}
    for _ in range(2):
        assert client.post(IMPORT, post).status_code == 302
    assert list_state(linhe) == [
        ("狼山镇", "town", "1.1", ""),
        ("新华镇", "town", "1", ""),
        ("狼山农场", "farm", "1", ""),
        ("八一乡", "township", "1", ""),
    ]
    assert Unit.objects.get(name="八一乡").division_code == "150802201"


BESIDE = """乡（镇）,村（嘎查）,难度系数
狼山镇,狼山村,1
狼山镇,富强村,1.1
永安镇,永安村,1
,红星村,1
"""


def test_import_of_villages_beside_their_towns_tells_the_two_columns_apart(client, linhe):
    preview = client.post(IMPORT, upload(BESIDE))
    assert preview.context["problems"] == []
    said = " ".join(preview.context["notes"])
    assert "「村（嘎查）」一列按参评单位读取，「乡（镇）」一列按它的所属单位读取。" in said
    assert "有 1 行没有写「乡（镇）」（第 5 行）" in said
    assert "有 1 个不在参评名单里（永安镇），不作为所属单位记下。" in said
    post = {name: hidden(preview, name) for name in ("op", "revision", "rows")}
    assert client.post(IMPORT, post).status_code == 302
    villages = linhe.entries.filter(unit__kind="village").with_subjects().in_official_order()
    assert [(row.unit.name, row.of and row.of.unit.name) for row in villages] == [
        ("狼山村", "狼山镇"),
        ("富强村", "狼山镇"),
        ("永安村", None),
        ("红星村", None),
    ]
    again = client.post(IMPORT, upload(BESIDE)).context["plan"]
    assert (again.added, again.changed, again.unchanged) == ([], [], 4)
    # In a column of villages 狼山 is not the town.
    wrong = client.post(IMPORT, upload("乡镇,村\n狼山镇,狼山\n")).context["problems"]
    assert wrong == [{"cell": "B2", "text": "「狼山」可能是狼山镇，请写全称。"}]


WRONG = {
    "text for a number": ("单位名称,难度系数\n狼山镇,很难\n", "B2"),
    "missing column": ("难度系数\n1\n", "A1"),
    "double": ("单位名称\n狼山镇\n狼山镇\n", "A3"),
    "one unit by two names": ("单位名称\n狼山镇\n狼山\n", "A3"),
    "name of several": ("单位名称\n山\n", "A2"),
    "unknown kind": ("单位名称,类别\n狼山镇,大镇\n", "B2"),
    "factor too large": ("单位名称,难度系数\n狼山镇,99\n", "B2"),
    "nothing": ("\n\n", ""),
    "too many": ("单位名称\n" + "".join(f"第{n}村\n" for n in range(2600)), ""),
}


@pytest.mark.parametrize("name", WRONG)
def test_import_of_a_wrong_sheet_names_the_cell_and_changes_nothing(client, linhe, name):
    text, cell = WRONG[name]
    before = list_state(linhe)
    answer = client.post(IMPORT, upload(text))
    problems = answer.context["problems"]
    assert problems, name
    assert problems[0]["cell"] == cell
    assert problems[0]["text"].endswith("。")
    assert "confirm" not in answer.context
    assert list_state(linhe) == before


def test_import_shows_what_stands_in_every_wrong_cell(client, linhe):
    text = "单位名称,类别,难度系数,建制顺序\n狼山镇,大镇,1,一\n新华镇,镇,很难,三\n山,镇,1,\n"
    answer = client.post(IMPORT, upload(text))
    named = {problem["cell"] for problem in answer.context["problems"]}
    marked = {
        f"{'ABCD'[place]}{row['number']}": cell["text"]
        for row in answer.context["plan"].rows
        for place, cell in enumerate(row["cells"])
        if cell.get("state") == "bad"
    }
    assert marked == {"B2": "大镇", "D2": "一", "C3": "很难", "D3": "三", "A4": "山"}
    assert named == set(marked)
    assert "很难</span></td>" in answer.content.decode()


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04 not a zip", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", b"\x00\xff" * 99]
)
def test_import_of_a_hostile_file_is_refused(client, linhe, content):
    file = SimpleUploadedFile("list.xlsx", content)
    answer = client.post(IMPORT, {"file": file, "text": ""})
    assert answer.status_code == 200
    assert answer.context["problems"]


def test_import_with_rows_that_were_tampered_with_is_refused(client, linhe):
    preview = client.post(IMPORT, upload("单位名称\n八一乡\n"))
    post = {name: hidden(preview, name) for name in ("op", "revision", "rows")}
    answer = client.post(IMPORT, {**post, "rows": post["rows"][:-3] + "abc"})
    assert "预览的内容不完整" in answer.content.decode()
    assert linhe.entries.count() == 3


def test_import_after_somebody_else_s_change_previews_again(client, linhe, colleague, now):
    preview = client.post(IMPORT, upload("单位名称\n八一乡\n"))
    post = {name: hidden(preview, name) for name in ("op", "revision", "rows")}
    actions.move_entry(
        competition=linhe,
        entry=linhe.entries.get(key="e01"),
        to=2,
        by=colleague.person,
        now=now,
    )
    answer = client.post(IMPORT, post)
    assert answer.status_code == 200
    assert len(answer.context["plan"].added) == 1
    again = {name: hidden(answer, name) for name in ("op", "revision", "rows")}
    assert client.post(IMPORT, again).status_code == 302
    assert linhe.entries.count() == 4


def test_template_that_is_uploaded_again_changes_nothing(client, linhe):
    content = client.get("/work/linhe/entrants/template.xlsx").content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet["A1"].value == "临河区2022年擂台比武 参评单位"
    answer = client.post(IMPORT, {"file": SimpleUploadedFile("a.xlsx", content), "text": ""})
    plan = answer.context["plan"]
    assert (plan.problems, plan.added, plan.changed, plan.unchanged) == ([], [], [], 3)


def test_import_into_an_archived_competition_is_forbidden(client, linhe):
    linhe.stage = "closed"
    linhe.save()
    assert client.post(IMPORT, upload("单位名称\n八一乡\n")).status_code == 403


def test_new_competition_is_created_once_for_two_clicks(client, db, settings):
    page = client.get("/work/new/?host=150802")
    post = {
        "op": hidden(page, "op"),
        "host_code": "150802",
        "year": 2022,
        "scheme": "linhe-2022",
        "title": "",
        "u-TOTAL_FORMS": 1,
        "u-INITIAL_FORMS": 1,
        "u-0-pick": "on",
        "u-0-name": "狼山镇",
        "u-0-aliases": "狼山",
        "u-0-division_code": "150802100",
        "u-0-kind": "town",
    }
    answers = [client.post("/work/new/", post) for _ in range(2)]
    assert [answer.url for answer in answers] == ["/work/150802-2022/"] * 2
    assert Entry.objects.count() == 1
    kinds = Revision.objects.values_list("kind", flat=True).order_by("chain", "seq")
    assert list(kinds) == ["competition.created", "scheme.drafted", "entries.changed"]
    # What is tried out on a demonstration says on every published page that it is one.
    settings.MODE = "demo"
    client.post("/work/new/", {**post, "op": str(uuid.uuid4()), "year": 2023})
    made = Competition.objects.order_by("year").values_list("year", "demo")
    assert list(made) == [(2022, False), (2023, True)]


def test_new_competition_of_another_county_is_refused(client, db):
    answer = client.post("/work/new/", {"host_code": "371323", "year": 2022})
    assert answer.templates[0].name == "competitions/work_new_host.html"
    assert not Entry.objects.exists()


def test_page_for_a_new_competition_says_whose_it_can_be(client, organiser):
    client.force_login(organiser)
    page = client.get("/work/new/").content.decode()
    assert "只能新建临河区的比武" in page and "请系统管理员给他们开账号" in page
    assert "换一个县（区）" not in page
    organiser.person.roles.update(host_code="1508")
    page = client.get("/work/new/?host=150802").content.decode()
    assert "所辖县（区）的比武" in page and "换一个县（区）" in page


def test_year_out_of_range_is_refused_in_a_full_sentence(client, organiser):
    client.force_login(organiser)
    post = {"host_code": "150802", "year": "22", "u-TOTAL_FORMS": 0, "u-INITIAL_FORMS": 0}
    page = client.post("/work/new/", post).content.decode()
    assert "年度要写成 2000 到 2100 之间的四位数，例如 2026。" in page


def test_counties_are_found_by_pinyin_initials_within_the_own_area(client, organiser):
    assert "150802" in client.get("/divisions/?q=lhq").content.decode()
    assert "371323" not in client.get("/divisions/?q=ysx").content.decode()
    assert client.post("/divisions/").status_code == 405


@pytest.mark.parametrize(
    ("name", "status"), [("clerk", 403), ("auditor", 403), ("judge", 403), ("nobody", 403)]
)
def test_only_organisers_create_competitions(client, request, name, status):
    client.force_login(request.getfixturevalue(name))
    assert client.get("/work/new/").status_code == status
    assert client.post("/work/new/").status_code == status


def test_list_of_competitions_shows_the_own_county_only(client, linhe):
    factories.CompetitionFactory(host_code="371323", title="沂水县打擂比武")
    text = client.get("/work/").content.decode()
    assert linhe.title in text
    assert "沂水县打擂比武" not in text
    assert client.post("/work/").status_code == 405
