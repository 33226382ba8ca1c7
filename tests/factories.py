"""Factories for the few rows that nearly every test needs."""

import datetime

import factory
from django.utils import timezone

from competitions import models

HOST = "150802"
YEAR_START = datetime.date(2022, 1, 1)


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Person

    name = factory.Sequence(lambda n: f"测试{n}")


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.User

    username = factory.Sequence(lambda n: f"user{n}")
    person = factory.SubFactory(PersonFactory)
    password = factory.django.Password("correct horse battery")


class UnitFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Unit

    host_code = HOST
    name = factory.Sequence(lambda n: f"第{n}镇")
    official_order = factory.Sequence(lambda n: n)


class CompetitionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Competition

    slug = factory.Sequence(lambda n: f"competition-{n}")
    title = factory.Sequence(lambda n: f"第{n}届乡村振兴擂台比武")
    host_code = HOST
    host_name = "临河区"
    year = 2022
    previous = None
    is_first = factory.LazyAttribute(lambda made: made.previous is None)
    created_at = factory.LazyFunction(timezone.now)


class EntryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Entry

    competition = factory.SubFactory(CompetitionFactory)
    key = factory.Sequence(lambda n: f"e{n:03d}")
    subject = models.Entry.Subject.UNIT
    unit = factory.SubFactory(UnitFactory)
    official_order = factory.Sequence(lambda n: n)


class PartySecretaryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.PartySecretary

    person = factory.SubFactory(PersonFactory)
    unit = factory.SubFactory(UnitFactory)
    since = YEAR_START


class JudgeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Judge

    competition = factory.SubFactory(CompetitionFactory)
    key = factory.Sequence(lambda n: f"j{n:03d}")
    person = factory.SubFactory(PersonFactory)
    number = factory.Sequence(lambda n: n + 1)


def grant(person, kind, host_code=HOST):
    """This function will give the person a role since the start of 2020."""
    return models.Role.objects.create(
        person=person, kind=kind.value, host_code=host_code, since=datetime.date(2020, 1, 1)
    )
