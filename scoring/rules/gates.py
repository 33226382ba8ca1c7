"""Gates 一票否决 and 门槛: who fails a gate, and why."""

from __future__ import annotations

from scoring.rules.exact import show, to_fraction
from scoring.rules.field import cite


def find_gated(run) -> dict[int, list[tuple[object, str]]]:
    """This function will return {entry position: [(gate, why)]} of a track run."""
    found: dict[int, list[tuple[object, str]]] = {}
    for gate in run.track.gates:
        for i, why in _failing(run, gate):
            found.setdefault(i, []).append((gate, why))
    return found


def _failing(run, gate):
    if gate.when == "ruling":
        for ruling in run.facts.rulings["veto"]:
            if ruling.of == gate.key and ruling.entry in run.field.index:
                yield run.field.index[ruling.entry], cite(ruling)
        return
    if gate.when == "total_below":
        column, what = run.total, "总分"
    elif gate.when == "round_below":
        found = run.round_run(gate.of)
        column, what = found.points, f"“{found.round.title}”得分"
    else:
        found = run.criterion_run(gate.of)
        column, what = found.points, f"“{found.criterion.title}”得分"
    threshold = to_fraction(gate.threshold)
    for i in range(len(run.field)):
        value = column.at(i)
        if value is not None and value < threshold:
            yield i, f"{what} {show(value)} 低于 {show(threshold)}"
