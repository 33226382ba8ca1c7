"""A complete tabulation as a workbook."""

from competitions.offices import name_subject
from competitions.sheets import Column, write_xlsx
from scoring.queries.tabulations import scheme_of_tabulation, standing_rows


def subject_of(track, competition):
    """This function will return what a table of a track's entries calls them."""
    if track.subject == "person":
        return "参评人"
    return name_subject(track.subject, competition.office)


def standing_workbook(competition, tabulation, track_key, names, order="place"):
    """This function will return one track's standing as xlsx bytes: places, totals and rounds.

    Rows stand by place, or in official, stroke or custom order.
    """
    scheme = scheme_of_tabulation(tabulation)
    track, result = scheme.track(track_key), tabulation.result["tracks"][track_key]
    columns = [
        Column("place", "名次", kind="number"),
        Column("name", subject_of(track, competition)),
        *([Column("group", "类别组")] if track.peers == "group" else []),
        Column("tied", "并列"),
        *(Column(f"r.{item.key}", item.title, kind="number") for item in track.rounds),
        Column("total", "总分", kind="number"),
        Column("note", "说明"),
    ]
    rows = []
    for entry in standing_rows(track, result, names, order):
        rows.append(
            {
                "place": None if entry["place"] is None else str(entry["place"]),
                "name": entry["name"],
                "group": entry["group"],
                "tied": "并列" if entry["tied"] else "",
                "total": entry["total"],
                "note": entry["excluded"] or entry["tie_reason"],
                **{f"r.{name}": item["points"] for name, item in entry["rounds"].items()},
            }
        )
    return write_xlsx(
        columns,
        rows,
        title=f"{competition.title} {track.title}（第 {tabulation.number} 次统分）",
        notice=competition.mark,
    )
