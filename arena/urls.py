"""The arena's addresses. The feed's own stand first: a live page asks them most."""

from django.urls import path

from arena.views import feed

urlpatterns = [
    path("feed/healthz", feed.feed_health, name="feed_health"),
    path("feed/<slug:slug>/<slug:round_key>/<slug:audience>/", feed.feed, name="feed"),
]
