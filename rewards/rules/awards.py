"""Awards of a track: by place, by tier, by red flag, by progress; amounts, pools, durations."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal

from competitions.scheme.fields import plain
from competitions.scheme.reward_types import Honour
from rewards.rules.outcome import AwardGrant, Boundary
from rewards.rules.pools import within_limit
from rewards.rules.select import choose, positions, share_of


def decide_awards(track, fields, flags, rulings, previous, people=None):
    """This function will return (grants, boundaries, notes) of one track.

    fields: one list of EntryResult for each peer group, only entries with a place. Quotas hold in
    each peer group; a pool holds for the whole award. people: {(award key, entry): number} of those
    who get the amount, where it is not the scheme's number.
    """
    grants: list[AwardGrant] = []
    boundaries: list[Boundary] = []
    notes: list[str] = []
    for award in track.awards:
        own: list[AwardGrant] = []
        for results in fields:
            fitting = [r for r in results if fits(award, r, flags)]
            if award.progress:
                own += _by_progress(award, track, fitting, previous)
            elif award.red_flag:
                own += _by_flag(award, track, fitting, flags)
            else:
                given, waiting, said = _by_place(award, track, results, fitting, rulings)
                own += given
                boundaries += waiting
                notes += said
        own = [
            replace(grant, people=(people or {}).get((award.key, grant.entry), award.people))
            for grant in own
        ]
        own, said = within_limit(award, own)
        grants += own
        notes += said
    return grants, boundaries, notes


def fits(award, result, flags) -> bool:
    """This function will say whether an entry may get the award at all; one that a gate lowers
    may get the lowest tier."""
    if result.barred and not (award.tiers and result.lowered):
        return False
    if award.no_yellow and any(f.entry == result.entry and f.colour == "yellow" for f in flags):
        return False
    return award.minimum is None or Decimal(result.total) >= award.minimum


def template(award, track=None) -> AwardGrant:
    """This function will return the award without a winner; an honour belongs to no track."""
    return AwardGrant(
        award=award.key,
        title=award.title,
        track="" if track is None else track.key,
        entry="",
        place=None,
        amount=None,
        reason="",
        legal_basis=award.legal_basis,
        source_of_money=award.source_of_money,
        to=award.to,
        approval=award.approval,
        months=award.months if award.per == "month" else 0,
        role=award.role,
        people=getattr(award, "people", 1),
    )


def has_money(award) -> bool:
    """This function will say whether an award or honour comes with money."""
    if isinstance(award, Honour):
        return any(step.amount is not None for step in award.steps)
    return bool(award.amounts or award.tiers or award.progress)


def amount_of(award, place: int | None, sharing: int = 1) -> Decimal | None:
    """This function will return the yuan of a place: from the table place → amount (a single
    amount holds for every place); shared by the tied where the scheme says so. An honour's depends
    on flags, so that it has none by place."""
    amounts = () if isinstance(award, Honour) else award.amounts
    if not amounts:
        return None
    if len(amounts) == 1:
        return amounts[0]
    if award.tied_amount == "share" and sharing > 1:
        taken = amounts[place - 1 : place - 1 + sharing]
        total = sum(taken, Decimal(0))
        return Decimal(int(total * 100) // sharing) / 100
    return amounts[place - 1] if place <= len(amounts) else None


def _grant(award, track, result, amount, reason) -> AwardGrant:
    return replace(
        template(award, track),
        entry=result.entry,
        place=result.place,
        amount=None if amount is None else plain(amount),
        reason=f"{reason}，{award.reason}。" if award.reason else f"{reason}。",
    )


def _by_place(award, track, results, fitting, rulings):
    """Prizes by place, in one class or in several tiers."""
    by_key = {result.entry: result for result in fitting}
    ranked = [(result.place, result.entry) for result in fitting]
    if award.vacated == "fill" or award.tiers:
        ranked = positions(ranked)
    if award.tiers:
        return _by_tier(award, track, ranked, by_key, rulings, len(results))
    whole = ranked
    if award.vacated == "leave":
        whole = [(result.place, result.entry) for result in results]
    quota = award.quota
    if award.percent is not None:
        quota = share_of(award.percent, len(results), award.percent_rounding)
    choice = choose(whole, quota, award.boundary, rulings.get(award.key))
    chosen = [pair for pair in choice.chosen if pair[1] in by_key]
    sharing = {place: [p for p, _ in chosen].count(place) for place, _ in chosen}
    grants = [
        _grant(
            award,
            track,
            by_key[entry],
            amount_of(award, place, sharing[place]),
            f"{track.title}第{by_key[entry].place}名，总分 {by_key[entry].total}",
        )
        for place, entry in chosen
    ]
    tied = tuple(entry for entry in choice.tied if entry in by_key)
    boundaries = [_boundary(award, track, tied, choice.left)] if tied else []
    notes = [f"「{award.title}」{choice.note}"] if choice.note else []
    return grants, boundaries, notes


def _boundary(award, track, tied, left) -> Boundary:
    return Boundary(
        award.key,
        "award",
        track.key,
        tied,
        left,
        f"「{award.title}」名额边界有 {len(tied)} 个并列，还有 {left} 个名额，请由会议研究确定。",
    )


def _by_tier(award, track, ranked, by_key, rulings, count):
    """Tier after tier: who misses a tier's minimum total still stands for the next tier; whom a
    gate lowers stands for the last one only."""
    grants, boundaries, notes = [], [], []
    waiting = list(ranked)
    for tier in award.tiers:
        able = [
            pair
            for pair in waiting
            if (tier.minimum is None or Decimal(by_key[pair[1]].total) >= tier.minimum)
            and (tier is award.tiers[-1] or not by_key[pair[1]].lowered)
        ]
        places = tier.places
        if tier.percent is not None:
            places = share_of(tier.percent, count, award.percent_rounding)
        choice = choose(positions(able), places, award.boundary, rulings.get(award.key))
        if choice.note:
            notes.append(f"「{award.title}」{tier.title}：{choice.note}")
        for _, entry in choice.chosen:
            result = by_key[entry]
            reason = f"{track.title}第{result.place}名，总分 {result.total}，{tier.title}"
            if result.lowered:
                reason += f"（因「{'、'.join(result.barred)}」定为最低一档）"
            grants.append(_grant(award, track, result, tier.amount, reason))
        if choice.tied:
            boundaries.append(_boundary(award, track, choice.tied, choice.left))
        gone = {entry for _, entry in choice.chosen} | set(choice.tied)
        waiting = [pair for pair in waiting if pair[1] not in gone]
    return grants, boundaries, notes


def _by_flag(award, track, fitting, flags):
    """Whoever holds a red flag; who holds several, issue by issue, gets it for each."""
    held = Counter(flag.entry for flag in flags if flag.colour == "red" and flag.track == track.key)
    return [
        _grant(
            award,
            track,
            result,
            award.amounts[0] * held[result.entry] if award.amounts else None,
            f"获{track.title}红旗{_times(held[result.entry])}"
            f"（第{result.place}名，总分 {result.total}）",
        )
        for result in sorted(fitting, key=lambda r: (r.place, r.entry))
        if held[result.entry]
    ]


def _times(count: int) -> str:
    return "" if count == 1 else f" {count} 面"


def _by_progress(award, track, fitting, previous):
    grants = []
    for result in sorted(fitting, key=lambda r: (r.place, r.entry)):
        before = previous.get((track.key, result.entry))
        if before is None:
            continue
        up = before - result.place
        steps = [step for step in award.progress if up >= step.up]
        if steps:
            step = max(steps, key=lambda step: step.up)
            reason = f"{track.title}由第{before}名升至第{result.place}名，上升 {up} 位"
            grants.append(_grant(award, track, result, step.amount, reason))
    return grants
