"""Everything that can be done to a competition's set-up, and to accounts. The stable signatures:

    create_competition(*, host_code, host_name, year, scheme, by, now, title="", slug="",
                       entrants=(), demo=False, previous=None, is_first=False, shown_at=None,
                       op_id=None) -> Competition
    name_previous(*, competition, previous, is_first, by, now, reason="", op_id=None,
                  revision=ANY) -> Competition
    draft_scheme(*, competition, scheme, by, now, op_id=None, digest=None,
                 change=None, revision=ANY) -> SchemeVersion  # Change says why published rules
                                                   # are changed, revision is of the draft read
    start_rehearsal(*, competition, by, now, op_id=None) -> Competition;  end_rehearsal
    approve_scheme(*, competition, by, now, op_id=None, digest=None) -> SchemeVersion
    save_draft(*, competition, document, what, by, now, revision, op_id=None) -> SchemeDraft
    publish_scheme(*, competition, by, now, op_id=None, digest=None) -> SchemeVersion
    add_entries(*, competition, entrants, by, now, op_id=None) -> [Entry]
    update_entry, move_entry, withdraw_entry, restore_entry, import_entries
    assign_track(*, competition, track_key, keys, by, now, op_id=None, revision=ANY)
    add_contestants(*, competition, contestants, by, now, op_id=None) -> [Entry]
    import_contestants, update_contestant
    record_term(*, competition, unit, person, since, by, now, until=None, acting=False, term=None,
                ends_former=False, reason="", op_id=None) -> PartySecretary, or TermChange
    verify_term_change(*, change, by, now, op_id=None) -> TermChange
    return_term_change(*, change, reason, by, now, op_id=None) -> TermChange
    import_terms(*, competition, rows, by, now, reason="", op_id=None) -> (recorded, waiting)
    refresh_secretary_entries(*, competition, by, now, op_id=None) -> [Entry]
    appoint_judge(*, competition, person, by, now, number=None, group_key="", seniority=None,
                  rounds=(), op_id=None) -> Judge
    seat_judges(*, competition, seats, by, now, op_id=None, revision=ANY)  # {round key: [Judge]}
    import_judges(*, competition, rows, by, now, op_id=None, revision=ANY) -> (added, changed)
    replace_judge(*, competition, judge, person, by, now, op_id=None) -> Judge
    update_judge, remove_judge
    move_judge(*, competition, judge, to, by, now, order="seniority", op_id=None)
    record_involvement(*, competition, person, unit, kind, by, now, note="", op_id=None)
    refresh_recusals(*, competition, by, now, op_id=None) -> [Recusal]
    record_recusal(*, competition, judge, entry, reason, by, now, op_id=None), lift_recusal
    plan_round(*, competition, round_key, by, now, starts_on=None, due_at=None, venue="",
               op_id=None) -> RoundPlan;  plan_rounds for several
    add_site(*, competition, round_key, entry, name, by, now, op_id=None) -> Site;  set_sites
    create_person(*, name, phone="", post="") -> Person
    create_account(*, person, username, by, now, op_id) -> (User, initial password)
    grant_role(*, person, kind, by, now, host_code="", since=None, until=None, op_id=None) -> Role
    end_role, reset_password, change_password, set_active, set_large_type

`by` is a Person, `now` an aware datetime, `scheme` a Scheme, `entrants` are
competitions.entrants.Entrant. Every action is atomic, records what it did, does nothing the second
time it is given the same `op_id`, and raises ValidationError with whole sentences.
"""

from competitions.actions.accounts import (
    change_password,
    create_account,
    create_person,
    end_role,
    grant_role,
    initial_password,
    note_password_set,
    note_switched_role,
    reset_password,
    set_active,
    set_large_type,
)
from competitions.actions.competitions import (
    Change,
    approve_scheme,
    create_competition,
    draft_scheme,
    publish_scheme,
)
from competitions.actions.contestants import (
    add_contestants,
    import_contestants,
    update_contestant,
)
from competitions.actions.drafts import save_draft
from competitions.actions.entrant_import import import_entries
from competitions.actions.entries import (
    add_entries,
    move_entry,
    restore_entry,
    update_entry,
    withdraw_entry,
)
from competitions.actions.guesses import find_guess_pause, note_guess
from competitions.actions.judge_import import import_judges
from competitions.actions.judges import (
    appoint_judge,
    find_free_seats,
    move_judge,
    remove_judge,
    replace_judge,
    seat_judges,
    update_judge,
)
from competitions.actions.plans import add_site, plan_round, plan_rounds, set_sites
from competitions.actions.previous import name_previous
from competitions.actions.recusals import (
    lift_recusal,
    record_involvement,
    record_recusal,
    refresh_recusals,
    remove_involvement,
)
from competitions.actions.rehearsals import end_rehearsal, start_rehearsal
from competitions.actions.secretaries import refresh_secretary_entries
from competitions.actions.signins import (
    find_account_pause,
    find_pause,
    lift_pause,
    note_failure,
    note_success,
)
from competitions.actions.term_changes import return_term_change, verify_term_change
from competitions.actions.term_import import import_terms
from competitions.actions.terms import record_term
from competitions.actions.tracks import assign_track

__all__ = [
    "Change",
    "add_contestants",
    "add_entries",
    "add_site",
    "appoint_judge",
    "approve_scheme",
    "assign_track",
    "change_password",
    "create_account",
    "create_competition",
    "create_person",
    "draft_scheme",
    "end_rehearsal",
    "end_role",
    "find_account_pause",
    "find_free_seats",
    "find_guess_pause",
    "find_pause",
    "grant_role",
    "import_contestants",
    "import_entries",
    "import_judges",
    "import_terms",
    "initial_password",
    "lift_pause",
    "lift_recusal",
    "move_entry",
    "move_judge",
    "name_previous",
    "note_failure",
    "note_guess",
    "note_password_set",
    "note_success",
    "note_switched_role",
    "plan_round",
    "plan_rounds",
    "publish_scheme",
    "record_involvement",
    "record_recusal",
    "record_term",
    "refresh_recusals",
    "refresh_secretary_entries",
    "remove_involvement",
    "remove_judge",
    "replace_judge",
    "reset_password",
    "restore_entry",
    "return_term_change",
    "save_draft",
    "seat_judges",
    "set_active",
    "set_large_type",
    "set_sites",
    "start_rehearsal",
    "update_contestant",
    "update_entry",
    "update_judge",
    "verify_term_change",
    "withdraw_entry",
]
