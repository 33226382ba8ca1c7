"""The audience's phone: a seat is taken by its code, the stage followed, a ballot cast."""

import secrets

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables

from arena.access import find_hall, get_hall
from arena.actions.jury import VOID, AlreadyVoted, CodeVoid, cast_ballot, take_seat
from arena.feed.reading import last_number
from arena.feed.telling import channel_of
from arena.forms.jury import BallotForm, CodeForm
from arena.jury_rules import jury_criterion
from arena.models import JurySeat
from arena.queries.jury import find_ballot, find_seat, find_voter, keyed_digest
from arena.queries.stage import load_live
from arena.stage.seats import SECRET_LENGTH
from arena.telling import HALL, PHONE, page_context
from competitions.actions import find_guess_pause, note_guess
from competitions.gates import enter
from competitions.machine import client_address
from competitions.roles import RoleKind

ANYONE = {RoleKind.ANYONE}
COOKIE = "hallseat"
COOKIE_AGE = 24 * 60 * 60
TOO_MANY = "试的次数太多，请过 15 分钟再试，或找现场工作人员。"
WAIT = "现场输错席位码的太多，请等几秒再试，或扫座位上的二维码。"
GONE = "这部手机还没有启用席位，或席位码已经重新印制。请扫座位上的二维码。"


@enter(read=ANYONE, write=ANYONE)
@never_cache
@sensitive_variables("secret")
def seat(request, secret):
    """This function will show which seat was scanned, and on pressing the button let this phone
    hold it. Opening the address alone does nothing: chat programs open addresses by themselves."""
    digest = keyed_digest(secret.lower())
    if request.method != "POST":
        # Nobody guesses 79 bits; a wrong address is a card that has been issued anew.
        found = _seats().filter(digest=digest).first()
        if found is None:
            return _page(request, {"refusal": VOID}, status=404)
        if find_seat(found.event, _token(request)) != found:
            return _page(request, {"seat": found})
        return redirect("hall", found.event.competition.slug, found.event.round_key)
    found = _find(request, "digest", digest) if len(secret) == SECRET_LENGTH else VOID
    if isinstance(found, str):
        return _page(request, {"refusal": found}, status=404)
    return _take(request, found)


@enter(read=ANYONE, write=ANYONE)
@never_cache
@sensitive_variables("code")
def seat_code(request):
    """This function will take a seat's short code, typed, and let this phone hold the seat."""
    form = CodeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, {"form": form})
    found = _find(request, "code_digest", keyed_digest(form.cleaned_data["code"]))
    if isinstance(found, str):
        form.add_error("code", found)
        return _page(request, {"form": form})
    return _take(request, found)


@enter(read=ANYONE, write=ANYONE)
@never_cache
def hall(request, slug, round_key):
    """This function will show the audience who is on stage, and the ballot to a phone that holds a
    seat; a POST casts it and is answered in JSON when that is asked for. Without a jury it shows
    what the large screen does, once the operator has opened the page."""
    if request.method == "POST":
        return _vote(request, slug, round_key)
    event, votes = find_hall(slug, round_key) or (None, False)
    if not votes:
        return _follow(request, event)
    own = find_seat(event, _token(request))
    after = last_number(channel_of(event.competition, round_key, HALL))
    live = load_live(event)
    context = page_context(live, live.panel, timezone.now(), scores=False)
    view = context["view"]
    ballot = find_ballot(view.turn, own) if own and view.turn else None
    if ballot is not None and ballot.late and view.face == "marking":
        # Its turn was opened once more: the seat has not voted yet.
        ballot = None
    context |= {
        "demo": event.competition.mark,
        "audience": HALL,
        "after": after,
        "seat": own,
        "ballot": ballot,
        "options": jury_criterion(live.panel.round).inputs,
        "op": secrets.token_hex(16),
    }
    return TemplateResponse(request, "arena/hall.html", context)


def _follow(request, event):
    """The page without ballots; the same words for whatever is not open, also what is not there."""
    after = last_number(channel_of(event.competition, event.round_key, PHONE)) if event else 0
    live = load_live(event) if event else None
    if live is None:
        return TemplateResponse(request, "arena/phone.html", {"shut": True}, status=404)
    now = timezone.now()
    context = page_context(live, live.panel, now) | {
        "demo": event.competition.mark,
        "audience": PHONE,
        "after": after,
        "now": now,
    }
    return TemplateResponse(request, "arena/phone.html", context)


def _vote(request, slug, round_key):
    form, own = BallotForm(request.POST), find_voter(slug, round_key, _token(request))
    if own is None:
        get_hall(slug, round_key)
        answer, status = {"state": "refused", "words": GONE}, 403
    elif not form.is_valid():
        answer, status = {"state": "refused", "words": "请先选择一项，再投票。"}, 400
    else:
        answer, status = _cast(own, form.cleaned_data)
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse(answer, status=status)
    tell = messages.success if status == 200 else messages.error
    tell(request, answer["words"])
    return redirect("hall", slug, round_key)


def _cast(own, data):
    """(what the phone is told, status): 200 counted, 409 for what is final and was not counted."""
    try:
        ballot = cast_ballot(
            seat=own,
            entry_key=data["entry"],
            choice=data["choice"],
            op=data["op"],
            now=timezone.now(),
        )
    except AlreadyVoted as error:
        return {"state": "already", "words": error.messages[0]}, 409
    except ValidationError as error:
        return {"state": "refused", "words": error.messages[0]}, 409
    if ballot.late:
        words = f"投票已经结束，您的一票迟到，已保存但不计入。回执 {ballot.receipt}"
        return {"state": "late", "words": words}, 409
    return {"state": "counted", "words": f"已投票。回执 {ballot.receipt}"}, 200


def _seats():
    rows = JurySeat.objects.filter(voided_at__isnull=True, event__called_off=False)
    return rows.select_related("event__competition")


def _find(request, column, digest):
    """The seat of a code in force, or the sentence that refuses it: a wrong one is a guess."""
    now, typed = timezone.now(), column == "code_digest"
    who = {"sort": column, "guess": digest, "address": client_address(request)}
    if find_guess_pause(**who, typed=typed, now=now) is not None:
        return WAIT if typed else TOO_MANY
    found = _seats().filter(**{column: digest}).first()
    if found is None:
        note_guess(**who, now=now)
        return VOID
    return found


def _take(request, found):
    token = _token(request) or secrets.token_hex(32)
    try:
        take_seat(seat=found, token=token, now=timezone.now())
    except CodeVoid as error:
        return _page(request, {"refusal": error.messages[0]}, status=404)
    except ValidationError as error:
        return _page(request, {"refusal": error.messages[0]}, status=409)
    response = redirect("hall", found.event.competition.slug, found.event.round_key)
    response.set_cookie(
        COOKIE,
        token,
        max_age=COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _token(request):
    return request.COOKIES.get(COOKIE, "")[:64]


def _page(request, context, status=200):
    seat_ = context.get("seat")
    frame = {"demo": seat_.event.competition.mark if seat_ else ""}
    return TemplateResponse(request, "arena/seat.html", frame | context, status=status)
