"""The timetable 时间表 of the rounds, and the sites 点位 of the reviews."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from competitions import access, actions
from competitions.forms.schedule import ScheduleForm, SitesForm
from competitions.gates import enter
from competitions.kinds import PLAN_CHANGED
from competitions.models import Entry, RoundPlan, Site
from competitions.orders import arrange_entries
from competitions.queries import work_frame
from competitions.queries.state import has_evidence, latest_revision
from competitions.roles import INSIDERS, RoleKind

ORGANISER = {RoleKind.ORGANISER}


def _frame(competition, *crumbs):
    own = reverse("work_schedule", args=[competition.slug]) if crumbs else None
    return work_frame(competition, "schedule", ("时间表", own), *crumbs)


def _rounds(scheme):
    """(track, round) of every round that takes place: all but those carried from elsewhere."""
    return [
        (track, item)
        for track in (scheme.tracks if scheme else ())
        for item in track.rounds
        if item.kind != "carried"
    ]


@enter(read=INSIDERS, write=ORGANISER, kept=True)
def schedule(request, slug):
    """This function will show when each round takes place and is due, and change it."""
    competition = access.get_competition_for(request.role, slug, change=request.method == "POST")
    page = _frame(competition)
    plans = {
        plan.round_key: plan
        for plan in RoundPlan.objects.filter(competition=competition).order_by("id")
    }
    form = ScheduleForm(
        request.POST if request.method == "POST" else None,
        rounds=_rounds(page["scheme"]),
        plans=plans,
        revision=latest_revision(competition, PLAN_CHANGED),
    )
    if request.method == "POST" and form.is_valid():
        done = form.run(
            actions.plan_rounds,
            competition=competition,
            plans=form.plans,
            revision=form.cleaned_data["revision"],
            by=request.user.person,
            now=timezone.now(),
        )
        if done:
            messages.success(request, "已保存时间表。")
            return redirect("work_schedule", slug)
        if form.newer is not None:
            form.catch_up()
    context = {
        **page,
        "form": form,
        "rows": [
            {
                "track": track,
                "round": item,
                "fields": fields,
                "plan": plans.get(item.key),
                "sites": item.panel is not None and item.panel.sites != "none",
            }
            for track, item, fields in form.table
        ],
        "may_change": access.may_change(request.role, competition, rehearsed=True),
    }
    return TemplateResponse(request, "competitions/schedule.html", context)


@enter(read=INSIDERS, write=ORGANISER)
def sites(request, slug, round_key):
    """This function will show which sites a review visits in each entry, and change them."""
    competition = access.get_competition_for(request.role, slug, change=request.method == "POST")
    page = _frame(competition, ("点位", None))
    found = [
        (track, item)
        for track, item in _rounds(page["scheme"])
        if item.key == round_key and item.panel is not None and item.panel.sites != "none"
    ]
    if not found:
        raise Http404("这个环节不分点位打分。")
    track, item = found[0]
    rows = Entry.objects.filter(competition=competition, subject=track.subject).active()
    arrangement = arrange_entries(request, competition)
    entries = arrangement.sort(row for row in rows.with_subjects() if row.competes_in(track))
    names = {}
    for site in Site.objects.filter(competition=competition, round_key=round_key).order_by(
        "position", "id"
    ):
        names.setdefault(site.entry_id, []).append(site.name)
    form = SitesForm(
        request.POST if request.method == "POST" else None,
        entries=entries,
        sites=names,
        revision=latest_revision(competition, PLAN_CHANGED),
    )
    if request.method == "POST" and form.is_valid():
        done = form.run(
            actions.set_sites,
            competition=competition,
            round_key=round_key,
            sites=form.sites,
            revision=form.cleaned_data["revision"],
            by=request.user.person,
            now=timezone.now(),
        )
        if done:
            messages.success(request, f"已保存「{item.title}」的点位。")
            if form.doubled:
                said = "、".join(sorted(form.doubled))
                messages.warning(request, f"同一单位同名的点位只记一个：{said}。")
            return redirect("work_schedule", slug)
        if form.newer is not None:
            form.catch_up()
    context = {
        **page,
        "form": form,
        "round": item,
        "arrangement": arrangement,
        "listed": [(entry, names.get(entry.id, [])) for entry in entries],
        "final": has_evidence(competition),
        "may_change": access.may_change(request.role, competition, rehearsed=True),
    }
    return TemplateResponse(request, "competitions/sites.html", context)
