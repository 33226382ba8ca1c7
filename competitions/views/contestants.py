"""People who compete for themselves: the list, one more, a sheet of them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from competitions import access, actions
from competitions.entrants import Contestant
from competitions.forms.contestants import NewContestantForm, PeopleSheetForm
from competitions.gates import enter
from competitions.kinds import ENTRIES_CHANGED
from competitions.orders import arrange_entries
from competitions.queries import work_frame
from competitions.queries.contestants import (
    COLUMNS,
    find_contestants,
    plan_contestants,
    read_rows,
)
from competitions.roles import INSIDERS, RoleKind
from competitions.sheets import XLSX_TYPE, write_xlsx
from competitions.tracks import keep_tracks, tracks_for, write_tracks
from competitions.views.sheet_import import SheetImport

ORGANISER = {RoleKind.ORGANISER}


def _frame(competition, *crumbs):
    here = ("参评个人", reverse("work_people", args=[competition.slug]) if crumbs else None)
    return work_frame(competition, "entrants", here, *crumbs)


@enter(read=INSIDERS)
def people(request, slug):
    """This function will list who competes for himself, in the chosen order."""
    competition = access.get_competition_for(request.role, slug)
    arrangement = arrange_entries(request, competition)
    page = _frame(competition)
    entries = arrangement.sort(find_contestants(competition))
    several = len(tracks_for(page["scheme"], "person")) > 1
    context = {
        **page,
        "rows": [
            (entry, write_tracks(entry.tracks, page["scheme"], "person")) for entry in entries
        ],
        "arrangement": arrangement,
        "active": sum(not entry.withdrawn for entry in entries),
        "grouped": any(entry.peer_group for entry in entries),
        "several": several,
        "asked": bool(tracks_for(page["scheme"], "person")),
        "may_change": access.may_change(request.role, competition),
    }
    return TemplateResponse(request, "competitions/people.html", context)


@enter(read=ORGANISER, write=ORGANISER)
def person_add(request, slug):
    """This function will enter one person."""
    competition = access.get_competition_for(request.role, slug, change=request.method == "POST")
    page = _frame(competition, ("逐人添加", None))
    form = NewContestantForm(
        request.POST if request.method == "POST" else None,
        host_code=competition.host_code,
        scheme=page["scheme"],
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        added = form.run(
            actions.add_contestants,
            competition=competition,
            contestants=[
                Contestant(
                    person=form.person,
                    unit=data["unit"],
                    peer_group=data["peer_group"],
                    factor=data["factor"],
                    tracks=keep_tracks(data.get("tracks", ()), page["scheme"], "person"),
                )
            ],
            by=request.user.person,
            now=timezone.now(),
        )
        if added is not None:
            messages.success(request, f"已添加「{form.person.name}」。")
            return redirect("work_people", slug)
    return TemplateResponse(request, "competitions/person_add.html", {**page, "form": form})


def _said(done):
    added, changed = done
    return f"已导入：新增 {added} 名，修改 {changed} 名。" if added or changed else ""


PEOPLE = SheetImport(
    name="people",
    sheet=PeopleSheetForm,
    read=read_rows,
    plan=plan_contestants,
    act=actions.import_contestants,
    say=_said,
    compared_with=ENTRIES_CHANGED,
    template="competitions/people_import.html",
    back="work_people",
)


@enter(read=ORGANISER, write=ORGANISER)
def people_import(request, slug):
    """This function will preview a sheet of people, and take it over once it is confirmed."""
    competition = access.get_competition_for(request.role, slug, change=request.method == "POST")
    return PEOPLE.answer(request, competition, _frame(competition, ("粘贴或上传", None)))


@enter(read=INSIDERS)
def people_template(request, slug):
    """This function will give the list of people as a spreadsheet, in the chosen order."""
    competition = access.get_competition_for(request.role, slug)
    scheme = _frame(competition)["scheme"]
    rows = [
        {
            "name": entry.person.name,
            "unit": entry.unit.name,
            "post": entry.person.post,
            "peer_group": entry.peer_group,
            "factor": entry.factor,
            "tracks": write_tracks(entry.tracks, scheme, "person"),
        }
        for entry in arrange_entries(request, competition).sort(find_contestants(competition))
    ]
    several = len(tracks_for(scheme, "person")) > 1
    columns = [column for column in COLUMNS if several or column.key != "tracks"]
    title, notice = f"{competition.title} 参评个人", competition.mark
    content = write_xlsx(columns, rows, title=title, notice=notice)
    response = HttpResponse(content, content_type=XLSX_TYPE)
    response["Content-Disposition"] = f'attachment; filename="people-{slug}.xlsx"'
    return response
