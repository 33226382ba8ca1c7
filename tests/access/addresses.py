"""An address of every route, in the finished competition of the demonstration."""

MATRIX_ADDRESSES = """
home                         /
signin                       /signin/
signout                      /signout/
healthz                      /healthz
feed_health                  /feed/healthz
feed                         /feed/{slug}/arena/no-such-audience/
county_page                  /c/{slug}/                /c/{slug}/ranking/        /c/{slug}/verify/
notice_page                  /g/{slug}/                /g/{slug}/verify/
card_wait                    /card/
card_state                   /card/state/
card                         /card/no-such-card/
seat_code                    /seat/
seat                         /seat/no-such-seat/
hall                         /hall/{slug}/arena/
styleguide                   /styleguide/
styleguide_page              /styleguide/tables/

switch_role                  /role/
own_password                 /account/password/
judge_large_type             /judge/large-type/

accounts                     /accounts/
account                      /accounts/{account}/
account_new                  /accounts/new/
account_reset                /accounts/{account}/password/
account_active               /accounts/{account}/active/
account_pause                /accounts/{account}/pause/
role_grant                   /accounts/{account}/roles/
role_end                     /accounts/roles/{role}/end/

work_list                    /work/
audit_record                 /audit/
work_new                     /work/new/
division_results             /divisions/
work_overview                /work/{slug}/
work_rules                   /work/{slug}/rules/
work_rules_print             /work/{slug}/rules/print/
work_rules_toml              /work/{slug}/rules/rules.toml
work_rules_draft             /work/{slug}/rules/draft/
work_scheme                  /work/{slug}/rules/edit/
work_scheme_part             /work/{slug}/rules/edit/tracks.0/
work_scheme_start            /work/{slug}/rules/start/
work_scheme_submit           /work/{slug}/rules/submit/
work_scheme_try              /work/{slug}/rules/try/
work_scheme_change           /work/{slug}/rules/change/
work_scheme_draft_toml       /work/{slug}/rules/draft.toml
work_scheme_drafts           /work/{slug}/rules/drafts/
work_scheme_draft            /work/{slug}/rules/drafts/1/
work_rules_approve           /work/{slug}/rules/approve/
work_previous                /work/{slug}/previous/
work_rehearsal               /work/{slug}/rehearsal/
work_rules_publish           /work/{slug}/rules/publish/
work_entrants                /work/{slug}/entrants/
work_entrants_add            /work/{slug}/entrants/add/
work_entrants_import         /work/{slug}/entrants/import/
work_entrants_template       /work/{slug}/entrants/template.xlsx
work_entry                   /work/{slug}/entrants/{entry}/
work_entry_move              /work/{slug}/entrants/{entry}/move/
work_entry_withdraw          /work/{slug}/entrants/{entry}/withdraw/
work_people                  /work/{slug}/people/
work_person_add              /work/{slug}/people/add/
work_people_import           /work/{slug}/people/import/
work_people_template         /work/{slug}/people/template.xlsx
work_tracks                  /work/{slug}/tracks/
work_track                   /work/{slug}/tracks/township/
work_secretaries             /work/{slug}/secretaries/
work_secretary_add           /work/{slug}/secretaries/add/
work_secretaries_import      /work/{slug}/secretaries/import/
work_secretaries_template    /work/{slug}/secretaries/template.xlsx
work_secretary_term          /work/{slug}/secretaries/{term}/
work_term_change             /work/{slug}/secretaries/changes/{term_change}/
work_judges                  /work/{slug}/judges/
work_judge_add               /work/{slug}/judges/add/
work_judges_import           /work/{slug}/judges/import/
work_judges_template         /work/{slug}/judges/template.xlsx
work_judge                   /work/{slug}/judges/{judge}/
work_judge_move              /work/{slug}/judges/move/
work_judge_history           /work/{slug}/judges/history/
work_judge_account           /work/{slug}/judges/{judge}/account/
work_judge_replace           /work/{slug}/judges/{judge}/replace/
work_judge_remove            /work/{slug}/judges/{judge}/remove/
work_recusals                /work/{slug}/recusals/
work_recusal_add             /work/{slug}/recusals/add/
work_involvement_add         /work/{slug}/recusals/ties/
work_recusal_lift            /work/{slug}/recusals/{recusal}/lift/
work_involvement_remove      /work/{slug}/recusals/ties/{involvement}/remove/
work_schedule                /work/{slug}/schedule/
work_sites                   /work/{slug}/schedule/review1/sites/

work_round                   /work/{slug}/rounds/review1/
work_blank_sheets            /work/{slug}/rounds/review1/blank/
work_paper                   /work/{slug}/rounds/review1/paper/{judge}/
work_verify                  /work/{slug}/rounds/review1/verify/{judge}/
work_sheet                   /work/{slug}/rounds/review1/sheets/{sheet}/
work_sheet_settle            /work/{slug}/rounds/review1/sheets/{sheet}/settle/
work_late                    /work/{slug}/rounds/arena/late/{late}/
work_late_settle             /work/{slug}/rounds/arena/late/{late}/settle/
work_arena                   /work/{slug}/arena/arena/
work_arena_move              /work/{slug}/arena/arena/move/
work_arena_cover             /work/{slug}/arena/arena/cover/
work_arena_audience          /work/{slug}/arena/arena/audience/
work_arena_poster            /work/{slug}/arena/arena/poster/
work_arena_speaker           /work/{slug}/arena/arena/speaker/
work_signin                  /work/{slug}/signin/
work_signin_decide           /work/{slug}/signin/decide/
work_signin_cards            /work/{slug}/signin/cards/
work_arena_draw              /work/{slug}/arena/arena/draw/
work_arena_append            /work/{slug}/arena/arena/append/
work_arena_draw_print        /work/{slug}/arena/arena/draw/print/
work_arena_off               /work/{slug}/arena/arena/off/
work_arena_timer             /work/{slug}/arena/arena/timer/
work_arena_host              /work/{slug}/arena/arena/host/
work_arena_screen            /work/{slug}/arena/arena/screen/
work_arena_paper             /work/{slug}/arena/arena/paper/
work_arena_paper_issue       /work/{slug}/arena/arena/paper/issue/
work_arena_paper_print       /work/{slug}/arena/arena/paper/print/
work_arena_paper_entry       /work/{slug}/arena/arena/paper/entry/
work_arena_originals         /work/{slug}/arena/arena/paper/originals/
work_arena_originals_xlsx    /work/{slug}/arena/arena/paper/originals.xlsx
work_arena_originals_csv     /work/{slug}/arena/arena/paper/originals.csv
work_arena_paper_sheet       /work/{slug}/arena/arena/paper/{paper}/
work_arena_paper_void        /work/{slug}/arena/arena/paper/{paper}/void/
work_arena_tally             /work/{slug}/arena/arena/tally/
work_arena_jury              /work/{slug}/arena/arena/jury/
work_arena_jury_issue        /work/{slug}/arena/arena/jury/issue/
work_arena_tally_print       /work/{slug}/arena/arena/tally/print/
work_measurements            /work/{slug}/measurements/routine/
work_measurements_criterion  /work/{slug}/measurements/routine/criterion/visitors/
work_measurements_entry      /work/{slug}/measurements/routine/entry/{entry}/
work_measurements_verify     /work/{slug}/measurements/routine/verify/
work_measurements_import     /work/{slug}/measurements/routine/import/
work_measurements_template   /work/{slug}/measurements/routine/template.xlsx
work_ledger                  /work/{slug}/ledger/
work_ledger_new              /work/{slug}/ledger/new/
work_ledger_event            /work/{slug}/ledger/{event}/
work_ledger_correct          /work/{slug}/ledger/{event}/correct/
work_ledger_evidence         /work/{slug}/ledger/{event}/evidence
work_rulings                 /work/{slug}/rulings/
work_ruling_new              /work/{slug}/rulings/new/part_year/
work_ruling                  /work/{slug}/rulings/{ruling}/
work_ruling_correct          /work/{slug}/rulings/{ruling}/correct/

work_tabulation              /work/{slug}/tabulation/
work_tabulation_result       /work/{slug}/tabulation/{tabulation}/
work_tabulation_print        /work/{slug}/tabulation/{tabulation}/print/
work_tabulation_export       /work/{slug}/tabulation/{tabulation}/export.xlsx?track=township
work_explanation             /work/{slug}/tabulation/{tabulation}/township/{entry}/
work_awards                  /work/{slug}/awards/
work_awards_print            /work/{slug}/awards/print/
work_payments                /work/{slug}/awards/payments.xlsx
work_decision                /work/{slug}/awards/decision/
work_decision_verify         /work/{slug}/awards/decision/{decision}/verify/
work_decision_scan           /work/{slug}/awards/decision/{decision}/scan/
work_ceremony                /work/{slug}/ceremony/
work_ceremony_make           /work/{slug}/ceremony/make/
work_ceremony_order          /work/{slug}/ceremony/order/
work_ceremony_move           /work/{slug}/ceremony/move/
work_ceremony_host           /work/{slug}/ceremony/host/
work_ceremony_screen         /work/{slug}/ceremony/screen/
work_publish                 /work/{slug}/publish/
work_withdraw                /work/{slug}/publish/{version}/withdraw/
work_own_parts               /work/{slug}/publish/{version}/own/
work_own_part                /work/{slug}/publish/{version}/own/{entry}/
work_import                  /work/import/
work_bundle                  /work/{slug}/bundle.zip
work_record                  /work/{slug}/record/
work_closing                 /work/{slug}/closing/

judge_home                   /judge/
judge_round                  /judge/{slug}/arena/
judge_entry                  /judge/{slug}/arena/{entry}/
judge_submit                 /judge/{slug}/arena/submit/
judge_beat                   /judge/beat/

leading_list                 /leading/
leading_page                 /leading/{slug}/          /leading/{slug}/verify/
mine_list                    /mine/
mine_competition             /mine/{slug}/
"""


def addresses_of(year):
    """This function will return {route: [address]} with the keys of the `year` fixture put in."""
    lines = [line.split() for line in MATRIX_ADDRESSES.splitlines() if line]
    return {name: [text.format(**vars(year)) for text in texts] for name, *texts in lines}
