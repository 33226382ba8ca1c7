"""What new rules would change in flags, awards and money, entry by entry. Nothing is stored."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from rewards.rules.decide import decide
from rewards.rules.honours import looked_at
from rewards.rules.outcome import Outcome
from rewards.rules.pools import payable, sum_of

COLOURS = ("red", "yellow")


@dataclass(frozen=True)
class Held:
    """Before and after of one award of an entry: all its yuan, None where it does not have it."""

    title: str
    old: Decimal | None
    new: Decimal | None


@dataclass
class OutcomeRow:
    """An entry for which something changes. won, lost: [(colour, text)]; awards: the Helds that
    differ; old, new: yuan of all its awards."""

    name: str
    won: list
    lost: list
    awards: list
    old: Decimal
    new: Decimal

    @property
    def change(self):
        """The yuan it gets more (positive) or less."""
        return self.new - self.old


@dataclass
class OutcomeTrial:
    """What two schemes lead to by the rules alone, without a meeting's changes.

    rows: who gets something else; same: how many flags or awards holders stay as they are; red,
    yellow, awards, amount: (before, after) of everybody; undecided: (before, after), the ties
    across a quota that a meeting would have to settle; left_out: titles of tracks, honours and
    shared sums that cannot be compared, because one of the two cannot be computed yet.
    """

    rows: list
    same: int
    red: tuple
    yellow: tuple
    awards: tuple
    amount: tuple
    undecided: tuple
    left_out: list

    @property
    def change(self):
        """The yuan that all together get more (positive) or less."""
        return self.amount[1] - self.amount[0]


def compare_outcomes(before, after, names):
    """This function will return the OutcomeTrial of two Sides (scoring.queries.scheme_trial), None
    when neither scheme gives flags or awards; names: {entry key: name}."""
    sides = (before, after)
    if not any(_gives_something(side.scheme) for side in sides):
        return None
    hidden, left_out = _find_left_out(sides)
    outcomes = [
        _seen(decide(side.tabulation, side.scheme, side.evidence), hidden) for side in sides
    ]
    flags = [_flags_by_entry(outcome) for outcome in outcomes]
    awards = [_awards_by_entry(outcome) for outcome in outcomes]
    titles = {**_titles(before.scheme), **_titles(after.scheme)}
    rows, same = [], 0
    for key in _in_order(sides, {entry for held in (*flags, *awards) for entry in held}):
        (old, new), (was, now) = ([held.get(key, {}) for held in pair] for pair in (flags, awards))
        won, lost = Counter(new) - Counter(old), Counter(old) - Counter(new)
        differ = [
            Held(titles[award], was.get(award), now.get(award))
            for award in {**was, **now}
            if was.get(award) != now.get(award)
        ]
        if not (won or lost or differ):
            same += 1
            continue
        rows.append(
            OutcomeRow(
                names.get(key, key),
                _worded(won, titles),
                _worded(lost, titles),
                differ,
                sum(was.values(), Decimal(0)),
                sum(now.values(), Decimal(0)),
            )
        )
    return OutcomeTrial(
        rows,
        same,
        *(_both(outcomes, lambda outcome, c=c: _count(outcome, c)) for c in COLOURS),
        _both(outcomes, lambda outcome: len(outcome.awards)),
        _both(outcomes, lambda outcome: sum_of(outcome.awards)),
        _both(outcomes, lambda outcome: [item.choice for item in outcome.undecided]),
        left_out,
    )


def _gives_something(scheme):
    return bool(scheme.honours) or any(track.flags or track.awards for track in scheme.tracks)


def _find_left_out(sides):
    """What one of the two sides cannot compute: (keys of flag rules, awards and honours, titles of
    the tracks, honours and shared sums that they hang on)."""
    open_, keys, titles = set(), set(), []
    for side in sides:
        open_ |= {key for key, track in side.tabulation.tracks.items() if not track.complete}
    for side in sides:
        scheme = side.scheme
        for track in scheme.tracks:
            if track.key in open_ and (track.flags or track.awards):
                keys |= {item.key for item in (*track.flags, *track.awards)}
                titles.append(track.title)
        for honour in scheme.honours:
            if open_ & set(looked_at(scheme, honour)):
                keys.add(honour.key)
                titles.append(honour.title)
    for pool in [pool for side in sides for pool in side.scheme.pools]:
        if keys & set(pool.keys):
            keys |= set(pool.keys)
            titles.append(pool.title)
    return keys, list(dict.fromkeys(titles))


def _seen(outcome, hidden):
    return Outcome(
        flags=tuple(flag for flag in outcome.flags if flag.rule not in hidden),
        awards=tuple(grant for grant in outcome.awards if grant.award not in hidden),
        undecided=tuple(item for item in outcome.undecided if item.of not in hidden),
    )


def _flags_by_entry(outcome):
    """{entry: [(colour, where)]}, where: (track, round), or ("", honour). A flag rule under another
    key makes no other flag."""
    held = {}
    for flag in outcome.flags:
        where = (flag.track, flag.round) if flag.track else ("", flag.rule)
        held.setdefault(flag.entry, []).append((flag.colour, where))
    return held


def _awards_by_entry(outcome):
    held = {}
    for grant in outcome.awards:
        held.setdefault(grant.entry, {})[grant.award] = payable(grant)
    return held


def _titles(scheme):
    """The titles of awards by key, and of flags by where they stand."""
    titles = {}
    for honour in scheme.honours:
        titles[honour.key] = titles["", honour.key] = honour.title
    for track in scheme.tracks:
        titles |= {award.key: award.title for award in track.awards}
        titles[track.key, ""] = track.title
        titles |= {(track.key, item.key): f"{track.title}·{item.title}" for item in track.rounds}
    return titles


def _worded(flags, titles):
    return [(colour, titles[where]) for colour, where in sorted(flags.elements())]


def _in_order(sides, holders):
    """The entries that hold something, in the order of the new ranking, track by track."""
    order = [
        key
        for side in reversed(sides)
        for track in side.tabulation.tracks.values()
        for key in track.order
    ]
    return [key for key in dict.fromkeys(order) if key in holders]


def _count(outcome, colour):
    return sum(1 for flag in outcome.flags if flag.colour == colour)


def _both(outcomes, measure):
    return tuple(measure(outcome) for outcome in outcomes)
