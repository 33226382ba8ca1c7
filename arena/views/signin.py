"""A judge's phone: the card's address, the code that waits, the way in, and its beat."""

from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables

from arena.actions.cards import digest_of, tidy_secret
from arena.actions.devices import VOID, CardVoid, ask_device, enter_device
from arena.actions.presence import note_presence
from arena.forms.signin import BeatForm
from arena.middleware import SESSION_KEY, remember_device
from arena.models import Card, Device
from arena.queries.judges import WAITS
from competitions import carried
from competitions.actions import find_guess_pause, note_guess
from competitions.gates import enter
from competitions.machine import client_address, name_machine
from competitions.middleware import ONLY_ROLE
from competitions.roles import RoleKind

ANYONE = {RoleKind.ANYONE}
# The session's key of the device that waits: nobody but this browser can enter as it.
WAITING_KEY = "waiting_device"


@enter(read=ANYONE, write=ANYONE)
@never_cache
@sensitive_variables("secret")
def card(request, secret):
    """This function will show whose card was scanned, and on pressing the button let the device
    ask. Opening the address alone does nothing: chat programs open addresses by themselves."""
    secret, now = tidy_secret(secret), timezone.now()
    if not secret:
        return _page(request, {"refusal": VOID}, status=404)
    found = Card.objects.filter(digest=digest_of(secret))
    found = found.select_related("judge__competition").first()
    if request.method != "POST":
        if found is None:
            return _page(request, {"refusal": VOID}, status=404)
        return _page(request, {"judge": found.judge})
    who = {"sort": "card", "guess": digest_of(secret), "address": client_address(request)}
    if find_guess_pause(**who, now=now) is not None:
        return _page(request, {"refusal": "试的次数太多，请过 15 分钟再扫，或找现场工作人员。"})
    try:
        if found is None:
            # Before a transaction: on the embedded database each waits for the others.
            raise CardVoid(VOID)
        device = ask_device(
            secret=secret, label=name_machine(request), address=who["address"], now=now
        )
    except CardVoid:
        note_guess(**who, now=now)
        return _page(request, {"refusal": VOID}, status=404)
    except ValidationError as error:
        return _page(request, {"refusal": error.messages[0]})
    request.session[WAITING_KEY] = device.id
    return redirect("card_wait")


@enter(read=ANYONE, write=ANYONE)
@never_cache
def card_wait(request):
    """This function will show the code that this device waits with; once it is approved, a POST
    signs it in as the judge, and as nothing else."""
    device, now = _waiting(request), timezone.now()
    if device is None:
        return _page(request, {})
    if request.method == "POST" and device.state == Device.State.BOUND:
        try:
            account = enter_device(device=device, now=now)
        except ValidationError as error:
            return _page(request, {"refusal": error.messages[0]})
        return _enter(request, device, account)
    context = {"device": device, "judge": device.judge, "state": _state(device, now)}
    return _page(request, context)


@enter(read=ANYONE)
@never_cache
def card_state(request):
    """This function will answer in JSON what became of the device that this browser waits for."""
    device = _waiting(request)
    return JsonResponse({"state": _state(device, timezone.now()) if device else "none"})


@enter(write={RoleKind.JUDGE})
def beat(request):
    """This function will note that a judge's page is there; 400 without a number."""
    form = BeatForm.from_body(request.body)
    if not form.is_valid():
        return HttpResponse(status=400)
    note_presence(request.role.subject, unsent=form.cleaned_data["unsent"], now=timezone.now())
    return JsonResponse({})


def _enter(request, device, account):
    only = f"{RoleKind.JUDGE.value}:{device.judge_id}"
    login(request, account)
    request.session[ONLY_ROLE] = only
    request.session.pop(WAITING_KEY, None)
    response = redirect("judge_home")
    remember_device(request, response, device)
    carried.note_owner(request, response, account.person)
    return response


def _waiting(request):
    number = request.session.get(WAITING_KEY)
    found = Device.objects.filter(id=number or 0)
    return found.select_related("judge__competition", "judge__person").first()


def _state(device, now):
    """waiting, bound, refused, ended, or `expired`: nobody looked at the code in time."""
    if device.state == Device.State.WAITING and device.asked_at <= now - WAITS:
        return "expired"
    return device.state


def _page(request, context, status=200):
    signed_in = request.session.get(SESSION_KEY) is not None and request.user.is_authenticated
    context = {"breadcrumbs": [("评委登录", None)], "signed_in": signed_in, **context}
    return TemplateResponse(request, "arena/card.html", context, status=status)
