"""Prints the session cookie of a demo secretary whose results are published."""

from django.utils.crypto import get_random_string

from bench.sessions import open_session
from competitions.models import Entry, User


def main():
    """This function will make a session for the secretary of the first entry and print it."""
    entry = Entry.objects.filter(
        competition__slug="linhe-2022", subject=Entry.Subject.SECRETARY
    ).first()
    user = User.objects.get(person=entry.term.person)
    cookie = open_session(user, role=f"secretary:{entry.term_id}")
    # A browser also sends the token that it got with its first page.
    print(f"{cookie}; csrftoken={get_random_string(32)}")
