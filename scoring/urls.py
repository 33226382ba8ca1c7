"""Marking pads, score sheets and the other evidence, tabulations."""

from django.urls import path

from scoring.views import corrections, judge, measurement_import, measurements, sheets

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
ROUND = "work/<slug:slug>/rounds/<slug:round_key>/"
sheet_routes = [
    path(ROUND, sheets.round_state, name="work_round"),
    path(f"{ROUND}blank/", sheets.blank_sheets, name="work_blank_sheets"),
    path(f"{ROUND}paper/<slug:judge_key>/", sheets.paper, name="work_paper"),
    path(f"{ROUND}verify/<slug:judge_key>/", sheets.verify, name="work_verify"),
    path(f"{ROUND}sheets/<int:sheet_id>/", corrections.sheet, name="work_sheet"),
    path(f"{ROUND}sheets/<int:sheet_id>/settle/", corrections.settle, name="work_sheet_settle"),
]
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
