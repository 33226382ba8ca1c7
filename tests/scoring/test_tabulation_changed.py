"""A tabulation that somebody changed in the database gives no number on any page of the staff."""

import copy
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from competitions.orders import find_places
from scoring.actions.tabulation import tabulate_competition
from scoring.models import Tabulation
from scoring.queries.scheme_trial import find_sources, read_source
from scoring.queries.sealed import TabulationMismatch
from tests import factories
from tests.scoring.evidence_case import add_judge, fill, publish

PAGES = [
    ("work_tabulation_result", (), {}),
    ("work_tabulation_result", (), {"round": "arena"}),
    ("work_tabulation_print", (), {}),
    ("work_tabulation_export", (), {"track": "township"}),
    ("work_explanation", ("township", "e01"), {}),
]


@pytest.fixture
def stored(competition, organiser, colleague):
    publish(competition, organiser.person)
    fill(competition, organiser, colleague, judges=[add_judge(competition, 1, "arena")])
    return tabulate_competition(
        competition=competition, by=organiser.person, now=timezone.now(), op=uuid.uuid4()
    )


def turn(stored, **more):
    """Put the second first, with a total of its own, behind the product's back."""
    result = copy.deepcopy(stored.result)
    entries = result["tracks"]["township"]["entries"]
    entries["e01"]["place"], entries["e02"]["place"] = 2, 1
    entries["e02"]["total"] = "98.76"
    Tabulation.objects.filter(id=stored.id).update(result=result, **more)


def ask(client, stored, page):
    name, rest, query = page
    address = reverse(name, args=[stored.competition.slug, stored.number, *rest])
    return client.get(address, query)


@pytest.mark.parametrize("page", PAGES)
def test_changed_tabulation_is_shown_as_such_without_numbers(client, stored, organiser, page):
    client.force_login(organiser)
    assert ask(client, stored, page).status_code == 200
    turn(stored)
    answer = ask(client, stored, page)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "与记录不符，请勿使用" in text and "第 1 次统分存储的结果与存证不符" in text
    assert "98.76" not in text and "data-label" not in text


def test_tabulation_changed_together_with_its_digest_is_found(client, stored, organiser):
    client.force_login(organiser)
    turn(stored, result_digest="0" * 64)
    answer = ask(client, stored, PAGES[0])
    assert answer.status_code == 409 and "登记与存证不符" in answer.content.decode()


def test_tables_are_not_ordered_by_places_that_were_changed(client, stored, organiser):
    assert set(find_places(stored.competition).values()) == {1, 2}
    turn(stored)
    assert find_places(stored.competition) == {}
    client.force_login(organiser)
    page = client.get(f"/work/{stored.competition.slug}/entrants/?order=place")
    assert page.context["arrangement"].order == "official"


def test_places_take_one_query(stored):
    find_places(stored.competition)
    with CaptureQueriesContext(connection) as queries:
        find_places(stored.competition)
    assert len(queries) == 2  # The places themselves, and the ids of the entries.


def test_rules_are_not_tried_on_a_year_that_was_changed(stored):
    other = factories.CompetitionFactory(year=2023)
    key = find_sources(other)[0][0]
    assert read_source(other, key).names
    turn(stored)
    with pytest.raises(TabulationMismatch, match="与存证不符"):
        read_source(other, key)
