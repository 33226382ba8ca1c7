"""The staff's side of the audience jury: seat codes issued and printed, and how many have voted."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from arena.access import get_panel_for
from arena.actions.jury import issue_seats
from arena.forms.jury import MOST_AT_ONCE, SeatsForm
from arena.jury_rules import jury_criterion
from arena.queries.jury import find_turnout
from arena.queries.screens import look
from arena.queries.stage import find_event, load_live
from arena.stage.seats import show_code
from arena.views.draw import draw_frame
from arena.views.judges import LOOPBACK
from competitions.gates import enter
from competitions.qr import qr_svg
from competitions.roles import INSIDERS, STAFF


@enter(read=INSIDERS)
def jury(request, slug, round_key):
    """This function will show how many seats there are and how many have voted, and to staff the
    form that issues codes. With `?part=1` it answers with the part that pages renew."""
    panel, event = _of(request, slug, round_key)
    live = load_live(event, panel)
    part = jury_part(live, look(live, timezone.now(), scores=False))
    if request.GET.get("part"):
        return TemplateResponse(request, "arena/_jury.html", part)
    context = draw_frame(request, panel, event, ("大众评委", None)) | part
    context |= {
        "form": SeatsForm(),
        "most": MOST_AT_ONCE,
        "local": request.get_host().rsplit(":", 1)[0] in LOOPBACK,
        "address": request.build_absolute_uri(reverse("seat_code")),
    }
    return TemplateResponse(request, "arena/jury.html", context)


@enter(write=STAFF)
@sensitive_variables("made", "printed", "secret", "code")
def issue(request, slug, round_key):
    """This function will issue codes and show them once, to be printed."""
    panel, event = _of(request, slug, round_key, change=True)
    form, made = SeatsForm(request.POST), None
    if form.is_valid():
        try:
            made = issue_seats(
                event=event,
                numbers=form.numbers,
                op=form.cleaned_data["op"],
                by=request.user.person,
                now=timezone.now(),
            )
        except ValidationError as error:
            messages.error(request, error.messages[0])
    else:
        said = form.non_field_errors() or ["请填写席位号，从 1 到 2000。"]
        messages.error(request, said[0])
    if made is None:
        return redirect("work_arena_jury", slug, round_key)
    printed = []
    for seat, secret, code in made:
        address = request.build_absolute_uri(reverse("seat", args=[secret]))
        svg = qr_svg(address, f"{seat.number} 号席位的二维码")
        printed.append({"seat": seat, "qr": svg, "code": show_code(code)})
    context = draw_frame(request, panel, event, ("席位码", None)) | {
        "cards": printed,
        "address": request.build_absolute_uri(reverse("seat_code")),
        "local": request.get_host().rsplit(":", 1)[0] in LOOPBACK,
        "back_url": reverse("work_arena_jury", args=[slug, round_key]),
    }
    return TemplateResponse(request, "arena/jury_print.html", context)


def jury_part(live, view):
    """This function will return what a console shows of the audience jury, or nothing where the
    rules have none: numbers of seats, never of options."""
    if jury_criterion(live.panel.round) is None:
        return {}
    turn = view.turn if view.face != "title" else None
    return {"turnout": find_turnout(live.event, turn), "jury_turn": turn}


def _of(request, slug, round_key, *, change=False):
    panel = get_panel_for(request.role, slug, round_key, change=change)
    event = find_event(panel.competition, round_key)
    if event is None or event.drawn_at is None or jury_criterion(panel.round) is None:
        raise Http404("规则里本环节不设大众评委，或者还没有抽签。")
    return panel, event
