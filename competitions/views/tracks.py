"""Who competes in which track."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from competitions import access, actions
from competitions.forms.contestants import TrackForm
from competitions.gates import enter
from competitions.kinds import ENTRIES_CHANGED
from competitions.models import Entry
from competitions.orders import arrange_entries
from competitions.queries import work_frame
from competitions.queries.state import latest_revision
from competitions.roles import INSIDERS, RoleKind
from competitions.tracks import has_track_evidence

ORGANISER = {RoleKind.ORGANISER}


def _frame(competition, *crumbs):
    here = ("分榜参评", reverse("work_tracks", args=[competition.slug]) if crumbs else None)
    return work_frame(competition, "entrants", here, *crumbs)


def _chosen_in(track, entries):
    """Who of the entrants is in the track; a secretary is where his unit's row says so."""
    return [entry for entry in entries if not entry.tracks or track.key in entry.tracks]


def _entrants_of(competition, track):
    subject = Entry.Subject.PERSON if track.subject == "person" else Entry.Subject.UNIT
    rows = Entry.objects.filter(competition=competition, subject=subject).active()
    return rows.with_subjects()


@enter(read=INSIDERS)
def tracks(request, slug):
    """This function will list the tracks with who competes in each."""
    competition = access.get_competition_for(request.role, slug)
    page = _frame(competition)
    entries = {
        subject: list(
            Entry.objects.filter(competition=competition, subject=subject)
            .active()
            .with_subjects()
            .in_official_order()
        )
        for subject in (Entry.Subject.UNIT, Entry.Subject.PERSON)
    }
    scheme = page["scheme"]
    titles = {item.key: item.title for item in scheme.categories} if scheme else {}
    rows = []
    for track in scheme.tracks if scheme else ():
        all_of_them = entries["person" if track.subject == "person" else "unit"]
        chosen = _chosen_in(track, all_of_them)
        out = [entry.name for entry in all_of_them if entry not in chosen]
        category = titles.get(track.category, "")
        rows.append(
            {
                "track": track,
                "category": category,
                "chosen": len(chosen),
                "all": len(all_of_them),
                "out": out,
            }
        )
    context = {**page, "rows": rows, "may_change": access.may_change(request.role, competition)}
    return TemplateResponse(request, "competitions/tracks.html", context)


@enter(read=INSIDERS, write=ORGANISER)
def track(request, slug, key):
    """This function will show who competes in a track, and change it."""
    competition = access.get_competition_for(request.role, slug, change=request.method == "POST")
    page = _frame(competition)
    found = next((item for item in page["scheme"].tracks if item.key == key), None)
    if found is None:
        raise Http404("规则里没有这个榜单。")
    page = _frame(competition, (found.title, None))
    arrangement = arrange_entries(request, competition)
    entries = arrangement.sort(_entrants_of(competition, found))
    form = TrackForm(
        request.POST if request.method == "POST" else None,
        entries=entries,
        chosen=[entry.key for entry in _chosen_in(found, entries)],
        revision=latest_revision(competition, ENTRIES_CHANGED),
    )
    if request.method == "POST" and form.is_valid():
        done = form.run(
            actions.assign_track,
            competition=competition,
            track_key=key,
            keys=set(form.cleaned_data["keys"]),
            revision=form.cleaned_data["revision"],
            by=request.user.person,
            now=timezone.now(),
        )
        if done:
            messages.success(request, f"已保存「{found.title}」由谁参加。")
            return redirect("work_tracks", slug)
        if form.newer is not None:
            form.catch_up()
    context = {
        **page,
        "form": form,
        "track": found,
        "arrangement": arrangement,
        "saved": [entry.name for entry in _chosen_in(found, entries)],
        "final": has_track_evidence(competition, found),
        "may_change": access.may_change(request.role, competition),
    }
    return TemplateResponse(request, "competitions/track.html", context)
