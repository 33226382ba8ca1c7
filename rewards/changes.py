"""A meeting's changes to the awards: read, tidied, and held against the computed outcome."""

from dataclasses import asdict
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError

from competitions.scheme.fields import plain
from rewards.queries import find_outcome
from rewards.queries.awards import find_barred, find_entries, gates_of
from rewards.rules.decide import apply_decision
from rewards.rules.outcome import Change

LARGEST_AMOUNT = Decimal(1_000_000_000)
LONGEST_REASON = 200
BARRED = "因「{}」已取消评先资格，会议不能给予；认定有误的，请先撤回裁定并重新统分。"


def tidy_changes(changes):
    """This function will return changes as the record keeps them: by award, withdrawals first,
    amounts as plain decimal text. `changes` are dicts: award, entry, give, reason, amount."""
    tidy = [
        asdict(
            Change(
                award=str(change["award"]),
                entry=str(change["entry"]),
                give=bool(change["give"]),
                reason=" ".join(str(change.get("reason") or "").split()),
                amount=read_amount(change.get("amount")) if change["give"] else None,
            )
        )
        for change in changes
    ]
    if any(len(change["reason"]) > LONGEST_REASON for change in tidy):
        raise ValidationError(f"调整理由不能超过 {LONGEST_REASON} 字，请精简。")
    return sorted(tidy, key=lambda item: (item["award"], item["give"], item["entry"]))


def read_amount(value):
    """This function will return an amount in yuan as plain decimal text, None when there is none.

    It is not negative, below a thousand million, with two decimals at most.
    """
    if value is None or str(value).strip() == "":
        return None
    try:
        amount = Decimal(str(value).strip().replace(",", "").replace("，", ""))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount < LARGEST_AMOUNT or amount != round(amount, 2):
        raise ValidationError(
            f"金额「{str(value)[:20]}」应为不小于 0、最多两位小数的元数，例如 300000。"
        )
    return plain(amount)


def decide_changes(competition, tabulation, changes):
    """This function will return the Outcome as tidy `changes` leave it.

    ValidationError with a sentence for every change that does not fit: an award or entry that is
    not there, one held or not held already, an entry that withdrew or that a gate bars.
    """
    outcome = find_outcome(tabulation).computed
    offers = {offer.grant.award: offer for offer in outcome.offers}
    entries = find_entries(competition)
    barred = find_barred(tabulation)
    problems, seen = [], set()
    for change in changes:
        award, key = change["award"], change["entry"]
        offer, entry = offers.get(award), entries.get(key)
        problem = ""
        if entry is None:
            problem = "参评名单里没有这个对象，请重新选择。"
        elif (award, key) in seen:
            problem = "同一奖项对同一对象只能有一项调整。"
        elif change["give"] and entry.withdrawn:
            problem = "已经退出参评，不能给予奖项。"
        elif change["give"] and offer:
            gates = gates_of(barred, offer, key)
            problem = BARRED.format(gates) if gates else ""
        if not problem:
            try:
                outcome = apply_decision(outcome, [Change(**change)])
            except ValueError as error:
                problem = str(error)
        if problem:
            where = f"「{offer.grant.title if offer else award}」{entry.name if entry else key}"
            problems.append(f"{where}：{problem}")
        seen.add((award, key))
    if problems:
        raise ValidationError(problems)
    return outcome
