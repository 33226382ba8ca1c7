"""What the published results of the year before give to this year: earlier places and flags.

Publications stand above this app, so they register here what reads them when they start.
"""

from competitions.models import Entry

_providers: list = []


def register(provider):
    """This function will add a provider: provider(competition) -> (places, times, version)
    or None.

    places {(track key, entry key): place} and times {(flag rule key, entry key): how often in a
    row, the last time in that year} are those of the published results of that competition, and
    version {"version": number, "contents": digest} says which results these are.
    """
    if provider not in _providers:
        _providers.append(provider)


def find_earlier(competition, scheme, entries):
    """This function will return (history, previous, earlier) of scoring.rules.evidence.Evidence.

    All are empty where no rule asks. A year that is said to be the first counts from nothing, and
    `earlier` says so; when nobody has said which year is the previous one, or the named year has no
    results in force, `earlier` carries no version, and the tabulation says what is missing. A unit
    is the same unit; a secretary or another person the same one in the same unit.
    """
    wanted = set(_tracks_with_progress(scheme))
    rules = {rule.key for track in scheme.tracks for rule in track.flags if rule.repeat}
    if not (wanted or rules):
        return {}, {}, {}
    if competition.previous_id is None:
        return {}, {}, {"first": "yes"} if competition.is_first else {"year": ""}
    earlier = {"year": str(competition.previous.year)}
    found = next((item for give in _providers if (item := give(competition.previous))), None)
    if found is None:
        return {}, {}, earlier
    places, times, version = found
    keys = _same_entries(competition.previous_id, entries)
    history = {
        (rule, keys[entry]): count
        for (rule, entry), count in times.items()
        if rule in rules and entry in keys and count
    }
    previous = {
        (track, keys[entry]): place
        for (track, entry), place in places.items()
        if track in wanted and entry in keys and place is not None
    }
    return history, previous, {**earlier, **version}


def _tracks_with_progress(scheme):
    return [track.key for track in scheme.tracks if any(award.progress for award in track.awards)]


def _same_entries(previous_id, entries):
    """{key in the earlier year: key now}; a secretary who came, went and came back counts once."""
    now = {_who(entry): entry.key for entry in entries}
    earlier = Entry.objects.filter(competition=previous_id).active().select_related("term")
    return {
        entry.key: now[_who(entry)] for entry in earlier.in_official_order() if _who(entry) in now
    }


def _who(entry):
    holder = entry.term.person_id if entry.term_id else entry.person_id
    return entry.subject, entry.unit_id, holder
