"""The product's addresses, a live page of the tests, and a way to tell something in the server."""

from django.http import HttpResponse
from django.template import engines
from django.urls import include, path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from arena.feed import channel_of, last_number, tell
from competitions.gates import enter
from competitions.models import Competition
from competitions.roles import RoleKind

PAGE = """{% load static %}<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">
<title>现场</title></head><body>
<main data-feed="/feed/{{ slug }}/arena/{{ audience }}/" data-feed-after="{{ last }}">
<p data-feed-state></p><p id="slot-score">—</p><input id="slot-note"></main>
<script src="{% static 'js/feed.js' %}" defer></script></body></html>"""


@enter(read={RoleKind.ANYONE})
def live(request, slug, audience):
    """This function will show a page that follows an audience."""
    competition = Competition.objects.get(slug=slug)
    last = last_number(channel_of(competition, "arena", audience))
    context = {"slug": slug, "audience": audience, "last": last}
    return HttpResponse(engines["django"].from_string(PAGE).render(context, request))


@csrf_exempt
@enter(write={RoleKind.ANYONE})
def say(request, slug, audience):
    """This function will tell an audience what was posted, in this process."""
    competition = Competition.objects.get(slug=slug)
    data = request.POST.dict()
    item = tell(competition, "arena", audience, "said", data, now=timezone.now())
    return HttpResponse(str(item.number))


urlpatterns = [
    path("tests/live/<slug:slug>/<slug:audience>/", live),
    path("tests/say/<slug:slug>/<slug:audience>/", say),
    path("", include("config.urls")),
]
handler400 = "config.views.bad_request"
handler403 = "config.views.forbidden"
handler404 = "config.views.not_found"
handler500 = "config.views.server_error"
