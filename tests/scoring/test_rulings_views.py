"""The pages of rulings: list, the form of each kind, one ruling."""

import datetime
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from scoring.models import Ruling
from scoring.queries.ruling_kinds import KINDS
from tests.scoring.evidence_case import add_judge, add_secretary, add_units, publish

SLUG = ["linhe-2022"]
LIST = reverse("work_rulings", args=SLUG)
RULING = reverse("work_ruling", args=[*SLUG, "r01"])
CORRECT = reverse("work_ruling_correct", args=[*SLUG, "r01"])


def new(kind):
    return reverse("work_ruling_new", args=[*SLUG, kind])


@pytest.fixture
def case(competition, organiser):
    publish(competition, organiser.person)
    first, _second = add_units(competition, "城关镇", "双河镇")
    add_secretary(first, "书记甲", since=datetime.date(2022, 9, 1))
    add_judge(competition, 1, "arena")
    return competition


def typed(**subject):
    return {
        "op": uuid.uuid4(),
        "reason": "评委因病缺席",
        "decided_by": "擂台办主任会议",
        "decided_on": "2022-08-20",
        "document_number": "临组发〔2022〕8号",
        **subject,
    }


@pytest.fixture
def ruling(client, case, organiser):
    client.force_login(organiser)
    client.post(new("exclude_judge"), typed(round="arena", judge="j01", entry="e01"))
    client.logout()
    return Ruling.objects.get()


def settle(client, do, **extra):
    form = client.get(RULING).context["form"]
    data = {"op": form["op"].value(), "revision": form["revision"].value(), "do": do, **extra}
    return client.post(RULING, data, follow=True)


@pytest.mark.parametrize("address", [LIST, RULING])
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("organiser", 200),
        ("clerk", 200),
        ("auditor", 200),
        ("outsider", 404),
        ("leader", 403),
        ("admin", 403),
        ("judge", 403),
        ("secretary", 403),
    ],
)
def test_only_insiders_read_rulings(client, ruling, request, address, who, status):
    client.force_login(request.getfixturevalue(who))
    assert client.get(address).status_code == status


@pytest.mark.parametrize("address", [new("veto"), CORRECT])
@pytest.mark.parametrize(
    ("who", "status"), [("organiser", 200), ("clerk", 403), ("auditor", 403), ("outsider", 404)]
)
def test_only_organisers_record_rulings(client, ruling, request, address, who, status):
    client.force_login(request.getfixturevalue(who))
    assert client.get(address).status_code == status


def test_a_clerk_may_not_verify_a_ruling(client, ruling, clerk):
    client.force_login(clerk)
    assert client.post(RULING).status_code == 403
    assert "核对无误" not in client.get(RULING).content.decode()


def test_a_stranger_is_asked_to_sign_in_and_wrong_methods_are_refused(client, ruling, organiser):
    assert client.get(LIST).status_code == 302
    client.force_login(organiser)
    assert client.post(LIST).status_code == 405
    assert client.get(new("bribe")).status_code == 404
    assert client.get(reverse("work_ruling", args=[*SLUG, "r99"])).status_code == 404


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_kind_has_its_form(client, case, organiser, kind):
    client.force_login(organiser)
    page = client.get(new(kind)).content.decode()
    assert KINDS[kind].title in page and KINDS[kind].hint in page


@pytest.mark.parametrize(
    ("kind", "subject", "words"),
    [
        ("exclude_entry", {"entry": "e01"}, "城关镇不参加所有榜单排名"),
        ("set_points", {"criterion": "income", "entry": "e01", "value": "32.5"}, "得 32.5 分"),
        ("part_year", {"track": "person", "entry": "s01", "value": "count"}, "照常计入"),
        ("tie_order", {"track": "township", "place:e02": 1, "place:e01": 2}, "双河镇、城关镇"),
        ("boundary", {"of": "good", "entries": ["e02"]}, "由双河镇获得"),
        ("boundary", {"of": "good", "nobody": "on"}, "都不给予"),
        ("veto", {"of": "accident", "entry": "e01"}, "重大事故"),
        ("revoke_flag", {"of": "red", "entry": "e01"}, "摘去城关镇"),
    ],
)
def test_each_kind_is_recorded_from_its_form(client, case, organiser, kind, subject, words):
    client.force_login(organiser)
    response = client.post(new(kind), typed(**subject), follow=True)
    assert response.redirect_chain == [(RULING, 302)]
    assert words in response.content.decode()
    assert words in client.get(LIST).content.decode()


def test_errors_stand_beside_the_fields(client, case, organiser):
    client.force_login(organiser)
    page = client.post(new("set_points"), typed(criterion="income", entry="e01", value="99"))
    assert "满分 40 分" in page.content.decode()
    same = {"track": "township", "place:e01": 1, "place:e02": 1}
    assert "同样的先后" in client.post(new("tie_order"), typed(**same)).content.decode()
    for unclear in ({"of": "good"}, {"of": "good", "entries": ["e02"], "nobody": "on"}):
        assert "都不给予" in client.post(new("boundary"), typed(**unclear)).content.decode()
    page = client.post(new("exclude_judge"), {"op": uuid.uuid4()}).content.decode()
    assert "请选择环节。" in page and "请写明理由。" in page
    assert not Ruling.objects.exists()


def test_a_colleague_verifies_and_it_can_be_withdrawn(client, ruling, organiser, colleague):
    client.force_login(organiser)
    assert "必须是两个人" in settle(client, "verify").content.decode()
    client.force_login(colleague)
    assert "已核对，计入统分" in settle(client, "verify").content.decode()
    assert "申请撤回" in settle(client, "withdraw", reason="会议撤销").content.decode()
    client.force_login(organiser)
    assert "已撤回" in settle(client, "verify").content.decode()


def test_a_returned_ruling_says_why(client, ruling, colleague):
    client.force_login(colleague)
    assert "请写明退回原因" in settle(client, "return").content.decode()
    assert "文号不对" in settle(client, "return", reason="文号不对").content.decode()
    assert "文号不对" not in client.get(LIST + "?state=verified").content.decode()


def test_a_stale_correction_shows_both_versions(client, ruling, organiser, colleague):
    subject = {"round": "arena", "judge": "j01"}
    client.force_login(organiser)
    stale = client.get(CORRECT).context["form"]["revision"].value()
    client.force_login(colleague)
    fresh = client.get(CORRECT).context["form"]["revision"].value()
    saved = client.post(CORRECT, typed(**subject, entry="e02", revision=fresh))
    assert saved.status_code == 302
    client.force_login(organiser)
    response = client.post(CORRECT, typed(**subject, entry="", revision=stale))
    rows = {row["label"]: (row["left"], row["right"]) for row in response.context["stale"]}
    assert rows["参评对象"] == ("（空）", "双河镇")
    form = response.context["form"]
    again = typed(**subject, entry="", revision=form["revision"].value(), op=form["op"].value())
    assert client.post(CORRECT, again).status_code == 302
    assert Ruling.objects.get().subject["entry"] == ""


@pytest.mark.parametrize("address", [LIST, RULING, new("tie_order")])
def test_pages_take_the_same_number_of_queries_at_1_and_11(
    client, ruling, case, organiser, address, django_assert_num_queries
):
    client.force_login(organiser)
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    expected = len(queries)
    for unit in add_units(case, *(f"第{number}乡" for number in range(9))):
        client.post(new("exclude_entry"), typed(entry=unit.key))
    assert Ruling.objects.count() == 10
    with django_assert_num_queries(expected):
        client.get(address)
