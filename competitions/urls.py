"""Setting up a competition under /work/, accounts under /accounts/."""

from django.urls import path

from competitions.views import (
    accounts,
    entrant_import,
    entrants,
    judges,
    overview,
    previous,
    recusals,
    rules,
    schedule,
    secretaries,
)

WORK = "work/<slug:slug>"
urlpatterns = [
    path("work/", overview.work_list, name="work_list"),
    path("work/new/", overview.work_new, name="work_new"),
    path("divisions/", overview.division_results, name="division_results"),
    path(f"{WORK}/", overview.work_overview, name="work_overview"),
    path(f"{WORK}/rules/", rules.rules, name="work_rules"),
    path(f"{WORK}/rules/print/", rules.rules_print, name="work_rules_print"),
    path(f"{WORK}/rules/rules.toml", rules.rules_toml, name="work_rules_toml"),
    path(f"{WORK}/rules/draft/", rules.rules_draft, name="work_rules_draft"),
    path(f"{WORK}/rules/approve/", rules.rules_approve, name="work_rules_approve"),
    path(f"{WORK}/rules/publish/", rules.rules_publish, name="work_rules_publish"),
    path(f"{WORK}/previous/", previous.previous, name="work_previous"),
    path(f"{WORK}/entrants/", entrants.entrants, name="work_entrants"),
    path(f"{WORK}/entrants/add/", entrants.entrants_add, name="work_entrants_add"),
    path(f"{WORK}/entrants/import/", entrant_import.entrants_import, name="work_entrants_import"),
    path(
        f"{WORK}/entrants/template.xlsx",
        entrant_import.entrants_template,
        name="work_entrants_template",
    ),
    path(f"{WORK}/entrants/<slug:key>/", entrants.entry, name="work_entry"),
    path(f"{WORK}/entrants/<slug:key>/move/", entrants.entry_move, name="work_entry_move"),
    path(
        f"{WORK}/entrants/<slug:key>/withdraw/",
        entrants.entry_withdraw,
        name="work_entry_withdraw",
    ),
    path(f"{WORK}/secretaries/", secretaries.secretaries, name="work_secretaries"),
    path(f"{WORK}/secretaries/add/", secretaries.secretary_add, name="work_secretary_add"),
    path(
        f"{WORK}/secretaries/import/",
        secretaries.secretaries_import,
        name="work_secretaries_import",
    ),
    path(
        f"{WORK}/secretaries/template.xlsx",
        secretaries.secretaries_template,
        name="work_secretaries_template",
    ),
    path(
        f"{WORK}/secretaries/changes/<int:change_id>/",
        secretaries.term_change,
        name="work_term_change",
    ),
    path(
        f"{WORK}/secretaries/<int:term_id>/",
        secretaries.secretary_term,
        name="work_secretary_term",
    ),
    path(f"{WORK}/judges/", judges.judges, name="work_judges"),
    path(f"{WORK}/judges/add/", judges.judge_add, name="work_judge_add"),
    path(f"{WORK}/judges/move/", judges.judge_move, name="work_judge_move"),
    path(f"{WORK}/judges/history/", judges.judge_history, name="work_judge_history"),
    path(f"{WORK}/judges/<slug:key>/", judges.judge, name="work_judge"),
    path(f"{WORK}/judges/<slug:key>/account/", judges.judge_account, name="work_judge_account"),
    path(f"{WORK}/judges/<slug:key>/remove/", judges.judge_remove, name="work_judge_remove"),
    path(f"{WORK}/recusals/", recusals.recusals, name="work_recusals"),
    path(f"{WORK}/recusals/add/", recusals.recusal_add, name="work_recusal_add"),
    path(f"{WORK}/recusals/ties/", recusals.involvement_add, name="work_involvement_add"),
    path(
        f"{WORK}/recusals/<int:recusal_id>/lift/", recusals.recusal_lift, name="work_recusal_lift"
    ),
    path(
        f"{WORK}/recusals/ties/<int:involvement_id>/remove/",
        recusals.involvement_remove,
        name="work_involvement_remove",
    ),
    path(f"{WORK}/schedule/", schedule.schedule, name="work_schedule"),
    path(f"{WORK}/schedule/<slug:round_key>/sites/", schedule.sites, name="work_sites"),
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/new/", accounts.account_new, name="account_new"),
    path("accounts/<int:user_id>/", accounts.account, name="account"),
    path("accounts/<int:user_id>/password/", accounts.account_reset, name="account_reset"),
    path("accounts/<int:user_id>/pause/", accounts.account_pause, name="account_pause"),
    path("accounts/<int:user_id>/active/", accounts.account_active, name="account_active"),
    path("accounts/<int:user_id>/roles/", accounts.role_grant, name="role_grant"),
    path("accounts/roles/<int:role_id>/end/", accounts.role_end, name="role_end"),
]
