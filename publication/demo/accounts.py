"""The accounts of the demonstration: one password for all, hashed once."""

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.urls import reverse

from competitions import actions
from competitions.access import find_roles
from competitions.models import Competition, User
from competitions.roles import RoleKind, start_of
from publication.demo import cast, event_2024
from publication.demo.moments import moment, op

PASSWORD = "yanshi-linhe-2022"  # noqa: S105 - printed on purpose; refused outside the demonstration
BEGAN = (2022, 2, 10)


def create_people(members):
    """This function will create people with their accounts and roles: {username: Person}."""
    encoded = make_password(PASSWORD)
    people = {}
    administrator = None
    # The administrator comes first: he opens everybody else's account.
    for member in sorted(members, key=lambda member: RoleKind.ADMIN not in member.kinds):
        person = actions.create_person(name=member.full_name, post=member.post)
        people[member.username] = person
        actions.create_account(
            person=person,
            username=member.username,
            by=administrator,
            now=moment(*BEGAN),
            op_id=op("account", member.username),
            encoded=encoded,
        )
        for kind in member.kinds:
            actions.grant_role(
                person=person,
                kind=kind,
                host_code="" if kind is RoleKind.ADMIN else cast.HOST_CODE,
                since=moment(*BEGAN).date(),
                by=administrator,
                now=moment(*BEGAN),
                op_id=op("role", member.username, kind),
            )
        if RoleKind.ADMIN in member.kinds:
            administrator = person
    return people


def find_accounts():
    """This function will return (role, account, person's name, first address) to be printed.

    One line at least for each role; empty while the demonstration is not loaded.
    """
    if not User.objects.filter(username=cast.STAFF[0].username).exists():
        return []
    rows = [(member.shown, member) for member in cast.STAFF]
    rows += [(member.shown or "擂台评委", member) for member in cast.ARENA_JUDGES[:5]]
    rows += [("“新春擂台”评委", member) for member in cast.ARENA_JUDGES[-1:]]
    rows += [("联评评委", member) for member in cast.REVIEWERS[:2]]
    rows += [(member.post, member) for member in cast.SECRETARIES[:2]]
    names = [member.username for _, member in rows]
    users = User.objects.select_related("person").in_bulk(names, field_name="username")
    return [
        (said, member.username, member.full_name, _address(users[member.username].person))
        for said, member in rows
    ]


def find_play():
    """This function will say on the front door of the demonstration how its event is played: its
    title, the console's address, and the account with the password. None anywhere else."""
    if settings.MODE != "demo":
        return None
    event = Competition.objects.filter(slug=event_2024.SLUG, demo=True).first()
    if event is None:
        return None
    return {
        "title": event.title,
        "url": reverse("work_arena", args=[event.slug, event_2024.ROUND]),
        "account": cast.STAFF[0].username,
        "password": PASSWORD,
    }


def _address(person):
    """Where sign-in leads: by the first of the roles held."""
    return start_of(next(iter(find_roles(person)), None))
