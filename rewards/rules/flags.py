"""Red and yellow flags of a track: number of places, share and threshold taken together."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from rewards.rules.outcome import Boundary, Flag
from rewards.rules.select import Choice, choose, from_the_end, share_of

COLOURS = {"red": "红旗", "yellow": "黄旗"}


def decide_flags(track, fields, rulings, history):
    """This function will return (flags, boundaries, notes) of one track by its totals.

    fields: one list of EntryResult for each peer group, only entries with a place. Red comes
    first; who holds a red flag of the track never gets a yellow one.
    """
    rules = [rule for rule in track.flags if not rule.rounds]
    return _decide(track, rules, fields, rulings, history)


@dataclass(frozen=True, slots=True)
class Standing:
    """One entry's points and place in one round, under the names of EntryResult."""

    entry: str
    total: str
    place: int
    group: str
    barred: tuple[str, ...]


def decide_issues(track, result, rulings, history, revoked=()):
    """This function will return (flags, boundaries, notes) of the rules that give flags issue by
    issue: in each of their rounds by its points and places. A round that is not complete gives
    nothing. Times in a row are counted from the earlier issues (history) through the rounds; a
    flag that was revoked is returned with the others and counts no time.
    rulings: {round or "" for every round: {flag rule: entries}}; revoked: (flag rule, entry, round
    or "" for every round).
    """
    flags: list[Flag] = []
    boundaries: list[Boundary] = []
    notes: list[str] = []
    order = [item.key for item in track.rounds]
    named = {name for rule in track.flags for name in rule.rounds}
    held = dict(history)
    for round_ in sorted(named, key=order.index):
        rules = [rule for rule in track.flags if round_ in rule.rounds]
        fields = _round_fields(track, result, round_)
        if not fields:
            continue
        decided = {**rulings.get("", {}), **rulings.get(round_, {})}
        found, waiting, said = _decide(track, rules, fields, decided, held, track.round(round_))
        for rule in rules:
            holders = {
                flag.entry
                for flag in found
                if flag.rule == rule.key and not {keys_of(flag), keys_of(flag, "")} & set(revoked)
            }
            for entry in result.entries:
                times = held.get((rule.key, entry), 0)
                held[rule.key, entry] = times + 1 if entry in holders else 0
        flags += found
        boundaries += waiting
        notes += said
    return flags, boundaries, notes


def keys_of(flag, round_=None):
    """This function will return what a revocation names a flag by; a round of "" is anywhere."""
    return flag.rule, flag.entry, flag.round if round_ is None else round_


def _round_fields(track, result, name) -> list[list[Standing]]:
    """Who is ranked, by points in a round and by peer group; nobody while it is not complete."""
    groups: dict[str, list] = {}
    for item in result.entries.values():
        own = item.rounds.get(name)
        if own is None or item.excluded:
            continue
        if own.place is None:
            return []
        groups.setdefault(item.group if track.peers == "group" else "", []).append((own, item))
    return [_standings(groups[name]) for name in sorted(groups)]


def _standings(members) -> list[Standing]:
    """Places among those who are ranked: whoever a gate keeps out takes no place from others."""
    members.sort(key=lambda pair: (-Decimal(pair[0].points), pair[1].entry))
    found: list[Standing] = []
    for position, (own, item) in enumerate(members, 1):
        place = position
        if found and Decimal(found[-1].total) == Decimal(own.points):
            place = found[-1].place
        found.append(Standing(item.entry, own.points, place, item.group, item.barred))
    return found


def _decide(track, rules, fields, rulings, history, round_=None):
    flags: list[Flag] = []
    boundaries: list[Boundary] = []
    notes: list[str] = []
    for rule in sorted(rules, key=lambda rule: rule.colour != "red"):
        for results in fields:
            if not results:
                continue
            if len(results) < rule.smallest:
                few = f"参评对象 {len(results)} 个，少于 {rule.smallest} 个，不授旗。"
                notes.append(f"「{rule.title}」{_issue(round_)}：{few}")
                continue
            choice = _choose(rule, results, rulings)
            if choice.note:
                notes.append(f"「{rule.title}」{_issue(round_)}{choice.note}")
            if choice.tied:
                boundaries.append(
                    Boundary(
                        rule.key,
                        "flag",
                        track.key,
                        choice.tied,
                        choice.left,
                        f"「{rule.title}」{_issue(round_)}名额边界有 {len(choice.tied)} 个并列，"
                        f"还有 {choice.left} 个名额，请由会议研究确定。",
                    )
                )
            holders = {flag.entry for flag in flags if flag.colour != rule.colour}
            by_key = {result.entry: result for result in results}
            for rank, entry in sorted(choice.chosen, key=lambda pair: by_key[pair[1]].place):
                if entry in holders:
                    notes.append(f"「{rule.title}」：已授另一颜色旗帜的不再亮旗。")
                    continue
                flags.append(_flag(rule, track, by_key[entry], rank, history, round_))
    return flags, boundaries, notes


def _issue(round_) -> str:
    return "" if round_ is None else f"（{round_.title}）"


def _choose(rule, results, rulings) -> Choice:
    ranked = [(result.place, result.entry) for result in results]
    if rule.colour == "yellow":
        ranked = from_the_end(ranked)
    quota = _quota(rule, len(results))
    fitting = {result.entry for result in results if _fits(rule, result)}
    choice = choose(ranked, quota, rule.boundary, rulings.get(rule.key))
    return Choice(
        tuple(pair for pair in choice.chosen if pair[1] in fitting),
        tuple(entry for entry in choice.tied if entry in fitting),
        choice.left,
        choice.note if fitting else "",
    )


def _quota(rule, count: int) -> int:
    """Number of places: fixed, a share of the field, or everybody (threshold alone decides)."""
    quotas = []
    if rule.places is not None:
        quotas.append(rule.places)
    if rule.percent is not None:
        quotas.append(share_of(rule.percent, count, rule.percent_rounding))
    return min(quotas, default=count)


def _fits(rule, result) -> bool:
    total = Decimal(result.total)
    if rule.colour == "red" and result.barred:
        return False
    if rule.at_least is not None and total < rule.at_least:
        return False
    return rule.below is None or total < rule.below


def _flag(rule, track, result, rank, history, round_) -> Flag:
    title, what = track.title, "总分"
    if round_ is not None:
        title, what = f"{track.title}·{round_.title}", "得分"
    words = [f"{title}第{result.place}名，{what} {result.total}"]
    if rule.colour == "yellow":
        words = [f"{title}列倒数第{rank}名，{what} {result.total}"]
    if rule.at_least is not None:
        words.append(f"不低于 {rule.at_least}")
    if rule.below is not None:
        words.append(f"低于 {rule.below}")
    effect = ""
    if rule.repeat:
        times = history.get((rule.key, result.entry), 0) + 1
        if times >= rule.repeat:
            effect = f"连续 {times} 次：{rule.repeat_effect}"
    return Flag(
        rule.key,
        track.key,
        result.entry,
        rule.colour,
        rule.title,
        result.place,
        "，".join(words) + "。",
        effect,
        "" if round_ is None else round_.key,
    )
