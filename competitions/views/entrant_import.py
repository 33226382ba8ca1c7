"""Entrants from a sheet: paste or upload, look at what would change, confirm."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from competitions import access, actions
from competitions.forms.entrants import ConfirmImportForm, SheetForm
from competitions.gates import enter
from competitions.kinds import ENTRIES_CHANGED
from competitions.orders import arrange_entries
from competitions.queries import current_scheme_version, scheme_of
from competitions.queries.entrant_import import columns_for, plan_import, read_rows
from competitions.queries.state import latest_revision
from competitions.roles import INSIDERS
from competitions.sheets import XLSX_TYPE, write_xlsx
from competitions.tracks import write_tracks
from competitions.views.entrants import ORGANISER, frame, units_of


@enter(read=ORGANISER, write=ORGANISER)
def entrants_import(request, slug):
    """This function will preview a sheet of entrants; the preview changes nothing."""
    competition = access.get_competition_for(request.role, slug, change=request.method == "POST")
    if "rows" in request.POST:
        return _confirm(request, competition)
    posted = request.method == "POST"
    form = SheetForm(request.POST if posted else None, request.FILES if posted else None)
    context = {**frame(competition, ("粘贴或上传", None)), "form": form}
    if posted and form.is_valid():
        rows, problems, notes = read_rows(form.table)
        context |= _preview(competition, rows, problems, notes)
    return TemplateResponse(request, "competitions/entrants_import.html", context)


def _preview(competition, rows, problems, notes):
    """What the import would do; with a form to confirm it, unless there are problems."""
    plan = plan_import(competition, rows, {problem["cell"] for problem in problems})
    problems = [*problems, *plan.problems]
    context = {"plan": plan, "problems": problems, "notes": notes, "previewed": True}
    if not problems and (plan.added or plan.changed):
        context["confirm"] = ConfirmImportForm(
            purpose=f"entrants:{competition.chain}",
            revision=latest_revision(competition, ENTRIES_CHANGED),
            initial={"rows": ConfirmImportForm.pack(f"entrants:{competition.chain}", rows)},
        )
    return context


def _confirm(request, competition):
    form = ConfirmImportForm(request.POST, purpose=f"entrants:{competition.chain}")
    context = {**frame(competition, ("粘贴或上传", None)), "form": SheetForm()}
    if form.is_valid():
        done = form.run(
            actions.import_entries,
            competition=competition,
            rows=form.cleaned_data["rows"],
            revision=form.cleaned_data["revision"],
            by=request.user.person,
            now=timezone.now(),
        )
        if done is not None:
            added, changed = done
            text = f"已导入：新增 {added} 个单位，修改 {changed} 个单位。"
            messages.success(request, text if added or changed else "这次导入已经保存过。")
            return redirect("work_entrants", competition.slug)
        # Somebody changed the list meanwhile: the same rows are compared with the list as it is.
        context |= _preview(competition, form.cleaned_data["rows"], [], [])
    context["refused"] = form
    return TemplateResponse(request, "competitions/entrants_import.html", context)


@enter(read=INSIDERS)
def entrants_template(request, slug):
    """This function will give the list of entrants as a spreadsheet, in the chosen order."""
    competition = access.get_competition_for(request.role, slug)
    version = current_scheme_version(competition)
    scheme = scheme_of(version) if version else None
    rows = [
        {
            "name": entry.unit.name,
            "aliases": "、".join(entry.unit.aliases),
            "kind": entry.unit.get_kind_display(),
            "peer_group": entry.peer_group,
            "factor": entry.factor,
            "of": entry.of.unit.name if entry.of else None,
            "tracks": write_tracks(entry.tracks, scheme, "unit"),
            "people": entry.people,
            "order": entry.official_order,
        }
        for entry in arrange_entries(request, competition).sort(units_of(competition))
    ]
    notice = "演示数据，非真实结果" if competition.demo else ""
    content = write_xlsx(
        columns_for(scheme), rows, title=f"{competition.title} 参评单位", notice=notice
    )
    response = HttpResponse(content, content_type=XLSX_TYPE)
    response["Content-Disposition"] = f'attachment; filename="entrants-{slug}.xlsx"'
    return response
