"""What a version of the results contains, frozen as plain data. Pure: documents in, document out.

What the circle must not see never enters the contents, so that no page made from them leaks it.
"""

from fractions import Fraction

from publication.models import Circle


def build_results(*, circle, competition, scheme, result, outcome, names, plan, decision, notice):
    """This function will return the contents of a version of the results.

    `result` is a Tabulation document, `outcome` a dict of the decided flags and awards,
    `names` maps entry key to {name, unit, secretary, official, custom, strokes}, `plan` lists the
    rounds' dates. The public notice carries the proposed winners and, as the scheme says, totals;
    every narrower circle reads all places. Recommendations for promotion enter no version.
    """
    public = circle == Circle.PUBLIC
    disclosure = scheme.disclosure
    flags = [
        flag
        for flag in outcome["flags"]
        if not (public and flag["colour"] == "yellow" and not disclosure.yellow_flags_public)
    ]
    awards = [by_meeting(award, decision) for award in outcome["awards"]]
    if public and not disclosure.scores_public:
        # A reason names the total that the scheme keeps inside the county.
        flags = [{**flag, "reason": ""} for flag in flags]
        awards = [{**award, "reason": award["decided"]} for award in awards]
    winners = {item["entry"] for item in [*flags, *awards]}
    tracks = [_track(track, result["tracks"][track.key], names) for track in scheme.tracks]
    for track in tracks:
        rows = track["rows"]
        if public and not disclosure.last_places_public:
            track["rows"] = rows = [row for row in rows if row["entry"] in winners]
        if public and not disclosure.scores_public:
            for row in rows:
                row["total"], row["rounds"], row["dimensions"] = None, {}, {}
            track["mean"] = None
    shown = {row["entry"] for track in tracks for row in track["rows"]} | winners
    return {
        "kind": "results",
        "circle": str(circle),
        "competition": competition,
        "plan": plan,
        "assumptions": list(scheme.assumptions),
        "tracks": tracks,
        "dimensions": [{"key": item.key, "title": item.title} for item in scheme.dimensions],
        "flags": flags,
        "awards": awards,
        "total": outcome["total"],
        "decision": decision,
        "notice": notice,
        "names": {key: value for key, value in names.items() if key in shown},
    }


def by_meeting(award, decision):
    """This function will return an award as it is published: one that the meeting gave names the
    meeting's document, never the meeting's own words, which may name somebody."""
    if not award["decided"]:
        return award
    said = meeting_words(decision["document_number"] if decision else "")
    return {**award, "reason": said, "decided": said}


def meeting_words(document_number):
    """This function will return the sentence by which a meeting's change is published."""
    return "经会议研究决定" + (f"（{document_number}）" if document_number else "")


def _track(track, result, names):
    """One track's standing as rows by place; each round's share of the total is worked out once."""
    rounds = [
        {"key": item.key, "title": item.title, "full": str(item.full), "weight": str(item.weight)}
        for item in track.rounds
    ]
    rows = []
    for key in result["order"]:
        entry = result["entries"][key]
        rows.append(
            {
                "entry": key,
                "name": names[key]["name"],
                "place": entry["place"],
                "tied": entry["tied"],
                "tie_reason": entry["tie_reason"],
                **({"group": entry["group"]} if track.peers == "group" else {}),
                "excluded": entry["excluded"],
                "total": entry["total"],
                "rounds": {
                    name: {part: item[part] for part in ("points", "place", "full", "contribution")}
                    for name, item in entry["rounds"].items()
                },
                "dimensions": entry["dimensions"],
            }
        )
    return {
        "key": track.key,
        "title": track.title,
        "subject": track.subject,
        "full": result["full"],
        "mean": result["mean"],
        "rounds": rounds,
        "rows": rows,
    }


def order_rows(rows, names, order):
    """This function will return the rows in official, stroke or custom order, or by place.

    Every order ends in the entry's key, so that equal things always stand alike.
    """
    if order == "place":
        return rows
    return sorted(rows, key=lambda row: (names[row["entry"]][order], row["entry"]))


def dimension_axes(track, entry, titles):
    """This function will return one axis a dimension: label, own points, the field's mean, full.

    The mean is over the entries that have points there, half up to two decimals.
    """
    own = next(row for row in track["rows"] if row["entry"] == entry)["dimensions"]
    axes = []
    for item in titles:
        if item["key"] not in own:
            continue
        field = [
            Fraction(row["dimensions"][item["key"]]["points"])
            for row in track["rows"]
            if row["dimensions"].get(item["key"], {}).get("points") not in (None, "")
        ]
        axes.append(
            {
                "label": item["title"],
                "own": own[item["key"]]["points"],
                "mean": mean_text(field),
                "full": own[item["key"]]["full"],
            }
        )
    return axes


def mean_text(values):
    """This function will return the mean of exact values half up to two decimals, None if empty."""
    if not values:
        return None
    cents = sum(values, Fraction(0)) / len(values) * 100
    whole = (2 * cents.numerator + cents.denominator) // (2 * cents.denominator)
    sign = "-" if whole < 0 else ""
    return f"{sign}{abs(whole) // 100}.{abs(whole) % 100:02d}"


def gap_text(above, own):
    """This function will return above − own as decimal text, None while one is missing."""
    if above is None or own is None:
        return None
    return mean_text([Fraction(above) - Fraction(own)])


def standing_of(track, entry):
    """This function will return one entry's standing: row, next better row and the gaps.

    The next better row is the nearest with a smaller place; nobody stands before a first place.
    Where groups are ranked apart, all this is said of the entry's own group.
    """
    row = next((item for item in track["rows"] if item["entry"] == entry), None)
    if row is None:
        return None
    group = row.get("group", "")
    ranked = [
        item
        for item in track["rows"]
        if item["place"] is not None and item.get("group", "") == group
    ]
    better = [item for item in ranked if row["place"] is not None and item["place"] < row["place"]]
    nearest = max(better, key=lambda item: item["place"], default=None)
    return {
        "row": row,
        "next_place": nearest["place"] if nearest else None,
        "gap_to_next": gap_text(nearest["total"], row["total"]) if nearest else None,
        "gap_to_mean": gap_text(row["total"], track["mean"]),
        "field": len(ranked),
    }
