"""A published version checked for itself: totals against places, awards against the scheme's
amounts, and, where the evidence is at hand, every figure against the recomputed one.

What a version withholds (the last places, the totals) is left aside; what it shows must hold.
"""

import re
from fractions import Fraction
from itertools import groupby

from competitions.scheme.reward_types import Honour
from publication.bundle.problems import shown
from rewards.rules.awards import amount_of
from scoring.rules.exact import NUMBER, plain_number, round_half_up

RATIO = re.compile(r"-?[0-9]{1,400}/[0-9]{1,400}")


def exact(text) -> Fraction:
    """This function will read a published number, a decimal or `n/d`, or raise ValueError: a
    number such as 1e999999999 would take all the memory there is."""
    if isinstance(text, str) and (NUMBER.fullmatch(text) or RATIO.fullmatch(text)):
        return Fraction(text)
    raise ValueError("不是普通写法的数字。")


def check_contents(scheme, contents, tabulation, outcome, words, problems):
    """This function will note every figure of a published version of results that does not hold.

    `tabulation` and `outcome` are the recomputed ones, or None where they cannot be had.
    """
    try:
        _check(scheme, contents, tabulation, outcome, words, problems)
    except (KeyError, TypeError, AttributeError, ValueError, ArithmeticError):
        problems.add("公布内容的格式不正确，不能核对。")


def _check(scheme, contents, tabulation, outcome, words, problems):
    public = contents["circle"] == "public"
    for shown_track in contents["tracks"]:
        track = scheme.track(shown_track["key"])
        rows = shown_track["rows"]
        whole = not public or scheme.disclosure.last_places_public
        _check_places(track, rows, whole, words, problems)
        if tabulation is not None:
            _compare_rows(track, rows, tabulation.tracks[track.key], words, problems)
    _check_awards(scheme, contents, words, problems)
    if outcome is not None:
        _compare_outcome(scheme, contents, outcome, public, words, problems)


def _check_places(track, rows, whole, words, problems):
    """Equal totals share a place unless the scheme breaks the tie; nobody better stands behind.

    A veto may put entries last or set their total to zero, and peer groups have places of their
    own: such tracks are checked only against the recomputed result.
    """
    if track.peers == "group" or any(gate.effect == "last" for gate in track.gates):
        return
    ranked = sorted(
        (-exact(row["total"]), row["place"], row["entry"])
        for row in rows
        if row["place"] is not None and row["total"] is not None
    )
    worst_ahead, start = 0, 0
    for total, level in groupby(ranked, key=lambda item: item[0]):
        places = [(place, entry) for _, place, entry in level]
        first = start + 1
        last = start + len(places) if track.ties else first
        for place, entry in places:
            if (whole and not first <= place <= last) or place <= worst_ahead:
                problems.add(
                    f"{words.key(track.key)}{words.key(entry)}的名次 {place} 与总分 "
                    f"{plain_number(-total)} 不符。"
                )
        worst_ahead = max(worst_ahead, *(place for place, _ in places))
        start += len(places)
    for row in rows:
        _check_total(track, row, words, problems)


def _check_total(track, row, words, problems):
    """The total from the rounds, where the scheme adds nothing that the version does not show."""
    simple = track.combine in ("weighted", "sum", "mean") and track.part_year in (
        "count",
        "exclude",
    )
    simple = simple and track.floor is None and track.cap is None
    simple = simple and not any(gate.effect in ("zero", "last") for gate in track.gates)
    points = {name: item["points"] for name, item in row["rounds"].items()}
    if not simple or row["total"] is None or set(points) != {r.key for r in track.rounds}:
        return
    if None in points.values():
        return
    inside = sum(1 for round_ in track.rounds if not round_.outside)
    total = Fraction(0)
    for round_ in track.rounds:
        part = exact(points[round_.key])
        if track.combine == "weighted" and not round_.outside:
            part = part * Fraction(round_.weight) / Fraction(round_.full)
        elif track.combine == "mean" and not round_.outside:
            part /= inside
        total += part
    if not track.below_zero:
        total = max(total, Fraction(0))
    if not track.above_full:
        total = min(total, Fraction(track.full))
    if round_half_up(total, track.decimals) != exact(row["total"]):
        place = f"{words.key(track.key)}{words.key(row['entry'])}"
        problems.add(f"{place}的总分 {shown(row['total'])} 与各环节得分合成的结果不符。")


def _compare_rows(track, rows, result, words, problems):
    for row in rows:
        found = result.entries.get(row["entry"])
        place = f"{words.key(track.key)}{words.key(row['entry'])}"
        if found is None:
            problems.add(f"{place}不在重新计算的结果里。")
            continue
        if row["place"] != found.place:
            problems.add(f"{place}：公布名次 {row['place']}，重新计算是 {found.place}。")
        if row["total"] is not None and row["total"] != found.total:
            problems.add(f"{place}：公布总分 {shown(row['total'])}，重新计算是 {found.total}。")
        for name, item in row["rounds"].items():
            again = found.rounds.get(name)
            if again is None or (item["points"], item["place"]) != (again.points, again.place):
                problems.add(f"{place}{words.key(name)}：公布的环节成绩与重新计算的不符。")


def _check_awards(scheme, contents, words, problems):
    """Each computed amount is one that the scheme gives for the place; the sum is right."""
    awards = {award.key: award for award in scheme.every_award}
    shared = {key for pool in scheme.pools for key in pool.keys}
    total = Fraction(0)
    for grant in contents["awards"]:
        award = awards.get(grant["award"])
        if award is None:
            problems.add(f"办法中没有奖项「{shown(grant['award'])}」。")
            continue
        amount = grant["amount"]
        total += exact(amount or "0") * int(grant["months"] or 1) * int(grant.get("people") or 1)
        if isinstance(award, Honour) or award.key in shared or award.pool is not None:
            # It depends on several tracks or on what others get: only a recomputation can tell.
            continue
        table = award.amounts and not award.tiers and not award.progress
        if not table or grant["decided"] or award.tied_amount == "share":
            continue
        if award.red_flag:
            # A multiple of the amount: one for each flag that the winner holds.
            held = sum(
                (flag["track"], flag["entry"], flag["colour"])
                == (grant["track"], grant["entry"], "red")
                for flag in contents["flags"]
            )
            expected = award.amounts[0] * max(held, 1)
        elif award.vacated == "fill":
            continue
        else:
            expected = amount_of(award, grant["place"])
        stated = None if amount is None else exact(amount)
        if stated != (None if expected is None else Fraction(expected)):
            place = f"{words.key(award.key)}{words.key(grant['entry'])}"
            problems.add(f"{place}的金额 {shown(amount)} 元与办法规定的不符。")
    if total != exact(contents["total"]):
        stated, found = shown(contents["total"]), plain_number(total)
        problems.add(f"奖金合计写的是 {stated} 元，各项相加是 {found} 元。")


def _compare_outcome(scheme, contents, outcome, public, words, problems):
    hidden = public and not scheme.disclosure.yellow_flags_public
    flags = [
        (flag.rule, flag.round, flag.entry)
        for flag in outcome.flags
        if not (hidden and flag.colour == "yellow")
    ]
    stated = [(flag["rule"], flag.get("round", ""), flag["entry"]) for flag in contents["flags"]]
    if sorted(flags) != sorted(stated):
        problems.add(_listed("旗", set(stated), set(flags), words))
    awards = {(grant.award, grant.entry): grant.amount for grant in outcome.awards}
    given = {(grant["award"], grant["entry"]): grant["amount"] for grant in contents["awards"]}
    if awards.keys() != given.keys():
        problems.add(_listed("奖项", set(given), set(awards), words))
    for key in awards.keys() & given.keys():
        if awards[key] != given[key]:
            place = "".join(words.key(part) for part in key)
            problems.add(f"{place}：公布 {shown(given[key])} 元，重新计算是 {awards[key]} 元。")


def _listed(what, stated, found, words):
    def write(pairs):
        return "、".join("".join(words.key(k) for k in pair if k) for pair in sorted(pairs)) or "无"

    return f"{what}不符：多出 {write(stated - found)}，缺少 {write(found - stated)}。"
