"""What the record alone says of meetings' decisions, beside the rows."""

from competitions.queries.replay import roads_agree
from rewards import kinds
from rewards.models import MeetingDecision

State = MeetingDecision.State
ROAD = {
    kinds.DECISION_ENTERED: State.ENTERED,
    kinds.DECISION_VERIFIED: State.VERIFIED,
    kinds.DECISION_RETURNED: State.RETURNED,
}


def find_unlike_decisions(competition, ids):
    """This function will return the title of decisions when these are not as the record of a
    competition says, else nothing. `ids` are Identities (competitions.queries.replay). One query,
    and two for each decision."""
    rows = MeetingDecision.objects.filter(competition=competition).select_related("tabulation")
    rows = rows.defer("tabulation__evidence", "tabulation__result").order_by("id")
    agrees = roads_agree(rows, competition, ROAD, ids, _decision_agrees)
    return [] if agrees else [str(MeetingDecision._meta.verbose_name)]


def _decision_agrees(row, facts, _revision):
    stored = {
        "number": row.number,
        "tabulation": row.tabulation.number,
        "decided_on": row.decided_on.isoformat(),
        "document": row.document_number,
        "changes": row.changes,
        "meeting": row.meeting,
    }
    return (
        all(facts[name] == value for name, value in stored.items())
        and facts.get("note", "") == row.note
        and facts.get("scan", {}).get("sha256", "") == row.scan_digest
    )
