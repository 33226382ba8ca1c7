"""The door to tabulations and to one entry's explanation."""

from django.http import Http404

from scoring.models import Tabulation


def get_tabulation(competition, number):
    """This function will return a tabulation of the competition by its number, or raise 404."""
    found = (
        Tabulation.objects.filter(competition=competition, number=number)
        .select_related("scheme_version", "made_by")
        .first()
    )
    if found is None:
        raise Http404("没有这一次统分。")
    return found


def get_explanation(tabulation, track_key, entry_key):
    """This function will return (track result, entry result) documents, or raise 404."""
    track = tabulation.result["tracks"].get(track_key)
    entry = track["entries"].get(entry_key) if track else None
    if entry is None:
        raise Http404("这次统分中没有这个参评对象。")
    return track, entry
