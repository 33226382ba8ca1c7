"""From a tabulation to flags, awards and money; and what a meeting's decision changes in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from competitions.scheme.fields import plain
from rewards.rules.awards import amount_of, decide_awards, has_money, template
from rewards.rules.flags import decide_flags, decide_issues, keys_of
from rewards.rules.honours import decide_honours, looked_at
from rewards.rules.outcome import AwardGrant, Change, Offer, Outcome
from rewards.rules.pools import exceeded, share_pools, sum_of
from scoring.rules.field import by_age, cite


def decide(tabulation, scheme, evidence=None) -> Outcome:
    """This function will apply the scheme's flags and awards to a tabulation
    (scoring.rules.result.Tabulation). `evidence` gives recorded boundary decisions, earlier flags
    and earlier places. Tracks that are not complete lead to nothing but the flags of the issues
    (rounds) that are.
    """
    rulings: dict[str, dict[str, set[str]]] = {"": {}}
    history, previous = {}, {}
    revoked: dict[tuple[str, str, str], str] = {}
    people = {}
    if evidence is not None:
        history, previous, people = evidence.history, evidence.previous, evidence.people
        for ruling in sorted(evidence.rulings, key=by_age):
            if ruling.kind == "boundary":
                rulings.setdefault(ruling.round, {})[ruling.of] = set(ruling.entries)
            elif ruling.kind == "revoke_flag":
                revoked[ruling.of, ruling.entry, ruling.round] = cite(ruling)
    flags, awards, undecided, notes, offers, places = [], [], [], [], [], {}
    waiting: set[str] = set()
    for track in scheme.tracks:
        result = tabulation.tracks[track.key]
        ranked = [item for item in result.entries.values() if item.place is not None]
        places[track.key] = {item.entry: item.place for item in ranked}
        offers += [
            Offer(template(award, track), award.promotion, award, (track.key,))
            for award in track.awards
        ]
        fields = peer_fields(track, ranked)
        found, open_, said = decide_flags(track, fields, rulings[""], history)
        more_found, more_open, more_said = decide_issues(track, result, rulings, history, revoked)
        found, said = found + more_found, said + more_said
        found, taken = _take_away(found, revoked)
        flags += found
        undecided += open_ + more_open
        notes += said + taken
        if result.complete:
            given, open_, more = decide_awards(track, fields, found, rulings[""], previous, people)
            awards += given
            undecided += open_
            notes += more
        else:
            waiting |= {award.key for award in track.awards}
    given_flags, given, said, later = decide_honours(scheme, tabulation, flags)
    given_flags, taken = _take_away(given_flags, revoked)
    offers += [
        Offer(template(honour), honour.promotion, honour, looked_at(scheme, honour))
        for honour in scheme.honours
        if honour.gives == "award"
    ]
    awards, more = share_pools(scheme, awards + given, waiting | later)
    notes += said + taken + more
    return _outcome(flags + given_flags, awards, undecided, notes, offers, places, scheme.pools)


def _take_away(flags, revoked):
    """The flags without those that a ruling took away again, and a note on each of these."""
    kept, notes = [], []
    for flag in flags:
        why = revoked.get(keys_of(flag)) or revoked.get(keys_of(flag, ""))
        if why:
            notes.append(f"「{flag.title}」已摘旗一面：{why}。")
        else:
            kept.append(flag)
    return kept, notes


def peer_fields(track, ranked) -> list[list]:
    """This function will return the ranked entries by peer group, each in order of place."""
    groups: dict[str, list] = {}
    for item in sorted(ranked, key=lambda item: (item.place, item.entry)):
        groups.setdefault(item.group if track.peers == "group" else "", []).append(item)
    return [groups[name] for name in sorted(groups)]


def _outcome(flags, awards, undecided, notes, offers, places, pools) -> Outcome:
    promoted = {offer.grant.award for offer in offers if offer.promotion}
    return Outcome(
        flags=tuple(flags),
        awards=tuple(awards),
        undecided=tuple(undecided),
        promotions=tuple(dict.fromkeys(grant.entry for grant in awards if grant.award in promoted)),
        total=plain(sum_of(awards)),
        notes=tuple(dict.fromkeys(notes)),
        offers=tuple(offers),
        places=places,
        pools=pools,
    )


def apply_decision(outcome: Outcome, changes: Iterable[Change]) -> Outcome:
    """This function will return the outcome as a meeting decided it: awards withdrawn or given,
    each with its reason. Scores, places and flags stay as computed. ValueError in Chinese for a
    change that does not fit."""
    offers = {offer.grant.award: offer for offer in outcome.offers}
    awards: list[AwardGrant] = list(outcome.awards)
    undecided = list(outcome.undecided)
    for change in changes:
        if change.award not in offers:
            raise ValueError(f"办法中没有奖项「{change.award}」，请核对。")
        if not change.reason.strip():
            raise ValueError("会议改变奖项须写明理由。")
        held = [g for g in awards if (g.award, g.entry) == (change.award, change.entry)]
        if change.give:
            if held:
                raise ValueError("该对象已在此奖项名单中，不能重复给予。")
            awards.append(_given(outcome, offers[change.award], change))
            undecided = [
                item
                for item in undecided
                if item.of != change.award or change.entry not in item.entries
            ]
        else:
            if not held:
                raise ValueError("该对象不在此奖项名单中，不能取消。")
            awards.remove(held[0])
    order = {offer.grant.award: i for i, offer in enumerate(outcome.offers)}
    awards.sort(key=lambda g: (order[g.award], g.place is None, g.place or 0, g.entry))
    notes = [*outcome.notes, *exceeded(outcome.offers, outcome.pools, awards)]
    return _outcome(
        outcome.flags, awards, undecided, notes, outcome.offers, outcome.places, outcome.pools
    )


def _given(outcome: Outcome, offer: Offer, change: Change) -> AwardGrant:
    candidates = outcome.candidates(offer)
    if change.entry not in candidates:
        raise ValueError("该对象在此榜单没有名次，不能给予奖项。")
    place = candidates[change.entry]
    amount = change.amount
    if amount is None:
        usual = amount_of(offer.award, place)
        if usual is None and has_money(offer.award):
            raise ValueError("名次在金额表之外，请写明奖励金额。")
        amount = None if usual is None else plain(usual)
    return replace(
        offer.grant,
        entry=change.entry,
        place=place,
        amount=amount,
        reason=change.reason,
        decided=change.reason,
    )
