"""The kinds of fact that this app writes into the record."""

from record.kinds import register

DECISION_ENTERED = register("decision.entered", "录入会议决定")
DECISION_VERIFIED = register("decision.verified", "核对会议决定")
DECISION_RETURNED = register("decision.returned", "退回会议决定")
