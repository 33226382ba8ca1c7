"""What the tests of these pages share: addresses, signing in, and filling in the form."""

import datetime
import uuid

from django.urls import reverse
from django.utils import timezone

from rewards.actions import record_decision, verify_decision
from tests.rewards import case

PAPERS = {
    "meeting": "县委常委会第 12 次会议",
    "decided_on": "2022-09-01",
    "document_number": "临常纪〔2022〕12 号",
    "note": "",
}


def signed_in(client, user):
    """This function will sign the person in and return the client."""
    client.force_login(user)
    return client


def address(name, competition, *args):
    """This function will return an address inside the competition."""
    return reverse(name, args=[competition.slug, *args])


def filled(competition, *changes, step="preview", **fields):
    """This function will return the form as a browser sends it, with these changes ticked."""
    data = {**PAPERS, "op": str(uuid.uuid4()), "step": step}
    data["tabulation"] = str(competition.tabulation.number)
    for change in changes:
        prefix = f"{change['award']}.{change['entry']}-"
        data |= {prefix + "change": "on", prefix + "reason": change["reason"]}
        if change["give"]:
            data[prefix + "amount"] = change["amount"] or ""
    return data | fields


def enter_decision(competition, user, *changes, scan=None, **papers):
    """This function will record a decision on the competition's tabulation."""
    papers = {**PAPERS, **papers}
    return record_decision(
        competition=competition,
        tabulation=competition.tabulation,
        meeting=papers["meeting"],
        decided_on=datetime.date.fromisoformat(papers["decided_on"]),
        document_number=papers["document_number"],
        note=papers["note"],
        changes=list(changes),
        scan=scan,
        by=user.person,
        now=timezone.now(),
        op=uuid.uuid4(),
    )


def verified_decision(competition, user, second, *changes, **kwargs):
    """This function will record a decision and have the second person verify it."""
    made = enter_decision(competition, user, *changes, **kwargs)
    return verify_decision(decision=made, by=second.person, now=timezone.now(), op=uuid.uuid4())


SWAP = (case.withdraw(), case.give(amount="300000"))
