"""Loading the demonstration: two years of Linhe and an event ready to be played, lived through the
product's own actions."""

from django.db import transaction

from competitions.models import Competition
from publication.demo import cast, ending, event_2024, year_2022, year_2023
from publication.demo.accounts import create_people

SLUGS = ("linhe-2022", "linhe-2023", event_2024.SLUG)


def is_loaded():
    """This function will return whether the demonstration is in the database already."""
    return Competition.objects.filter(slug__in=SLUGS).count() == len(SLUGS)


@transaction.atomic
def load_demonstration():
    """This function will load accounts, both years and the event, all or nothing; False when
    it was there."""
    if is_loaded():
        return False
    people = create_people(cast.EVERYBODY)
    first = year_2022.live(people)
    ending.conclude(first)
    year_2023.live(people, previous=first.competition)
    event_2024.live(people)
    return True
