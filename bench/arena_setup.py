"""Makes the competition that the arena's measurement tells about; prints an organiser's cookie."""

import datetime

from django.utils import timezone

from bench.sessions import open_session
from competitions.models import Competition, Person, Role, User


def main():
    """This function will make a competition, an organiser and her session."""
    Competition.objects.create(
        slug="bench",
        title="测量用比武",
        host_code="150802",
        host_name="临河区",
        year=2022,
        created_at=timezone.now(),
    )
    person = Person.objects.create(name="测量员（演示）")
    user = User.objects.create(username="bench", person=person)
    Role.objects.create(
        person=person, kind="organiser", host_code="150802", since=datetime.date(2020, 1, 1)
    )
    print(open_session(user))
