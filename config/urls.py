"""All addresses. Work pages under /work/, judges /judge/, secretaries /mine/, the county /c/."""

from django.conf import settings
from django.urls import include, path

from config import styleguide, views
from scoring.urls import judge_routes

urlpatterns = [
    path("", views.home, name="home"),
    # A whole panel hands in at once; whoever asks for another page passes these by in one look.
    path("judge/", include(judge_routes)),
    # Published pages come first of the others: they are read most.
    path("", include("publication.urls")),
    path("signin/", views.signin, name="signin"),
    path("signout/", views.signout, name="signout"),
    path("role/", views.switch_role, name="switch_role"),
    path("account/password/", views.own_password, name="own_password"),
    path("healthz", views.healthz, name="healthz"),
    path("", include("arena.urls")),
    path("", include("competitions.urls")),
    path("", include("scoring.urls")),
    path("", include("rewards.urls")),
]
if not settings.PRODUCTION:
    urlpatterns += [
        path("styleguide/", styleguide.styleguide, name="styleguide"),
        path("styleguide/<slug:page>/", styleguide.styleguide, name="styleguide_page"),
    ]
handler400 = "config.views.bad_request"
handler403 = "config.views.forbidden"
handler404 = "config.views.not_found"
handler500 = "config.views.server_error"
