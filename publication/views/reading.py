"""Pages that read what has been published: stored bytes, sent as they were frozen."""

import re

from django.http import HttpResponse, HttpResponseNotModified
from django.template.response import TemplateResponse
from django.urls import reverse

from competitions.gates import enter
from competitions.models.competition import DEMO_MARK
from competitions.roles import RoleKind
from publication import access
from publication.models import HTML, Circle
from publication.render import base_address

REFUSED = re.compile(r"q\s*=\s*0(\.0*)?")
LEADING_READERS = {RoleKind.LEADER, RoleKind.ORGANISER, RoleKind.AUDITOR}


@enter(read={RoleKind.ANYONE})
def county_page(request, slug, path=""):
    """This function will send a page published to the whole county; nobody needs to sign in."""
    return _answer(request, access.get_page, slug, Circle.COUNTY, path)


@enter(read={RoleKind.ANYONE})
def notice_page(request, slug, path=""):
    """This function will send a page of the public notice (社会公示)."""
    return _answer(request, access.get_page, slug, Circle.PUBLIC, path)


@enter(read=LEADING_READERS)
def leading(request):
    """This function will list the competitions that have been laid before the leading group."""
    competitions = access.find_leading_competitions(request.role)
    return TemplateResponse(request, "publication/leading.html", {"competitions": competitions})


@enter(read=LEADING_READERS)
def leading_page(request, slug, path=""):
    """This function will send a page published to the leading group only."""
    response = _answer(request, access.get_leading_page, request.role, slug, path)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@enter(read={RoleKind.SECRETARY})
def mine(request):
    """This function will list the competitions of which the secretary may read something."""
    context = {
        "competitions": access.find_own_competitions(request.role),
        "breadcrumbs": [("我的成绩", None)],
    }
    return TemplateResponse(request, "publication/mine.html", context)


@enter(read={RoleKind.SECRETARY})
def mine_competition(request, slug):
    """This function will show a secretary her own place and the reasons for it."""
    own = access.get_own_results(request.role, slug)
    context = {
        "competition": own.title,
        "own": own,
        "reasons": access.find_own_reasons(request.role, slug) if own.fragments else [],
        "demo": DEMO_MARK if own.demo else "",
        "breadcrumbs": [("我的成绩", reverse("mine_list")), (own.title, None)],
    }
    response = TemplateResponse(request, "publication/mine_competition.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _answer(request, find, *args):
    """The stored page that `find` finds; or, in words, that its results were withdrawn."""
    try:
        return _send(request, find(*args, packed=_packed(request)))
    except access.Withdrawn as gone:
        version = gone.version
        base = base_address(version.competition.slug, Circle(version.circle))
        context = {
            "competition": version.competition,
            "version": version,
            "demo": DEMO_MARK if version.competition.demo else "",
            "tabs": [("概览", base)],
            "here": base,
            "rules": gone.rules,
            "base": base,
        }
        if gone.rules:
            rules = f"{base_address(version.competition.slug, Circle.COUNTY)}rules/"
            context["tabs"].append(("规则", rules))
        response = TemplateResponse(
            request, "publication/withdrawn.html", context, status=200 if gone.early else 410
        )
        response.headers["Cache-Control"] = "no-store"
        return response


def _packed(request):
    """Whether the browser takes gzip: named (or all are, by *) and not refused by q=0."""
    taken = {}
    for part in request.headers.get("Accept-Encoding", "").lower().split(","):
        name, *parameters = (word.strip() for word in part.split(";"))
        refused = any(REFUSED.fullmatch(parameter) for parameter in parameters)
        taken[name] = not refused
    return taken.get("gzip", taken.get("*", False))


def _send(request, page):
    etag, content_type, body, packed = page
    tag = f'"{etag}"'
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(bytes(body), content_type=content_type)
        if packed:
            response.headers["Content-Encoding"] = "gzip"
        if content_type != HTML:
            # A file to keep: the bundle and the verifier.
            response.headers["Content-Disposition"] = "attachment"
    response.headers["ETag"] = tag
    response.headers["Vary"] = "Accept-Encoding"
    # The browser may keep a copy but asks each time: a withdrawn page must vanish at once.
    response.headers["Cache-Control"] = "no-cache"
    return response
