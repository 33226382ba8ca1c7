"""Pages that span apps: the front door, signing in, choosing a role, health."""

from django.contrib.auth import login, logout
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpResponse, HttpResponseServerError
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils.http import url_has_allowed_host_and_scheme

from competitions.gates import enter
from competitions.middleware import SESSION_KEY
from competitions.roles import RoleKind
from config.health import find_faults


@enter(read={RoleKind.ANYONE})
def home(request):
    """This function will show the front door."""
    return TemplateResponse(request, "config/home.html", {})


@enter(read={RoleKind.ANYONE}, write={RoleKind.ANYONE})
def signin(request):
    """This function will sign a person in and go on to where she was heading."""
    form = AuthenticationForm(request, data=request.POST or None)
    following = request.POST.get("next") or request.GET.get("next") or ""
    if request.method == "POST" and form.is_valid():
        login(request, form.get_user())
        return redirect(_safe(request, following))
    return TemplateResponse(request, "config/signin.html", {"form": form, "next": following})


@enter(write={RoleKind.ANYONE})
def signout(request):
    """This function will sign the person out."""
    logout(request)
    return redirect("home")


@enter(write={RoleKind.SIGNED_IN})
def switch_role(request):
    """This function will make another of the person's roles the active one."""
    wanted = request.POST.get("role", "")
    if any(role.key == wanted for role in request.roles):
        request.session[SESSION_KEY] = wanted
    return redirect(_safe(request, request.POST.get("next", "")))


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
    """This function will say that the form is too old to be taken, and that nothing was changed."""
    return TemplateResponse(request, "errors/csrf.html", {}, status=403)


def _safe(request, address):
    inside = url_has_allowed_host_and_scheme(
        address, {request.get_host()}, require_https=request.is_secure()
    )
    return address if address and inside else "home"


def bad_request(request, exception=None):
    """This function will answer 400."""
    return TemplateResponse(request, "errors/400.html", {}, status=400).render()


def forbidden(request, exception=None):
    """This function will answer 403 with the sentence of the refusal."""
    context = {"reason": str(exception or "")}
    return TemplateResponse(request, "errors/403.html", context, status=403).render()


def not_found(request, exception=None):
    """This function will answer 404."""
    return TemplateResponse(request, "errors/404.html", {}, status=404).render()


def server_error(request):
    """This function will answer 500 without touching the database."""
    return HttpResponseServerError(render_to_string("errors/500.html"))
