"""Marking pads, score sheets and the other evidence, tabulations."""

from django.urls import path

from scoring.views import (
    corrections,
    judge,
    late,
    ledger,
    measurement_import,
    measurements,
    rulings,
    scheme_drafts,
    scheme_editor,
    sheets,
    tabulation,
)

# config.urls has them under judge/.
judge_routes = [
    path("", judge.home, name="judge_home"),
    path("large-type/", judge.large_type, name="judge_large_type"),
    path("<slug:slug>/<slug:round_key>/", judge.round_page, name="judge_round"),
    path("<slug:slug>/<slug:round_key>/submit/", judge.submit, name="judge_submit"),
    path(
        "<slug:slug>/<slug:round_key>/<slug:entry_key>/",
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
    path(f"{ROUND}late/<int:late_id>/", late.late, name="work_late"),
    path(f"{ROUND}late/<int:late_id>/settle/", late.settle, name="work_late_settle"),
]
# /work/<slug>/measurements|ledger|rulings/…
_WORK = "work/<slug:slug>/"
_ROUND = _WORK + "measurements/<slug:round_key>/"
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
    path(_WORK + "ledger/", ledger.ledger, name="work_ledger"),
    path(_WORK + "ledger/new/", ledger.ledger_new, name="work_ledger_new"),
    path(_WORK + "ledger/<slug:key>/", ledger.ledger_event, name="work_ledger_event"),
    path(_WORK + "ledger/<slug:key>/correct/", ledger.ledger_correct, name="work_ledger_correct"),
    path(_WORK + "ledger/<slug:key>/evidence", ledger.ledger_evidence, name="work_ledger_evidence"),
    path(_WORK + "rulings/", rulings.rulings, name="work_rulings"),
    path(_WORK + "rulings/new/<slug:kind>/", rulings.ruling_new, name="work_ruling_new"),
    path(_WORK + "rulings/<slug:key>/", rulings.ruling, name="work_ruling"),
    path(_WORK + "rulings/<slug:key>/correct/", rulings.ruling_correct, name="work_ruling_correct"),
]
_TABULATION = "work/<slug:slug>/tabulation/"
tabulation_routes = [
    path(_TABULATION, tabulation.tabulation, name="work_tabulation"),
    path(
        f"{_TABULATION}<int:number>/", tabulation.tabulation_result, name="work_tabulation_result"
    ),
    path(
        f"{_TABULATION}<int:number>/print/",
        tabulation.tabulation_print,
        name="work_tabulation_print",
    ),
    path(
        f"{_TABULATION}<int:number>/export.xlsx",
        tabulation.tabulation_export,
        name="work_tabulation_export",
    ),
    path(
        f"{_TABULATION}<int:number>/<slug:track>/<slug:entry>/",
        tabulation.explanation,
        name="work_explanation",
    ),
]

_RULES = "work/<slug:slug>/rules/"
scheme_routes = [
    path(f"{_RULES}edit/", scheme_editor.part, name="work_scheme"),
    path(f"{_RULES}edit/<str:at>/", scheme_editor.part, name="work_scheme_part"),
    path(f"{_RULES}start/", scheme_drafts.start, name="work_scheme_start"),
    path(f"{_RULES}submit/", scheme_drafts.submit, name="work_scheme_submit"),
    path(f"{_RULES}draft.toml", scheme_drafts.draft_toml, name="work_scheme_draft_toml"),
    path(f"{_RULES}drafts/", scheme_drafts.drafts, name="work_scheme_drafts"),
    path(f"{_RULES}drafts/<int:number>/", scheme_drafts.draft_page, name="work_scheme_draft"),
]

urlpatterns = [*scheme_routes, *sheet_routes, *evidence_routes, *tabulation_routes]
