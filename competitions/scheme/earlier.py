"""What in the rules looks at the results of an earlier year."""

from __future__ import annotations


def asks_earlier(track) -> bool:
    """This function will say whether a track's awards or flags look at an earlier year's results:
    progress since then, or flags in a row."""
    return any(award.progress for award in track.awards) or any(rule.repeat for rule in track.flags)


def find_asking(scheme) -> list[str]:
    """This function will return the titles of what looks at an earlier year's results: awards for
    progress and flags in a row, in the order of the rules, each title once."""
    titles = []
    for track in scheme.tracks:
        titles += [award.title for award in track.awards if award.progress]
        titles += [rule.title for rule in track.flags if rule.repeat]
    return list(dict.fromkeys(titles))
