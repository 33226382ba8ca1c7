"""Small schemes and evidence for tests of single rules."""

from competitions.scheme.read import read_document
from scoring.rules.evidence import EntryFacts, Evidence, JudgeFacts, MarkFact
from scoring.rules.tabulate import tabulate


def criterion(rule, *, key="x", full="100", **more):
    """This function will return the document of one criterion."""
    return {"key": key, "title": "指标", "full": full, "rule": rule, **more}


def measured(quantity, conversion, **more):
    """This function will return the document of a measured rule."""
    return {"kind": "measured", "quantity": quantity, "conversion": conversion, **more}


def marks(high="100", step="1", low="0", **more):
    """This function will return the document of a rule of panel marks."""
    return {"kind": "marks", "low": low, "high": high, "step": step, **more}


def part(group="panel", **more):
    """This function will return the document of one panel part."""
    return {"group": group, **more}


def scheme_of(criteria, *, panel=None, round_=None, groups=("panel",), **track):
    """This function will return a scheme of one track and one round, whose full marks fit."""
    total = str(sum(int(float(c["full"])) for c in criteria))
    row = {"key": "r", "title": "环节", "kind": "routine", "weight": "100", "full": total}
    row |= {"criteria": criteria, **(round_ or {})}
    if panel is not None:
        row["panel"] = panel
    document = {
        "key": "s",
        "title": "办法",
        "judge_groups": [{"key": name, "title": name} for name in groups],
        "tracks": [{"key": "t", "title": "榜", "full": total, "combine": "sum", "rounds": [row]}],
    }
    document["tracks"][0] |= track
    return read_document(document)


def entries(count, **facts):
    """This function will return entries e1 … en in official order."""
    return [EntryFacts(f"e{n}", n, **facts) for n in range(1, count + 1)]


def with_inputs(scheme, rows, *, key="x", facts=None):
    """This function will return evidence with one dict of inputs for each entry."""
    evidence = Evidence(entries=facts or entries(len(rows)))
    kind = scheme.find_criterion(key)[2].evidence
    for entry, row in zip(evidence.entries, rows, strict=True):
        if row is not None:
            evidence.inputs(kind)[entry.key, key] = row
    return evidence


def points_of(rule, rows, *, full="100", **more):
    """This function will return every entry's points on a single criterion, in order."""
    scheme = scheme_of([criterion(rule, full=full, **more)])
    result = tabulate(scheme, with_inputs(scheme, rows))
    return points(result)


def points(result, *, key="x", track="t", round_="r"):
    """This function will return every entry's points on a criterion, in order of the keys."""
    table = result.tracks[track].entries
    return [table[name].rounds[round_].criteria[key] for name in sorted(table, key=by_number)]


def by_number(name):
    return int(name[1:])


def panel_evidence(rows, *, judges=None, key="x"):
    """This function will return evidence of marks: one row of values for each entry, judges in
    order; None where a judge has given no mark."""
    evidence = Evidence(entries=entries(len(rows)))
    width = max(len(row) for row in rows)
    evidence.judges = judges or [JudgeFacts(f"j{n}", n, "panel") for n in range(1, width + 1)]
    for entry, row in zip(evidence.entries, rows, strict=True):
        for judge, value in zip(evidence.judges, row, strict=False):
            if value is not None:
                evidence.marks.append(MarkFact("r", entry.key, judge.key, key, value))
    return evidence
