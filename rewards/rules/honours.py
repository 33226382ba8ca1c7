"""Honours: a flag or an award for who holds several flags, over all tracks and issues."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from competitions.scheme.fields import plain
from competitions.scheme.reward_types import COLOURS
from rewards.rules.awards import template
from rewards.rules.outcome import Flag


def looked_at(scheme, honour) -> tuple[str, ...]:
    """This function will return the keys of the tracks whose flags an honour counts."""
    return tuple(dict.fromkeys(track.key for track, _ in scheme.counted_flags(honour)))


def decide_honours(scheme, tabulation, flags):
    """This function will return (flags, grants, notes, waiting) of all honours.

    flags: the flags of every track, without those that were taken away again. An honour waits,
    its key in `waiting`, until every track whose flags it counts is complete. Who is barred in one
    of these tracks gets no honour for red flags.
    """
    found, grants, notes, waiting = [], [], [], set()
    yellow = {flag.entry for flag in flags if flag.colour == "yellow"}
    for honour in scheme.honours:
        tracks = looked_at(scheme, honour)
        results = [tabulation.tracks[name] for name in tracks]
        if not all(result.complete for result in results):
            waiting.add(honour.key)
            notes.append(f"「{honour.title}」所计的榜单尚未全部算出，暂不计算。")
            continue
        kept_out = {
            item.entry for result in results for item in result.entries.values() if item.barred
        }
        for entry, held in _held(scheme, honour, flags):
            if honour.colour == "red" and entry in kept_out:
                continue
            if honour.no_yellow and entry in yellow:
                continue
            steps = [step for step in honour.steps if step.held <= held[0]]
            if not steps:
                continue
            step = max(steps, key=lambda step: step.held)
            reason = _reason(scheme, honour, step, *held)
            if honour.gives == "flag":
                found.append(Flag(honour.key, "", entry, honour.colour, honour.title, None, reason))
                continue
            amount = step.amount
            if step.each:
                amount = amount * held[0]
            grants.append(
                replace(
                    template(honour),
                    entry=entry,
                    amount=None if amount is None else plain(Decimal(amount)),
                    reason=reason,
                )
            )
    return found, grants, notes, waiting


def _held(scheme, honour, flags):
    """(entry, (how many, where)) of who holds any flag that counts: most flags first."""
    rules = {rule.key for _, rule in scheme.counted_flags(honour)}
    own: dict[str, list] = {}
    for flag in flags:
        if flag.rule in rules:
            own.setdefault(flag.entry, []).append((flag.track, flag.round))
    counted = {}
    for entry, places in own.items():
        tracks = dict.fromkeys(track for track, _ in places)
        count = len(tracks) if honour.count == "tracks" else len(places)
        counted[entry] = (count, places)
    return sorted(counted.items(), key=lambda item: (-item[1][0], item[0]))


def _reason(scheme, honour, step, count, places) -> str:
    """On which tracks and in which issues the flags were won, and what that reaches."""
    where = []
    for name in dict.fromkeys(track for track, _ in places):
        track = scheme.track(name)
        issues = [track.round(round_).title for at, round_ in places if at == name and round_]
        where.append(f"{track.title}（{'、'.join(issues)}）" if issues else track.title)
    colour = COLOURS[honour.colour]
    unit = "个榜单" if honour.count == "tracks" else "面"
    got = f"在 {count} 个榜单获{colour}" if honour.count == "tracks" else f"共获{colour} {count} 面"
    money = f"，每面 {plain(step.amount)} 元" if step.each and honour.count == "flags" else ""
    if step.each and honour.count == "tracks":
        money = f"，每个榜单 {plain(step.amount)} 元"
    words = f"{got}：{'、'.join(where)}；达到 {step.held} {unit}以上{money}"
    return f"{words}，{honour.reason}。" if honour.reason else f"{words}。"
