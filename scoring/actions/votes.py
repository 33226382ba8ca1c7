"""Votes counted from ballots: they count at once, and change by the road of every value."""

from record.actions import append
from scoring import kinds
from scoring.models import Checked, Measurement


def put_votes(competition, round_key, criterion_key, entry, values, proof, op, by, now):
    """This function will let counted votes be the evidence of one criterion of one entry, as one
    revision, and return it. It is a part of an action that holds the competition's lock.

    `values` maps the criterion's inputs to whole numbers as text; `proof` is what the record says
    beside them about the ballots. Nobody typed the numbers, so nobody verifies them: the row names
    who closed the ballot and no second person. Whatever stood there is replaced.
    """
    row = Measurement.objects.filter(
        competition=competition, entry=entry, round_key=round_key, criterion_key=criterion_key
    ).first()
    fact = {"entry": entry.key, "criterion": criterion_key, "values": values}
    if row is not None:
        fact["was"] = row.revision.hex
    revision = append(
        chain=competition.chain,
        kind=kinds.MEASUREMENTS_COUNTED,
        body={**proof, "round": round_key, "rows": [fact]},
        by=str(by.id),
        now=now,
        op_id=op,
    )
    Measurement.objects.update_or_create(
        competition=competition,
        entry=entry,
        round_key=round_key,
        criterion_key=criterion_key,
        defaults={
            "values": values,
            "verified_values": {},
            "state": Checked.State.VERIFIED,
            "entered_by": by,
            "entered_at": now,
            "verified_by": None,
            "verified_at": None,
            "return_reason": "",
            "revision": revision.op_id,
        },
    )
    return revision
