"""Votes that were counted from ballots, from the record: which these are, and their changes."""

from competitions.queries.signers import find_signers
from record.private import reveal_all
from scoring import kinds
from scoring.queries.round_bodies import find_round_bodies
from scoring.queries.sheet_history import Act, Change

CHANGING = (
    kinds.MEASUREMENTS_COUNTED,
    kinds.MEASUREMENTS_ENTERED,
    kinds.MEASUREMENTS_VERIFIED,
    kinds.MEASUREMENTS_RETURNED,
)


def find_counted_votes(competition, round_key):
    """This function will return {(entry key, criterion key)} of the votes of a round that were
    counted from ballots, whatever has become of them since. One query."""
    return {
        (row["entry"], row["criterion"])
        for _, facts in find_round_bodies(competition, round_key, kinds.MEASUREMENTS_COUNTED)
        for row in facts["rows"]
    }


def find_vote_changes(competition, round_key, counted=None):
    """This function will return {(entry key, criterion key): [Change]} of counted votes that two
    persons have changed, or one has proposed to, since they were counted last; first to last.

    `counted` is what `find_counted_votes` found, where it was asked. A constant number of queries;
    none where it is empty.
    """
    counted = find_counted_votes(competition, round_key) if counted is None else counted
    if not counted:
        return {}
    voted = sorted({criterion for _, criterion in counted})
    read = find_round_bodies(competition, round_key, *CHANGING, criteria=voted)
    revisions = [revision for revision, _ in read]
    names, found, stands = find_signers(revisions), {}, {}
    bodies = reveal_all(facts for _, facts in read)
    for revision, facts in zip(revisions, bodies, strict=True):
        act = Act(revision, names[revision.op_id], facts.get("reason", ""))
        for row in facts["rows"]:
            place = (row["entry"], row["criterion"])
            if place in stands or revision.kind == kinds.MEASUREMENTS_COUNTED:
                _follow(found.setdefault(place, []), stands, place, act, row["values"])
    return {place: changes for place, changes in found.items() if changes}


def _follow(changes, stands, place, act, values):
    kind = act.revision.kind
    if kind == kinds.MEASUREMENTS_COUNTED:
        changes.clear()
        stands[place] = values
    elif kind == kinds.MEASUREMENTS_ENTERED:
        if changes and changes[-1].settled is None:
            # Proposed otherwise before anybody had looked at it.
            changes.pop()
        changes.append(Change(stands[place], values, act))
    elif changes:
        changes[-1].settled = act
        if changes[-1].approved:
            stands[place] = values


def compare_votes(asked, change):
    """This function will return rows for components/diff_table.html of one Change: the options of
    which the number differs, in the order of the rules (`asked`: the criterion, or what is asked
    of it)."""
    return [
        {"label": item.title, "left": _votes(before), "right": _votes(after)}
        for item in asked.inputs
        if (before := change.before.get(item.key)) != (after := change.after.get(item.key))
    ]


def _votes(number):
    return f"{number} 票" if number else "—"
