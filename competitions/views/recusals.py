"""Recusals 回避: the matrix, and what the program cannot find out by itself."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from competitions import access, actions
from competitions.forms.base import ActionForm
from competitions.forms.judges import InvolvementForm, RecusalForm
from competitions.frontdoor import find_marking_now
from competitions.gates import enter
from competitions.models import Entry, Involvement, Judge, Recusal
from competitions.orders import arrange_entries, arrange_judges
from competitions.queries import work_frame
from competitions.queries.recusals import find_matrix
from competitions.roles import INSIDERS, RoleKind

ORGANISER = {RoleKind.ORGANISER}


def _frame(competition, *crumbs):
    own = reverse("work_recusals", args=[competition.slug]) if crumbs else None
    judges = ("评委", reverse("work_judges", args=[competition.slug]))
    return work_frame(competition, "judges", judges, ("回避", own), *crumbs)


@enter(read=INSIDERS, write=ORGANISER)
def recusals(request, slug):
    """This function will show who must not mark whom, and work it out again when asked to."""
    competition = access.get_competition_for(request.role, slug, change=request.method == "POST")
    form = ActionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        done = form.run(
            actions.refresh_recusals,
            competition=competition,
            by=request.user.person,
            now=timezone.now(),
        )
        if done is not None:
            messages.success(request, "已按任职经历和关联关系重新核对回避。")
            if find_marking_now(competition):
                messages.warning(
                    request,
                    "正在打分的单位没有新增回避：不应由哪位评委打分的，请在「裁定」中办理评委不计；"
                    "关闭打分以后，请再核对一次。",
                )
            return redirect("work_recusals", slug)
    units_as = arrange_entries(request, competition, label="单位排列")
    judges_as = arrange_judges(request)
    units, matrix, rows = find_matrix(competition, units_as, judges_as)
    entry_of = {entry.unit_id: entry for entry in units}
    ties = Involvement.objects.filter(
        person__judgeships__competition=competition, unit__in=[entry.unit_id for entry in units]
    )
    context = {
        **_frame(competition),
        "form": form,
        "units": units,
        "matrix": matrix,
        "recusals": rows,
        "involvements": units_as.sort(
            ties.select_related("person", "unit").order_by("id"),
            of=lambda tie: entry_of[tie.unit_id],
        ),
        "units_as": units_as,
        "judges_as": judges_as,
        "may_change": access.may_change(request.role, competition, rehearsed=True),
    }
    return TemplateResponse(request, "competitions/recusals.html", context)


def _choices(competition):
    """The judges and units that a form about recusals offers."""
    judges = Judge.objects.filter(competition=competition).select_related("person")
    entries = Entry.objects.filter(competition=competition, subject=Entry.Subject.UNIT)
    return {
        "judges": judges.in_seniority_order(),
        "entries": entries.active().with_subjects().in_official_order(),
    }


@enter(read=ORGANISER, write=ORGANISER)
def recusal_add(request, slug):
    """This function will recuse a judge from a unit for a reason to be given."""
    competition = access.get_competition_for(request.role, slug, change=request.method == "POST")
    posted = request.POST if request.method == "POST" else None
    form = RecusalForm(posted, **_choices(competition))
    if posted is not None and form.is_valid():
        data = form.cleaned_data
        saved = form.run(
            actions.record_recusal,
            competition=competition,
            judge=data["judge"],
            entry=data["entry"],
            reason=data["reason"],
            by=request.user.person,
            now=timezone.now(),
        )
        if saved:
            messages.success(request, f"已登记：{data['judge']}回避{data['entry']}。")
            return redirect("work_recusals", slug)
    context = {**_frame(competition, ("另行登记回避", None)), "form": form, "verb": "登记回避"}
    return TemplateResponse(request, "competitions/recusal_add.html", context)


@enter(read=ORGANISER, write=ORGANISER)
def involvement_add(request, slug):
    """This function will record that a judge held office in a unit, or is in charge of it."""
    competition = access.get_competition_for(request.role, slug, change=request.method == "POST")
    posted = request.POST if request.method == "POST" else None
    form = InvolvementForm(posted, **_choices(competition))
    if posted is not None and form.is_valid():
        data = form.cleaned_data
        saved = form.run(
            actions.record_involvement,
            competition=competition,
            person=data["judge"].person,
            unit=data["entry"].unit,
            kind=data["kind"],
            note=data["note"],
            by=request.user.person,
            now=timezone.now(),
        )
        if saved:
            messages.success(request, "已登记关联关系，回避随之更新。")
            return redirect("work_recusals", slug)
    context = {**_frame(competition, ("登记关联关系", None)), "form": form, "verb": "登记关系"}
    return TemplateResponse(request, "competitions/recusal_add.html", context)


@enter(write=ORGANISER)
def recusal_lift(request, slug, recusal_id):
    """This function will lift a recusal that was entered by hand."""
    competition = access.get_competition_for(request.role, slug, change=True)
    rows = Recusal.objects.filter(judge__competition=competition).select_related("judge", "entry")
    recusal = rows.filter(pk=recusal_id).first()
    if recusal is None:
        raise Http404("没有这项回避。")
    return _take_back(request, slug, actions.lift_recusal, competition=competition, recusal=recusal)


@enter(write=ORGANISER)
def involvement_remove(request, slug, involvement_id):
    """This function will take back an involvement that was recorded in error."""
    competition = access.get_competition_for(request.role, slug, change=True)
    rows = Involvement.objects.filter(
        unit__entries__competition=competition, person__judgeships__competition=competition
    )
    involvement = rows.filter(pk=involvement_id).first()
    if involvement is None:
        raise Http404("没有这条关联关系。")
    return _take_back(
        request,
        slug,
        actions.remove_involvement,
        competition=competition,
        involvement=involvement,
    )


def _take_back(request, slug, action, **kwargs):
    form = ActionForm(request.POST)
    if form.is_valid() and form.run(action, **kwargs, by=request.user.person, now=timezone.now()):
        messages.success(request, "已取消。")
    else:
        messages.error(request, " ".join(form.non_field_errors()) or "没有取消，请刷新页面后重试。")
    return redirect("work_recusals", slug)
