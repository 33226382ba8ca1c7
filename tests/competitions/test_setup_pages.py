"""Every page of setting up: who may read it, who may not, and that it costs the same queries
however many entrants there are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from competitions import actions
from competitions.entrants import Entrant
from tests import factories
from tests.kept import keep

READERS = ["organiser", "clerk", "auditor"]
# Address, and whether the organiser alone may read it.
PAGES = [
    ("/work/linhe/", False),
    ("/work/linhe/rules/", False),
    ("/work/linhe/rules/print/", False),
    ("/work/linhe/rules/rules.toml", False),
    ("/work/linhe/rules/draft/", True),
    ("/work/linhe/rules/publish/", True),
    ("/work/linhe/previous/", False),
    ("/work/linhe/entrants/", False),
    ("/work/linhe/entrants/?order=place", False),
    ("/work/linhe/entrants/?order=strokes", False),
    ("/work/linhe/entrants/?order=custom", False),
    ("/work/linhe/entrants/add/", True),
    ("/work/linhe/entrants/import/", True),
    ("/work/linhe/entrants/template.xlsx", False),
    ("/work/linhe/entrants/e01/", True),
    ("/work/linhe/entrants/e01/withdraw/", True),
    ("/work/linhe/secretaries/", False),
    ("/work/linhe/secretaries/add/", True),
    ("/work/linhe/secretaries/import/", True),
    ("/work/linhe/secretaries/template.xlsx", False),
    ("/work/linhe/judges/", False),
    ("/work/linhe/judges/add/", True),
    ("/work/linhe/judges/import/", True),
    ("/work/linhe/judges/template.xlsx", False),
    ("/work/linhe/judges/j01/", True),
    ("/work/linhe/judges/j01/account/", True),
    ("/work/linhe/judges/j01/remove/", True),
    ("/work/linhe/recusals/", False),
    ("/work/linhe/recusals/add/", True),
    ("/work/linhe/recusals/ties/", True),
    ("/work/linhe/schedule/", False),
    ("/work/linhe/schedule/review1/sites/", False),
]
# Addresses that change something and cannot be read.
DOORS = [
    "/work/linhe/entrants/e01/move/",
    "/work/linhe/recusals/1/lift/",
    "/work/linhe/recusals/ties/1/remove/",
]
CHANGING = [
    "/work/linhe/previous/",
    "/work/linhe/rules/draft/",
    "/work/linhe/rules/publish/",
    "/work/linhe/entrants/add/",
    "/work/linhe/entrants/import/",
    "/work/linhe/entrants/e01/",
    "/work/linhe/entrants/e01/withdraw/",
    "/work/linhe/secretaries/add/",
    "/work/linhe/secretaries/import/",
    "/work/linhe/judges/",
    "/work/linhe/judges/add/",
    "/work/linhe/judges/import/",
    "/work/linhe/judges/j01/",
    "/work/linhe/judges/j01/account/",
    "/work/linhe/judges/j01/remove/",
    "/work/linhe/recusals/",
    "/work/linhe/recusals/add/",
    "/work/linhe/recusals/ties/",
    "/work/linhe/schedule/",
    "/work/linhe/schedule/review1/sites/",
    *DOORS,
]
LISTS = [
    "/work/",
    "/work/linhe/",
    "/work/linhe/rules/",
    "/work/linhe/entrants/",
    "/work/linhe/entrants/add/",
    "/work/linhe/entrants/template.xlsx",
    "/work/linhe/secretaries/",
    "/work/linhe/secretaries/template.xlsx",
    "/work/linhe/judges/",
    "/work/linhe/recusals/",
    "/work/linhe/schedule/",
    "/work/linhe/schedule/review1/sites/",
]


@pytest.mark.parametrize(("address", "organiser_only"), PAGES)
def test_page_opens_for_those_who_may_read_it(client, request, ready, address, organiser_only):
    for name in READERS:
        client.force_login(request.getfixturevalue(name))
        expected = 200 if name == "organiser" or not organiser_only else 403
        assert client.get(address).status_code == expected, name


@pytest.mark.parametrize("address", [page for page, _ in PAGES])
def test_page_does_not_exist_for_an_outsider_and_no_browser_keeps_that(
    client, ready, outsider, address
):
    client.force_login(outsider)
    answer = client.get(address)
    assert answer.status_code == 404 and "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("address", [page for page, _ in PAGES])
def test_page_refuses_other_roles_and_asks_strangers_to_sign_in(client, request, ready, address):
    assert client.get(address).url.startswith("/signin/?next=")
    for name in ("leader", "admin", "nobody"):
        client.force_login(request.getfixturevalue(name))
        assert client.get(address).status_code == 403, name


@pytest.mark.parametrize("address", CHANGING)
def test_nobody_but_the_county_s_organiser_changes_anything(client, request, ready, address):
    assert client.post(address).url.startswith("/signin/?next=")
    for name, status in (("clerk", 403), ("auditor", 403), ("admin", 403), ("outsider", 404)):
        client.force_login(request.getfixturevalue(name))
        assert client.post(address).status_code == status, name


@pytest.mark.parametrize("address", DOORS)
def test_address_that_only_changes_cannot_be_read(client, organiser, ready, address):
    client.force_login(organiser)
    assert client.get(address).status_code == 405


@pytest.mark.parametrize("address", [page for page, _ in PAGES if page not in CHANGING])
def test_page_that_only_reads_cannot_be_posted_to(client, organiser, ready, address):
    client.force_login(organiser)
    assert client.post(address).status_code == 405


@pytest.mark.parametrize("address", LISTS)
def test_list_costs_the_same_queries_with_more_of_everything(
    client, organiser, ready, now, address
):
    client.force_login(organiser)
    client.get(address)
    before = count_queries(client, address)
    keep("grown", lambda: grow(ready, organiser.person, now))
    assert before == count_queries(client, address) <= 25


def count_queries(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def grow(competition, by, now):
    """Eight more entrants, secretaries and judges, with accounts, recusals and ties."""
    common = {"competition": competition, "by": by, "now": now}
    names = [f"新增{number}乡" for number in range(8)]
    entries = actions.add_entries(**common, entrants=[Entrant(name) for name in names])
    for entry in entries:
        user = factories.UserFactory()
        judge = actions.appoint_judge(**common, person=user.person, group_key="review")
        actions.record_involvement(**common, person=judge.person, unit=entry.unit, kind="in_charge")
        actions.record_term(**common, unit=entry.unit, person=user.person, since=now.date())
    factories.CompetitionFactory()
