"""What the pages of ledger events and rulings share: verify, return, withdraw, and the story."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.utils import timezone

from competitions.queries.signers import find_signers
from record.private import reveal_all
from record.queries import changes
from scoring.forms.ledger import SettleForm
from scoring.models import Checked
from scoring.queries.hands import find_hands_of

SAID = {
    "verify": "已核对，计入统分。",
    "return": "已退回，录入人会在待办里看到原因。",
}
TAKEN_BACK = "已撤回，不会计入统分。"
ASKED = "已申请撤回，等候另一位工作人员同意；在此之前仍计入统分。"
AGREED = "已同意撤回，不再计入统分。"
KEPT = "已退回撤回申请，仍计入统分。"


def settle(request, competition, row, actions):
    """This function will do what a posted SettleForm asks, and return the form if it cannot.

    `actions` maps verify, return and withdraw to the actions. None means that it was done.
    """
    form = SettleForm(request.POST)
    if not form.is_valid():
        return form
    data = form.cleaned_data
    call = {
        "competition": competition,
        "key": row.key,
        "revision": data["revision"],
        "op": data["op"],
        "by": request.user.person,
        "now": timezone.now(),
    }
    if data["do"] != "verify":
        call["reason"] = data["reason"]
    asked = row.asks_withdrawal
    try:
        done = actions[data["do"]](**call)
    except ValidationError as error:
        form.add_error("reason" if "原因" in error.messages[0] else None, error)
        return form
    messages.success(request, _said(data["do"], asked, done))
    return None


def _said(do, asked, row):
    if do == "withdraw":
        return TAKEN_BACK if row.withdrawn else ASKED
    if asked:
        return AGREED if do == "verify" else KEPT
    return SAID[do]


def describe_choices(row, person):
    """This function will say what this person may do with the row as it stands, for its page.

    `waits`: somebody has to verify or return it, or answer the request to withdraw it; `own`: not
    this person; `shared`: because she entered a part of it; `may_withdraw`,
    `may_correct`: see scoring.actions.checking.
    """
    verified = row.state == Checked.State.VERIFIED
    author = row.entered_by_id == person.id
    own = not verified and person.id in find_hands_of(row)
    still = not row.withdrawn and not row.asks_withdrawal
    return {
        "waits": row.asks_withdrawal or (still and row.state == Checked.State.ENTERED),
        "own": row.withdrawal_by_id == person.id if row.asks_withdrawal else own,
        "shared": own and not author,
        "may_correct": still and not verified,
        "may_withdraw": still and (verified or author),
        "verified": verified,
    }


def tell_story(row):
    """This function will return [(revision, person's name or "", reason)], first to last."""
    line = changes(row.revision)
    names = find_signers(line)
    said = reveal_all([item.facts.get("reason", "") for item in line])
    return [(item, names[item.op_id], reason) for item, reason in zip(line, said, strict=True)]
