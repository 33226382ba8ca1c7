"""What no browser keeps; roles on the request; an own password first; what was typed before."""

from django.conf import settings
from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers

from competitions import carried
from competitions.access import find_roles
from competitions.refill import refill

SESSION_KEY = "role"
# The key of the one role that a session may act in: of who did not sign in by a password.
ONLY_ROLE = "only_role"


def private_pages(get_response):
    """This function will return a middleware that lets no browser keep what not everybody may read,
    nor any refusal or error, which may name who asked.

    Back would show it on a shared computer after signing out. Whoever says how long an answer keeps
    is left alone; so is a page whose gate is `kept` or open to everybody (competitions.gates).
    """

    def middleware(request):
        response = get_response(request)
        # A page that a view or another middleware did not find or refused comes this way too.
        gate = getattr(getattr(request.resolver_match, "func", None), "gate", None)
        private = response.status_code >= 400 or (gate is not None and not gate.kept)
        if private and "Cache-Control" not in response.headers:
            add_never_cache_headers(response)
        return response

    return middleware


def active_role(get_response):
    """This function will return a middleware that sets `request.roles` and `request.role`.

    The active role is the one named in the session if still held, otherwise the first.
    """

    def middleware(request):
        # Readers of public pages carry no session: nothing is looked up for them.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            only = request.session.get(ONLY_ROLE)
            held = find_roles(request.user.person)
            request.roles = [role for role in held if only in (None, role.key)]
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

    An account with an initial password, which somebody else printed, reaches no other page. Who
    came in by another way than a password is not asked for one.
    """

    def middleware(request):
        return get_response(request)

    def process_view(request, view, args, kwargs):
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        user = request.user
        if not user.is_authenticated or not user.must_change_password:
            return None
        if ONLY_ROLE in request.session:
            return None
        if request.resolver_match.url_name in OPEN_WITH_INITIAL_PASSWORD:
            return None
        return redirect("own_password")

    middleware.process_view = process_view
    return middleware


# Where a carried form is not for its page, but for whoever asks who is there.
ASKING = {"signin", "signout", "switch_role"}


def typed_before(get_response):
    """This function will return a middleware that opens a page with what was typed into it before.

    A POST of nothing but `carried` reads: the view sees a GET, and its page gets the values back.
    Nothing is saved before the person presses the page's own button.
    """

    def middleware(request):
        response = get_response(request)
        brought = getattr(request, "brought", None)
        return _put_back(request, response, brought) if brought else response

    def process_view(request, view, args, kwargs):
        if request.method != "POST" or not request.user.is_authenticated:
            return None
        if carried.FIELD not in request.POST or request.resolver_match.url_name in ASKING:
            return None
        brought = carried.read(request.POST[carried.FIELD])
        address = request.get_full_path()
        if brought is None or brought.page != address or brought.person != request.user.person_id:
            messages.warning(request, "刚才填写的内容没能带回来，没有保存。请重新填写。")
            return redirect(address if carried.page_of(request) == address else "home")
        request.brought = brought
        request.method, request.POST = "GET", QueryDict()
        return None

    middleware.process_view = process_view
    return middleware


def _put_back(request, response, brought):
    html = response.headers.get("Content-Type", "").startswith("text/html")
    if response.status_code != 200 or response.streaming or not html:
        if response.status_code in {301, 302, 303}:
            messages.warning(
                request, "您刚才填写的那一页现在打不开了，填写的内容没有保存。请看看下面的情况。"
            )
        return response
    page = refill(
        response.content.decode(response.charset),
        page=brought.page,
        to=brought.to,
        fields=None if brought.too_long else brought.fields,
    )
    notice = render_to_string("components/carried.html", {"carried": brought, "page": page})
    response.content = page.html[: page.at] + notice + page.html[page.at :]
    response.headers["Cache-Control"] = "no-store"
    return response
