"""A village's secretary is a 党支部书记, and nowhere called by a town's office."""

import datetime
import io

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from competitions import actions
from competitions.access import find_roles
from competitions.entrants import Entrant
from competitions.offices import office_among, office_of
from competitions.queries.names import find_entry_names
from competitions.scheme.shipped import read_shipped
from competitions.templatetags.leitai import who
from publication.render import office_in
from scoring.queries.exports import subject_of
from tests import factories

PAGES = ["", "entrants/", "secretaries/", "secretaries/add/", "people/", "tracks/", "recusals/add/"]


@pytest.fixture
def heads(organiser):
    """A competition of two villages whose secretaries compete; one has none yet."""
    competition = actions.create_competition(
        host_code=factories.HOST,
        host_name="临河区",
        year=2024,
        scheme=read_shipped("village-heads-arena"),
        slug="heads",
        entrants=[Entrant("一村", "village"), Entrant("二村", "village")],
        is_first=True,
        by=organiser.person,
        now=timezone.now(),
    )
    factories.PartySecretaryFactory(
        unit=competition.entries.get(key="e01").unit, since=datetime.date(2023, 1, 1)
    )
    return competition


def test_pages_and_sheets_of_villages_name_the_branch_secretary(client, organiser, heads):
    client.force_login(organiser)
    text = {page: client.get(f"/work/heads/{page}").content.decode() for page in PAGES}
    assert "二村没有登记党支部书记" in text[""]
    for page in PAGES:
        assert "党委书记" not in text[page], page
    assert "登记<span" in text["secretaries/"] and "二村党支部书记</span>" in text["secretaries/"]
    sheet = client.get("/work/heads/secretaries/template.xlsx").content
    assert "党支部书记任职" in openpyxl.load_workbook(io.BytesIO(sheet)).active["A1"].value
    pasted = {"text": "村\t党支部书记\t任职日期\n二村\t王二\t2024-01-01\n"}
    page = client.post("/work/heads/secretaries/import/", pasted).content.decode()
    assert "王二" in page and "确认登记" in page
    assert subject_of(read_shipped("village-heads-arena").tracks[0], heads) == "党支部书记"
    unit = heads.entries.get(key="e01").unit
    second = factories.PartySecretaryFactory.build(
        unit=unit, person=factories.PersonFactory(), since=datetime.date(2024, 1, 1)
    )
    with pytest.raises(ValidationError) as refused:
        second.full_clean()
    assert refused.value.messages == ["该单位已有在任党支部书记，请先填写前任的免职日期。"]
    person = unit.secretaries.get().person
    assert [role.title for role in find_roles(person)] == ["一村党支部书记"]


def test_published_page_takes_the_office_from_what_is_frozen(heads):
    names = find_entry_names(heads)
    assert {name["office"] for name in names.values()} == {"党支部书记"}
    assert office_in({"names": names}) == "党支部书记"
    assert office_in({"names": {"e01": {"name": "狼山镇"}}}) == "党委书记"


def test_office_of_units_of_several_kinds_is_said_in_general():
    assert office_of("farm") == "党委书记"
    assert office_among(map(office_of, ["town", "farm"])) == "党委书记"
    assert office_among(map(office_of, ["town", "village"])) == "书记"
    assert office_among([]) == "书记"
    assert [who(subject, "党支部书记") for subject in ("unit", "person", "secretary")] == [
        "参评单位",
        "个人",
        "党支部书记",
    ]
