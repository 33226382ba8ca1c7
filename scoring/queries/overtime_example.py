"""A worked example of a deduction for overtime as filled in: 「若某乡镇扣分前得 90.00 分、
合计超时 75 秒，则扣 1.50 分，得 88.50 分。」

It is computed by scoring.rules on a scheme of this one round, with one judge and one mark.
"""

from competitions.scheme.draft import read_draft
from scoring.queries.worked_example import OWN, Example, points_words
from scoring.rules.evidence import EntryFacts, Evidence, JudgeFacts, MarkFact
from scoring.rules.exact import read_number
from scoring.rules.overtime import read_seconds
from scoring.rules.tabulate import tabulate

SECONDS = "75"
KEPT = ("full", "decimals", "below_zero", "above_full", "floor", "cap")


def work_overtime_example(document, table, given):
    """This function will compute the Example of a round (`table`, as filled in) with a deduction
    for overtime. `given` maps score and seconds to what was typed in place of the invented ones."""
    scheme, problems = read_draft(_alone(table))
    missing = [item.said for item in problems if item.place.startswith("tracks[0].rounds[0].")]
    if missing:
        return Example(missing=list(dict.fromkeys(missing)))
    round_ = scheme.tracks[0].rounds[0]
    score = given.get("score") or f"{round_.full * 9 / 10:f}"
    seconds = given.get("seconds") or SECONDS
    inputs = [("score", "扣分前得分", "分", score), ("seconds", "合计超时", "秒", seconds)]
    if read_number(score) is None or read_seconds(seconds) is None:
        return Example(inputs=inputs, missing=["试算的得分应为数字，超时应为整数秒。"])
    evidence = Evidence(
        entries=[EntryFacts(OWN)],
        judges=[JudgeFacts("j", 1, "g")],
        marks=[MarkFact("r", OWN, "j", "c", score)],
        overtime={("r", OWN): int(seconds)},
    )
    result = tabulate(scheme, evidence).tracks["t"].entries[OWN].tree
    found = [node for node in result.children[0].children if node.kind == "overtime"]
    if not found:
        return Example(inputs=inputs, missing=["试算的得分不在评委打分的范围里，请改一改。"])
    node = found[0]
    before, after = (points_words(node.values[name]) for name in ("score", "points"))
    taken = points_words(node.points.lstrip("-"))
    return Example(
        sentence=f"若某乡镇扣分前得 {before} 分、合计超时 {seconds} 秒，则扣 {taken} 分，"
        f"得 {after} 分。",
        formula=node.formula,
        notes=node.notes,
        inputs=inputs,
    )


def _alone(table):
    """A scheme of nothing but this round, whose score one judge gives."""
    full = table.get("full", "100")
    mark = {"kind": "marks", "low": "-1000000", "high": "1000000", "step": "0.000001", "factor": 1}
    event = {name: table["event"].get(name) or [] for name in ("segments", "overtime")}
    round_ = {
        **{name: table[name] for name in KEPT if table.get(name) is not None},
        "key": "r",
        "title": "环节",
        "kind": "arena",
        "panel": {"parts": [{"group": "g"}]},
        "event": event,
        "criteria": [{"key": "c", "title": "打分", "full": full, "below_zero": True, "rule": mark}],
    }
    track = {"key": "t", "title": "榜单", "combine": "sum", "above_full": True, "below_zero": True}
    return {
        "key": "example",
        "title": "试算",
        "judge_groups": [{"key": "g", "title": "评委"}],
        "tracks": [{**track, "full": full, "rounds": [round_]}],
    }
