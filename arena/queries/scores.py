"""Scores of the turns that may be seen: what the rules compute, with the marks behind them."""

from dataclasses import dataclass

from arena.jury_rules import jury_criterion
from arena.queries.crowd import find_crowd
from arena.stage.machine import write_seconds
from competitions.shown import exact, plain_text, points_text
from scoring.queries.evidence import load_evidence
from scoring.rules.places import rank_numbers
from scoring.rules.tabulate import tabulate

WITHHELD = "none"


@dataclass(frozen=True)
class Mark:
    """One judge's mark on the screen: his number or name, the points, whether it was dropped."""

    label: str
    points: str
    dropped: bool
    note: str = ""


@dataclass(frozen=True)
class Deduction:
    """What overtime took: the score before it and the points taken, decimal text, and the seconds
    over as minutes and seconds."""

    score: str
    points: str
    over: str


@dataclass(frozen=True)
class AudiencePart:
    """What the audience's votes are worth in a score: decimal text of the points and of the full
    points, and whether all criteria together are brought to the full points of the round."""

    title: str
    points: str
    full: str
    scaled: bool


@dataclass(frozen=True)
class Score:
    """One entry's score of a round: `points` is decimal text, None while it does not stand; `rows`
    are (title, points, [Mark]): one row of totals, or one for each criterion; `deduction` is None
    where overtime took nothing, else `points` is what is left; `audience` is there where the
    audience votes, without which the judges' marks would not explain the score."""

    key: str
    name: str
    title: str
    points: str | None
    rows: list
    notes: list
    deduction: Deduction | None = None
    audience: AudiencePart | None = None

    @property
    def crowd(self):
        """How the large screen lays the marks out: its classes (arena.queries.crowd)."""
        return find_crowd(self.rows)


@dataclass(frozen=True)
class Standing:
    """One line of the standing so far."""

    place: int
    tied: bool
    name: str
    points: str
    key: str


class Scores:
    """The scores of a live event, computed once by the rules; only asked turns are told."""

    def __init__(self, live):
        self.live = live
        scheme = live.panel.scheme
        self.result = tabulate(scheme, load_evidence(live.event.competition, scheme))
        self.how = scheme.disclosure.judges
        self.judges = {judge.key: judge for judge in live.panel.judges}

    def of_turn(self, key):
        """This function will return the Scores of one turn: the unit's, then the secretary's."""
        return [self._score(line) for line in self.live.lines_of(key)]

    def standing(self, keys):
        """This function will return the Standing of these turns among themselves, by the points of
        the unit's round: equal points share a place. Within peer groups where the track says so."""
        track, round_key = self.live.panel.track, self.live.panel.round.key
        rows = []
        for key in keys:
            result = self.result.tracks[track.key].entries.get(key)
            points = result.rounds[round_key].points if result else None
            if points is not None:
                rows.append((key, points, result.group))
        numbers = [exact(points) for _key, points, _group in rows]
        groups = {}
        for i, (_key, _points, group) in enumerate(rows):
            groups.setdefault(group if track.peers == "group" else "", []).append(i)
        places = rank_numbers(numbers, list(groups.values()))
        names = {row.entry.key: row.entry.heading for row in self.live.rows}
        held = [(group, place) for (_, _, group), place in zip(rows, places, strict=True)]
        tied = {pair for pair in held if held.count(pair) > 1}
        found = [
            Standing(place, (group, place) in tied, names[key], self._written(points), key)
            for (key, points, group), place in zip(rows, places, strict=True)
        ]
        return sorted(found, key=lambda row: row.place)

    def _written(self, points):
        """Two decimals unless the round was rounded to more."""
        return points_text(points, max(2, self.live.panel.round.decimals or 0))

    def node_of(self, line):
        """This function will return the explanation of a line's round (scoring.rules.result.Node),
        or None where the rules leave the entry out."""
        result, round_ = self._result_of(line)
        if result is None:
            return None
        return next((item for item in result.tree.children if item.key == round_.key), None)

    def _result_of(self, line):
        track, round_ = self.live.panel.scheme.find_round(line.round.key)
        return self.result.tracks[track.key].entries.get(line.entry.key), round_

    def _score(self, line):
        result, round_ = self._result_of(line)
        if result is None:
            return Score(line.entry.key, line.name, round_.title, None, [], [])
        node = self.node_of(line)
        if node is None:
            return Score(line.entry.key, line.name, round_.title, None, [], [result.excluded])
        points = result.rounds[round_.key].points
        return Score(
            key=line.entry.key,
            name=line.name,
            title=round_.title,
            points=None if points is None else self._written(points),
            rows=[] if self.how == WITHHELD else self._rows(node),
            notes=list(node.notes),
            deduction=self._deduction(node),
            audience=self._audience(node, round_),
        )

    def _deduction(self, node):
        found = next((item for item in node.children if item.kind == "overtime"), None)
        if found is None or not exact(found.points):
            return None
        return Deduction(
            self._written(found.values["score"]),
            self._written(found.points.lstrip("-")),
            write_seconds(int(found.values["seconds"])),
        )

    def _audience(self, node, round_):
        voted = jury_criterion(round_)
        found = next(
            (
                item
                for item in node.children
                if voted and item.kind == "criterion" and item.key == voted.key
            ),
            None,
        )
        if found is None or not found.points:
            return None
        return AudiencePart(
            voted.title, self._written(found.points), plain_text(voted.full), round_.scaled
        )

    def _rows(self, node):
        totals = [child for child in node.children if child.kind == "judge"]
        if totals:
            return [("评委总分", "", [self._mark(child) for child in totals])]
        return [
            (child.label, child.points, [self._mark(mark) for mark in child.children])
            for child in node.children
            if child.kind == "criterion" and any(mark.kind == "mark" for mark in child.children)
        ]

    def _mark(self, node):
        judge = self.judges.get(node.key)
        label = name_judge(judge, self.how) if judge else node.label
        return Mark(label, node.points, node.dropped, "；".join(node.notes))


def find_unsettled(live):
    """This function will name what of the turn that is revealed next has no score yet: its round's
    title, or several. The hall would read that a ruling is awaited instead of a number."""
    due = live.stage.due
    scores = Scores(live).of_turn(due[0].key) if due else []
    return [score.title for score in scores if score.points is None]


def name_judge(judge, how):
    """This function will name a judge as the scheme discloses judges: by name, else by number."""
    return judge.person.name if how == "name" else f"{judge.number} 号"
