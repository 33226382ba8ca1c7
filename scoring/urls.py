"""Marking pads, score sheets and the other evidence, tabulations."""

from django.urls import path

from scoring.views import judge

judge_routes = [
    path("judge/", judge.home, name="judge_home"),
    path("judge/large-type/", judge.large_type, name="judge_large_type"),
    path("judge/<slug:slug>/<slug:round_key>/", judge.round_page, name="judge_round"),
    path("judge/<slug:slug>/<slug:round_key>/submit/", judge.submit, name="judge_submit"),
    path(
        "judge/<slug:slug>/<slug:round_key>/<slug:entry_key>/",
        judge.entry_page,
        name="judge_entry",
    ),
]
sheet_routes: list = []  # /work/<slug>/rounds/…: the state of marked rounds, paper sheets
evidence_routes: list = []  # /work/<slug>/measurements|ledger|rulings/…
tabulation_routes: list = []  # /work/<slug>/tabulation/…

urlpatterns = [*judge_routes, *sheet_routes, *evidence_routes, *tabulation_routes]
