"""Makes the competition that the arena's measurement tells about; prints an organiser's cookie."""

import django

django.setup()

import datetime  # noqa: E402
from importlib import import_module  # noqa: E402

from django.conf import settings  # noqa: E402
from django.contrib.auth import (  # noqa: E402
    BACKEND_SESSION_KEY,
    HASH_SESSION_KEY,
    SESSION_KEY,
)
from django.utils import timezone  # noqa: E402

from competitions.models import Competition, Person, Role, User  # noqa: E402


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
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    print(f"{settings.SESSION_COOKIE_NAME}={session.session_key}")


main()
