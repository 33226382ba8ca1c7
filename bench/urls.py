"""The product's addresses and an empty view, behind the same server and the same middleware."""

from django.http import HttpResponse
from django.urls import include, path

from competitions.gates import enter
from competitions.roles import RoleKind


@enter(read={RoleKind.ANYONE})
def empty(request):
    """This function will answer nothing, as cheaply as a view can."""
    return HttpResponse("")


urlpatterns = [path("bench/empty/", empty), path("", include("config.urls"))]
handler400 = "config.views.bad_request"
handler403 = "config.views.forbidden"
handler404 = "config.views.not_found"
handler500 = "config.views.server_error"
