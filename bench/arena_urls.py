"""The product's addresses, three audiences, and a page that tells all of them at once."""

import time

from django.db import transaction
from django.http import Http404, HttpResponse
from django.urls import include, path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from arena.feed import open_to, tell
from competitions.access import get_competition_for
from competitions.gates import enter
from competitions.models import Competition
from competitions.roles import STAFF, RoleKind

FRAGMENT = '<tr><th scope="row">演示</th><td class="num">92.50</td></tr>'


def _anyone(request, slug, round_key):
    competition = Competition.objects.filter(slug=slug).first()
    if competition is None:
        raise Http404("没有这个比武。")
    return competition


def _staff(request, slug, round_key):
    return get_competition_for(request.role, slug)


open_to("bench-hall", read={RoleKind.ANYONE}, find=_anyone)
open_to("bench-judge", read=STAFF, find=_staff)
open_to("bench-screen", read=STAFF, find=_staff)


@csrf_exempt
@enter(write={RoleKind.ANYONE})
def tell_all(request):
    """This function will tell all audiences in one transaction, as a step of the stage does; it
    answers with the moment at which the transaction was committed."""
    competition, committed = Competition.objects.get(slug="bench"), []
    with transaction.atomic():
        # Registered first, called first: right after the commit.
        transaction.on_commit(lambda: committed.append(time.time()))
        for audience, rows in [("bench-hall", 2), ("bench-judge", 2), ("bench-screen", 20)]:
            data = {"slots": {"standing": FRAGMENT * rows}}
            tell(competition, "arena", audience, "step", data, now=timezone.now())
    return HttpResponse(str(committed[0]))


urlpatterns = [path("bench/tell/", tell_all), path("", include("config.urls"))]
handler400 = "config.views.bad_request"
handler403 = "config.views.forbidden"
handler404 = "config.views.not_found"
handler500 = "config.views.server_error"
