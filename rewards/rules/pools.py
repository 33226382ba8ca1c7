"""Money under a limit: the limit of one award, and the sum that several awards share."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from competitions.scheme.fields import plain
from rewards.rules.outcome import AwardGrant


def payable(grant: AwardGrant) -> Decimal:
    """This function will return all the yuan that a grant costs: each month, each person."""
    return Decimal(grant.amount or 0) * (grant.months or 1) * grant.people


def sum_of(grants) -> Decimal:
    """This function will return all the yuan that some grants cost."""
    return sum((payable(grant) for grant in grants), Decimal(0))


def within_limit(award, grants):
    """This function will return (grants, notes) of one award: all its amounts reduced in
    proportion, to whole yuan, when they exceed the award's own limit."""
    total = sum_of(grants)
    if award.pool is None or total <= award.pool:
        return grants, []
    rate = Fraction(award.pool) / Fraction(total)
    words = (
        f"「{award.title}」合计 {plain(total)} 元，超过总额 {plain(award.pool)} 元，按比例核减。"
    )
    return [_scaled(grant, rate) for grant in grants], [words]


def share_pools(scheme, grants, waiting):
    """This function will return (grants, notes): what several awards share is cut as the scheme
    says. Amounts (a month, a person) are rounded down to whole yuan, and what is left over is not
    given. `waiting` holds the awards that cannot be decided yet: while one of a sum waits, none of
    it is given, because the others' amounts would still change.
    """
    notes: list[str] = []
    for pool in scheme.pools:
        own = [grant for grant in grants if grant.award in pool.keys]
        if waiting & set(pool.keys):
            notes.append(f"「{pool.title}」所列奖项尚未全部算出，暂不分配。")
            grants = [grant for grant in grants if grant.award not in pool.keys]
            continue
        rates = _rates(pool, own)
        if not rates:
            continue
        new = {
            (grant.award, grant.entry): _cut(pool, grant, rates.get(grant.award, Fraction(1)))
            for grant in own
        }
        grants = [new.get((grant.award, grant.entry), grant) for grant in grants]
        notes.append(
            f"「{pool.title}」{plain(pool.amount)} 元：所列奖项合计 {plain(sum_of(own))} 元，"
            f"{WAYS[pool.how]}，实发 {plain(sum_of(new.values()))} 元。"
        )
    return grants, notes


WAYS = {"proportion": "按同一比例核减", "order": "按奖项先后发放", "share": "按金额的比例分完"}


def _rates(pool, grants) -> dict[str, Fraction]:
    """{award: what its amounts are multiplied by}; empty where nothing changes."""
    total = Fraction(sum_of(grants))
    if not total or (pool.how != "share" and total <= pool.amount):
        return {}
    if pool.how != "order":
        return dict.fromkeys(pool.keys, Fraction(pool.amount) / total)
    left, rates = Fraction(pool.amount), {}
    for key in pool.keys:
        cost = Fraction(sum_of(grant for grant in grants if grant.award == key))
        rates[key] = Fraction(1) if cost <= left else left / cost
        left = max(left - cost, Fraction(0))
    return rates


def _scaled(grant, rate):
    if grant.amount is None:
        return grant
    exact = Fraction(grant.amount) * rate
    return replace(grant, amount=str(exact.numerator // exact.denominator))


def _cut(pool, grant, rate):
    """A grant with its new amount and how it came about."""
    new = _scaled(grant, rate) if rate != 1 else grant
    if new.amount == grant.amount:
        return grant
    per = "每月" if grant.months else ""
    per += "每人" if grant.people > 1 else ""
    words = f"{per}原 {grant.amount} 元，按「{pool.title}」{plain(pool.amount)} 元"
    words += f"{'分得' if pool.how == 'share' else '核减为'} {new.amount} 元。"
    return replace(new, cut=words)


def exceeded(offers, pools, grants) -> list[str]:
    """This function will say which limits and shared sums the grants exceed: amounts that a meeting
    gave are not cut."""
    notes = []
    for offer in offers:
        limit = getattr(offer.award, "pool", None)
        total = sum_of(grant for grant in grants if grant.award == offer.grant.award)
        if limit is not None and total > limit:
            notes.append(_over(offer.grant.title, total, limit))
    for pool in pools:
        total = sum_of(grant for grant in grants if grant.award in pool.keys)
        if total > pool.amount:
            notes.append(_over(pool.title, total, pool.amount))
    return notes


def _over(title, total, limit) -> str:
    return f"会议决定以后，「{title}」合计 {plain(total)} 元，超过总额 {plain(limit)} 元，请核对。"
