"""The competitions of the county, a new one, and the road map of one."""

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from competitions import access, actions
from competitions.divisions import catalogue
from competitions.divisions.entrants import proposed_entrants
from competitions.forms.competitions import (
    CompetitionForm,
    DivisionSearchForm,
    ProposedFormSet,
    proposed_initial,
)
from competitions.gates import enter
from competitions.models import Competition
from competitions.queries import work_frame
from competitions.roadmap import Known, find_todos
from competitions.roles import INSIDERS, RoleKind
from competitions.scheme.local import make_local
from competitions.scheme.shipped import read_shipped


@enter(read=INSIDERS)
def work_list(request):
    """This function will list the competitions of the role's county, latest first."""
    units = Count("entries", filter=Q(entries__subject="unit", entries__withdrawn=False))
    competitions = access.find_competitions(request.role).annotate(entrant_count=units)
    # A rehearsal that is over is found from the competition that it was of.
    over = Q(rehearsal_of__isnull=False, stage=Competition.Stage.CLOSED)
    competitions = competitions.exclude(over)
    context = {
        "breadcrumbs": [("比武", None)],
        "competitions": competitions,
        "may_create": request.role.kind is RoleKind.ORGANISER,
    }
    return TemplateResponse(request, "competitions/work_list.html", context)


@enter(read={RoleKind.ORGANISER}, write={RoleKind.ORGANISER})
def work_new(request):
    """This function will create a competition: first the county is found, then the rest filled."""
    within = request.role.host_code
    host_code = request.POST.get("host_code") or request.GET.get("host", "")
    own = catalogue.get(within)
    if not host_code and "q" not in request.GET and own is not None and own.level == "county":
        host_code = within
    county = catalogue.get(host_code) if host_code.startswith(within) else None
    context = {"breadcrumbs": [("比武", reverse("work_list")), ("新建比武", None)], "own": own}
    if county is None or county.level != "county":
        return TemplateResponse(
            request, "competitions/work_new_host.html", {**context, **_search(request, within)}
        )
    posted = request.POST if request.method == "POST" else None
    # Whoever tries the product on a demonstration makes one more of them.
    demo = settings.MODE == "demo"
    form = CompetitionForm(
        posted,
        within=within,
        host_code=host_code,
        demo=demo,
        initial={"host_code": host_code, "year": timezone.localdate().year},
    )
    entrants = ProposedFormSet(
        posted, initial=proposed_initial(proposed_entrants(host_code)), prefix="u"
    )
    if posted is not None and form.is_valid() and entrants.is_valid():
        made = form.run(
            actions.create_competition,
            host_code=host_code,
            host_name=county.name,
            year=form.cleaned_data["year"],
            title=form.cleaned_data["title"],
            **form.cleaned_data["previous"],
            scheme=make_local(
                read_shipped(form.cleaned_data["scheme"]),
                county.name,
                form.cleaned_data["year"],
            ),
            entrants=entrants.entrants,
            demo=demo,
            by=request.user.person,
            now=timezone.now(),
        )
        if made:
            messages.success(request, f"已新建「{made.title}」，请继续登记书记和评委。")
            return redirect("work_overview", made.slug)
    path = "·".join(catalogue.path(host_code))
    context |= {"form": form, "entrants": entrants, "county": county, "county_path": path}
    return TemplateResponse(request, "competitions/work_new.html", context)


def _search(request, within, level="county"):
    """The search form for a division below `within`, and what it finds."""
    form = DivisionSearchForm(request.GET if "q" in request.GET else None)
    query = form.cleaned_data["q"] if form.is_bound and form.is_valid() else ""
    found = catalogue.search(query, level=level, under=within, limit=20) if query else []
    return {
        "form": form,
        "query": query,
        "found": [(item, "·".join(catalogue.path(item.code))) for item in found],
    }


@enter(read={RoleKind.ORGANISER, RoleKind.ADMIN})
def division_results(request):
    """This function will return the counties found for a typed text, as a fragment of a page."""
    within = request.role.host_code if request.role.kind is RoleKind.ORGANISER else ""
    return TemplateResponse(request, "competitions/_divisions.html", _search(request, within))


@enter(read=INSIDERS)
def work_overview(request, slug):
    """This function will show the year as a road map, and everything that is still to be done."""
    competition = access.get_competition_for(request.role, slug)
    known = Known()
    frame = work_frame(competition, "overview", known=known)
    now = timezone.now()
    todos = find_todos(competition, frame["scheme"], now, known)
    context = {
        **frame,
        "todos": todos,
        "late": sum(1 for todo in todos if todo.kind == "late"),
        "second": sum(1 for todo in todos if todo.kind == "second_person"),
        "done": sum(1 for step in frame["steps"] if step.state == "done"),
        "reminders": "\n".join(todo.reminder for todo in todos if todo.reminder),
    }
    return TemplateResponse(request, "competitions/work_overview.html", context)
