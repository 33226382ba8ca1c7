"""The staff's side of the audience's page: opened, closed, and announced by a printed poster."""

from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from arena.access import get_panel_for
from arena.actions.audience import close_page, open_page
from arena.forms.stage import PageForm
from arena.jury_rules import jury_criterion
from arena.queries.stage import find_event, is_page_open
from arena.views.console import act_on
from arena.views.draw import draw_frame
from arena.views.judges import LOOPBACK
from competitions.gates import enter
from competitions.qr import qr_svg
from competitions.roles import INSIDERS, STAFF


@enter(write=STAFF)
def audience(request, slug, round_key):
    """This function will open the audience's page to everybody, or close it."""

    def act(event, data):
        change = open_page if data["open"] else close_page
        change(event=event, by=request.user.person, now=timezone.now())

    refused = "观众页没有变动：打开以前请先勾选确认的一句"
    return act_on(request, slug, round_key, PageForm, act, refused)


@enter(read=INSIDERS)
def poster(request, slug, round_key):
    """This function will show the poster with the address of the audience's page, to be printed."""
    panel = get_panel_for(request.role, slug, round_key)
    event = find_event(panel.competition, round_key)
    if event is None or event.drawn_at is None or jury_criterion(panel.round) is not None:
        raise Http404("还没有抽签，或者本环节设大众评委，用席位码进入。")
    address = request.build_absolute_uri(reverse("hall", args=[slug, round_key]))
    context = draw_frame(request, panel, event, ("观众页海报", None)) | {
        "address": address,
        "qr": qr_svg(address, "观众页的二维码"),
        "is_open": is_page_open(event),
        "local": request.get_host().rsplit(":", 1)[0] in LOOPBACK,
        "back_url": reverse("work_arena", args=[slug, round_key]),
    }
    return TemplateResponse(request, "arena/poster.html", context)
