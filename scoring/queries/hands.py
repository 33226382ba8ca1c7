"""By whose hands what waits for a second person has come about: nobody verifies her own value.

A row may hold values of several people, and its `entered_by` is only the last of them. The record
knows the others.
"""

from competitions.queries.signers import find_person_ids
from record.queries import changes
from scoring import kinds
from scoring.queries.round_bodies import find_round_bodies

MEASURED = (kinds.MEASUREMENTS_ENTERED, kinds.MEASUREMENTS_VERIFIED)


def find_measured_hands(competition, round_key):
    """This function will return {(entry key, criterion key): ids of the people} who entered,
    changed or deleted a value of the row that nobody has verified since. Three queries.

    A value that was changed again is its last hand's alone.
    """
    values, hands, signed = {}, {}, {}
    for revision, facts in find_round_bodies(competition, round_key, *MEASURED):
        for row in facts["rows"]:
            place = (row["entry"], row["criterion"])
            if revision.kind == kinds.MEASUREMENTS_VERIFIED:
                hands[place] = {}
                continue
            before, after = values.get(place, {}), row["values"]
            values[place] = after
            touched = {key for key in {*before, *after} if before.get(key) != after.get(key)}
            hands.setdefault(place, {}).update(dict.fromkeys(touched, revision.op_id))
            signed[revision.op_id] = revision
    people = find_person_ids((revision, revision.by) for revision in signed.values())
    by = {op_id: people.get((op_id, revision.by)) for op_id, revision in signed.items()}
    return {place: {by[op_id] for op_id in own.values()} for place, own in hands.items()}


def find_hands_of(row):
    """This function will return the ids of all who entered or corrected a ledger event or ruling.

    Whoever corrects one sends the whole of it; what she left as it was is still another's.
    """
    line = [item for item in changes(row.revision) if item.kind.endswith(".entered")]
    people = find_person_ids((item, item.by) for item in line)
    return {row.entered_by_id, *people.values()}
