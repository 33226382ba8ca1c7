"""Prints the session cookie of a demo secretary whose results are published."""

import django

django.setup()

from importlib import import_module  # noqa: E402

from django.conf import settings  # noqa: E402
from django.contrib.auth import (  # noqa: E402
    BACKEND_SESSION_KEY,
    HASH_SESSION_KEY,
    SESSION_KEY,
)
from django.utils.crypto import get_random_string  # noqa: E402

from competitions.models import Entry, User  # noqa: E402


def main():
    """This function will make a session for the secretary of the first entry and print it."""
    entry = Entry.objects.filter(
        competition__slug="linhe-2022", subject=Entry.Subject.SECRETARY
    ).first()
    user = User.objects.get(person=entry.term.person)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["role"] = f"secretary:{entry.term_id}"
    session.save()
    # A browser also sends the token that it got with its first page.
    token = get_random_string(32)
    print(f"{settings.SESSION_COOKIE_NAME}={session.session_key}; csrftoken={token}")


main()
