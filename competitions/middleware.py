"""Puts the roles of the signed-in person, and the one that is active, on the request."""

from django.conf import settings
from django.shortcuts import redirect

from competitions.access import find_roles

SESSION_KEY = "role"


def active_role(get_response):
    """This function will return a middleware that sets `request.roles` and `request.role`.

    The active role is the one named in the session if still held, otherwise the first.
    """

    def middleware(request):
        # Readers of public pages carry no session: nothing is looked up for them.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            request.roles = find_roles(request.user.person)
            chosen = request.session.get(SESSION_KEY)
            request.role = next(
                (role for role in request.roles if role.key == chosen),
                request.roles[0] if request.roles else None,
            )
        else:
            request.roles, request.role = [], None
        return get_response(request)

    return middleware


# What somebody with an initial password may still reach.
OPEN_WITH_INITIAL_PASSWORD = {"own_password", "signout", "healthz"}


def password_first(get_response):
    """This function will return a middleware that asks for an own password before anything else.

    An account with an initial password, which somebody else printed, reaches no other page.
    """

    def middleware(request):
        return get_response(request)

    def process_view(request, view, args, kwargs):
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        user = request.user
        if not user.is_authenticated or not user.must_change_password:
            return None
        if request.resolver_match.url_name in OPEN_WITH_INITIAL_PASSWORD:
            return None
        return redirect("own_password")

    middleware.process_view = process_view
    return middleware
