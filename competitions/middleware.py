"""Puts the roles of the signed-in person, and the one that is active, on the request."""

from competitions.access import find_roles

SESSION_KEY = "role"


def active_role(get_response):
    """This function will return a middleware that sets `request.roles` and `request.role`.

    The active role is the one named in the session if still held, otherwise the first.

    """

    def middleware(request):
        if request.user.is_authenticated:
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
