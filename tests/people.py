"""The named people of the tests, as fixtures: an organiser and her colleague, a clerk, a judge, a
secretary and his neighbour, an auditor, an administrator, and outsiders from another county."""

import datetime

import pytest

from competitions.models import Person
from competitions.queries.replay import Identities
from competitions.roles import RoleKind
from publication.lines import find_spans
from tests import factories
from tests.kept import keep

OTHER_HOST = "371323"


def _account(name, *kinds, host_code=factories.HOST):
    def build():
        user = factories.UserFactory(person__name=name)
        for kind in kinds:
            factories.grant(user.person, kind, "" if kind is RoleKind.ADMIN else host_code)
        return user

    return keep(name, build, alone=True)


@pytest.fixture
def organiser(db):
    return _account("组织员甲", RoleKind.ORGANISER)


@pytest.fixture
def colleague(db):
    """A second organiser: another person, so that two persons can check each other."""
    return _account("组织员乙", RoleKind.ORGANISER)


@pytest.fixture
def clerk(db):
    return _account("计票员丙", RoleKind.CLERK)


@pytest.fixture
def leader(db):
    return _account("领导丁", RoleKind.LEADER)


@pytest.fixture
def auditor(db):
    return _account("监督员戊", RoleKind.AUDITOR)


@pytest.fixture
def admin(db):
    return _account("管理员己", RoleKind.ADMIN)


@pytest.fixture
def outsider(db):
    """An organiser of another county."""
    return _account("外县组织员", RoleKind.ORGANISER, host_code=OTHER_HOST)


@pytest.fixture
def nobody(db):
    """An account without any role."""
    return _account("无角色者")


@pytest.fixture
def competition(db):
    return keep(
        "competition",
        lambda: factories.CompetitionFactory(slug="linhe-2022", title="临河区2022年擂台比武"),
        alone=True,
    )


@pytest.fixture
def judge(competition):
    """An account whose person sits on the panel of `competition`."""
    user = _account("评委庚")
    user.judge = factories.JudgeFactory(competition=competition, person=user.person)
    return user


@pytest.fixture
def secretary(competition):
    """The party secretary of an entry of `competition`."""
    return _secretary(competition, "书记辛", "狼山镇")


@pytest.fixture
def neighbour(competition):
    """The party secretary of another entry of the same competition."""
    return _secretary(competition, "书记壬", "新华镇")


def _secretary(competition, name, unit_name):
    user = _account(name)
    unit = factories.UnitFactory(name=unit_name)
    user.term = factories.PartySecretaryFactory(
        person=user.person, unit=unit, since=datetime.date(2021, 1, 1)
    )
    user.entry = factories.EntryFactory(competition=competition, unit=unit)
    return user


def identities(competition):
    """This function will return who and what the ids in a competition's own record mean here."""
    people = {key.hex: pk for key, pk in Person.objects.values_list("uuid", "pk")}
    return Identities(find_spans(competition), people, {})
