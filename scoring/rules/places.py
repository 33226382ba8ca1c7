"""From totals to places: equal totals share a place and the next is skipped; ties are broken only
as the scheme says (rules.md 3)."""

from __future__ import annotations

from scoring.rules.exact import round_column, show
from scoring.rules.field import source_of


def rank_numbers(keys: list[int | None], peers: list[list[int]], barred=frozenset()):
    """This function will return places 1, 1, 3 (largest first) within each set of peers."""
    places: list[int | None] = [None] * len(keys)
    for group in peers:
        present = [i for i in group if keys[i] is not None and i not in barred]
        present.sort(key=lambda i: -keys[i])
        place, previous = 0, None
        for position, i in enumerate(present, 1):
            if keys[i] != previous:
                place, previous = position, keys[i]
            places[i] = place
    return places


class Standing:
    """The places of a track with every tie accounted for.

    places: [int | None]; tied: [bool] whether the place is shared; reasons: [str] how a tie was
    broken or why it stays.
    """

    def __init__(self, run, unranked: set[int], last: set[int]):
        self.run = run
        count = len(run.field)
        self.places: list[int | None] = [None] * count
        self.tied = [False] * count
        self.reasons = [""] * count
        self.steps = [self._step(step) for step in run.track.ties]
        for group in run.field.peers("track"):
            present = [i for i in group if run.total.nums[i] is not None and i not in unranked]
            self._rank([i for i in present if i not in last], [i for i in present if i in last])

    def _step(self, step):
        """(words, keys of all entries) of one step of breaking ties; larger is better."""
        run = self.run
        if step.by == "decision":
            return "会议研究确定", None
        if step.by == "round":
            column = run.round_run(step.of).points
            words = f"“{run.round_run(step.of).round.title}”得分"
        elif step.by == "criterion":
            found = run.criterion_run(step.of)
            column, words = found.points, f"“{found.criterion.title}”得分"
        elif step.by == "dimension":
            column = run.dimension_column(step.of)
            words = f"“{run.facts.scheme.dimension_title(step.of)}”得分"
        else:
            places = step.decimals or 6
            column, words = round_column(run.exact, places), f"保留{places}位小数的总分"
        keys = column.order_keys()
        return words, [(0, 0) if key is None else (1, key) for key in keys], column

    def _rank(self, present: list[int], last: list[int]):
        keys = self.run.total.nums
        ordered = sorted(present, key=lambda i: -keys[i])
        classes: list[list[int]] = []
        for i in ordered:
            if classes and keys[classes[-1][0]] == keys[i]:
                classes[-1].append(i)
            else:
                classes.append([i])
        settled: list[list[int]] = []
        for members in classes:
            settled += self._break(members, 0) if len(members) > 1 else [members]
        if last:
            settled.append(last)
            for i in last:
                self.reasons[i] = "按办法列为末位"
        place = 1
        for members in settled:
            for i in members:
                self.places[i] = place
                self.tied[i] = len(members) > 1
            place += len(members)

    def _break(self, members: list[int], depth: int) -> list[list[int]]:
        """Split entries of equal total by the steps from `depth` on: classes from best to worst."""
        if len(members) == 1:
            return [members]
        if depth == len(self.steps):
            waiting = any(step.by == "decision" for step in self.run.track.ties)
            for i in members:
                self.reasons[i] = "总分相同，名次并列" + (
                    "，可由会议研究确定先后" if waiting else ""
                )
            return [members]
        words, keys, *column = self.steps[depth]
        if keys is None:
            keys, source = self._decided(members)
            words = f"会议研究（{source}）"
        groups: dict = {}
        for i in members:
            groups.setdefault(keys[i], []).append(i)
        result = []
        for key in sorted(groups, reverse=True):
            if len(groups) > 1:
                for i in groups[key]:
                    shown = f" {show(column[0].at(i))} " if column else ""
                    self.reasons[i] = f"总分相同，按{words}{shown}分出先后"
            part = self._break(groups[key], depth + 1)
            result += part
        return result

    def _decided(self, members: list[int]):
        """Keys from a recorded decision that names all the tied entries; else all are equal."""
        entries = self.run.field.entries
        wanted = {entries[i].key for i in members}
        for ruling in reversed(self.run.facts.rulings["tie_order"]):
            if ruling.track in ("", self.run.track.key) and wanted <= set(ruling.entries):
                order = {key: -position for position, key in enumerate(ruling.entries)}
                return {i: order[entries[i].key] for i in members}, source_of(ruling)
        return dict.fromkeys(members, 0), ""
