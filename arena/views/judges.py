"""The staff's side of the judges' sign-in: cards, devices that ask, and who is there."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from arena.access import get_panel_for
from arena.actions.cards import make_cards, spell_secret
from arena.actions.devices import approve_device, end_device, refuse_device
from arena.feed.reading import last_number
from arena.feed.telling import channel_of
from arena.forms.signin import CardsForm, DecisionForm
from arena.models import Device, Event
from arena.queries.judges import find_lines, find_requests
from arena.queries.screens import look
from arena.queries.stage import find_event, load_live
from arena.telling import CONSOLE
from competitions.access import get_competition_for
from competitions.gates import enter
from competitions.models import Competition, Judge
from competitions.orders import arrange_judges
from competitions.qr import qr_svg
from competitions.queries import work_frame
from competitions.roles import INSIDERS, STAFF

DECISIONS = {"approve": approve_device, "refuse": refuse_device, "end": end_device}
DONE = {"approve": "已批准", "refuse": "没有批准", "end": "已让这台设备退出"}
# Addresses that lead every other machine to itself.
LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}


@enter(read=INSIDERS)
def judges(request, slug):
    """This function will list the judges with their cards and devices, and the devices that ask.

    With `?part=1` it answers with the part that changes, and with `?round=…` too as the round's
    console shows it: pages that are open ask for it again and again.
    """
    competition = get_competition_for(request.role, slug)
    round_key = request.GET.get("round", "")
    if request.GET.get("part"):
        context = (
            _of_round(request, slug, round_key) if round_key else _of_all(request, competition)
        )
        return TemplateResponse(request, "arena/_judges.html", context)
    event = Event.objects.filter(competition=competition, called_off=False).order_by("id").first()
    after = last_number(channel_of(competition, event.round_key, CONSOLE)) if event else 0
    context = {
        **work_frame(
            competition, "judges", ("评委", reverse("work_judges", args=[slug])), ("评委登录", None)
        ),
        **_of_all(request, competition),
        "event": event,
        "after": after,
    }
    return TemplateResponse(request, "arena/judges.html", context)


@enter(write=STAFF)
def decide(request, slug):
    """This function will approve a device that asks, refuse it, or sign one out."""
    competition = get_competition_for(request.role, slug, change=True)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, "没有处理：页面内容不完整，请刷新页面后再操作。")
        return redirect("work_signin", slug)
    said = form.cleaned_data
    device = Device.objects.filter(id=said["device"], judge__competition=competition)
    device = device.select_related("judge__person", "judge__competition").first()
    if device is None:
        raise Http404("没有这台设备。")
    try:
        DECISIONS[said["decision"]](device=device, by=request.user.person, now=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        judge = device.judge
        messages.success(
            request, f"{judge.number} 号评委{judge.person.name}：{DONE[said['decision']]}。"
        )
    if said["back"]:
        return redirect("work_arena", slug, said["back"])
    return redirect("work_signin", slug)


@enter(write=STAFF)
@sensitive_variables("made", "secret", "address")
def cards(request, slug):
    """This function will make cards for the chosen judges: this answer is the only place where
    their secrets are."""
    competition = get_competition_for(request.role, slug, change=True)
    form = CardsForm(request.POST, judges=_judges(competition))
    made = None
    if form.is_valid():
        said = {"judge_keys": form.cleaned_data["judges"], "op": form.cleaned_data["op"]}
        try:
            made = make_cards(
                competition=competition, by=request.user.person, now=timezone.now(), **said
            )
        except ValidationError as error:
            messages.error(request, error.messages[0])
    else:
        messages.error(request, "请勾选要制作卡片的评委；名单有变动的，请刷新页面后再勾选。")
    if made is None:
        return redirect("work_signin", slug)
    own = reverse("work_signin", args=[slug])
    frame = work_frame(competition, "judges", ("评委登录", own), ("评委卡", None))
    scheme = frame["scheme"]
    groups = {group.key: group.title for group in (scheme.judge_groups if scheme else ())}
    printed = []
    for judge, secret in made:
        address, spelt = (
            request.build_absolute_uri(reverse("card", args=[text]))
            for text in (secret, spell_secret(secret))
        )
        printed.append(
            {
                "judge": judge,
                "group": groups.get(judge.group_key, ""),
                "address": spelt,
                "qr": qr_svg(address, f"{judge.number} 号评委的二维码"),
            }
        )
    context = {**frame, "cards": printed, "local": _is_local(request), "back_url": own}
    return TemplateResponse(request, "arena/cards.html", context)


def judges_part(request, live, view, now):
    """This function will return what the part with the judges of a console is rendered from."""
    competition = live.event.competition
    return {
        "lines": find_lines(live.panel.judges, now, view.ticks),
        "requests": find_requests(competition, now),
        "back": live.event.round_key,
        "competition": competition,
        "may_write": _may_write(request, competition),
        "own": request.user.person_id,
        "marking": bool(view.ticks),
    }


def _of_round(request, slug, round_key):
    panel = get_panel_for(request.role, slug, round_key)
    event = find_event(panel.competition, round_key)
    live = load_live(event, panel) if event else None
    if live is None or not live.drawn:
        raise Http404("本环节没有开设现场。")
    now = timezone.now()
    return judges_part(request, live, look(live, now, scores=False), now)


def _of_all(request, competition):
    now, arrangement = timezone.now(), arrange_judges(request)
    return {
        "lines": find_lines(arrangement.sort(_judges(competition)), now),
        "arrangement": arrangement,
        "requests": find_requests(competition, now),
        "competition": competition,
        "may_write": _may_write(request, competition),
        "own": request.user.person_id,
        "all": True,
        "op_form": CardsForm(judges=()),
        "local": _is_local(request),
    }


def _judges(competition):
    judges = Judge.objects.filter(competition=competition).select_related("person")
    return judges.order_by("number")


def _may_write(request, competition):
    return request.role.kind in STAFF and competition.stage != Competition.Stage.CLOSED


def _is_local(request):
    return request.get_host().rsplit(":", 1)[0] in LOOPBACK
