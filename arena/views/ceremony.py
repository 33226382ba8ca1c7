"""The ceremony: its console, the host's prompt, and the hall's large screen."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from arena.actions.ceremony import ALWAYS, arrange_ceremony, make_ceremony, move_ceremony
from arena.ceremony import machine
from arena.feed.reading import last_number
from arena.feed.telling import channel_of
from arena.forms.ceremony import CeremonyMoveForm, MakeForm, OrderForm
from arena.queries.ceremony import (
    PLACE,
    find_basis,
    find_ceremony,
    find_fault,
    load_show,
    name_picture,
)
from arena.queries.ceremony_console import find_buttons, lay_out_groups
from arena.telling_ceremony import CONSOLE, picture_context
from competitions.access import get_competition_for
from competitions.gates import enter
from competitions.models import Competition
from competitions.queries import work_frame
from competitions.roles import INSIDERS, STAFF
from scoring.queries.tabulations import find_latest_tabulation


@enter(read=INSIDERS)
def console(request, slug):
    """This function will show the console of the ceremony. Whom the next step reveals is on it only
    when it is asked for (`?names=1`): other people look over the operator's shoulder."""
    competition = get_competition_for(request.role, slug)
    after = last_number(channel_of(competition, PLACE, CONSOLE))
    ceremony, now = find_ceremony(competition), timezone.now()
    running = competition.stage == Competition.Stage.RUNNING
    context = {
        **work_frame(competition, "ceremony", ("颁奖仪式", None)),
        "after": after,
        "now": now,
        "ceremony": ceremony,
        "may_write": request.role.kind in STAFF and running,
        "asks_names": request.GET.get("names") == "1",
    }
    if ceremony is None:
        context["wanting"] = find_basis(competition)[2] if running else ""
        latest = find_latest_tabulation(competition)
        context["tabulation_due"] = latest is None or not latest.complete
        return TemplateResponse(request, "arena/ceremony.html", context)
    show = load_show(ceremony)
    stage, following = show.stage, machine.look_ahead(show.stage)
    if following and not context["asks_names"]:
        following = machine.without_names(following)
    main, others = find_buttons(stage)
    fault = find_fault(show) if running else ""
    context |= {
        "show": show,
        "stage": stage,
        "fault": fault,
        "beneath": name_picture(competition, machine.look_beneath(stage)),
        "following": name_picture(competition, following),
        "main": main if main and (not fault or main.move in ALWAYS) else None,
        "others": [one for one in others if not fault or one.move in ALWAYS],
        "groups": lay_out_groups(show, competition, names=context["asks_names"]),
    }
    return TemplateResponse(request, "arena/ceremony.html", context)


@enter(write=STAFF)
def make(request, slug):
    """This function will make the ceremony, or make it anew."""
    competition = get_competition_for(request.role, slug, change=True)
    form = MakeForm(request.POST)
    if form.is_valid():
        op = form.cleaned_data["op"]

        def act():
            make_ceremony(
                competition=competition, op=op, by=request.user.person, now=timezone.now()
            )
            messages.success(request, "颁奖仪式的脚本已经制作，请核对颁发顺序。")

        _try(request, act)
    else:
        messages.error(request, "脚本没有制作：页面内容不完整，请刷新页面后再操作。")
    return redirect("work_ceremony", slug)


@enter(write=STAFF)
def arrange(request, slug):
    """This function will put the groups in order before the beginning."""
    ceremony = _ceremony(request, slug)
    form = OrderForm(request.POST, script=load_show(ceremony).script)
    if form.is_valid():
        data = form.cleaned_data

        def act():
            arrange_ceremony(
                ceremony=ceremony,
                step=data["step"],
                groups=form.chosen,
                op=data["op"],
                by=request.user.person,
                now=timezone.now(),
            )
            messages.success(request, "颁发顺序已经保存。")

        _try(request, act)
    else:
        said = "".join(text for errors in form.errors.values() for text in errors)
        messages.error(request, f"颁发顺序没有保存：{said}")
    return _back_to_console(request, slug)


@enter(write=STAFF)
def move(request, slug):
    """This function will make one move of the ceremony."""
    ceremony = _ceremony(request, slug)
    form = CeremonyMoveForm(request.POST)
    if form.is_valid():
        by, now = request.user.person, timezone.now()
        _try(request, lambda: move_ceremony(ceremony=ceremony, by=by, now=now, **form.cleaned_data))
    else:
        messages.error(request, "这一步没有执行：页面内容不完整，请刷新页面后再操作。")
    return _back_to_console(request, slug)


@enter(read=INSIDERS)
def host(request, slug):
    """This function will show the host what to announce now, and what follows."""
    return _screen(request, slug, "ceremony-host", "arena/ceremony_host.html")


@enter(read=INSIDERS)
def screen(request, slug):
    """This function will show the hall what has been revealed, and nothing else."""
    return _screen(request, slug, "ceremony-screen", "arena/ceremony_screen.html")


def _screen(request, slug, audience, template):
    competition = get_competition_for(request.role, slug)
    # Asked before the state is read: what comes in between is shown twice, never missed.
    after = last_number(channel_of(competition, PLACE, audience))
    ceremony = find_ceremony(competition)
    context = {
        **picture_context(competition, load_show(ceremony) if ceremony else None, audience),
        "demo": competition.mark,
        "place": PLACE,
        "audience": audience,
        "after": after,
        "now": timezone.now(),
        "breadcrumbs": [("颁奖仪式", None)],
    }
    return TemplateResponse(request, template, context)


def _ceremony(request, slug):
    ceremony = find_ceremony(get_competition_for(request.role, slug, change=True))
    if ceremony is None:
        raise Http404("还没有制作颁奖仪式。")
    return ceremony


def _try(request, act):
    try:
        act()
    except ValidationError as error:
        messages.error(request, "".join(error.messages))


def _back_to_console(request, slug):
    names = "?names=1" if request.POST.get("names") == "1" else ""
    return redirect(reverse("work_ceremony", args=[slug]) + names)
