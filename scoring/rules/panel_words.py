"""Explaining a panel's mark: the single marks, who was dropped and why, and the working."""

from __future__ import annotations

from fractions import Fraction

from scoring.rules.average import dropped_positions
from scoring.rules.exact import plain_number, rounding_words, show
from scoring.rules.result import Node


def explain_panel(run, criterion, stages, i):
    """(formula, notes, values, children) of one entry on one criterion, read from the stages that
    the computation kept: each part's column, their exact sum, that rounded, a mark's worth."""
    columns, exact_sum, combined, worth = stages
    children, notes, workings = [], [], []
    for p in range(len(run.panel.parts)):
        nodes, working, note = _explain_part(run, criterion, p, columns[p].at(i), i)
        children += nodes
        workings.append(working)
        notes += note
    value = combined.at(i)
    if value is None:
        return "", notes, {}, children
    exact = exact_sum.at(i)
    if len(workings) == 1:
        formula = f"{workings[0]} = {show(exact)}"
    else:
        formula = (
            "；".join(workings)
            + "；"
            + "＋".join(
                f"{show(column.at(i))}×{show(Fraction(part.weight))}%"
                for column, part in zip(columns, run.panel.parts, strict=True)
            )
            + f" = {show(exact)}"
        )
    if run.panel.decimals is not None and (value != exact or "…" in show(exact)):
        words = rounding_words(run.panel.decimals)
        formula += f" → {show(value, run.panel.decimals)}（{words}）"
    if worth != 1:
        formula += f"；{show(value)}×{show(worth)} = {show(value * worth)}"
    return formula, notes, {"panel": plain_number(value)}, children


def _explain_part(run, criterion, p, result, i):
    part, seat = run.panel.parts[p], run.seats[p][i]
    sites = run.sites(i)
    scale, rows = run.scaled[criterion.key]
    marks = []
    for judge in seat.counted:
        given = [rows[i].get((judge.key, site)) for site in sites]
        marks.append(None if None in given else Fraction(sum(given), scale * len(sites)))
    whole = None not in marks and marks
    scores = marks
    if whole and part.standard != "none":
        table = run.standard_scores(criterion, p)
        scores = [table.get((i, j)) for j in range(len(marks))]
    high, low = run.trimming(part, len(marks))
    gone: dict[int, str] = {}
    if whole and run.totals is not None and run.totals[p][i] is not None:
        totals = [total for total, _ in run.totals[p][i]]
        gone = {j: f"按总分{why}" for j, why in dropped_positions(totals, high, low).items()}
    elif (whole and run.panel.sites != "site" and part.average != "median") or (
        whole and part.average == "median"
    ):
        gone = dropped_positions(scores, high, low)
    nodes = []
    for j, judge in enumerate(seat.counted):
        node = Node(
            "mark",
            key=judge.key,
            label=f"评委{judge.number}号",
            points="" if marks[j] is None else show(marks[j]),
            values={"number": str(judge.number), "group": judge.group},
        )
        if marks[j] is None:
            node.notes.append("尚未打分")
        elif len(sites) > 1 and run.panel.sites == "judge":
            given = "＋".join(show(Fraction(rows[i][judge.key, site], scale)) for site in sites)
            node.formula = f"（{given}）÷{len(sites)} = {show(marks[j])}"
        if whole and part.standard != "none" and scores[j] is not None:
            node.notes.append(f"标准分 {show(scores[j])}")
        if j in gone:
            node.dropped = True
            node.notes.append(gone[j])
        nodes.append(node)
    for judge, reason in seat.absent:
        nodes.append(
            Node(
                "mark",
                key=judge.key,
                label=f"评委{judge.number}号",
                dropped=True,
                values={"number": str(judge.number), "group": judge.group},
                notes=[reason],
            )
        )
    nodes.sort(key=lambda node: (int(node.values["number"]), node.key))
    notes = []
    if part.drop_high + part.drop_low and not high + low:
        notes.append(
            f"计入的评委 {len(marks)} 人，不足 {part.trim_from} 人，按办法不去掉最高分和最低分。"
        )
    if result is None or not whole:
        return nodes, "", notes
    return nodes, _working(run, part, scores, gone, sites), notes


def _working(run, part, scores, gone, sites) -> str:
    if run.panel.sites == "site" and len(sites) > 1:
        return f"{len(sites)} 个点位分别汇总后平均"
    kept = [show(score) for j, score in enumerate(scores) if j not in gone]
    if part.average == "median":
        return f"（{'、'.join(kept)}）的中位数"
    if part.average == "sum":
        return "＋".join(kept)
    return f"（{'＋'.join(kept)}）÷{len(kept)}"


def judge_nodes(run, i: int) -> list[Node]:
    """This function will show each judge's total of the round where trimming goes by total."""
    if run.totals is None:
        return []
    nodes = []
    for p, part in enumerate(run.panel.parts):
        totals, seat = run.totals[p][i], run.seats[p][i]
        gone = {}
        if totals is not None:
            values = [total for total, _ in totals]
            gone = dropped_positions(values, *run.trimming(part, len(values)))
        for j, judge in enumerate(seat.counted):
            node = Node(
                "judge",
                key=judge.key,
                label=f"评委{judge.number}号总分",
                points="" if totals is None else show(totals[j][0]),
                dropped=j in gone,
                values={"number": str(judge.number), "group": judge.group},
            )
            if j in gone:
                node.notes.append(gone[j])
            nodes.append(node)
        for judge, reason in seat.absent:
            nodes.append(
                Node(
                    "judge",
                    key=judge.key,
                    label=f"评委{judge.number}号总分",
                    dropped=True,
                    values={"number": str(judge.number), "group": judge.group},
                    notes=[reason],
                )
            )
    nodes.sort(key=lambda node: (int(node.values["number"]), node.key))
    return nodes
