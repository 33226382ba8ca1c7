"""The list of entrants as the record keeps it, and the numbers in their keys."""

import re

from competitions import kinds
from competitions.actions import basis
from competitions.models import Entry


def record_entries(competition, *, by, now, op_id=None, revision=basis.ANY):
    """This function will append the list of entrants as it stands now."""
    rows = Entry.objects.filter(competition=competition).with_subjects().order_by("key")
    body = {"entries": [_as_fact(entry) for entry in rows]}
    return basis.append_state(
        competition,
        kinds.ENTRIES_CHANGED,
        body,
        by=by,
        now=now,
        op_id=op_id,
        revision=revision,
    )


def _as_fact(entry):
    fact = {
        "key": entry.key,
        "subject": entry.subject,
        "unit": entry.unit_id,
        "name": entry.unit.name,
        "division": entry.unit.division_code,
        "peer_group": entry.peer_group,
        "order": entry.official_order,
        "hand_order": entry.hand_order,
        "factor": entry.factor,
        "withdrawn": entry.withdrawn,
    }
    if entry.of_id is not None:
        fact["of"] = entry.of.key
    if entry.tracks:
        fact["tracks"] = entry.tracks
    if entry.people is not None:
        fact["people"] = entry.people
    if entry.person_id is not None:
        fact["person"] = str(entry.person_id)
    if entry.term_id is not None:
        fact |= {
            "person": str(entry.term.person_id),
            "since": entry.term.since.isoformat(),
            "until": entry.term.until.isoformat() if entry.term.until else None,
            "acting": entry.term.acting,
        }
    return fact


def next_number(keys):
    """This function will return the number after the largest in keys such as e01, e12."""
    return max((int(re.sub(r"\D", "", key) or 0) for key in keys), default=0) + 1
