"""Pages that span apps: the front door, signing in, choosing a role, health."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.http import HttpResponse, HttpResponseServerError
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from arena.middleware import SESSION_KEY as DEVICE_KEY
from competitions import actions, carried
from competitions.access import InArchive, find_competitions, find_roles
from competitions.forms.accounts import PasswordForm
from competitions.forms.signin import SigninForm
from competitions.frontdoor import find_published
from competitions.gates import ask_to_sign_in, enter
from competitions.machine import client_address
from competitions.middleware import ONLY_ROLE, SESSION_KEY
from competitions.refusals import answer_refusal, find_fitting
from competitions.roles import RoleKind, start_of
from config.health import find_faults
from publication.demo.accounts import find_play
from publication.queries import find_archived_at


@enter(read={RoleKind.ANYONE})
def home(request):
    """This function will show visitors what is published; who is signed in goes to her start."""
    if request.user.is_authenticated:
        return redirect(start_of(request.role))
    context = {"published": find_published(), "play": find_play()}
    return TemplateResponse(request, "config/home.html", context)


@enter(read={RoleKind.ANYONE}, write={RoleKind.ANYONE})
def signin(request):
    """This function will sign a person in and go on to where she was heading.

    Failures are counted for the name and the address; after too many there is a pause. Who is
    signed in already goes on at once: stored pages lead everybody here. What the same person had
    typed when her session ended comes with her (competitions.carried).
    """
    following = request.POST.get("next") or request.GET.get("next") or ""
    if request.method == "GET" and request.user.is_authenticated:
        return redirect(_safe(request, following, start_of(request.role)))
    form = SigninForm(request.POST if request.method == "POST" else None)
    brought = carried.carry(request) if carried.FIELD in request.POST else None
    if request.method == "POST" and form.is_valid():
        user = _authenticate(request, form)
        if user is not None:
            login(request, user)
            # Who proves himself by his password is no longer held to what a card lets him do.
            for key in (ONLY_ROLE, DEVICE_KEY):
                request.session.pop(key, None)
            answer = _go_on(request, user.person, following, brought)
            carried.note_owner(request, answer, user.person)
            return answer
    context = {"form": form, "next": following, "carried": brought}
    return TemplateResponse(request, "config/signin.html", context)


def _go_on(request, person, following, brought):
    """Where somebody goes who has just signed in."""
    roles = find_roles(person)
    if brought is not None and brought.person == person.id:
        request.roles, request.role = roles, _take_role_for(request, person, roles, brought.to)
        return _offer(request, brought)
    if brought is not None:
        messages.warning(
            request,
            "登录前填写的那一页是另一位同志的，没有带过来，也没有保存；要保存的，请那位同志登录后重新填写。",
        )
        following = ""
    return redirect(_safe(request, following, start_of(roles[0] if roles else None)))


def _take_role_for(request, person, roles, address):
    """The role in which the form may be sent, made the active one if it is not the first."""
    try:
        gate = resolve(urlsplit(address).path).func.gate
    except Resolver404:
        return roles[0] if roles else None
    fitting = [role for role in roles if role.kind in gate.write]
    if RoleKind.SIGNED_IN in gate.write or not fitting or roles[0] in fitting:
        return roles[0] if roles else None
    request.session[SESSION_KEY] = fitting[0].key
    actions.note_switched_role(person=person, role=fitting[0], now=timezone.now())
    return fitting[0]


def _offer(request, brought, status=200):
    """The page that leads back to the form; what was typed is in it."""
    context = {"breadcrumbs": [("您填写的内容还在", None)], "carried": brought}
    answer = TemplateResponse(request, "config/carried.html", context, status=status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _authenticate(request, form):
    """The account that name and password fit, or None after putting the reason on the form."""
    username, now = form.cleaned_data["username"], timezone.now()
    who = {"username": username, "address": client_address(request), "now": now}
    pause = actions.find_pause(**who)
    if pause is not None:
        form.add_error(
            None,
            f"输错的次数太多，请在 {timezone.localtime(pause):%H:%M} 以后再试；"
            "忘记密码的，请系统管理员重置；急用的，请系统管理员解除等待。",
        )
        return None
    user = authenticate(request, username=username, password=form.cleaned_data["password"])
    if user is None:
        actions.note_failure(**who)
        form.add_error(
            None,
            "账号或密码不对，请核对后再试（密码分大小写）；连续输错 5 次，要等 15 分钟才能再试。",
        )
        return None
    actions.note_success(user=user, address=who["address"], now=now)
    return user


@enter(write={RoleKind.ANYONE})
def signout(request):
    """This function will sign the person out."""
    logout(request)
    return redirect("home")


@enter(read={RoleKind.SIGNED_IN}, write={RoleKind.SIGNED_IN})
def switch_role(request):
    """This function will list the person's roles, or make another of them the active one.

    What she had typed in that role goes back to its page in the same step: the browser sends it
    there once more, where it is put into the form (competitions.middleware.typed_before).
    """
    if request.method != "POST":
        context = {
            "breadcrumbs": [("我的身份", None)],
            "roles": [(role, start_of(role)) for role in request.roles],
            "published": find_published(),
        }
        return TemplateResponse(request, "config/roles.html", context)
    wanted = request.POST.get("role", "")
    chosen = next((role for role in request.roles if role.key == wanted), None)
    if chosen is not None and chosen != request.role:
        request.session[SESSION_KEY] = wanted
        actions.note_switched_role(person=request.user.person, role=chosen, now=timezone.now())
    brought = carried.read(request.POST.get(carried.FIELD, ""))
    if chosen is not None and brought is not None and brought.person == request.user.person_id:
        return redirect(brought.page, preserve_request=True)
    return redirect(_safe(request, request.POST.get("next", ""), start_of(chosen or request.role)))


@enter(read={RoleKind.SIGNED_IN}, write={RoleKind.SIGNED_IN})
def own_password(request):
    """This function will change the person's own password."""
    form = PasswordForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid():
        user = form.run(
            actions.change_password,
            user=request.user,
            password=form.cleaned_data["new"],
            now=timezone.now(),
        )
        if user:
            update_session_auth_hash(request, user)
            messages.success(request, "密码已修改。")
            return redirect(start_of(request.role))
    context = {"breadcrumbs": [("修改密码", None)], "form": form}
    return TemplateResponse(request, "config/password.html", context)


@enter(read={RoleKind.ANYONE})
def healthz(request):
    """This function will answer 200 while the server can serve, and 503 with the faults if not."""
    faults = find_faults()
    return HttpResponse(
        "\n".join(faults or ["ok"]) + "\n",
        content_type="text/plain; charset=utf-8",
        status=503 if faults else 200,
        headers={"Cache-Control": "no-store"},
    )


def csrf_failure(request, reason=""):
    """This function will say that the form is too old to be taken, and that nothing was changed.

    A page from before the last sign-in in this browser is of this kind: what its person typed is
    carried on, and nobody else's.
    """
    brought = carried.carry(request)
    if brought is not None and not request.user.is_authenticated:
        return ask_to_sign_in(request)
    if brought is not None and brought.person == request.user.person_id:
        return _offer(request, brought, status=403)
    return TemplateResponse(
        request, "errors/csrf.html", {"stranger": brought is not None}, status=403
    )


def _safe(request, address, otherwise):
    inside = url_has_allowed_host_and_scheme(
        address, {request.get_host()}, require_https=request.is_secure()
    )
    return address if address and inside else otherwise


def bad_request(request, exception=None):
    """This function will answer 400."""
    return TemplateResponse(request, "errors/400.html", {}, status=400).render()


def forbidden(request, exception=None):
    """This function will answer 403 with the sentence of the refusal, and what was typed; of a
    competition in the archive it says since when it is there."""
    if isinstance(exception, InArchive):
        archived = exception.competition
        shown = {
            "reason": str(exception),
            "competition": archived,
            "since": find_archived_at(archived),
            "may_open": find_competitions(request.role).filter(id=archived.id).exists(),
        }
        return answer_refusal(request, "errors/archived.html", status=403, **shown).render()
    shown = {"reason": str(exception or ""), "writing": request.method == "POST"}
    return answer_refusal(request, "errors/403.html", status=403, **shown).render()


def not_found(request, exception=None):
    """This function will answer 404; a form that another role of the same person may send is
    offered to it, with what was typed."""
    fitting = find_fitting(request) if request.method == "POST" else []
    if fitting:
        shown = {"fitting": fitting, "writing": True}
        return answer_refusal(request, "errors/403.html", status=404, **shown).render()
    return TemplateResponse(request, "errors/404.html", {}, status=404).render()


def server_error(request):
    """This function will answer 500 without touching the database."""
    return HttpResponseServerError(render_to_string("errors/500.html"))
