"""Which year is the previous one: chosen freely before the rules are published, then for a reason;
a year whose rules look back and that has not said it is told so."""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from competitions import actions
from competitions.models import Competition
from competitions.queries import scheme_of
from competitions.queries.year import find_earlier_todos
from competitions.scheme.earlier import find_asking
from competitions.scheme.shipped import read_shipped
from record.actions import StaleRevision
from record.models import PrivateValue, Revision
from tests import factories

ADDRESS = "/work/linhe/previous/"


@pytest.fixture
def earlier(linhe):
    return factories.CompetitionFactory(year=linhe.year - 1, title="临河区2021年擂台比武")


@pytest.fixture
def common(linhe, organiser, now):
    return {"competition": linhe, "by": organiser.person, "now": now}


def running(competition):
    Competition.objects.filter(pk=competition.pk).update(stage=Competition.Stage.RUNNING)
    competition.refresh_from_db()


def said(competition):
    return list(Revision.objects.of_chain(competition.chain).of_kind("competition.previous"))


def test_previous_is_named_freely_and_recorded_each_time(linhe, earlier, common):
    op = uuid.uuid4()
    for _ in range(2):
        actions.name_previous(previous=earlier, is_first=False, op_id=op, **common)
    actions.name_previous(previous=None, is_first=True, **common)
    first, second = said(linhe)
    assert first.facts == {"previous": earlier.chain, "first": False, "reason": ""}
    assert second.facts == {"previous": "", "first": True, "reason": ""}
    assert second.replaces == first.op_id
    linhe.refresh_from_db()
    assert linhe.previous is None and linhe.is_first


def test_previous_needs_a_reason_once_the_rules_are_published(linhe, earlier, common):
    running(linhe)
    with pytest.raises(ValidationError, match="须写明理由"):
        actions.name_previous(previous=earlier, is_first=False, reason=" ", **common)
    actions.name_previous(previous=earlier, is_first=False, reason="新建时漏选", **common)
    assert "新建时漏选" not in said(linhe)[0].body
    assert PrivateValue.objects.get().value == "新建时漏选"


@pytest.mark.parametrize(
    ("year", "host", "demo", "why"),
    [
        (2022, "150802", False, "以前年度"),
        (2021, "371323", False, "以前年度"),
        (2021, "150802", True, "演示"),
    ],
)
def test_previous_is_an_earlier_real_year_of_the_county(common, year, host, demo, why):
    other = factories.CompetitionFactory(year=year, host_code=host, demo=demo)
    with pytest.raises(ValidationError, match=why):
        actions.name_previous(previous=other, is_first=False, **common)


def test_previous_is_one_of_two_and_never_both(linhe, earlier, common):
    with pytest.raises(ValidationError, match="请选择上一届"):
        actions.name_previous(previous=None, is_first=False, **common)
    with pytest.raises(ValidationError, match="不能再选上一届"):
        actions.name_previous(previous=earlier, is_first=True, **common)
    with pytest.raises(ValidationError, match="没有改动"):
        actions.name_previous(previous=None, is_first=True, **common)
    with pytest.raises(IntegrityError), transaction.atomic():
        Competition.objects.filter(pk=linhe.pk).update(previous=earlier, is_first=True)
    assert said(linhe) == []


def test_second_of_two_who_change_it_is_told(earlier, common):
    actions.name_previous(previous=earlier, is_first=False, revision=None, **common)
    with pytest.raises(StaleRevision):
        actions.name_previous(previous=None, is_first=True, revision=None, **common)


def test_page_says_what_is_recorded_and_keeps_it(client, linhe, earlier, organiser):
    client.force_login(organiser)
    assert "本届是第一届，进步和连续次数从本届算起" in client.get(ADDRESS).content.decode()
    form = client.get(ADDRESS).context["form"]
    data = {"op": form["op"].value(), "revision": "", "previous": str(earlier.pk)}
    page = client.post(ADDRESS, data, follow=True).content.decode()
    assert "已记录上一届" in page and "临河区2021年擂台比武（2021 年）" in page
    stale = client.post(ADDRESS, {**data, "op": uuid.uuid4(), "previous": "first"})
    assert "上一届已被别人改过" in stale.content.decode()
    running(linhe)
    revision = said(linhe)[0].op_id
    data = {"op": uuid.uuid4(), "revision": revision, "previous": "first", "reason": "没有可比的"}
    page = client.post(ADDRESS, data, follow=True).content.decode()
    assert "没有可比的" in page and organiser.person.name in page
    assert "上一届为" not in client.get("/work/linhe/").content.decode()


def test_year_whose_rules_look_back_is_asked_to_say_to_which(linhe, now):
    """Of the shipped schemes the annual one pays for progress; the model case looks at no other
    year."""
    scheme = scheme_of(linhe.scheme_versions.get())
    annual = read_shipped("county-annual")
    assert find_asking(scheme) == [] and len(find_asking(annual)) == 1
    assert find_earlier_todos(linhe, annual) == []
    linhe.is_first = False
    assert find_earlier_todos(linhe, scheme) == []
    (todo,) = find_earlier_todos(linhe, annual)
    assert todo.url == ADDRESS and "统分不完整" in todo.title
