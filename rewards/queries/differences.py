"""Where the computed outcomes of two tabulations differ: what a meeting has to look at again."""

from competitions.shown import yuan_text


def find_differences(before, after, scheme, entries):
    """This function will return what two computed Outcomes say differently of the same thing.

    Rows of components/diff_table.html ({label, left, right}): places first, then flags and awards;
    a side is None where that outcome says nothing. `scheme` names the tracks.
    """
    tracks = {track.key: track.title for track in scheme.tracks}
    left, right = _said(before), _said(after)
    return [
        {
            "label": f"{tracks.get(track, track) or '综合'} · "
            f"{entries[entry].name if entry in entries else entry}：{what}",
            "left": left.get((track, entry, what, part)),
            "right": right.get((track, entry, what, part)),
        }
        for track, entry, what, part in {**left, **right}
        if left.get((track, entry, what, part)) != right.get((track, entry, what, part))
    ]


def have_other_totals(before, after):
    """This function will say whether any total differs between two stored results."""
    return _totals(before) != _totals(after)


def _totals(result):
    return {
        (track, entry): item["total"]
        for track, found in result["tracks"].items()
        for entry, item in found["entries"].items()
    }


def _said(outcome):
    """{(track, entry, what it is about, round of an issue): what the outcome says of it}."""
    said = {
        (track, entry, "名次", ""): f"第 {place} 名"
        for track, places in outcome.places.items()
        for entry, place in sorted(places.items(), key=lambda item: (item[1], item[0]))
    }
    for flag in outcome.flags:
        said[flag.track, flag.entry, flag.title, flag.round] = "授予"
    for grant in outcome.awards:
        money = "" if grant.amount is None else f" {yuan_text(grant.amount)} 元"
        said[grant.track, grant.entry, grant.title, ""] = f"授予{money}"
    return said
