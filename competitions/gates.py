"""The gate of every route: who may read it and who may change something through it.

A route without a gate stops the server (see competitions.checks). The gate looks at the kind of the
active role only; whether this person may see this object is decided in each app's access module.
"""

from dataclasses import dataclass
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponseNotAllowed
from django.template.response import TemplateResponse

from competitions import carried
from competitions.access import refuse_in_archive
from competitions.forms.signin import SigninForm
from competitions.refusals import answer_refusal, find_fitting
from competitions.roles import RoleKind

READING = {"GET", "HEAD"}


@dataclass(frozen=True)
class Gate:
    """Which kinds of role may read a route, and which may post to it (empty: nobody); and whether
    a browser may keep its pages."""

    read: frozenset
    write: frozenset
    kept: bool


def enter(*, read=(), write=(), kept=False):
    """This function will return a decorator that guards a view.

    `read` and `write` are kinds of role (competitions.roles). Somebody who is not signed in is sent
    to the sign-in page, with what she typed; a role that may not read gets 403 with the roles that
    may; a reader who may not write gets 403; a method that nobody may use gets 405.

    What not everybody may read is kept by no browser (competitions.middleware.private_pages),
    unless the view says itself how long its answer keeps, or the gate says `kept`: a long form
    without marks or money, to which Back returns with what was typed.
    """
    kinds = {*read, *write}
    gate = Gate(frozenset(read), frozenset(write), kept or RoleKind.ANYONE in kinds)

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            allowed = gate.read if request.method in READING else gate.write
            if request.method not in READING | {"POST"} or not allowed:
                methods = (["GET", "HEAD"] if gate.read else []) + (["POST"] if gate.write else [])
                return HttpResponseNotAllowed(methods)
            if is_open_to(allowed, request):
                return view(request, *args, **kwargs)
            if not request.user.is_authenticated:
                return ask_to_sign_in(request)
            return refuse(request, allowed)

        guarded.gate = gate
        return guarded

    return decorate


def is_open_to(allowed, request):
    """This function will return whether the request's active role is among the allowed kinds."""
    if RoleKind.ANYONE in allowed:
        return True
    if not request.user.is_authenticated:
        return False
    if RoleKind.SIGNED_IN in allowed:
        return True
    return request.role is not None and request.role.kind in allowed


def ask_to_sign_in(request):
    """This function will lead to the sign-in page, and from there back to the page asked for.

    A form that was filled in while the session ended is answered by the sign-in page itself, which
    carries what was typed (competitions.carried).
    """
    brought = carried.carry(request)
    if brought is None:
        return redirect_to_login(carried.page_of(request))
    context = {"form": SigninForm(), "next": brought.page, "carried": brought}
    answer = TemplateResponse(request, "config/signin.html", context, status=401)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def refuse(request, allowed):
    """This function will answer 403 and name the roles that may enter, and those held, with what
    was typed; a judge of a competition in the archive is told that it is there."""
    if RoleKind.JUDGE in allowed:
        slug = request.resolver_match.kwargs.get("slug", "")
        refuse_in_archive(slug, [request.user.person])
    return answer_refusal(
        request,
        "errors/403.html",
        status=403,
        needed=[kind.label for kind in sorted(allowed, key=lambda kind: kind.value)],
        fitting=find_fitting(request),
        writing=request.method not in READING,
    )
