"""What the pages of ledger events and rulings share: verify, return, withdraw, and the story."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.utils import timezone

from competitions.models import Person
from record.queries import changes
from scoring.forms.ledger import SettleForm

SAID = {
    "verify": "已核对，计入统分。",
    "return": "已退回，录入人会在待办里看到原因。",
    "withdraw": "已申请撤回，从现在起不计；等候另一位工作人员核对。",
}


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
    withdrawn = row.withdrawn and data["do"] == "verify"
    try:
        actions[data["do"]](**call)
    except ValidationError as error:
        form.add_error("reason" if "原因" in error.messages[0] else None, error)
        return form
    messages.success(request, "已核对撤回，不再计入统分。" if withdrawn else SAID[data["do"]])
    return None


def tell_story(row):
    """This function will return [(revision, person's name or "")] of a row, first to last."""
    line = changes(row.revision)
    names = dict(
        Person.objects.filter(id__in=[item.by for item in line if item.by.isdigit()]).values_list(
            "id", "name"
        )
    )
    return [(item, names.get(int(item.by), "") if item.by.isdigit() else "") for item in line]
