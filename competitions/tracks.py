"""Which tracks an entrant competes in: what it may choose, read from a cell, written in words.

Evidence stands above this app, so whoever keeps it registers here what says where there is some.
"""

from collections import Counter

from django.core.exceptions import ValidationError

from competitions.text import split_names

EVERY = "全部"
# A unit's choice holds for its secretary too.
SUBJECTS = {"unit": ("unit", "secretary"), "person": ("person",)}
_evidence_providers: list = []


def register_evidence(provider):
    """This function will add a provider: provider(competition) -> {keys of rounds in which any
    mark, value or point has been entered}."""
    if provider not in _evidence_providers:
        _evidence_providers.append(provider)


def has_track_evidence(competition, track):
    """This function will say whether evidence of one of the track's rounds has come in."""
    rounds = {item.key for item in track.rounds}
    return any(rounds & set(provider(competition)) for provider in _evidence_providers)


def tracks_for(scheme, subject):
    """This function will return the tracks among which an entrant chooses; `subject` is unit or
    person, `scheme` may be None."""
    tracks = scheme.tracks if scheme is not None else ()
    return [track for track in tracks if track.subject in SUBJECTS[subject]]


def keep_tracks(keys, scheme, subject):
    """This function will return chosen keys as an entry keeps them: in the order of the rules,
    empty when every track is chosen."""
    every = [track.key for track in tracks_for(scheme, subject)]
    chosen = [key for key in every if key in keys]
    return [] if chosen == every else chosen


def read_tracks(text, scheme, subject):
    """This function will read a cell such as 「基层治理、产业发展」 and return keys as an
    entry keeps them. A category's title means all its tracks, 「全部」 every track. ValidationError
    names what is not known.
    """
    offered = tracks_for(scheme, subject)
    if not offered:
        raise ValidationError("规则里没有可以选择的榜单，「参加榜单」一栏请留空。")
    categories = {item.title: item.key for item in scheme.categories}
    chosen, unknown = set(), []
    for name in split_names(text):
        found = [
            track.key
            for track in offered
            if name in (EVERY, track.title, track.key)
            or (track.category and categories.get(name) == track.category)
        ]
        chosen.update(found)
        if not found:
            unknown.append(f"「{name[:30]}」")
    if unknown:
        titles = "、".join(track.title for track in offered[:12])
        more = "等" if len(offered) > 12 else ""
        raise ValidationError(
            f"没有榜单{'、'.join(unknown)}，可以写{titles}{more}；各榜都参加的写「{EVERY}」。"
        )
    return keep_tracks(chosen, scheme, subject)


def write_tracks(keys, scheme, subject):
    """This function will write the tracks of an entry as a cell that `read_tracks` reads."""
    titles = [track.title for track in tracks_for(scheme, subject) if track.key in keys]
    return "、".join(titles) if keys else EVERY


def paid_by_head(scheme):
    """This function will return the awards of which each entrant's number of people gets some."""
    tracks = scheme.tracks if scheme is not None else ()
    return [award for track in tracks for award in track.awards if award.people > 1]


def name_rounds(scheme):
    """This function will return {round key: title}; where rounds of several tracks are called the
    same, each with its track's title before it."""
    counts = Counter(item.title for track in scheme.tracks for item in track.rounds)
    return {
        item.key: item.title if counts[item.title] == 1 else f"{track.title} · {item.title}"
        for track in scheme.tracks
        for item in track.rounds
    }
