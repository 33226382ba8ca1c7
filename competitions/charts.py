"""The geometry of charts. Pure: labels and exact values in, positions (as text) and words out.

Positions along a line are per cent of the drawing's width, so that the page can draw with
percentages and text keeps its size on every screen. Every chart comes with a sentence that says
in words what it shows.
"""

from fractions import Fraction
from math import cos, pi, sin

from competitions.shown import exact, plain_text, points_text, share, signed_text

RADAR_SIZE = (400, 300)
RADAR_CENTRE = (200, 150)
RADAR_RADIUS = 100
LABEL_LINE = 5  # characters; beside the drawing there is room for no more
LABEL_HEIGHT = 17
SPREAD_LINE = 62  # px from the top: above it four dots and a number, below it the mean
DOT_STEP = 11  # vertical distance, in px, of dots that would cover each other
DOT_NEAR = 3  # per cent of the width within which two dots would cover each other


def ranking(rows, full, series):
    """This function will lay out a bar per entry, stacked by round.

    `rows`: dicts with label, place, total, parts (one value a series; None is missing), and
    optionally tied, own, url. `full`: full marks of the total. `series`: names of the rounds.
    Returns {"rows", "series", "words"}; each row's `bars` are dicts x, width (per cent), index,
    name and text. A negative part (a deduction) is listed in words but has no length.
    """
    full, laid = exact(full), []
    longest = max([full or Fraction(0)] + [_positive_sum(row["parts"]) for row in rows])
    for row in rows:
        at, bars = Fraction(0), []
        for index, (name, part) in enumerate(zip(series, row["parts"], strict=True)):
            length = max(exact(part) or Fraction(0), Fraction(0))
            bars.append(
                {
                    "index": index % 6,
                    "name": name,
                    "x": share(at, longest, 2),
                    "width": share(length, longest, 2),
                    "text": points_text(part),
                }
            )
            at += length
        described = "，".join(f"{bar['name']} {bar['text']}" for bar in bars)
        words = f"第 {row['place'] or '—'} 名 {row['label']} {points_text(row['total'])} 分"
        laid.append(
            {
                **row,
                "bars": bars,
                "total": points_text(row["total"]),
                "words": f"{words}（{described}）" if described else words,
            }
        )
    named = [{"index": index % 6, "name": name} for index, name in enumerate(series)]
    return {"rows": laid, "series": named, "words": "；".join(row["words"] for row in laid)}


def _positive_sum(parts):
    return sum((max(exact(part) or Fraction(0), Fraction(0)) for part in parts), Fraction(0))


def dumbbell(axes):
    """This function will set an entry beside the field's mean on one line per dimension.

    `axes`: dicts with label, own, mean, full. Returns {"rows", "start", "words"}: per row the
    positions own_x, mean_x, left, width in per cent of the line, the texts, and the signed
    difference. A line runs from `start` per cent of the full marks (0, 50 or 80: as much as every
    value allows) to the full marks, so that close values can be told apart.
    """
    rows = []
    shares = [
        Fraction(share(axis[name], axis["full"], 2))
        for axis in axes
        for name in ("own", "mean")
        if exact(axis[name]) is not None
    ]
    start = max(level for level in (0, 50, 80) if level == 0 or level <= min(shares, default=0))
    for axis in axes:
        own, mean = exact(axis["own"]), exact(axis["mean"])
        own_x, mean_x = (
            None
            if value is None
            else (Fraction(share(value, axis["full"], 2)) - start) * 100 / (100 - start)
            for value in (own, mean)
        )
        both = own_x is not None and mean_x is not None
        rows.append(
            {
                "label": axis["label"],
                "own": points_text(own),
                "mean": points_text(mean),
                "full": plain_text(axis["full"]),
                "gap": signed_text(own - mean if both else None),
                "arrow": _arrow(own - mean) if both else "",
                "own_x": None if own_x is None else plain_text(own_x, 2),
                "mean_x": None if mean_x is None else plain_text(mean_x, 2),
                "left": plain_text(min(own_x, mean_x), 2) if both else "0",
                "width": plain_text(abs(own_x - mean_x), 2) if both else "0",
            }
        )
    words = "；".join(
        f"{row['label']} {row['own']} 分，平均 {row['mean']} 分，差 {row['gap']}" for row in rows
    )
    return {"rows": rows, "start": start, "words": words}


def _arrow(difference):
    return "▲" if difference > 0 else "▼" if difference < 0 else "＝"


def radar(axes):
    """This function will lay out dimensions around a centre, each as a share of its full marks.

    `axes` as for `dumbbell`, three or more; a missing value is drawn at the centre and said to be
    missing in words. Returns polygons (`own`, `mean`, `grid`), spokes and labels in a drawing of
    RADAR_SIZE.
    """
    count = len(axes)
    if count < 3:
        raise ValueError("雷达图至少需要三个维度。")
    turns = [(sin(2 * pi * i / count), -cos(2 * pi * i / count)) for i in range(count)]
    labels = []
    for axis, (across, down) in zip(axes, turns, strict=True):
        x, y = _point(across, down, 1.17)
        anchor = "middle" if abs(across) < 0.2 else "start" if across > 0 else "end"
        lines = _lines(axis["label"])
        # A label of several lines grows away from the drawing.
        lift, upwards = (-6, 1) if down < -0.9 else (10, 0) if down > 0.75 else (0, 0.5)
        lift -= LABEL_HEIGHT * upwards * (len(lines) - 1)
        labels.append(
            {
                "lines": lines,
                "value": points_text(axis["own"]),
                "full": plain_text(axis["full"]),
                "x": x,
                "y": f"{float(y) + lift:.1f}",
                "anchor": anchor,
            }
        )
    rows = dumbbell(axes)
    return {
        "size": RADAR_SIZE,
        "own": _polygon(turns, [share(axis["own"], axis["full"], 2) for axis in axes]),
        "mean": _polygon(turns, [share(axis["mean"], axis["full"], 2) for axis in axes]),
        "dots": [
            _point(across, down, Fraction(share(axis["own"], axis["full"], 2)) / 100)
            for axis, (across, down) in zip(axes, turns, strict=True)
        ],
        "grid": [_polygon(turns, [str(level)] * count) for level in (25, 50, 75, 100)],
        "spokes": [_point(across, down, 1) for across, down in turns],
        "centre": RADAR_CENTRE,
        "labels": labels,
        "rows": rows["rows"],
        "words": rows["words"],
    }


def _lines(label):
    """A label in lines of nearly equal length: 基层党组织建设 → 基层党组, 织建设."""
    count = max(1, -(-len(label) // LABEL_LINE))
    size = max(1, -(-len(label) // count))
    return [label[at : at + size] for at in range(0, len(label), size)] or [""]


def _point(across, down, share_of_radius):
    # Positions on the drawing, not scores: floats are fine here.
    length = RADAR_RADIUS * float(share_of_radius)
    return f"{RADAR_CENTRE[0] + across * length:.1f}", f"{RADAR_CENTRE[1] + down * length:.1f}"


def _polygon(turns, shares):
    points = (
        _point(across, down, Fraction(part) / 100)
        for (across, down), part in zip(turns, shares, strict=True)
    )
    return " ".join(f"{x},{y}" for x, y in points)


def spread(values, own, own_label, counted="个参评单位"):
    """This function will place every entry of the field on one line, and one of them by name.

    `values`: totals of the whole field, the own one included; missing ones are left out.
    `own`: the named entry's total or None; `counted` is what the field counts. Returns dots
    (x per cent, y px), own, mean and the ends.
    """
    known = sorted(exact(value) for value in values if exact(value) is not None)
    own = exact(own)
    if not known:
        return {"dots": [], "own": None, "words": "还没有成绩。"}
    low, high = known[0], known[-1]
    mean = sum(known, Fraction(0)) / len(known)

    def position(value):
        # Four per cent at either end is left free, so that the outermost dots are whole.
        return Fraction(50) if low == high else 4 + (value - low) * 92 / (high - low)

    others = list(known)
    if own in others:
        others.remove(own)
    dots, columns = [], []
    for value in others:
        at = position(value)
        level = sum(1 for other in columns if at - other < DOT_NEAR)
        columns.append(at)
        dots.append({"x": plain_text(at, 2), "y": SPREAD_LINE - DOT_STEP * min(level, 3)})
    better = sum(1 for value in known if own is not None and value > own)
    words = (
        f"共 {len(known)} {counted}，最低 {points_text(low)} 分，平均 {points_text(mean)} 分，"
        f"最高 {points_text(high)} 分。"
    )
    if own is not None:
        above = f"高于它的有 {better} 个" if better else "没有高于它的"
        words += f"{own_label} {points_text(own)} 分，{above}。"
    return {
        "dots": dots,
        "own": None if own is None else _labelled(position(own), own, 9),
        "mean": _labelled(position(mean), mean, 13),
        "low": points_text(low),
        "high": points_text(high),
        "words": words,
    }


def _labelled(at, value, half):
    """A value's place on the line and its text; `half` is half the text's width on a phone, in per
    cent of the line, so that a text near an end does not run over it."""
    anchor = "start" if at < half else "end" if at > 100 - half else "middle"
    return {"x": plain_text(at, 2), "anchor": anchor, "text": points_text(value)}


def ring(done, whole):
    """This function will say how much of a whole is done: a share in per cent, never rounded up.

    `done` of `whole` are counts. Ninety-nine and a half per cent reads 99, so that 100 means all.
    """
    part = done * 100 // whole if whole else 0
    return {"done": done, "whole": whole, "part": min(part, 100), "complete": 0 < whole <= done}
