"""Marking pads, score sheets and the other evidence, tabulations."""

from django.urls import path

from scoring.views import judge, measurement_import, measurements

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
# /work/<slug>/measurements|ledger|rulings/…
_ROUND = "work/<slug:slug>/measurements/<slug:round_key>/"
evidence_routes = [
    path(_ROUND, measurements.measurements, name="work_measurements"),
    path(
        _ROUND + "criterion/<slug:key>/",
        measurements.measurements_of_criterion,
        name="work_measurements_criterion",
    ),
    path(
        _ROUND + "entry/<slug:key>/",
        measurements.measurements_of_entry,
        name="work_measurements_entry",
    ),
    path(_ROUND + "verify/", measurements.measurements_verify, name="work_measurements_verify"),
    path(
        _ROUND + "import/",
        measurement_import.measurements_import,
        name="work_measurements_import",
    ),
    path(
        _ROUND + "template.xlsx",
        measurement_import.measurements_template,
        name="work_measurements_template",
    ),
]
tabulation_routes: list = []  # /work/<slug>/tabulation/…

urlpatterns = [*judge_routes, *sheet_routes, *evidence_routes, *tabulation_routes]
