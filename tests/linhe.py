"""A competition as an organiser sets it up: from the shipped scheme, with its first entrants."""

import datetime

import pytest
from django.utils import timezone

from competitions import actions
from competitions.entrants import Entrant
from competitions.models import Entry
from publication.demo.rules import rules_of
from record.actions import append
from record.models import Revision
from tests import factories
from tests.kept import keep

NOW = datetime.datetime(2022, 3, 1, 9, 0, tzinfo=timezone.get_default_timezone())


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def scheme():
    return rules_of(2022)


@pytest.fixture
def linhe(organiser, scheme):
    """A competition in draft with two towns and a farm, made by the organiser."""
    return keep("linhe", lambda: _create(scheme, organiser))


def _create(scheme, organiser):
    return actions.create_competition(
        host_code=factories.HOST,
        host_name="临河区",
        year=2022,
        scheme=scheme,
        slug="linhe",
        title="临河区2022年擂台比武",
        is_first=True,
        entrants=[
            Entrant("狼山镇", aliases=("狼山",), division_code="150802100"),
            Entrant("新华镇", aliases=("新华",), division_code="150802101"),
            Entrant("狼山农场", "farm"),
        ],
        by=organiser.person,
        now=NOW,
    )


@pytest.fixture
def entries(linhe):
    """The units' entries in official order."""
    return list(
        Entry.objects.filter(competition=linhe, subject="unit").with_subjects().in_official_order()
    )


@pytest.fixture
def ready(linhe, entries, organiser, colleague):
    """The same competition with secretaries, seated judges and rules that a colleague approved: it
    can be published."""
    keep("ready", lambda: _complete(linhe, entries, organiser, colleague))
    return linhe


def _complete(linhe, entries, organiser, colleague):
    for entry in entries:
        actions.record_term(
            competition=linhe,
            unit=entry.unit,
            person=factories.PersonFactory(),
            since=datetime.date(2021, 1, 1),
            by=organiser.person,
            now=NOW,
        )
    for group, rounds in (("review", ["review1", "review2"]), ("arena", ["arena", "sec-arena"])):
        for _ in range(3):
            actions.appoint_judge(
                competition=linhe,
                person=factories.PersonFactory(),
                group_key=group,
                rounds=rounds,
                by=organiser.person,
                now=NOW,
            )
    actions.approve_scheme(competition=linhe, by=colleague.person, now=NOW)


def facts(competition, kind):
    """This function will return what the latest revision of that kind says."""
    return Revision.objects.of_chain(competition.chain).of_kind(kind).last().facts


def enter_evidence(competition, now):
    """This function will let the record say that the first mark is in."""
    return append(chain=competition.chain, kind="sheets.submitted", body={}, by="1", now=now)
