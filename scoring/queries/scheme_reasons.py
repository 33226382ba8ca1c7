"""Why a total differs between two schemes: round by round, down to the criterion or the rule."""

from dataclasses import dataclass, field
from fractions import Fraction

from competitions.scheme.compare import compare_tables
from competitions.scheme.types import Criterion, Round, Track
from competitions.scheme.write import to_document

MOST_ROUNDS = 3
MOST_PARTS = 3
LONGEST_VALUE = 12
# What shows as 0.00 is no reason.
SHOWN = Fraction(1, 200)
# What the rounding of two totals alone may make.
ROUNDING = Fraction(1, 100)
WORTH = "每分的份量"
OVERTIME = "超时扣分"
WHOLE = "总分的封顶、取整、门槛或任职折算"


@dataclass
class Reason:
    """What a round, or within it a criterion or a rule, changed the total by (a Fraction).

    why: what was changed in the rules there, in a few words; parts: the Reasons inside; more: how
    many smaller ones are not listed.
    """

    title: str
    change: Fraction
    why: str = ""
    parts: list = field(default_factory=list)
    more: int = 0


@dataclass
class Effect:
    """What one changed part of the rules did to everybody: how many totals it moved, and the
    largest gain and loss as (name, Fraction), None where there is none."""

    title: str
    why: str
    count: int
    gain: tuple | None
    loss: tuple | None


class Differences:
    """The two tracks of a key, and what was changed between them."""

    def __init__(self, old, new, old_document, new_document):
        self.titles, self.why = {}, {}
        for track in (old, new):
            for round_ in track.rounds:
                self.titles[round_.key] = round_.title
                self.titles |= {item.key: item.title for item in round_.criteria}
        rounds = [_by_key(document["rounds"]) for document in (old_document, new_document)]
        every = [
            {c["key"]: c for round_ in side.values() for c in round_["criteria"]} for side in rounds
        ]
        self._compare(Round, *rounds, {"criteria", "title", "description", "event", "period"})
        self._compare(Criterion, *every, {"title", "description", "dimension", "unit"})
        for key in {**rounds[0], **rounds[1]}:
            # Named as the rules do that count it (scoring.rules.tracks.TrackRun.worths).
            self.titles[f"{key}.overtime"] = OVERTIME
            sides = [side.get(key, {}).get("event", {}).get("overtime") for side in rounds]
            self.why[f"{key}.overtime"] = f"改了{OVERTIME}" if sides[0] != sides[1] else ""
        self.whole = _said(
            Track,
            old_document,
            new_document,
            {"rounds", "ties", "flags", "awards", "title", "description", "category", "period"},
        )
        self.changed = bool(self.whole or any(self.why.values()))
        self.effects: dict[tuple, list] = {}

    def _compare(self, cls, before, after, skipped):
        what = {Round: "环节", Criterion: "评分项"}[cls]
        for key in {**before, **after}:
            if key not in before:
                self.why[key] = f"新增{what}"
            elif key not in after:
                self.why[key] = f"删除{what}"
            else:
                self.why[key] = _said(cls, before[key], after[key], skipped)

    def find_reasons(self, name, before, after):
        """This function will return the Reasons of one entry (two EntryResults), the largest first;
        they sum up to the difference of its totals but for what is not listed."""
        if not self.changed and before.total == after.total:
            # Taking thousands of totals apart takes seconds.
            return []
        was, now = before.worths, after.worths
        if was is None or now is None:
            return []
        found = [self._round(name, key, was.get(key), now.get(key)) for key in {**was, **now}]
        rest = [
            Fraction(total) - sum((part for part, _ in side.values()), Fraction(0))
            for side, total in ((was, before.total), (now, after.total))
        ]
        change = rest[1] - rest[0]
        if self.whole or abs(change) > ROUNDING:
            found.append(Reason(WHOLE, change, self.whole))
            self._note(name, "", "", WHOLE, change)
        return _largest(found, MOST_ROUNDS)[0]

    def _round(self, name, key, was, now):
        if was is None or now is None:
            change = now[0] if was is None else -was[0]
            self._note(name, key, "", self.titles[key], change)
            return Reason(self.titles[key], change, self.why[key])
        parts, worth = [], Fraction(0)
        for criterion in {**was[1], **now[1]}:
            points, worths = zip(
                *(side[1].get(criterion, (None, None)) for side in (was, now)), strict=True
            )
            if points[1] is None:
                change = -points[0] * worths[0]
            elif points[0] is None:
                change = points[1] * worths[1]
            else:
                change = (points[1] - points[0]) * worths[1]
                worth += points[0] * (worths[1] - worths[0])
            title = self.titles[criterion]
            parts.append(Reason(title, change, self.why[criterion]))
            self._note(name, key, criterion, title, change)
        said = self.why[key] or self.whole
        parts.append(Reason(WORTH, worth, said))
        self._note(name, key, "", WORTH, worth)
        bound = now[0] - was[0] - sum((part.change for part in parts), Fraction(0))
        parts.append(Reason("封顶和取整", bound))
        self._note(name, key, "", "封顶和取整", bound)
        shown, more = _largest(parts, MOST_PARTS)
        if [part.title for part in shown] == [WORTH]:
            return Reason(self.titles[key], now[0] - was[0], said)
        return Reason(self.titles[key], now[0] - was[0], "", shown, more)

    def _note(self, name, round_, criterion, title, change):
        if abs(change) >= SHOWN:
            self.effects.setdefault((round_, criterion, title), []).append((change, name))

    def find_effects(self):
        """This function will return the Effects of all reasons found, the widest first."""
        effects = []
        for (round_, criterion, title), changes in self.effects.items():
            where = self.titles.get(round_, "")
            words = title if where in ("", title) else f"{where} · {title}"
            why = self.why.get(criterion or round_, "")
            if not why:
                why = "没有改，受别处影响" if criterion else self.whole
            low, high = min(changes), max(changes)
            effects.append(
                Effect(
                    words,
                    why,
                    len(changes),
                    (high[1], high[0]) if high[0] > 0 else None,
                    (low[1], low[0]) if low[0] < 0 else None,
                )
            )
        return sorted(effects, key=lambda item: -_width(item))


def compare_tracks(old_scheme, new_scheme, key):
    """This function will return the Differences of the tracks of a key, None where one of the
    schemes has none."""
    tracks = []
    for scheme in (old_scheme, new_scheme):
        if key not in {track.key for track in scheme.tracks}:
            return None
        document = _by_key(to_document(scheme)["tracks"])[key]
        tracks.append((scheme.track(key), document))
    (old, old_document), (new, new_document) = tracks
    return Differences(old, new, old_document, new_document)


def _said(cls, old, new, skipped):
    """What was changed in a table, in a few words: 「满分 8→10、计分办法」."""
    tables = [{k: v for k, v in table.items() if k not in skipped} for table in (old, new)]
    words = []
    for change in compare_tables(cls, *tables):
        first, *_, last = change.where.split(" · ") * 2
        short = max(len(change.old), len(change.new)) <= LONGEST_VALUE
        words.append(f"{last} {change.old}→{change.new}" if short else f"改了{first}")
    return "、".join(dict.fromkeys(words))


def _by_key(items):
    return {item["key"]: item for item in items}


def _largest(parts, most):
    shown = sorted((p for p in parts if abs(p.change) >= SHOWN), key=lambda p: -abs(p.change))
    return shown[:most], max(0, len(shown) - most)


def _width(effect):
    gain = effect.gain[1] if effect.gain else Fraction(0)
    loss = effect.loss[1] if effect.loss else Fraction(0)
    return max(gain, -loss)
