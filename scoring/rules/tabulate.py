"""Tabulation 统分: a scheme and evidence in, every total, place and explanation out. Pure, exact,
and independent of the order in which the evidence is given."""

from __future__ import annotations

from scoring.rules.field import Facts
from scoring.rules.result import Missing, Tabulation
from scoring.rules.tracks import TrackRun


def tabulate(scheme, evidence) -> Tabulation:
    """This function will compute every track of the scheme (competitions.scheme.types.Scheme) from
    the evidence (scoring.rules.evidence.Evidence).

    What can be computed is computed; a track with something missing is not complete, says what is
    missing, and gives no places.
    """
    facts = Facts(scheme, evidence)
    done: dict[str, TrackRun] = {}
    for track in dependency_order(scheme):
        done[track.key] = TrackRun(facts, track, done)
    runs = [done[track.key] for track in scheme.tracks]
    missing: list[Missing] = []
    for run in runs:
        missing += sorted(
            set(run.missing),
            key=lambda m: (m.round, m.criterion, m.entry, m.judge, m.message),
        )
    return Tabulation(
        complete=not missing,
        missing=tuple(missing),
        tracks={run.track.key: run.result() for run in runs},
        warnings=tuple(sorted(facts.warnings | unused(facts))),
    )


def dependency_order(scheme) -> list:
    """This function will return the tracks so that a carried result comes after its source."""
    ordered, waiting = [], list(scheme.tracks)
    while waiting:
        known = {track.key for track in ordered}
        ready = [track for track in waiting if sources(track) <= known]
        if not ready:
            raise ValueError("榜单之间的结转互相依赖，不能计算。")
        ordered += ready
        waiting = [track for track in waiting if track not in ready]
    return ordered


def sources(track) -> set[str]:
    """This function will return the keys of the tracks that a track carries results from."""
    return {
        criterion.rule.track
        for round_ in track.rounds
        for criterion in round_.criteria
        if criterion.rule.kind == "carried" and criterion.rule.source != "outside"
    }


def unused(facts: Facts) -> set[str]:
    """This function will say in Chinese which evidence names nothing in the scheme."""
    evidence = facts.evidence
    judges = {judge.key for judge in evidence.judges}
    criteria, pairs = set(), set()
    for track in facts.scheme.tracks:
        for round_ in track.rounds:
            for criterion in round_.criteria:
                criteria.add(criterion.key)
                pairs.add((round_.key, criterion.key))
    words = set()
    used = {event.entry for event in evidence.ledger}
    marking: dict[str, set[str]] = {}
    for (name, criterion), by_entry in facts.marks.items():
        if (name, criterion) not in pairs:
            words.add(f"办法中没有环节「{name}」的评分项「{criterion}」，有关打分未计入。")
        used.update(by_entry)
        seen = marking.setdefault(name, set())
        for given in by_entry.values():
            seen.update(judge for judge, _ in given)
    for name, seen in marking.items():
        words |= {f"评委「{judge}」不在名单中，其打分未计入。" for judge in seen - judges}
        for judge in (seen & judges) - set(evidence.seats.get(name, judges)):
            words.add(f"评委「{judge}」不在环节「{name}」的评委席上，其打分未计入。")
    used.update(entry for _, entry in evidence.overtime)
    for table in (evidence.measurements, evidence.votes, evidence.carried):
        used.update(entry for entry, _ in table)
        for criterion in {criterion for _, criterion in table} - criteria:
            words.add(f"办法中没有评分项「{criterion}」，有关数据未计入。")
    for event in evidence.ledger:
        if event.criterion not in criteria:
            words.add(f"办法中没有评分项「{event.criterion}」，有关加减分未计入。")
    tracks = facts.scheme.tracks
    for table, known, what in (
        (evidence.people, {a.key for t in tracks for a in t.awards}, "没有奖项「{}」，有关人数"),
        (
            evidence.history,
            {f.key for t in tracks for f in t.flags},
            "没有授旗规则「{}」，上期次数",
        ),
        (evidence.previous, {t.key for t in tracks}, "没有榜单「{}」，上期名次"),
    ):
        words |= {f"办法中{what.format(name)}未计入。" for name in {a for a, _ in table} - known}
    timed = {
        round_.key
        for track in tracks
        for round_ in track.rounds
        if round_.event is not None and round_.event.overtime is not None
    }
    for name in {name for name, _ in evidence.overtime} - timed:
        words.add(f"办法中环节「{name}」没有超时扣分，有关超时未计入。")
    for entry in used - facts.entries.keys():
        words.add(f"「{entry}」不在参评名单中，有关数据未计入。")
    return words
